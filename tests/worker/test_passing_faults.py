"""Only transient faults of the database are retried (rules 4.7)."""

import asyncio
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import text

from tenure.kernel.db import Database
from tenure.kernel.faults import is_transient
from tests.server import free_port

HOST = "postgresql://postgres@127.0.0.1"

Kill = Callable[[int], Awaitable[None]]


async def fault_of(
    url: str, *, pool_size: int = 1, do: Callable[[Database], Awaitable[None]] | None = None
) -> Exception:
    """What is raised by asking that database something, or by `do`."""
    database = Database(url, pool_size=pool_size)
    try:
        with pytest.raises(Exception) as fault:  # noqa: PT011 - whatever it is
            await (do or Database.ping)(database)
    finally:
        await database.close()
    return fault.value


@asynccontextmanager
async def server(answer: bytes | None) -> AsyncIterator[int]:
    """A server that answers so to whoever asks, or closes at once; gives its port."""

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is not None:
            await reader.read(8)
            writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(answering, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


def refusal(state: str) -> bytes:
    """PostgreSQL's own message with this SQLSTATE."""
    body = f"SFATAL\0VFATAL\0C{state}\0Mnot now\0\0".encode()
    return b"E" + struct.pack("!i", len(body) + 4) + body


async def test_nobody_listens() -> None:
    assert is_transient(await fault_of(f"{HOST}:{free_port()}/x"))


@pytest.mark.parametrize(
    "url", ["postgresql://postgres@nowhere.invalid/x", "postgresql://postgres@/x?host=/nowhere"]
)
async def test_its_address_is_not_there(url: str) -> None:
    """A name server that is down, a socket that PostgreSQL has not made yet."""
    assert is_transient(await fault_of(url))


@pytest.mark.parametrize(
    "answer",
    [None, refusal("57P03"), refusal("57P01"), refusal("53300")],
    ids=["gone", "starting up", "shutting down", "too many clients"],
)
async def test_it_lets_nobody_in(answer: bytes | None) -> None:
    async with server(answer) as port:
        assert is_transient(await fault_of(f"{HOST}:{port}/x?ssl=disable"))


@pytest.mark.parametrize(
    "statement", [None, "SELECT 1", "SELECT pg_sleep(20)"], ids=["commit", "next", "within"]
)
async def test_it_cuts_us_off(postgres_url: str, statement: str | None) -> None:
    """Before the commit, before a statement, in the middle of one."""
    administrator = await asyncpg.connect(postgres_url.partition("?")[0], ssl=False)

    async def be_cut_off(database: Database) -> None:
        async with database.engine.connect() as connection:
            pid = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            within = statement is not None and "sleep" in statement
            running = (
                asyncio.ensure_future(connection.execute(text(statement)))
                if statement and within
                else None
            )
            await asyncio.sleep(0)
            await administrator.execute("SELECT pg_terminate_backend($1, 5000)", pid)
            if running is not None:
                await running
            elif statement is not None:
                await connection.execute(text(statement))
            await connection.commit()

    try:
        assert is_transient(await fault_of(postgres_url, do=be_cut_off))
    finally:
        await administrator.close()


async def test_every_connection_is_taken(postgres_url: str) -> None:
    async def take_two(database: Database) -> None:
        database.engine.pool._timeout = 0.05  # type: ignore[attr-defined]
        async with database.engine.connect(), database.engine.connect():
            pass

    assert is_transient(await fault_of(postgres_url, do=take_two))


async def test_what_does_not_pass(postgres_url: str) -> None:
    async def ask_nonsense(database: Database) -> None:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT nonsense"))

    assert not is_transient(await fault_of(postgres_url, do=ask_nonsense))
    assert not is_transient(await fault_of(postgres_url.replace("tenure_test_", "tenure_nowhere_")))
    assert not is_transient(ZeroDivisionError())
