"""What processes use, from /proc: processor time of the servers and of PostgreSQL, peak memory."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.services import POSTGRES_URL

KIB = 1024


def cpu_seconds(pid: int) -> float:
    """User and system time of a process; 0 if there is no such process here."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> int:
    """The greatest resident size of a process so far, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * KIB
    raise LookupError(f"/proc/{pid}/status has no VmHWM.")


@dataclass(frozen=True, slots=True)
class CpuTime:
    """Processor time so far, in seconds, per process."""

    servers: dict[int, float]
    backends: dict[int, float]

    def servers_since(self, earlier: "CpuTime") -> float:
        """Used by the servers since then."""
        return _difference(self.servers, earlier.servers)

    def database_since(self, earlier: "CpuTime") -> float:
        """Used since then by the PostgreSQL processes that serve the database."""
        return _difference(self.backends, earlier.backends)


async def cpu_time(pids: Iterable[int], database_url: str) -> CpuTime:
    """The processor time of these servers, and of PostgreSQL's processes for this database.

    The connections stay open while something is measured, so none is missed.
    """
    connection = await asyncpg.connect(f"{POSTGRES_URL}/postgres")
    try:
        backends = await connection.fetch(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1", database_url.rpartition("/")[2]
        )
    finally:
        await connection.close()
    return CpuTime(
        {pid: cpu_seconds(pid) for pid in pids}, {pid: cpu_seconds(pid) for (pid,) in backends}
    )


def _difference(now: dict[int, float], before: dict[int, float]) -> float:
    return sum(seconds - before.get(pid, 0) for pid, seconds in now.items())
