"""The import of a file: chunk after chunk, each in a unit of its own. Children wait for their parents.

Nothing grows with the file but what waits: of a line whose parent has not come yet only its place is kept.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tenure.accounts.rules import next_bill_on
from tenure.importing.checking import Draft, Rejected, There, Verdict, Waits, verdicts
from tenure.importing.known import known_of
from tenure.importing.lines import COLUMNS, AccountLine, line_of
from tenure.importing.reading import Csv, JsonLines, Place, Record, opened, regular_file
from tenure.importing.rejecting import ImportCounts, Rejects, rejecting
from tenure.importing.writing import write
from tenure.kernel.actor import Actor, Role
from tenure.kernel.text import excerpt
from tenure.kernel.unit import Runtime, Unit

IMPORT = Actor("import", Role.MANAGER)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line that waits for its parent."""

    place: Place
    number: str


@dataclass(slots=True)
class Import:
    """One import under way."""

    runtime: Runtime
    reader: JsonLines | Csv
    rejects: Rejects
    waiting: dict[str, list[Waiting]] = field(default_factory=dict)
    ready: deque[Waiting] = field(default_factory=deque)

    async def all_lines(self, advance: Callable[[int], None]) -> None:
        """Every line of the file, then those that waited."""
        chunk: list[tuple[Place, AccountLine]] = []
        for record in self.reader.records(self.reader.first):
            advance(record.following.offset - record.place.offset)
            self._put(record, chunk)
            if len(chunk) >= CHUNK:
                await self._take(chunk)
                chunk = []
        await self._take(chunk)
        while self.ready:
            await self._take(self._released())
        self._reject_orphans()

    def _put(self, record: Record, chunk: list[tuple[Place, AccountLine]]) -> None:
        if record.fault is not None:
            self.rejects.add(record.place, record.fault, number=record.named("number"))
            return
        try:
            chunk.append((record.place, line_of(record.content)))
        except ValueError as fault:
            self.rejects.add(record.place, str(fault), number=record.named("number"))

    async def _take(self, chunk: list[tuple[Place, AccountLine]]) -> None:
        if not chunk:
            return
        lines = [line for _, line in chunk]
        for (place, line), verdict in zip(chunk, await take(self.runtime, lines), strict=True):
            match verdict:
                case Draft():
                    self.rejects.tally.taken += 1
                case There():
                    self.rejects.tally.known += 1
                case Rejected(reason):
                    self.rejects.add(place, reason, number=line.number)
                case Waits(parent):
                    self.waiting.setdefault(parent, []).append(Waiting(place, line.number))
            if isinstance(verdict, Draft | There):
                self.ready.extend(self.waiting.pop(line.number, ()))

    def _released(self) -> list[tuple[Place, AccountLine]]:
        """Lines that waited for a parent that came, and those that wait for them in turn, read again."""
        chunk: list[tuple[Place, AccountLine]] = []
        while self.ready and len(chunk) < CHUNK:
            waiting = self.ready.popleft()
            self._put(next(iter(self.reader.records(waiting.place))), chunk)
            self.ready.extend(self.waiting.pop(waiting.number, ()))
        return chunk

    def _reject_orphans(self) -> None:
        """What waits now waits in vain: for a parent that never came, or in a circle."""
        parent_of = {
            line.number: parent for parent, lines in self.waiting.items() for line in lines
        }
        rounds = _in_circles(parent_of)
        for parent, lines in self.waiting.items():
            for line in lines:
                circle = f"The parent {excerpt(parent)} is below {line.number} itself."
                missing = f"There is no account {excerpt(parent)}, which would be the parent."
                self.rejects.add(
                    line.place, circle if line.number in rounds else missing, number=line.number
                )


async def import_file(
    runtime: Runtime, file: Path, advance: Callable[[int], None] = lambda _: None
) -> ImportCounts:
    """Import a file; CSV by its name's end, else JSON Lines. Raises TenureError where it cannot be such a file at all."""
    with regular_file(file) as content, rejecting(file) as rejects:
        await Import(runtime, opened(content, file, COLUMNS), rejects).all_lines(advance)
    if rejects.tally.taken:
        await runtime.database.analyze()
    return rejects.tally


async def take(runtime: Runtime, lines: list[AccountLine]) -> list[Verdict]:
    """Check and write a chunk in one unit. Somebody may take a number or a login meanwhile: then it is looked at anew."""

    async def verb(unit: Unit) -> list[Verdict]:
        unit.require(Role.MANAGER)
        days = {day: next_bill_on(unit.business.today, day) for day in range(1, 32)}
        known = await known_of(unit, lines)
        found = verdicts(lines, known, days)
        await write(unit, [verdict for verdict in found if isinstance(verdict, Draft)], known)
        return found

    return await runtime.run_in_unit(IMPORT, verb)


def _in_circles(parent_of: dict[str, str]) -> set[str]:
    """The numbers that are their own ancestors."""
    rounds: set[str] = set()
    seen: set[str] = set()
    for start in parent_of:
        path: list[str] = []
        number = start
        while number in parent_of and number not in seen:
            seen.add(number)
            path.append(number)
            number = parent_of[number]
        if number in path:
            rounds.update(path[path.index(number) :])
    return rounds
