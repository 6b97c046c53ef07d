"""What a line of a file says: text, JSON, or the cells of the columns that the first line names."""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.kernel.text import excerpt

LONGEST_LINE = 1024 * 1024
DELIMITERS = ",;\t|"
PAIR = re.compile(r'"(\w{1,64})"\s*:\s*(?:"([^"\\]{0,255})"|(-?\d{1,64})\b)')


@dataclass(frozen=True, slots=True)
class Columns:
    """What the first line of a CSV file names: columns that it must have, that it may have, and that have JSON in a cell."""

    required: frozenset[str]
    optional: frozenset[str]
    with_json: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Every column that the format knows."""
        return self.required | self.optional | self.with_json


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a CSV file in their order, and what separates the cells."""

    columns: Sequence[str]
    delimiter: str
    known: Columns

    @classmethod
    def of(cls, line: str, known: Columns) -> "Header":
        """By the first line. Raises ValueError where it lacks a required column, or has an unknown one or one twice.

        Cells are separated by the comma, the semicolon, the tab or the bar that yields the most known columns. Capitals do
        not count, blanks and hyphens stand for the underscore.
        """
        found = [cls([_column(cell) for cell in _split(line, it)], it, known) for it in DELIMITERS]
        best = max(found, key=lambda header: len(known.all & set(header.columns)))
        missing = sorted(known.required - set(best.columns))
        foreign = [column for column in best.columns if column not in known.all]
        if missing:
            raise ValueError(
                f"The first line must name the columns; it lacks {', '.join(missing)}."
            )
        if foreign:
            raise ValueError(
                f"The format has no column {excerpt(foreign[0])!r}. It has: {', '.join(sorted(known.all))}."
            )
        if len(set(best.columns)) < len(best.columns):
            raise ValueError("The first line names a column twice.")
        return best

    def parsed(self, row: Sequence[str]) -> dict[str, object]:
        """The values of a row, without empty cells. Raises ValueError with a sentence."""
        for column, cell in zip(self.columns, row, strict=False):
            if column not in self.known.with_json and ("\n" in cell or "\r" in cell):
                raise ValueError(
                    f"{column}: the cell goes on in the next line. Close its quote in the same line."
                )
        if len(row) != len(self.columns):
            raise ValueError(f"The line has {len(row)} cells, the header has {len(self.columns)}.")
        content: dict[str, object] = {}
        for column, text in self.cells_of(row).items():
            cell = str(text)
            try:
                content[column] = json_of(cell) if column in self.known.with_json else cell
            except ValueError as fault:
                raise ValueError(f"{column}: {fault}") from None
        return content

    def cells_of(self, row: Sequence[str]) -> dict[str, object]:
        """The cells that have something, by their columns, as far as there are both."""
        return {
            column: cell for column, cell in zip(self.columns, row, strict=False) if cell.strip()
        }

    def readable(self, line: bytes) -> dict[str, object]:
        """The cells of a line that is no record, as well as they can be told apart."""
        return self.cells_of(_split(line.decode(errors="replace"), self.delimiter))


def decoded(line: bytes) -> str:
    """The text of a line. Raises ValueError where it is not UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError as fault:
        words = (
            f"This is not UTF-8: byte {fault.start + 1} of the line is 0x{line[fault.start]:02x}."
        )
        raise ValueError(
            f"{words} Save the file as UTF-8 (it may be Windows-1252 or Latin-1)."
        ) from None


def json_of(text: str) -> object:
    """JSON with exact decimals. Raises ValueError with a sentence."""
    try:
        content: object = json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("This is not JSON that can be read: it is nested too deeply.") from None
    except ArithmeticError:
        raise ValueError(
            "This is not JSON that can be read: a number is beyond all bounds."
        ) from None
    except json.JSONDecodeError as fault:
        raise ValueError(f"This is not JSON: {fault.msg} at character {fault.pos + 1}.") from None
    except ValueError as fault:
        raise ValueError(f"This is not JSON that can be read: {fault}") from None
    return content


def readable_pairs(line: bytes) -> dict[str, object]:
    """Keys with a text or a whole number in a line that is not JSON, the first of each key."""
    found: dict[str, object] = {}
    for key, text, number in PAIR.findall(line[:LONGEST_LINE].decode(errors="replace")):
        found.setdefault(key, text or number)
    return found


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _column(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold())


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number.")
