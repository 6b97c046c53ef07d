"""Output on standard error: progress bars and error messages."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import ValidationError
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

# The start of pydantic's messages.
EXPECTATION = re.compile(r"^(?:Input|String) should ")
# User and password of a URL.
CREDENTIALS = re.compile(r"//[^/]*@")
LONGEST_VALUE = 100
# Errors of the arguments.
ARGUMENT_ERRORS = {ErrorCode.INVALID, ErrorCode.REQUIRED, ErrorCode.OUT_OF_RANGE}


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar. The block gets a function that advances it by a number of units."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=total)
        yield lambda step: bar.advance(task, step)
        # The sum of the steps may differ from the total, for example if a line was read twice.
        bar.update(task, total=total or 1, completed=total or 1)


@contextmanager
def job_progress(label: str) -> Iterator[Callable[[int, int, int], None]]:
    """Show the bar of a job run. The block gets a function of numbers done, failed and total."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=None)

        def show(done: int, failed: int, total: int) -> None:
            description = f"{label}, {failed:,} failed" if failed else label
            bar.update(task, completed=done + failed, total=total, description=description)

        yield show


def error_and_exit_code(fault: BaseException) -> tuple[str, int]:
    """The error message, and the exit code: 1 for a failure, 2 for wrong arguments.

    The message has one line, or one for each invalid setting.
    """
    if isinstance(fault, TenureError):
        argument = f"{'.'.join(str(step) for step in fault.path)}: " if fault.path else ""
        return argument + fault.message, 2 if fault.code in ARGUMENT_ERRORS else 1
    if isinstance(fault, ValidationError):
        return _invalid_settings(fault), 1
    if isinstance(fault, KeyboardInterrupt):
        return "Stopped.", 130
    if isinstance(fault, ConfigurationError | ForbiddenError | OSError):
        return str(fault), 1
    line = (str(getattr(fault, "orig", None) or fault).strip() or "no message").splitlines()[0]
    if isinstance(fault, SQLAlchemyError):
        return f"Database error: {line}", 1
    return f"Internal error: {type(fault).__name__}: {line}", 1


def _invalid_settings(fault: ValidationError) -> str:
    """A line for each setting: its name, its value unless it is secret, and the expected values."""
    lines = []
    for error in fault.errors(include_url=False):
        expected = error["msg"].removeprefix("Value error, ")
        field = str(error["loc"][0]) if error["loc"] else ""
        if not field or field in SECRETS:
            lines.append(expected)
            continue
        value = repr(printable(CREDENTIALS.sub("//…@", str(error["input"]))[:LONGEST_VALUE]))
        expected = EXPECTATION.sub("it must ", expected).rstrip(".")
        lines.append(f"TENURE_{field.upper()} is {value}: {expected}.")
    return "\n".join(lines)
