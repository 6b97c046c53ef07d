"""Which job carries out what, and how a run ends that cannot be carried out."""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from tenure.batch.bill_day.rules import BusinessDate
from tenure.batch.bill_day_job import run_bill_day
from tenure.batch.deferred_actions_job import run_deferred_actions_job
from tenure.batch.runs import DateNotBegunError, NoProgressError, Progress, Run
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.errors import ConfigurationError, TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit
from tenure.policies.actions import installed

RunAction = Callable[[Unit, int], Awaitable[object]]
log = structlog.get_logger()


async def execute_run(runtime: Runtime, job_run_id: int, progress: Progress | None = None) -> None:
    """Carry out everything that is due, a chunk at a time, and end the run. `progress` gets done, failed, total.

    Any number of workers may do so for one run at once. A message that comes late or twice finds a run that has ended,
    and changes nothing (rules 4.6). The run of a day that has passed leaves what came due after it to the run of its own day.
    A run whose date has not begun waits. A step that makes no progress ends the run as FAILED; so does any other fault,
    which is raised, at the last of `jobs.MAX_ATTEMPTS` attempts. A transient fault is raised and not counted.
    """
    try:
        await _carry_out_run(runtime, job_run_id, progress)
    except DateNotBegunError as fault:
        log.debug("the job run waits for its business date", job_run_id=job_run_id, why=str(fault))
        await _in_unit(runtime, job_run_id, jobs.wait_for_date)
    except NoProgressError as fault:
        log.exception("a step of the job run makes no progress", job_run_id=job_run_id)
        await _in_unit(
            runtime, job_run_id, partial(jobs.fail, reason=str(fault), undone=fault.undone)
        )
    except Exception as fault:
        if is_resumable(fault):
            raise
        await _in_unit(
            runtime, job_run_id, partial(jobs.count_failed_attempt, reason=_reason_of(fault))
        )
        raise


async def _carry_out_run(runtime: Runtime, job_run_id: int, progress: Progress | None) -> None:
    async with runtime.unit(SYSTEM, job_run_id=job_run_id) as unit:
        asked, business = await unit.session.get_one(JobRun, job_run_id), unit.business
    if asked.status not in LIVE:
        return
    day = BusinessDate(asked.business_date, business.time_zone)
    run = Run(runtime, job_run_id, day.on, progress)
    run.require_begun(unit)
    installed()  # A plug-in that cannot be loaded stops the run here, rather than let action after action fail.
    if asked.kind is JobKind.BILL_DAY:
        await run_bill_day(run, day, business.now)
    else:
        await run_deferred_actions_job(run, min(business.now, day.last_instant))
    async with runtime.unit(SYSTEM, job_run_id=job_run_id) as unit:
        await jobs.end(unit, job_run_id)


async def _in_unit(runtime: Runtime, job_run_id: int, action: RunAction) -> None:
    async def operation(unit: Unit) -> None:
        await action(unit, job_run_id)

    await runtime.run_in_unit(SYSTEM, operation, job_run_id=job_run_id)


def _reason_of(fault: Exception) -> str:
    """What a person may read of it; the log has the rest."""
    if isinstance(fault, TenureError):
        return fault.message
    if isinstance(fault, ConfigurationError):
        return str(fault)
    return f"Unexpected error: {type(fault).__name__}. The worker's log has its details."
