"""Bills per second: the bill day compared with set-based SQL, and with ten times the accounts.

Both start with the same rows, in alternating order, and must produce the same rows.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median
from time import perf_counter

import pytest

from tenure.batch import execute_run
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.bill_day_data import bill_with_sql, create_accounts, result_digests
from tests.benchmarks.start_states import StartState, start_state
from tests.benchmarks.tables import show
from tests.conftest import ANA

pytestmark = pytest.mark.bench

FEW, MANY, ROUNDS = 10_000, 100_000, 3
LEAST_SHARE_OF_SQL, MAX_GROWTH = 0.6, 1.3

Execute = Callable[[Database, int], Awaitable[None]]
Measurement = tuple[float, dict[str, tuple[int, str]]]


async def measure(state: StartState, execute: Execute, bills: int) -> Measurement:
    """Execute on a copy of the start state. Returns bills per second and the result digests."""
    async with state.copy() as database:
        async with Runtime(database, BusinessReader(clock_settable=True)).unit(ANA) as unit:
            run_id = (await start(unit, kind=JobKind.BILL_DAY)).id
        started = perf_counter()
        await execute(database, run_id)
        rate = bills / (perf_counter() - started)
        return rate, await result_digests(database)


async def run_bill_day(database: Database, run_id: int) -> None:
    """Run the bill day as `tenure job bill-day` and the worker do."""
    await execute_run(Runtime(database, BusinessReader(clock_settable=True)), run_id)
    async with database.reading() as session:
        run = await session.get_one(JobRun, run_id)
    assert run.status is JobRunStatus.DONE


async def test_compared_with_sql_and_growth() -> None:
    rates: dict[str, list[float]] = {"few": [], "many": [], "sql": []}
    async with (
        start_state(partial(create_accounts, accounts=FEW)) as few,
        start_state(partial(create_accounts, accounts=MANY)) as many,
    ):
        for _ in range(ROUNDS):
            sql, by_sql = await measure(many, bill_with_sql, MANY)
            job, by_job = await measure(many, run_bill_day, MANY)
            small, _ = await measure(few, run_bill_day, FEW)
            assert by_job == by_sql
            for name, rate in (("sql", sql), ("many", job), ("few", small)):
                rates[name].append(rate)
    share_of_sql = median(job / sql for job, sql in zip(rates["many"], rates["sql"], strict=True))
    growth = median(small / large for small, large in zip(rates["few"], rates["many"], strict=True))
    show(
        f"{MANY:,} accounts of three offers each, billed in one day; medians of {ROUNDS} rounds",
        ["", "bills a second", "the bill day is", "at least"],
        [
            ["the bill day, chunks of 2,000", f"{median(rates['many']):,.0f}", "", ""],
            [
                "set-based SQL",
                f"{median(rates['sql']):,.0f}",
                f"{share_of_sql:.2f} x",
                f"{LEAST_SHARE_OF_SQL} x",
            ],
        ],
    )
    show(
        f"The bill day on more accounts; medians of {ROUNDS} rounds",
        ["accounts", "bills a second", "time for each", "at most"],
        [
            [f"{FEW:,}", f"{median(rates['few']):,.0f}", "1.00 x", ""],
            [
                f"{MANY:,}",
                f"{median(rates['many']):,.0f}",
                f"{growth:.2f} x",
                f"{MAX_GROWTH} x",
            ],
        ],
    )
    assert share_of_sql >= LEAST_SHARE_OF_SQL
    assert growth <= MAX_GROWTH
