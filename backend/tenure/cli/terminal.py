"""What a person sees in the terminal: progress on standard error, and what went wrong in a line of their words."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import typer
from pydantic import ValidationError
from rich.cells import cell_len
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from sqlalchemy.exc import SQLAlchemyError

from tenure.kernel.errors import (
    ConfigurationError,
    ErrorCode,
    ForbiddenError,
    TenureError,
    printable,
)
from tenure.kernel.secret_files import SECRETS

# How pydantic begins what it expects.
EXPECTED = re.compile(r"^(?:Input|String) should ")
# User and password of a URL.
WITH_PASSWORD = re.compile(r"//[^/]*@")
LONGEST_VALUE = 100
# What the caller can mend by calling in another way.
WRONG_CALLS = {ErrorCode.INVALID, ErrorCode.REQUIRED, ErrorCode.OUT_OF_RANGE}


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar; what the block gets moves it on by so much."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda step: bar.advance(task, step)
        # What was worked through need not be as much as was foreseen, for example where a line was read twice.
        bar.update(task, total=total or 1, completed=total or 1)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int, int], None]]:
    """A bar of a job run: done, failed, total."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, failed: int, total: int) -> None:
            words = f"{what}, {failed:,} failed" if failed else what
            bar.update(task, completed=done + failed, total=total, description=words)

        yield show


def print_rows(
    rows: Sequence[Mapping[str, str | None]], columns: Sequence[str], *, as_json: bool
) -> None:
    """Rows on standard output: aligned columns for people, all values as JSON for programs."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    header = [column.removesuffix("_at").replace("_", " ").upper() for column in columns]
    cells = [header, *([row[column] or "-" for column in columns] for row in rows)]
    widths = [max(cell_len(line[place]) for line in cells) for place in range(len(columns))]
    for line in cells:
        padded = (
            text + " " * (width - cell_len(text)) for text, width in zip(line, widths, strict=True)
        )
        typer.echo("  ".join(padded).rstrip())


def exit_code_of(fault: BaseException) -> tuple[str, int]:
    """What went wrong, and how the program ends: 1 where the work failed, 2 for a wrong call.

    One line, or one for each setting at fault.
    """
    if isinstance(fault, TenureError):
        argument = f"{'.'.join(str(step) for step in fault.path)}: " if fault.path else ""
        return argument + fault.message, 2 if fault.code in WRONG_CALLS else 1
    if isinstance(fault, ValidationError):
        return _settings_at_fault(fault), 1
    if isinstance(fault, KeyboardInterrupt):
        return "Stopped.", 130
    if isinstance(fault, ConfigurationError | ForbiddenError | OSError):
        return str(fault), 1
    line = (str(getattr(fault, "orig", None) or fault).strip() or "no more is known").splitlines()[
        0
    ]
    if isinstance(fault, SQLAlchemyError):
        return f"The database refused: {line}", 1
    return f"This is a fault of Tenure: {type(fault).__name__}: {line}", 1


def _settings_at_fault(fault: ValidationError) -> str:
    """A line for each setting: its name, its value where that is no secret, and what is expected."""
    lines = []
    for error in fault.errors(include_url=False):
        expected = error["msg"].removeprefix("Value error, ")
        field = str(error["loc"][0]) if error["loc"] else ""
        if not field or field in SECRETS:
            lines.append(expected)
            continue
        value = repr(printable(WITH_PASSWORD.sub("//…@", str(error["input"]))[:LONGEST_VALUE]))
        expected = EXPECTED.sub("it must ", expected).rstrip(".")
        lines.append(f"TENURE_{field.upper()} is {value}: {expected}.")
    return "\n".join(lines)
