"""Posting charges: each becomes an event of a bill item. A fixed number of statements posts any
number of charges.

Events are never updated, so the item must exist before its event. The order is: the pending bill,
its items, the events, the balances. Sums are incremented in the same transaction. The statements
for rows of the program are built once for each database.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    Dialect,
    Executable,
    FromClause,
    Insert,
    Select,
    SQLColumnExpression,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_add,  # SQLite has the same syntax.
)
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import BillUnit
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.bills.queries import (
    EVENT_COLUMNS,
    NO_SERVICE,
    bill_changes_as_table,
    bill_changes_parameter,
    charge_rows,
    charge_table,
    current_bills,
    is_bill_of,
    is_item_of,
    lock_bill_units_of,
    payers_to_charge,
    statement_changes,
)
from tenure.billing.bills.rules import ITEM_NAMES, BillChange, Charge, PayingBillUnit
from tenure.events.models import Event
from tenure.events.queries import new_event_id, new_events
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.row_tables import rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

Columns: TypeAlias = Mapping[str, SQLColumnExpression[Any]]
NO_SESSION_SYNC = {"synchronize_session": False}
NOW = bindparam("param_now", type_=Instant())
ACTOR = bindparam("param_actor", type_=Event.actor.type)
ITEM_KEY = [
    BillItem.bill_id,
    BillItem.bill_unit_id,
    BillItem.kind,
    func.coalesce(BillItem.service_id, NO_SERVICE),
]


async def post(
    unit: Unit, charges: Sequence[Charge], *, payers: Mapping[int, PayingBillUnit] | None = None
) -> list[int]:
    """Post these charges and return the ids of their events, in order. Raises INVALID for a wrong
    currency.

    Pass `payers` when the caller has locked the bill units already.
    """
    if not charges:
        return []
    if payers is None:
        payers = await payers_to_charge(unit, {charge.bill_unit_id for charge in charges})
    ids = await new_events(unit, len(charges))
    dialect = unit.session.get_bind().dialect
    rows = rows_parameter(dialect, charge_rows(charges, payers, ids))
    await _execute(unit, _posting_of_rows(dialect), {"param_charges": rows})
    return ids


async def post_selected(unit: Unit, charges: Select[Any], bill_unit_ids: Collection[int]) -> None:
    """Post the charges that a SELECT finds for these bill units, each on the pending bill.

    The columns of the SELECT are `bill_unit_id`, `item`, `followed_id` and those of
    `EVENT_COLUMNS`; a missing column is null. The caller makes sure that the currency is that of
    the bill unit.
    """
    running = current_bills(unit, await payers_to_charge(unit, bill_unit_ids))
    found = charges.subquery("found")
    bill = [column for column in running.c if column.name != "bill_unit_id"]
    charge = (
        select(found, *bill)
        .join(running, running.c.bill_unit_id == found.c.bill_unit_id)
        .subquery("charge")
    )
    followed_id = charge.c.followed_id if "followed_id" in charge.c else null()
    await _execute(unit, _posting(charge, new_event_id(), followed_id), {})


async def apply_bill_changes(unit: Unit, entries: Sequence[BillChange]) -> None:
    """Apply later changes to bills that are made: their own columns, and their and all later
    statements.

    The caller also changes the balance of the bill unit, and calls `credits.allocate_credit` where
    a bill may now be overpaid.
    """
    if not entries:
        return
    await lock_bill_units_of(unit, [entry.bill_id for entry in entries])
    dialect = unit.session.get_bind().dialect
    update_bills, update_items = _bill_changes(dialect)
    parameters = bill_changes_parameter(dialect, entries)
    await execute(unit.connection, update_bills, parameters)
    if any(one.item_id is not None for one in entries):
        await execute(unit.connection, update_items, parameters)


async def _execute(
    unit: Unit, statements: Sequence[Executable], parameters: Mapping[str, object]
) -> None:
    """Execute the statements of `_posting` with their parameters."""
    of_unit = {"param_now": unit.now, "param_actor": unit.actor.name}
    for statement in statements:
        await execute(unit.connection, statement, {**parameters, **of_unit})


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _posting_of_rows(dialect: Dialect) -> Sequence[Executable]:
    """The statements that post the charges in the parameter CHARGES."""
    charge = charge_table(dialect)
    return _posting(charge, charge.c.id, charge.c.followed_id)


def _posting(
    charge: FromClause, event_id: ColumnElement[int], followed_id: ColumnElement[Any]
) -> Sequence[Executable]:
    """The statements that post charges, in order."""
    return (
        _add_to_bills(charge),
        _add_to_items(charge),
        _insert_events(charge, event_id, followed_id),
        _add_to_balances(charge),
    )


def _add_to_bills(charge: FromClause) -> Insert:
    """Inserts the bills of the charges where they are missing, and adds to their sums."""
    own = charge.c.payer_id == charge.c.bill_unit_id
    amount = charge.c.amount
    adjusts = charge.c.item == BillItemKind.ADJUSTMENT
    bill = {
        "bill_unit_id": charge.c.payer_id,
        "account_id": charge.c.payer_account_id,
        "currency": charge.c.currency,
        "period_start": charge.c.starts_on,
        "period_end": charge.c.ends_on,
        "number": charge.c.number,
    }
    sums = {
        "current_charges": _sum(amount, and_(own, ~adjusts)),
        "subordinate_charges": _sum(amount, and_(~own, ~adjusts)),
        "adjusted": _sum(amount, adjusts),
    }
    return _upsert_sums(
        Bill,
        [Bill.bill_unit_id, Bill.period_end],
        columns=bill,
        constants={"created_at": NOW},
        sums=sums,
        rows=select().select_from(charge),
    )


def _add_to_items(charge: FromClause) -> Insert:
    """Inserts the items of the charges where they are missing, and adds to their sums."""
    amount = charge.c.amount
    adjusts = charge.c.item == BillItemKind.ADJUSTMENT
    item = {
        "bill_id": Bill.id,
        "bill_unit_id": charge.c.bill_unit_id,
        "account_id": charge.c.account_id,
        "service_id": charge.c.service_id,
        "kind": charge.c.item,
        "currency": charge.c.currency,
    }
    of_service = func.coalesce(literal(" · ").concat(func.max(Service.name)), "")
    named: Columns = {
        "name": case(
            {kind.value: name for kind, name in ITEM_NAMES.items()}, value=charge.c.item
        ).concat(of_service)
    }
    sums = {"total": _sum(amount, ~adjusts), "adjusted": _sum(amount, adjusts)}
    joined = select().select_from(charge).join(Bill, is_bill_of(charge))
    joined = joined.outerjoin(Service, Service.id == charge.c.service_id)
    return _upsert_sums(BillItem, ITEM_KEY, columns=item, constants=named, sums=sums, rows=joined)


def _sum(amount: ColumnElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((where, amount), else_=0))


def _upsert_sums(
    table: type[Bill] | type[BillItem],
    key: Sequence[Any],
    *,
    columns: Columns,
    constants: Columns,
    sums: Columns,
    rows: AnySelect,
) -> Insert:
    """INSERT … SELECT of the sums grouped by these columns; an existing row is incremented."""
    every = {**columns, **constants, **sums}
    grouped = (
        rows.add_columns(*every.values()).group_by(*columns.values()).order_by(*columns.values())
    )
    statement = insert_or_add(table).from_select(list(every), grouped)
    totals = {name: getattr(table, name) + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=key, set_=totals)


def _insert_events(
    charge: FromClause, event_id: ColumnElement[int], followed_id: ColumnElement[Any]
) -> Insert:
    """Inserts the events of the charges, each with its item."""
    of_event = [charge.c[name] if name in charge.c else null() for name in EVENT_COLUMNS]
    rows = select(event_id, BillItem.id, followed_id, NOW, ACTOR, *of_event).select_from(charge)
    joined = rows.join(Bill, is_bill_of(charge)).join(BillItem, is_item_of(charge))
    columns = ["id", "item_id", "followed_id", "recorded_at", "actor", *EVENT_COLUMNS]
    return insert(Event).from_select(columns, joined, include_defaults=False)


def _add_to_balances(charge: FromClause) -> Update:
    """Adds the charges to the balances of their bill units."""
    sums = select(charge.c.bill_unit_id, func.sum(charge.c.amount).label("amount")).group_by(
        charge.c.bill_unit_id
    )
    of_unit = sums.subquery("of_unit")
    statement = update(BillUnit).where(BillUnit.id == of_unit.c.bill_unit_id)
    return statement.values(balance=BillUnit.balance + of_unit.c.amount)


@lru_cache(maxsize=8)
def _bill_changes(dialect: Dialect) -> tuple[Executable, Executable]:
    """The statements of `apply_bill_changes`: the bills, then the items."""
    entry = bill_changes_as_table(dialect)
    change = statement_changes(entry).subquery("change")
    added = {
        column.name: getattr(Bill, column.name) + column
        for column in change.c
        if column.name != "id"
    }
    return update(Bill).where(Bill.id == change.c.id).values(added), _update_items(entry)


def _update_items(entry: FromClause) -> Update:
    """Update the items of these changes.

    Changes of another bill unit's item count for the account of the bill, as the transferred amount
    does.
    """
    sums = select(
        entry.c.item_id,
        func.sum(entry.c.adjusted).label("adjusted"),
        func.sum(entry.c.held).label("held"),
    )
    change = sums.where(entry.c.item_id.is_not(None)).group_by(entry.c.item_id).subquery("change")
    is_own = (
        select(Bill.id)
        .where(Bill.id == BillItem.bill_id, Bill.bill_unit_id == BillItem.bill_unit_id)
        .exists()
    )
    return (
        update(BillItem)
        .where(BillItem.id == change.c.item_id)
        .values(
            adjusted=BillItem.adjusted + change.c.adjusted,
            held=BillItem.held + change.c.held,
            transferred=case(
                (is_own, BillItem.transferred), else_=BillItem.transferred + change.c.adjusted
            ),
        )
    )
