"""Imports usage list by list, each in its own unit.

A reference is rated once, so a file may be repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

from tenure.importing.chunks import IMPORT_ACTOR
from tenure.importing.lines import ImportPart, Number, parse_line
from tenure.importing.messages import TIME
from tenure.importing.parsing import Columns
from tenure.importing.reading import Csv, JsonLines, Position, Record, open_reader, regular_file
from tenure.importing.rejects import ImportCounts, Rejects, rejects_file
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.usage.recording.actions import MAX_LINES, record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine

COLUMNS = Columns(
    required=frozenset({"service_kind", "login", "quantity", "unit", "occurred_at", "reference"}),
    optional=frozenset({"description"}),
)


def _text_of_instant(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(TIME)
    return value


class UsagePart(ImportPart):
    """A usage line as written. Its content is validated when it is recorded."""

    service_kind: str
    login: str
    quantity: Number
    unit: str
    occurred_at: Annotated[AwareDatetime, BeforeValidator(_text_of_instant)]
    reference: str
    description: str | None = None


@dataclass(slots=True)
class UsageImport:
    """An import in progress."""

    runtime: Runtime
    reader: JsonLines | Csv
    rejects: Rejects
    chunk: list[tuple[Position, UsageLine]] = field(default_factory=list)

    async def all_lines(self, advance: Callable[[int], None]) -> None:
        """Import all lines of the file."""
        for record in self.reader.records(self.reader.first):
            self._read_record(record)
            if len(self.chunk) == MAX_LINES:
                await self._import_chunk()
            advance(record.following.offset - record.position.offset)
        await self._import_chunk()

    def _read_record(self, record: Record) -> None:
        if record.fault is not None:
            self.rejects.add(record.position, record.fault, reference=record.named("reference"))
            return
        try:
            part = parse_line(UsagePart, record.content)
        except ValueError as fault:
            self.rejects.add(record.position, str(fault), reference=record.named("reference"))
        else:
            self.chunk.append((record.position, UsageLine(**part.model_dump())))

    async def _import_chunk(self) -> None:
        async def operation(unit: Unit) -> list[RecordedUsage | TenureError]:
            return await record_usage(unit, [line for _, line in self.chunk])

        for (position, line), answer in zip(
            self.chunk, await self.runtime.run_in_unit(IMPORT_ACTOR, operation), strict=True
        ):
            if isinstance(answer, TenureError):
                self.rejects.add(position, _message_of(answer), reference=line.reference)
            elif answer.is_duplicate:
                self.rejects.counts.known += 1
            else:
                self.rejects.counts.taken += 1
        self.chunk = []


async def import_usage(
    runtime: Runtime, file: Path, advance: Callable[[int], None] = lambda _: None
) -> ImportCounts:
    """Import a file: CSV by suffix, else JSON Lines.

    Raises TenureError if the file cannot be read at all.
    """
    with regular_file(file) as content, rejects_file(file) as rejects:
        await UsageImport(runtime, open_reader(content, file, COLUMNS), rejects).all_lines(advance)
    return rejects.counts


def _message_of(refusal: TenureError) -> str:
    """The field and the message. The index in the chunk means nothing to the author of the file."""
    return ": ".join([*map(str, refusal.path[1:]), refusal.message])
