"""Deferred actions that are due are carried out a chunk at a time (rules 4.4 to 4.8)."""

from datetime import datetime
from functools import partial

from tenure.batch import runs
from tenure.batch.deferred_actions.actions import run_in_unit
from tenure.batch.deferred_actions.queries import claimed
from tenure.batch.runs import Chunk, Run, run_chunks
from tenure.deferred.actions import Settled, prepare_run, settle
from tenure.deferred.models import DeferredStatus
from tenure.deferred.queries import count_due, still_pending
from tenure.jobs.queries import is_live
from tenure.kernel.actor import Actor, Role
from tenure.kernel.locks import advisory_lock
from tenure.kernel.unit import Runtime, Unit

THE_JOB = Actor("deferred actions job", Role.ADMIN)


async def run_now(runtime: Runtime, actor: Actor, action_id: int) -> None:
    """Carry out one action at once, whatever its time. Raises NOT_FOUND, and NOT_ALLOWED where its state is final."""

    async def verb(unit: Unit) -> None:
        await settle(unit, await run_in_unit(unit, [await prepare_run(unit, action_id)]))

    await runtime.run_in_unit(actor, verb)


async def run_deferred_actions_job(run: Run, until: datetime) -> None:
    """Carry out everything that is due by then."""

    async def run_chunk(chunk: Chunk, limit: int) -> None:
        await _run_chunk(run, until, chunk, limit=limit)

    if await run.begin("deferred actions", partial(count_due, until=until)):
        await run_chunks(run, run_chunk, partial(_fail, run), size=runs.CHUNK)


async def _run_chunk(run: Run, until: datetime, chunk: Chunk, *, limit: int) -> None:
    """Effects, outcomes and progress of one chunk in one transaction. It is the last where nothing is due any more."""

    async def verb(unit: Unit) -> None:
        if not await is_live(unit, run.id):
            chunk.is_last = True
            return
        run.require_begun(unit)
        # The clock may have been given back since the run began.
        due_by = min(until, unit.now)
        async with advisory_lock(run.runtime.database, "claim deferred actions"):
            claim = await claimed(unit, due_by, limit=limit)
        chunk.tried = [action.id for action in claim.actions]
        if claim.actions:
            outcomes = await run_in_unit(unit, claim.actions, claim.affected)
            await _settle_and_count(unit, run, chunk, outcomes)
        else:
            # What others have in hand is due until they commit: only the count knows whether this is the end.
            chunk.is_last = not await count_due(unit.session, due_by)

    await run.runtime.run_in_unit(THE_JOB, verb, job_run_id=run.id)


async def _fail(run: Run, chunk: Chunk, fault: Exception) -> None:
    """The actions that were tried have failed, unless somebody has settled or cancelled them since, or ended the run."""
    words = f"An unforeseen fault stopped it ({type(fault).__name__}). Run it again when that is mended."

    async def verb(unit: Unit) -> None:
        pending = await still_pending(unit, chunk.tried) if await is_live(unit, run.id) else []
        outcomes = {action_id: Settled(DeferredStatus.FAILED, words) for action_id in pending}
        await _settle_and_count(unit, run, chunk, outcomes)

    await run.runtime.run_in_unit(THE_JOB, verb, job_run_id=run.id)


async def _settle_and_count(
    unit: Unit, run: Run, chunk: Chunk, outcomes: dict[int, Settled]
) -> None:
    await settle(unit, outcomes)
    chunk.failed = sum(outcome.status is DeferredStatus.FAILED for outcome in outcomes.values())
    chunk.done = len(outcomes) - chunk.failed
    await run.count_on(unit, done=chunk.done, failed=chunk.failed)
