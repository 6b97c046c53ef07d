"""Unbilled items and the bills that they move to, as rows that statements join."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    FromClause,
    Select,
    Subquery,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.bills.queries import BILL_COLUMNS, ID, is_bill_of
from tenure.billing.moves.rules import ItemMove, UnbilledItem
from tenure.kernel.dialects import in_ids
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit


async def unbilled_items(unit: Unit, bill_unit_ids: Collection[int]) -> list[UnbilledItem]:
    """Their items on pending bills, the oldest bill first, without those already transferred to a
    payer.
    """
    columns = (BillItem.id, BillItem.bill_unit_id, BillItem.kind, BillItem.service_id)
    of_bill = (Bill.id, Bill.bill_unit_id, Bill.period_end)
    amount = type_coerce(BillItem.total + BillItem.adjusted, BillItem.total.type)
    items = select(*columns, *of_bill, BillItem.held, amount).join(
        Bill, Bill.id == BillItem.bill_id
    )
    statement = items.where(in_ids(BillItem.bill_unit_id, bill_unit_ids), Bill.billed_on.is_(None))
    found = await unit.session.execute(
        statement.where(BillItem.transferred == 0).order_by(Bill.period_end, BillItem.id)
    )
    return [UnbilledItem(*row) for row in found]


def moves_as_table(unit: Unit, moves: Sequence[ItemMove]) -> Subquery:
    """The moves as a table, with the bill that each item moves to."""
    item: dict[str, TypeEngine[Any]] = {"item_id": ID, "from_bill_id": ID, "held": Bill.held.type}
    rows = [
        {"item_id": move.item.id, "from_bill_id": move.item.bill_id, "held": move.item.held}
        | {"currency": move.payer.currency}
        | move.payer.bill_columns(move.cycle)
        for move in moves
    ]
    return rows_as_table(
        unit.session, "move", item | {"currency": Bill.currency.type} | BILL_COLUMNS, rows
    )


def recomputed_sums(bill_ids: Collection[int], move: FromClause) -> Select[Any]:
    """The sums of these bills, and of the bills that items move to, computed from their items.

    A dispute of a whole bill stays on it; a dispute of an item moves with the item.
    """
    to = select(Bill.id).join(move, is_bill_of(move))
    came, went = (
        select(func.coalesce(func.sum(move.c.held), 0)).where(where).scalar_subquery()
        for where in (is_bill_of(move), move.c.from_bill_id == Bill.id)
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
