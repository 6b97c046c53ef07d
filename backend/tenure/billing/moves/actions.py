"""Moving unbilled charges to another payer (rules 5.3)."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import (
    FromClause,
    Insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_add,  # SQLite has the same syntax.
)

from tenure.billing.bills.actions import NO_SESSION_SYNC
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.bills.queries import is_bill_of, payers_to_charge
from tenure.billing.moves.queries import moves_as_table, recomputed_sums, unbilled_items
from tenure.billing.moves.rules import item_moves, moved_amounts
from tenure.kernel.db import Instant
from tenure.kernel.unit import Unit


async def move_unbilled(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, Decimal]:
    """Move the unbilled charges of these bill units to their current payer; bills already made stay
    (rules 5.3). Returns the moved amount of each bill unit that has some.

    An amount already transferred to the former payer stays there, and is on that payer's next bill.
    """
    payers = await payers_to_charge(unit, bill_unit_ids)
    moving = list(item_moves(await unbilled_items(unit, bill_unit_ids), payers, unit.today))
    if not moving:
        return {}
    move = moves_as_table(unit, moving)
    await unit.session.execute(_insert_missing_bills(unit, move))
    to = (
        select(move.c.item_id, Bill.id.label("bill_id")).join(Bill, is_bill_of(move)).subquery("to")
    )
    moved = update(BillItem).where(BillItem.id == to.c.item_id).values(bill_id=to.c.bill_id)
    await unit.session.execute(moved, execution_options=NO_SESSION_SYNC)
    sums = recomputed_sums({one.item.bill_id for one in moving}, move).subquery("sums")
    counted = {column.name: column for column in sums.c if column.name != "id"}
    await unit.session.execute(
        update(Bill).where(Bill.id == sums.c.id).values(counted), execution_options=NO_SESSION_SYNC
    )
    return moved_amounts(moving)


def _insert_missing_bills(unit: Unit, move: FromClause) -> Insert:
    """Insert the bills that items move to where they are missing."""
    columns = {
        "bill_unit_id": move.c.payer_id,
        "account_id": move.c.payer_account_id,
        "currency": move.c.currency,
        "period_start": move.c.starts_on,
        "period_end": move.c.ends_on,
        "number": move.c.number,
    }
    # SQLite parses ON CONFLICT after a join as a join condition; the GROUP BY in between avoids
    # that.
    rows = select(*columns.values(), literal(unit.now, Instant())).group_by(*columns.values())
    statement = insert_or_add(Bill).from_select([*columns, "created_at"], rows)
    return statement.on_conflict_do_nothing(index_elements=[Bill.bill_unit_id, Bill.period_end])
