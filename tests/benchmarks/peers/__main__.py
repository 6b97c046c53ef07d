"""The program: `python -m tests.benchmarks.peers`. `make peers` runs it.

Exits 1 if a target was not reached.
"""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from tests.benchmarks.peers import servers
from tests.benchmarks.peers.comparison import Comparison, Figures, Plan, compare
from tests.benchmarks.peers.database import comparison_database
from tests.benchmarks.peers.mutations import measure_mutations
from tests.benchmarks.peers.report import machine, postgresql_version, section, write
from tests.benchmarks.peers.targets import targets

CHANGES = 300
QUICK = Plan(
    accounts=2_000, rounds=1, seconds=0.5, warm_up=0.2, compared=3, connections=2, processes=(1,)
)
QUICK_CHANGES = 5


def arguments() -> argparse.Namespace:
    """What the caller asks for."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.peers", description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000, help="of the database")
    parser.add_argument("--rounds", type=int, default=5, help="of all peers in turns")
    parser.add_argument("--seconds", type=float, default=5, help="of each peer in a round")
    parser.add_argument("--warm-up", type=float, default=15, help="seconds of each operation")
    parser.add_argument("--keep", action="store_true", help="keep the database for the next run")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--quick", action="store_true", help="few accounts, a short round")
    return parser.parse_args()


async def measure(
    plan: Plan, *, changes: int, keep: bool = False
) -> tuple[Comparison, Mapping[str, Figures]]:
    """Build the database, compare the reads, then measure the changes of so many accounts."""
    with TemporaryDirectory() as folder:
        logs = Path(folder)
        async with comparison_database(plan.accounts, keep=keep) as url:
            ours, orm = await servers.tenure(url, logs), servers.orm(url)
            node = servers.postgraphile(url)
            done = await compare(plan, [ours, orm, *([node] if node else [])], url, logs)
            return done, await measure_mutations(plan, ours, url, logs, each=changes)


async def main() -> int:
    """Measure and report."""
    asked = arguments()
    plan = QUICK
    if not asked.quick:
        plan = Plan(asked.accounts, asked.rounds, asked.seconds, asked.warm_up)
    done, changes = await measure(
        plan, changes=QUICK_CHANGES if asked.quick else CHANGES, keep=asked.keep
    )
    reached = targets(done, changes)
    text = section(done, changes, reached, machine(await postgresql_version()))
    print(text)
    if asked.write:
        write(text, done)
    return int(not all(it.is_reached for it in reached))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
