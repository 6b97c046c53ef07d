"""Reads a file of any size record by record, and any record again by its position."""

import csv
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from tenure.importing.parsing import (
    LONGEST_LINE,
    Columns,
    Header,
    decode_line,
    parse_json,
    salvaged_pairs,
)
from tenure.kernel.errors import ErrorCode, TenureError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
UNCLOSED = "A quote that is opened in this line is not closed, or is followed by more text."


@dataclass(frozen=True, slots=True)
class Position:
    """The start of a record: its line number, from 1, and its byte offset."""

    line: int
    offset: int


@dataclass(frozen=True, slots=True)
class Record:
    """A record, its position and that of the next one: the content, or why it cannot be read.

    With a fault, `content` has the readable cells, so that the line can be identified.
    """

    position: Position
    following: Position
    content: object = None
    fault: str | None = None

    def named(self, key: str) -> str | None:
        """The value of an identifying key, if it can be read."""
        value = self.content.get(key) if isinstance(self.content, dict) else None
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


class JsonLines:
    """One JSON object per line."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.first = _after_mark(file)

    def records(self, start: Position) -> Iterator[Record]:
        """All records from `start` on, without empty lines."""
        self.file.seek(start.offset)
        position = start
        while line := self.file.readline(LONGEST_LINE + 1):
            whole = line.endswith(b"\n") or len(line) <= LONGEST_LINE
            end = position.offset + len(line) + (0 if whole else _skip_line(self.file))
            following = Position(position.line + 1, end)
            if not whole:
                yield Record(
                    position,
                    following,
                    salvaged_pairs(line),
                    fault="The line is longer than a megabyte.",
                )
            elif line.strip():
                yield _parse_line(position, following, line)
            # The caller may have moved the file position in between.
            self.file.seek(end)
            position = following


class Csv:
    """The JSON keys as columns, nested values as JSON in a cell, and an empty cell as null.

    Only cells with JSON may span lines. An unreadable record ends with its first line: the lines
    that an unclosed quote would swallow are read on their own.
    """

    def __init__(self, file: BufferedReader, known: Columns) -> None:
        """Raises ValueError if the header lacks a required column, or has an unknown one."""
        self.file = file
        self.known = known
        start = _after_mark(file)
        file.seek(start.offset)
        line = file.readline(LONGEST_LINE)
        try:
            text = decode_line(line)
        except ValueError as fault:
            raise ValueError(f"Line {start.line}: {fault}") from None
        self.header = Header.of(text, known)
        self.first = Position(start.line + 1, start.offset + len(line))

    def records(self, start: Position) -> Iterator[Record]:
        """All records from `start` on, without empty ones."""
        position = start
        while record := self._record_at(position):
            if record.content is not None or record.fault is not None:
                yield record
            position = record.following

    def _record_at(self, position: Position) -> Record | None:
        """The record at this position, without content for an empty line; None at the end of the
        file.
        """
        lines = _Lines(self.file, position)
        try:
            row = next(csv.reader(lines, delimiter=self.header.delimiter, strict=True))
            content = self.header.parsed(row) if row else None
            fault = None
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
            return Record(position, lines.position, content)
        self.file.seek(position.offset)
        line = self.file.readline(LONGEST_LINE)
        end = position.offset + len(line) + (0 if line.endswith(b"\n") else _skip_line(self.file))
        return Record(position, Position(position.line + 1, end), self.header.readable(line), fault)


class _Lines:
    """The lines of a record as text, up to a megabyte. Tracks how far the CSV reader has read."""

    def __init__(self, file: BufferedReader, start: Position) -> None:
        self.file = file
        self.start = self.position = start
        file.seek(start.offset)

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.file.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        number = self.position.line
        self.position = Position(number + line.endswith(b"\n"), self.position.offset + len(line))
        if self.position.offset - self.start.offset > LONGEST_LINE:
            raise ValueError(
                "The line is longer than a megabyte." if number == self.start.line else UNCLOSED
            )
        try:
            return decode_line(line)
        except ValueError as fault:
            raise ValueError(str(fault) if number == self.start.line else UNCLOSED) from None


@contextmanager
def regular_file(file: Path) -> Iterator[BufferedReader]:
    """The opened file.

    Raises INVALID for a directory, pipe or device, as lines may be read again.
    """
    # Without O_NONBLOCK, opening a pipe would block until it has a writer.
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        message = "Use a regular file, not a directory, pipe or device."
        raise TenureError(ErrorCode.INVALID, message)
    with os.fdopen(descriptor, "rb") as content:
        yield content


def open_reader(content: BufferedReader, file: Path, columns: Columns) -> JsonLines | Csv:
    """The reader of a file: CSV by suffix, else JSON Lines.

    Raises INVALID if the header is invalid.
    """
    try:
        return Csv(content, columns) if file.suffix.lower() == ".csv" else JsonLines(content)
    except ValueError as fault:
        raise TenureError(ErrorCode.INVALID, str(fault)) from None


def _after_mark(file: BufferedReader) -> Position:
    file.seek(0)
    return Position(1, len(BYTE_ORDER_MARK) if file.read(3) == BYTE_ORDER_MARK else 0)


def _skip_line(file: BufferedReader) -> int:
    skipped = 0
    while part := file.readline(LONGEST_LINE):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped


def _parse_line(position: Position, following: Position, line: bytes) -> Record:
    try:
        return Record(position, following, parse_json(decode_line(line)))
    except ValueError as fault:
        return Record(position, following, salvaged_pairs(line), fault=str(fault))
