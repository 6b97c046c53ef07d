"""The feed follows commits: every committed event once, in the order of the commits."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic

import pytest
from sqlalchemy import insert, select

from tenure.events.actions import record
from tenure.events.models import Event, EventCommit, EventKind
from tenure.events.queries import newest_position
from tenure.graphql.http.feed import EventFeed, Listener
from tenure.kernel.unit import Runtime, Unit
from tests.conftest import ANA, NOON
from tests.waiting import PATIENCE

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
CARLA, MIKA = 1, 2


async def note(unit: Unit, account_id: int, what: str) -> int:
    """Write an event in a transaction that is still open."""
    return await record(unit, EventKind.ACCOUNT_CHANGE, account_id, what)


async def commit(runtime: Runtime, account_id: int, what: str) -> int:
    """Write an event in a transaction of its own."""
    async with runtime.unit(ANA) as unit:
        return await note(unit, account_id, what)


async def commit_many(runtime: Runtime, count: int) -> None:
    """Write so many events in one transaction."""
    async with runtime.unit(ANA) as unit:
        same = {"kind": EventKind.ACCOUNT_CHANGE, "account_id": MIKA, "description": "many"}
        times = {"occurred_at": unit.now, "recorded_at": unit.now, "actor": "ana"}
        await unit.session.execute(insert(Event), [same | times for _ in range(count)])


def feed_of(runtime: Runtime, interval: float = 0.02) -> EventFeed:
    """The feed of one server process."""
    return EventFeed(runtime.database, interval=interval)


async def heard(listener: Listener, count: int) -> list[int]:
    """The next events, at least so many."""
    ids: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while len(ids) < count:
            ids += await listener.next_batch()
    return ids


async def is_silent(listener: Listener) -> bool:
    """True where several queries in a row find nothing for the listener."""
    await asyncio.sleep(0.15)
    return not listener.queue


@asynccontextmanager
async def listening(runtime: Runtime, count: int) -> AsyncIterator[list[Listener]]:
    """Two listeners in each of `count` processes; the second of each hears of Carla alone."""
    async with AsyncExitStack() as stack:
        listeners = []
        for _ in range(count):
            feed = feed_of(runtime)
            listeners.append(await stack.enter_async_context(feed.subscribe()))
            listeners.append(await stack.enter_async_context(feed.subscribe(CARLA)))
        yield listeners


@ON_POSTGRESQL
async def test_commits_in_reverse_order_of_ids(runtime: Runtime) -> None:
    async with listening(runtime, 1) as [everything, of_carla]:
        async with runtime.unit(ANA) as first:
            early = await note(first, CARLA, "early id, late commit")
            late = await commit(runtime, CARLA, "late id, early commit")
            assert early < late
            assert await heard(everything, 1) == [late]
            assert await is_silent(everything)
        assert await heard(everything, 1) == [early]
        assert await heard(of_carla, 2) == [late, early]
        assert await is_silent(everything)


@ON_POSTGRESQL
async def test_a_transaction_may_take_any_time(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than 30 s, while thousands of events of others are committed and delivered."""
    async with listening(runtime, 1) as [everything, of_carla]:
        async with runtime.unit(ANA) as slow:
            early = await note(slow, CARLA, "committed after an hour")
            await commit_many(runtime, 3000)
            await heard(everything, 3000)
            later = monotonic() + 3600
            monkeypatch.setattr("tenure.graphql.http.feed.monotonic", lambda: later, raising=False)
            await commit_many(runtime, 1)
            await heard(everything, 1)
        assert await heard(everything, 1) == [early]
        assert await heard(of_carla, 1) == [early]
        assert await is_silent(everything)


@ON_POSTGRESQL
async def test_a_restarted_server_follows_transactions_that_began_before_it(
    runtime: Runtime,
) -> None:
    """Its listeners hear of what was committed after they began, however old its ids are."""
    async with runtime.unit(ANA) as slow:
        early = await note(slow, CARLA, "begun before the restart")
        await commit_many(runtime, 10_000)
        async with listening(runtime, 2) as listeners:
            assert await is_silent(listeners[0])
            await slow.session.commit()
            assert [await heard(it, 1) for it in listeners] == [[early]] * 4
            assert await is_silent(listeners[0])


@ON_POSTGRESQL
async def test_what_depends_on_a_commit_comes_after_it(runtime: Runtime) -> None:
    """Between two queries, by a transaction that began first and went on after the other commit."""
    feed = feed_of(runtime, interval=0.5)
    async with feed.subscribe(CARLA) as listener:
        await asyncio.sleep(0.05)
        async with runtime.unit(ANA) as waits:
            await note(waits, MIKA, "begun first")
            one = await commit(runtime, CARLA, "one")
            two = await note(waits, CARLA, "two")
        assert await heard(listener, 2) == [one, two]


async def test_every_process_hears_the_same_once(runtime: Runtime) -> None:
    """Many writers at once, two processes: each event once, in one order for all."""

    async def write(account_id: int) -> list[int]:
        return [await commit(runtime, account_id, str(number)) for number in range(8)]

    async with listening(runtime, 2) as [first, of_carla, second, of_carla_too]:
        written = await asyncio.gather(*(write(account_id) for account_id in (CARLA, MIKA, 3, 4)))
        ids = await heard(first, 32)
        assert sorted(ids) == sorted(it for some in written for it in some)
        assert await heard(second, 32) == ids
        # Those of one account, each of which was committed before the next was begun, in order.
        assert await heard(of_carla, 8) == await heard(of_carla_too, 8) == written[0]
        assert await is_silent(first)
        assert await is_silent(second)


async def test_nothing_is_delivered_of_what_was_rolled_back(runtime: Runtime) -> None:
    async with listening(runtime, 1) as [everything, _]:
        async with runtime.database.writing() as session:
            undone = {
                "kind": EventKind.ACCOUNT_CHANGE,
                "account_id": CARLA,
                "description": "undone",
            }
            times = {"occurred_at": NOON, "recorded_at": NOON, "actor": "ana"}
            await session.execute(insert(Event), [undone | times])
            await session.rollback()
        kept = await commit(runtime, CARLA, "kept")
        assert await heard(everything, 1) == [kept]
        assert await is_silent(everything)


@ON_POSTGRESQL
async def test_one_row_per_transaction_and_positions_without_gaps(runtime: Runtime) -> None:
    """Many statements of one transaction extend one row; positions follow commits."""
    await commit_many(runtime, 5)
    async with runtime.unit(ANA) as unit:
        ids = [await note(unit, CARLA, str(number)) for number in range(3)]
    async with runtime.database.connection() as connection:
        newest = await newest_position(connection)
    async with runtime.database.reading() as session:
        rows = (await session.scalars(select(EventCommit).order_by(EventCommit.id))).all()
    assert [row.position for row in rows] == [1, 2]
    assert newest == 2
    assert (rows[1].first_event_id, rows[1].last_event_id) == (ids[0], ids[-1])
