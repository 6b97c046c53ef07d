"""Starts due jobs every minute, and wakes the workers.

Several schedulers may run: a kind and business date has one live run (rules 4.10).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from tenure.batch.heartbeat import log_silent_workers
from tenure.deferred.queries import count_due
from tenure.events.queries import newest_position
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRunStatus
from tenure.jobs.queries import live_runs, newest_run_of
from tenure.kernel.actor import Actor, Role
from tenure.kernel.faults import OutcomeUnknownError
from tenure.kernel.readiness import first_line
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import read_business
from tenure.worker.expiry import hourly_expiry
from tenure.worker.figures import daily_figures

SCHEDULER = Actor("scheduler", Role.ADMIN)

logger = structlog.get_logger(__name__)


async def start_due_jobs(runtime: Runtime) -> bool:
    """Start the bill day if today has none, or a run of due deferred actions.

    True if a run is live.

    The first step of a bill day runs the due deferred actions. A run that was cancelled or FAILED
    is not started again automatically; a manager can start it.
    """
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
        bill_day = await newest_run_of(session, JobKind.BILL_DAY, business.today)
        deferred = await newest_run_of(session, JobKind.DEFERRED_ACTIONS, business.today)
        due, live = await count_due(session, business.now), await live_runs(session)
    may_start = deferred is None or deferred.status is not JobRunStatus.FAILED
    if bill_day is None:
        await runtime.run_in_unit(SCHEDULER, _start_bill_day)
    elif due and may_start and bill_day.status is not JobRunStatus.QUEUED:
        await runtime.run_in_unit(SCHEDULER, _start_deferred_actions)
    return bool(bill_day is None or (due and may_start) or live)


async def assign_event_positions(runtime: Runtime) -> None:
    """Assign the positions of new events, so that the next subscription has few to assign."""
    async with runtime.database.connection() as connection:
        await newest_position(connection)


@asynccontextmanager
async def scheduling(
    runtime: Runtime, wake_workers: Callable[[], None], *, seconds: float | None = None
) -> AsyncIterator[None]:
    """Start what is due at the start of each minute during the block.

    In every time zone a business day starts at the start of a minute (rules 4.4). `seconds`
    replaces the minute in tests.
    """

    async def check() -> None:
        try:
            if await start_due_jobs(runtime):
                wake_workers()
            await assign_event_positions(runtime)
            await _log_silent_workers(runtime)
        except (SQLAlchemyError, OSError, OutcomeUnknownError) as fault:
            logger.error("due jobs could not be checked, trying again", fault=first_line(fault))

    expire = hourly_expiry(runtime, SCHEDULER)
    store_figures = daily_figures(runtime, SCHEDULER)

    async def scheduled_upkeep() -> None:
        with suppress(asyncio.CancelledError):
            try:
                await expire()
            except (SQLAlchemyError, OSError, OutcomeUnknownError) as fault:
                logger.error("expired rows were not deleted, trying again", fault=first_line(fault))
            try:
                await store_figures()
            except (SQLAlchemyError, OSError, OutcomeUnknownError) as fault:
                logger.error("figures were not stored, trying again", fault=first_line(fault))

    async def scheduled_check() -> None:
        # APScheduler logs a check that is cancelled by the end of the process as a fault.
        with suppress(asyncio.CancelledError):
            await check()

    scheduler = AsyncIOScheduler(timezone="UTC")
    when = CronTrigger(second=0) if seconds is None else IntervalTrigger(seconds=seconds)
    # Two jobs, so that due work does not wait for the deletion of expired rows and for figures.
    for job in (scheduled_check, scheduled_upkeep):
        scheduler.add_job(job, when, max_instances=1, coalesce=True, misfire_grace_time=None)
    scheduler.start()
    try:
        await check()
        yield
    finally:
        scheduler.shutdown(wait=False)


async def _log_silent_workers(runtime: Runtime) -> None:
    database = runtime.database
    if not database.is_sqlite and database.timeouts.idle is not None:
        await log_silent_workers(database, database.timeouts.idle)


async def _start_bill_day(unit: Unit) -> None:
    """Start it unless another scheduler has started it since the check."""
    if await newest_run_of(unit.session, JobKind.BILL_DAY, unit.today) is None:
        await start(unit, kind=JobKind.BILL_DAY, scheduled=True)


async def _start_deferred_actions(unit: Unit) -> None:
    await start(unit, kind=JobKind.DEFERRED_ACTIONS, scheduled=True)
