"""Deferred actions: due ones in the order in which they run, and locked ones (rules 4.5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.deferred.models import DUE, DeferredAction, DeferredKind, DeferredStatus, Due
from tenure.kernel.clock import start_of
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.locks import for_key_share, for_no_key_update, for_update
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

# The table of the package `accounts`, which is above this one.
ACCOUNT = table("account", column("id", BigInteger), column("number", String))
NEW_PARENTS = bindparam("param_new_parents", type_=IdList())
# The statuses of counted actions, in their order.
COUNTED = sorted(DeferredStatus)


def is_due(until: datetime) -> ColumnElement[bool]:
    """Pending actions that are due by `until`."""
    return and_(
        DeferredAction.status == DeferredStatus.PENDING, DeferredAction.scheduled_for <= until
    )


async def count_due(session: AsyncSession, until: datetime) -> int:
    """The number of actions that are due by `until`."""
    return int((await session.execute(select(func.count()).where(is_due(until)))).scalar_one())


async def count_by_day(
    session: AsyncSession,
    days: Sequence[date],
    time_zone: str,
    filters: Sequence[ColumnElement[bool]] = (),
) -> Sequence[tuple[date, DeferredStatus, int]]:
    """The number of actions on each of these consecutive days, by status."""
    begins = [start_of(day, time_zone) for day in [*days, days[-1] + timedelta(days=1)]]
    moments = [literal(it, DeferredAction.scheduled_for.type) for it in begins]
    return [
        (days[place], status, count)
        for place, *counts in await session.execute(counts_by_day(moments, filters))
        for status, count in zip(COUNTED, counts, strict=True)
        if count
    ]


def counts_by_day(
    begins: Sequence[ColumnElement[datetime]], filters: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    """Rows of the place of a day, and its number of actions with each status of COUNTED.

    `begins` are the starts of consecutive days, then the end of the last one. A day without actions
    has no row. SQLite has no time zones, so the statement gets the start of each day. On
    PostgreSQL, assigning rows to days by a CASE takes a fifth of the time of a join with the days.
    The actions are found by the index `ix_deferred_action_scheduled_for_id`.
    """
    moment = DeferredAction.scheduled_for
    place = case(*((moment < end, place) for place, end in enumerate(begins[1:])))
    within = select(place.label("place"), DeferredAction.status).where(
        moment >= begins[0], moment < begins[-1]
    )
    found = within.where(*filters).subquery()
    counts = [func.count().filter(found.c.status == it).label(it.name) for it in COUNTED]
    return select(found.c.place, *counts).group_by(found.c.place).order_by(found.c.place)


async def unclaimed(unit: Unit, until: datetime, *, limit: int) -> Sequence[Due]:
    """The next due actions that no worker has locked, in order.

    Actions that a user is changing right now are included.
    """
    due = (
        select(*DUE).where(is_due(until)).order_by(DeferredAction.scheduled_for, DeferredAction.id)
    )
    return await _unlocked(unit, due.limit(limit))


async def released_since(unit: Unit, seen: Sequence[Due]) -> Sequence[Due]:
    """Pending actions before the last seen one that were locked then, and released since.

    The transaction that had locked them was rolled back.
    """
    last = seen[-1]
    sooner = DeferredAction.scheduled_for < last.scheduled_for
    before = or_(
        sooner,
        and_(DeferredAction.scheduled_for == last.scheduled_for, DeferredAction.id < last.id),
    )
    pending = select(DeferredAction.id).where(is_due(last.scheduled_for), before)
    unseen = set((await unit.connection.execute(pending)).scalars()) - {
        action.id for action in seen
    }
    if not unseen:
        return []
    return await _unlocked(
        unit, select(*DUE).where(is_due(last.scheduled_for), in_ids(DeferredAction.id, unseen))
    )


async def locked_due(unit: Unit, until: datetime, action_ids: Collection[int]) -> set[int]:
    """The actions that are still due and not locked by others, locked until the unit ends."""
    due = select(DeferredAction.id).where(is_due(until), in_ids(DeferredAction.id, action_ids))
    return set((await unit.connection.execute(for_update(due, skip_locked=True))).scalars())


async def still_pending(unit: Unit, action_ids: Sequence[int]) -> Sequence[int]:
    """The actions that are neither settled nor cancelled, locked until the unit ends."""
    pending = DeferredAction.status == DeferredStatus.PENDING
    statement = select(DeferredAction.id).where(in_ids(DeferredAction.id, action_ids), pending)
    statement = for_no_key_update(statement)
    return (await unit.session.execute(statement.order_by(DeferredAction.id))).scalars().all()


def new_parent_number() -> ColumnElement[str | None]:
    """The number of the account to which an action moves another one; null for other actions."""
    number = select(ACCOUNT.c.number).where(ACCOUNT.c.id == DeferredAction.new_parent_id)
    return number.scalar_subquery()


async def new_parent_numbers(
    unit: Unit, actions: Collection[Mapping[str, object]]
) -> dict[object, str]:
    """The numbers of the accounts to which these actions move other ones, by id."""
    ids = {action.get("new_parent_id") for action in actions} - {None}
    if not ids:
        return {}
    found = await execute(unit.connection, _numbers(), {NEW_PARENTS.key: list(ids)})
    return {row.id: row.number for row in found}


@cache
def _numbers() -> Select[Any]:
    return select(ACCOUNT.c.id, ACCOUNT.c.number).where(in_ids(ACCOUNT.c.id, NEW_PARENTS))


async def hold_changes(unit: Unit, action_ids: Collection[int]) -> dict[int, int | None]:
    """The change that set the hold of each paired reactivation, or None where there is none."""
    columns = (DeferredAction.id, DeferredAction.hold_change_id)
    rows = await unit.session.execute(select(*columns).where(in_ids(DeferredAction.id, action_ids)))
    return {row.id: row.hold_change_id for row in rows}


async def kinds_of(unit: Unit, action_ids: Collection[int]) -> set[DeferredKind]:
    """The kinds of these actions, which never change."""
    kinds = select(DeferredAction.kind).where(in_ids(DeferredAction.id, action_ids)).distinct()
    return set((await unit.session.execute(kinds)).scalars())


async def locked_pairs(unit: Unit, action_ids: Collection[int]) -> dict[int, DeferredAction]:
    """The actions and their partners by id, locked until the unit ends, in the order of their ids.

    Unknown ids are left out. `unclaimed` still returns these actions.
    """
    partners = select(DeferredAction.paired_with_id).where(
        in_ids(DeferredAction.id, action_ids), DeferredAction.paired_with_id.is_not(None)
    )
    partner_ids = (await unit.session.execute(partners)).scalars()
    ids = {*action_ids, *(it for it in partner_ids if it is not None)}
    actions = select(DeferredAction).where(in_ids(DeferredAction.id, ids))
    locked = for_no_key_update(actions.order_by(DeferredAction.id))
    rows = await unit.session.execute(locked, execution_options={"populate_existing": True})
    return {action.id: action for action in rows.scalars()}


async def _unlocked(unit: Unit, actions: Select[Any]) -> Sequence[Due]:
    """The actions that no worker has locked for update.

    FOR KEY SHARE, the weakest lock, conflicts with a worker's lock only, and blocks nobody.
    """
    weakly = for_key_share(actions, skip_locked=True)
    return [Due(*row) for row in await unit.connection.execute(weakly)]
