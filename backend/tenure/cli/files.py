"""Importing a file from the shell: a bar while it is read, the tally, and where to read what was rejected."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import typer

from tenure.cli.terminal import progress
from tenure.importing.rejects import ImportCounts
from tenure.kernel.errors import printable
from tenure.kernel.unit import Runtime

Importer: TypeAlias = Callable[[Runtime, Path, Callable[[int], None]], Awaitable[ImportCounts]]


def import_lines(runtime: Runtime, file: Path, importer: Importer, what: str) -> Awaitable[None]:
    """Import the lines of a file. Ends with 1 where some were rejected."""
    size = file.stat().st_size

    async def work() -> None:
        with progress(what, size) as advance:
            tally = await importer(runtime, file, advance)
        typer.echo(
            f"{tally.taken:,} taken, {tally.known:,} there already, {tally.rejected:,} rejected."
        )
        if tally.rejected:
            typer.echo(
                f"tenure: {tally.rejected:,} lines were rejected; {printable(str(tally.rejects))} says why.",
                err=True,
            )
            raise typer.Exit(1)

    return work()
