"""Reading events: the places in the sequence that a change writes to, and what was written there."""

from collections.abc import Iterable, Sequence

from sqlalchemy import BigInteger, ColumnElement, and_, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.events.models import Event
from tenure.kernel.dialects import new_event_id, table_of
from tenure.kernel.unit import Unit

# How many ids a block has.
BLOCK = 1024
LAST = literal(2**63 - 1, BigInteger)


async def new_change(unit: Unit) -> int:
    """The id of a change that is about to be written: its events lie at or behind this place."""
    return int((await unit.session.execute(select(new_event_id()))).scalar_one())


async def new_events(unit: Unit, count: int) -> list[int]:
    """The ids of so many events that are about to be written, in their order."""
    rows = table_of(unit.session, "place", {"place": Event.id.type}, [{"place": place} for place in range(count)])
    return sorted((await unit.session.execute(select(new_event_id()).select_from(rows))).scalars())


def of_change(change_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The events of one change, found by the end of the primary key.

    That there is a last id is no news, but without it PostgreSQL takes the end for a third of all events, and reads all.
    """
    return and_(Event.id.between(change_id, LAST), Event.change_id == change_id)


def block_of(event_id: int) -> int:
    """The block of ids that this one lies in."""
    return event_id // BLOCK


async def newest_event(session: AsyncSession) -> int:
    """The greatest id that can be seen; 0 where nothing has happened yet."""
    return int((await session.execute(select(func.coalesce(func.max(Event.id), 0)))).scalar_one())


async def counts_by_block(session: AsyncSession, first: int) -> dict[int, int]:
    """How many events can be seen in each block from `first` on; blocks without any are left out."""
    block = Event.id.op("/")(literal_column(str(BLOCK)))
    statement = select(block, func.count()).where(Event.id >= first * BLOCK).group_by(block)
    return {row[0]: row[1] for row in await session.execute(statement)}


async def written_in(session: AsyncSession, blocks: Iterable[int]) -> Sequence[tuple[int, int]]:
    """The ids of the events in these blocks, each with its account's, in order."""
    ranges: list[list[int]] = []
    for block in sorted(blocks):
        if ranges and ranges[-1][1] == block - 1:
            ranges[-1][1] = block
        else:
            ranges.append([block, block])
    if not ranges:
        return []
    within = or_(*(Event.id.between(first * BLOCK, (last + 1) * BLOCK - 1) for first, last in ranges))
    found = await session.execute(select(Event.id, Event.account_id).where(within).order_by(Event.id))
    return [(event_id, account_id) for event_id, account_id in found]
