"""The steps of the bill day, each for a set of bill units (rules 6.5).

The remaining work follows from the data: until when a bill unit is charged, and when its cycle
ends. So an interrupted step is resumed where it stopped, and a repeated one changes nothing.
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
    insert as insert_or_ignore,  # SQLite has the same syntax.
)
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import BillUnit
from tenure.accounts.rules import next_bill_on, previous_bill_on
from tenure.batch.bill_day.queries import (
    BillUnits,
    carries_over,
    items_to_transfer,
    missed_transfers,
    new_offers,
    nonpaying,
    paying,
    transfer_amounts,
    transfer_sides,
    uncharged,
    with_new_offers,
)
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.actions import NO_SESSION_SYNC
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.charges.actions import charge_purchases
from tenure.billing.credits.actions import allocate_credit
from tenure.billing.credits.queries import accounts_with_credit
from tenure.billing.cycle_fees.actions import charge_cycles
from tenure.billing.pending_bills.queries import DISPUTED, carried_balance
from tenure.billing.transfers.actions import use_credit_before_transfer
from tenure.events.models import Event, EventKind
from tenure.events.queries import new_event_id
from tenure.kernel.db import Instant
from tenure.kernel.dialects import in_ids
from tenure.kernel.json_values import json_object
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.receivables.receipts.actions import release_from_debt
from tenure.settings.queries import settings_of

BILLING_DAYS = range(1, 32)


@dataclass(frozen=True, slots=True)
class BillUnitOperation:
    """A step of the bill day: the bill units that are due for it on a date, and what it does.

    `run_in_unit` returns the ids of the bills that it made, if any.
    """

    name: str
    due: Callable[[BusinessDate], BillUnits]
    run_in_unit: Callable[[Unit, Collection[int], BusinessDate], Awaitable[Sequence[int] | None]]


async def charge(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """Charges the monthly fees of the cycle that begins on this date (rules 6.2)."""
    await charge_cycles(unit, bill_unit_ids, day.on)
    charged = update(BillUnit).where(in_ids(BillUnit.id, bill_unit_ids))
    await unit.session.execute(
        charged.values(charged_until=_next_after(day)), execution_options=NO_SESSION_SYNC
    )


async def transfer(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """Transfers the charges of nonpaying bill units for the ending cycle to payers (rules 6.7).

    The accounts' own credit is applied first (rules 5.3).
    """
    await use_credit_before_transfer(unit, items_to_transfer(bill_unit_ids, day), day.on)
    await _transfer(unit, items_to_transfer(bill_unit_ids, day), day)
    await _begin_next_cycle(unit, bill_unit_ids, day)


async def make_bills(
    unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
) -> Sequence[int]:
    """Makes the bills of paying bill units whose cycle ends on this date. Returns their ids.

    A bill is made where there are items, or a balance to carry over and the account is not closed
    (rules 6.6, 6.8). Credit is then allocated to open bills, the new one included.
    """
    await _transfer(unit, missed_transfers(bill_unit_ids, day), day)
    await unit.session.execute(_bills_that_carry_over(unit, bill_unit_ids, day))
    made = (
        (
            await unit.session.execute(
                _issue_bills(unit, bill_unit_ids, day), execution_options=NO_SESSION_SYNC
            )
        )
        .scalars()
        .all()
    )
    await _begin_next_cycle(unit, bill_unit_ids, day)
    credited = await accounts_with_credit(unit, made)
    if await allocate_credit(unit, credited):
        await release_from_debt(unit, credited)
    return made


async def charge_new_offers(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    """Charges offers that were purchased with a later start and have started now."""
    offer_ids = await new_offers(unit, bill_unit_ids, day)
    await charge_purchases(unit, offer_ids, at=min(unit.now, day.last_instant), on=day.on)


STEPS_OF_A_MISSED_DATE = (
    BillUnitOperation("cycle fees", uncharged, charge),
    BillUnitOperation("nonpaying bill units", nonpaying, transfer),
    BillUnitOperation("bills", paying, make_bills),
)
# New offers belong to the current cycles, so they are charged after all ended cycles are billed.
STEPS = (
    *STEPS_OF_A_MISSED_DATE,
    BillUnitOperation("purchase fees", with_new_offers, charge_new_offers),
)


async def _transfer(unit: Unit, items: Select[int], day: BusinessDate) -> None:
    """Transfers the amounts of these items to the payer of their bill.

    Records two TRANSFER events per bill unit and bill.
    """
    item_ids = (await unit.session.execute(items)).scalars().all()
    if not item_ids:
        return
    moved = transfer_amounts(item_ids).subquery("moved")
    payers = (
        select(BillUnit.id).where(BillUnit.id.in_(select(moved.c.to_unit_id))).order_by(BillUnit.id)
    )
    await unit.session.execute(for_no_key_update(payers))
    await unit.session.execute(_transfers(unit, item_ids, day))
    credits = select(moved.c.from_unit_id.label("id"), (-moved.c.amount).label("amount"))
    sides = union_all(credits, select(moved.c.to_unit_id, moved.c.amount)).subquery("side")
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
    await unit.session.execute(balances, execution_options=NO_SESSION_SYNC)
    transferred = (
        update(BillItem)
        .where(in_ids(BillItem.id, item_ids))
        .values(transferred=BillItem.total + BillItem.adjusted)
    )
    await unit.session.execute(transferred, execution_options=NO_SESSION_SYNC)


def _transfers(unit: Unit, item_ids: Collection[int], day: BusinessDate) -> Insert:
    """Inserts both events of each transfer; the payer's event follows the other one."""
    sides = transfer_sides(item_ids).subquery("side")
    event = select(new_event_id().label("id"), sides).cte("numbered").prefix_with("MATERIALIZED")
    other = event.alias("other")
    columns = {
        "id": event.c.id,
        "kind": literal(EventKind.TRANSFER, Event.kind.type),
        "account_id": event.c.account_id,
        "occurred_at": literal(day.start, Instant()),
        "recorded_at": literal(unit.now, Instant()),
        "description": event.c.description,
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
    """Inserts bills of bill units without charges that have a balance to carry over."""
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
    statement = insert_or_ignore(Bill).from_select(list(columns), some)
    return statement.on_conflict_do_nothing(index_elements=[Bill.bill_unit_id, Bill.period_end])


def _issue_bills(
    unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
) -> ReturningUpdate[int]:
    has_items = exists().where(BillItem.bill_id == Bill.id)
    bills = update(Bill).where(
        in_ids(Bill.bill_unit_id, bill_unit_ids),
        Bill.period_end == day.on,
        Bill.billed_on.is_(None),
        BillUnit.id == Bill.bill_unit_id,
    )
    made = bills.where(or_(has_items, carries_over())).values(
        billed_on=day.on,
        due_on=day.on + timedelta(days=settings_of(unit).payment_term_days),
        collect_on=day.on,
        previous_balance=carried_balance(),
        payments=Bill.paid,
        adjustments=Bill.adjusted,
        disputed=DISPUTED,
    )
    return made.returning(Bill.id)


async def _begin_next_cycle(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> None:
    billed = update(BillUnit).where(in_ids(BillUnit.id, bill_unit_ids))
    await unit.session.execute(
        billed.values(next_bill_on=_next_after(day)), execution_options=NO_SESSION_SYNC
    )


def _next_after(day: BusinessDate) -> ColumnElement[date]:
    """The next billing date of each bill unit after this date."""
    days = {billing_day: next_bill_on(day.on, billing_day) for billing_day in BILLING_DAYS}
    return case(days, value=BillUnit.billing_day_of_month)
