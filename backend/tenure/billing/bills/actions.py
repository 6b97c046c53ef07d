"""Charges become events of items of bills. Any number is posted by the same few statements.

Events are never changed, so the item is there before the event: first the bill that is next to be made, then the item,
the events, the balances. Sums are kept up by adding to them, in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    FromClause,
    Insert,
    Select,
    SQLColumnExpression,
    Update,
    and_,
    case,
    func,
    insert,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_add,  # SQLite says it in the same words.
)
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import BillUnit
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.bills.queries import (
    NO_SERVICE,
    OF_EVENT,
    bill_of,
    entries_of,
    given_charges,
    item_of,
    locked_units_of_bills,
    moves_as_table,
    payers_to_charge,
    recounted,
    running_bills,
    stated,
    unbilled_items,
)
from tenure.billing.bills.rules import NAMES, Charge, Entry, Payer, moves
from tenure.events.models import Event
from tenure.events.queries import new_events
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.dialects import new_event_id
from tenure.kernel.unit import Unit

Columns: TypeAlias = Mapping[str, SQLColumnExpression[Any]]
AS_IT_IS = {"synchronize_session": False}
KEY_OF_ITEM = [
    BillItem.bill_id,
    BillItem.bill_unit_id,
    BillItem.kind,
    func.coalesce(BillItem.service_id, NO_SERVICE),
]


async def post(
    unit: Unit, charges: Sequence[Charge], *, payers: Mapping[int, Payer] | None = None
) -> list[int]:
    """Write these charges. Answers with the ids of their events, in order. Raises INVALID where a currency differs.

    `payers` are those of the bill units where the caller has locked them before.
    """
    if not charges:
        return []
    if payers is None:
        payers = await payers_to_charge(unit, {charge.bill_unit_id for charge in charges})
    ids = await new_events(unit, len(charges))
    given = given_charges(unit, charges, payers, ids)
    await _collect(unit, given)
    await unit.session.execute(
        _insert_events(_events(unit, given, given.c.id, given.c.followed_id))
    )
    await _count_for_balances(unit, given)
    return ids


async def post_selected(unit: Unit, charges: Select[Any], bill_unit_ids: Collection[int]) -> None:
    """Write the charges that a SELECT finds for these bill units, each on the bill that is next to be made.

    Its columns are `bill_unit_id`, `item`, `followed_id` and those of `OF_EVENT`; what is left out is null. That the
    currency is the bill unit's is the caller's to see to.
    """
    running = running_bills(unit, await payers_to_charge(unit, bill_unit_ids))
    found = charges.subquery("found")
    bill = [column for column in running.c if column.name != "bill_unit_id"]
    charge = (
        select(found, *bill)
        .join(running, running.c.bill_unit_id == found.c.bill_unit_id)
        .subquery("charge")
    )
    await _collect(unit, charge)
    followed_id = charge.c.followed_id if "followed_id" in charge.c else null()
    await unit.session.execute(_insert_events(_events(unit, charge, new_event_id(), followed_id)))
    await _count_for_balances(unit, charge)


async def enter(unit: Unit, entries: Sequence[Entry]) -> None:
    """What happens later to bills: their own columns change, and the statements of them and of every bill made since.

    Whoever enters has changed the bill unit's balance too, and calls `credits.spread_credit` for what is now too much.
    """
    if not entries:
        return
    await unit.session.execute(locked_units_of_bills([entry.bill_id for entry in entries]))
    entry = entries_of(unit, entries)
    change = stated(entry).subquery("change")
    added = {
        column.name: getattr(Bill, column.name) + column
        for column in change.c
        if column.name != "id"
    }
    await unit.session.execute(
        update(Bill).where(Bill.id == change.c.id).values(added), execution_options=AS_IT_IS
    )
    if any(one.item_id is not None for one in entries):
        await unit.session.execute(_entered_items(entry), execution_options=AS_IT_IS)


async def move_unbilled(unit: Unit, bill_unit_ids: Collection[int]) -> None:
    """Unbilled charges go with these bill units to whoever pays for them now; bills made stay (rules 5.3).

    What has passed to the former payer already stays there, and is on its next bill.
    """
    payers = await payers_to_charge(unit, bill_unit_ids)
    moving = list(moves(await unbilled_items(unit, bill_unit_ids), payers, unit.business.today))
    if not moving:
        return
    move = moves_as_table(unit, moving)
    await unit.session.execute(_empty_bills(unit, move))
    to = select(move.c.item_id, Bill.id.label("bill_id")).join(Bill, bill_of(move)).subquery("to")
    moved = update(BillItem).where(BillItem.id == to.c.item_id).values(bill_id=to.c.bill_id)
    await unit.session.execute(moved, execution_options=AS_IT_IS)
    sums = recounted({one.item.bill_id for one in moving}, move).subquery("sums")
    counted = {column.name: column for column in sums.c if column.name != "id"}
    await unit.session.execute(
        update(Bill).where(Bill.id == sums.c.id).values(counted), execution_options=AS_IT_IS
    )


async def _collect(unit: Unit, charge: FromClause) -> None:
    """The bills and the items that the charges count for: made where they are missing, and added to."""
    own, amount = charge.c.payer_id == charge.c.bill_unit_id, charge.c.amount
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
    made = {"created_at": literal(unit.now, Instant())}
    key_of_bill = [Bill.bill_unit_id, Bill.period_end]
    await unit.session.execute(
        _added(Bill, key_of_bill, bill, made, sums, select().select_from(charge))
    )
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
            {kind.value: name for kind, name in NAMES.items()}, value=charge.c.item
        ).concat(of_service)
    }
    sums = {"total": _sum(amount, ~adjusts), "adjusted": _sum(amount, adjusts)}
    joined = select().select_from(charge).join(Bill, bill_of(charge))
    joined = joined.outerjoin(Service, Service.id == charge.c.service_id)
    await unit.session.execute(_added(BillItem, KEY_OF_ITEM, item, named, sums, joined))


def _sum(amount: ColumnElement[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((where, amount), else_=0))


def _added(
    table: type[Bill] | type[BillItem],
    key: Sequence[Any],
    columns: Columns,
    constants: Columns,
    sums: Columns,
    rows: AnySelect,
) -> Insert:
    """INSERT … SELECT of the sums by these columns; what is there already is added to."""
    every = {**columns, **constants, **sums}
    grouped = (
        rows.add_columns(*every.values()).group_by(*columns.values()).order_by(*columns.values())
    )
    statement = insert_or_add(table).from_select(list(every), grouped)
    totals = {name: getattr(table, name) + statement.excluded[name] for name in sums}
    return statement.on_conflict_do_update(index_elements=key, set_=totals)


def _events(
    unit: Unit, charge: FromClause, event_id: ColumnElement[int], followed: ColumnElement[Any]
) -> AnySelect:
    """The rows of the events, each with its item; columns as in `_insert_events`."""
    of_event = [charge.c[name] if name in charge.c else null() for name in OF_EVENT]
    written = [literal(unit.now, Instant()), literal(unit.actor.name, Event.actor.type)]
    rows = select(event_id, BillItem.id, followed, *written, *of_event).select_from(charge)
    return rows.join(Bill, bill_of(charge)).join(BillItem, item_of(charge))


def _insert_events(rows: AnySelect) -> Insert:
    columns = ["id", "item_id", "followed_id", "recorded_at", "actor", *OF_EVENT]
    return insert(Event).from_select(columns, rows, include_defaults=False)


async def _count_for_balances(unit: Unit, charge: FromClause) -> None:
    sums = select(charge.c.bill_unit_id, func.sum(charge.c.amount).label("amount")).group_by(
        charge.c.bill_unit_id
    )
    of_unit = sums.subquery("of_unit")
    statement = update(BillUnit).where(BillUnit.id == of_unit.c.bill_unit_id)
    await unit.session.execute(
        statement.values(balance=BillUnit.balance + of_unit.c.amount), execution_options=AS_IT_IS
    )


def _entered_items(entry: FromClause) -> Update:
    """Items of other bill units: what is entered counts for the account of the bill, as what has passed to it does."""
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


def _empty_bills(unit: Unit, move: FromClause) -> Insert:
    """The bills that are missing of those that items move to."""
    columns = {
        "bill_unit_id": move.c.payer_id,
        "account_id": move.c.payer_account_id,
        "currency": move.c.currency,
        "period_start": move.c.starts_on,
        "period_end": move.c.ends_on,
        "number": move.c.number,
    }
    # SQLite would take ON CONFLICT for the end of a join: GROUP BY lies between.
    rows = select(*columns.values(), literal(unit.now, Instant())).group_by(*columns.values())
    statement = insert_or_add(Bill).from_select([*columns, "created_at"], rows)
    return statement.on_conflict_do_nothing(index_elements=[Bill.bill_unit_id, Bill.period_end])
