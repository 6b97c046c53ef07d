"""Opens connections to PostgreSQL and translates their faults."""

import ssl
from collections.abc import Callable, Sequence

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import AdaptedConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.timeouts import LockQueue, Timeouts

# Prepared statements of one connection. The server parses and plans the others again each time.
PREPARED_STATEMENTS = 500
SERVER_SETTINGS = {
    # A cascade is one large statement: JIT compilation took 3.7 s, execution 0.3 s.
    "jit": "off",
    # The locks of a client whose machine failed are released after 90 s, not after two hours.
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}


def server_settings(timeouts: Timeouts) -> dict[str, str]:
    """The settings of a session. They are sent when it is opened and cost no round trip."""
    seconds = {
        "lock_timeout": timeouts.first_lock,
        "statement_timeout": timeouts.statement,
        "idle_in_transaction_session_timeout": timeouts.idle,
        # The server waits to send to a client that was stopped while it was reading a result.
        "tcp_user_timeout": timeouts.idle,
    }
    limits = {name: f"{it * 1000:.0f}" for name, it in seconds.items() if it is not None}
    return {**SERVER_SETTINGS, **limits}


def discard_closed(connection: AdaptedConnection, _record: object, _fairy: object) -> None:
    """Replaces a connection that the server has closed. The driver knows it without a query."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


async def connect(*arguments: object, **options: object) -> object:
    """A connection of asyncpg. Raises DatabaseUnreachableError for network errors.

    An untrusted certificate is a configuration error and is raised unchanged.
    """
    try:
        return await asyncpg.connect(*arguments, **options)
    except ssl.SSLCertVerificationError:
        raise
    except OSError as fault:
        raise DatabaseUnreachableError(str(fault) or type(fault).__name__) from fault


def translate_network_error(context: ExceptionContext) -> BaseException | None:
    """Translates an OSError of an open connection, which means that it is lost."""
    fault = context.original_exception
    if not isinstance(fault, OSError) or isinstance(fault, DatabaseUnreachableError):
        return None
    context.is_disconnect = True
    return DatabaseUnreachableError(str(fault) or type(fault).__name__)


def contention_check(queue: LockQueue) -> Callable[..., None]:
    """A handler called before each statement; raises LockContendedError (`LockQueue.check`)."""

    def check(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        *_: object,
    ) -> None:
        queue.check(statement, parameters)

    return check


async def fetch_row(
    engine: AsyncEngine, statement: str, parameters: Sequence[object]
) -> Sequence[object]:
    """The only row of a statement, read by the driver itself.

    SQLAlchemy's cursor and transaction take longer than the driver. The connection is one of the
    pool, and its faults are raised as SQLAlchemy raises them.
    """
    pooled = await engine.raw_connection()
    driver = pooled.driver_connection
    assert driver is not None
    try:
        return await driver.fetchrow(statement, *parameters)  # type: ignore[no-any-return]
    except OSError as fault:
        raise DatabaseUnreachableError(str(fault) or type(fault).__name__) from fault
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise DBAPIError(
            statement,
            None,
            fault,
            hide_parameters=True,
            connection_invalidated=driver.is_closed(),
        ) from fault
    finally:
        pooled.close()
