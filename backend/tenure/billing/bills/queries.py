"""Where charges go: which bill of which payer, as rows that statements join; and the sums that follow from them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    String,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from tenure.accounts.models import BillUnit
from tenure.accounts.rules import next_bill_on
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.bills.rules import (
    Charge,
    Entry,
    Move,
    Payer,
    UnbilledItem,
    cycle_that_bills,
    item_kind_of,
)
from tenure.events.models import Event
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit

# What a charge becomes as an event; the rest of an event's columns follow from where it goes, or stay null.
OF_EVENT = (
    *(
        "kind",
        "account_id",
        "service_id",
        "offer_id",
        "occurred_at",
        "description",
        "quantity",
        "unit",
        "rate",
    ),
    *("amount", "currency", "period_start", "period_end", "reason", "details"),
)
values_of_event = attrgetter(*OF_EVENT)
ID = Event.id.type
IN_LIST = {"id": ID, "followed_id": ID, "bill_unit_id": ID, "item": BillItem.kind.type}
WHERE_TO = {
    "payer_id": Bill.bill_unit_id.type,
    "payer_account_id": Bill.account_id.type,
    "starts_on": Bill.period_start.type,
    "ends_on": Bill.period_end.type,
    "number": String(64),
}
OF_BILL_UNIT = (
    *(BillUnit.id, BillUnit.account_id, BillUnit.currency, BillUnit.paying_parent_id),
    *(BillUnit.next_bill_on, BillUnit.billing_day_of_month),
)
NO_SERVICE = text("0")


async def payers_to_charge(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, Payer]:
    """Who pays for each of these bill units. They and their payers are locked until the unit ends.

    Nonpaying ones are locked before paying ones, each by id, as the bill day does: who waits for a payer holds none.
    """
    units = await _locked(unit, sorted(bill_unit_ids))
    missing = {paid.paying_parent_id for paid in units if paid.paying_parent_id is not None}
    known = {paid.id: paid for paid in units if paid.paying_parent_id is None}
    known |= {payer.id: payer for payer in await _locked(unit, sorted(missing - known.keys()))}
    billed = await _billed_until(unit, known)
    payers = ((paid, known[paid.paying_parent_id or paid.id]) for paid in units)
    return {paid.id: _payer(payer, paid, billed.get(payer.id)) for paid, payer in payers}


def given_charges(
    unit: Unit, charges: Sequence[Charge], payers: Mapping[int, Payer], ids: Sequence[int]
) -> Subquery:
    """The charges as a table, each with its event's id and the bill that it goes to. Raises INVALID where a currency differs."""
    rows = []
    for event_id, charge in zip(ids, charges, strict=True):
        payer = payers[charge.bill_unit_id]
        if charge.currency != payer.currency:
            words = (
                f"The bill unit is billed in {payer.currency}, this charge is in {charge.currency}."
            )
            raise TenureError(ErrorCode.INVALID, words, ("currency",))
        cycle = cycle_that_bills(
            charge.day,
            running_until=payer.running_until,
            billing_day_of_month=payer.billing_day_of_month,
        )
        followed = None if charge.followed is None else charges[charge.followed]
        place = {
            "id": event_id,
            "followed_id": charge.followed_id if charge.followed is None else ids[charge.followed],
            "bill_unit_id": charge.bill_unit_id,
            "item": item_kind_of(charge, followed),
        }
        rows.append(
            dict(zip(OF_EVENT, values_of_event(charge), strict=True)) | place | payer.bill(cycle)
        )
    of_events = {name: Event.__table__.c[name].type for name in OF_EVENT}
    return rows_as_table(unit.session, "charge", IN_LIST | of_events | WHERE_TO, rows)


def running_bills(unit: Unit, payers: Mapping[int, Payer]) -> Subquery:
    """For each bill unit the bill that is next to be made for it, as a table."""
    rows = [
        {"bill_unit_id": paid_id}
        | payer.bill(
            cycle_that_bills(
                date.min,
                running_until=payer.running_until,
                billing_day_of_month=payer.billing_day_of_month,
            )
        )
        for paid_id, payer in payers.items()
    ]
    return rows_as_table(unit.session, "running", {"bill_unit_id": ID} | WHERE_TO, rows)


def numbers(unit: Unit, ids: Collection[int]) -> Select[int]:
    """These ids as a query, for `in_`: one parameter, however many there are."""
    return select(
        rows_as_table(unit.session, "wanted", {"id": ID}, [{"id": one} for one in ids]).c.id
    )


def left(bill: type[Bill] = Bill) -> ColumnElement[Decimal]:
    """What of a bill's own is left, disputed or not; negative where more was given than is asked for."""
    return type_coerce(
        bill.current_charges + bill.subordinate_charges + bill.adjusted + bill.paid, Bill.paid.type
    )


def entries_of(unit: Unit, entries: Sequence[Entry]) -> Subquery:
    """The entries as a table."""
    money = dict.fromkeys(("paid", "credit", "adjusted", "held"), Bill.paid.type)
    columns: dict[str, TypeEngine[Any]] = {"bill_id": ID, "item_id": ID, **money}
    return rows_as_table(unit.session, "entry", columns, [asdict(entry) for entry in entries])


def stated(entry: FromClause) -> Select[Any]:
    """What entries change of the bills they are for, and of the statements of all bills made since."""
    entered, bill = aliased(Bill, name="entered"), aliased(Bill, name="stated")
    its_own, is_made = bill.id == entered.id, bill.billed_on.is_not(None)

    def total(column: ColumnElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.sum(case((where, column), else_=0))

    sums = select(
        bill.id,
        total(entry.c.paid, its_own).label("paid"),
        total(entry.c.adjusted, its_own).label("adjusted"),
        total(entry.c.held, its_own).label("held"),
        total(entry.c.paid + entry.c.credit, is_made).label("payments"),
        total(entry.c.adjusted, is_made).label("adjustments"),
        total(entry.c.held, is_made).label("disputed"),
    )
    since = and_(bill.bill_unit_id == entered.bill_unit_id, bill.period_end >= entered.period_end)
    return (
        sums.select_from(entry)
        .join(entered, entered.id == entry.c.bill_id)
        .join(bill, since)
        .group_by(bill.id)
    )


def locked_units_of_bills(bill_ids: Collection[int]) -> AnySelect:
    """Locks the bill units of these bills: nothing is entered for a bill while another one of its bill unit is made."""
    of_bills = select(Bill.bill_unit_id).where(in_ids(Bill.id, bill_ids))
    in_order = select(BillUnit.id).where(BillUnit.id.in_(of_bills)).order_by(BillUnit.id)
    return in_order.with_for_update(key_share=True)


async def unbilled_items(unit: Unit, bill_unit_ids: Collection[int]) -> list[UnbilledItem]:
    """Their items on bills that are not made, the oldest bill first; without what has passed to a payer already."""
    columns = (BillItem.id, BillItem.bill_unit_id, BillItem.kind, BillItem.service_id)
    of_bill = (Bill.id, Bill.bill_unit_id, Bill.period_end)
    items = select(*columns, *of_bill, BillItem.held).join(Bill, Bill.id == BillItem.bill_id)
    theirs = items.where(in_ids(BillItem.bill_unit_id, bill_unit_ids), Bill.billed_on.is_(None))
    found = await unit.session.execute(
        theirs.where(BillItem.transferred == 0).order_by(Bill.period_end, BillItem.id)
    )
    return [UnbilledItem(*row) for row in found]


def moves_as_table(unit: Unit, moves: Sequence[Move]) -> Subquery:
    """The moves as a table, with the bill that each item moves to."""
    item: dict[str, TypeEngine[Any]] = {"item_id": ID, "from_bill_id": ID, "held": Bill.held.type}
    rows = [
        {"item_id": move.item.id, "from_bill_id": move.item.bill_id, "held": move.item.held}
        | {"currency": move.payer.currency}
        | move.payer.bill(move.cycle)
        for move in moves
    ]
    return rows_as_table(
        unit.session, "move", item | {"currency": Bill.currency.type} | WHERE_TO, rows
    )


def recounted(bill_ids: Collection[int], move: FromClause) -> Select[Any]:
    """The sums of these bills, and of those that items move to, added up from their items.

    What is held of a bill as a whole stays on it; what is held of items goes with them.
    """
    to = select(Bill.id).join(move, bill_of(move))
    came, went = (
        select(func.coalesce(func.sum(move.c.held), 0)).where(where).scalar_subquery()
        for where in (bill_of(move), move.c.from_bill_id == Bill.id)
    )
    own = BillItem.bill_unit_id == Bill.bill_unit_id
    return (
        select(
            Bill.id,
            func.coalesce(func.sum(case((own, BillItem.total))), 0).label("current_charges"),
            func.coalesce(func.sum(case((~own, BillItem.total))), 0).label("subordinate_charges"),
            func.coalesce(func.sum(BillItem.adjusted), 0).label("adjusted"),
            (Bill.held + came - went).label("held"),
        )
        .outerjoin(BillItem, BillItem.bill_id == Bill.id)
        .where(or_(in_ids(Bill.id, bill_ids), Bill.id.in_(to)))
        .group_by(Bill.id)
    )


def bill_of(charge: FromClause) -> ColumnElement[bool]:
    """The bill that a charge goes to."""
    return and_(Bill.bill_unit_id == charge.c.payer_id, Bill.period_end == charge.c.ends_on)


def item_of(charge: FromClause) -> ColumnElement[bool]:
    """The item of a charge, where its bill is joined."""
    return and_(
        BillItem.bill_id == Bill.id,
        BillItem.bill_unit_id == charge.c.bill_unit_id,
        BillItem.kind == charge.c.item,
        func.coalesce(BillItem.service_id, NO_SERVICE)
        == func.coalesce(charge.c.service_id, NO_SERVICE),
    )


async def _locked(unit: Unit, bill_unit_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    if not bill_unit_ids:
        return []
    wanted = select(*OF_BILL_UNIT).where(in_ids(BillUnit.id, bill_unit_ids))
    in_order = wanted.order_by(BillUnit.paying_parent_id.is_(None), BillUnit.id)
    return (await unit.session.execute(in_order.with_for_update(key_share=True))).all()


async def _billed_until(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, date | None]:
    """Up to where each has been billed; None where it never was."""
    made = select(func.max(Bill.period_end)).where(
        Bill.bill_unit_id == BillUnit.id, Bill.billed_on.is_not(None)
    )
    statement = select(BillUnit.id, made.scalar_subquery()).where(
        in_ids(BillUnit.id, bill_unit_ids)
    )
    return {row[0]: row[1] for row in await unit.session.execute(statement)}


def _payer(payer: Row[Any], paid: Row[Any], billed_until: date | None) -> Payer:
    """What has passed on, or is billed, does not come back: not by a charge that is late, nor by another billing day."""
    until = max(payer.next_bill_on, paid.next_bill_on)
    while billed_until is not None and until <= billed_until:
        until = next_bill_on(until, payer.billing_day_of_month)
    return Payer(payer.id, payer.account_id, payer.currency, until, payer.billing_day_of_month)
