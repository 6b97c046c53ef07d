"""Fixtures of all tests: SQLite and PostgreSQL, migrated as in production, and a Runtime."""

import os
import shutil
import ssl
import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import event

from tenure.identity import rules
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Base, Database
from tenure.kernel.gc_tuning import freeze_gc
from tenure.kernel.settings import WebhookSettings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tenure.tables import ALL_TABLES
from tests.databases import build_once, migrate
from tests.services import POSTGRES, POSTGRES_URL
from tests.waiting import PATIENCE

ANA = Actor("ana@example.com", Role.ADMIN)
SECRET_KEY = "of the tests " * 3
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)

# Formatting a colored traceback takes half a second, and many tests cause exceptions.
structlog.configure(
    [
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

# One Database per URL and process: an engine caches compiled statements, which are costly.
OPENED: dict[str, Database] = {}

# Tables whose rows the migrations insert.
KEPT_TABLES = {"business", "schema_compatibility"}

EMPTY = "; ".join(
    [
        "BEGIN",
        "SET LOCAL session_replication_role = replica",
        *(
            f"DELETE FROM {table.name}"
            for table in ALL_TABLES.sorted_tables
            if table.name not in KEPT_TABLES
        ),
        (
            "SELECT setval(seqrelid, 1, false) FROM pg_sequence"
            " WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
        ),
        "DELETE FROM business",
        "INSERT INTO business VALUES (1, 'UTC', false, true, NULL, 30, 30, NULL)",
        "COMMIT",
    ]
)


def pytest_collection_finish() -> None:
    """Excludes the loaded modules from garbage collection, which saves time in every test."""
    freeze_gc()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One event loop for the session: uvloop, as in the web server."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Argon2 at its least cost; a check of a password takes 50 ms by default."""
    with pytest.MonkeyPatch.context() as patch:
        quick = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(rules, "PasswordHasher", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_tls_context() -> Iterator[None]:
    """Certificates are read once; it takes 50 ms, and each client and application would do it."""
    create = httpx.create_ssl_context

    @cache
    def created(_certificates: str | None) -> ssl.SSLContext:
        return create()

    def shared(
        verify: ssl.SSLContext | str | bool = True, cert: Any = None, trust_env: bool = True
    ) -> ssl.SSLContext:
        if verify is True and cert is None and trust_env:
            return created(os.environ.get("SSL_CERT_FILE"))
        return create(verify, cert, trust_env)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", shared)
        # The name that clients use.
        patch.setattr("httpx._transports.default.create_ssl_context", shared)
        yield


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; tests copy it."""
    return build_once(tmp_path_factory, "migrated.db", migrate)


@pytest.fixture(scope="session")
def sqlite_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests of this process have their SQLite database, one after the other."""
    return tmp_path_factory.mktemp("sqlite") / "tenure.db"


@pytest.fixture(scope="session")
async def postgres_url() -> AsyncIterator[str]:
    """A migrated PostgreSQL database of this test process."""
    name = f"tenure_test_{uuid.uuid4().hex[:12]}"
    POSTGRES.need()
    server = await asyncpg.connect(f"{POSTGRES_URL}/postgres", timeout=PATIENCE)
    await server.execute(f"CREATE DATABASE {name}")
    await server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    # A connection cancelled during the TLS handshake leaves an unawaited future in asyncpg.
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
    """The URL of a migrated database. Each test that uses it runs on SQLite and on PostgreSQL.

    The SQLite database is empty; `database` empties the PostgreSQL one.
    """
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    migrated: Path = request.getfixturevalue("migrated_sqlite")
    path: Path = request.getfixturevalue("sqlite_path")
    for part in ("", "-wal", "-shm"):
        path.with_name(path.name + part).unlink(missing_ok=True)
    shutil.copy(migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty migrated database."""
    opened = OPENED.get(database_url)
    if opened is None:
        opened = OPENED[database_url] = Database(database_url)
        if opened.is_sqlite:
            event.listen(opened.engine.sync_engine, "connect", _disable_fsync)
    if not opened.is_sqlite:
        await empty(opened)
    yield opened
    if opened.is_sqlite:
        await opened.close()


@pytest.fixture
async def runtime(database: Database) -> Runtime:
    """A Runtime whose business clock is settable and set to NOON."""
    webhooks = WebhookSettings(key=lambda: SECRET_KEY)
    opened = Runtime(database, BusinessReader(clock_settable=True), webhooks=webhooks)
    await set_clock(opened, NOON)
    return opened


@pytest.fixture(autouse=True)
def no_settings_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes the developer's TENURE_ variables from the environment."""
    for name in [name for name in os.environ if name.startswith("TENURE_") and "TEST" not in name]:
        if name != "TENURE_SHARED":
            monkeypatch.delenv(name)


async def empty(database: Database) -> None:
    """Delete every row of a PostgreSQL test database and reset its sequences.

    Ten times as fast as TRUNCATE, which creates files. The replica role disables triggers and
    foreign keys. All statements are one message, since a round trip takes longer than a DELETE.
    """
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        await driver.execute(EMPTY)


def _disable_fsync(connection: Any, _record: object) -> None:
    """Test data need not survive a power failure; without fsync the tests are faster."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


async def set_clock(runtime: Runtime, now: datetime) -> None:
    """Set the business clock to any time, also to an earlier one."""
    clock = Base.metadata.tables["business"]
    async with runtime.database.engine.begin() as connection:
        await connection.execute(clock.update().values(clock_set_to=now))
