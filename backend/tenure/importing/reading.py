"""Reading a file of any size a record at a time, and any single record again by its place."""

import csv
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from tenure.importing.parsing import LONGEST_LINE, Columns, Header, decoded, json_of, readable_pairs
from tenure.kernel.errors import ErrorCode, TenureError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UNCLOSED = "A quote that is opened in this line is not closed, or is followed by more text."


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins: the number of its line, from 1, and its offset."""

    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """What stands at a place and where the next one begins: the content, or why it cannot be read.

    With a fault, `content` has the cells that could be read, so that the line can be named by its number.
    """

    place: Place
    following: Place
    content: object = None
    fault: str | None = None

    def named(self, key: str) -> str | None:
        """What the record calls itself, where that can be read."""
        value = self.content.get(key) if isinstance(self.content, dict) else None
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


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
                yield Record(
                    place,
                    following,
                    readable_pairs(line),
                    fault="The line is longer than a megabyte.",
                )
            elif line.strip():
                yield _parsed(place, following, line)
            # The caller may have read elsewhere in between.
            self.file.seek(end)
            place = following


class Csv:
    """The same keys as columns; what is not flat as JSON in a cell; an empty cell is a null.

    Only cells with JSON may have several lines. A record that cannot be read ends with its first line: the lines that an
    unclosed quote would have swallowed are read on their own.
    """

    def __init__(self, file: BufferedReader, known: Columns) -> None:
        """Raises ValueError where the header lacks what is required, or names what the format does not know."""
        self.file = file
        self.known = known
        start = _after_mark(file)
        file.seek(start.offset)
        line = file.readline(LONGEST_LINE)
        try:
            text = decoded(line)
        except ValueError as fault:
            raise ValueError(f"Line {start.line}: {fault}") from None
        self.header = Header.of(text, known)
        self.first = Place(start.line + 1, start.offset + len(line))

    def records(self, start: Place) -> Iterator[Record]:
        """Every record from `start` on; empty ones are passed over."""
        place = start
        while record := self._record_at(place):
            if record.content is not None or record.fault is not None:
                yield record
            place = record.following

    def _record_at(self, place: Place) -> Record | None:
        """The record that begins here, with no content where the line is empty; None at the end of the file."""
        lines = _Lines(self.file, place)
        try:
            row = next(csv.reader(lines, delimiter=self.header.delimiter, strict=True))
            content, fault = self.header.parsed(row) if row else None, None
        except StopIteration:
            return None
        except csv.Error as error:
            fault = (
                UNCLOSED
                if "quote" in str(error) or '"' in str(error) or "end of data" in str(error)
                else None
            )
            fault = fault or f"This is not CSV: {error}."
        except ValueError as error:
            fault = str(error)
        if fault is None:
            return Record(place, lines.place, content)
        self.file.seek(place.offset)
        line = self.file.readline(LONGEST_LINE)
        end = place.offset + len(line) + (0 if line.endswith(b"\n") else _skip_line(self.file))
        return Record(place, Place(place.line + 1, end), self.header.readable(line), fault)


class _Lines:
    """Lines of a file as text, up to a megabyte, which remembers how far the CSV reader has read."""

    def __init__(self, file: BufferedReader, start: Place) -> None:
        self.file = file
        self.start = self.place = start
        file.seek(start.offset)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        number = self.place.line
        self.place = Place(number + line.endswith(b"\n"), self.place.offset + len(line))
        if self.place.offset - self.start.offset > LONGEST_LINE:
            raise ValueError(
                "The line is longer than a megabyte." if number == self.start.line else UNCLOSED
            )
        try:
            return decoded(line)
        except ValueError as fault:
            raise ValueError(str(fault) if number == self.start.line else UNCLOSED) from None


@contextmanager
def regular_file(file: Path) -> Iterator[BufferedReader]:
    """The file, opened. Raises INVALID where it is a directory, a pipe or a device: lines may be read again."""
    # Without O_NONBLOCK opening a pipe would wait for its writer.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        words = "Give a regular file, not a directory, a pipe or a device: lines may be read again."
        raise TenureError(ErrorCode.INVALID, words)
    with os.fdopen(descriptor, "rb") as content:
        yield content


def opened(content: BufferedReader, file: Path, columns: Columns) -> JsonLines | Csv:
    """The reader of a file: CSV by its name's end, else JSON Lines. Raises INVALID where it cannot be such a file at all."""
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


def _parsed(place: Place, following: Place, line: bytes) -> Record:
    try:
        return Record(place, following, json_of(decoded(line)))
    except ValueError as fault:
        return Record(place, following, readable_pairs(line), fault=str(fault))
