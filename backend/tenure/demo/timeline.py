"""The timeline of the demo company: its staff, and the days it goes through, each with its bill
day.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from tenure.accounts.rules import previous_bill_on
from tenure.batch import execute_run
from tenure.batch.bill_day.queries import next_date_due
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import business_day, start_of
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import settings_of

MAYA = Actor("maya.chen@example.com", Role.MANAGER)
BEN = Actor("ben.adeyemi@example.com", Role.AGENT)
PORTAL = Actor("customer portal", Role.AGENT)
ACTORS = (MAYA, BEN, PORTAL)
SCHEDULER = Actor("scheduler", Role.ADMIN)

DAY = timedelta(days=1)
Operation: TypeAlias = Callable[["Company", Unit], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Moment:
    """An operation that an actor performed a number of days ago."""

    days_ago: float
    actor: Actor
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRuntime(Runtime):
    """A runtime at a past time.

    Payments use the simulated gateway, whatever gateway is configured.
    """

    at: datetime

    @asynccontextmanager
    async def unit(
        self, actor: Actor, *, job_run_id: int | None = None, lock_seconds: float | None = None
    ) -> AsyncIterator[Unit]:
        """A unit whose business clock shows that time."""
        async with Runtime.unit(
            self, actor, job_run_id=job_run_id, lock_seconds=lock_seconds
        ) as unit:
            unit.settings = replace(settings_of(unit), now=self.at)
            yield unit


@dataclass(slots=True)
class Company:
    """The company being built: the ids of its customers by name, and the last finished bill day."""

    runtime: Runtime
    now: datetime
    time_zone: str
    done_until: date
    advance: Callable[[int], None]
    ids: dict[str, int] = field(default_factory=dict)

    async def replay(self, moments: Iterable[Moment]) -> None:
        """Run these moments in order, and the bill days before, between and after them."""
        for moment in sorted(moments, key=lambda moment: -moment.days_ago):
            at = self.now - timedelta(days=moment.days_ago)
            await self._do_bill_days(business_day(at, self.time_zone))
            async with PastRuntime(self.runtime.database, self.runtime.settings, at=at).unit(
                moment.actor
            ) as unit:
                await moment.operation(self, unit)
        today = business_day(self.now, self.time_zone)
        await self._do_bill_days(today - DAY)
        await self._do_bill_day(today)

    def bill_days(self, last: int, many: int) -> list[int]:
        """How many days ago the latest bills were made, given the age of the last one."""
        today = business_day(self.now, self.time_zone)
        days = [today - last * DAY]
        while len(days) < many:
            days.append(previous_bill_on(days[-1], days[0].day))
        return [(today - day).days for day in days]

    def full_hour(self, days: int) -> datetime:
        """A full hour, this number of days from now."""
        return (self.now + days * DAY).replace(minute=0, second=0, microsecond=0)

    async def _do_bill_days(self, until: date) -> None:
        """Run the bill days on which something is due.

        In production every day has one; the others change nothing.
        """
        while (on := await self._next_bill_day(until)) <= until:
            await self._do_bill_day(on)
        self._set_day(until)

    async def _next_bill_day(self, until: date) -> date:
        """The next day on which something is due; the day after `until` if there is none."""
        async with self.runtime.database.reading() as session:
            done = self.done_until
            return (
                await next_date_due(session, after=done, done_until=done, last=until + DAY)
                or until + DAY
            )

    async def _do_bill_day(self, on: date) -> None:
        past = PastRuntime(
            self.runtime.database, self.runtime.settings, at=start_of(on, self.time_zone)
        )
        async with past.unit(SCHEDULER) as unit:
            run_id = (await start(unit, kind=JobKind.BILL_DAY, business_date=on, scheduled=True)).id
        await execute_run(past, run_id)
        self._set_day(on)

    def _set_day(self, day: date) -> None:
        self.advance(max(0, (day - self.done_until).days))
        self.done_until = max(day, self.done_until)
