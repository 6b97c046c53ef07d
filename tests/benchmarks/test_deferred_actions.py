"""Deferred actions per second: the job compared with one statement, and with single transactions.

All three start with the same rows, in alternating order, and must produce the same rows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
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
from tests.benchmarks.deferred_actions_data import create_due_actions, result_digests
from tests.benchmarks.one_statement import execute_in_one_statement
from tests.benchmarks.one_transaction_each import execute_one_by_one
from tests.benchmarks.processor import Processor
from tests.benchmarks.start_states import StartState, start_state
from tests.benchmarks.tables import show
from tests.conftest import ANA

pytestmark = pytest.mark.bench

ACTIONS, SAMPLE, ROUNDS = 50_000, 500, 3
LEAST_SHARE_OF_STATEMENT, LEAST_TIMES_SINGLE = 0.75, 30
FEW, MANY, MAX_GROWTH = 10_000, 100_000, 1.3
PROCESSOR = "processor, ms for 1,000: Tenure + PostgreSQL"

Execute = Callable[[Database, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Actions per second, CPU time per thousand, result digests of all and of the first actions."""

    rate: float
    processor: str
    all: dict[str, tuple[int, str]]
    first: dict[str, tuple[int, str]]


async def measure(state: StartState, execute: Execute, actions: int) -> Measurement:
    """Execute on a copy of the start state."""
    async with state.copy() as database:
        async with Runtime(database, BusinessReader()).unit(ANA) as unit:
            run_id = (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id
        # New connections, whose server processes are counted.
        await database.engine.dispose()
        processor, started = Processor(database), perf_counter()
        await execute(database, run_id)
        rate, used = actions / (perf_counter() - started), processor.milliseconds(actions)
        return Measurement(
            rate,
            used,
            await result_digests(database, actions=actions),
            await result_digests(database, actions=SAMPLE),
        )


async def run_deferred_actions(database: Database, run_id: int) -> None:
    """Run the job as `tenure job deferred-actions` and the worker do."""
    await execute_run(Runtime(database, BusinessReader()), run_id)
    async with database.reading() as session:
        run = await session.get_one(JobRun, run_id)
    assert run.status is JobRunStatus.DONE


@pytest.fixture
async def due_actions() -> AsyncIterator[StartState]:
    """A start state with one due action per account."""
    async with start_state(partial(create_due_actions, accounts=ACTIONS)) as state:
        yield state


async def test_compared_with_one_statement_and_single_transactions(due_actions: StartState) -> None:
    jobs, by_sql, singles = [], [], []
    for _ in range(ROUNDS):
        sql = await measure(due_actions, execute_in_one_statement, ACTIONS)
        job = await measure(due_actions, run_deferred_actions, ACTIONS)
        single = await measure(due_actions, partial(execute_one_by_one, limit=SAMPLE), SAMPLE)
        assert job.all == sql.all
        assert single.first == sql.first
        jobs.append(job.rate)
        by_sql.append(sql.rate)
        singles.append(single.rate)
    share_of_sql = median(job / sql for job, sql in zip(jobs, by_sql, strict=True))
    times_singles = median(job / single for job, single in zip(jobs, singles, strict=True))
    show(
        f"{ACTIONS:,} actions, each with 6 status changes and 7 events; medians of {ROUNDS} rounds",
        ["", "actions a second", "the job is", "at least", PROCESSOR],
        [
            ["the job, chunks of 1,000", f"{median(jobs):,.0f}", "", "", job.processor],
            [
                "one statement",
                f"{median(by_sql):,.0f}",
                f"{share_of_sql:.2f} x",
                f"{LEAST_SHARE_OF_STATEMENT} x",
                sql.processor,
            ],
            [
                "one transaction each",
                f"{median(singles):,.0f}",
                f"{times_singles:.0f} x",
                f"{LEAST_TIMES_SINGLE} x",
                single.processor,
            ],
        ],
    )
    assert share_of_sql >= LEAST_SHARE_OF_STATEMENT
    assert times_singles >= LEAST_TIMES_SINGLE


async def test_growth() -> None:
    """The time per action does not grow with ten times the accounts and actions."""
    few, many = [], []
    async with (
        start_state(partial(create_due_actions, accounts=FEW)) as small,
        start_state(partial(create_due_actions, accounts=MANY)) as large,
    ):
        for _ in range(ROUNDS):
            few.append(await measure(small, run_deferred_actions, FEW))
            many.append(await measure(large, run_deferred_actions, MANY))
    growth = median(one.rate / other.rate for one, other in zip(few, many, strict=True))
    show(
        f"The job on more accounts, an action for each; medians of {ROUNDS} rounds",
        ["accounts", "actions a second", "time for each", "at most", PROCESSOR],
        [
            [f"{FEW:,}", f"{median(it.rate for it in few):,.0f}", "1.00 x", "", few[-1].processor],
            [
                f"{MANY:,}",
                f"{median(it.rate for it in many):,.0f}",
                f"{growth:.2f} x",
                f"{MAX_GROWTH} x",
                many[-1].processor,
            ],
        ],
    )
    assert growth <= MAX_GROWTH
