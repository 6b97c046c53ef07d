"""Parsing one line of a file: text, JSON, or CSV cells by header."""

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.kernel.text import excerpt

LONGEST_LINE = 1024 * 1024
DELIMITERS = ",;\t|"
# Other spellings of columns, after blanks and hyphens were replaced.
SPELLINGS = {"e_mail": "email"}
PAIR = re.compile(r'"(\w{1,64})"\s*:\s*(?:"([^"\\]{0,255})"|(-?\d{1,64})\b)')


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a CSV format: required, optional, and those with JSON in their cells."""

    required: frozenset[str]
    optional: frozenset[str]
    with_json: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """All columns of the format."""
        return self.required | self.optional | self.with_json


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a CSV file in order, and the delimiter."""

    columns: Sequence[str]
    delimiter: str
    known: Columns

    @classmethod
    def of(cls, line: str, known: Columns) -> "Header":
        """Parse the first line. Raises ValueError for a missing, unknown or repeated column.

        The delimiter is the comma, semicolon, tab or bar that yields the most known columns. Case
        is ignored; blanks and hyphens count as underscores, and `e-mail` is `email`.
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
                f"The format has no column {excerpt(foreign[0])!r}. "
                f"It has: {', '.join(sorted(known.all))}."
            )
        if len(set(best.columns)) < len(best.columns):
            raise ValueError("The first line names a column twice.")
        return best

    def parsed(self, row: Sequence[str]) -> dict[str, object]:
        """The values of a row, without empty cells. Raises ValueError with a message."""
        for column, cell in zip(self.columns, row, strict=False):
            if column not in self.known.with_json and ("\n" in cell or "\r" in cell):
                raise ValueError(
                    f"{column}: the cell continues on the next line. "
                    "Close its quote on the same line."
                )
        if len(row) != len(self.columns):
            raise ValueError(f"The line has {len(row)} cells, the header has {len(self.columns)}.")
        content: dict[str, object] = {}
        for column, text in self.cells_of(row).items():
            cell = str(text)
            try:
                content[column] = parse_json(cell) if column in self.known.with_json else cell
            except ValueError as fault:
                raise ValueError(f"{column}: {fault}") from None
        return content

    def cells_of(self, row: Sequence[str]) -> dict[str, object]:
        """The non-empty cells by column, up to the shorter of row and header."""
        return {
            column: cell for column, cell in zip(self.columns, row, strict=False) if cell.strip()
        }

    def readable(self, line: bytes) -> dict[str, object]:
        """The cells of an invalid line, as far as they can be split."""
        return self.cells_of(_split(line.decode(errors="replace"), self.delimiter))


def decode_line(line: bytes) -> str:
    """The text of a line. Raises ValueError if it is not UTF-8."""
    try:
        return line.decode()
    except UnicodeDecodeError as fault:
        message = (
            f"This is not UTF-8: byte {fault.start + 1} of the line is 0x{line[fault.start]:02x}."
        )
        raise ValueError(
            f"{message} Save the file as UTF-8 (it may be Windows-1252 or Latin-1)."
        ) from None


def parse_json(text: str) -> object:
    """JSON with exact decimals. Raises ValueError with a message."""
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


def salvaged_pairs(line: bytes) -> dict[str, object]:
    """Keys with a text or an integer in a line that is not JSON; the first value of each key."""
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
    name = re.sub(r"[\s_-]+", "_", cell.strip().casefold())
    return SPELLINGS.get(name, name)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number.")
