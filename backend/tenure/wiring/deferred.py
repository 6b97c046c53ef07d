"""Deferred actions that are due are carried out a chunk at a time (rules 4.4 to 4.8)."""

from datetime import datetime
from functools import partial

from tenure.deferred.actions import Settled, run_at_once, settle
from tenure.deferred.models import DeferredStatus
from tenure.deferred.queries import count_due, still_pending
from tenure.execution.actions import carry_out
from tenure.execution.queries import claimed
from tenure.jobs.queries import is_live
from tenure.kernel.actor import Actor, Role
from tenure.kernel.dialects import one_at_a_time
from tenure.kernel.unit import Unit, Workplace
from tenure.wiring import runs
from tenure.wiring.runs import Chunk, Run, work_off

THE_JOB = Actor("deferred actions job", Role.ADMIN)


async def run_now(workplace: Workplace, actor: Actor, action_id: int) -> None:
    """Carry out one action at once, whatever its time. Raises NOT_FOUND, and NOT_ALLOWED where its state is final."""

    async def verb(unit: Unit) -> None:
        await settle(unit, await carry_out(unit, [await run_at_once(unit, action_id)]))

    await workplace.carry_out(actor, verb)


async def carry_out_deferred(run: Run, until: datetime) -> None:
    """Carry out everything that is due by then."""

    async def carry_out_chunk(chunk: Chunk, limit: int) -> None:
        await _carry_out_chunk(run, until, chunk, limit=limit)

    if await run.begin("deferred actions", partial(count_due, until=until)):
        await work_off(run, carry_out_chunk, partial(_fail, run), size=runs.CHUNK)


async def _carry_out_chunk(run: Run, until: datetime, chunk: Chunk, *, limit: int) -> None:
    """Effects, outcomes and progress of one chunk in one transaction. It is the last where nothing is due any more."""

    async def verb(unit: Unit) -> None:
        if not await is_live(unit, run.id):
            chunk.is_last = True
            return
        run.require_begun(unit)
        # The clock may have been given back since the run began.
        due_by = min(until, unit.now)
        async with one_at_a_time(run.workplace.database, "claim deferred actions"):
            claim = await claimed(unit, due_by, limit=limit)
        chunk.tried = [action.id for action in claim.actions]
        if claim.actions:
            outcomes = await carry_out(unit, claim.actions, claim.reach)
            await _settle_and_count(unit, run, chunk, outcomes)
        else:
            # What others have in hand is due until they commit: only the count knows whether this is the end.
            chunk.is_last = not await count_due(unit.session, due_by)

    await run.workplace.carry_out(THE_JOB, verb, job_run_id=run.id)


async def _fail(run: Run, chunk: Chunk, fault: Exception) -> None:
    """The actions that were tried have failed, unless somebody has settled or cancelled them since, or ended the run."""
    words = f"An unforeseen fault stopped it ({type(fault).__name__}). Run it again when that is mended."

    async def verb(unit: Unit) -> None:
        pending = await still_pending(unit, chunk.tried) if await is_live(unit, run.id) else []
        outcomes = {action_id: Settled(DeferredStatus.FAILED, words) for action_id in pending}
        await _settle_and_count(unit, run, chunk, outcomes)

    await run.workplace.carry_out(THE_JOB, verb, job_run_id=run.id)


async def _settle_and_count(unit: Unit, run: Run, chunk: Chunk, outcomes: dict[int, Settled]) -> None:
    await settle(unit, outcomes)
    chunk.failed = sum(outcome.status is DeferredStatus.FAILED for outcome in outcomes.values())
    chunk.done = len(outcomes) - chunk.failed
    await run.count_on(unit, done=chunk.done, failed=chunk.failed)
