"""Advisory locks, and how writers of one database share it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import column, func, select, table

from tenure.kernel.db import Database
from tenure.kernel.faults import is_answer_lost

# Longer than the 100 ms between two attempts of SQLite's busy handler.
WRITER_PAUSE_SECONDS = 0.12


def max_concurrent_units(database: Database) -> int:
    """How many units can be open concurrently: one on SQLite, which has one writer.

    On PostgreSQL each unit may hold a second connection, for `advisory_lock`.
    """
    return 1 if database.is_sqlite else max(1, database.pool_size // 2)


@asynccontextmanager
async def advisory_lock(database: Database, name: str) -> AsyncIterator[None]:
    """Hold the PostgreSQL advisory lock `name` for the block. SQLite has one writer and needs none.

    The lock belongs to a transaction on a separate connection, so an error or the death of the
    process releases it.
    """
    if database.is_sqlite:
        yield
        return
    lock = select(func.pg_backend_pid(), func.pg_advisory_xact_lock(func.hashtext(name)))
    async with database.engine.connect() as connection:
        session_pid = (await connection.execute(lock)).scalars().one()
        try:
            yield
        finally:
            try:
                await connection.rollback()
            except Exception as fault:
                if not is_answer_lost(fault):
                    raise
                await _release_advisory_locks(database, session_pid)


async def _release_advisory_locks(database: Database, session_pid: int) -> None:
    """Terminate a session whose connection broke while it held a lock.

    Otherwise the lock stays until the server notices the broken connection, which can take minutes.
    """
    held = (column("pid") == session_pid, column("locktype") == "advisory")
    terminate = (
        select(func.pg_terminate_backend(column("pid"))).select_from(table("pg_locks")).where(*held)
    )
    async with database.looking() as connection:
        await connection.execute(terminate)


async def yield_to_writer(database: Database) -> None:
    """Pause between two long transactions, so that another SQLite writer can start its own.

    A waiting writer polls every 100 ms. Without the pause it would wait until the whole run ends,
    even to cancel that run.
    """
    if database.is_sqlite:
        await asyncio.sleep(WRITER_PAUSE_SECONDS)
