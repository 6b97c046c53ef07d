"""Checks a chunk of lines, and writes those that are accepted. One path for files and job runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tenure.accounts.rules import next_bill_on
from tenure.importing.checked_rows import add_checked_rows, store_checked_rows
from tenure.importing.checking import Draft, KnownRows, Verdict, verdicts
from tenure.importing.existing import load_known_rows
from tenure.importing.lines import AccountLine, parse_account_line
from tenure.importing.models import ImportRun
from tenure.importing.reading import Record
from tenure.importing.writing import write_drafts
from tenure.kernel.actor import Actor, Role
from tenure.kernel.text import excerpt
from tenure.kernel.unit import Unit

IMPORT_ACTOR = Actor("import", Role.MANAGER)


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """A verdict for each line, and how many offers the accepted lines add to the catalog."""

    verdicts: Sequence[Verdict]
    new_offers: int

    @property
    def drafts(self) -> list[Draft]:
        """The accepted lines."""
        return [verdict for verdict in self.verdicts if isinstance(verdict, Draft)]


def parse_record(record: Record) -> AccountLine:
    """The line of a record. Raises ValueError with a message for the author of the file."""
    if record.fault is not None:
        raise ValueError(record.fault)
    return parse_account_line(record.content)


async def import_chunk(unit: Unit, lines: list[AccountLine]) -> ChunkResult:
    """Checks the lines and writes those that are accepted."""
    unit.require(Role.MANAGER)
    known = await load_known_rows(unit, lines)
    result = _checked(unit, lines, known)
    await write_drafts(unit, result.drafts, known)
    return result


async def check_chunk(
    unit: Unit, run: ImportRun, lines: list[AccountLine], numbers: Sequence[int]
) -> ChunkResult:
    """Checks the lines as if those that the run has accepted before were imported.

    Writes no business data. `numbers` are those of the lines in the file.
    """
    unit.require(Role.MANAGER)
    known = await load_known_rows(unit, lines)
    await add_checked_rows(unit, run.id, lines, known)
    earlier = set(known.offers)
    result = _checked(unit, lines, known)
    accepted = [
        (number, verdict)
        for number, verdict in zip(numbers, result.verdicts, strict=True)
        if isinstance(verdict, Draft)
    ]
    added = [offer for code, offer in known.offers.items() if code not in earlier]
    await store_checked_rows(unit, run, accepted, added, known.closed_login_prefix)
    return result


def orphan_reasons(parent_of: dict[str, str]) -> Callable[[str, str], str]:
    """Why lines that still wait at the end of the file are rejected, by number and parent."""
    cycles = _numbers_in_cycles(parent_of)

    def reason(number: str, parent: str) -> str:
        if number in cycles:
            return f"The parent {excerpt(parent)} is below {number} itself."
        return f"There is no account {excerpt(parent)}, the parent."

    return reason


def _checked(unit: Unit, lines: list[AccountLine], known: KnownRows) -> ChunkResult:
    days = {day: next_bill_on(unit.today, day) for day in range(1, 32)}
    before = len(known.offers)
    found = verdicts(lines, known, days)
    return ChunkResult(found, len(known.offers) - before)


def _numbers_in_cycles(parent_of: dict[str, str]) -> set[str]:
    """The numbers that are their own ancestors."""
    cycles: set[str] = set()
    seen: set[str] = set()
    for start in parent_of:
        path: list[str] = []
        number = start
        while number in parent_of and number not in seen:
            seen.add(number)
            path.append(number)
            number = parent_of[number]
        if number in path:
            cycles.update(path[path.index(number) :])
    return cycles
