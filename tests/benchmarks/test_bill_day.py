"""Bills a second: the bill day against the same work as set-based SQL by hand, and on ten times the accounts.

Both begin with the same rows, in turns, and must leave the same rows behind.
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
from tests.benchmarks.bills import bill_by_hand, customers, left
from tests.benchmarks.start_states import StartState, start_state
from tests.benchmarks.tables import show
from tests.conftest import ANA

pytestmark = pytest.mark.bench

FEW, MANY, ROUNDS = 10_000, 100_000, 3
OF_BY_HAND, LONGEST_GROWTH = 0.5, 1.3

Work = Callable[[Database, int], Awaitable[None]]
Measured = tuple[float, dict[str, tuple[int, str]]]


async def measured(state: StartState, work: Work, bills: int) -> Measured:
    """Let the work be done on a copy. Answers with bills a second, and what was left behind."""
    async with state.copy() as database:
        async with Runtime(database, BusinessReader(clock_settable=True)).unit(ANA) as unit:
            run_id = (await start(unit, kind=JobKind.BILL_DAY)).id
        started = perf_counter()
        await work(database, run_id)
        rate = bills / (perf_counter() - started)
        return rate, await left(database)


async def the_bill_day(database: Database, run_id: int) -> None:
    """What `tenure job bill-day` and every worker do."""
    await execute_run(Runtime(database, BusinessReader(clock_settable=True)), run_id)
    async with database.reading() as session:
        run = await session.get_one(JobRun, run_id)
    assert run.status is JobRunStatus.DONE


async def test_against_sql_by_hand_and_growth() -> None:
    rates: dict[str, list[float]] = {"few": [], "many": [], "hand": []}
    async with (
        start_state(partial(customers, accounts=FEW)) as few,
        start_state(partial(customers, accounts=MANY)) as many,
    ):
        for _ in range(ROUNDS):
            hand, by_hand = await measured(many, bill_by_hand, MANY)
            job, by_job = await measured(many, the_bill_day, MANY)
            small, _ = await measured(few, the_bill_day, FEW)
            assert by_job == by_hand
            for name, rate in (("hand", hand), ("many", job), ("few", small)):
                rates[name].append(rate)
    of_hand = median(job / hand for job, hand in zip(rates["many"], rates["hand"], strict=True))
    growth = median(small / large for small, large in zip(rates["few"], rates["many"], strict=True))
    show(
        f"{MANY:,} accounts of three offers each, billed in one day; medians of {ROUNDS} rounds",
        ["", "bills a second", "the bill day is", "at least"],
        [
            ["the bill day, chunks of 2,000", f"{median(rates['many']):,.0f}", "", ""],
            [
                "set-based SQL by hand",
                f"{median(rates['hand']):,.0f}",
                f"{of_hand:.2f} x",
                f"{OF_BY_HAND} x",
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
                f"{LONGEST_GROWTH} x",
            ],
        ],
    )
    assert of_hand >= OF_BY_HAND
    assert growth <= LONGEST_GROWTH
