"""How a job run gets its work done: step by step, each chunk by chunk, by any number of workers at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import TypeAlias

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.jobs import actions as jobs
from tenure.jobs.models import JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.faults import is_resumable
from tenure.kernel.locks import max_concurrent_units, yield_to_writer
from tenure.kernel.unit import Runtime, Unit

# So many deferred actions are one transaction.
CHUNK = 1000
# So many chunks are in hand at once: the database works on one while this process thinks about the other.
CONCURRENCY = 2
# A chunk that is claimed so often in a row, although it was committed each time, ends the run.
MAX_IDENTICAL_CHUNKS = 3
# Where all that is due waits for what another worker, or a change by hand, has in hand: seconds until the next look,
# longer from look to look up to so many times as long. A look costs as much as a tenth of the work that it looks for.
PAUSE, LONGEST = 0.2, 5

Progress = Callable[[int, int, int], None]
log = structlog.get_logger()


class DateNotBegunError(Exception):
    """The run's date lies ahead of the business clock, which was given back or is in another time zone now."""


class NoProgressError(Exception):
    """A step was carried out, and what it was carried out for is still due. `undone` was counted as done."""

    def __init__(self, attempts: int, entries: int) -> None:
        super().__init__(f"No progress. Still due after {attempts} attempts: {entries:,}.")
        self.undone = attempts * entries


@dataclass(slots=True)
class Chunk:
    """What became of one chunk: what was tried (by id), and how much of it was done and failed."""

    tried: list[int] = field(default_factory=list)
    done: int = 0
    failed: int = 0
    is_last: bool = False


@dataclass(slots=True)
class ProgressCheck:
    """Raises NoProgressError where the same entries are claimed again although they were carried out."""

    previous: Sequence[int] = ()
    identical: int = 0

    def claimed(self, tried: Sequence[int]) -> None:
        """Takes the ids of a chunk that was committed."""
        if not tried:
            return
        self.identical = self.identical + 1 if list(tried) == list(self.previous) else 1
        self.previous = tried
        if self.identical == MAX_IDENTICAL_CHUNKS:
            raise NoProgressError(self.identical, len(tried))


RunChunk: TypeAlias = Callable[[Chunk, int], Awaitable[None]]
Fail: TypeAlias = Callable[[Chunk, Exception], Awaitable[None]]


@dataclass(slots=True)
class Run:
    """A run that is carried out here, and perhaps elsewhere too; and how far it has come, as far as this process knows.

    `on` is the business date that it is at, `step_id` the step that this process is at.
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
        """The step runs now, with so much to do. False where the run has ended."""
        async with self.runtime.unit(SYSTEM, job_run_id=self.id) as unit:
            run = await unit.session.get_one(
                JobRun, self.id, with_for_update=jobs.NON_BLOCKING_LOCK
            )
            if run.status not in LIVE:
                return False
            self.require_begun(unit)
            total = await count(unit.session)
            self.step_id = await jobs.begin(unit, run, step=step, on=self.on, total=total)
            self.done, self.failed, self.total = run.done, run.failed, run.total
        return True

    def require_begun(self, unit: Unit) -> None:
        """Raises DateNotBegunError where the date that the run is at has not begun by the business clock."""
        if unit.business.today < self.on:
            raise DateNotBegunError(
                f"{self.on} has not begun: the business day is {unit.business.today}."
            )

    async def count_on(self, unit: Unit, *, done: int, failed: int) -> None:
        """Progress, committed together with the chunk that it counts."""
        await jobs.count_on(unit, self.id, step_id=self.step_id, done=done, failed=failed)

    def add(self, *, done: int, failed: int) -> None:
        """Count what is committed, and tell whoever watches."""
        self.done, self.failed = self.done + done, self.failed + failed
        self.total = max(self.total, self.done + self.failed)
        if self.progress is not None:
            self.progress(self.done, self.failed, self.total)


async def run_chunks(run: Run, run_chunk: RunChunk, fail: Fail, *, size: int) -> None:
    """Chunk after chunk of this size, until nothing is due; two at once where there is so much to do.

    What the run counted when the step began tells how much that is. Where a chunk cannot be done as a whole, what was
    tried is tried one by one, and what is at fault fails alone (rules 4.7, 6.5).
    """
    chunks = ceil((run.total - run.done - run.failed) / size)
    if not chunks:
        return
    hands = min(CONCURRENCY, max_concurrent_units(run.runtime.database), chunks)
    try:
        async with asyncio.TaskGroup() as side_by_side:
            for _ in range(hands - 1):
                side_by_side.create_task(_work(run, run_chunk, fail, size=size, keep_polling=False))
            await _work(run, run_chunk, fail, size=size, keep_polling=True)
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None


async def _work(
    run: Run, run_chunk: RunChunk, fail: Fail, *, size: int, keep_polling: bool
) -> None:
    """Stops when no chunk can be claimed, unless it is to work `keep_polling`. Raises NoProgressError."""
    one_by_one = empty_claims = 0
    progress = ProgressCheck()
    while True:
        chunk = Chunk()
        try:
            await run_chunk(chunk, 1 if one_by_one else size)
        except Exception as fault:
            if isinstance(fault, DateNotBegunError) or is_resumable(fault) or not chunk.tried:
                raise
            log.exception(
                "a chunk could not be carried out", job_run_id=run.id, size=len(chunk.tried)
            )
            if one_by_one:
                await fail(chunk, fault)
            one_by_one = one_by_one or len(chunk.tried) + 1
        if chunk.is_last or not (chunk.tried or keep_polling):
            return
        one_by_one = max(0, one_by_one - 1)
        run.add(done=chunk.done, failed=chunk.failed)
        progress.claimed(chunk.tried)
        empty_claims = 0 if chunk.tried else empty_claims + 1
        if empty_claims:
            await asyncio.sleep(PAUSE * min(empty_claims, LONGEST))
        elif not one_by_one and run.done + run.failed < run.total:
            await yield_to_writer(run.runtime.database)
