"""Adds payment methods, chooses the default, and changes the expiration date of a card."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import update

from tenure.accounts.actions import add_search_terms
from tenure.accounts.queries import locked_accounts
from tenure.accounts.rules import card_term
from tenure.events.actions import record, record_all
from tenure.events.models import EventKind, EventOperation
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.outcomes import accepted, only_result, outcome_of, with_results
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.queries import default_methods, locked_payment_method
from tenure.payments.rules import (
    NewPaymentMethod,
    checked_expiration,
    checked_payment_method,
    label,
    method_details,
)


@dataclass(frozen=True, slots=True)
class AddedPaymentMethod:
    """The id of an added payment method."""

    id: int


async def add_payment_method(unit: Unit, new: NewPaymentMethod) -> AddedPaymentMethod:
    """Add one payment method. Raises the errors that `add_payment_methods` returns."""
    return only_result(await add_payment_methods(unit, [new]))


async def add_payment_methods(
    unit: Unit, methods: Sequence[NewPaymentMethod]
) -> list[AddedPaymentMethod | TenureError]:
    """Add payment methods; the first one of an account is its default.

    An account that is not active may add one too: a new card is how it pays its debt. Returns per
    method the result, or NOT_FOUND, REQUIRED, INVALID or OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    accounts = await locked_accounts(unit, {new.account_id for new in methods})
    outcomes = [
        outcome_of(checked_payment_method, new, unit.today)
        if new.account_id in accounts
        else NotFoundError("account", ("account_id",))
        for new in methods
    ]
    return with_results(outcomes, await insert_payment_methods(unit, accepted(outcomes)))


async def insert_payment_methods(
    unit: Unit, methods: Sequence[NewPaymentMethod]
) -> list[AddedPaymentMethod]:
    """Write checked payment methods. Imported ones have no event: the account's event has it all.

    The accounts are locked: no other method becomes the default at the same time.
    """
    cards: dict[int, set[str]] = {}
    for new in methods:
        if new.last_four is not None:
            cards.setdefault(new.account_id, set()).add(card_term(new.last_four))
    await add_search_terms(unit, cards)
    imported = [_method_row(unit, new) for new in methods if new.imported]
    if imported:
        await unit.session.execute(insert_rows(PaymentMethod), imported)
    added = [new for new in methods if not new.imported]
    if not added:
        return []
    statement = insert_rows(PaymentMethod).returning(PaymentMethod.id, sort_by_parameter_order=True)
    rows = [_method_row(unit, new) for new in added]
    ids = (await unit.session.execute(statement, rows)).scalars().all()
    by_id = list(zip(ids, added, strict=True))
    additions = [_addition(method_id, new) for method_id, new in by_id]
    await record_all(unit, EventKind.ACCOUNT_CHANGE, additions)
    await _make_defaults(unit, by_id)
    return [AddedPaymentMethod(method_id) for method_id in ids]


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
    method.expiration_month = expiration.month
    method.expiration_year = expiration.year
    await unit.session.flush()
    message = f"Expiration of {label(method)} changed to {expiration}"
    details = {
        **_event_details(EventOperation.CARD_EXPIRATION_CHANGED, method.id, method),
        "expirationMonth": expiration.month,
        "expirationYear": expiration.year,
    }
    await record(unit, EventKind.ACCOUNT_CHANGE, method.account_id, message, details=details)
    return method


async def set_default(unit: Unit, payment_method_id: int) -> PaymentMethod:
    """Make this the payment method of all further bills. Raises NOT_FOUND."""
    unit.require(Role.AGENT)
    method = await locked_payment_method(unit, payment_method_id)
    if not method.is_default:
        former = await default_methods(unit, [method.account_id])
        await _store_defaults(unit, former.values(), [method.id])
        change = _default_change(method.id, method, former.get(method.account_id))
        await record_all(unit, EventKind.ACCOUNT_CHANGE, [change])
    return method


async def _make_defaults(unit: Unit, added: Sequence[tuple[int, NewPaymentMethod]]) -> None:
    """Make those of the added methods the default that ask for it, or have no other beside them."""
    before = await default_methods(unit, {new.account_id for _, new in added})
    current = dict(before)
    changes = []
    for method_id, new in added:
        former = current.get(new.account_id)
        if new.make_default or former is None:
            current[new.account_id] = method_id
            changes.append(_default_change(method_id, new, former))
    changed = {account_id: it for account_id, it in current.items() if before.get(account_id) != it}
    ended = [before[account_id] for account_id in changed if account_id in before]
    await _store_defaults(unit, ended, changed.values())
    await record_all(unit, EventKind.ACCOUNT_CHANGE, changes)


async def _store_defaults(unit: Unit, ended: Collection[int], begun: Collection[int]) -> None:
    for is_default, method_ids in ((False, ended), (True, begun)):
        if method_ids:
            statement = update(PaymentMethod).where(in_ids(PaymentMethod.id, method_ids))
            await unit.session.execute(statement.values(is_default=is_default))


def _method_row(unit: Unit, new: NewPaymentMethod) -> dict[str, object]:
    return {
        "account_id": new.account_id,
        "kind": new.kind,
        "token": new.token,
        "brand": new.brand,
        "last_four": new.last_four,
        "expiration_month": new.expiration_month,
        "expiration_year": new.expiration_year,
        "is_default": new.imported,
        "created_at": unit.now,
    }


def _addition(method_id: int, new: NewPaymentMethod) -> dict[str, object]:
    return {
        "account_id": new.account_id,
        "description": f"Added payment method {label(new)}",
        "details": _event_details(EventOperation.PAYMENT_METHOD_ADDED, method_id, new),
    }


def _default_change(
    method_id: int, method: PaymentMethod | NewPaymentMethod, former_id: int | None
) -> dict[str, object]:
    operation = EventOperation.DEFAULT_PAYMENT_METHOD_CHANGED
    return {
        "account_id": method.account_id,
        "description": f"Default payment method changed to {label(method)}",
        "details": _event_details(operation, method_id, method) | {"before": former_id},
    }


def _event_details(
    operation: EventOperation, method_id: int, method: PaymentMethod | NewPaymentMethod
) -> dict[str, object]:
    return {"operation": operation, "paymentMethod": method_id, **method_details(method)}
