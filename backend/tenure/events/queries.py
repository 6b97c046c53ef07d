"""Ids for new events, the events of a change, and events committed since a position."""

from collections.abc import Sequence
from functools import cache, lru_cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from tenure.events.models import Event, EventCommit
from tenure.kernel.dialects import in_ids, is_of_this_transaction, new_row_id
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

# No event has this id or a later one.
LAST_ID = 2**63 - 1
LAST = literal(LAST_ID, BigInteger)
PLACES = bindparam("param_places", type_=String)


def new_event_id() -> ColumnElement[int]:
    """A new event id for each row of a SELECT."""
    return new_row_id(Event.__tablename__)


async def new_change(unit: Unit) -> int:
    """The id for a change that is about to be written; its events have this id or a later one."""
    return int((await execute(unit.connection, _new_event_id())).scalar_one())


@cache
def _new_event_id() -> Select[int]:
    return select(new_event_id())


async def has_events(unit: Unit, change_id: int) -> bool:
    """True if a change has written events."""
    first = select(Event.id).where(of_change(literal(change_id))).limit(1)
    return (await unit.session.execute(first)).first() is not None


async def new_events(unit: Unit, count: int) -> list[int]:
    """Ids for `count` events that are about to be written, in order."""
    dialect = unit.session.get_bind().dialect
    places = rows_parameter(dialect, [{"place": place} for place in range(count)])
    ids = await execute(unit.connection, _new_event_ids(dialect), {"param_places": places})
    return sorted(ids.scalars())


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _new_event_ids(dialect: Dialect) -> Select[int]:
    places = parameter_as_table(dialect, "place", {"place": Event.id.type}, PLACES)
    return select(new_event_id()).select_from(places)


def of_change(change_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The events of one change, found by the primary key.

    The upper bound changes no result. Without it PostgreSQL estimates a third of all events, and
    scans the table.
    """
    return and_(Event.id.between(change_id, LAST), Event.change_id == change_id)


def since_change(change_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The events that this transaction has written since the id of a change."""
    own = is_of_this_transaction(Event.transaction_id)
    return and_(Event.id.between(change_id, LAST), own)


def change_key() -> ColumnElement[str]:
    """The id of the change of an event as text, which no client can mistake for a number."""
    return cast(Event.change_id, String)


def is_of_account(expected: bool) -> ColumnElement[bool]:
    """Events of the account itself, or those of its assets if `expected` is false."""
    condition = and_(Event.service_id.is_(None), Event.offer_id.is_(None))
    return condition if expected else ~condition


async def newest_position(connection: AsyncConnection) -> int:
    """The position of the newest commit that wrote events; 0 if there is none.

    On PostgreSQL every commit so far gets its position first. One statement, outside of any
    transaction: the lock of the function must not be held by a client.
    """
    newest = (
        select(func.coalesce(func.max(Event.id), 0))
        if connection.dialect.name == "sqlite"
        else select(func.assign_event_positions())
    )
    return int((await connection.execute(newest)).scalar_one())


async def committed_between(
    session: AsyncSession, after: int, until: int
) -> Sequence[tuple[int, int]]:
    """The ids of the events whose commits have a position after `after` and up to `until`.

    In the order of the commits, each with its account's id.
    """
    columns = select(Event.id, Event.account_id)
    if session.get_bind().dialect.name == "sqlite":
        within = Event.id.between(after + 1, until)
        rows = await session.execute(columns.where(within).order_by(Event.id))
        return [(row.id, row.account_id) for row in rows]
    commits = await _commits_between(session, after, until)
    if not commits:
        return []
    first = min(commit.first_event_id for commit in commits)
    last = max(commit.last_event_id for commit in commits)
    of_transaction = {commit.transaction_id: commit for commit in commits}
    written = columns.add_columns(Event.transaction_id).where(
        Event.id.between(first, last), in_ids(Event.transaction_id, of_transaction)
    )
    found = [(of_transaction[row.transaction_id], row) for row in await session.execute(written)]
    # Transaction ids repeat after a database was restored to another server; ids of events do not.
    in_order = sorted(
        (commit.position or 0, row.id, row.account_id)
        for commit, row in found
        if commit.first_event_id <= row.id <= commit.last_event_id
    )
    return [(event_id, account_id) for _, event_id, account_id in in_order]


async def _commits_between(session: AsyncSession, after: int, until: int) -> Sequence[EventCommit]:
    within = EventCommit.position.between(after + 1, until)
    return (await session.scalars(select(EventCommit).where(within))).all()


async def position_of(session: AsyncSession, event_id: int) -> int | None:
    """The position of the commit that wrote an event.

    None if it has none: there is no such event, or it was written before commits were recorded.
    """
    if session.get_bind().dialect.name == "sqlite":
        found = await session.execute(select(Event.id).where(Event.id == event_id))
        return found.scalar_one_or_none()
    wrote = and_(
        EventCommit.transaction_id == Event.transaction_id,
        Event.id.between(EventCommit.first_event_id, EventCommit.last_event_id),
    )
    statement = select(EventCommit.position).join(Event, wrote).where(Event.id == event_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def committed_after(
    session: AsyncSession, event_id: int, position: int, until: int
) -> Sequence[tuple[int, int]]:
    """The events of the commit at `position` that follow an event, and those up to `until`."""
    events = await committed_between(session, position - 1, until)
    ids = [found for found, _ in events]
    return events[ids.index(event_id) + 1 :]
