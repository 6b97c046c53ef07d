"""The bare statements, run by pgbench: what the database alone can do."""

import asyncio
import math
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.peers.load import Load
from tests.benchmarks.peers.operations import Operation
from tests.benchmarks.peers.usage import cpu_time

PROGRAM = shutil.which("pgbench")
# pgbench connects before it measures and its connections end with it, so the middle is measured.
MARGIN_SECONDS = 0.5
MICROSECONDS = 1_000_000


async def run_pgbench(
    url: str, operation: Operation, *, accounts: int, clients: int, threads: int, seconds: float
) -> tuple[Load, float]:
    """Run the statement over so many connections.

    Returns the load and the CPU seconds of PostgreSQL. The load counts what ended in the measured
    time.
    """
    assert PROGRAM, "pgbench is missing: apt-get install postgresql"
    with TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, "--no-vacuum", "--protocol=prepared", f"--file={operation.script}"),
            *(f"--define=accounts={accounts}", f"--client={clients}", f"--jobs={threads}"),
            *(
                f"--time={math.ceil(seconds + 2 * MARGIN_SECONDS)}",
                "--log",
                f"--log-prefix={folder}/log",
            ),
            url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        await asyncio.sleep(MARGIN_SECONDS)
        began, before = time.time(), await cpu_time([process.pid], url)
        await asyncio.sleep(seconds)
        ended, after = time.time(), await cpu_time([process.pid], url)
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        latencies = sorted(_latencies(Path(folder), began, ended))
    load = Load(ended - began, latencies, after.servers_since(before))
    return load, after.database_since(before)


def _latencies(folder: Path, began: float, ended: float) -> Iterator[float]:
    """From the log: client, number, microseconds, script, and the time of the end in two parts."""
    for log in folder.iterdir():
        for line in log.read_text().splitlines():
            _, _, taken, _, second, microsecond, *_ = map(int, line.split())
            if began <= second + microsecond / MICROSECONDS <= ended:
                yield taken / MICROSECONDS
