"""Reading a file of any size a record at a time, and any single record again by its place."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import BufferedReader
from pathlib import Path

from tenure.kernel.errors import ErrorCode, TenureError

LONGEST_LINE = 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Columns:
    """What the first line of a CSV file names: columns that it must have, that it may have, and that have JSON in a cell."""

    required: frozenset[str]
    optional: frozenset[str]
    with_json: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: the number of its line, from 1, and its offset."""

    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """What stands at a place and where the next one begins: the content, or why it cannot be read."""

    place: Place
    following: Place
    content: object = None
    fault: str | None = None


class JsonLines:
    """One JSON object a line."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.first = _after_mark(file)

    def records(self, start: Place) -> Iterator[Record]:
        """Every record from `start` on; empty lines are passed over."""
        self.file.seek(start.offset)
        place = start
        while line := self.file.readline(LONGEST_LINE + 1):
            whole = line.endswith(b"\n") or len(line) <= LONGEST_LINE
            end = place.offset + len(line) + (0 if whole else _skip_line(self.file))
            following = Place(place.line + 1, end)
            if not whole:
                yield Record(place, following, fault="The line is longer than a megabyte.")
            elif line.strip():
                yield _parsed(place, following, line)
            # The caller may have read elsewhere in between.
            self.file.seek(end)
            place = following


class Csv:
    """The same keys as columns; what is not flat as JSON in a cell; an empty cell is a null."""

    def __init__(self, file: BufferedReader, known: Columns) -> None:
        """Raises ValueError where the header lacks what is required, or names what the format does not know."""
        self.file = file
        self.known = known
        start = _after_mark(file)
        header = next(iter(self._rows(start)), None)
        cells = header[2] if header else []
        self.columns = [cell.strip() for cell in cells] if isinstance(cells, list) else []
        missing = sorted(known.required - set(self.columns))
        foreign = sorted(set(self.columns) - known.required - known.optional - known.with_json)
        if missing:
            raise ValueError(f"The first line must name the columns; it lacks {', '.join(missing)}.")
        if foreign:
            raise ValueError(f"The format has no column {foreign[0]!r}.")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("The first line names a column twice.")
        assert header is not None
        self.first = header[1]

    def records(self, start: Place) -> Iterator[Record]:
        """Every record from `start` on; empty ones are passed over."""
        for place, following, row in self._rows(start):
            if isinstance(row, str):
                yield Record(place, following, fault=row)
            elif row:
                yield self._record(place, following, row)

    def _record(self, place: Place, following: Place, row: list[str]) -> Record:
        if len(row) != len(self.columns):
            words = f"The line has {len(row)} cells, the header has {len(self.columns)}."
            return Record(place, following, fault=words)
        content: dict[str, object] = {}
        for column, cell in zip(self.columns, row, strict=True):
            if not cell.strip():
                continue
            try:
                content[column] = _json(cell) if column in self.known.with_json else cell
            except ValueError as fault:
                return Record(place, following, fault=f"{column}: {fault}")
        return Record(place, following, content=content)

    def _rows(self, start: Place) -> Iterator[tuple[Place, Place, list[str] | str]]:
        """Each row with its place and the next one's, or why it cannot be read."""
        lines = _Lines(self.file, start)
        rows = csv.reader(lines, strict=False)
        place = start
        while True:
            try:
                row: list[str] | str = next(rows)
            except StopIteration:
                return
            except csv.Error as fault:
                row = f"This is not CSV: {fault}."
            yield place, lines.place, row
            self.file.seek(lines.place.offset)
            place = lines.place


class _Lines:
    """Lines of a file as text, which remembers how far the CSV reader has read."""

    def __init__(self, file: BufferedReader, start: Place) -> None:
        self.file = file
        self.place = start
        file.seek(start.offset)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.place = Place(self.place.line + line.endswith(b"\n"), self.place.offset + len(line))
        return _decoded(line)


def opened(content: BufferedReader, file: Path, columns: Columns) -> JsonLines | Csv:
    """The reader of a file: CSV by its name's end, else JSON Lines. Raises INVALID where it cannot be such a file at all."""
    if not content.seekable():
        raise TenureError(ErrorCode.INVALID, "Give a file, not a pipe: lines may be read again.")
    try:
        return Csv(content, columns) if file.suffix.lower() == ".csv" else JsonLines(content)
    except ValueError as fault:
        raise TenureError(ErrorCode.INVALID, str(fault)) from None


def _after_mark(file: BufferedReader) -> Place:
    file.seek(0)
    return Place(1, len(BYTE_ORDER_MARK) if file.read(3) == BYTE_ORDER_MARK else 0)


def _skip_line(file: BufferedReader) -> int:
    skipped = 0
    while part := file.readline(LONGEST_LINE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _decoded(line: bytes) -> str:
    """Bytes that are no UTF-8 become half surrogates, which no field of a line takes."""
    return line.decode("utf-8", errors="surrogateescape")


def _parsed(place: Place, following: Place, line: bytes) -> Record:
    try:
        return Record(place, following, content=_json(_decoded(line)))
    except ValueError as fault:
        return Record(place, following, fault=str(fault))


def _json(text: str) -> object:
    """JSON with exact decimals. Raises ValueError with a sentence."""
    try:
        content: object = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("This is not JSON that can be read: it is nested too deeply.") from None
    except ArithmeticError:
        raise ValueError("This is not JSON that can be read: a number is beyond all bounds.") from None
    except json.JSONDecodeError as fault:
        raise ValueError(f"This is not JSON: {fault.msg} at character {fault.pos + 1}.") from None
    except ValueError as fault:
        raise ValueError(f"This is not JSON that can be read: {fault}") from None
    return content


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number.")
