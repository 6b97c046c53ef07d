"""The unit of work: one transaction with one actor and one point in time.

Every action takes a unit. The entry points and the jobs open them through a `Runtime`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import Row, String, bindparam, func
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from tenure.kernel.actor import Actor, Role
from tenure.kernel.commits import IDENTITY_COLUMNS, TransactionIdentity, ensure_committed
from tenure.kernel.db import AnySelect, Database
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.faults import (
    is_answer_lost,
    is_row_lock_timeout,
    is_transient,
    is_unique_violation,
    is_wait_exhausted,
    statement_of,
)
from tenure.kernel.settings import GatewaySettings, WebhookSettings
from tenure.kernel.statements import execute
from tenure.kernel.timeouts import LockContendedError, end_time_limit

T = TypeVar("T")
LOCK_TIMEOUT = bindparam("param_lock_timeout", type_=String)


class UnitSettings(Protocol):
    """The settings that a unit read at its start. The kernel uses only their time."""

    @property
    def now(self) -> datetime:
        """The business time."""

    @property
    def today(self) -> date:
        """The business day of `now`."""

    @property
    def time_zone(self) -> str:
        """The IANA name of the time zone of business days."""


class SettingsReader(Protocol):
    """Reads the settings of units (`tenure.settings.queries.BusinessReader`)."""

    def __hash__(self) -> int:
        """Equal readers have the same statement, which is built once."""

    def statement(self) -> AnySelect:
        """Selects the settings as one row. The unit adds columns of its own."""

    def settings_of(self, row: Row[Any]) -> UnitSettings:
        """The settings in a row of `statement`."""


@dataclass(slots=True)
class Unit:
    """What an action works with. Actions take the time from `now` and never from a clock.

    `returns_secret` is set by an action whose result is a secret, so that no answer is stored.
    `connection` is that of the session. A statement without entities that is built once takes a
    fifth of the time there (`kernel.statements.execute`). The session does not see the rows that it
    changes.
    """

    session: AsyncSession
    connection: AsyncConnection
    actor: Actor
    settings: UnitSettings
    job_run_id: int | None = None
    wakes_workers: bool = field(default=False)
    returns_secret: bool = field(default=False)
    transaction: TransactionIdentity | None = None

    @property
    def now(self) -> datetime:
        """The business time at which everything in this unit takes place."""
        return self.settings.now

    @property
    def today(self) -> date:
        """The business day of `now`."""
        return self.settings.today

    @property
    def time_zone(self) -> str:
        """The IANA name of the time zone of business days."""
        return self.settings.time_zone

    def require(self, role: Role) -> None:
        """Raises ForbiddenError if the role of the actor is lower."""
        self.actor.require(role)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Opens units. `tenure.settings.queries.runtime_of` makes one from the operator's settings.

    `wake_workers` is called after the commit of a unit that made work due. `before_commit` is
    called at the end of each unit, in its transaction. `is_dry_run`: all units will be rolled back
    (`kernel.dry_run`).
    """

    database: Database
    settings: SettingsReader
    wake_workers: Callable[[], None] = lambda: None
    before_commit: Callable[[Unit], Awaitable[None]] | None = None
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    is_dry_run: bool = False
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)

    @asynccontextmanager
    async def unit(
        self, actor: Actor, *, job_run_id: int | None = None, lock_seconds: float | None = None
    ) -> AsyncIterator[Unit]:
        """A unit that is committed at the end of the block and rolled back if the block raises.

        If the answer to the commit is lost, the database is asked for the outcome. Raises
        OutcomeUnknownError if that cannot be determined. `lock_seconds` replaces the lock timeout
        of the session (PostgreSQL).
        """
        async with self.database.writing() as session:
            unit = await self._begin(session, actor, job_run_id, lock_seconds)
            yield unit
            if self.before_commit is not None:
                await self.before_commit(unit)
            end_time_limit()
            lost = await _commit(session)
        if lost is not None:
            # The session is closed here, so its connection is free for the query.
            if unit.transaction is None:
                raise lost
            await ensure_committed(self.database, unit.transaction, lost)
        if unit.wakes_workers:
            self.wake_workers()

    async def run_in_unit(
        self,
        actor: Actor,
        operation: Callable[[Unit], Awaitable[T]],
        *,
        job_run_id: int | None = None,
        attempts: int = 4,
    ) -> T:
        """Run `operation` in a unit; repeat it after a fault that rolled the unit back.

        An operation reads before it writes, so after a unique violation the next attempt finds the
        row that another transaction inserted. Raises TAKEN if the last attempt fails so as well.
        """
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(attempts),
                wait=wait_random_exponential(multiplier=0.05, max=2),
                retry=retry_if_exception(self._may_repeat),
                reraise=True,
            ):
                with attempt:
                    return await self._attempt(actor, operation, job_run_id)
        except IntegrityError as fault:
            if not is_unique_violation(fault):
                raise
            message = "Somebody else has just used a value that must be unique. Choose another one."
            raise TenureError(ErrorCode.TAKEN, message) from fault
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _attempt(
        self, actor: Actor, operation: Callable[[Unit], Awaitable[T]], job_run_id: int | None
    ) -> T:
        """Run it once, and again in the lock queue of this process if a lock was not free."""
        queue = self.database.lock_queue
        try:
            async with self.unit(actor, job_run_id=job_run_id) as unit:
                return await operation(unit)
        except (DBAPIError, LockContendedError) as fault:
            if queue is None or not is_row_lock_timeout(fault):
                raise
            sent = statement_of(fault)
        async with (
            queue.waiting_for(sent),
            self.unit(actor, job_run_id=job_run_id, lock_seconds=queue.seconds) as unit,
        ):
            return await operation(unit)

    def _may_repeat(self, fault: BaseException) -> bool:
        """True if it may be repeated. Where waits are bounded, a timeout is not repeated."""
        if self.database.timeouts.lock is not None and is_wait_exhausted(fault):
            return False
        return is_transient(fault) or is_unique_violation(fault)

    async def _begin(
        self,
        session: AsyncSession,
        actor: Actor,
        job_run_id: int | None,
        lock_seconds: float | None,
    ) -> Unit:
        """Read the settings and the identity of the transaction, in one statement.

        The same statement sets the lock timeout of the transaction, if one is given.
        """
        timeout = {} if lock_seconds is None else {LOCK_TIMEOUT.key: f"{lock_seconds * 1000:.0f}"}
        statement = _begin_statement(
            self.settings, is_sqlite=self.database.is_sqlite, sets_lock_timeout=bool(timeout)
        )
        connection = await session.connection()
        row = (await execute(connection, statement, timeout)).one()
        transaction = None if self.database.is_sqlite else TransactionIdentity(*row[-2:])
        settings = self.settings.settings_of(row)
        return Unit(session, connection, actor, settings, job_run_id, transaction=transaction)


@lru_cache(maxsize=8)
def _begin_statement(
    settings: SettingsReader, *, is_sqlite: bool, sets_lock_timeout: bool
) -> AnySelect:
    """The statement of `Runtime._begin`, which is built once."""
    begin = settings.statement()
    if sets_lock_timeout:
        begin = begin.add_columns(func.set_config("lock_timeout", LOCK_TIMEOUT, True))
    return begin if is_sqlite else begin.add_columns(*IDENTITY_COLUMNS)


async def _commit(session: AsyncSession) -> Exception | None:
    """Commit. Returns the fault if the server may have committed, but its answer was lost."""
    await session.flush()
    try:
        await session.commit()
    except Exception as fault:
        if not is_answer_lost(fault):
            raise
        return fault
    return None
