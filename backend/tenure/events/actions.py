"""Records events, always in the transaction of the change that they describe."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import Dialect, Executable, String, bindparam, insert, select

from tenure.events.models import Event, EventKind
from tenure.events.queries import new_event_id
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

EVENTS = bindparam("param_events", type_=String)
# The columns of an event that the database fills in.
FROM_DATABASE = ("id", "transaction_id")


class EventFields(TypedDict, total=False):
    """The optional fields of an event."""

    service_id: int | None
    offer_id: int | None
    followed_id: int | None
    reason: str | None
    details: dict[str, Any] | None


async def record(
    unit: Unit, kind: EventKind, account_id: int, description: str, **fields: Unpack[EventFields]
) -> int:
    """Records one event that takes effect now. Returns its id."""
    [event_id] = await record_all(
        unit, kind, [{"account_id": account_id, "description": description, **fields}]
    )
    return event_id


async def record_all(
    unit: Unit, kind: EventKind, events: Sequence[dict[str, object]]
) -> Sequence[int]:
    """Records events of one kind that take effect now. Returns their ids, in order.

    Changes of entities in the session are written before.
    """
    if not events:
        return []
    await unit.session.flush()
    now = {"kind": kind, "occurred_at": unit.now, "recorded_at": unit.now, "actor": unit.actor.name}
    dialect = unit.session.get_bind().dialect
    rows = rows_parameter(dialect, [{**now, **event} for event in events])
    inserted = await execute(unit.connection, _insert_events(dialect), {EVENTS.key: rows})
    return sorted(inserted.scalars())


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _insert_events(dialect: Dialect) -> Executable:
    """Inserts the events in EVENTS, whose ids are in their order. Returns the ids."""
    columns = {it.name: it.type for it in Event.__table__.c if it.name not in FROM_DATABASE}
    event = parameter_as_table(dialect, "new_event", columns, EVENTS)
    rows = select(new_event_id(), *event.c)
    inserting = insert(Event).from_select(["id", *columns], rows, include_defaults=False)
    return inserting.returning(Event.id)
