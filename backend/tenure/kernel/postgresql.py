"""How connections to PostgreSQL are opened, with which settings, and what their faults are called."""

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
    # A cascade is one large statement: compiling it took 3.7 s where running it took 0.3 s.
    "jit": "off",
    # What a machine held that has lost its power is let go of in a minute and a half, not in two hours.
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
        # A client that is stopped in the middle of a result does not read; the server waits to send.
        "tcp_user_timeout": timeouts.idle,
    }
    limits = {name: f"{it * 1000:.0f}" for name, it in seconds.items() if it is not None}
    return {**SERVER_SETTINGS, **limits}


def refuse_what_is_closed(connection: AdaptedConnection, _record: object, _fairy: object) -> None:
    """What the server has closed is opened anew. The driver knows of it: asking the server took three round trips."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


async def connect(*arguments: object, **options: object) -> object:
    """A connection of asyncpg. Raises DatabaseUnreachableError for what the network reports.

    A certificate that is not trusted is a matter of configuration and raised as it is.
    """
    try:
        return await asyncpg.connect(*arguments, **options)
    except ssl.SSLCertVerificationError:
        raise
    except OSError as fault:
        raise DatabaseUnreachableError(str(fault) or type(fault).__name__) from fault


def name_unreachable(context: ExceptionContext) -> BaseException | None:
    """An OSError of an open connection means that it is lost."""
    fault = context.original_exception
    if not isinstance(fault, OSError) or isinstance(fault, DatabaseUnreachableError):
        return None
    context.is_disconnect = True
    return DatabaseUnreachableError(str(fault) or type(fault).__name__)


def contention_check(queue: LockQueue) -> Callable[..., None]:
    """To be called before each statement: one that others of this process wait with is not sent."""

    def check(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: object,
        _context: object,
        _executemany: bool,
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
