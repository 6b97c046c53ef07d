"""What a job run does with records: it checks or imports them, counts, and keeps what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from tenure.importing.checking import AlreadyImported, AwaitsParent, Draft, Rejected, Verdict
from tenure.importing.chunks import ChunkResult, check_chunk, import_chunk, parse_record
from tenure.importing.lines import AccountLine
from tenure.importing.models import ImportMode, ImportRun, ImportRunLine, LineState
from tenure.importing.reading import Record
from tenure.importing.rejects import LONGEST_KEY, LONGEST_REASON
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt
from tenure.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class JudgedRecord:
    """A record with its verdict. `number` is None if it cannot be read."""

    record: Record
    number: str | None
    verdict: Verdict

    @property
    def is_done(self) -> bool:
        """True if the account is imported now, was imported before, or passed a check."""
        return isinstance(self.verdict, Draft | AlreadyImported)

    @property
    def reason(self) -> str | None:
        """Why it is rejected; None if it is not."""
        rejected = self.verdict
        return _shortened(rejected.reason) if isinstance(rejected, Rejected) else None


async def judge(unit: Unit, run: ImportRun, records: Sequence[Record]) -> list[JudgedRecord]:
    """Checks or imports the records, by the mode of the run, and adds what is accepted to its
    counts.
    """
    parsed: list[tuple[int, AccountLine]] = []
    judged: dict[int, JudgedRecord] = {}
    for place, record in enumerate(records):
        try:
            parsed.append((place, parse_record(record)))
        except ValueError as fault:
            rejected = Rejected(TenureError(ErrorCode.INVALID, str(fault)))
            judged[place] = JudgedRecord(record, record.named("number"), rejected)
    lines = [line for _, line in parsed]
    if run.mode is ImportMode.IMPORT:
        result = await import_chunk(unit, lines)
    else:
        numbers = [records[place].position.line for place, _ in parsed]
        result = await check_chunk(unit, run, lines, numbers)
    for (place, line), verdict in zip(parsed, result.verdicts, strict=True):
        judged[place] = JudgedRecord(records[place], line.number, verdict)
    _count(run, result)
    found = [judged[place] for place in range(len(records))]
    run.rejected += sum(it.reason is not None for it in found)
    return found


def left_line(run: ImportRun, judged: JudgedRecord) -> ImportRunLine | None:
    """The row of a record that is rejected or waits for its parent; None for one that is done."""
    if judged.is_done:
        return None
    parent = judged.verdict.parent if isinstance(judged.verdict, AwaitsParent) else None
    state = LineState.REJECTED if parent is None else LineState.WAITING
    return run_line(
        run, judged.record, state, number=judged.number, reason=judged.reason, parent=parent
    )


def run_line(
    run: ImportRun,
    record: Record,
    state: LineState,
    *,
    number: str | None,
    reason: str | None,
    parent: str | None = None,
) -> ImportRunLine:
    """The row of a record."""
    return ImportRunLine(
        import_run_id=run.id,
        state=state,
        line=record.position.line,
        offset=record.position.offset,
        size=record.following.offset - record.position.offset,
        number=None if number is None else excerpt(number, LONGEST_KEY),
        reason=reason,
        parent=parent,
    )


def _shortened(reason: str) -> str:
    return excerpt(reason, LONGEST_REASON)


def _count(run: ImportRun, result: ChunkResult) -> None:
    lines = [draft.line for draft in result.drafts]
    run.accounts += len(lines)
    run.existing += sum(isinstance(it, AlreadyImported) for it in result.verdicts)
    run.services += sum(len(line.services) for line in lines)
    run.purchases += sum(len(line.all_offers) for line in lines)
    run.payment_methods += sum(line.payment_method is not None for line in lines)
    run.contacts += sum(len(line.contacts) for line in lines)
    run.notes += sum(len(line.notes) for line in lines)
    run.new_offers += result.new_offers
