"""The program: `python -m tests.benchmarks.peers`. `make peers` runs it.

Exits 1 if a target was not reached.
"""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from tests.benchmarks.document import write_section
from tests.benchmarks.peers import servers
from tests.benchmarks.peers.chart import chart
from tests.benchmarks.peers.comparison import Comparison, Plan, compare
from tests.benchmarks.peers.database import comparison_database
from tests.benchmarks.peers.mutations import measure_mutations
from tests.benchmarks.peers.report import (
    CHANGES,
    CHART,
    READS,
    changes_section,
    machine,
    postgresql_version,
    reads_section,
)
from tests.benchmarks.peers.servers import Peer
from tests.benchmarks.peers.targets import Target, change_targets, read_targets

CHANGES_IN_A_ROUND = 300
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
    parser.add_argument("--only", choices=["reads", "changes"], help="measure one part alone")
    parser.add_argument("--quick", action="store_true", help="few accounts, a short round")
    return parser.parse_args()


async def measure_reads(plan: Plan, ours: Peer, url: str, logs: Path) -> Comparison:
    """Compare the answers, then measure all servers in turns."""
    others = [servers.orm(url), servers.postgraphile(url)]
    return await compare(plan, [ours, *(it for it in others if it)], url, logs)


async def main() -> int:
    """Measure and report."""
    asked = arguments()
    plan = QUICK
    if not asked.quick:
        plan = Plan(asked.accounts, asked.rounds, asked.seconds, asked.warm_up)
    async with comparison_database(plan.accounts, keep=asked.keep) as url:
        with TemporaryDirectory() as folder:
            reached = await measure(asked, plan, url, Path(folder))
    return int(not all(it.is_reached for it in reached))


async def measure(asked: argparse.Namespace, plan: Plan, url: str, logs: Path) -> list[Target]:
    """Measure and report what is asked for. Returns the targets."""
    ours = await servers.tenure(url, logs)
    reached: list[Target] = []
    if asked.only != "changes":
        done = await measure_reads(plan, ours, url, logs)
        reached += read_targets(done)
        report(asked, READS, reads_section(done, machine(await postgresql_version())))
        if asked.write:
            CHART.write_text(chart(done))
    if asked.only != "reads":
        each = QUICK_CHANGES if asked.quick else CHANGES_IN_A_ROUND
        changes = await measure_mutations(plan, ours, url, logs, each=each)
        reached += change_targets(changes)
        where = machine(await postgresql_version())
        report(asked, CHANGES, changes_section(plan, changes, where))
    return reached


def report(asked: argparse.Namespace, section: str, text: str) -> None:
    """Print the text of a section, and write it where that is asked for."""
    print(text)
    if asked.write:
        write_section(section, text)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.exit(runner.run(main()))
