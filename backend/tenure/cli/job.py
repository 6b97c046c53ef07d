"""Running a job from the shell: the run is carried out here and by whatever worker has it, until it has ended."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from tenure.batch import execute_run
from tenure.cli.terminal import counting
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import read_business

__all__ = ["JobKind", "job", "run_job"]

# Seconds between two looks at a run that another worker carries out.
POLL_SECONDS = 0.5
# A worker that has committed nothing for so long is taken to be gone: this process takes up its run.
SILENCE = timedelta(seconds=10)
WORDS = {JobKind.BILL_DAY: "bill day", JobKind.DEFERRED_ACTIONS: "deferred actions"}

Show = Callable[[int, int, int], None]


def job(kind: JobKind, on: datetime | None, words: str) -> Callable[[Runtime], Awaitable[str]]:
    """The run of this kind and date, to be carried out with a progress bar."""

    async def work(runtime: Runtime) -> str:
        with counting(words) as show:
            return await run_job(runtime, kind, on and on.date(), show)

    return work


async def run_job(runtime: Runtime, kind: JobKind, business_date: date | None, show: Show) -> str:
    """Start the run, or join the one that is live, and return when it has ended, whoever did the work.

    Answers with a sentence. Raises TenureError where it was not DONE without failures.
    """

    async def begin(unit: Unit) -> int:
        return (await start(unit, kind=kind, business_date=business_date)).id

    run = await _until_ended(runtime, await runtime.run_in_unit(SYSTEM, begin), show)
    counts = f"{run.business_date}: {run.done:,} done, {run.failed:,} failed."
    if run.status is JobRunStatus.DONE:
        return counts
    if run.status is JobRunStatus.DONE_WITH_FAILURES:
        raise TenureError(ErrorCode.NOT_ALLOWED, f"{counts} The run's page says why.")
    ended = f"The {WORDS[kind]} run of {run.business_date} ended as {run.status}"
    raise TenureError(ErrorCode.NOT_ALLOWED, f"{ended}: {run.failure or 'no reason was given.'}")


async def _until_ended(runtime: Runtime, run_id: int, show: Show) -> JobRun:
    """Takes part in the work, then waits for the other workers; where those are silent, takes part again."""
    watching = asyncio.create_task(_watch(runtime, run_id, show))
    try:
        while True:
            took_part = await _take_part(runtime, run_id)
            run = await _read(runtime, run_id)
            while took_part and run.status in LIVE and _has_worker(run):
                await asyncio.sleep(POLL_SECONDS)
                run = await _read(runtime, run_id)
            if run.status not in LIVE:
                show(run.done, run.failed, run.total)
                return run
            await _require_begun(runtime, run)
            await asyncio.sleep(POLL_SECONDS)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _take_part(runtime: Runtime, run_id: int) -> bool:
    """False after a fault. It is tried again: the run counts its attempts and is FAILED after the last one."""
    try:
        await execute_run(runtime, run_id)
    except Exception:
        run = await _read(runtime, run_id)
        if not run.failed_attempts:
            raise
        return False
    return True


async def _watch(runtime: Runtime, run_id: int, show: Show) -> None:
    """Shows what all workers together have done."""
    while True:
        run = await _read(runtime, run_id)
        show(run.done, run.failed, run.total)
        await asyncio.sleep(POLL_SECONDS)


async def _read(runtime: Runtime, run_id: int) -> JobRun:
    async with runtime.database.reading() as session:
        return await session.get_one(JobRun, run_id)


def _has_worker(run: JobRun) -> bool:
    """True while some worker has said lately that it is at the run."""
    return run.heartbeat_at is not None and real_now() - run.heartbeat_at < SILENCE


async def _require_begun(runtime: Runtime, run: JobRun) -> None:
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
    if business.today < run.business_date:
        message = f"The run waits for {run.business_date}: the business day is {business.today}."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)
