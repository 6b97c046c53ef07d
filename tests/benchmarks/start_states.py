"""A database that is built once and copied for each measurement, so that all start equally."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from tenure.kernel.db import Database
from tests.services import POSTGRES, POSTGRES_URL


@dataclass(frozen=True, slots=True)
class StartState:
    """A PostgreSQL database that is only copied."""

    name: str

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[Database]:
        """A copy with the same rows and statistics, after a checkpoint; dropped afterwards."""
        name = f"{self.name}_copy"
        async with _server() as server:
            try:
                await server.execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
                await server.execute("CHECKPOINT")
                async with _opened(name) as database:
                    yield database
            finally:
                await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@asynccontextmanager
async def start_state(fill: Callable[[Database], Awaitable[None]]) -> AsyncIterator[StartState]:
    """A migrated database with the rows of `fill`, vacuumed and analyzed; dropped afterwards."""
    async with _migrated() as name:
        async with _opened(name) as database:
            await fill(database)
        async with _server(name) as settling:
            await settling.execute("VACUUM (ANALYZE)")
        yield StartState(name)


@asynccontextmanager
async def empty_database() -> AsyncIterator[Database]:
    """A migrated database without rows and statistics; dropped afterwards."""
    async with _migrated() as name, _opened(name) as database:
        yield database


@asynccontextmanager
async def _migrated() -> AsyncIterator[str]:
    POSTGRES.need()
    name = f"tenure_bench_{uuid.uuid4().hex[:12]}"
    async with _server() as server:
        try:
            await server.execute(f"CREATE DATABASE {name}")
            async with _opened(name) as database:
                await database.migrate()
            yield name
        finally:
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@asynccontextmanager
async def _opened(name: str) -> AsyncIterator[Database]:
    database = Database(f"{POSTGRES_URL}/{name}")
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def _server(name: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own, outside of any transaction."""
    connection = await asyncpg.connect(f"{POSTGRES_URL}/{name}")
    try:
        yield connection
    finally:
        await connection.close()
