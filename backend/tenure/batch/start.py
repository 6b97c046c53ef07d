"""Starts the job of a run, and handles faults that abort the run."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from tenure.batch.bill_day.rules import BusinessDate
from tenure.batch.bill_day_job import run_bill_day
from tenure.batch.deferred_actions_job import run_deferred_actions_job
from tenure.batch.heartbeat import heartbeat
from tenure.batch.import_job import run_import
from tenure.batch.runs import DateNotBegunError, NoProgressError, Progress, Run
from tenure.batch.status_change_job import run_status_change_job
from tenure.batch.steps import RunEnd
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.errors import ConfigurationError, TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit
from tenure.policies.queries import installed
from tenure.settings.queries import settings_of

RunAction = Callable[[Unit, int], Awaitable[object]]
log = structlog.get_logger()


async def execute_run(runtime: Runtime, job_run_id: int, progress: Progress | None = None) -> bool:
    """Runs all due work in chunks and ends the run. `progress` receives done, failed and total.

    Returns False if work is left because other runs come first: they are to be executed now, and
    this one after them.

    Any number of workers may execute the same run. A late or repeated message finds an ended run
    and changes nothing (rules 4.6). The run of a past date leaves work that became due later to the
    run of that later date. A run whose date has not begun is queued again. A step without progress
    ends the run as FAILED. Any other fault is raised, and ends it as FAILED at the last of
    `jobs.MAX_ATTEMPTS` attempts; a transient fault is raised and not counted.
    """
    try:
        return await _execute(runtime, job_run_id, progress)
    except DateNotBegunError as fault:
        log.debug("the job run waits for its business date", job_run_id=job_run_id, why=str(fault))
        await _in_unit(runtime, job_run_id, jobs.wait_for_date)
    except NoProgressError as fault:
        log.exception("a step of the job run makes no progress", job_run_id=job_run_id)
        ended = partial(jobs.fail, reason=str(fault), done=-fault.done, failed=-fault.failed)
        await _in_unit(runtime, job_run_id, ended)
    except Exception as fault:
        if is_resumable(fault):
            raise
        await _in_unit(
            runtime, job_run_id, partial(jobs.count_failed_attempt, reason=_reason_of(fault))
        )
        raise
    return True


async def _execute(runtime: Runtime, job_run_id: int, progress: Progress | None) -> bool:
    async with runtime.unit(SYSTEM, job_run_id=job_run_id) as unit:
        requested = await unit.session.get_one(JobRun, job_run_id)
        business = settings_of(unit)
    if requested.status not in LIVE:
        return True
    day = BusinessDate(requested.business_date, business.time_zone)
    run = Run(runtime, job_run_id, day.on, progress)
    run.require_begun(unit)
    installed()  # A plug-in that cannot be loaded fails the run here, not each of its actions.
    end = RunEnd.COMPLETE
    async with heartbeat(runtime.database, job_run_id):
        match requested.kind:
            case JobKind.BILL_DAY:
                await run_bill_day(run, day, business.now)
            case JobKind.DEFERRED_ACTIONS:
                await run_deferred_actions_job(run, min(business.now, day.last_instant))
            case JobKind.STATUS_CHANGE:
                end = await run_status_change_job(run)
            case JobKind.IMPORT:
                end = await run_import(run)
    if end is not RunEnd.COMPLETE:
        return end is RunEnd.LOCKED
    async with runtime.unit(SYSTEM, job_run_id=job_run_id) as unit:
        await jobs.end(unit, job_run_id)
    return True


async def _in_unit(runtime: Runtime, job_run_id: int, action: RunAction) -> None:
    async def operation(unit: Unit) -> None:
        await action(unit, job_run_id)

    await runtime.run_in_unit(SYSTEM, operation, job_run_id=job_run_id)


def _reason_of(fault: Exception) -> str:
    """The reason to show to users; the log has the details."""
    if isinstance(fault, TenureError):
        return fault.message
    if isinstance(fault, ConfigurationError):
        return str(fault)
    return f"Unexpected error: {type(fault).__name__}. The worker's log has its details."
