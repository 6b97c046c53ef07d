"""What needs somebody today, and the figures of twelve months."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.disputes.models import DisputeStatus
from tenure.graphql.reads import kept_figures
from tenure.holds.models import Status
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, QuarantinedAccount
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime, Unit
from tenure.overview.actions import store_figures
from tenure.overview.models import DailyRevenue, MonthlyAccounts
from tenure.payments.models import Payment, PaymentStatus
from tenure.status.changes.actions import change_account
from tenure.status.changes.rules import StatusRequest
from tenure.worker.figures import daily_figures
from tests import bill_rows, builders
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller

WORK = """{ home { failedActions quarantinedAccounts dueToday dueThisWeek failedPaymentsFrom
  overdue { accounts oldestDueOn bills { count sums { amount currency } } }
  openDisputes { count sums { amount currency } }
  failedPayments { count sums { amount currency } }
  lastBillDay { status businessDate }
} }"""
FIGURES = """{ home { figures { computedAt
  accounts { month counts { status count } }
  revenue { month billed { amount currency } collected { amount } }
} } }"""
TODAY = NOON.date()


@pytest.fixture
def ask(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Executes operations as an agent; no figures are kept."""
    monkeypatch.setattr(kept_figures, "KEPT_SECONDS", 0)
    return Caller(runtime, Actor("abe@example.com", Role.AGENT))


def usd(amount: str) -> list[dict[str, str]]:
    """The sums of one currency."""
    return [{"amount": amount, "currency": "USD"}]


async def test_nothing_to_do(ask: Caller) -> None:
    nothing: dict[str, Any] = {"count": 0, "sums": []}
    assert await ask(WORK) == {
        "home": {
            "failedActions": 0,
            "quarantinedAccounts": 0,
            "dueToday": 0,
            "dueThisWeek": 0,
            "failedPaymentsFrom": "2026-10-11",
            "overdue": {"accounts": 0, "oldestDueOn": None, "bills": nothing},
            "openDisputes": nothing,
            "failedPayments": nothing,
            "lastBillDay": None,
        }
    }


async def test_home_requires_an_agent(ask: Caller) -> None:
    """Rules 10."""
    assert await ask.acting_as(Actor("vic", Role.VIEWER)).code(WORK) == "FORBIDDEN"


async def test_what_needs_somebody(ask: Caller, runtime: Runtime) -> None:
    """Each number counts what the list counts to which the page links it."""
    async with runtime.unit(ANA) as unit:
        one, two = [await builders.account(unit, name) for name in ("One", "Two")]
        units = [await builders.default_bill_unit_id(unit, it) for it in (one, two)]
        await _overdue_bills(unit, units)
        await _payments(unit, one, units[0])
        for hours in (-1, 13, 6 * 24, 8 * 24):
            await builders.set_account(
                unit, two, Status.INACTIVE, defer_until=NOON + timedelta(days=9)
            )
            newest = select(DeferredAction).order_by(DeferredAction.id.desc()).limit(1)
            action = (await unit.session.execute(newest)).scalar_one()
            action.scheduled_for = NOON + timedelta(hours=hours)
        action.status = DeferredStatus.FAILED
        for day, failed in ((TODAY - timedelta(days=1), [one, two]), (TODAY, [two])):
            await _bill_day(unit, day, failed)
    found = (await ask(WORK))["home"]
    assert found == {
        "failedActions": 1,
        "quarantinedAccounts": 1,
        "dueToday": 1,
        "dueThisWeek": 3,
        "failedPaymentsFrom": "2026-10-11",
        "overdue": {
            "accounts": 1,
            "oldestDueOn": "2026-11-08",
            "bills": {"count": 2, "sums": usd("55")},
        },
        "openDisputes": {"count": 1, "sums": usd("5")},
        "failedPayments": {"count": 1, "sums": usd("7")},
        "lastBillDay": {"status": "DONE_WITH_FAILURES", "businessDate": "2026-11-10"},
    }
    lists = """{ accounts(filter: {hasOverdue: true}) { totalCount }
      bills(filter: {isOverdue: true}) { totalCount }
      disputes(filter: {status: OPEN}) { totalCount }
      payments(filter: {status: FAILED, from: "2026-10-11"}) { totalCount }
      deferredActions(filter: {status: FAILED}) { totalCount } }"""
    counts = [it["totalCount"] for it in (await ask(lists)).values()]
    assert counts == [1, 2, 1, 1, 1]


async def test_figures_of_months(ask: Caller, runtime: Runtime) -> None:
    """Past months are stored once a day; the sums are the same before and after."""
    for moment in (datetime(2025, 12, 5, tzinfo=NOON.tzinfo), NOON - timedelta(days=60)):
        await set_clock(runtime, moment)
        async with runtime.unit(ANA) as unit:
            account_id = await builders.account(unit)
            bill_unit = await builders.default_bill_unit_id(unit, account_id)
    await set_clock(runtime, NOON)
    october = date(2026, 10, 31)
    async with runtime.unit(ANA) as unit:
        request = StatusRequest(Status.INACTIVE, backdate_to=TODAY - timedelta(days=20))
        await change_account(unit, account_id, request)
        for day in (october, TODAY):
            charges = {"current_charges": Decimal(20), "subordinate_charges": Decimal("1.5")}
            await bill_rows.bill(unit, bill_unit, day, **charges, previous_balance=Decimal(9))
            unit.session.add(_payment(account_id, bill_unit, "3", day))
        await bill_rows.bill(unit, bill_unit, made=False, current_charges=Decimal(99))
        unit.session.add(_payment(account_id, bill_unit, "4", october, PaymentStatus.FAILED))
    before = (await ask(FIGURES))["home"]["figures"]
    assert [it["month"] for it in before["accounts"]] == ["2026-11-01"]
    await runtime.run_in_unit(ANA, store_figures)
    await runtime.run_in_unit(ANA, store_figures)
    found = (await ask(FIGURES))["home"]["figures"]
    assert found["computedAt"] == "2026-11-10T12:00:00Z"
    assert (
        found["revenue"]
        == before["revenue"]
        == [
            {
                "month": month,
                "billed": {"amount": "21.5", "currency": "USD"},
                "collected": {"amount": "3"},
            }
            for month in ("2026-10-01", "2026-11-01")
        ]
    )
    counts = {it["month"]: [its["count"] for its in it["counts"]] for it in found["accounts"]}
    assert counts == {
        **{f"{month:%Y-%m-01}": [1, 0, 0] for month in _months(date(2025, 12, 1), 9)},
        "2026-09-01": [2, 0, 0],
        "2026-10-01": [1, 1, 0],
        "2026-11-01": [1, 1, 0],
    }


async def test_a_missed_bill_day_is_added_later(runtime: Runtime) -> None:
    """Sums of the previous month are replaced each day, those of earlier months are kept."""
    async with runtime.unit(ANA) as unit:
        account_id = await builders.account(unit)
        bill_unit = await builders.default_bill_unit_id(unit, account_id)
        for day in (date(2026, 10, 1), date(2026, 9, 30)):
            unit.session.add(_payment(account_id, bill_unit, "3", day))
    await runtime.run_in_unit(ANA, store_figures)
    async with runtime.unit(ANA) as unit:
        await unit.session.execute(update(Payment).values(amount=Decimal(5_000_000)))
    store = daily_figures(runtime, ANA)
    await store()
    async with runtime.unit(ANA) as unit:
        await unit.session.execute(update(MonthlyAccounts).values(count=7))
    await store()
    async with runtime.database.reading() as session:
        columns = (DailyRevenue.day, DailyRevenue.collected_millions, DailyRevenue.collected)
        rows = (await session.execute(select(*columns).order_by(DailyRevenue.day))).all()
        assert set(await session.scalars(select(MonthlyAccounts.count))) == {7}
    assert [tuple(row) for row in rows] == [
        (date(2026, 9, 30), 0, Decimal(3)),
        (date(2026, 10, 1), 5, Decimal(0)),
    ]


async def test_figures_are_kept_for_a_minute(
    ask: Caller, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer tells when they were read; a clock that was set back makes them void."""
    monkeypatch.setattr(kept_figures, "KEPT_SECONDS", 60)
    first = await ask(FIGURES)
    await set_clock(runtime, NOON + timedelta(seconds=50))
    async with runtime.unit(ANA) as unit:
        await builders.account(unit)
    assert await ask(FIGURES) == first
    await set_clock(runtime, NOON - timedelta(seconds=1))
    [point] = (await ask(FIGURES))["home"]["figures"]["accounts"]
    assert [it["count"] for it in point["counts"]] == [1, 0, 0]


async def _overdue_bills(unit: Unit, bill_units: list[int]) -> None:
    first, second = bill_units
    charged = {"current_charges": Decimal(30)}
    early, late = date(2026, 10, 9), date(2026, 10, 10)
    disputed = await bill_rows.bill(unit, first, early, **charged, held=Decimal(5))
    await bill_rows.bill(unit, first, late, **charged)
    await bill_rows.bill(unit, second, date(2026, 11, 10), **charged)
    await bill_rows.dispute(unit, disputed)
    await bill_rows.dispute(unit, disputed, status=DisputeStatus.DENIED)


async def _payments(unit: Unit, account_id: int, bill_unit: int) -> None:
    for amount, days in (("7", 30), ("8", 31)):
        day = TODAY - timedelta(days=days)
        unit.session.add(_payment(account_id, bill_unit, amount, day, PaymentStatus.FAILED))
    unit.session.add(_payment(account_id, bill_unit, "9", TODAY))
    await unit.session.flush()


def _payment(
    account_id: int,
    bill_unit: int,
    amount: str,
    day: date,
    status: PaymentStatus = PaymentStatus.SUCCEEDED,
) -> Payment:
    return Payment(
        key=f"{account_id} {amount} {day}",
        account_id=account_id,
        bill_unit_id=bill_unit,
        amount=Decimal(amount),
        currency="USD",
        status=status,
        business_date=day,
        created_at=NOON,
    )


async def _bill_day(
    unit: Unit,
    day: date,
    failed: list[int],
    status: JobRunStatus = JobRunStatus.DONE_WITH_FAILURES,
) -> None:
    run = JobRun(
        kind=JobKind.BILL_DAY,
        status=status,
        business_date=day,
        requested_by="scheduler",
        created_at=NOON,
    )
    unit.session.add(run)
    await unit.session.flush()
    for account_id in failed:
        quarantined = QuarantinedAccount(
            job_run_id=run.id, account_id=account_id, step="bills", reason="Fault", at=NOON
        )
        unit.session.add(quarantined)


async def test_quarantined_until_it_is_retried(ask: Caller, runtime: Runtime) -> None:
    """Rules 6.5. Runs of earlier dates, cancelled and running ones do not retry all accounts."""
    async with runtime.unit(ANA) as unit:
        one, two = [await builders.account(unit, name) for name in ("One", "Two")]
        await _bill_day(unit, TODAY, [one, two])
    assert await _awaiting(ask) == (["Two", "One"], 2)
    early = TODAY - timedelta(days=1)
    for status in JobRunStatus:
        async with runtime.unit(ANA) as unit:
            await _bill_day(unit, early if "DONE" in status else TODAY, [one], status)
        assert await _awaiting(ask) == (["One", "Two"], 2)
        if status in (JobRunStatus.QUEUED, JobRunStatus.RUNNING):
            async with runtime.unit(ANA) as unit:
                ended = update(JobRun).values(status=JobRunStatus.CANCELLED)
                await unit.session.execute(ended.where(JobRun.status == status))
    async with runtime.unit(ANA) as unit:
        await _bill_day(unit, TODAY, [two])
    assert await _awaiting(ask) == (["Two"], 1)
    async with runtime.unit(ANA) as unit:
        await _bill_day(unit, TODAY + timedelta(days=1), [], JobRunStatus.DONE)
    assert await _awaiting(ask) == ([], 0)


async def _awaiting(ask: Caller) -> tuple[list[str], int]:
    """The names of the accounts that are to be retried, by each field that tells it."""
    found = await ask("""{
      home { quarantinedAccounts }
      quarantinedAccounts { totalCount nodes { account { name } } }
      accounts(sort: NAME_ASC) { nodes { name quarantined { reason } } }
      jobRuns { nodes { quarantined { nodes { awaitsRetry account { name } } } } }
    }""")
    names = [it["account"]["name"] for it in found["quarantinedAccounts"]["nodes"]]
    of_accounts = [it["name"] for it in found["accounts"]["nodes"] if it["quarantined"]]
    of_runs = [
        it["account"]["name"]
        for run in found["jobRuns"]["nodes"]
        for it in run["quarantined"]["nodes"]
        if it["awaitsRetry"]
    ]
    assert of_accounts == sorted(names)
    assert sorted(of_runs) == sorted(names)
    assert found["home"]["quarantinedAccounts"] == len(names)
    return names, found["quarantinedAccounts"]["totalCount"]


def _months(first: date, count: int) -> list[date]:
    return [
        date(first.year + (first.month - 1 + it) // 12, (first.month - 1 + it) % 12 + 1, 1)
        for it in range(count)
    ]
