"""The unit: one transaction, one actor, one instant, one cause. Every verb takes one; only the edges open them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from tenure.kernel.actor import Actor, Role
from tenure.kernel.business import Business, read_business
from tenure.kernel.db import Database
from tenure.kernel.settings import GatewaySettings, Settings

# PostgreSQL: serialization failure, deadlock, lock not available, too many connections, the connection classes, and
# a unique violation: verbs look before they write, so somebody came in between, and the next try says TAKEN.
PASSING_STATES = ("40001", "40P01", "55P03", "53300", "08", "57P", "23505")


T = TypeVar("T")


@dataclass(slots=True)
class Unit:
    """What a verb works with. `now` is the business instant: nothing in a verb asks for the time."""

    session: AsyncSession
    actor: Actor
    business: Business
    job_run_id: int | None = None
    wakes_workers: bool = field(default=False)

    @property
    def now(self) -> datetime:
        """The instant at which everything in this unit takes place."""
        return self.business.now

    def require(self, role: Role) -> None:
        """Raises ForbiddenError where the actor may not."""
        self.actor.require(role)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where units are opened: a database, whether the clock may be set, how workers are told of new work, who takes money.

    `before_commit` is for what has to be said in the same transaction, whatever the unit did.
    """

    database: Database
    clock_settable: bool = False
    wake_workers: Callable[[], None] = lambda: None
    before_commit: Callable[[Unit], Awaitable[None]] | None = None
    gateway: GatewaySettings = field(default_factory=GatewaySettings)

    @classmethod
    def of(cls, settings: Settings, database: Database, *, wake_workers: Callable[[], None] = lambda: None) -> Self:
        """As the operator has set it: every edge opens its workplace this way, so that none forgets a setting."""
        settable = settings.clock == "settable"
        return cls(database, clock_settable=settable, wake_workers=wake_workers, gateway=settings.payment_gateway)

    @asynccontextmanager
    async def unit(self, actor: Actor, *, job_run_id: int | None = None) -> AsyncIterator[Unit]:
        """A unit that is committed at the end of the block and undone where the block raises."""
        async with self.database.writing() as session:
            business = await read_business(session, clock_settable=self.clock_settable)
            unit = Unit(session, actor, business, job_run_id)
            yield unit
            if self.before_commit is not None:
                await self.before_commit(unit)
            await session.commit()
        if unit.wakes_workers:
            self.wake_workers()

    async def carry_out(
        self, actor: Actor, verb: Callable[[Unit], Awaitable[T]], *, job_run_id: int | None = None, attempts: int = 4
    ) -> T:
        """Run `verb` in a unit of its own; a passing fault of the database is tried again from the start."""
        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=wait_random_exponential(multiplier=0.05, max=2),
            retry=retry_if_exception(is_passing),
            reraise=True,
        ):
            with attempt:
                async with self.unit(actor, job_run_id=job_run_id) as unit:
                    return await verb(unit)
        raise AssertionError("unreachable: the last attempt returns or raises")


def is_passing(fault: BaseException) -> bool:
    """True for a fault that may be gone at the next try: a deadlock, a lost connection, a busy database.

    What the database's address, or the way to it, is at fault for comes as an OSError of whatever kind.
    """
    if isinstance(fault, OSError | PoolTimeoutError):
        return True
    if not isinstance(fault, DBAPIError):
        return False
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    return fault.connection_invalidated or state.startswith(PASSING_STATES) or "database is locked" in str(fault.orig)
