"""Records events, always in the transaction of the change that they describe."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from tenure.events.models import Event, EventKind
from tenure.events.queries import new_events
from tenure.kernel.db import insert_rows
from tenure.kernel.unit import Unit


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
    event = Event(
        kind=kind,
        account_id=account_id,
        description=description,
        occurred_at=unit.now,
        recorded_at=unit.now,
        actor=unit.actor.name,
        **fields,
    )
    unit.session.add(event)
    await unit.session.flush()
    return event.id


async def record_all(
    unit: Unit, kind: EventKind, events: Sequence[dict[str, object]]
) -> Sequence[int]:
    """Records events of one kind that take effect now. Returns their ids, in order."""
    if not events:
        return []
    now = {"kind": kind, "occurred_at": unit.now, "recorded_at": unit.now, "actor": unit.actor.name}
    # RETURNING with a sequence takes one statement per row.
    event_ids = await new_events(unit, len(events))
    rows = [
        {"id": event_id, **now, **event} for event_id, event in zip(event_ids, events, strict=True)
    ]
    await unit.session.execute(insert_rows(Event), rows)
    return event_ids
