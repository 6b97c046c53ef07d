"""Runs the steps of a job run in chunks, by any number of workers at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from math import ceil
from typing import Generic

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.batch.steps import ClaimT, Step, StepResult
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobRun
from tenure.jobs.queries import LIVE, is_live, quarantined_accounts
from tenure.kernel.actor import SYSTEM
from tenure.kernel.faults import is_resumable
from tenure.kernel.locks import NO_KEY_UPDATE, max_concurrent_units, yield_to_writer
from tenure.kernel.unit import Runtime, Unit

# Deferred actions per transaction.
CHUNK = 1000
# Chunks in progress at once: the database executes one while this process prepares the other.
CONCURRENCY = 2
# A chunk that is claimed this often, although it was committed each time, ends the run.
MAX_IDENTICAL_CHUNKS = 3
# Seconds until the next claim where other transactions hold all due work. The pause grows by itself
# after each empty claim, up to MAX_PAUSES times. A claim costs a tenth of the work that it claims.
PAUSE = 0.2
MAX_PAUSES = 5

# The result of a chunk without effects.
NOTHING = StepResult()
Progress = Callable[[int, int, int], None]
log = structlog.get_logger()


class DateNotBegunError(Exception):
    """The run's date is in the future: the business clock or its time zone was changed."""


class NoProgressError(Exception):
    """A step ran, but its entries are still due. They were counted as `done` and `failed`."""

    def __init__(self, attempts: int, entries: int, *, done: int, failed: int) -> None:
        super().__init__(f"No progress. Still due after {attempts} attempts: {entries:,}.")
        self.done = done
        self.failed = failed


@dataclass(slots=True)
class ProgressCheck:
    """Raises NoProgressError where the same entries are claimed again after they were committed.

    Between two identical claims there may be others: a step that is asked for the entries after the
    last one begins again at the end, and a chunk with a faulty entry is tried as a whole now and
    then.
    """

    committed: dict[int, list[StepResult]] = field(default_factory=dict)

    def record(self, tried: Sequence[int], result: StepResult) -> None:
        """Records the ids of a committed chunk. Their hash bounds the memory for a long run."""
        if not tried:
            return
        results = self.committed.setdefault(hash(tuple(tried)), [])
        results.append(result)
        if len(results) == MAX_IDENTICAL_CHUNKS:
            done = sum(it.done for it in results)
            # A quarantined account is stored as such, and stays so.
            failed = sum(it.failed for it in results if not it.quarantined)
            raise NoProgressError(len(results), len(tried), done=done, failed=failed)


@dataclass(slots=True)
class Run:
    """A run that this process executes, possibly among others, with its progress as last read.

    `on` is the current business date of the run, `step_id` the current step of this process.
    """

    runtime: Runtime
    id: int
    on: date
    progress: Progress | None
    done: int = 0
    failed: int = 0
    total: int = 0
    step_id: int = 0

    async def begin(self, step: str, count: Callable[[AsyncSession], Awaitable[int]]) -> bool:
        """Begins a step whose total is `count`. Returns False where the run has ended."""
        async with self.runtime.unit(SYSTEM, job_run_id=self.id) as unit:
            run = await unit.session.get_one(JobRun, self.id, with_for_update=NO_KEY_UPDATE)
            if run.status not in LIVE:
                return False
            self.require_begun(unit)
            total = await count(unit.session)
            self.step_id = await jobs.begin(unit, run, step=step, on=self.on, total=total)
            self.done = run.done
            self.failed = run.failed
            self.total = run.total
        return True

    def require_begun(self, unit: Unit) -> None:
        """Raises DateNotBegunError where the run's date is after the business day."""
        if unit.today < self.on:
            raise DateNotBegunError(f"{self.on} has not begun: the business day is {unit.today}.")

    async def is_live(self, unit: Unit) -> bool:
        """True while the run is live. Raises DateNotBegunError before its date."""
        if not await is_live(unit, self.id):
            return False
        self.require_begun(unit)
        return True

    async def quarantined(self, unit: Unit) -> Sequence[int]:
        """The accounts that the run has quarantined."""
        return await quarantined_accounts(unit.session, self.id)

    async def record(self, unit: Unit, step: str, result: StepResult) -> StepResult:
        """Stores a result in the transaction of its effects. Returns it with all failed entries."""
        failed = result.failed
        if result.quarantined:
            reasons = result.quarantined
            failed += await jobs.quarantine(unit, self.id, step=step, reasons=reasons)
        await jobs.add_progress(
            unit, self.id, step_id=self.step_id, done=result.done, failed=failed
        )
        if result.totals is not None:
            await jobs.add_totals(unit, self.id, result.totals)
        return replace(result, failed=failed)

    def add(self, *, done: int, failed: int) -> None:
        """Adds committed progress and reports it."""
        self.done += done
        self.failed += failed
        self.total = max(self.total, self.done + self.failed)
        if self.progress is not None:
            self.progress(self.done, self.failed, self.total)


@dataclass(slots=True)
class Chunk(Generic[ClaimT]):
    """One claim of a step. `claimed` is known even if applying it fails."""

    run: Run
    step: Step[ClaimT]
    limit: int = 1
    after: int = 0
    claimed: ClaimT | None = None
    result: StepResult = NOTHING
    is_last: bool = False

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the claimed entries."""
        return [] if self.claimed is None else self.claimed.ids

    async def execute(self) -> None:
        """Claims and applies. Effects, outcomes and progress are one transaction."""
        if not self.step.commits_claim:
            await self._run_in_unit(self._claim_and_apply)
            return
        await self._run_in_unit(self._claim)
        if self.claimed is not None and self.claimed.ids:
            self.claimed = await self.step.send(self.claimed)
            await self.apply()

    async def apply(self) -> None:
        """Applies a claim that is committed."""
        await self._run_in_unit(self._apply)

    async def fail(self, fault: Exception) -> None:
        """Records the fault of the one claimed entry."""
        await self._run_in_unit(partial(self._fail, fault=fault))

    async def _claim_and_apply(self, unit: Unit) -> None:
        await self._claim(unit)
        if self.ids:
            await self._apply(unit)

    async def _claim(self, unit: Unit) -> None:
        self.claimed = None
        if not await self.run.is_live(unit):
            self.is_last = True
            return
        self.claimed = await self.step.claim(unit, self.limit, self.after)
        if not self.claimed.ids:
            # Entries locked by others are due until they commit.
            self.is_last = not await self.step.has_more(unit)

    async def _apply(self, unit: Unit) -> None:
        assert self.claimed is not None
        result = await self.step.apply(unit, self.claimed)
        self.result = await self.run.record(unit, self.step.name, result)

    async def _fail(self, unit: Unit, fault: Exception) -> None:
        assert self.claimed is not None
        result = await self.step.fail(unit, self.claimed, fault)
        self.result = await self.run.record(unit, self.step.name, result)

    async def _run_in_unit(self, operation: Callable[[Unit], Awaitable[None]]) -> None:
        await self.run.runtime.run_in_unit(self.step.actor, operation, job_run_id=self.run.id)


async def run_chunks(run: Run, step: Step[ClaimT]) -> None:
    """Runs chunks of the step until nothing is due, a concurrent step up to CONCURRENCY at once.

    The total of a concurrent step limits how many run at once. Where a chunk fails, its entries are
    retried one by one, so that only the faulty ones fail (rules 4.7, 6.5).
    """
    if not step.is_concurrent:
        await _work(run, step, keep_polling=True)
        return
    chunks = ceil((run.total - run.done - run.failed) / step.chunk_size)
    if not chunks:
        return
    workers = min(CONCURRENCY, max_concurrent_units(run.runtime.database), chunks)
    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(workers - 1):
                tasks.create_task(_work(run, step, keep_polling=False))
            await _work(run, step, keep_polling=True)
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None


async def _work(run: Run, step: Step[ClaimT], *, keep_polling: bool) -> None:
    """Stops when no chunk can be claimed, unless `keep_polling` is set. Raises NoProgressError."""
    one_by_one = 0
    empty_claims = 0
    after = 0
    progress = ProgressCheck()
    while True:
        chunk = Chunk(run, step, limit=1 if one_by_one else step.chunk_size, after=after)
        is_undone = await _execute(chunk, is_single=one_by_one > 0)
        if is_undone:
            one_by_one = len(chunk.ids) + 1
        if chunk.is_last or not (chunk.ids or keep_polling):
            return
        one_by_one = max(0, one_by_one - 1)
        run.add(done=chunk.result.done, failed=chunk.result.failed)
        if not is_undone:
            progress.record(chunk.ids, chunk.result)
            after = max(after, chunk.ids[-1]) if chunk.ids else 0
        empty_claims = 0 if chunk.ids else empty_claims + 1
        if empty_claims:
            await asyncio.sleep(PAUSE * min(empty_claims, MAX_PAUSES))
        elif not one_by_one and run.done + run.failed < run.total:
            await yield_to_writer(run.runtime.database)


async def _execute(chunk: Chunk[ClaimT], *, is_single: bool) -> bool:
    """Executes the chunk. Returns True if it was undone, and its entries are to be retried."""
    try:
        await chunk.execute()
    except Exception as fault:
        if isinstance(fault, DateNotBegunError) or is_resumable(fault) or not chunk.ids:
            raise
        log.exception("a chunk failed", job_run_id=chunk.run.id, size=len(chunk.ids))
        if chunk.step.commits_claim:
            chunk.result = await _apply_one_by_one(chunk)
        elif is_single:
            await chunk.fail(fault)
        else:
            chunk.result = NOTHING
            return True
    return False


async def _apply_one_by_one(chunk: Chunk[ClaimT]) -> StepResult:
    """Applies each entry of a committed claim in its own unit. Returns the sum of the results."""
    assert chunk.claimed is not None
    done = failed = 0
    for part in chunk.step.split(chunk.claimed):
        single = Chunk(chunk.run, chunk.step, claimed=part)
        try:
            await single.apply()
        except Exception as fault:
            if is_resumable(fault):
                raise
            await single.fail(fault)
        done += single.result.done
        failed += single.result.failed
    return StepResult(done, failed)
