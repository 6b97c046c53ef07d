"""`tenure migrate`: concurrent calls wait for each other, and none blocks the service."""

import asyncio
import time
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tenure.kernel.compatibility import SchemaState, newest_revision, schema_state
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.faults import is_lock_timeout

GIVE_UP_SECONDS = 600.0
PAUSE_SECONDS = 3.0
OLDEST_TRANSACTION = text("""
SELECT pid, coalesce(nullif(application_name, ''), backend_type) AS name,
    extract(epoch FROM clock_timestamp() - xact_start)::bigint AS seconds
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
ORDER BY xact_start LIMIT 1
""")

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Migrated:
    """The result of a call: the schema, and the revisions that were applied."""

    state: SchemaState
    applied: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """The result in one line."""
        if self.state.is_newer:
            return f"{self.state.message} Nothing was changed."
        found = f"The database is at schema {self.state.revision}"
        if not self.applied:
            return f"{found}; nothing had to be done."
        count = len(self.applied)
        return f"{found}; {count} {'migration was' if count == 1 else 'migrations were'} applied."


async def migrate(database: Database, *, give_up_after: float = GIVE_UP_SECONDS) -> Migrated:
    """Migrates the schema to this version. A newer, compatible schema stays unchanged.

    If another session has locked a table, the attempt is rolled back after two seconds and
    repeated. Raises ConfigurationError after `give_up_after` seconds, or if the schema is newer and
    not compatible.
    """
    last = time.monotonic() + give_up_after
    while True:
        before = await schema_state(database)
        if before.is_newer and not before.is_usable:
            raise ConfigurationError(before.message)
        if before.is_newer:
            return Migrated(before)
        try:
            applied = await database.migrate()
            return Migrated(SchemaState(newest_revision()), applied)
        except DBAPIError as fault:
            if not is_lock_timeout(fault):
                raise
        blocker = await _oldest_transaction(database)
        if time.monotonic() > last:
            raise ConfigurationError(
                f"The migration gave up after {give_up_after:.0f} seconds, and changed nothing: "
                f"other sessions hold the tables.{blocker} End it, then run `tenure migrate` again."
            )
        message = f"The migration waits for tables that other sessions hold.{blocker}"
        logger.warning(message)
        await asyncio.sleep(PAUSE_SECONDS)


async def _oldest_transaction(database: Database) -> str:
    """A sentence about the transaction that is probably blocking the migration."""
    if database.is_sqlite:
        return " Another process is writing."
    try:
        async with database.connection() as connection:
            found = (await connection.execute(OLDEST_TRANSACTION)).one_or_none()
    except (SQLAlchemyError, OSError):
        found = None
    if found is None:
        return ""
    owner = f"process {found.pid} ({found.name})"
    return f" The oldest transaction is that of {owner}, open for {found.seconds} s."
