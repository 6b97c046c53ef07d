"""Running a job from the shell: the same run that a worker would carry out, in this process."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from tenure.cli.terminal import counting
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.actor import SYSTEM
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit, Workplace
from tenure.wiring import carry_out_run

__all__ = ["JobKind", "job", "run_job"]


def job(kind: JobKind, on: datetime | None, words: str) -> Callable[[Workplace], Awaitable[str]]:
    """The run of this kind and date, to be carried out with a progress bar."""

    async def work(workplace: Workplace) -> str:
        with counting(words) as show:
            return await run_job(workplace, kind, on and on.date(), show)

    return work


async def run_job(
    workplace: Workplace, kind: JobKind, business_date: date | None, show: Callable[[int, int, int], None]
) -> str:
    """Start the run, or join the one that is live, and carry it out. Raises TenureError where it did not come to its end.

    Answers with a sentence. Single actions that fail do not make the run fail (rules 4.7).
    """

    async def begin(unit: Unit) -> int:
        return (await start(unit, kind=kind, business_date=business_date)).id

    job_run_id = await workplace.carry_out(SYSTEM, begin)
    await carry_out_run(workplace, job_run_id, show)
    async with workplace.database.reading() as session:
        run = await session.get_one(JobRun, job_run_id)
    if run.status not in (JobRunStatus.DONE, JobRunStatus.DONE_WITH_FAILURES):
        words = f"The run ended as {run.status}: {run.failure or 'somebody else works on it'}"
        raise TenureError(ErrorCode.NOT_ALLOWED, words)
    return f"{run.business_date}: {run.done:,} done, {run.failed:,} failed."
