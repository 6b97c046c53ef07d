"""Keeping what rounding has left over of usage (rules 6.3)."""

from collections.abc import Mapping

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite has the same syntax.

from tenure.events.models import Event
from tenure.kernel.dialects import table_of
from tenure.kernel.unit import Unit
from tenure.rating.models import UsageRemainder
from tenure.rating.rules import ItemKey, Remainders


async def save_remainders(unit: Unit, remainders: Remainders, event_of: Mapping[ItemKey, int]) -> None:
    """Keep what has changed. `event_of` has an event of each item: it knows the item's id."""
    rows = [
        {"event_id": event_of[key.item], "offer_id": key.offer_id, "off_id": key.off_id, "remainder": f"{rest:f}"}
        for key, rest in remainders.to_save().items()
    ]
    if not rows:
        return
    identifier = Event.id.type
    columns = {"event_id": identifier, "offer_id": identifier, "off_id": identifier, "remainder": String(64)}
    given = table_of(unit.session, "given", columns, rows)
    found = select(Event.item_id, given.c.offer_id, given.c.off_id, given.c.remainder)
    found = found.join(given, given.c.event_id == Event.id).where(Event.item_id.is_not(None))
    names = ["item_id", "offer_id", "off_id"]
    statement = insert_or_update(UsageRemainder).from_select([*names, "remainder"], found)
    changes = {"remainder": statement.excluded.remainder}
    await unit.session.execute(statement.on_conflict_do_update(index_elements=names, set_=changes))
