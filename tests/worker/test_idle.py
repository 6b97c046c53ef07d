"""A worker and a scheduler that have nothing to do cost next to nothing."""

import os
import time
from pathlib import Path

import pytest

from tenure.kernel.unit import Runtime
from tests.waiting import until
from tests.worker.processes import Installation

pytestmark = [
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(),
        reason="What a process uses is read from /proc (Linux).",
    ),
]

SECONDS = 15
# The promise is 1 % of a core and 120 MB; docs/operations.md has what was measured.
SHARE, MEGABYTES = 0.01, 120


@pytest.mark.thorough
async def test_a_worker_and_a_scheduler_use_little(
    runtime: Runtime, installed: Installation
) -> None:
    del runtime
    installed.forked = False
    processes = [installed.ready("worker"), installed.ready("scheduler")]
    shares: list[float] = []

    def idle() -> bool:
        """Not while they start, which takes longer on a busy machine."""
        before = [seconds(process.pid) for process in processes]
        time.sleep(SECONDS)
        shares[:] = [
            (seconds(process.pid) - was) / SECONDS
            for process, was in zip(processes, before, strict=True)
        ]
        return max(shares) < SHARE

    until(idle, lambda: f"Of a core: {shares}, not below {SHARE}.")
    sizes = [megabytes(process.pid) for process in processes]
    print(f"\nof a core: {[f'{share:.2%}' for share in shares]}; megabytes: {sizes}")
    assert max(sizes) < MEGABYTES, sizes


def seconds(pid: int) -> float:
    """The processor time that a process has used so far."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> int:
    """The memory that a process holds, with what it shares with others."""
    return (
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
    )
