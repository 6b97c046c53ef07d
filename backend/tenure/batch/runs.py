"""Runs the steps of a job run in chunks, by any number of workers at once."""

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
from tenure.kernel.locks import NO_KEY_UPDATE, max_concurrent_units, yield_to_writer
from tenure.kernel.unit import Runtime, Unit

# Deferred actions per transaction.
CHUNK = 1000
# Chunks in progress at once: the database executes one while this process prepares the other.
CONCURRENCY = 2
# A chunk that is claimed this often in a row, although it was committed each time, ends the run.
MAX_IDENTICAL_CHUNKS = 3
# Seconds until the next claim where other transactions hold all due work. The pause grows by itself
# after each empty claim, up to MAX_PAUSES times. A claim costs a tenth of the work that it claims.
PAUSE = 0.2
MAX_PAUSES = 5

Progress = Callable[[int, int, int], None]
log = structlog.get_logger()


class DateNotBegunError(Exception):
    """The run's date is in the future: the business clock or its time zone was changed."""


class NoProgressError(Exception):
    """A step ran, but its entries are still due. `undone` entries were counted as done."""

    def __init__(self, attempts: int, entries: int) -> None:
        super().__init__(f"No progress. Still due after {attempts} attempts: {entries:,}.")
        self.undone = attempts * entries


@dataclass(slots=True)
class Chunk:
    """The result of one chunk: the tried ids, and how many of them are done and failed."""

    tried: list[int] = field(default_factory=list)
    done: int = 0
    failed: int = 0
    is_last: bool = False


@dataclass(slots=True)
class ProgressCheck:
    """Raises NoProgressError where the same entries are claimed again after they were committed."""

    previous: Sequence[int] = ()
    identical: int = 0

    def record(self, tried: Sequence[int]) -> None:
        """Records the ids of a committed chunk."""
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

    async def add_progress(self, unit: Unit, *, done: int, failed: int) -> None:
        """Adds progress, in the transaction of the chunk that it counts."""
        await jobs.add_progress(unit, self.id, step_id=self.step_id, done=done, failed=failed)

    def add(self, *, done: int, failed: int) -> None:
        """Adds committed progress and reports it."""
        self.done += done
        self.failed += failed
        self.total = max(self.total, self.done + self.failed)
        if self.progress is not None:
            self.progress(self.done, self.failed, self.total)


async def run_chunks(run: Run, run_chunk: RunChunk, fail: Fail, *, size: int) -> None:
    """Runs chunks of this size until nothing is due, up to CONCURRENCY at once.

    The total of the step limits how many run at once. Where a chunk fails, its entries are retried
    one by one, so that only the faulty ones fail (rules 4.7, 6.5).
    """
    chunks = ceil((run.total - run.done - run.failed) / size)
    if not chunks:
        return
    workers = min(CONCURRENCY, max_concurrent_units(run.runtime.database), chunks)
    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(workers - 1):
                tasks.create_task(_work(run, run_chunk, fail, size=size, keep_polling=False))
            await _work(run, run_chunk, fail, size=size, keep_polling=True)
    except ExceptionGroup as faults:
        raise faults.exceptions[0] from None


async def _work(
    run: Run, run_chunk: RunChunk, fail: Fail, *, size: int, keep_polling: bool
) -> None:
    """Stops when no chunk can be claimed, unless `keep_polling` is set. Raises NoProgressError."""
    one_by_one = 0
    empty_claims = 0
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
        progress.record(chunk.tried)
        empty_claims = 0 if chunk.tried else empty_claims + 1
        if empty_claims:
            await asyncio.sleep(PAUSE * min(empty_claims, MAX_PAUSES))
        elif not one_by_one and run.done + run.failed < run.total:
            await yield_to_writer(run.runtime.database)
