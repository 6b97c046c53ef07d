"""The job that runs due deferred actions, in chunks (rules 4.4 to 4.8)."""

from datetime import datetime
from functools import partial

from tenure.batch import runs
from tenure.batch.deferred_actions.actions import run_in_unit
from tenure.batch.deferred_actions.queries import claimed_actions
from tenure.batch.runs import Chunk, Run, run_chunks
from tenure.deferred.actions import settle
from tenure.deferred.models import DeferredStatus
from tenure.deferred.queries import count_due, still_pending
from tenure.deferred.rules import Settled
from tenure.jobs.queries import is_live
from tenure.kernel.actor import Actor, Role
from tenure.kernel.locks import advisory_lock
from tenure.kernel.unit import Unit

JOB_ACTOR = Actor("deferred actions job", Role.ADMIN)


async def run_deferred_actions_job(run: Run, until: datetime) -> None:
    """Runs all actions that are due by `until`."""

    async def run_chunk(chunk: Chunk, limit: int) -> None:
        await _run_chunk(run, until, chunk, limit=limit)

    if await run.begin("deferred actions", partial(count_due, until=until)):
        await run_chunks(run, run_chunk, partial(_fail, run), size=runs.CHUNK)


async def _run_chunk(run: Run, until: datetime, chunk: Chunk, *, limit: int) -> None:
    """Runs one chunk: effects, outcomes and progress in one transaction.

    It is the last chunk when nothing is due any more.
    """

    async def operation(unit: Unit) -> None:
        if not await is_live(unit, run.id):
            chunk.is_last = True
            return
        run.require_begun(unit)
        # The business clock may have returned to real time since the run began.
        due_by = min(until, unit.now)
        async with advisory_lock(run.runtime.database, "claim deferred actions"):
            claim = await claimed_actions(unit, due_by, limit=limit)
        chunk.tried = [action.id for action in claim.actions]
        if claim.actions:
            outcomes = await run_in_unit(unit, claim.actions, claim.affected)
            await _settle_and_count(unit, run, chunk, outcomes)
        else:
            # Actions locked by others are due until they commit: only the count shows the end.
            chunk.is_last = not await count_due(unit.session, due_by)

    await run.runtime.run_in_unit(JOB_ACTOR, operation, job_run_id=run.id)


async def _fail(run: Run, chunk: Chunk, fault: Exception) -> None:
    """Marks the tried actions FAILED, unless they were settled or cancelled, or the run ended."""
    failure = f"Unexpected error ({type(fault).__name__}). Run it again when it is fixed."

    async def operation(unit: Unit) -> None:
        pending = await still_pending(unit, chunk.tried) if await is_live(unit, run.id) else []
        outcomes = {action_id: Settled(DeferredStatus.FAILED, failure) for action_id in pending}
        await _settle_and_count(unit, run, chunk, outcomes)

    await run.runtime.run_in_unit(JOB_ACTOR, operation, job_run_id=run.id)


async def _settle_and_count(
    unit: Unit, run: Run, chunk: Chunk, outcomes: dict[int, Settled]
) -> None:
    await settle(unit, outcomes)
    chunk.failed = sum(outcome.status is DeferredStatus.FAILED for outcome in outcomes.values())
    chunk.done = len(outcomes) - chunk.failed
    await run.add_progress(unit, done=chunk.done, failed=chunk.failed)
