"""Payment methods: adding one, choosing the default, and changing the expiration date of a card."""

from tenure.accounts.queries import locked_account
from tenure.events.actions import record
from tenure.events.models import EventKind
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.queries import default_method, locked_payment_method
from tenure.payments.rules import (
    Expiration,
    check_no_card_fields,
    checked_brand,
    checked_expiration,
    checked_last_four,
    checked_token,
    label,
)


async def add_payment_method(
    unit: Unit,
    account_id: int,
    *,
    kind: PaymentMethodKind,
    token: str | None = None,
    brand: str | None = None,
    last_four: str | None = None,
    expiration_month: int | None = None,
    expiration_year: int | None = None,
    make_default: bool = True,
) -> PaymentMethod:
    """Add a payment method; the first one is the default. Raises NOT_FOUND, REQUIRED, INVALID,
    OUT_OF_RANGE.

    An account that is not active may add one too: a new card is how it pays its debt.
    """
    unit.require(Role.AGENT)
    account = await locked_account(unit, account_id)
    method = PaymentMethod(
        account_id=account.id,
        kind=kind,
        token=checked_token(token, kind),
        brand=checked_brand(brand),
        is_default=False,
        created_at=unit.now,
    )
    if kind is PaymentMethodKind.CREDIT_CARD:
        method.last_four = checked_last_four(last_four)
        _set_expiration(method, checked_expiration(expiration_month, expiration_year, unit.today))
    else:
        parts = {"expiration_month": expiration_month, "expiration_year": expiration_year}
        check_no_card_fields({"brand": brand, "last_four": last_four, **parts})
    unit.session.add(method)
    await unit.session.flush()
    await record(
        unit,
        EventKind.ACCOUNT_CHANGE,
        account.id,
        f"Added payment method {label(method)}",
        details=_event_details(method),
    )
    if make_default or await default_method(unit, account.id) is None:
        await _make_default(unit, method)
    return method


async def update_card_expiration(
    unit: Unit, payment_method_id: int, *, expiration_month: int, expiration_year: int
) -> PaymentMethod:
    """Change the expiration date of a card (rules 7.1).

    Raises NOT_FOUND, NOT_ALLOWED, OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    method = await locked_payment_method(unit, payment_method_id)
    if method.kind is not PaymentMethodKind.CREDIT_CARD:
        message = f"{label(method)} has no expiration date. Add a new payment method instead."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("payment_method_id",))
    expiration = checked_expiration(expiration_month, expiration_year, unit.today)
    if (method.expiration_month, method.expiration_year) == (expiration.month, expiration.year):
        return method
    _set_expiration(method, expiration)
    await unit.session.flush()
    message = f"Expiration of {label(method)} changed to {expiration}"
    await record(
        unit, EventKind.ACCOUNT_CHANGE, method.account_id, message, details=_event_details(method)
    )
    return method


async def set_default(unit: Unit, payment_method_id: int) -> PaymentMethod:
    """Make this the payment method of all further bills. Raises NOT_FOUND."""
    unit.require(Role.AGENT)
    method = await locked_payment_method(unit, payment_method_id)
    if not method.is_default:
        await _make_default(unit, method)
    return method


async def _make_default(unit: Unit, method: PaymentMethod) -> None:
    """Make it the default.

    Its account is locked: no other method becomes the default at the same time.
    """
    former = await default_method(unit, method.account_id)
    if former is not None:
        former.is_default = False
        await unit.session.flush()
    method.is_default = True
    await unit.session.flush()
    message = f"Default payment method changed to {label(method)}"
    details = _event_details(method) | {"before": former and former.id}
    await record(unit, EventKind.ACCOUNT_CHANGE, method.account_id, message, details=details)


def _set_expiration(method: PaymentMethod, expiration: Expiration) -> None:
    method.expiration_month = expiration.month
    method.expiration_year = expiration.year


def _event_details(method: PaymentMethod) -> dict[str, object]:
    """The details of an event about the method; never the token."""
    return {"paymentMethod": method.id, "kind": method.kind, "lastFour": method.last_four}
