"""Whether a transaction was committed, where the answer to its COMMIT is lost.

Each unit reads the id of its transaction with the statement that reads the business settings, so
it costs no round trip. When the connection is lost during COMMIT, PostgreSQL is asked by that id
(`pg_xact_status`) over another connection. See docs/decisions/9-commit-certainty.md.
"""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Text, cast, func, text
from sqlalchemy.exc import DBAPIError
from tenacity import (
    AsyncRetrying,
    retry_if_exception,
    retry_if_result,
    stop_after_delay,
    wait_random_exponential,
)

from tenure.kernel.db import Database
from tenure.kernel.faults import OutcomeUnknownError, is_transient

# How long to ask before the outcome is reported as unknown.
SECONDS_TO_ASK = 10
# A COMMIT that did not arrive leaves the transaction open, with its locks, until TCP notices. A
# session that has not ended by then is terminated, which decides it.
SECONDS_BEFORE_TERMINATION = 1
# What PostgreSQL raises for an id that it has not assigned: a server that crashed or was replaced
# before the transaction reached its log.
NEVER_ASSIGNED = "22023"

STATUS = text(
    "SELECT pg_xact_status(CAST(CAST(:xid AS text) AS xid8)), pg_postmaster_start_time() = :started"
)
TERMINATE = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE backend_xid = CAST(CAST(CAST(:xid AS text) AS xid8) AS xid) AND pid <> pg_backend_pid()"
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TransactionIdentity:
    """A transaction of PostgreSQL, and the start of the server that assigned its id."""

    xid: str
    server_started_at: datetime


def identity_columns(database: Database) -> tuple[ColumnElement[Any], ...]:
    """What a unit selects to know its transaction by. SQLite commits in process and needs none."""
    if database.is_sqlite:
        return ()
    return cast(func.pg_current_xact_id(), Text), func.pg_postmaster_start_time()


async def ensure_committed(
    database: Database, transaction: TransactionIdentity, fault: Exception
) -> None:
    """Return where the transaction was committed after all; raise `fault` where it was not.

    Raises OutcomeUnknownError where neither can be determined.
    """
    try:
        committed = await _was_committed(database, transaction)
    except Exception as unforeseen:
        raise OutcomeUnknownError from unforeseen
    log.warning("the answer to a commit was lost", xid=transaction.xid, committed=committed)
    if committed is None:
        raise OutcomeUnknownError from fault
    if not committed:
        raise fault


async def _was_committed(database: Database, transaction: TransactionIdentity) -> bool | None:
    """True or False once the transaction has ended; None where that could not be determined."""
    begun = monotonic()

    async def ask() -> str:
        overdue = monotonic() > begun + SECONDS_BEFORE_TERMINATION
        return await _status(database, transaction, terminate=overdue)

    asking = AsyncRetrying(
        stop=stop_after_delay(SECONDS_TO_ASK),
        wait=wait_random_exponential(multiplier=0.05, max=1),
        retry=retry_if_exception(is_transient) | retry_if_result(lambda it: it == "in progress"),
        retry_error_callback=lambda _: "unknown",
    )
    return {"committed": True, "aborted": False}.get(await asking(ask))


async def _status(database: Database, transaction: TransactionIdentity, *, terminate: bool) -> str:
    """The state of the transaction: committed, aborted, in progress or unknown.

    A server that crashed may assign an id again that never reached its log. So `committed` is
    believed only of the server that assigned the id; otherwise the transaction either aborted or is
    unknown.
    """
    parameters = {"xid": transaction.xid, "started": transaction.server_started_at}
    async with database.connection() as connection:
        try:
            status, same_server = (await connection.execute(STATUS, parameters)).one()
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) == NEVER_ASSIGNED:
                return "aborted"
            raise
        if status == "in progress" and terminate:
            await connection.execute(TERMINATE, {"xid": transaction.xid})
    if status == "committed" and not same_server:
        return "unknown"
    return status or "unknown"
