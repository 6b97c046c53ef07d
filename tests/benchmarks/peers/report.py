"""The sections of docs/performance.md: machine, versions, figures, targets."""

import json
import os
import platform
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import asyncpg

from tests.benchmarks.document import markdown
from tests.benchmarks.peers.comparison import Comparison, Figures, Plan
from tests.benchmarks.peers.operations import OPERATIONS
from tests.benchmarks.peers.servers import POSTGRAPHILE
from tests.benchmarks.peers.targets import Target, change_targets, read_targets
from tests.services import POSTGRES_URL
from tests.shared import ROOT

CHART = ROOT / "docs" / "performance.svg"
READS, CHANGES = "make peers, reads", "make peers, single changes"
MEGABYTE, GIGABYTE = 1000**2, 1000**3


async def postgresql_version() -> str:
    """The release of the server."""
    server = await asyncpg.connect(f"{POSTGRES_URL}/postgres")
    try:
        return str(await server.fetchval("SHOW server_version")).partition(" ")[0]
    finally:
        await server.close()


def machine(postgresql: str) -> str:
    """The machine, and the releases of what was measured."""
    pinned = json.loads((POSTGRAPHILE / "package.json").read_text())["dependencies"]
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    python = [f"{name} {version(name)}" for name in ("strawberry-graphql", "sqlalchemy", "uvicorn")]
    return (
        f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}), "
        f"{memory:.0f} GB; load {os.getloadavg()[0]:.1f}; PostgreSQL {postgresql}; "
        f"Python {platform.python_version()}, {', '.join(python)}; "
        f"PostGraphile {pinned['postgraphile']} on Node.js {pinned['node']}"
    )


def reads_section(done: Comparison, where: str) -> str:
    """The text between the marks of the reads."""
    plan = done.plan
    parts = [
        (
            f"{plan.accounts:,} accounts. {where}. Medians of {plan.rounds} rounds of "
            f"{plan.seconds:g} seconds, after {plan.warm_up:g} seconds to warm each server for "
            f"each operation; {plan.connections} connections per process."
        ),
        f"![CPU time per request]({CHART.name})",
    ]
    for processes in plan.processes:
        name = "One process" if processes == 1 else f"{processes} processes"
        parts.append(f"**{name}**")
        parts.append(markdown(READ_COLUMNS, _reads(done, processes)))
    memory = [[name, f"{size / MEGABYTE:.0f} MB"] for name, size in done.memory.items()]
    parts.append(markdown(["one process", "peak memory"], memory))
    parts.append(_targets_table(read_targets(done)))
    return "\n\n".join(parts)


def changes_section(plan: Plan, changes: Mapping[str, Figures], where: str) -> str:
    """The text between the marks of the single changes."""
    rows = [
        [title, f"{it.server_cpu:.1f}", f"{it.database_cpu:.1f}", f"{it.p50:.1f}"]
        for title, it in changes.items()
    ]
    return "\n\n".join(
        [
            f"{plan.accounts:,} accounts. {where}. Medians of {plan.rounds} rounds.",
            markdown(CHANGE_COLUMNS, rows),
            _targets_table(change_targets(changes)),
        ]
    )


def _targets_table(targets: Sequence[Target]) -> str:
    return markdown(["", "measured", "target", "reached"], [it.row for it in targets])


READ_COLUMNS = [
    *("", "requests per second", "CPU, ms: server", "PostgreSQL", "p50, ms", "p99, ms"),
    "client, share of a core",
]
CHANGE_COLUMNS = ["single mutations of Tenure", "CPU, ms: server", "PostgreSQL", "p50, ms"]


def _reads(done: Comparison, processes: int) -> list[list[str]]:
    rows = []
    for operation in OPERATIONS:
        for (count, name, peer), it in done.figures.items():
            if (count, name) == (processes, operation.name):
                times = (it.server_cpu, it.database_cpu, it.p50, it.p99)
                rows.append(
                    [
                        f"{operation.title}: {peer}",
                        f"{it.rate:,.0f}",
                        *(f"{time:.2f}" for time in times),
                        f"{it.client:.2f}",
                    ]
                )
    return rows
