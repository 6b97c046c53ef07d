"""Finding deferred actions: those that are due, in the order in which they take place (rules 4.5)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.deferred.models import DUE, DeferredAction, DeferredStatus, Due
from tenure.kernel.clock import start_of
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit


def is_due(until: datetime) -> ColumnElement[bool]:
    """Pending actions whose time has come by `until`."""
    return and_(
        DeferredAction.status == DeferredStatus.PENDING, DeferredAction.scheduled_for <= until
    )


async def count_due(session: AsyncSession, until: datetime) -> int:
    """How many actions are due by `until`."""
    return int((await session.execute(select(func.count()).where(is_due(until)))).scalar_one())


async def count_by_day(
    session: AsyncSession,
    days: Sequence[date],
    time_zone: str,
    narrowed: Sequence[ColumnElement[bool]] = (),
) -> Sequence[tuple[date, DeferredStatus, int]]:
    """How many actions take place on each of these days, which follow each other, by what has become of them.

    SQLite knows no time zones, so the statement is told when each day begins. Sorting rows into days by a CASE took
    PostgreSQL a fifth of the time that joining them with the days did.
    """
    begins = [start_of(day, time_zone) for day in [*days, days[-1] + timedelta(days=1)]]
    moment = DeferredAction.scheduled_for
    place = case(*((moment < end, place) for place, end in enumerate(begins[1:])))
    within = select(place.label("place"), DeferredAction.status).where(
        moment >= begins[0], moment < begins[-1]
    )
    found = within.where(*narrowed).subquery()
    columns = (found.c.place, found.c.status)
    counted = select(*columns, func.count()).group_by(*columns).order_by(*columns)
    return [(days[place], status, count) for place, status, count in await session.execute(counted)]


async def unclaimed(unit: Unit, until: datetime, *, limit: int) -> Sequence[Due]:
    """The next due actions that no worker has in hand, in their order; those that somebody changes by hand among them."""
    due = (
        select(*DUE).where(is_due(until)).order_by(DeferredAction.scheduled_for, DeferredAction.id)
    )
    return await _not_in_hand(unit, due.limit(limit))


async def released_since(unit: Unit, seen: Sequence[Due]) -> Sequence[Due]:
    """Pending actions between those that were seen: somebody had them in hand then, and has undone what he did."""
    last = seen[-1]
    sooner = DeferredAction.scheduled_for < last.scheduled_for
    before = or_(
        sooner,
        and_(DeferredAction.scheduled_for == last.scheduled_for, DeferredAction.id < last.id),
    )
    connection = await unit.session.connection()
    pending = select(DeferredAction.id).where(is_due(last.scheduled_for), before)
    unseen = set((await connection.execute(pending)).scalars()) - {action.id for action in seen}
    if not unseen:
        return []
    return await _not_in_hand(
        unit, select(*DUE).where(is_due(last.scheduled_for), in_ids(DeferredAction.id, unseen))
    )


async def to_carry_out(unit: Unit, until: datetime, action_ids: Collection[int]) -> set[int]:
    """Those of the actions that are still due and that nobody is changing; ours until the unit ends."""
    ours = select(DeferredAction.id).where(is_due(until), in_ids(DeferredAction.id, action_ids))
    return set(
        (
            await (await unit.session.connection()).execute(ours.with_for_update(skip_locked=True))
        ).scalars()
    )


async def still_pending(unit: Unit, action_ids: Sequence[int]) -> Sequence[int]:
    """Those of the actions that nobody has settled or cancelled; locked until the unit ends."""
    pending = DeferredAction.status == DeferredStatus.PENDING
    statement = select(DeferredAction.id).where(in_ids(DeferredAction.id, action_ids), pending)
    statement = statement.with_for_update(key_share=True)
    return (await unit.session.execute(statement.order_by(DeferredAction.id))).scalars().all()


async def locked_action(unit: Unit, action_id: int) -> DeferredAction:
    """The action, locked until the unit ends, though `unclaimed` goes on seeing it. Raises NOT_FOUND."""
    by_hand = {"key_share": True}
    action = await unit.session.get(
        DeferredAction, action_id, with_for_update=by_hand, populate_existing=True
    )
    if action is None:
        raise NotFoundError("deferred action", ())
    return action


async def hold_changes(unit: Unit, action_ids: Collection[int]) -> dict[int, int | None]:
    """For each of these returns the change that set its hold; None where its inactivation set none."""
    columns = (DeferredAction.id, DeferredAction.hold_change_id)
    rows = await unit.session.execute(select(*columns).where(in_ids(DeferredAction.id, action_ids)))
    return {row.id: row.hold_change_id for row in rows}


async def pair_to_change(
    unit: Unit, action_id: int
) -> tuple[DeferredAction, DeferredAction | None]:
    """The action and the one that it is paired with, both locked, the older first. Raises NOT_FOUND."""
    wanted = select(DeferredAction.paired_with_id).where(DeferredAction.id == action_id)
    partner_id = (await unit.session.execute(wanted)).scalar_one_or_none()
    found: dict[int, DeferredAction] = {}
    for key in sorted({action_id, partner_id or action_id}):
        found[key] = await locked_action(unit, key)
    return found[action_id], found.get(partner_id) if partner_id is not None else None


async def _not_in_hand(unit: Unit, actions: Select[Any]) -> Sequence[Due]:
    """By the weakest lock there is: it passes over what a worker has in hand, nothing else, and nobody waits for it."""
    weakly = actions.with_for_update(read=True, key_share=True, skip_locked=True)
    return [Due(*row) for row in await (await unit.session.connection()).execute(weakly)]
