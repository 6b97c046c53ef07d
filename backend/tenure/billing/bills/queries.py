"""The bill and the payer that a charge goes to, as rows that statements join, and the sums."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Row,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
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
    BillChange,
    Charge,
    PayingBillUnit,
    billing_cycle,
    item_kind_of,
)
from tenure.events.models import Event
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.row_tables import parameter_as_table, rows_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

# The columns of an event that a charge supplies. The others follow from its bill and item, or stay
# null.
EVENT_COLUMNS = (
    "kind",
    "account_id",
    "service_id",
    "offer_id",
    "occurred_at",
    "description",
    "quantity",
    "unit",
    "rate",
    "amount",
    "currency",
    "period_start",
    "period_end",
    "reason",
    "details",
)
event_values = attrgetter(*EVENT_COLUMNS)
ID = Event.id.type
CHARGE_COLUMNS = {"id": ID, "followed_id": ID, "bill_unit_id": ID, "item": BillItem.kind.type}
BILL_COLUMNS = {
    "payer_id": Bill.bill_unit_id.type,
    "payer_account_id": Bill.account_id.type,
    "starts_on": Bill.period_start.type,
    "ends_on": Bill.period_end.type,
    "number": String(64),
}
BILL_UNIT_COLUMNS = (
    BillUnit.id,
    BillUnit.account_id,
    BillUnit.currency,
    BillUnit.paying_parent_id,
    BillUnit.next_bill_on,
    BillUnit.billing_day_of_month,
)
NO_SERVICE = text("0")
CHARGES = bindparam("param_charges", type_=String)
BILL_CHANGES = bindparam("param_bill_changes", type_=String)
BILL_UNITS = bindparam("param_bill_units", type_=IdList())
BILLS = bindparam("param_bills", type_=IdList())


async def payers_to_charge(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, PayingBillUnit]:
    """The payer of each of these bill units. Locks the bill units and their payers until the unit
    ends.

    Nonpaying bill units are locked before paying ones, each by id, in the same order as the bill
    day: a transaction that waits for a payer holds no other payer.
    """
    units = await _locked_bill_units(unit, sorted(bill_unit_ids))
    missing = {paid.paying_parent_id for paid in units if paid.paying_parent_id is not None}
    known = {paid.id: paid for paid in units if paid.paying_parent_id is None}
    known |= {
        payer.id: payer for payer in await _locked_bill_units(unit, sorted(missing - known.keys()))
    }
    billed = await _billed_until(unit, known)
    payers = ((paid, known[paid.paying_parent_id or paid.id]) for paid in units)
    return {paid.id: _payer(payer, paid, billed.get(payer.id)) for paid, payer in payers}


def charge_table(dialect: Dialect) -> Subquery:
    """The table of the charges in CHARGES, each with the id of its event and its bill."""
    of_events = {name: Event.__table__.c[name].type for name in EVENT_COLUMNS}
    return parameter_as_table(dialect, "charge", CHARGE_COLUMNS | of_events | BILL_COLUMNS, CHARGES)


def charge_rows(
    charges: Sequence[Charge], payers: Mapping[int, PayingBillUnit], ids: Sequence[int]
) -> list[dict[str, object]]:
    """The rows of `charge_table`. Raises INVALID for a wrong currency."""
    rows = []
    for event_id, charge in zip(ids, charges, strict=True):
        payer = payers[charge.bill_unit_id]
        if charge.currency != payer.currency:
            message = (
                f"The bill unit is billed in {payer.currency}, this charge is in {charge.currency}."
            )
            raise TenureError(ErrorCode.INVALID, message, ("currency",))
        cycle = billing_cycle(
            charge.day,
            current_cycle_end=payer.current_cycle_end,
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
            dict(zip(EVENT_COLUMNS, event_values(charge), strict=True))
            | place
            | payer.bill_columns(cycle)
        )
    return rows


def current_bills(unit: Unit, payers: Mapping[int, PayingBillUnit]) -> Subquery:
    """The pending bill of each bill unit, as a table."""
    rows = [
        {"bill_unit_id": paid_id}
        | payer.bill_columns(
            billing_cycle(
                date.min,
                current_cycle_end=payer.current_cycle_end,
                billing_day_of_month=payer.billing_day_of_month,
            )
        )
        for paid_id, payer in payers.items()
    ]
    return rows_as_table(unit.session, "running", {"bill_unit_id": ID} | BILL_COLUMNS, rows)


def is_listed() -> ColumnElement[bool]:
    """The bill is made or has an item.

    All items of a pending bill may have moved to another one. PostgreSQL would hash the items of
    all bills for an EXISTS in a long list; with a limit it looks up those of each bill.
    """
    item = select(BillItem.id).where(BillItem.bill_id == Bill.id).limit(1)
    has_items = item.correlate(Bill).scalar_subquery().is_not(None)
    return or_(Bill.billed_on.is_not(None), has_items)


def remaining_amount(bill: type[Bill] = Bill) -> ColumnElement[Decimal]:
    """The remaining amount of the bill itself, disputed or not; negative when it is overpaid."""
    return type_coerce(
        bill.current_charges + bill.subordinate_charges + bill.adjusted + bill.paid, Bill.paid.type
    )


def bill_changes_as_table(dialect: Dialect) -> Subquery:
    """The table of the changes in BILL_CHANGES."""
    money = dict.fromkeys(("paid", "credit", "adjusted", "held"), Bill.paid.type)
    columns: dict[str, TypeEngine[Any]] = {"bill_id": ID, "item_id": ID, **money}
    return parameter_as_table(dialect, "entry", columns, BILL_CHANGES)


def bill_changes_parameter(dialect: Dialect, entries: Sequence[BillChange]) -> dict[str, str]:
    """The parameter BILL_CHANGES with these changes."""
    return {BILL_CHANGES.key: rows_parameter(dialect, [asdict(entry) for entry in entries])}


def statement_changes(entry: FromClause) -> Select[Any]:
    """The effect of changes on their bills, and on the statements of all bills made since."""
    entered = aliased(Bill, name="entered")
    bill = aliased(Bill, name="stated")
    its_own = bill.id == entered.id
    is_made = bill.billed_on.is_not(None)

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


async def lock_bill_units_of(unit: Unit, bill_ids: Collection[int]) -> None:
    """Locks the bill units of these bills. No bill of theirs can be made meanwhile."""
    await execute(unit.connection, _bill_units_of_bills(), {BILLS.key: bill_ids})


@cache
def _bill_units_of_bills() -> AnySelect:
    of_bills = select(Bill.bill_unit_id).where(in_ids(Bill.id, BILLS))
    in_order = select(BillUnit.id).where(BillUnit.id.in_(of_bills)).order_by(BillUnit.id)
    return for_no_key_update(in_order)


def is_bill_of(charge: FromClause) -> ColumnElement[bool]:
    """The join condition between a charge and its bill."""
    return and_(Bill.bill_unit_id == charge.c.payer_id, Bill.period_end == charge.c.ends_on)


def is_item_of(charge: FromClause) -> ColumnElement[bool]:
    """The join condition between a charge and its item, where its bill is joined."""
    return and_(
        BillItem.bill_id == Bill.id,
        BillItem.bill_unit_id == charge.c.bill_unit_id,
        BillItem.kind == charge.c.item,
        func.coalesce(BillItem.service_id, NO_SERVICE)
        == func.coalesce(charge.c.service_id, NO_SERVICE),
    )


async def _locked_bill_units(
    unit: Unit, bill_unit_ids: Collection[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    if not bill_unit_ids:
        return []
    parameters = {"param_bill_units": bill_unit_ids}
    return (await execute(unit.connection, _bill_units_to_lock(), parameters)).all()


@cache
def _bill_units_to_lock() -> AnySelect:
    wanted = select(*BILL_UNIT_COLUMNS).where(in_ids(BillUnit.id, BILL_UNITS))
    in_order = wanted.order_by(BillUnit.paying_parent_id.is_(None), BillUnit.id)
    return for_no_key_update(in_order)


async def _billed_until(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, date | None]:
    """The end of the last billed cycle of each; None if it was never billed."""
    parameters = {"param_bill_units": bill_unit_ids}
    return dict((await execute(unit.connection, _last_period_ends(), parameters)).all())


@cache
def _last_period_ends() -> AnySelect:
    made = select(func.max(Bill.period_end)).where(
        Bill.bill_unit_id == BillUnit.id, Bill.billed_on.is_not(None)
    )
    return select(BillUnit.id, made.scalar_subquery()).where(in_ids(BillUnit.id, BILL_UNITS))


def _payer(payer: Row[Any], paid: Row[Any], billed_until: date | None) -> PayingBillUnit:
    """The payer with the end of its current cycle.

    A cycle that was transferred or billed is never reopened, neither by a late charge nor by a
    change of the billing day.
    """
    until = max(payer.next_bill_on, paid.next_bill_on)
    while billed_until is not None and until <= billed_until:
        until = next_bill_on(until, payer.billing_day_of_month)
    return PayingBillUnit(
        payer.id, payer.account_id, payer.currency, until, payer.billing_day_of_month
    )
