"""Connections: what is kept open is used again, what the server has closed is opened anew."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import text

from tenure.kernel.db import Database

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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_row_is_read_by_an_open_connection_or_by_a_new_one(database_url: str) -> None:
    """The connection is kept open; the server may have closed it meanwhile."""
    database = Database(database_url, pool_size=1)
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


async def test_one_statement_has_no_transaction_around_it(database: Database) -> None:
    """What was changed meanwhile is seen by the next statement of the same connection."""
    counting = text("SELECT count(*) FROM account")
    async with database.connection() as connection:
        assert (await connection.execute(counting)).scalar_one() == 0
        if not database.is_sqlite:
            raw = await connection.get_raw_connection()
            assert not raw.driver_connection.is_in_transaction()
