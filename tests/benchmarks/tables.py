"""Prints figures as a table, with a description of the machine."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table. The first column names the measurement, the others are numbers."""
    table = Table(
        title=title,
        title_justify="left",
        caption=_machine(),
        caption_justify="left",
        title_style="bold",
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    console = Console(width=110)
    console.print()
    console.print(table)


def _machine() -> str:
    cpu = Path("/proc/cpuinfo")
    models = [
        line.partition(": ")[2] for line in cpu.read_text().splitlines() if "model name" in line
    ]
    load = ", ".join(f"{it:.1f}" for it in os.getloadavg())
    name = models[0] if models else platform.machine()
    return f"{os.cpu_count()} x {name}, load {load}; Python {platform.python_version()}"
