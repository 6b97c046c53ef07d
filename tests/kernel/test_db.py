"""Connections: what is kept open is used again, what the server has closed is opened anew."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from tenure.kernel import postgresql
from tenure.kernel.db import Database
from tenure.kernel.faults import is_transient
from tests.faults.commit_proxy import commit_proxy
from tests.waiting import PATIENCE, wait_for

pytestmark = pytest.mark.anyio

MINE = text("SELECT pg_backend_pid()")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_the_server_has_closed_is_opened_anew(database_url: str) -> None:
    """The pool checks every idle connection, without a query to the server."""
    database = Database(database_url, pool_size=2)
    try:
        async with database.connection() as one, database.reading() as other:
            before = {(await it.execute(MINE)).scalar_one() for it in (one, other)}
        async with database.connection() as again:
            assert (await again.execute(MINE)).scalar_one() in before
        outside = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
        for pid in before:
            await outside.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        await outside.close()
        await asyncio.sleep(0.05)
        async with database.connection() as one, database.writing() as other:
            assert not before & {(await it.execute(MINE)).scalar_one() for it in (one, other)}
    finally:
        await database.close()


@pytest.mark.parametrize("pool_size", [1, 2])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_row_is_read_by_an_open_connection_or_by_a_new_one(
    database_url: str, pool_size: int
) -> None:
    """The connection is kept open; the server may have closed it meanwhile."""
    database = Database(database_url, pool_size=pool_size)
    try:
        [first] = await database.fetch_row("SELECT pg_backend_pid()", ())
        assert await database.fetch_row("SELECT pg_backend_pid()", ()) == (first,)
        outside = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
        await outside.execute("SELECT pg_terminate_backend($1, 5000)", first)
        await outside.close()
        await asyncio.sleep(0.05)
        [second] = await database.fetch_row("SELECT pg_backend_pid()", ())
        assert second != first
        assert await database.fetch_row("SELECT pg_backend_pid()", ()) == (second,)
    finally:
        await database.close()


@asynccontextmanager
async def lost(database_url: str, connections: int) -> AsyncIterator[Database]:
    """A database whose idle connections the server has ended; the driver has not seen it all.

    It has read that the server ends the connection, but the connection is still open. This state
    lasts for a moment when a connection is terminated, and as long as a proxy keeps its side open.
    """
    async with commit_proxy(database_url) as (proxy, url):
        proxy.keeps_open = True
        database = Database(url, pool_size=connections)
        async with AsyncExitStack() as all_of_them:
            opened = [
                await all_of_them.enter_async_context(database.connection())
                for _ in range(connections)
            ]
            pids = [(await it.execute(MINE)).scalar_one() for it in opened]
        outside = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
        for pid in pids:
            await outside.execute("SELECT pg_terminate_backend($1, 5000)", pid)
        await outside.close()
        await asyncio.sleep(0.05)
        proxy.keeps_open = False
        try:
            yield database
        finally:
            await database.close()


async def read_row(database: Database) -> None:
    assert await database.fetch_row("SELECT 1", ()) == (1,)


async def read_by_sqlalchemy(database: Database) -> None:
    async with database.reading() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1


async def read_in_a_transaction(database: Database) -> None:
    async with database.writing() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1


async def read_by_the_driver(database: Database) -> None:
    async with database.connection() as connection:
        assert await postgresql.fetch(connection, "SELECT 1", ()) == [(1,)]


@pytest.mark.parametrize(
    "read", [read_row, read_by_sqlalchemy, read_in_a_transaction, read_by_the_driver]
)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connection_that_is_being_ended_is_a_transient_fault(
    database_url: str, read: Callable[[Database], Awaitable[None]]
) -> None:
    """Such a connection fails once at most, and is replaced."""
    faults = []
    async with lost(database_url, connections=2) as database:
        for _ in range(2):
            try:
                await read(database)
            except DBAPIError as fault:
                faults.append(fault)
        await read(database)
        await read(database)
    assert faults
    assert all(is_transient(it) for it in faults)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_are_kept_for_rows_for_a_moment(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that the pool has no other of is returned at once."""
    monkeypatch.setattr(postgresql, "SECONDS_KEPT", 600)
    database = Database(database_url, pool_size=2)
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    taken: list[object] = []
    event.listen(database.engine.sync_engine, "checkout", lambda *given: taken.append(given))
    try:
        for _ in range(3):
            await database.fetch_row("SELECT 1", ())
        assert (len(taken), pool.checkedout()) == (1, 1)
        async with database.connection():
            await database.fetch_row("SELECT 1", ())
            assert (len(taken), pool.checkedout()) == (2, 1)
    finally:
        await database.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_connections_that_are_kept_return_to_the_pool(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SECONDS_KEPT", 0.01)
    database = Database(database_url, pool_size=2)
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)

    async def are_returned() -> bool:
        return pool.checkedout() == 0

    try:
        for _ in range(2):
            await asyncio.gather(*(database.fetch_row("SELECT 1", ()) for _ in range(2)))
            await wait_for(are_returned, PATIENCE, "A connection is still kept.")
    finally:
        await database.close()


async def test_one_statement_has_no_transaction_around_it(database: Database) -> None:
    """What was changed meanwhile is seen by the next statement of the same connection."""
    counting = text("SELECT count(*) FROM account")
    async with database.connection() as connection:
        assert (await connection.execute(counting)).scalar_one() == 0
        if not database.is_sqlite:
            raw = await connection.get_raw_connection()
            assert not raw.driver_connection.is_in_transaction()
