"""Running a job from the shell, together with any workers, until its run has ended."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from tenure.batch import execute_run
from tenure.cli.terminal import job_progress
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import read_business

__all__ = ["JobKind", "job", "run_job", "until_ended"]

# Between two queries of a run that another worker executes.
POLL_SECONDS = 0.5
# A worker without a heartbeat for this long is considered dead, and its run is continued here.
HEARTBEAT_TIMEOUT = timedelta(seconds=10)
JOB_NAMES = {JobKind.BILL_DAY: "bill day", JobKind.DEFERRED_ACTIONS: "deferred actions"}

Show = Callable[[int, int, int], None]


def job(kind: JobKind, on: datetime | None, label: str) -> Callable[[Runtime], Awaitable[str]]:
    """An operation that runs this job with a progress bar."""

    async def work(runtime: Runtime) -> str:
        with job_progress(label) as show:
            return await run_job(runtime, kind, on and on.date(), show)

    return work


async def run_job(runtime: Runtime, kind: JobKind, business_date: date | None, show: Show) -> str:
    """Start the run, or join the live one, and return a message when it has ended.

    Raises TenureError unless it is DONE without failures.
    """

    async def begin(unit: Unit) -> int:
        return (await start(unit, kind=kind, business_date=business_date)).id

    run = await until_ended(runtime, await runtime.run_in_unit(SYSTEM, begin), show)
    counts = f"{run.business_date}: {run.done:,} done, {run.failed:,} failed."
    if run.status is JobRunStatus.DONE:
        return counts
    if run.status is JobRunStatus.DONE_WITH_FAILURES:
        raise TenureError(ErrorCode.NOT_ALLOWED, f"{counts} The page of the run has the reasons.")
    ended = f"The {JOB_NAMES[kind]} run of {run.business_date} ended as {run.status}"
    raise TenureError(ErrorCode.NOT_ALLOWED, f"{ended}: {run.failure or 'no reason was recorded.'}")


async def until_ended(runtime: Runtime, run_id: int, show: Show) -> JobRun:
    """Execute the run, then wait for other workers. Execute it again if they are dead."""
    watcher = asyncio.create_task(_watch(runtime, run_id, show))
    try:
        while True:
            executed = await _execute(runtime, run_id)
            run = await _read(runtime, run_id)
            while executed and run.status in LIVE and _has_worker(run):
                await asyncio.sleep(POLL_SECONDS)
                run = await _read(runtime, run_id)
            if run.status not in LIVE:
                show(run.done, run.failed, run.total)
                return run
            await _check_business_date(runtime, run)
            await asyncio.sleep(POLL_SECONDS)
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)


async def _execute(runtime: Runtime, run_id: int) -> bool:
    """False after a fault, or if other runs come first: then it is executed again.

    The run counts its failed attempts, and is FAILED after the last one.
    """
    try:
        return await execute_run(runtime, run_id)
    except Exception:
        run = await _read(runtime, run_id)
        if not run.failed_attempts:
            raise
        return False


async def _watch(runtime: Runtime, run_id: int, show: Show) -> None:
    """Show the progress of all workers together."""
    while True:
        run = await _read(runtime, run_id)
        show(run.done, run.failed, run.total)
        await asyncio.sleep(POLL_SECONDS)


async def _read(runtime: Runtime, run_id: int) -> JobRun:
    async with runtime.database.reading() as session:
        return await session.get_one(JobRun, run_id)


def _has_worker(run: JobRun) -> bool:
    """True if a worker has reported a heartbeat recently."""
    return run.heartbeat_at is not None and real_now() - run.heartbeat_at < HEARTBEAT_TIMEOUT


async def _check_business_date(runtime: Runtime, run: JobRun) -> None:
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
    if business.today < run.business_date:
        message = f"The run waits for {run.business_date}: the business day is {business.today}."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)
