"""Alembic's environment: runs migrations on the connection of `Database.migrate`, or its own."""

import asyncio
import logging
from typing import Any

from alembic import context
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from tenure.kernel.compatibility import record_oldest_program
from tenure.kernel.db import Base
from tenure.tables import ALL_TABLES

assert ALL_TABLES is Base.metadata

LOCK = func.hashtext("tenure migrate")
# A statement that waits for a lock of a table delays all later users of the table.
LOCK_TIMEOUT = "2s"

logger = logging.getLogger("tenure.migrations")


def run(connection: Connection) -> None:
    """Run all migrations in one transaction, one process at a time."""
    _wait_for_other_migrations(connection)
    applied: list[str] = context.config.attributes.setdefault("applied", [])

    def record(*, step: Any, **_: Any) -> None:
        applied.append(step.up_revision_id)

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        on_version_apply=record,  # type: ignore[arg-type] # Arguments are passed by name.
    )
    with context.begin_transaction():
        context.run_migrations()
        revision = context.get_context().get_current_revision()
        if applied and revision:
            record_oldest_program(connection, context.script, revision)


def _wait_for_other_migrations(connection: Connection) -> None:
    """Begin the transaction. On SQLite this waits for other writers."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("SELECT 1")
        return
    for setting in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET LOCAL {setting} = 0")
    if not connection.execute(select(func.pg_try_advisory_xact_lock(LOCK))).scalar_one():
        logger.warning("Another `tenure migrate` is running; this one waits for it.")
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


async def connect_and_run() -> None:
    """Run migrations for Alembic's command line."""
    engine = create_async_engine(str(context.config.get_main_option("sqlalchemy.url")))
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


connection = context.config.attributes.get("connection")
if connection is None:
    asyncio.run(connect_and_run())
else:
    run(connection)
