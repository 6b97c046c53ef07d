"""How a customer pays: adding payment methods, choosing the default one, and the one thing about a card that changes."""

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
    check_has_nothing_of_a_card,
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
    """A further way to pay; the first one is the default. Raises NOT_FOUND, REQUIRED, INVALID, OUT_OF_RANGE.

    An account that is not active may have one added too: a new card is how it gets out of debt.
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
        _expires(method, checked_expiration(expiration_month, expiration_year, unit.business.today))
    else:
        parts = {"expiration_month": expiration_month, "expiration_year": expiration_year}
        check_has_nothing_of_a_card({"brand": brand, "last_four": last_four, **parts})
    unit.session.add(method)
    await unit.session.flush()
    await record(
        unit,
        EventKind.ACCOUNT_CHANGE,
        account.id,
        f"Added payment method {label(method)}",
        details=_told(method),
    )
    if make_default or await default_method(unit, account.id) is None:
        await _let_it_be_default(unit, method)
    return method


async def update_card_expiration(
    unit: Unit, payment_method_id: int, *, expiration_month: int, expiration_year: int
) -> PaymentMethod:
    """A card goes on with a new expiration (rules 7.1). Raises NOT_FOUND, NOT_ALLOWED, OUT_OF_RANGE."""
    unit.require(Role.AGENT)
    method = await locked_payment_method(unit, payment_method_id)
    if method.kind is not PaymentMethodKind.CREDIT_CARD:
        words = f"{label(method)} does not expire: only a card's expiration can be changed. Add a new payment method."
        raise TenureError(ErrorCode.NOT_ALLOWED, words, ("payment_method_id",))
    expiration = checked_expiration(expiration_month, expiration_year, unit.business.today)
    if (method.expiration_month, method.expiration_year) == (expiration.month, expiration.year):
        return method
    _expires(method, expiration)
    await unit.session.flush()
    words = f"{label(method)} expires {expiration} now"
    await record(unit, EventKind.ACCOUNT_CHANGE, method.account_id, words, details=_told(method))
    return method


async def set_default(unit: Unit, payment_method_id: int) -> PaymentMethod:
    """Let bills be paid by this one from now on. Raises NOT_FOUND."""
    unit.require(Role.AGENT)
    method = await locked_payment_method(unit, payment_method_id)
    if not method.is_default:
        await _let_it_be_default(unit, method)
    return method


async def _let_it_be_default(unit: Unit, method: PaymentMethod) -> None:
    """Its account is locked: no other one becomes the default at the same time."""
    former = await default_method(unit, method.account_id)
    if former is not None:
        former.is_default = False
        await unit.session.flush()
    method.is_default = True
    await unit.session.flush()
    words = f"{label(method)} is the default payment method now"
    details = _told(method) | {"before": former and former.id}
    await record(unit, EventKind.ACCOUNT_CHANGE, method.account_id, words, details=details)


def _expires(method: PaymentMethod, expiration: Expiration) -> None:
    method.expiration_month, method.expiration_year = expiration.month, expiration.year


def _told(method: PaymentMethod) -> dict[str, object]:
    """What an event says of it; never the token."""
    return {"paymentMethod": method.id, "kind": method.kind, "lastFour": method.last_four}
