"""The bill days of a calendar: what is to be billed, what was billed, and the runs."""

from datetime import date, timedelta

import pytest

from tenure.accounts.models import BillUnit
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests import bill_rows, builders
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller

DAYS = """query($from: Date!, $to: Date!) { billDays(from: $from, to: $to) {
  date billUnits bills jobRun { status }
} }"""
TODAY = NOON.date()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def ask(runtime: Runtime) -> Caller:
    """Executes operations as a viewer."""
    return Caller(runtime, Actor("vic", Role.VIEWER))


async def test_bill_days(ask: Caller, runtime: Runtime) -> None:
    """Rules 6.5: cycles that end, bills that were made, and the newest run of each date."""
    next_month = TODAY + timedelta(days=40)
    async with runtime.unit(ANA) as unit:
        for place, next_bill_on in enumerate((TOMORROW, TOMORROW, next_month)):
            account = await builders.account(unit, f"Account {place}")
            unit_id = await builders.default_bill_unit_id(unit, account)
            bill_unit = await unit.session.get_one(BillUnit, unit_id)
            bill_unit.next_bill_on = next_bill_on
            if place < 2:
                await bill_rows.bill(unit, unit_id, YESTERDAY)
                await bill_rows.bill(unit, unit_id, TODAY + timedelta(days=place), made=False)
        for kind, day, status in (
            (JobKind.BILL_DAY, YESTERDAY, JobRunStatus.FAILED),
            (JobKind.BILL_DAY, YESTERDAY, JobRunStatus.DONE),
            (JobKind.BILL_DAY, TODAY, JobRunStatus.CANCELLED),
            (JobKind.DEFERRED_ACTIONS, TODAY - timedelta(days=2), JobRunStatus.DONE),
        ):
            run = JobRun(
                kind=kind,
                status=status,
                business_date=day,
                requested_by="scheduler",
                created_at=NOON,
            )
            unit.session.add(run)
            await unit.session.flush()
    expected = [
        {"date": f"{YESTERDAY}", "billUnits": 0, "bills": 2, "jobRun": {"status": "DONE"}},
        {"date": f"{TODAY}", "billUnits": 0, "bills": 0, "jobRun": {"status": "CANCELLED"}},
        {"date": f"{TOMORROW}", "billUnits": 2, "bills": 0, "jobRun": None},
        {"date": f"{next_month}", "billUnits": 1, "bills": 0, "jobRun": None},
    ]
    for first, end, days in (
        (TODAY - timedelta(days=5), next_month + timedelta(days=1), expected),
        (TODAY, next_month, expected[1:3]),
        (TODAY, TODAY, []),
    ):
        assert (await ask(DAYS, **between(first, end)))["billDays"] == days


def between(first: date, end: date) -> dict[str, str]:
    """The variables of the days from `first` until before `end`."""
    return {"from": first.isoformat(), "to": end.isoformat()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_at_most_two_months(ask: Caller) -> None:
    assert (await ask(DAYS, **between(TODAY, TODAY + timedelta(days=62))))["billDays"] == []
    code = await ask.code(DAYS, **between(TODAY, TODAY + timedelta(days=63)))
    assert code == "OUT_OF_RANGE"
