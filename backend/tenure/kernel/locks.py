"""Row locks and advisory locks, and how writers of one database share it.

A unit locks rows in this order of tables, so that two units do not wait for each other:

1. `business`, which stands for the hierarchy of all accounts
2. `keyed_request`
3. `user_account`
4. `user_session`
5. `sign_in_limit`
6. `token`, `status_reason`, in any order
7. `status_change_result`
8. `deferred_action`, `import_file`, `import_run`, `import_run_line`, in any order
9. `account`
10. `payment`
11. `bill_unit`
12. `dispute`
13. `bill`, `bill_item`, `paid_period`, in any order
14. `status_change_job`
15. `job_run`
16. `job_step`
17. `job_total`
18. `webhook`
19. `webhook_delivery`
20. `import_file_part`, `checked_account`, `checked_login`, `checked_offer`, in any order

The job of deferred actions runs several rounds in one unit. It locks the accounts of all rounds
first, and the bill units and bills of each round in turn.

A statement that waits for locks of several rows of a table takes them in the order of their ids;
bill units that get charges before those that pay for them. A worker takes the advisory lock before
it claims deferred actions, and releases it before it runs them. A job holds its run FOR KEY SHARE
from the start of a unit, so that the run does not end meanwhile.

`tests/test_lock_order.py` records the locks of all mutations and jobs and compares the order of
their tables with this docstring. Rows of one table can still be locked in another order by two
units, because a unit can lock rows of a table twice: first the account of a change, then those that
it pays for. If two units deadlock, PostgreSQL aborts one, which is then repeated.

Rows of an account have no position. They are locked only while the account is locked: `service`,
`purchased_offer`, `payment_method`, `search_term`, `note`, `contact`.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar

from sqlalchemy import column, func, select, table
from sqlalchemy.orm.util import AliasedClass

from tenure.kernel.db import AnySelect, Base, Database
from tenure.kernel.faults import is_answer_lost

Statement = TypeVar("Statement", bound=AnySelect)
Entity: TypeAlias = type[Base] | AliasedClass[Base]

# For `session.get(..., with_for_update=NO_KEY_UPDATE, populate_existing=True)`.
NO_KEY_UPDATE = {"key_share": True}

# Longer than the 100 ms between two attempts of SQLite's busy handler.
WRITER_PAUSE_SECONDS = 0.12


def max_concurrent_units(database: Database) -> int:
    """How many units can be open concurrently: one on SQLite, which has one writer.

    On PostgreSQL each unit may hold a second connection, for `advisory_lock`.
    """
    return 1 if database.is_sqlite else max(1, database.pool_size // 2)


def for_no_key_update(
    statement: Statement, *, of: Entity | Sequence[Entity] | None = None, skip_locked: bool = False
) -> Statement:
    """Locks the selected rows, or those `of` some entities, for changes until the unit ends.

    The usual lock. Others can still insert rows that reference these. `skip_locked` leaves out
    rows that another unit has locked, instead of waiting for it.
    """
    return statement.with_for_update(of=of, skip_locked=skip_locked, key_share=True)


def for_update(statement: Statement, *, skip_locked: bool = False) -> Statement:
    """Like `for_no_key_update`, and excludes units that hold `for_key_share` as well."""
    return statement.with_for_update(skip_locked=skip_locked)


def for_key_share(statement: Statement, *, skip_locked: bool = False) -> Statement:
    """Prevents `for_update` of the selected rows until the unit ends. Rows can still be changed."""
    return statement.with_for_update(read=True, key_share=True, skip_locked=skip_locked)


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
    async with database.connection() as connection:
        await connection.execute(terminate)


async def yield_to_writer(database: Database) -> None:
    """Pause between two long transactions, so that another SQLite writer can start its own.

    A waiting writer polls every 100 ms. Without the pause it would wait until the whole run ends,
    even to cancel that run.
    """
    if database.is_sqlite:
        await asyncio.sleep(WRITER_PAUSE_SECONDS)
