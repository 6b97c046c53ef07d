"""Opens connections to PostgreSQL and translates their faults."""

import asyncio
import ssl
from collections.abc import Callable, Sequence

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import AdaptedConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.money import TooLargeError, is_overflow
from tenure.kernel.patches.sqlalchemy_statements import start_transaction
from tenure.kernel.timeouts import LockQueue, Timeouts

# Prepared statements of one connection. The server parses and plans the others again each time.
PREPARED_STATEMENTS = 500
# How long a connection is kept for the next row that is read.
SECONDS_KEPT = 0.05
# What the driver raises.
FAULTS = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
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


def translate_lost_connection(context: ExceptionContext) -> BaseException | None:
    """Reports a lost connection that SQLAlchemy does not recognize, and translates an OSError.

    An InternalClientError means that the driver cannot use the connection any more: it has read
    that the server ends the connection, and not yet the end itself.
    """
    fault = context.original_exception
    if isinstance(fault.__cause__, asyncpg.InternalClientError):
        context.is_disconnect = True
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


class RowReader:
    """Reads single rows by the driver itself, on connections of the pool.

    SQLAlchemy's cursor and transaction take longer than the driver. Taking a connection from the
    pool takes nearly as long, because SQLAlchemy does that in a greenlet, for which the system maps
    a stack. A connection is therefore kept for the next statement for a moment, unless the pool has
    no other one.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.kept: list[PoolProxiedConnection] = []
        self.timer: asyncio.TimerHandle | None = None

    async def fetch_row(
        self, statement: str, parameters: Sequence[object]
    ) -> Sequence[object] | None:
        """The first row of a statement. Faults are raised as SQLAlchemy raises them."""
        connection, driver = await self._connection()
        try:
            row: Sequence[object] | None = await driver.fetchrow(statement, *parameters)
        except BaseException as fault:
            if is_lost := _is_lost(driver, fault):
                connection.invalidate()
            else:
                connection.close()
            if isinstance(fault, FAULTS):
                raise _translated(fault, statement, parameters, is_lost=is_lost) from fault
            raise
        self._keep(connection)
        return row

    def release(self) -> None:
        """Return the kept connections to the pool."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        while self.kept:
            self.kept.pop().close()

    async def _connection(self) -> tuple[PoolProxiedConnection, asyncpg.Connection]:
        while self.kept:
            connection = self.kept.pop()
            if not (driver := _driver_of(connection)).is_closed():
                return connection, driver
            connection.close()
        connection = await self.engine.raw_connection()
        return connection, _driver_of(connection)

    def _keep(self, connection: PoolProxiedConnection) -> None:
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        if pool.checkedout() >= pool.size():
            connection.close()
            return
        self.kept.append(connection)
        if self.timer is None:
            loop = asyncio.get_running_loop()
            self.timer = loop.call_later(SECONDS_KEPT, self.release)


def _is_lost(driver: asyncpg.Connection, fault: BaseException) -> bool:
    """True if the connection cannot be used any more; see `translate_lost_connection`."""
    return driver.is_closed() or isinstance(fault, asyncpg.InternalClientError)


def _driver_of(connection: PoolProxiedConnection) -> asyncpg.Connection:
    driver = connection.driver_connection
    assert driver is not None
    return driver


async def fetch(
    connection: AsyncConnection, statement: str, parameters: Sequence[object]
) -> Sequence[Sequence[object]]:
    """The rows of a statement in the transaction of a connection, read by the driver itself.

    Its faults are raised as SQLAlchemy raises them. A connection that is lost, or whose statement
    was cancelled, is not used again.
    """
    synchronous = connection.sync_connection
    assert synchronous is not None
    driver = synchronous.connection.driver_connection
    assert driver is not None
    try:
        await start_transaction(connection)
        return await driver.fetch(statement, *parameters)  # type: ignore[no-any-return]
    except FAULTS as fault:
        if is_lost := _is_lost(driver, fault):
            await connection.invalidate(fault)
        raise _translated(fault, statement, parameters, is_lost=is_lost) from fault
    except asyncio.CancelledError as cancelled:
        await connection.invalidate(cancelled)
        raise


def _translated(
    fault: Exception, statement: str, parameters: Sequence[object], *, is_lost: bool
) -> Exception:
    """What SQLAlchemy raises for a fault of the driver."""
    if isinstance(fault, OSError):
        return DatabaseUnreachableError(str(fault) or type(fault).__name__)
    if is_overflow(fault):
        return TooLargeError()
    is_integrity = isinstance(fault, asyncpg.IntegrityConstraintViolationError)
    return (IntegrityError if is_integrity else DBAPIError)(
        statement, parameters, fault, hide_parameters=True, connection_invalidated=is_lost
    )
