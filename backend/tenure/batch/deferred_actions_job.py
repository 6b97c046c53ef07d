"""The job that runs due deferred actions, in chunks (rules 4.4 to 4.8)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from tenure.batch import runs
from tenure.batch.deferred_actions.actions import run_in_unit
from tenure.batch.deferred_actions.queries import ActionClaim, claimed_actions
from tenure.batch.runs import Run, run_chunks
from tenure.batch.steps import Step, StepResult
from tenure.deferred.actions import settle
from tenure.deferred.models import DeferredStatus
from tenure.deferred.queries import count_due, still_pending
from tenure.deferred.rules import Settled
from tenure.jobs.queries import is_live
from tenure.kernel.actor import Actor, Role
from tenure.kernel.locks import advisory_lock
from tenure.kernel.unit import Unit

JOB_ACTOR = Actor("deferred actions job", Role.ADMIN)


class DeferredActionsStep(Step[ActionClaim]):
    """Runs the actions that are due by `until`, in order."""

    name = "deferred actions"
    actor = JOB_ACTOR

    def __init__(self, run: Run, until: datetime) -> None:
        self.run = run
        self.until = until
        self.chunk_size = runs.CHUNK

    async def claim(self, unit: Unit, limit: int, after: int) -> ActionClaim:
        """Locks the next due actions that can run now, with the accounts that they affect."""
        async with advisory_lock(self.run.runtime.database, "claim deferred actions"):
            return await claimed_actions(unit, self._due_by(unit), limit=limit)

    async def has_more(self, unit: Unit) -> bool:
        """True if others have locked the actions that are due."""
        return await count_due(unit.session, self._due_by(unit)) > 0

    async def apply(self, unit: Unit, claim: ActionClaim) -> StepResult:
        """Runs the actions and settles them."""
        return await self._settle(unit, await run_in_unit(unit, claim.actions, claim.affected))

    async def fail(self, unit: Unit, claim: ActionClaim, fault: Exception) -> StepResult:
        """Marks the action FAILED, unless it was settled or cancelled, or the run ended."""
        failure = f"Unexpected error ({type(fault).__name__}). Run it again when it is fixed."
        pending = await still_pending(unit, claim.ids) if await is_live(unit, self.run.id) else []
        failed = Settled(DeferredStatus.FAILED, failure)
        return await self._settle(unit, dict.fromkeys(pending, failed))

    async def _settle(self, unit: Unit, outcomes: Mapping[int, Settled]) -> StepResult:
        await settle(unit, outcomes)
        failed = sum(outcome.status is DeferredStatus.FAILED for outcome in outcomes.values())
        return StepResult(len(outcomes) - failed, failed)

    def _due_by(self, unit: Unit) -> datetime:
        # The business clock may have returned to real time since the run began.
        return min(self.until, unit.now)


async def run_deferred_actions_job(run: Run, until: datetime) -> None:
    """Runs all actions that are due by `until`."""
    step = DeferredActionsStep(run, until)
    if await run.begin(step.name, partial(count_due, until=until)):
        await run_chunks(run, step)
