"""The steps of the bill day in their order, each for a number of bill units at a time (rules 6.5).

What is left to do is in the data: up to when a bill unit has been charged, and when its cycle ends. A step that was cut
off is therefore taken up where it was, and done again it finds nothing.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    Insert,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_leave,  # SQLite says it in the same words.
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import BillUnit
from tenure.accounts.rules import next_bill_on, previous_bill_on
from tenure.batch.bill_day.queries import (
    BillUnits,
    both_sides,
    carried,
    carries_over,
    held_before,
    items_left_behind,
    items_of_paid,
    nonpaying,
    offers_that_began,
    passing,
    paying,
    uncharged,
    with_starts,
)
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.actions import AS_IT_IS
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.charges.actions import charge_purchases
from tenure.billing.credits.actions import spread_credit, use_before_passing
from tenure.billing.credits.queries import accounts_with_credit
from tenure.billing.cycle_fees.actions import charge_cycles
from tenure.events.models import Event, EventKind
from tenure.kernel.db import Instant
from tenure.kernel.dialects import in_ids, json_object, new_event_id
from tenure.kernel.unit import Unit
from tenure.receivables.receipts.actions import release

BILLING_DAYS = range(1, 32)


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the bill day: which bill units are due for it on a day, and what is done for some of them.

    What makes bills answers with their ids.
    """

    name: str
    due: Callable[[BusinessDate], BillUnits]
    run_in_unit: Callable[[Unit, Collection[int], BusinessDate], Awaitable[Sequence[int] | None]]


async def charge(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """Charge the monthly fees of the cycle that begins on this day (rules 6.2)."""
    await charge_cycles(unit, bill_unit_ids, day.on)
    charged = update(BillUnit).where(in_ids(BillUnit.id, bill_unit_ids))
    await unit.session.execute(
        charged.values(charged_until=_next_after(day)), execution_options=AS_IT_IS
    )


async def transfer(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """The charges of nonpaying bill units of the cycle that ends on this day pass to their payers (rules 6.7).

    Their accounts' own credit is used for them first (rules 5.3).
    """
    await use_before_passing(unit, items_of_paid(bill_unit_ids, day), day.on)
    await _transfer(unit, items_of_paid(bill_unit_ids, day), day)
    await _begin_next_cycle(unit, bill_unit_ids, day)


async def make_bills(
    unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
) -> Sequence[int]:
    """Make the bills of paying bill units whose cycle ends on this day. Answers with their ids.

    A bill is made of what has items, and where nothing was charged, of what is carried over, unless the account is
    closed (rules 6.6, 6.8). Credit goes to what is open then, which may be the new bill.
    """
    await _transfer(unit, items_left_behind(bill_unit_ids, day), day)
    await unit.session.execute(_bills_that_carry_over(unit, bill_unit_ids, day))
    made = (
        (await unit.session.execute(_made(unit, bill_unit_ids, day), execution_options=AS_IT_IS))
        .scalars()
        .all()
    )
    await _begin_next_cycle(unit, bill_unit_ids, day)
    credited = await accounts_with_credit(unit, made)
    if await spread_credit(unit, credited):
        await release(unit, credited)
    return made


async def charge_what_began(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """Charge offers that were bought ahead, now that they have begun."""
    offer_ids = await offers_that_began(unit, bill_unit_ids, day)
    await charge_purchases(unit, offer_ids, at=min(unit.now, day.last_instant), on=day.on)


STEPS_OF_A_MISSED_DATE = (
    Step("cycle fees", uncharged, charge),
    Step("nonpaying bill units", nonpaying, transfer),
    Step("bills", paying, make_bills),
)
# What began since is charged once all cycles that have ended are billed: it belongs to those that run.
STEPS = (*STEPS_OF_A_MISSED_DATE, Step("fees of what began", with_starts, charge_what_began))


async def _transfer(unit: Unit, items: Select[int], day: BusinessDate) -> None:
    """What is on these items passes to the payer of their bill, by two TRANSFER events for each bill unit and bill."""
    item_ids = (await unit.session.execute(items)).scalars().all()
    if not item_ids:
        return
    moved = passing(item_ids).subquery("moved")
    payers = (
        select(BillUnit.id).where(BillUnit.id.in_(select(moved.c.to_unit_id))).order_by(BillUnit.id)
    )
    await unit.session.execute(payers.with_for_update(key_share=True))
    await unit.session.execute(_transfers(unit, item_ids, day))
    taken = select(moved.c.from_unit_id.label("id"), (-moved.c.amount).label("amount"))
    sides = union_all(taken, select(moved.c.to_unit_id, moved.c.amount)).subquery("side")
    sums = (
        select(sides.c.id, func.sum(sides.c.amount).label("amount"))
        .group_by(sides.c.id)
        .subquery("sums")
    )
    balances = (
        update(BillUnit)
        .where(BillUnit.id == sums.c.id)
        .values(balance=BillUnit.balance + sums.c.amount)
    )
    await unit.session.execute(balances, execution_options=AS_IT_IS)
    transferred = (
        update(BillItem)
        .where(in_ids(BillItem.id, item_ids))
        .values(transferred=BillItem.total + BillItem.adjusted)
    )
    await unit.session.execute(transferred, execution_options=AS_IT_IS)


def _transfers(unit: Unit, item_ids: Collection[int], day: BusinessDate) -> Insert:
    """The event on the side of the payer follows the one on the other side."""
    sides = both_sides(item_ids).subquery("side")
    event = select(new_event_id().label("id"), sides).cte("numbered").prefix_with("MATERIALIZED")
    other = event.alias("other")
    columns = {
        "id": event.c.id,
        "kind": literal(EventKind.TRANSFER, Event.kind.type),
        "account_id": event.c.account_id,
        "occurred_at": literal(day.start, Instant()),
        "recorded_at": literal(unit.now, Instant()),
        "description": event.c.words,
        "amount": event.c.amount,
        "currency": event.c.currency,
        "followed_id": other.c.id,
        "actor": literal(unit.actor.name, Event.actor.type),
        "details": json_object("bill", event.c.number),
    }
    followed = (other.c.place == event.c.place) & (other.c.side < event.c.side)
    rows = select(*columns.values()).select_from(event).outerjoin(other, followed)
    return insert(Event).from_select(list(columns), rows, include_defaults=False)


def _bills_that_carry_over(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> Insert:
    """Bills of those that were charged nothing, and owe something or have a credit."""
    began = {billing_day: previous_bill_on(day.on, billing_day) for billing_day in BILLING_DAYS}
    columns = {
        "number": literal("B-").concat(cast(BillUnit.id, String)).concat(f"-{day.on:%Y%m%d}"),
        "account_id": BillUnit.account_id,
        "bill_unit_id": BillUnit.id,
        "currency": BillUnit.currency,
        "period_start": case(began, value=BillUnit.billing_day_of_month),
        "period_end": literal(day.on),
        "created_at": literal(unit.now, Instant()),
    }
    some = select(*columns.values()).where(in_ids(BillUnit.id, bill_unit_ids), carries_over())
    statement = insert_or_leave(Bill).from_select(list(columns), some)
    return statement.on_conflict_do_nothing(index_elements=[Bill.bill_unit_id, Bill.period_end])


def _made(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> ReturningUpdate[int]:
    has_items = exists().where(BillItem.bill_id == Bill.id)
    bills = update(Bill).where(
        in_ids(Bill.bill_unit_id, bill_unit_ids),
        Bill.period_end == day.on,
        Bill.billed_on.is_(None),
        BillUnit.id == Bill.bill_unit_id,
    )
    made = bills.where(or_(has_items, carries_over())).values(
        billed_on=day.on,
        due_on=day.on + timedelta(days=unit.business.payment_term_days),
        collect_on=day.on,
        previous_balance=carried(),
        payments=Bill.paid,
        adjustments=Bill.adjusted,
        disputed=Bill.held + held_before(),
    )
    return made.returning(Bill.id)


async def _begin_next_cycle(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    billed = update(BillUnit).where(in_ids(BillUnit.id, bill_unit_ids))
    await unit.session.execute(
        billed.values(next_bill_on=_next_after(day)), execution_options=AS_IT_IS
    )


def _next_after(day: BusinessDate) -> ColumnElement[date]:
    """The billing day after this one."""
    days = {billing_day: next_bill_on(day.on, billing_day) for billing_day in BILLING_DAYS}
    return case(days, value=BillUnit.billing_day_of_month)
