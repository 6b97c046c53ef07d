"""The jobs and what they call: deferred actions that are due are carried out a chunk at a time (rules 4.4 to 4.8)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

import structlog

from tenure.deferred.actions import Settled, run_at_once, settle
from tenure.deferred.models import DeferredStatus
from tenure.deferred.queries import count_due, still_pending
from tenure.execution.actions import carry_out
from tenure.execution.queries import claimed
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobRun
from tenure.jobs.queries import LIVE, is_live
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import start_of
from tenure.kernel.dialects import at_once, let_others_write, one_at_a_time
from tenure.kernel.unit import Unit, Workplace, is_passing
from tenure.policies.actions import installed

CHUNK = 1000
# So many chunks are in hand at once: the database works on one while this process thinks about the other.
HANDS = 2
# Where all that is due waits for what another worker, or a change by hand, has in hand: seconds until the next look,
# longer from look to look up to so many times as long. A look costs as much as a tenth of the work that it looks for.
PAUSE, LONGEST = 0.2, 5
THE_JOB = Actor("deferred actions job", Role.ADMIN)

Progress = Callable[[int, int, int], None]
log = structlog.get_logger()


@dataclass(slots=True)
class Chunk:
    """What became of one chunk: which actions were tried, and how many of them were done and failed."""

    tried: list[int] = field(default_factory=list)
    done: int = 0
    failed: int = 0
    is_last: bool = False


@dataclass(slots=True)
class Tally:
    """How far a run has come, as far as this process knows."""

    done: int
    failed: int
    total: int
    progress: Progress | None

    def add(self, chunk: Chunk) -> None:
        """Count a chunk, and tell whoever watches."""
        self.done, self.failed = self.done + chunk.done, self.failed + chunk.failed
        if self.progress is not None:
            self.progress(self.done, self.failed, self.total)


async def carry_out_run(workplace: Workplace, job_run_id: int, progress: Progress | None = None) -> None:
    """Carry out everything that is due, a chunk at a time, and end the run. `progress` gets done, failed, total.

    Any number of workers may do so for one run at once. A message that comes late or twice finds a run that has ended,
    and changes nothing (rules 4.6). Where a chunk cannot be done as a whole, its actions are tried one by one, and the
    one at fault fails alone (rules 4.7).
    """
    installed()  # A plug-in that cannot be loaded stops the run here, rather than let action after action fail.
    async with workplace.unit(THE_JOB, job_run_id=job_run_id) as unit:
        run = await unit.session.get_one(JobRun, job_run_id, with_for_update=jobs.AMONG_WORKERS)
        if run.status not in LIVE:
            return
        until = _until(unit, run)
        await jobs.begin(unit, run, step="deferred actions", total=await count_due(unit.session, until))
        tally = Tally(run.done, run.failed, run.total, progress)
        chunks = ceil((run.total - run.done - run.failed) / CHUNK)
    hands = min(HANDS, at_once(workplace.database), chunks)
    try:
        async with asyncio.TaskGroup() as side_by_side:
            for _ in range(hands - 1):
                side_by_side.create_task(_work(workplace, job_run_id, until, tally, to_the_end=False))
            await _work(workplace, job_run_id, until, tally, to_the_end=True)
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None
    async with workplace.unit(THE_JOB, job_run_id=job_run_id) as unit:
        await jobs.end(unit, job_run_id)


async def run_now(workplace: Workplace, actor: Actor, action_id: int) -> None:
    """Carry out one action at once, whatever its time. Raises NOT_FOUND, and NOT_ALLOWED where its state is final."""

    async def verb(unit: Unit) -> None:
        await settle(unit, await carry_out(unit, [await run_at_once(unit, action_id)]))

    await workplace.carry_out(actor, verb)


async def _work(workplace: Workplace, job_run_id: int, until: datetime, tally: Tally, *, to_the_end: bool) -> None:
    """Chunk after chunk, until nothing is due; a hand that need not stay `to_the_end` stops where nothing is free."""
    one_by_one = in_vain = 0
    while True:
        chunk = Chunk()
        try:
            await _carry_out_chunk(workplace, job_run_id, until, chunk, limit=1 if one_by_one else CHUNK)
        except Exception as fault:
            if is_passing(fault) or (one_by_one and not chunk.tried):
                raise
            log.exception("deferred actions could not be carried out", actions=len(chunk.tried))
            if one_by_one:
                await _fail(workplace, job_run_id, chunk, fault)
            one_by_one = one_by_one or len(chunk.tried) + 1
        if chunk.is_last or not (chunk.tried or to_the_end):
            break
        one_by_one = max(0, one_by_one - 1)
        tally.add(chunk)
        in_vain = 0 if chunk.tried else in_vain + 1
        if in_vain:
            await asyncio.sleep(PAUSE * min(in_vain, LONGEST))
        elif not one_by_one:
            await let_others_write(workplace.database)


async def _carry_out_chunk(workplace: Workplace, job_run_id: int, until: datetime, chunk: Chunk, *, limit: int) -> None:
    """Effects, outcomes and progress of one chunk in one transaction. It is the last where nothing is due any more."""

    async def verb(unit: Unit) -> None:
        if not await is_live(unit, job_run_id):
            chunk.is_last = True
            return
        async with one_at_a_time(workplace.database, "claim deferred actions"):
            claim = await claimed(unit, until, limit=limit)
        chunk.tried = [action.id for action in claim.actions]
        if claim.actions:
            outcomes = await carry_out(unit, claim.actions, claim.reach)
            await _settle_and_count(unit, job_run_id, chunk, outcomes)
        else:
            # What others have in hand is due until they commit: only the count knows whether this is the end.
            chunk.is_last = not await count_due(unit.session, until)

    await workplace.carry_out(THE_JOB, verb, job_run_id=job_run_id)


async def _fail(workplace: Workplace, job_run_id: int, chunk: Chunk, fault: Exception) -> None:
    """The actions that were tried have failed, unless somebody has settled or cancelled them since, or ended the run."""
    words = f"An unforeseen fault stopped it ({type(fault).__name__}). Run it again when that is mended."

    async def verb(unit: Unit) -> None:
        pending = await still_pending(unit, chunk.tried) if await is_live(unit, job_run_id) else []
        outcomes = {action_id: Settled(DeferredStatus.FAILED, words) for action_id in pending}
        await _settle_and_count(unit, job_run_id, chunk, outcomes)

    await workplace.carry_out(THE_JOB, verb, job_run_id=job_run_id)


async def _settle_and_count(unit: Unit, job_run_id: int, chunk: Chunk, outcomes: dict[int, Settled]) -> None:
    await settle(unit, outcomes)
    chunk.failed = sum(outcome.status is DeferredStatus.FAILED for outcome in outcomes.values())
    chunk.done = len(outcomes) - chunk.failed
    await jobs.count_on(unit, job_run_id, done=chunk.done, failed=chunk.failed)


def _until(unit: Unit, run: JobRun) -> datetime:
    """A run for a day that has passed leaves what came due after it to the run of its own day."""
    if run.business_date >= unit.business.today:
        return unit.now
    return start_of(run.business_date + timedelta(days=1), unit.business.time_zone) - timedelta(microseconds=1)
