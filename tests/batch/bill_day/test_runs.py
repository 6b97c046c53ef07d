"""Rules 6.5: runs of a bill day: quarantine, restart after a crash, several workers."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tenure.accounts.models import BillUnit
from tenure.batch import bill_day_job as wired
from tenure.batch import execute_run, runs
from tenure.batch.bill_day import actions
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.models import Bill
from tenure.events.models import Event
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, QuarantinedAccount
from tenure.kernel.unit import Runtime, Unit
from tests import builders
from tests.batch.bill_day.days import bill_day, bills_of
from tests.checks import row, rows
from tests.conftest import ANA, set_clock
from tests.job_workers import execute_with_workers
from tests.status.cascades.test_size import Counted

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
THE_DAY = BusinessDate(DECEMBER, "UTC")
# The fees of one chunk, then what passes to payers, then the bills: whatever the number of bill
# units.
OF_FEES, OF_PASSING, OF_BILLS = 12, 9, 5


async def customers(runtime: Runtime, count: int, *, paid: int = 0) -> list[int]:
    """Accounts with a plan of 30.00, billed on the first; the last `paid` of them are paid by the
    first.
    """
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        made = [
            await builders.account(unit, f"Customer {n}", billing_day_of_month=1)
            for n in range(count - paid)
        ]
        made += [await builders.child(unit, made[0], f"Paid {n}") for n in range(paid)]
        for account in made:
            await builders.purchased_offer(unit, account)
    return made


def failing(monkeypatch: pytest.MonkeyPatch, account: int, name: str) -> None:
    """Let a step of the bill day fail wherever this account's bill unit is among those that it is
    for.
    """
    places = {step.name: place for place, step in enumerate(wired.STEPS)}
    step = wired.STEPS[places[name]]

    async def run_in_unit(unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate) -> Any:
        owners = select(BillUnit.account_id).where(BillUnit.id.in_(bill_unit_ids))
        if account in (await unit.session.execute(owners)).scalars().all():
            raise RuntimeError("the price list is gone")
        return await step.run_in_unit(unit, bill_unit_ids, day)

    steps = list(wired.STEPS)
    steps[places[name]] = actions.BillUnitOperation(step.name, step.due, run_in_unit)
    monkeypatch.setattr(wired, "STEPS", tuple(steps))


@pytest.mark.parametrize("step", ["cycle fees", "bills"])
async def test_who_fails_is_set_aside(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """With the reason, in that step alone; the others have their bills, and the next run makes the
    one that is missing.
    """
    first, unlucky, last = await customers(runtime, 3)
    with monkeypatch.context() as broken:
        failing(broken, unlucky, step)
        run = await bill_day(runtime, DECEMBER)
    assert (run.status, run.failed) == (JobRunStatus.DONE_WITH_FAILURES, 1)
    [quarantined] = await rows(runtime, QuarantinedAccount)
    assert (quarantined.account_id, quarantined.step, quarantined.job_run_id) == (
        unlucky,
        step,
        run.id,
    )
    assert quarantined.reason == "Unexpected error (RuntimeError)."
    for account in (first, last):
        [bill] = await bills_of(runtime, account)
        assert bill.total_due == 51
    assert [bill.billed_on for bill in await bills_of(runtime, unlucky)] == [None]
    again = await bill_day(runtime, DECEMBER)
    assert (again.status, again.failed) == (JobRunStatus.DONE, 0)
    [bill] = await bills_of(runtime, unlucky)
    assert (bill.total_due, bill.billed_on) == (51, DECEMBER)


async def test_whoever_was_set_aside_is_made_up_by_the_next_date(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month later both bills are made, in their order."""
    [unlucky] = await customers(runtime, 1)
    with monkeypatch.context() as broken:
        failing(broken, unlucky, "bills")
        await bill_day(runtime, DECEMBER)
    await bill_day(runtime, JANUARY)
    bills = await bills_of(runtime, unlucky)
    assert [(bill.period_end, bill.previous_balance, bill.total_due) for bill in bills] == [
        (DECEMBER, 0, 51),
        (JANUARY, 51, 81),
    ]


async def test_a_payer_is_billed_without_who_was_set_aside(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the child could not be charged is on its payer's next bill; every sum is right in
    between.
    """
    payer, child = await customers(runtime, 2, paid=1)
    with monkeypatch.context() as broken:
        failing(broken, child, "cycle fees")
        await bill_day(runtime, DECEMBER)
    [bill] = await bills_of(runtime, payer)
    assert (bill.subordinate_charges, bill.previous_balance, bill.total_due) == (21, 0, 72)
    await bill_day(runtime, JANUARY)
    _, second = await bills_of(runtime, payer)
    assert (second.subordinate_charges, second.previous_balance, second.total_due) == (60, 72, 162)
    balances = {unit.account_id: unit.balance for unit in await rows(runtime, BillUnit)}
    assert balances == {payer: 162, child: 0}


async def test_cancelled_between_chunks(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed stays, nothing more is done, and the next run does the rest."""
    await customers(runtime, 3)
    monkeypatch.setattr(wired, "CHUNK", 1)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        run_id = (await start(unit, kind=JobKind.BILL_DAY)).id

    async def charge_one_and_cancel(
        unit: Unit, bill_unit_ids: Collection[int], day: BusinessDate
    ) -> None:
        await actions.charge(unit, bill_unit_ids, day)
        run = await unit.session.get_one(JobRun, run_id)
        run.status = JobRunStatus.CANCELLED
        await unit.session.flush()

    steps = tuple(
        actions.BillUnitOperation(step.name, step.due, charge_one_and_cancel)
        if step.name == "cycle fees"
        else step
        for step in wired.STEPS
    )
    with monkeypatch.context() as cancelling:
        cancelling.setattr(wired, "STEPS", steps)
        await execute_run(runtime, run_id)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done) == (JobRunStatus.CANCELLED, 1)
    assert await made(runtime) == 0
    assert (await bill_day(runtime, DECEMBER)).status is JobRunStatus.DONE
    assert await made(runtime) == 3


async def made(runtime: Runtime) -> int:
    """How many bills were made."""
    async with runtime.database.reading() as session:
        statement = select(func.count()).select_from(Bill).where(Bill.billed_on.is_not(None))
        return int((await session.execute(statement)).scalar_one())


async def test_many_workers(
    runtime: Runtime, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three workers for one run, chunks of two: each bill once, each fee once."""
    accounts = await customers(runtime, 12, paid=4)
    monkeypatch.setattr(wired, "CHUNK", 2)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        run_id = (await start(unit, kind=JobKind.BILL_DAY)).id
    await execute_with_workers(database_url, run_id, 3)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done, run.failed) == (JobRunStatus.DONE, 24, 0)
    assert await made(runtime) == 8
    fees = [event.amount or 0 for event in await rows(runtime, Event) if event.item_id is not None]
    charges = [
        bill.current_charges + bill.subordinate_charges for bill in await rows(runtime, Bill)
    ]
    assert sum(fees) == sum(charges) == 51 * len(accounts)


@pytest.mark.parametrize("count", [4, 24])
async def test_as_many_statements_however_many_bill_units(runtime: Runtime, count: int) -> None:
    """Whatever the size of a chunk."""
    await customers(runtime, count, paid=count // 2)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    units = await rows(runtime, BillUnit)
    every = [unit.id for unit in units]
    nonpaying = [unit.id for unit in units if unit.paying_parent_id is not None]
    paying = [unit.id for unit in units if unit.paying_parent_id is None]
    counts: list[int] = []
    for run_in_unit, ids in (
        (actions.charge, every),
        (actions.transfer, nonpaying),
        (actions.make_bills, paying),
    ):
        async with runtime.unit(ANA) as unit:
            with Counted(runtime.database) as counted:
                await run_in_unit(unit, ids, THE_DAY)
        counts.append(len(counted.statements))
    assert counts == [OF_FEES, OF_PASSING, OF_BILLS]
    assert await made(runtime) == len(paying)
