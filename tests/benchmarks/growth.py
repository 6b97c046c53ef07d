"""What the same work costs in a small and in a large database of PostgreSQL.

`python -m tests.benchmarks.growth` builds the databases of the comparison with 10,000 and with
1,000,000 accounts (`--accounts`), unless `make peers ARGS=--keep` or an earlier run has kept them.
In each it imports accounts, executes deferred actions, makes bills and reads pages of events, and
prints the CPU time that each took, of Tenure and PostgreSQL. CPU time hardly depends on the load of
the machine. It changes the databases, and exits with 1 above LONGEST_GROWTH. `--write` writes
docs/performance.md.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import orjson
from sqlalchemy import text

from tenure.batch import execute_run
from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.importing.run import import_file
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.customer_lines import write_lines
from tests.benchmarks.document import markdown, write_section
from tests.benchmarks.peers.database import comparison_database
from tests.benchmarks.processor import Processor
from tests.benchmarks.tables import show
from tests.conftest import ANA, set_clock

SECTION = "growth"
LONGEST_GROWTH = 1.3
EACH = 2_000
PAGES = 500
EVENTS = """query($number: String!, $after: String) { account(number: $number) {
  events(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes {
    id kind occurredAt description amount { amount currency } service { name } } } } }"""
# For every fourth account from :first on, as dense in a large database as in a small one: how many
# blocks are read for the first time is not what is compared.
DUE = """INSERT INTO deferred_action (kind, status, account_id, summary, to_status, parent_pays,
    children_stay, scheduled_for, created_by, created_at, attempts, version)
  SELECT 'CHANGE_ACCOUNT_STATUS', 'PENDING', id, 'Inactivate the account', 'INACTIVE', false, false,
    CAST(:now AS timestamptz) - interval '1 hour', 'ana@example.com', CAST(:now AS timestamptz),
    0, 1
  FROM account WHERE id > :first AND id % 4 = 2 ORDER BY id LIMIT :limit"""
BILLED = """UPDATE bill_unit SET next_bill_on = :day, billing_day_of_month = :day_of_month
  WHERE id IN
    (SELECT id FROM account WHERE id > :first AND id % 4 = 3 ORDER BY id LIMIT :limit)"""


async def measured(accounts: int, url: str, folder: Path) -> dict[str, float]:
    """Milliseconds of CPU time of each kind of work."""
    database = Database(url)
    try:
        runtime = Runtime(database, BusinessReader(clock_settable=True))
        await _run(runtime, JobKind.BILL_DAY)  # What is due in any case.
        first = accounts // 5
        return {
            "an imported account": await _import(runtime, folder / f"{accounts}.jsonl"),
            "a deferred action": await _deferred_actions(runtime, first),
            "a bill": await _bills(runtime, first),
            "a page of 100 events": await _pages(runtime, accounts),
        }
    finally:
        await database.close()


async def _each(database: Database, count: int, work: Callable[[], Awaitable[object]]) -> float:
    await database.engine.dispose()  # The processes of new connections are counted.
    processor = Processor(database)
    await work()
    ours, server = processor.seconds()
    return 1000 * (ours + server) / count


async def _import(runtime: Runtime, file: Path) -> float:
    """Of a longer file less that of a shorter one: an import also collects statistics, once."""
    spent = []
    for count in (EACH, 2 * EACH):
        write_lines(file, count, prefix=f"{time():.0f}")
        work = partial(import_file, runtime, file, lambda _: None)
        spent.append(await _each(runtime.database, 1, work))
    return (spent[1] - spent[0]) / EACH


async def _run(runtime: Runtime, kind: JobKind) -> int:
    """Run a job. Returns how many entries it has processed."""
    async with runtime.unit(ANA) as unit:
        run_id = (await start(unit, kind=kind)).id
    await execute_run(runtime, run_id)
    async with runtime.database.reading() as session:
        run = await session.get_one(JobRun, run_id)
    return run.done


async def _deferred_actions(runtime: Runtime, first: int) -> float:
    async with runtime.unit(ANA) as unit:
        given = {"now": unit.now, "first": first, "limit": EACH}
        await unit.connection.execute(text(DUE), given)
    return await _each(runtime.database, EACH, lambda: _run(runtime, JobKind.DEFERRED_ACTIONS))


async def _bills(runtime: Runtime, first: int) -> float:
    """The bills of the next business day, which is that of only these bill units."""
    async with runtime.unit(ANA) as unit:
        tomorrow = unit.now + timedelta(days=1)
        given = {"day": tomorrow.date(), "day_of_month": tomorrow.day}
        await unit.connection.execute(text(BILLED), {**given, "first": first, "limit": EACH})
    await set_clock(runtime, tomorrow)
    return await _each(runtime.database, EACH, lambda: _run(runtime, JobKind.BILL_DAY))


async def _pages(runtime: Runtime, accounts: int) -> float:
    """Pages of the accounts with 101 events in a bill."""
    compiled = CompiledReads(schema)

    async def read() -> None:
        for place in range(PAGES):
            number = f"A-{(place * 7 % (accounts // 100) + 1) * 100:08}"
            context = Context(runtime, ANA, compiled=compiled)
            answer = await schema.execute(EVENTS, {"number": number}, context)
            assert not answer.errors

    await read()
    return await _each(runtime.database, PAGES, read)


async def main() -> int:
    """Measure and print. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.growth")
    parser.add_argument("--accounts", type=int, nargs=2, default=(10_000, 1_000_000))
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    found: list[Mapping[str, float]] = []
    with TemporaryDirectory() as folder:
        for accounts in asked.accounts:
            async with comparison_database(accounts, keep=True) as url:
                found.append(await measured(accounts, url, Path(folder)))
                print(orjson.dumps(found[-1]).decode(), flush=True)
    small, large = found
    rows = [
        [name, f"{small[name]:.2f}", f"{large[name]:.2f}", f"{large[name] / small[name]:.2f} x"]
        for name in small
    ]
    few, many = (f"{accounts:,} accounts" for accounts in asked.accounts)
    titles = ["CPU time, ms, of", few, many, f"growth, at most {LONGEST_GROWTH} x"]
    show("Growth", titles, rows)
    if asked.write:
        write_section(SECTION, markdown(titles, rows))
    return int(any(large[name] / small[name] > LONGEST_GROWTH for name in small))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
