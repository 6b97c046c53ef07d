"""Imports a file chunk by chunk, each in its own unit. Children wait for their parents.

Memory does not grow with the file, except for lines that wait for a parent: only their positions
are kept.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tenure.importing.checking import AlreadyImported, AwaitsParent, Draft, Rejected, Verdict
from tenure.importing.chunks import IMPORT_ACTOR, import_chunk, orphan_reasons, parse_record
from tenure.importing.lines import COLUMNS, AccountLine
from tenure.importing.reading import Csv, JsonLines, Position, Record, open_reader, regular_file
from tenure.importing.rejects import ImportCounts, Rejects, rejects_file
from tenure.kernel.unit import Runtime, Unit

CHUNK_SIZE = 500


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line whose parent is not imported yet."""

    position: Position
    number: str


@dataclass(slots=True)
class AccountImport:
    """An import in progress."""

    runtime: Runtime
    reader: JsonLines | Csv
    rejects: Rejects
    waiting: dict[str, list[WaitingLine]] = field(default_factory=dict)
    ready: deque[WaitingLine] = field(default_factory=deque)

    async def all_lines(self, advance: Callable[[int], None]) -> None:
        """Import all lines of the file, then those that waited."""
        chunk: list[tuple[Position, AccountLine]] = []
        for record in self.reader.records(self.reader.first):
            advance(record.following.offset - record.position.offset)
            self._read_record(record, chunk)
            if len(chunk) >= CHUNK_SIZE:
                await self._import_chunk(chunk)
                chunk = []
        await self._import_chunk(chunk)
        while self.ready:
            await self._import_chunk(self._released())
        self._reject_orphans()

    def _read_record(self, record: Record, chunk: list[tuple[Position, AccountLine]]) -> None:
        try:
            chunk.append((record.position, parse_record(record)))
        except ValueError as fault:
            self.rejects.add(record.position, str(fault), number=record.named("number"))

    async def _import_chunk(self, chunk: list[tuple[Position, AccountLine]]) -> None:
        if not chunk:
            return
        lines = [line for _, line in chunk]
        for (position, line), verdict in zip(
            chunk, await import_lines(self.runtime, lines), strict=True
        ):
            match verdict:
                case Draft():
                    self.rejects.counts.taken += 1
                case AlreadyImported():
                    self.rejects.counts.known += 1
                case Rejected() as rejected:
                    self.rejects.add(position, rejected.reason, number=line.number)
                case AwaitsParent(parent):
                    self.waiting.setdefault(parent, []).append(WaitingLine(position, line.number))
            if isinstance(verdict, Draft | AlreadyImported):
                self.ready.extend(self.waiting.pop(line.number, ()))

    def _released(self) -> list[tuple[Position, AccountLine]]:
        """Read the lines again that waited for an imported parent, and those that wait for them."""
        chunk: list[tuple[Position, AccountLine]] = []
        while self.ready and len(chunk) < CHUNK_SIZE:
            waiting = self.ready.popleft()
            self._read_record(next(iter(self.reader.records(waiting.position))), chunk)
            self.ready.extend(self.waiting.pop(waiting.number, ()))
        return chunk

    def _reject_orphans(self) -> None:
        """Reject the lines that still wait: their parent is missing, or they form a cycle."""
        parent_of = {
            line.number: parent for parent, lines in self.waiting.items() for line in lines
        }
        reason = orphan_reasons(parent_of)
        for parent, lines in self.waiting.items():
            for line in lines:
                self.rejects.add(line.position, reason(line.number, parent), number=line.number)


async def import_file(
    runtime: Runtime, file: Path, advance: Callable[[int], None] = lambda _: None
) -> ImportCounts:
    """Import a file: CSV by suffix, else JSON Lines.

    Raises TenureError if the file cannot be read at all.
    """
    with regular_file(file) as content, rejects_file(file) as rejects:
        await AccountImport(runtime, open_reader(content, file, COLUMNS), rejects).all_lines(
            advance
        )
    if rejects.counts.taken:
        await runtime.database.analyze()
    return rejects.counts


async def import_lines(runtime: Runtime, lines: list[AccountLine]) -> list[Verdict]:
    """Check and write a chunk in one unit.

    It is retried if a number or login is taken concurrently.
    """

    async def operation(unit: Unit) -> list[Verdict]:
        return list((await import_chunk(unit, lines)).verdicts)

    return await runtime.run_in_unit(IMPORT_ACTOR, operation)
