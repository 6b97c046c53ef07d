"""The credit of an account pays its oldest open bills at once, wherever it comes from (rules 6.9).

What was paid, and what a bill has been given too much, is allocated as it is. A credit on a bill that is not made yet is
taken off that bill by a TRANSFER event, and a second one pays the open bill with it: together they are zero.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, func, insert, select, update

from tenure.accounts.models import BillUnit
from tenure.billing.bills.actions import AS_IT_IS, enter, post
from tenure.billing.bills.models import Allocation, Bill, BillItem, BillItemKind
from tenure.billing.bills.queries import entries_of
from tenure.billing.bills.rules import Charge, Credit, Entry, Share, shares
from tenure.billing.credits.queries import (
    billed_credits,
    currencies_of,
    items_to_pass,
    newest_bills,
    open_bills,
    unbilled_credits,
)
from tenure.billing.credits.rules import (
    OpenBill,
    Used,
    kept,
    kept_words,
    used_for_items,
    used_words,
)
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.kernel.money import Millionths
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit

DAY = timedelta(days=1)


async def spread_credit(
    unit: Unit, account_ids: Collection[int], *, given: Mapping[int, Credit] | None = None
) -> bool:
    """What these accounts have as credit goes to their oldest open bills. True where it paid something.

    `given` is a credit of an account that was adjusted just now: it counts as a payment, whatever else is unbilled.
    The accounts are locked by the caller.
    """
    bills = await open_bills(unit, account_ids) if account_ids else {}
    if not bills:
        return False
    billed, unbilled = await billed_credits(unit, bills), await unbilled_credits(unit, bills)
    used: dict[int, list[Share]] = {}
    for account_id, theirs in bills.items():
        credits = [
            *billed[account_id],
            *_with_given(unbilled[account_id], (given or {}).get(account_id)),
        ]
        if some := list(shares(credits, {bill.id: bill.open_amount for bill in theirs})):
            used[account_id] = some
    if not used:
        return False
    by_id = {bill.id: bill for theirs in bills.values() for bill in theirs}
    await _allocate(
        unit,
        [share for some in used.values() for share in some if not share.credit.is_unbilled],
        by_id,
    )
    await _use_unbilled(unit, used, by_id)
    return True


async def move_balances(unit: Unit, changes: Mapping[int, Decimal]) -> None:
    """Add these amounts to the balances of bill units."""
    columns = {"id": BillUnit.id.type, "amount": Millionths()}
    rows = [
        {"id": unit_id, "amount": amount} for unit_id, amount in sorted(changes.items()) if amount
    ]
    if rows:
        moved = rows_as_table(unit.session, "moved", columns, rows)
        statement = update(BillUnit).where(BillUnit.id == moved.c.id)
        moving = statement.values(balance=BillUnit.balance + moved.c.amount)
        await unit.session.execute(moving, execution_options=AS_IT_IS)


async def used_elsewhere(unit: Unit, used: Sequence[tuple[Credit, Decimal]]) -> list[Entry]:
    """What the statements of a bill unit have to say where its credit was used for a bill of another one."""
    newest = await newest_bills(
        unit, {credit.bill_unit_id for credit, _ in used if credit.from_bill_id is None}
    )
    entries: list[Entry] = []
    for credit, amount in used:
        if credit.from_bill_id is not None:
            entries.append(Entry(credit.from_bill_id, paid=amount))
        elif credit.bill_unit_id in newest:
            entries.append(Entry(newest[credit.bill_unit_id], credit=amount))
    return entries


async def use_before_passing(unit: Unit, items: Select[int], on: date) -> None:
    """Nonpaying accounts use their own credit for their charges; only what is left of them passes (rules 5.3).

    What was paid is allocated to the payer's bill, which is not made yet. What was credited by hand beyond the charges
    goes on to the next bill. The accounts are locked by the caller.
    """
    passing = await items_to_pass(unit, items)
    if not passing:
        return
    charged = {item.account_id for item in passing if item.amount > 0}
    used = list(used_for_items(passing, await billed_credits(unit, charged))) if charged else []
    if used:
        await _use_for_items(unit, used)
    charges: list[Charge] = []
    for it in kept(passing):
        words = kept_words(it.amount, it.currency)
        taken = withdrawn(unit, it.account_id, it.bill_unit_id, it.amount, it.currency, words)
        charges += [replace(taken, day=on - DAY), replace(taken, day=on, amount=-it.amount)]
    await post(unit, charges)


async def _use_for_items(unit: Unit, used: Sequence[Used]) -> None:
    """The bill of the payer is paid by so much, and so much less of the items passes to it."""
    await unit.session.execute(
        insert(Allocation),
        [
            {
                "bill_id": it.item.bill_id,
                "event_id": it.credit.event_id,
                "from_bill_id": it.credit.from_bill_id,
            }
            | {"amount": it.amount}
            for it in used
        ],
    )
    changes: dict[int, Decimal] = defaultdict(Decimal)
    transferred: dict[int, Decimal] = defaultdict(Decimal)
    for it in used:
        changes[it.credit.bill_unit_id] += it.amount
        changes[it.item.bill_unit_id] -= it.amount
        transferred[it.item.id] += it.amount
    await move_balances(unit, changes)
    columns = {"id": BillItem.id.type, "amount": Millionths()}
    rows = [{"id": item_id, "amount": amount} for item_id, amount in transferred.items()]
    less = rows_as_table(unit.session, "less", columns, rows)
    passing = (
        update(BillItem)
        .where(BillItem.id == less.c.id)
        .values(transferred=BillItem.transferred + less.c.amount)
    )
    await unit.session.execute(passing, execution_options=AS_IT_IS)
    told = await used_elsewhere(unit, [(it.credit, it.amount) for it in used])
    await enter(unit, [*told, *(Entry(it.item.bill_id, paid=-it.amount) for it in used)])


def _with_given(credits: Iterable[Credit], given: Credit | None) -> list[Credit]:
    """The unbilled credits of an account, of which one was given just now: it may be more than what is left of it."""
    if given is None:
        return [*credits]
    rest = [credit for credit in credits if credit.bill_unit_id != given.bill_unit_id]
    same = sum(
        (credit.amount for credit in credits if credit.bill_unit_id == given.bill_unit_id),
        Decimal(0),
    )
    return [Credit(max(same, given.amount), given.bill_unit_id), *rest]


async def _allocate(unit: Unit, given: Sequence[Share], bills: Mapping[int, OpenBill]) -> None:
    """Within a bill unit no statement changes: the balance that a bill starts from has the credit already."""
    if not given:
        return
    await unit.session.execute(
        insert(Allocation),
        [
            {
                "bill_id": it.bill_id,
                "event_id": it.credit.event_id,
                "from_bill_id": it.credit.from_bill_id,
            }
            | {"amount": it.amount}
            for it in given
        ],
    )
    own = [it for it in given if it.credit.bill_unit_id == bills[it.bill_id].bill_unit_id]
    others = [it for it in given if it.credit.bill_unit_id != bills[it.bill_id].bill_unit_id]
    quiet = [Entry(it.bill_id, paid=-it.amount) for it in own]
    quiet += [
        Entry(it.credit.from_bill_id, paid=it.amount)
        for it in own
        if it.credit.from_bill_id is not None
    ]
    await _pay_quietly(unit, quiet)
    if others:
        changes: dict[int, Decimal] = defaultdict(Decimal)
        for it in others:
            changes[it.credit.bill_unit_id] += it.amount
            changes[bills[it.bill_id].bill_unit_id] -= it.amount
        await move_balances(unit, changes)
        told = await used_elsewhere(unit, [(it.credit, it.amount) for it in others])
        await enter(unit, [*told, *(Entry(it.bill_id, paid=-it.amount) for it in others)])


async def _pay_quietly(unit: Unit, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    entry = entries_of(unit, entries)
    sums = (
        select(entry.c.bill_id, func.sum(entry.c.paid).label("paid"))
        .group_by(entry.c.bill_id)
        .subquery("sums")
    )
    paying = update(Bill).where(Bill.id == sums.c.bill_id).values(paid=Bill.paid + sums.c.paid)
    await unit.session.execute(paying, execution_options=AS_IT_IS)


async def _use_unbilled(
    unit: Unit, used: Mapping[int, Sequence[Share]], bills: Mapping[int, OpenBill]
) -> None:
    """Two TRANSFER events for each bill unit and bill: off the bill that is not made yet, onto the open one."""
    amounts: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for account_id, some in used.items():
        for share in some:
            if share.credit.is_unbilled:
                amounts[account_id, share.credit.bill_unit_id, share.bill_id] += share.amount
    if not amounts:
        return
    currencies = await currencies_of(unit, {account_id for account_id, _, _ in amounts})
    charges, rows = [], []
    for (account_id, bill_unit_id, bill_id), amount in amounts.items():
        currency = currencies[account_id]
        words = used_words(amount, currency, bills[bill_id].number)
        charges.append(withdrawn(unit, account_id, bill_unit_id, amount, currency, words))
        rows.append(
            {
                "account_id": account_id,
                "description": words,
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
    await unit.session.execute(
        insert(Allocation),
        [
            {"bill_id": bill_id, "event_id": event_id, "amount": amount}
            for bill_id, event_id, amount in paid
        ],
    )
    changes: dict[int, Decimal] = defaultdict(Decimal)
    for bill_id, _, amount in paid:
        changes[bills[bill_id].bill_unit_id] -= amount
    await move_balances(unit, changes)
    await enter(unit, [Entry(bill_id, paid=-amount) for bill_id, _, amount in paid])


def withdrawn(
    unit: Unit, account_id: int, bill_unit_id: int, amount: Decimal, currency: str, words: str
) -> Charge:
    """A credit that is used is charged to the bill that it was on."""
    return Charge(
        account_id=account_id,
        bill_unit_id=bill_unit_id,
        kind=EventKind.TRANSFER,
        amount=amount,
        currency=currency,
        description=words,
        occurred_at=unit.now,
        day=unit.business.today,
        item=BillItemKind.ADJUSTMENT,
    )
