"""Determines whether a transaction was committed if the answer to its COMMIT is lost.

Each unit reads the id of its transaction with the statement that reads its settings, which costs
no further round trip. When the connection is lost during COMMIT, PostgreSQL is asked by that id
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

# Seconds after which the outcome is reported as unknown.
SECONDS_TO_ASK = 10
# If the COMMIT did not arrive, the transaction stays open, with its locks, until TCP detects the
# broken connection. A session that is still open after this time is terminated.
SECONDS_BEFORE_TERMINATION = 1
# The SQLSTATE for an id that was not assigned: the server crashed, or was replaced, before the
# transaction was written to its log.
NEVER_ASSIGNED = "22023"

# The columns of a TransactionIdentity. SQLite commits in this process and needs none.
IDENTITY_COLUMNS: tuple[ColumnElement[Any], ...] = (
    cast(func.pg_current_xact_id(), Text),
    func.pg_postmaster_start_time(),
)
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


async def ensure_committed(
    database: Database, transaction: TransactionIdentity, fault: Exception
) -> None:
    """Returns if the transaction was committed; raises `fault` if it was not.

    Raises OutcomeUnknownError if neither can be determined.
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
    """True or False once the transaction has ended; None if that cannot be determined."""
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

    After a crash the server may assign an id a second time. Therefore `committed` counts only if
    the server has not been restarted since it assigned the id; otherwise the result is unknown.
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
