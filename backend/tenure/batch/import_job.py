"""The job that checks or imports an uploaded file, chunk by chunk.

The position in the file, the counts and the rejected lines are stored with the effects of each
chunk, so another worker continues where a killed one stopped. One worker at a time has the run.
An import may take long: between chunks it gives way to other runs.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from tenure.batch.runs import Run, run_chunks
from tenure.batch.steps import LongStep, RunEnd, StepResult
from tenure.importing.chunks import IMPORT_ACTOR, orphan_reasons
from tenure.importing.judging import judge, left_line, run_line
from tenure.importing.lines import COLUMNS
from tenure.importing.models import ImportFile, ImportMode, ImportRun, ImportRunLine, LineState
from tenure.importing.reading import Csv, JsonLines, Position, Record, open_reader
from tenure.importing.run import CHUNK_SIZE
from tenure.importing.run_queries import (
    count_waiting,
    lines_with_parent,
    locked_import_run,
    orphans,
    parents_of_orphans,
    run_and_file,
)
from tenure.importing.stored_files import local_copy
from tenure.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class RecordsClaim:
    """Records of the file, from `start` on. In the second step, `rows` are their waiting lines.

    Without records, the rows are lines whose parent is missing.
    """

    run: ImportRun | None = None
    start: Position | None = None
    records: Sequence[Record] = ()
    rows: Sequence[ImportRunLine] = ()

    @property
    def ids(self) -> Sequence[int]:
        """The numbers of the lines."""
        if self.rows:
            return [row.line for row in self.rows]
        return [record.position.line for record in self.records]


class ImportStep(LongStep[RecordsClaim]):
    """A step of an import."""

    actor = IMPORT_ACTOR
    is_concurrent = False

    def __init__(self, import_run: ImportRun, file: ImportFile, reader: JsonLines | Csv) -> None:
        self.import_run = import_run
        self.file = file
        self.reader = reader
        self.chunk_size = CHUNK_SIZE

    async def claim(self, unit: Unit, limit: int, after: int) -> RecordsClaim:
        """Locks the run, and reads the next records of the file."""
        if await self.gives_way(unit, self.import_run.job_run_id):
            return RecordsClaim()
        run = await locked_import_run(unit, self.import_run.id)
        if run is None:
            self.end = RunEnd.LOCKED
            return RecordsClaim()
        return await self.next_records(unit, run, limit)

    @abstractmethod
    async def count(self, session: AsyncSession) -> int:
        """The number of lines that are left."""

    @abstractmethod
    async def next_records(self, unit: Unit, run: ImportRun, limit: int) -> RecordsClaim:
        """The next records of a locked run."""


class LinesStep(ImportStep):
    """Reads the file in order. Lines whose parent comes later are left to the next step."""

    name = "lines"

    async def count(self, session: AsyncSession) -> int:
        """By the number of line ends, which counts empty lines too."""
        run, _ = await run_and_file(session, self.import_run.job_run_id)
        return max(0, self.file.lines - self._start(run).line + 1)

    async def next_records(self, unit: Unit, run: ImportRun, limit: int) -> RecordsClaim:
        """The records after the last one."""
        start = self._start(run)
        records = list(islice(self.reader.records(start), limit))
        run.is_read = not records
        await unit.session.flush()
        return RecordsClaim(run, start, records)

    async def apply(self, unit: Unit, claim: RecordsClaim) -> StepResult:
        """Checks or imports the records, and moves the position of the run behind them."""
        assert claim.run is not None
        judged = await judge(unit, claim.run, claim.records)
        left = [left_line(claim.run, it) for it in judged]
        unit.session.add_all([row for row in left if row is not None])
        _move(claim.run, claim.records[-1].following)
        await unit.session.flush()
        done = sum(it.is_done for it in judged)
        return StepResult(done, sum(it.reason is not None for it in judged))

    async def fail(self, unit: Unit, claim: RecordsClaim, fault: Exception) -> StepResult:
        """Rejects the line, unless another worker has read it meanwhile."""
        run = await locked_import_run(unit, self.import_run.id)
        if run is None or self._start(run) != claim.start:
            return StepResult()
        [record] = claim.records
        number, reason = record.named("number"), _fault_reason(fault)
        unit.session.add(run_line(run, record, LineState.REJECTED, number=number, reason=reason))
        _move(run, record.following)
        run.rejected += 1
        await unit.session.flush()
        return StepResult(failed=1)

    def _start(self, run: ImportRun) -> Position:
        return Position(run.line, run.offset) if run.line else self.reader.first


class WaitingLinesStep(ImportStep):
    """Reads lines again whose parent came later. Those without a parent are rejected at the end."""

    name = "lines with a later parent"
    reason: Callable[[str, str], str] | None = None

    async def count(self, session: AsyncSession) -> int:
        """The number of waiting lines."""
        return await count_waiting(session, self.import_run.id)

    async def next_records(self, unit: Unit, run: ImportRun, limit: int) -> RecordsClaim:
        """Lines whose parent exists by now; if there are none, lines without a parent."""
        rows = await lines_with_parent(unit, run.id, limit)
        if not rows:
            return RecordsClaim(run, rows=await orphans(unit, run.id, limit))
        starts = [Position(row.line, row.offset) for row in rows]
        records = [next(iter(self.reader.records(start))) for start in starts]
        return RecordsClaim(run, records=records, rows=rows)

    async def apply(self, unit: Unit, claim: RecordsClaim) -> StepResult:
        """Checks or imports the records, or rejects the lines without a parent."""
        assert claim.run is not None
        if not claim.records:
            return await self._reject_orphans(unit, claim.run, claim.rows)
        judged = await judge(unit, claim.run, claim.records)
        for row, it in zip(claim.rows, judged, strict=True):
            if it.is_done:
                row.state = LineState.SETTLED
            elif it.reason is not None:
                row.state, row.reason = LineState.REJECTED, it.reason
        await unit.session.flush()
        done = sum(it.is_done for it in judged)
        return StepResult(done, sum(it.reason is not None for it in judged))

    async def fail(self, unit: Unit, claim: RecordsClaim, fault: Exception) -> StepResult:
        """Rejects the line, unless another worker has settled it meanwhile."""
        run = await locked_import_run(unit, self.import_run.id)
        row = await unit.session.get(ImportRunLine, claim.rows[0].id, populate_existing=True)
        if run is None or row is None or row.state is not LineState.WAITING:
            return StepResult()
        row.state, row.reason = LineState.REJECTED, _fault_reason(fault)
        run.rejected += 1
        await unit.session.flush()
        return StepResult(failed=1)

    async def _reject_orphans(
        self, unit: Unit, run: ImportRun, rows: Sequence[ImportRunLine]
    ) -> StepResult:
        if self.reason is None:
            self.reason = orphan_reasons(await parents_of_orphans(unit, run.id))
        for row in rows:
            row.state = LineState.REJECTED
            row.reason = self.reason(row.number or "", row.parent or "")
        run.rejected += len(rows)
        await unit.session.flush()
        return StepResult(failed=len(rows))


async def run_import(run: Run) -> RunEnd:
    """Reads the rest of the file, then the lines whose parents came later."""
    database = run.runtime.database
    async with database.reading() as session:
        import_run, file = await run_and_file(session, run.id)
    async with local_copy(database, file.id) as content:
        reader = open_reader(content, Path(file.name), COLUMNS)
        for kind in (LinesStep, WaitingLinesStep):
            step = kind(import_run, file, reader)
            async with database.reading() as session:
                current, _ = await run_and_file(session, run.id)
                is_needed = not current.is_read if kind is LinesStep else await step.count(session)
            if not is_needed:
                continue
            if not await run.begin(step.name, step.count):
                return RunEnd.COMPLETE
            await run_chunks(run, step)
            if step.end is not RunEnd.COMPLETE:
                return step.end
    if import_run.mode is ImportMode.IMPORT:
        await database.analyze()
    return RunEnd.COMPLETE


def _move(run: ImportRun, to: Position) -> None:
    run.line, run.offset = to.line, to.offset


def _fault_reason(fault: Exception) -> str:
    return f"Unexpected error ({type(fault).__name__}). The worker's log has its details."
