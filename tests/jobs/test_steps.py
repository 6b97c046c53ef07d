"""Rules 6.5: steps and totals of a run, with several workers and after interruptions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.batch import bill_day_job as wired
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun, JobStep, JobTotal
from tenure.kernel.unit import Runtime
from tests import builders
from tests.batch.bill_day.days import bill_day
from tests.checks import row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id
from tests.job_workers import execute_with_workers
from tests.receivables.receipts.bills import DECEMBER, charge, payer

NOVEMBER = DECEMBER - timedelta(days=1)
STEPS = [
    *(
        "deferred actions",
        "cycle fees",
        "nonpaying bill units",
        "bills",
        "purchase fees",
        "payments",
    ),
    "overdue accounts",
]
TOLD = """query($id: ID!) { node(id: $id) { ... on JobRun {
  steps { name businessDate total done failed startedAt finishedAt }
  totals { kind count sum { amount currency } }
} } }"""


async def progress_of(runtime: Runtime, run: JobRun) -> Any:
    """What the API tells of a run."""
    return (await Caller(runtime, ANA)(TOLD, id=global_id("JobRun", run.id)))["node"]


async def counts(runtime: Runtime, run: JobRun) -> dict[str, tuple[int, int]]:
    """How much was done and failed in each step in which there was something, in order."""
    steps = (await progress_of(runtime, run))["steps"]
    return {it["name"]: (it["done"], it["failed"]) for it in steps if it["done"] or it["failed"]}


async def totals(runtime: Runtime, run: JobRun) -> list[str]:
    """`BILLS_MADE 3: 75 USD`."""
    made = (await progress_of(runtime, run))["totals"]
    return [
        f"{it['kind']} {it['count']}: {it['sum']['amount']} {it['sum']['currency']}" for it in made
    ]


async def test_steps_and_totals_of_a_bill_day(runtime: Runtime) -> None:
    """The steps with their counts in order; bills and payments by currency."""
    async with runtime.unit(ANA) as unit:
        for token, currency in (
            ("tok_ok", "USD"),
            ("tok_ok", "EUR"),
            ("tok_expired", "USD"),
            ("tok_no_answer", "USD"),
        ):
            account = await payer(unit, token=token, currency=currency)
            await charge(unit, account, "25.00", NOVEMBER)
    run = await bill_day(runtime, DECEMBER)
    steps = (await progress_of(runtime, run))["steps"]
    assert [it["name"] for it in steps] == STEPS
    assert {it["businessDate"] for it in steps} == {"2026-12-01"}
    assert {(it["startedAt"], it["finishedAt"]) for it in steps} == {("2026-12-01T01:00:00Z",) * 2}
    assert await counts(runtime, run) == {"cycle fees": (4, 0), "bills": (4, 0), "payments": (4, 0)}
    assert await totals(runtime, run) == [
        "BILLS_MADE 1: 25 EUR",
        "BILLS_MADE 3: 75 USD",
        "PAYMENTS_COLLECTED 1: 25 EUR",
        "PAYMENTS_COLLECTED 1: 25 USD",
        "PAYMENTS_FAILED 1: 25 USD",
    ]
    again = await bill_day(runtime, DECEMBER)
    assert (await counts(runtime, again), await totals(runtime, again)) == ({}, [])


async def test_what_is_answered_a_day_later(runtime: Runtime) -> None:
    """It is collected by the run that hears of it."""
    async with runtime.unit(ANA) as unit:
        await charge(unit, await payer(unit, token="tok_no_answer"), "25.00", NOVEMBER)
    assert await totals(runtime, await bill_day(runtime, DECEMBER)) == ["BILLS_MADE 1: 25 USD"]
    next_day = await bill_day(runtime, DECEMBER + timedelta(days=1))
    assert await totals(runtime, next_day) == ["PAYMENTS_COLLECTED 1: 25 USD"]


async def test_dates_that_are_made_up(runtime: Runtime) -> None:
    """One step each, with the counts of all dates; in the order of the last one."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        for day in (1, 2):
            await builders.purchased_offer(
                unit, await builders.account(unit, billing_day_of_month=day)
            )
    run = await bill_day(runtime, date(2026, 12, 3))
    assert await counts(runtime, run) == {"cycle fees": (2, 0), "bills": (2, 0)}
    steps = (await progress_of(runtime, run))["steps"]
    assert [(it["name"], it["businessDate"]) for it in steps] == [
        (name, "2026-12-03") for name in STEPS
    ]
    assert [it.total for it in await rows(runtime, JobStep, name="bills")] == [2]


async def test_many_workers_count_together(
    runtime: Runtime, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each chunk once, and the steps add up to the run."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        for number in range(9):
            await builders.purchased_offer(
                unit, await builders.account(unit, f"Customer {number}", billing_day_of_month=1)
            )
    monkeypatch.setattr(wired, "CHUNK", 2)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        run_id = (await jobs.start(unit, kind=JobKind.BILL_DAY)).id
    await execute_with_workers(database_url, run_id, 3)
    run = await row(runtime, JobRun, run_id)
    assert await counts(runtime, run) == {"cycle fees": (9, 0), "bills": (9, 0)}
    assert run.done == 18
    assert await totals(runtime, run) == ["BILLS_MADE 9: 459 USD"]


async def test_who_comes_late_to_a_step(runtime: Runtime) -> None:
    """Keeps its start and its place, counts for it, and leaves the step that runs alone."""
    async with runtime.unit(ANA) as unit:
        run = await jobs.start(unit, kind=JobKind.BILL_DAY)
        first = await jobs.begin(unit, run, step="cycle fees", on=NOON.date(), total=5)
        await jobs.add_progress(unit, run.id, step_id=first, done=4, failed=1)
        second = await jobs.begin(unit, run, step="bills", on=NOON.date(), total=5)
    await set_clock(runtime, NOON + timedelta(hours=1))
    async with runtime.unit(ANA) as unit:
        run = await unit.session.get_one(JobRun, run.id)
        assert await jobs.begin(unit, run, step="cycle fees", on=NOON.date(), total=1) == first
        await jobs.add_progress(unit, run.id, step_id=second, done=2, failed=0)
        await jobs.add_progress(unit, run.id, step_id=first, done=1, failed=0)
    fees, bills = (await progress_of(runtime, run))["steps"]
    noon = "2026-11-10T12:00:00Z"
    same = {"businessDate": "2026-11-10", "startedAt": noon}
    assert fees == same | {
        "name": "cycle fees",
        "total": 6,
        "done": 5,
        "failed": 1,
        "finishedAt": noon,
    }
    assert bills == same | {"name": "bills", "total": 5, "done": 2, "failed": 0, "finishedAt": None}


async def test_chunk_that_is_not_committed_counts_nothing(runtime: Runtime) -> None:
    """Neither for the run nor for its step, nor in its totals."""
    async with runtime.unit(ANA) as unit:
        await charge(unit, await payer(unit), "25.00", NOVEMBER)
    real = jobs.add_totals
    dead: list[int] = []

    async def die_once(unit: Any, run_id: int, made: Any) -> None:
        await real(unit, run_id, made)
        if not dead:
            dead.append(run_id)
            raise RuntimeError("the process is gone")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(jobs, "add_totals", die_once)
        run = await bill_day(runtime, DECEMBER)
    assert (await counts(runtime, run))["bills"] == (1, 0)
    assert (await totals(runtime, run))[0] == "BILLS_MADE 1: 25 USD"


async def test_deferred_actions_are_one_step(runtime: Runtime) -> None:
    """Of the job of that name; one that was cancelled has not finished it."""
    run = await row(runtime, JobRun, await builders.run_job(runtime))
    [step] = (await progress_of(runtime, run))["steps"]
    assert (step["name"], step["finishedAt"]) == ("deferred actions", "2026-11-10T12:00:00Z")
    assert await rows(runtime, JobTotal) == []
    async with runtime.unit(ANA) as unit:
        cancelled = await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)
        await jobs.begin(unit, cancelled, step="deferred actions", on=NOON.date(), total=3)
        await jobs.cancel(unit, cancelled.id)
    [step] = (await progress_of(runtime, cancelled))["steps"]
    assert step["finishedAt"] is None
