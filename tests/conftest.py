"""What tests stand on: both databases, migrated as in production, and units opened as the edges open them."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from sqlalchemy import event

from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Base, Database
from tenure.kernel.gc_tuning import freeze_gc
from tenure.kernel.unit import Runtime
from tenure.tables import ALL_TABLES
from tests.services import POSTGRES, POSTGRES_URL

ANA = Actor("ana@example.com", Role.ADMIN)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)

# A traceback in colors and boxes takes half a second to draw; tests that cause faults are many.
structlog.configure(
    [
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

# One for each database of this process: an engine keeps the statements that it has compiled, the large ones at a price.
OPENED: dict[str, Database] = {}

# Tables whose rows are made by the migrations.
KEPT_TABLES = {"business", "schema_compatibility"}


def pytest_collection_finish() -> None:
    """Everything is loaded by now, and the collector need not look through it after every few tests."""
    freeze_gc()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """One event loop for the session."""
    return "asyncio"


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that the migrations made, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tenure.db"
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    await database.close()
    return path


@pytest.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """A database of this test process on the local server, made by the migrations."""
    name = f"tenure_test_{uuid.uuid4().hex[:12]}"
    POSTGRES.need()
    server = await asyncpg.connect(f"{POSTGRES_URL}/postgres", timeout=5)
    await server.execute(f"CREATE DATABASE {name}")
    await server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    # Where a connection is given up while it is asked for TLS, asyncpg leaves a failed future that nobody waits for.
    url = f"{POSTGRES_URL}/{name}?ssl=disable"
    database = Database(url)
    await database.migrate()
    await database.close()
    yield url
    if url in OPENED:
        await OPENED[url].close()
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database: each test that uses it runs on SQLite and on PostgreSQL. SQLite's is empty."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    migrated: Path = request.getfixturevalue("migrated_sqlite")
    path = migrated.with_name("test.db")
    for part in ("", "-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)
    shutil.copy(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database, empty."""
    opened = OPENED.get(database_url)
    if opened is None:
        opened = OPENED[database_url] = Database(database_url)
        if opened.is_sqlite:
            event.listen(opened.engine.sync_engine, "connect", _trust_the_power_supply)
    if not opened.is_sqlite:
        await empty(opened)
    yield opened
    if opened.is_sqlite:
        await opened.close()


@pytest.fixture
async def runtime(database: Database) -> Runtime:
    """Where units are opened; the business clock can be set and stands at NOON."""
    place = Runtime(database, clock_settable=True)
    await set_clock(place, NOON)
    return place


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not read the developer's TENURE_ variables."""
    for name in [name for name in os.environ if name.startswith("TENURE_") and "TEST" not in name]:
        if name != "TENURE_SHARED":
            monkeypatch.delenv(name)


async def empty(database: Database) -> None:
    """Take every row out of a PostgreSQL test database and count from one again.

    Ten times as fast as TRUNCATE, which makes files; the replica role leaves triggers and foreign keys alone.
    """
    tables = [table for table in ALL_TABLES.sorted_tables if table.name not in KEPT_TABLES]
    sequences = "SELECT setval(c.oid, 1, false) FROM pg_class c WHERE c.relkind = 'S'"
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in tables:
            await connection.exec_driver_sql(f"DELETE FROM {table.name}")
        await connection.exec_driver_sql(sequences)
        await connection.exec_driver_sql("DELETE FROM business")
        await connection.exec_driver_sql(
            "INSERT INTO business VALUES (1, 'UTC', false, true, NULL, 30, 30, NULL)"
        )


def _trust_the_power_supply(connection: Any, _record: object) -> None:
    """Tests need not survive a power failure, and run faster without waiting for the disk."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def set_clock(runtime: Runtime, now: datetime) -> None:
    """Put the business clock anywhere, also back."""
    clock = Base.metadata.tables["business"]
    async with runtime.database.engine.begin() as connection:
        await connection.execute(clock.update().values(clock_set_to=now))
