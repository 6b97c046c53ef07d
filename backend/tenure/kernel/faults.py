"""Faults of the database: which are transient, and which leave the outcome of a commit open."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tenure.kernel.timeouts import LockContendedError, QueueTimeoutError, SentStatement

# PostgreSQL. By class: serialization failure, deadlock, lock not available, too many connections,
# connection lost or not established, server shutting down or starting up, disk full.
TRANSIENT_SQLSTATES = frozenset(
    {"40001", "40P01", "55P03", "53300"}
    | {"08000", "08001", "08003", "08004", "08006", "08007"}
    | {"57P01", "57P02", "57P03", "57P05"}
    | {"53100"}
)
DISK_FULL = "53100"
LOCK_NOT_AVAILABLE = "55P03"
# What a statement timeout is reported as.
QUERY_CANCELED = "57014"
WAIT_TIMEOUTS = PoolTimeoutError | QueueTimeoutError | LockContendedError
# After these a COMMIT may or may not have taken effect.
LOST_CONNECTION_CLASSES = ("08", "57P", "40003")
UNIQUE_VIOLATION = "23505"
SQLITE_UNIQUE_VIOLATIONS = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
# The primary code is in the lowest eight bits of an extended one.
SQLITE_PRIMARY_CODE = 0xFF
SQLITE_TRANSIENT_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)


class DatabaseUnreachableError(OSError):
    """No connection to the database could be opened, or the operating system reports it broken."""


class OutcomeUnknownError(Exception):
    """A transaction may or may not have been committed. It must not be repeated blindly."""

    def __init__(self) -> None:
        super().__init__(
            "The connection to the database was lost during the commit, and whether the change was "
            "made could not be determined. Read the data before you send the request again."
        )


def is_transient(fault: BaseException) -> bool:
    """True for a fault of the database or its connection after which a retry can succeed.

    An OSError counts only if the connection to the database raised it, not one of a plug-in or of a
    file.
    """
    if isinstance(fault, DatabaseUnreachableError | WAIT_TIMEOUTS):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    if fault.connection_invalidated or _sqlstate(fault) in TRANSIENT_SQLSTATES:
        return True
    return (
        is_disk_full(fault) or _sqlite_code(fault) & SQLITE_PRIMARY_CODE in SQLITE_TRANSIENT_CODES
    )


def is_lock_timeout(fault: DBAPIError) -> bool:
    """True if a lock of another session was not released within the timeout."""
    locked = _sqlite_code(fault) & SQLITE_PRIMARY_CODE in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )
    return locked or _sqlstate(fault) == LOCK_NOT_AVAILABLE


def is_row_lock_timeout(fault: BaseException) -> bool:
    """True if a row was locked by another session."""
    if isinstance(fault, LockContendedError):
        return True
    return isinstance(fault, DBAPIError) and _sqlstate(fault) == LOCK_NOT_AVAILABLE


def statement_of(fault: BaseException) -> SentStatement | None:
    """The statement that the database refused, with its parameters."""
    if not isinstance(fault, DBAPIError) or fault.statement is None:
        return None
    return fault.statement, repr(fault.params)


def is_wait_exhausted(fault: BaseException) -> bool:
    """True if a wait reached its timeout: for a connection, a lock, a writer, a statement."""
    if isinstance(fault, WAIT_TIMEOUTS):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    return (
        _sqlstate(fault) in (LOCK_NOT_AVAILABLE, QUERY_CANCELED)
        or _sqlite_code(fault) & SQLITE_PRIMARY_CODE == sqlite3.SQLITE_BUSY
    )


def is_disk_full(fault: BaseException) -> bool:
    """True if the disk of the database is full."""
    if not isinstance(fault, DBAPIError):
        return False
    sqlite_full = _sqlite_code(fault) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
    return sqlite_full or _sqlstate(fault) == DISK_FULL


def is_resumable(fault: BaseException) -> bool:
    """True if work whose progress is stored in the database can be resumed.

    A job claims the remaining rows again, so it can continue even if the outcome of a chunk is
    unknown.
    """
    return is_transient(fault) or isinstance(fault, OutcomeUnknownError)


def is_unique_violation(fault: BaseException) -> bool:
    """True if a value that must be unique exists already."""
    if not isinstance(fault, IntegrityError):
        return False
    return _sqlstate(fault) == UNIQUE_VIOLATION or _sqlite_code(fault) in SQLITE_UNIQUE_VIOLATIONS


def is_answer_lost(fault: BaseException) -> bool:
    """True if a COMMIT that raised this may have taken effect: the answer of the server was lost.

    SQLite commits in this process; its errors are answers.
    """
    if isinstance(fault, DatabaseUnreachableError):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    return fault.connection_invalidated or _sqlstate(fault).startswith(LOST_CONNECTION_CLASSES)


def _sqlstate(fault: DBAPIError) -> str:
    return str(getattr(fault.orig, "sqlstate", None) or "")


def _sqlite_code(fault: DBAPIError) -> int:
    return int(getattr(fault.orig, "sqlite_errorcode", None) or 0)
