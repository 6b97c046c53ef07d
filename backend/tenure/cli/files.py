"""Importing a file from the shell, with a progress bar, counts, and the file of rejected lines."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import typer

from tenure.cli.terminal import progress
from tenure.importing.rejects import ImportCounts
from tenure.kernel.errors import printable
from tenure.kernel.unit import Runtime

Importer: TypeAlias = Callable[[Runtime, Path, Callable[[int], None]], Awaitable[ImportCounts]]


def import_lines(runtime: Runtime, file: Path, importer: Importer, label: str) -> Awaitable[None]:
    """Import the lines of a file. Exits with 1 if lines were rejected."""
    size = file.stat().st_size

    async def operation() -> None:
        with progress(label, size) as advance:
            counts = await importer(runtime, file, advance)
        typer.echo(
            f"{counts.taken:,} imported, {counts.known:,} existed, {counts.rejected:,} rejected."
        )
        if counts.rejected:
            typer.echo(
                f"tenure: {counts.rejected:,} lines were rejected; "
                f"the reasons are in {printable(str(counts.rejects))}.",
                err=True,
            )
            raise typer.Exit(1)

    return operation()
