"""How a job run gets its work done: step by step, each chunk by chunk, by any number of workers at once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.jobs import actions as jobs
from tenure.jobs.models import JobRun
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import SYSTEM
from tenure.kernel.unit import Workplace, is_passing

# So many deferred actions are one transaction.
CHUNK = 1000
# Where all that is due waits for what another worker, or a change by hand, has in hand: seconds until the next look.
PAUSE = 0.2

Progress = Callable[[int, int, int], None]
log = structlog.get_logger()


@dataclass(slots=True)
class Chunk:
    """What became of one chunk: what was tried (by id), and how much of it was done and failed."""

    tried: list[int] = field(default_factory=list)
    done: int = 0
    failed: int = 0
    is_last: bool = False


@dataclass(slots=True)
class Run:
    """A run that is carried out here, and perhaps elsewhere too; and how far it has come, as far as this process knows."""

    workplace: Workplace
    id: int
    progress: Progress | None
    done: int = 0
    failed: int = 0
    total: int = 0

    async def begin(self, step: str, count: Callable[[AsyncSession], Awaitable[int]]) -> bool:
        """The step runs now, with so much to do. False where the run has ended."""
        async with self.workplace.unit(SYSTEM, job_run_id=self.id) as unit:
            run = await unit.session.get_one(JobRun, self.id, with_for_update=True)
            if run.status not in LIVE:
                return False
            await jobs.begin(unit, run, step=step, total=await count(unit.session))
            self.done, self.failed, self.total = run.done, run.failed, run.total
        return True

    def add(self, *, done: int, failed: int) -> None:
        """Count what is committed, and tell whoever watches."""
        self.done, self.failed = self.done + done, self.failed + failed
        self.total = max(self.total, self.done + self.failed)
        if self.progress is not None:
            self.progress(self.done, self.failed, self.total)


async def work_off(
    run: Run,
    carry_out_chunk: Callable[[Chunk, int], Awaitable[None]],
    fail: Callable[[Chunk, Exception], Awaitable[None]],
    *,
    size: int,
) -> None:
    """Chunk after chunk of this size, until nothing is due.

    Where a chunk cannot be done as a whole, what was tried is tried one by one, and what is at fault fails alone
    (rules 4.7, 6.5).
    """
    one_by_one = 0
    while True:
        chunk = Chunk()
        try:
            await carry_out_chunk(chunk, 1 if one_by_one else size)
        except Exception as fault:
            if is_passing(fault) or not chunk.tried:
                raise
            log.exception("a chunk could not be carried out", job_run_id=run.id, size=len(chunk.tried))
            if one_by_one:
                await fail(chunk, fault)
            one_by_one = one_by_one or len(chunk.tried) + 1
        if chunk.is_last:
            return
        one_by_one = max(0, one_by_one - 1)
        run.add(done=chunk.done, failed=chunk.failed)
        if not chunk.tried:
            await asyncio.sleep(PAUSE)
