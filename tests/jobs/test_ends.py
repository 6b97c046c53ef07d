"""Rules 4.10, 6.5: a run waits for its date, and FAILED ends it if it makes no progress."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tenure.accounts.models import BillUnit
from tenure.batch import bill_day_job as wired
from tenure.batch import deferred_actions_job as wired_deferred
from tenure.batch import execute_run, receivables_steps, runs
from tenure.batch import start as wired_start
from tenure.batch.bill_day.actions import BillUnitOperation
from tenure.batch.receivables_steps import OverdueStep, PaymentClaim, PaymentsStep
from tenure.batch.steps import StepResult
from tenure.billing.bills.models import Bill
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.jobs.actions import MAX_ATTEMPTS, cancel, start
from tenure.jobs.models import JOBS_OF_A_DATE, JobKind, JobRun, JobRunStatus, JobStep
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method
from tenure.payments.gateways.requests import Attempt
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.policies import PaymentRequest
from tenure.settings.actions import update_settings
from tenure.worker.actors import run_due_jobs
from tenure.worker.scheduler import start_due_jobs
from tests import builders
from tests.batch.bill_day.days import bill_day, bills_of, items_of
from tests.checks import action, nothing_written, row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.waiting import PATIENCE

DECEMBER = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 12, 1, 1, tzinfo=UTC)
BEFORE = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


async def customers(runtime: Runtime, count: int) -> list[int]:
    """Accounts with a plan of 30.00, billed on the first of the month."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        made = [
            await builders.account(unit, f"Customer {number}", billing_day_of_month=1)
            for number in range(count)
        ]
        for account in made:
            await builders.purchased_offer(unit, account)
    return made


async def queued(
    runtime: Runtime, kind: JobKind = JobKind.BILL_DAY, *, at: datetime = ON_THE_DAY
) -> int:
    """A run of the business day at that time, which nobody has begun."""
    await set_clock(runtime, at)
    async with runtime.unit(ANA) as unit:
        return (await start(unit, kind=kind)).id


async def carried_out(runtime: Runtime, run_id: int) -> JobRun:
    """The run after one attempt to carry it out."""
    async with asyncio.timeout(PATIENCE):
        await execute_run(runtime, run_id)
    return await row(runtime, JobRun, run_id)


async def promised(runtime: Runtime, *times: datetime) -> list[int]:
    """Deferred actions of these times, of an account each."""
    async with runtime.unit(ANA) as unit:
        made = []
        for time in times:
            account = await builders.account(unit, f"Of {time}")
            outcome = await builders.set_account(unit, account, Status.INACTIVE, defer_until=time)
            made.append(outcome.deferred_action_id)
    return [action_id for action_id in made if action_id is not None]


def between_chunks(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let something happen after each chunk that leaves more to do."""

    async def pause(_: object) -> None:
        await act()

    monkeypatch.setattr(runs, "yield_to_writer", pause)


@pytest.mark.parametrize("kind", JOBS_OF_A_DATE)
async def test_run_waits_for_its_date(runtime: Runtime, kind: JobKind) -> None:
    """Rules 6.5: the clock was reset while the run was queued; it ends once its date has begun."""
    [account] = await customers(runtime, 1)
    [action_id] = await promised(runtime, BEFORE - timedelta(hours=1))
    run_id = await queued(runtime, kind)
    await set_clock(runtime, BEFORE)
    async with nothing_written(runtime):
        assert (await carried_out(runtime, run_id)).status is JobRunStatus.QUEUED
    assert (await action(runtime, action_id)).status is DeferredStatus.PENDING
    await set_clock(runtime, ON_THE_DAY)
    assert (await carried_out(runtime, run_id)).status is JobRunStatus.DONE
    assert (await action(runtime, action_id)).status is DeferredStatus.DONE
    bills = [bill.billed_on for bill in await bills_of(runtime, account)]
    assert bills == [DECEMBER if kind is JobKind.BILL_DAY else None]


async def test_run_waits_where_the_time_zone_moved_westward(runtime: Runtime) -> None:
    """Rules 1, 6.5: at noon in UTC the next day has begun in Auckland, and not in Los Angeles."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="Pacific/Auckland")
    run_id = await queued(runtime, at=NOON)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="America/Los_Angeles")
    assert (await carried_out(runtime, run_id)).status is JobRunStatus.QUEUED
    await set_clock(runtime, datetime(2026, 11, 11, 8, tzinfo=UTC))
    found = await carried_out(runtime, run_id)
    assert (found.status, found.business_date) == (JobRunStatus.DONE, date(2026, 11, 11))


async def test_clock_is_given_back_during_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5: no further bill unit is charged; the run resumes when its date begins again."""
    await customers(runtime, 4)
    monkeypatch.setattr(wired, "CHUNK", 1)
    run_id = await queued(runtime)
    with monkeypatch.context() as patched:
        between_chunks(patched, lambda: set_clock(runtime, BEFORE))
        found = await carried_out(runtime, run_id)
    assert (found.status, found.step) == (JobRunStatus.QUEUED, None)
    charged = [unit.charged_until for unit in await rows(runtime, BillUnit)]
    # PostgreSQL has two chunks in progress at once.
    assert 1 <= charged.count(date(2027, 1, 1)) <= 2
    assert await rows(runtime, Bill, billed_on=DECEMBER) == []
    await set_clock(runtime, ON_THE_DAY)
    assert (await carried_out(runtime, run_id)).status is JobRunStatus.DONE
    assert [bill.total_due for bill in await rows(runtime, Bill, billed_on=DECEMBER)] == [51] * 4


async def test_action_that_is_not_due_any_more_stays_pending(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.4: the clock is reset to a time between two actions while the first is run."""
    ids = await promised(runtime, NOON + timedelta(hours=1), NOON + timedelta(hours=3))
    monkeypatch.setattr(runs, "CHUNK", 1)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    between_chunks(monkeypatch, lambda: set_clock(runtime, NOON + timedelta(hours=2)))
    run_id = await queued(runtime, JobKind.DEFERRED_ACTIONS, at=NOON + timedelta(hours=4))
    assert (await carried_out(runtime, run_id)).status is JobRunStatus.DONE
    states = [(await action(runtime, action_id)).status for action_id in ids]
    assert states == [DeferredStatus.DONE, DeferredStatus.PENDING]


async def test_run_charges_by_its_own_date(runtime: Runtime) -> None:
    """Rules 6.2, 6.5: an offer of a missed date is charged as of that date, on its cycle's bill."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        account = await builders.account(unit, billing_day_of_month=1)
        await builders.purchased_offer(unit, account, start_at=datetime(2026, 11, 21, tzinfo=UTC))
    await bill_day(runtime, date(2026, 11, 21), today=date(2026, 12, 5))
    [bill] = await bills_of(runtime, account)
    assert (bill.period_end, bill.current_charges) == (DECEMBER, 10)
    await bill_day(runtime, date(2026, 12, 5))
    bill = (await bills_of(runtime, account))[0]
    assert (bill.billed_on, await items_of(runtime, bill)) == (DECEMBER, {"Monthly fees": "40.00"})


@pytest.mark.parametrize("name", ["cycle fees", "bills", "purchase fees"])
async def test_step_without_progress_ends_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Rules 6.5: FAILED with the step and the reason; another run of the date does what is left."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        account = await builders.account(unit, billing_day_of_month=1)
        await builders.purchased_offer(unit, account)
        await builders.purchased_offer(unit, account, start_at=datetime(2026, 12, 1, tzinfo=UTC))
    run_id = await queued(runtime)

    async def nothing(*_: object) -> None:
        pass

    steps = [
        BillUnitOperation(step.name, step.due, nothing) if step.name == name else step
        for step in wired.STEPS
    ]
    with monkeypatch.context() as patched:
        patched.setattr(wired, "STEPS", tuple(steps))
        found = await carried_out(runtime, run_id)
    assert (found.status, found.finished_at, found.step) == (JobRunStatus.FAILED, ON_THE_DAY, None)
    assert found.failure == f"Step “{name}”: No progress. Still due after 3 attempts: 1."
    [step] = await rows(runtime, JobStep, name=name)
    assert (step.done, step.failed) == (0, 0)
    assert found.done < found.total
    async with nothing_written(runtime):
        await execute_run(runtime, run_id)
    again = await queued(runtime)
    assert (again != run_id, (await carried_out(runtime, again)).status) == (
        True,
        JobRunStatus.DONE,
    )
    assert [bill.billed_on for bill in await bills_of(runtime, account)] == [DECEMBER, None]


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_fault_that_is_not_stored_ends_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Rules 6.5: also in a step that claims the entries after the last one, in several chunks."""
    accounts = await customers(runtime, count)
    monkeypatch.setattr(wired, "CHUNK", 2)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    [faulty] = [it.id for it in await rows(runtime, BillUnit, account_id=accounts[0])]
    run_id = await queued(runtime)
    [step] = [it for it in wired.STEPS if it.name == "cycle fees"]

    async def charge(unit: Any, ids: Any, day: Any) -> Any:
        if faulty in ids:
            raise RuntimeError("the plug-in is gone")
        return await step.run_in_unit(unit, ids, day)

    async def store_nothing(*_: object) -> StepResult:
        return StepResult()

    seeded = BillUnitOperation(step.name, step.due, charge)
    monkeypatch.setattr(wired, "STEPS", tuple(seeded if it is step else it for it in wired.STEPS))
    monkeypatch.setattr(wired.BillUnitsStep, "fail", store_nothing)
    async with asyncio.timeout(PATIENCE):
        found = await carried_out(runtime, run_id)
    assert found.status is JobRunStatus.FAILED
    assert found.failure == "Step “cycle fees”: No progress. Still due after 3 attempts: 1."
    [stored] = await rows(runtime, JobStep, name=step.name)
    assert (stored.done, stored.failed) == (count - 1, 0)


async def test_interrupted_run_repeats_the_date_that_it_had_begun(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5: a missed date gets its last steps too where the run broke off before them."""
    [payer] = await customers(runtime, 1)
    async with runtime.unit(ANA) as unit:
        await add_payment_method(
            unit,
            NewPaymentMethod(account_id=payer, kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok"),
        )
    run_id = await queued(runtime, at=datetime(2027, 1, 1, 1, tzinfo=UTC))
    reviewed: list[date] = []

    class InterruptedFirst(OverdueStep):
        def __init__(self, on: date) -> None:
            reviewed.append(on)
            if len(reviewed) == 1:
                raise PoolTimeoutError
            super().__init__(on)

    monkeypatch.setattr(receivables_steps, "OverdueStep", InterruptedFirst)
    with pytest.raises(PoolTimeoutError):
        await carried_out(runtime, run_id)
    assert (await carried_out(runtime, run_id)).status is JobRunStatus.DONE
    assert reviewed == [DECEMBER, DECEMBER, date(2027, 1, 1)]


async def test_payments_without_progress_end_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5: the same payment is asked about again and again."""

    async def same(*_: object) -> PaymentClaim:
        return PaymentClaim([Attempt(7, 1, request, is_new=True)], {7: None})

    async def apply(*_: object) -> StepResult:
        return StepResult(1)

    request = PaymentRequest("key", "tok_ok", Decimal(1), "USD")
    run_id = await queued(runtime)
    monkeypatch.setattr(PaymentsStep, "claim", same)
    monkeypatch.setattr(PaymentsStep, "apply", apply)
    found = await carried_out(runtime, run_id)
    assert found.status is JobRunStatus.FAILED
    assert found.failure == "Step “payments”: No progress. Still due after 3 attempts: 1."


async def test_actions_without_progress_end_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.6: an action that stays PENDING does not prolong the run; the next run runs it."""
    [action_id] = await promised(runtime, NOON + timedelta(hours=1))
    run_id = await queued(runtime, JobKind.DEFERRED_ACTIONS, at=NOON + timedelta(hours=2))

    async def nothing(*_: object) -> None:
        pass

    with monkeypatch.context() as patched:
        patched.setattr(wired_deferred, "settle", nothing)
        found = await carried_out(runtime, run_id)
    assert found.status is JobRunStatus.FAILED
    assert found.failure == "Step “deferred actions”: No progress. Still due after 3 attempts: 1."
    assert await builders.run_job(runtime) != run_id
    assert (await action(runtime, action_id)).status is DeferredStatus.DONE


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ConfigurationError("The plug-in x cannot be loaded."), "The plug-in x cannot be loaded."),
        (
            RuntimeError("secret"),
            "Unexpected error: RuntimeError. The worker's log has its details.",
        ),
    ],
)
async def test_run_that_always_fails_is_failed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, fault: Exception, reason: str
) -> None:
    """Rules 4.7: live between attempts, FAILED after the last one; then a new run can start."""
    [account] = await customers(runtime, 1)
    run_id = await queued(runtime)

    def fail() -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(wired_start, "installed", fail)
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert (await row(runtime, JobRun, run_id)).status is JobRunStatus.QUEUED, attempt
            with pytest.raises(type(fault)):
                await execute_run(runtime, run_id)
        async with nothing_written(runtime):
            await execute_run(runtime, run_id)
    found = await row(runtime, JobRun, run_id)
    assert (found.status, found.failed_attempts) == (JobRunStatus.FAILED, MAX_ATTEMPTS)
    assert found.failure == f"It could not be carried out in 3 attempts. {reason}"
    assert (await carried_out(runtime, await queued(runtime))).status is JobRunStatus.DONE
    assert [bill.billed_on for bill in await bills_of(runtime, account)] == [DECEMBER]


async def test_transient_faults_are_not_counted(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.7: a database that is away for long is no reason to give up a run."""
    run_id = await queued(runtime)

    def fail() -> None:
        raise PoolTimeoutError

    monkeypatch.setattr(wired_start, "installed", fail)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(PoolTimeoutError):
            await execute_run(runtime, run_id)
    found = await row(runtime, JobRun, run_id)
    assert (found.status, found.failed_attempts) == (JobRunStatus.QUEUED, 0)


async def test_worker_gives_up_a_run_that_always_fails(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.4, 6.5: after FAILED neither job starts by itself; a manager starts it."""
    [action_id] = await promised(runtime, NOON + timedelta(hours=1))
    await set_clock(runtime, NOON + timedelta(hours=2))

    def fail() -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(wired_start, "installed", fail)
        for _ in range(3 * MAX_ATTEMPTS):
            await run_due_jobs(runtime)
    ended = [(run.kind, run.status) for run in await rows(runtime, JobRun)]
    assert ended == [
        (kind, JobRunStatus.FAILED) for kind in (JobKind.BILL_DAY, JobKind.DEFERRED_ACTIONS)
    ]
    assert await start_due_jobs(runtime) is False
    assert (await action(runtime, action_id)).status is DeferredStatus.PENDING
    await builders.run_job(runtime, kind=JobKind.BILL_DAY)
    assert (await action(runtime, action_id)).status is DeferredStatus.DONE


async def test_waiting_run_can_be_cancelled(runtime: Runtime) -> None:
    """Rules 4.10: it holds up no other date."""
    run_id = await queued(runtime)
    await set_clock(runtime, NOON)
    await run_due_jobs(runtime)
    assert [(run.business_date, run.status) for run in await rows(runtime, JobRun)] == [
        (DECEMBER, JobRunStatus.QUEUED),
        (NOON.date(), JobRunStatus.DONE),
    ]
    async with runtime.unit(ANA) as unit:
        await cancel(unit, run_id)
    assert (await row(runtime, JobRun, run_id)).status is JobRunStatus.CANCELLED
