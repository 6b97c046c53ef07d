"""Writing events, always in the transaction of the change that they tell of."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from sqlalchemy import insert

from tenure.events.models import Event, EventKind
from tenure.kernel.unit import Unit


class MoreOfEvent(TypedDict, total=False):
    """What an event may say beside whose it is and what happened."""

    service_id: int | None
    offer_id: int | None
    followed_id: int | None
    reason: str | None
    details: dict[str, Any] | None


async def record(
    unit: Unit, kind: EventKind, account_id: int, description: str, **more: Unpack[MoreOfEvent]
) -> int:
    """Write one event that takes effect now. Answers with its id."""
    event = Event(
        kind=kind,
        account_id=account_id,
        description=description,
        occurred_at=unit.now,
        recorded_at=unit.now,
        actor=unit.actor.name,
        **more,
    )
    unit.session.add(event)
    await unit.session.flush()
    return event.id


async def record_all(
    unit: Unit, kind: EventKind, events: Sequence[dict[str, object]]
) -> Sequence[int]:
    """Write events of one kind that take effect now, each with what it says. Answers with their ids, in order."""
    now = {"kind": kind, "occurred_at": unit.now, "recorded_at": unit.now, "actor": unit.actor.name}
    statement = insert(Event).returning(Event.id, sort_by_parameter_order=True)
    rows = [now | event for event in events]
    return (await unit.session.execute(statement, rows)).scalars().all() if rows else []
