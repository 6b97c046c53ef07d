"""The unit: one transaction, one actor, one instant, one cause. Every verb takes one; only the edges open them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from tenure.kernel.actor import Actor, Role
from tenure.kernel.business import Business, BusinessRow, business_of
from tenure.kernel.commits import TransactionIdentity, ensure_committed, identity_columns
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.faults import (
    is_answer_lost,
    is_row_lock_timeout,
    is_transient,
    is_unique_violation,
    is_wait_exhausted,
    statement_of,
)
from tenure.kernel.settings import GatewaySettings, Settings
from tenure.kernel.timeouts import LockContendedError

T = TypeVar("T")


@dataclass(slots=True)
class Unit:
    """What a verb works with. `now` is the business instant: nothing in a verb asks for the time."""

    session: AsyncSession
    actor: Actor
    business: Business
    job_run_id: int | None = None
    wakes_workers: bool = field(default=False)
    transaction: TransactionIdentity | None = None

    @property
    def now(self) -> datetime:
        """The instant at which everything in this unit takes place."""
        return self.business.now

    def require(self, role: Role) -> None:
        """Raises ForbiddenError where the actor may not."""
        self.actor.require(role)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Where units are opened: a database, whether the clock may be set, how workers are told of new work, who takes money.

    `before_commit` is for what has to be said in the same transaction, whatever the unit did.
    """

    database: Database
    clock_settable: bool = False
    wake_workers: Callable[[], None] = lambda: None
    before_commit: Callable[[Unit], Awaitable[None]] | None = None
    gateway: GatewaySettings = field(default_factory=GatewaySettings)

    @classmethod
    def of(
        cls,
        settings: Settings,
        database: Database,
        *,
        wake_workers: Callable[[], None] = lambda: None,
    ) -> Self:
        """As the operator has set it: every edge opens its runtime this way, so that none forgets a setting."""
        settable = settings.clock == "settable"
        return cls(
            database,
            clock_settable=settable,
            wake_workers=wake_workers,
            gateway=settings.payment_gateway,
        )

    @asynccontextmanager
    async def unit(
        self, actor: Actor, *, job_run_id: int | None = None, lock_seconds: float | None = None
    ) -> AsyncIterator[Unit]:
        """A unit that is committed at the end of the block and rolled back where the block raises.

        Where the answer to the commit is lost, the database is asked for the outcome. Raises
        OutcomeUnknownError where that cannot be determined. `lock_seconds` replaces the lock
        timeout of the session (PostgreSQL).
        """
        async with self.database.writing() as session:
            unit = await self._begin(session, actor, job_run_id, lock_seconds)
            yield unit
            if self.before_commit is not None:
                await self.before_commit(unit)
            lost = await _commit(session)
        if lost is not None:
            # The session is closed by now, so that its place in the pool is free for the question.
            if unit.transaction is None:
                raise lost
            await ensure_committed(self.database, unit.transaction, lost)
        if unit.wakes_workers:
            self.wake_workers()

    async def run_in_unit(
        self,
        actor: Actor,
        verb: Callable[[Unit], Awaitable[T]],
        *,
        job_run_id: int | None = None,
        attempts: int = 4,
    ) -> T:
        """Run `verb` in a unit of its own, from the start again where that is known to have left nothing behind.

        A verb looks before it writes, so after a unique violation the next attempt finds what
        somebody else wrote meanwhile. Raises TAKEN where the last attempt still meets one.
        """
        try:
            async for attempt in AsyncRetrying(
                stop=stop_after_attempt(attempts),
                wait=wait_random_exponential(multiplier=0.05, max=2),
                retry=retry_if_exception(self._may_repeat),
                reraise=True,
            ):
                with attempt:
                    return await self._attempt(actor, verb, job_run_id)
        except IntegrityError as fault:
            if not is_unique_violation(fault):
                raise
            message = "Somebody else has just used a value that must be unique. Choose another one."
            raise TenureError(ErrorCode.TAKEN, message) from fault
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _attempt(
        self, actor: Actor, verb: Callable[[Unit], Awaitable[T]], job_run_id: int | None
    ) -> T:
        """Once; or, where a lock was not free at once, again in the lock queue of this process."""
        queue = self.database.lock_queue
        try:
            async with self.unit(actor, job_run_id=job_run_id) as unit:
                return await verb(unit)
        except (DBAPIError, LockContendedError) as fault:
            if queue is None or not is_row_lock_timeout(fault):
                raise
            sent = statement_of(fault)
        async with (
            queue.waiting_for(sent),
            self.unit(actor, job_run_id=job_run_id, lock_seconds=queue.seconds) as unit,
        ):
            return await verb(unit)

    def _may_repeat(self, fault: BaseException) -> bool:
        """Where waits are bounded, one that reached its timeout is not begun again."""
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
        """The settings and the identity of the transaction, by one statement, which may set its lock timeout."""
        columns = identity_columns(self.database)
        begin = select(BusinessRow, *columns)
        if lock_seconds is not None:
            timeout = f"{lock_seconds * 1000:.0f}"
            begin = begin.add_columns(func.set_config("lock_timeout", timeout, True))
        row, *more = (await session.execute(begin)).one()
        identity = more[: len(columns)]
        business = business_of(row, clock_settable=self.clock_settable)
        transaction = TransactionIdentity(*identity) if identity else None
        return Unit(session, actor, business, job_run_id, transaction=transaction)


async def _commit(session: AsyncSession) -> Exception | None:
    """Commit. Returns the fault where the server may have committed although its answer did not arrive."""
    await session.flush()
    try:
        await session.commit()
    except Exception as fault:
        if not is_answer_lost(fault):
            raise
        return fault
    return None
