"""The rate of `tenure import` in an empty database without statistics must stay constant.

TENURE_BENCH_ACCOUNTS is the number of accounts in the file, 100,000 by default.
"""

import os
import resource
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pytest

from tenure.importing.run import import_file
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.customer_lines import write_lines
from tests.benchmarks.processor import Processor
from tests.benchmarks.start_states import empty_database
from tests.benchmarks.tables import show

pytestmark = pytest.mark.bench

ACCOUNTS, PARTS = int(os.environ.get("TENURE_BENCH_ACCOUNTS") or 100_000), 10
# CPU time of an account in the last part, in relation to the second: the first warms the caches.
LONGEST_GROWTH, MEMORY_GROWTH = 1.3, 1.1


@dataclass(slots=True)
class Pace:
    """What each part of the file took: seconds, milliseconds of CPU per account, peak memory."""

    processor: Processor
    size: int
    read: int = 0
    last: tuple[float, float, float] = field(default_factory=lambda: (perf_counter(), 0, 0))
    parts: list[tuple[float, float, float, int]] = field(default_factory=list)

    def advance(self, read: int) -> None:
        """Called for each line with its size."""
        self.read += read
        ended = len(self.parts) + 1
        if ended < PARTS and self.read * PARTS >= self.size * ended:
            self.end_part()

    def end_part(self) -> None:
        """Note what the part took. The last one ends with the import."""
        now = (perf_counter(), *self.processor.seconds())
        taken, ours, server = (it - before for it, before in zip(now, self.last, strict=True))
        each = 1000 * PARTS / ACCOUNTS
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.parts.append((taken, ours * each, server * each, memory))
        self.last = now


async def test_import_keeps_its_pace(tmp_path: Path) -> None:
    file = tmp_path / "customers.jsonl"
    write_lines(file, ACCOUNTS)
    async with empty_database() as database:
        await database.engine.dispose()  # The processes of new connections are counted.
        pace = Pace(Processor(database), file.stat().st_size)
        runtime = Runtime(database, BusinessReader(clock_settable=True))
        counts = await import_file(runtime, file, pace.advance)
        pace.end_part()
    assert (counts.taken, counts.rejected) == (ACCOUNTS, 0)
    show(
        f"Import of {ACCOUNTS:,} accounts into an empty database",
        ["accounts", "a second", "CPU each, ms: Tenure", "PostgreSQL", "peak memory, MB"],
        [
            [
                f"{(place + 1) * ACCOUNTS // PARTS:,}",
                f"{ACCOUNTS / PARTS / taken:,.0f}",
                f"{ours:.2f}",
                f"{server:.2f}",
                f"{memory / 1000:.0f}",
            ]
            for place, (taken, ours, server, memory) in enumerate(pace.parts)
        ],
    )
    early, late = pace.parts[1], pace.parts[-1]
    assert (late[1] + late[2]) / (early[1] + early[2]) <= LONGEST_GROWTH
    assert late[3] / early[3] <= MEMORY_GROWTH
