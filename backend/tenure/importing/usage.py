"""The import of usage: list after list, each in a unit of its own. A reference is rated once, so a file can come again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator

from tenure.importing.lines import ImportPart, Number, read_as
from tenure.importing.parsing import Columns
from tenure.importing.reading import Csv, JsonLines, Place, Record, opened, regular_file
from tenure.importing.rejecting import ImportCounts, Rejects, rejecting
from tenure.importing.run import IMPORT
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.usage.recording.actions import MANY, record_usage
from tenure.usage.recording.rules import Recorded, UsageLine

COLUMNS = Columns(
    required=frozenset({"service_kind", "login", "quantity", "unit", "occurred_at", "reference"}),
    optional=frozenset({"description"}),
)


def _text_of_instant(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('Give a time with its zone, like "2026-11-10T12:00:00Z".')
    return value


class UsagePart(ImportPart):
    """A line as it is written. What it says is looked at where usage is recorded."""

    service_kind: str
    login: str
    quantity: Number
    unit: str
    occurred_at: Annotated[AwareDatetime, BeforeValidator(_text_of_instant)]
    reference: str
    description: str | None = None


@dataclass(slots=True)
class UsageImport:
    """One import under way."""

    runtime: Runtime
    reader: JsonLines | Csv
    rejects: Rejects
    chunk: list[tuple[Place, UsageLine]] = field(default_factory=list)

    async def all_lines(self, advance: Callable[[int], None]) -> None:
        """Every line of the file."""
        for record in self.reader.records(self.reader.first):
            self._put(record)
            if len(self.chunk) == MANY:
                await self._take()
            advance(record.following.offset - record.place.offset)
        await self._take()

    def _put(self, record: Record) -> None:
        if record.fault is not None:
            self.rejects.add(record.place, record.fault, reference=record.named("reference"))
            return
        try:
            part = read_as(UsagePart, record.content)
        except ValueError as fault:
            self.rejects.add(record.place, str(fault), reference=record.named("reference"))
        else:
            self.chunk.append((record.place, UsageLine(**part.model_dump())))

    async def _take(self) -> None:
        async def verb(unit: Unit) -> list[Recorded | TenureError]:
            return await record_usage(unit, [line for _, line in self.chunk])

        for (place, line), answer in zip(
            self.chunk, await self.runtime.run_in_unit(IMPORT, verb), strict=True
        ):
            if isinstance(answer, TenureError):
                self.rejects.add(place, _words(answer), reference=line.reference)
            elif answer.again:
                self.rejects.tally.known += 1
            else:
                self.rejects.tally.taken += 1
        self.chunk = []


async def import_usage(
    runtime: Runtime, file: Path, advance: Callable[[int], None] = lambda _: None
) -> ImportCounts:
    """Import a file; CSV by its name's end, else JSON Lines. Raises TenureError where it cannot be such a file at all."""
    with regular_file(file) as content, rejecting(file) as rejects:
        await UsageImport(runtime, opened(content, file, COLUMNS), rejects).all_lines(advance)
    return rejects.tally


def _words(refusal: TenureError) -> str:
    """The field at fault, then why: the place in the list is nothing to whoever wrote the file."""
    return ": ".join([*map(str, refusal.path[1:]), refusal.message])
