"""Credit of an account pays its oldest open bills at once, whatever its source (rules 6.9).

Payments and overpaid bills are allocated directly. A credit on a pending bill is taken off that
bill by a TRANSFER event, and a second TRANSFER event pays the open bill: together they are zero.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Dialect, Executable, String, bindparam, func, insert, select, update

from tenure.accounts.models import BillUnit
from tenure.billing.bills.actions import apply_bill_changes, post
from tenure.billing.bills.models import Allocation, Bill, BillItemKind
from tenure.billing.bills.queries import bill_changes_as_table, bill_changes_parameter
from tenure.billing.bills.rules import BillChange, Charge, Credit, CreditShare, credit_shares
from tenure.billing.credits.queries import (
    account_currencies,
    billed_credits,
    newest_bills,
    open_bills,
    unbilled_credits,
)
from tenure.billing.credits.rules import OpenBill, used_credit_text
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.kernel.money import Millionths
from tenure.kernel.row_tables import insert_of_rows, parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

ALLOCATIONS = bindparam("param_allocations", type_=String)
ALLOCATION_COLUMNS = ("bill_id", "event_id", "from_bill_id", "amount")
MOVED = bindparam("param_moved", type_=String)


async def allocate_credit(
    unit: Unit, account_ids: Collection[int], *, new_credits: Mapping[int, Credit] | None = None
) -> bool:
    """Allocate the credit of these accounts to their oldest open bills. True where something was
    paid.

    `new_credits` are adjustments made in this unit: they count as payments, whatever else is
    unbilled. The caller has locked the accounts.
    """
    bills = await open_bills(unit, account_ids) if account_ids else {}
    if not bills:
        return False
    billed = await billed_credits(unit, bills)
    unbilled = await unbilled_credits(unit, bills)
    used: dict[int, list[CreditShare]] = {}
    for account_id, statement in bills.items():
        credits = [
            *billed[account_id],
            *_with_new_credit(unbilled[account_id], (new_credits or {}).get(account_id)),
        ]
        if some := list(credit_shares(credits, {bill.id: bill.open_amount for bill in statement})):
            used[account_id] = some
    if not used:
        return False
    by_id = {bill.id: bill for statement in bills.values() for bill in statement}
    await _allocate(
        unit,
        [share for some in used.values() for share in some if not share.credit.is_unbilled],
        by_id,
    )
    await _use_unbilled(unit, used, by_id)
    return True


async def add_to_balances(unit: Unit, changes: Mapping[int, Decimal]) -> None:
    """Add these amounts to the balances of bill units."""
    rows = [
        {"id": unit_id, "amount": amount} for unit_id, amount in sorted(changes.items()) if amount
    ]
    if rows:
        dialect = unit.session.get_bind().dialect
        parameters = {MOVED.key: rows_parameter(dialect, rows)}
        await execute(unit.connection, _move_balances(dialect), parameters)


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _move_balances(dialect: Dialect) -> Executable:
    columns = {"id": BillUnit.id.type, "amount": Millionths()}
    moved = parameter_as_table(dialect, "moved", columns, MOVED)
    statement = update(BillUnit).where(BillUnit.id == moved.c.id)
    return statement.values(balance=BillUnit.balance + moved.c.amount)


async def other_statement_changes(
    unit: Unit, used: Sequence[tuple[Credit, Decimal]]
) -> list[BillChange]:
    """The changes to the statements of a bill unit whose credit paid a bill of another one."""
    newest = await newest_bills(
        unit, {credit.bill_unit_id for credit, _ in used if credit.from_bill_id is None}
    )
    entries: list[BillChange] = []
    for credit, amount in used:
        if credit.from_bill_id is not None:
            entries.append(BillChange(credit.from_bill_id, paid=amount))
        elif credit.bill_unit_id in newest:
            entries.append(BillChange(newest[credit.bill_unit_id], credit=amount))
    return entries


def _with_new_credit(credits: Iterable[Credit], new_credits: Credit | None) -> list[Credit]:
    """The unbilled credits of an account with the one just granted.

    The granted amount may exceed what the pending bill shows as credit.
    """
    if new_credits is None:
        return [*credits]
    rest = [credit for credit in credits if credit.bill_unit_id != new_credits.bill_unit_id]
    same = sum(
        (credit.amount for credit in credits if credit.bill_unit_id == new_credits.bill_unit_id),
        Decimal(0),
    )
    return [Credit(max(same, new_credits.amount), new_credits.bill_unit_id), *rest]


async def _allocate(
    unit: Unit, new_credits: Sequence[CreditShare], bills: Mapping[int, OpenBill]
) -> None:
    """Allocate credits to bills.

    Within a bill unit no statement changes: the credit is in the previous balance of the bill
    already.
    """
    if not new_credits:
        return
    await _insert_allocations(
        unit,
        [
            {
                "bill_id": it.bill_id,
                "event_id": it.credit.event_id,
                "from_bill_id": it.credit.from_bill_id,
                "amount": it.amount,
            }
            for it in new_credits
        ],
    )
    own = [it for it in new_credits if it.credit.bill_unit_id == bills[it.bill_id].bill_unit_id]
    others = [it for it in new_credits if it.credit.bill_unit_id != bills[it.bill_id].bill_unit_id]
    quiet = [BillChange(it.bill_id, paid=-it.amount) for it in own]
    quiet += [
        BillChange(it.credit.from_bill_id, paid=it.amount)
        for it in own
        if it.credit.from_bill_id is not None
    ]
    await _reduce_open_amounts(unit, quiet)
    if others:
        changes: dict[int, Decimal] = defaultdict(Decimal)
        for it in others:
            changes[it.credit.bill_unit_id] += it.amount
            changes[bills[it.bill_id].bill_unit_id] -= it.amount
        await add_to_balances(unit, changes)
        statements = await other_statement_changes(unit, [(it.credit, it.amount) for it in others])
        await apply_bill_changes(
            unit, [*statements, *(BillChange(it.bill_id, paid=-it.amount) for it in others)]
        )


async def _insert_allocations(unit: Unit, rows: Sequence[Mapping[str, object]]) -> None:
    dialect = unit.connection.dialect
    parameters = {ALLOCATIONS.key: rows_parameter(dialect, rows)}
    await execute(unit.connection, _new_allocations(dialect), parameters)


@lru_cache(maxsize=8)
def _new_allocations(dialect: Dialect) -> Executable:
    return insert_of_rows(dialect, insert(Allocation), ALLOCATION_COLUMNS, ALLOCATIONS)


async def _reduce_open_amounts(unit: Unit, entries: Sequence[BillChange]) -> None:
    if not entries:
        return
    dialect = unit.session.get_bind().dialect
    parameters = bill_changes_parameter(dialect, entries)
    await execute(unit.connection, _pay_bills(dialect), parameters)


@lru_cache(maxsize=8)
def _pay_bills(dialect: Dialect) -> Executable:
    entry = bill_changes_as_table(dialect)
    sums = (
        select(entry.c.bill_id, func.sum(entry.c.paid).label("paid"))
        .group_by(entry.c.bill_id)
        .subquery("sums")
    )
    return update(Bill).where(Bill.id == sums.c.bill_id).values(paid=Bill.paid + sums.c.paid)


async def _use_unbilled(
    unit: Unit, used: Mapping[int, Sequence[CreditShare]], bills: Mapping[int, OpenBill]
) -> None:
    """Record two TRANSFER events per bill unit and bill: one off the pending bill, one onto the
    open.
    """
    amounts: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for account_id, some in used.items():
        for share in some:
            if share.credit.is_unbilled:
                amounts[account_id, share.credit.bill_unit_id, share.bill_id] += share.amount
    if not amounts:
        return
    currencies = await account_currencies(unit, {account_id for account_id, _, _ in amounts})
    charges = []
    rows = []
    for (account_id, bill_unit_id, bill_id), amount in amounts.items():
        currency = currencies[account_id]
        description = used_credit_text(amount, currency, bills[bill_id].number)
        charges.append(
            credit_withdrawal(
                unit, account_id, bill_unit_id, amount, currency=currency, description=description
            )
        )
        rows.append(
            {
                "account_id": account_id,
                "description": description,
                "amount": -amount,
                "currency": currency,
            }
        )
    taken = await post(unit, charges)
    rows = [row | {"followed_id": event_id} for row, event_id in zip(rows, taken, strict=True)]
    paying = await record_all(unit, EventKind.TRANSFER, rows)
    paid = [
        (bill_id, event_id, amount)
        for ((_, _, bill_id), amount), event_id in zip(amounts.items(), paying, strict=True)
    ]
    await _insert_allocations(
        unit,
        [
            {"bill_id": bill_id, "event_id": event_id, "amount": amount}
            for bill_id, event_id, amount in paid
        ],
    )
    changes: dict[int, Decimal] = defaultdict(Decimal)
    for bill_id, _, amount in paid:
        changes[bills[bill_id].bill_unit_id] -= amount
    await add_to_balances(unit, changes)
    await apply_bill_changes(
        unit, [BillChange(bill_id, paid=-amount) for bill_id, _, amount in paid]
    )


def credit_withdrawal(
    unit: Unit,
    account_id: int,
    bill_unit_id: int,
    amount: Decimal,
    *,
    currency: str,
    description: str,
) -> Charge:
    """The charge that takes a used credit off the pending bill that holds it."""
    return Charge(
        account_id=account_id,
        bill_unit_id=bill_unit_id,
        kind=EventKind.TRANSFER,
        amount=amount,
        currency=currency,
        description=description,
        occurred_at=unit.now,
        day=unit.today,
        item=BillItemKind.ADJUSTMENT,
    )
