"""Deferred actions a second: the job against one statement by hand, and against a transaction for each action.

All three begin with the same rows, one after the other in turns, and must leave the same rows behind.
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
from tests.benchmarks.by_hand import carry_out_by_hand
from tests.benchmarks.one_by_one import carry_out_one_by_one
from tests.benchmarks.processor import Processor
from tests.benchmarks.promises import left, promise
from tests.benchmarks.start_states import StartState, start_state
from tests.benchmarks.tables import show
from tests.conftest import ANA

pytestmark = pytest.mark.bench

ACTIONS, SAMPLE, ROUNDS = 50_000, 500, 3
OF_ONE_STATEMENT, TIMES_ONE_BY_ONE = 0.75, 30
FEW, MANY, LONGEST_GROWTH = 10_000, 100_000, 1.3
PROCESSOR = "processor, ms for 1,000: Tenure + PostgreSQL"

Work = Callable[[Database, int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Actions a second, milliseconds of processor for a thousand, and what all and the first few left behind."""

    rate: float
    processor: str
    all: dict[str, tuple[int, str]]
    first: dict[str, tuple[int, str]]


async def measured(state: StartState, work: Work, actions: int) -> Measured:
    """Let the work be done on a copy."""
    async with state.copy() as database:
        async with Runtime(database, BusinessReader()).unit(ANA) as unit:
            run_id = (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id
        await (
            database.engine.dispose()
        )  # From here on every connection is a new one, and its server process counted.
        processor, started = Processor(database), perf_counter()
        await work(database, run_id)
        rate, used = actions / (perf_counter() - started), processor.milliseconds(actions)
        return Measured(
            rate, used, await left(database, actions=actions), await left(database, actions=SAMPLE)
        )


async def the_job(database: Database, run_id: int) -> None:
    """What `tenure job deferred-actions` and every worker do."""
    await execute_run(Runtime(database, BusinessReader()), run_id)
    async with database.reading() as session:
        run = await session.get_one(JobRun, run_id)
    assert run.status is JobRunStatus.DONE


@pytest.fixture
async def promises() -> AsyncIterator[StartState]:
    """As many accounts as actions."""
    async with start_state(partial(promise, accounts=ACTIONS)) as state:
        yield state


async def test_against_one_statement_and_against_one_by_one(promises: StartState) -> None:
    jobs, by_hand, singly = [], [], []
    for _ in range(ROUNDS):
        hand = await measured(promises, carry_out_by_hand, ACTIONS)
        job = await measured(promises, the_job, ACTIONS)
        single = await measured(promises, partial(carry_out_one_by_one, limit=SAMPLE), SAMPLE)
        assert job.all == hand.all
        assert single.first == hand.first
        jobs.append(job.rate)
        by_hand.append(hand.rate)
        singly.append(single.rate)
    of_hand = median(job / hand for job, hand in zip(jobs, by_hand, strict=True))
    times_single = median(job / single for job, single in zip(jobs, singly, strict=True))
    show(
        f"{ACTIONS:,} actions, each with 6 changes of status and 7 events; medians of {ROUNDS} rounds",
        ["", "actions a second", "the job is", "at least", PROCESSOR],
        [
            ["the job, chunks of 1,000", f"{median(jobs):,.0f}", "", "", job.processor],
            [
                "one statement by hand",
                f"{median(by_hand):,.0f}",
                f"{of_hand:.2f} x",
                f"{OF_ONE_STATEMENT} x",
                hand.processor,
            ],
            [
                "one transaction each",
                f"{median(singly):,.0f}",
                f"{times_single:.0f} x",
                f"{TIMES_ONE_BY_ONE} x",
                single.processor,
            ],
        ],
    )
    assert of_hand >= OF_ONE_STATEMENT
    assert times_single >= TIMES_ONE_BY_ONE


async def test_growth() -> None:
    """Ten times the accounts and actions do not make the single action dearer."""
    few, many = [], []
    async with (
        start_state(partial(promise, accounts=FEW)) as small,
        start_state(partial(promise, accounts=MANY)) as large,
    ):
        for _ in range(ROUNDS):
            few.append(await measured(small, the_job, FEW))
            many.append(await measured(large, the_job, MANY))
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
                f"{LONGEST_GROWTH} x",
                many[-1].processor,
            ],
        ],
    )
    assert growth <= LONGEST_GROWTH
