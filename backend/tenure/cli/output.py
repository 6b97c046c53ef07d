"""Output on standard output: tables for people, and one JSON document for programs."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeVar

import typer
from rich.cells import cell_len

from tenure.kernel.errors import printable

Value = TypeVar("Value", bound=StrEnum)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]
Unlimited = Annotated[bool, typer.Option("--all", help="All of them, without a limit.")]


def checked_values(values: Sequence[str] | None, kind: type[Value]) -> list[str]:
    """The values of an enum, in any case. Raises BadParameter for another one.

    Options do not use the enum, because importing the models would delay `tenure --help`.
    """
    checked = [value.upper() for value in values or ()]
    for value in checked:
        if value not in kind.__members__:
            known = ", ".join(kind)
            raise typer.BadParameter(f"{value} is none of {known}.")
    return checked


def formatted(instant: datetime | None) -> str | None:
    """In UTC, to the second."""
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def print_json(document: object) -> None:
    """Print one JSON document, in lines for people. Nothing else is on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_rows(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, as_json: bool
) -> None:
    """Print rows as aligned columns, or all their values as JSON."""
    if as_json:
        print_json(rows)
        return
    header = [column.removesuffix("_at").replace("_", " ").upper() for column in columns]
    cells = [header, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(cell_len(line[place]) for line in cells) for place in range(len(columns))]
    for line in cells:
        padded = (
            text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True)
        )
        typer.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    return "-" if value is None else printable(str(value))
