"""The database: SQLite (embedded, WAL, one writer) or PostgreSQL, with the same models."""

import enum
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Insert,
    Integer,
    MetaData,
    Select,
    event,
    insert,
    inspect,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from tenure.kernel import postgresql
from tenure.kernel.database_url import async_url, connect_arguments
from tenure.kernel.json_text import sqlite_functions
from tenure.kernel.money import too_large
from tenure.kernel.patches import aiosqlite_cursor
from tenure.kernel.secret_key import OWNER_ONLY, restrict_to_owner
from tenure.kernel.timeouts import LOCK_QUEUE_SHARE, BoundedQueue, LockQueue, Timeouts

MIGRATIONS = Path(__file__).parents[1] / "migrations"
READS = {"tenure_reads": True}

AnySelect: TypeAlias = Select[*tuple[Any, ...]]


class Instant(TypeDecorator[datetime]):
    """A point in time, UTC: `timestamptz` on PostgreSQL, text without zone on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """The Python type of the column, which cursors use (pages.py)."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Converts any time zone to UTC. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Adds the zone UTC, which values of SQLite do not have."""
        return (
            None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value
        )


Identifier = BigInteger().with_variant(Integer(), "sqlite")

# For tables whose rows are updated often: new rows fill 70 % of a page of PostgreSQL. An updated
# row that fits on its page needs no new index entries (HOT update). Of 16,000 bills that usage was
# added to, 11,000 were updated so, and 280 with full pages.
UPDATED_IN_PLACE = {"postgresql_with": {"fillfactor": 70}}


def insert_rows(table: "type[Base]") -> Insert:
    """An INSERT of any number of rows as one statement.

    The ORM leaves out columns that are None. Each combination of columns would then be a statement
    of its own: hundreds for the accounts of an import.
    """
    return insert(table).execution_options(render_nulls=True)


class Base(DeclarativeBase):
    """The base class of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        int: Identifier,
        datetime: Instant(),
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=24),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
    }


def key_of_row(row: Base) -> int:
    """The primary key of a persistent row, without a query even if the row is expired."""
    return int(inspect(row).identity[0])  # type: ignore[index]


class Database:
    """An engine and the ways to use it.

    `writing` is one transaction. `reading` and `connection` begin none on PostgreSQL,
    where each statement of a transaction sees what was committed before it: BEGIN and ROLLBACK
    would be two more round trips. On SQLite `reading` is one snapshot.
    """

    def __init__(self, url: str, *, pool_size: int = 10, timeouts: Timeouts | None = None) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.pool_size = pool_size
        self.timeouts = timeouts or Timeouts()
        self._queues()
        if self.is_sqlite:
            arguments = {
                "timeout": self.timeouts.writer,
                "async_creator_fn": aiosqlite_cursor.connect,
            }
        else:
            arguments = {
                "timeout": 10,
                "async_creator_fn": postgresql.connect,
                "prepared_statement_cache_size": postgresql.PREPARED_STATEMENTS,
                # The driver prepares statements of any length too (`fetch`, `fetch_row`).
                "max_cacheable_statement_size": 0,
                "statement_cache_size": postgresql.PREPARED_STATEMENTS,
                "server_settings": postgresql.server_settings(self.timeouts),
                **connect_arguments(url),
            }
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=self.timeouts.pool,
            connect_args=arguments,
            # Faults are logged with their statements. Parameters contain personal data.
            hide_parameters=True,
        )
        self._reads = self.engine.execution_options(
            **(READS if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        self._rows = postgresql.RowReader(self.engine)
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "do_connect", _check_file)
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine.sync_engine, "checkout", postgresql.discard_closed)
            event.listen(
                self.engine.sync_engine, "handle_error", postgresql.translate_lost_connection
            )
            if self.lock_queue is not None:
                check = postgresql.contention_check(self.lock_queue)
                event.listen(self.engine.sync_engine, "before_cursor_execute", check)
        event.listen(self.engine.sync_engine, "handle_error", too_large)

    def _queues(self) -> None:
        """Creates the queues that keep waiting transactions from using all connections.

        On PostgreSQL transactions queue for row locks, on SQLite for the one writer. There are none
        if waits are not bounded.
        """
        self.lock_queue: LockQueue | None = None
        self._writers: BoundedQueue | None = None
        if self.timeouts.lock is None:
            return
        if self.is_sqlite:
            self._writers = BoundedQueue(max(1, self.pool_size // 2), self.timeouts.writer)
        else:
            places = max(1, self.pool_size // LOCK_QUEUE_SHARE)
            self.lock_queue = LockQueue(places, self.timeouts.lock)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction; the unit commits it."""
        async with (
            self._writers.place() if self._writers else nullcontext(),
            AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads. On SQLite it does not wait for the writer."""
        async with AsyncSession(self._reads, expire_on_commit=False, autoflush=False) as session:
            yield session

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one statement that reads."""
        async with self._reads.connect() as connection:
            yield connection

    async def fetch_row(
        self, statement: str, parameters: Sequence[object]
    ) -> Sequence[object] | None:
        """The first row of a statement in the form of the driver. No transaction is begun or ended.

        The parameters are positional. Raises what SQLAlchemy raises for faults of the driver.
        """
        if not self.is_sqlite:
            return await self._rows.fetch_row(statement, parameters)
        async with self.connection() as connection:
            rows = await connection.exec_driver_sql(statement, tuple(parameters))
            return rows.first()

    async def migrate(self) -> tuple[str, ...]:
        """Upgrades the schema to this version, in one attempt. Returns the applied revisions."""
        async with self.engine.connect() as connection:
            return await connection.run_sync(_upgrade, self.url)

    async def ping(self) -> str:
        """The version of the database. Raises the error of the driver if it cannot be reached."""
        async with self._reads.connect() as connection:
            statement = "select sqlite_version()" if self.is_sqlite else "show server_version"
            return str((await connection.execute(text(statement))).scalar_one())

    async def analyze(self) -> None:
        """Updates the statistics of the planner, after many rows were inserted."""
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("ANALYZE"))

    async def close(self) -> None:
        """Closes all connections."""
        self._rows.release()
        await self.engine.dispose()


def migrations_config(url: str) -> Config:
    """The configuration of Alembic for this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option(
        "sqlalchemy.url", async_url(url).render_as_string(hide_password=False).replace("%", "%%")
    )
    return config


def _upgrade(connection: Any, url: URL) -> tuple[str, ...]:
    config = migrations_config(url.render_as_string(hide_password=False))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
    return tuple(config.attributes["applied"])


def _check_file(
    _dialect: object, _record: object, arguments: Sequence[Any], _options: object
) -> None:
    """Raises the error for a file that cannot be opened, and restricts its permissions.

    The thread of the driver might report the error only after the event loop has ended. The file
    contains personal data and password hashes, so only its owner may read it; SQLite gives its
    journals the same mode. An existing file is not opened with `os.open`, because closing it would
    release the locks of SQLite.
    """
    path = str(arguments[0])
    if path not in ("", ":memory:") and not path.startswith("file:"):
        with suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, OWNER_ONLY))
        for suffix in ("", "-wal", "-shm"):
            restrict_to_owner(Path(path + suffix))
    sqlite3.connect(arguments[0]).close()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Sets pragmas. WAL lets readers and the writer run concurrently. `_begin_sqlite` begins."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    for name, function in sqlite_functions().items():
        connection.create_function(name, 1, function, deterministic=True)


def _begin_sqlite(connection: Any) -> None:
    """Begins a transaction. A writer locks at its start, because its snapshot could be outdated."""
    reads = connection.get_execution_options().get("tenure_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
