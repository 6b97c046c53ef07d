"""The job that changes the status of many accounts, in chunks.

Between two chunks it gives way to bill days and to deferred actions that are due.

Its changes are those of the user or client who started it, with the role that this needed: as with
a deferred action, what was allowed when it was requested is done later.
"""

from functools import partial

from tenure.batch import runs
from tenure.batch.runs import Run, run_chunks
from tenure.batch.status_changes.actions import change_claimed, settle_results
from tenure.batch.status_changes.queries import (
    ResultClaim,
    claimed_results,
    count_pending,
    job_of_run,
    still_pending,
)
from tenure.batch.status_changes.rules import failed
from tenure.batch.steps import LongStep, RunEnd, StepResult
from tenure.jobs.models import JobRun, StatusChangeJob
from tenure.jobs.queries import is_live
from tenure.kernel.actor import SYSTEM, Actor, Role
from tenure.kernel.unit import Unit


class StatusChangesStep(LongStep[ResultClaim]):
    """Changes the accounts of a run, those that pay for others of them first."""

    name = "status changes"

    def __init__(self, run: Run, job: StatusChangeJob, requested_by: str) -> None:
        self.run = run
        self.job = job
        self.actor = Actor(requested_by, Role.AGENT)
        self.chunk_size = runs.CHUNK

    async def claim(self, unit: Unit, limit: int, after: int) -> ResultClaim:
        """Locks the next accounts that were not tried yet."""
        if await self.gives_way(unit, self.run.id):
            return ResultClaim({})
        return await claimed_results(unit, self.run.id, limit=limit)

    async def has_more(self, unit: Unit) -> bool:
        """True if other workers have locked the rest, or accounts that come before it."""
        if self.end is RunEnd.GAVE_WAY:
            return False
        return await count_pending(unit.session, self.run.id) > 0

    async def apply(self, unit: Unit, claim: ResultClaim) -> StepResult:
        """Changes the accounts and stores their results."""
        return await change_claimed(
            unit, self.job, claim, cancels_conflicts=self.job.cancels_conflicts
        )

    async def fail(self, unit: Unit, claim: ResultClaim, fault: Exception) -> StepResult:
        """Marks the account FAILED, unless it was tried meanwhile, or the run ended."""
        pending = await still_pending(unit, claim.ids) if await is_live(unit, self.run.id) else []
        outcome = failed(fault)
        outcomes = {it: outcome for it, key in claim.of_accounts.items() if key in pending}
        return await settle_results(unit, claim, outcomes)


async def run_status_change_job(run: Run) -> RunEnd:
    """Changes all accounts of the run, unless other runs come first."""
    async with run.runtime.unit(SYSTEM, job_run_id=run.id) as unit:
        job = await job_of_run(unit.session, run.id)
        requested_by = (await unit.session.get_one(JobRun, run.id)).requested_by
    step = StatusChangesStep(run, job, requested_by)
    if await run.begin(step.name, partial(count_pending, job_run_id=run.id)):
        await run_chunks(run, step)
    return step.end
