"""The real set, and the bill day of 1 December: to the cent, again, and with the process killed in
each of its steps.
"""

import asyncio
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Allocation, Bill, BillItem
from tenure.events.models import Event
from tenure.holds.models import Status
from tenure.importing.run import import_file
from tenure.jobs.models import JobRun, JobStep, JobTotal
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.payments.models import Payment
from tenure.settings.queries import BusinessReader
from tests import builders, programs
from tests.batch.bill_day import dying
from tests.conftest import ANA, NOON, set_clock
from tests.databases import execute_on_server
from tests.repetitions import repetitions
from tests.services import POSTGRES, POSTGRES_URL
from tests.shared import shared
from tests.worker.processes import Installation, installation

pytestmark = [pytest.mark.timeout(900)]

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
FEES = Decimal("316985.75")
Copy = Callable[[], str]
Figures = dict[str, list[tuple[Any, ...]]]

# Accounts that are billed where the process dies, enough for a second chunk in each step.
BILLED = repetitions("TENURE_TEST_BILLED", 4_500, 7_043)
# Where the process dies, one time after the other. The last has nothing to do on this day.
PLACES = [
    ("deferred actions", "1"),
    ("cycle fees", "2"),
    ("nonpaying bill units", "1"),
    ("bills", "2"),
    ("payments", "asked"),
    ("payments", "2"),
    ("overdue accounts", "begin"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def copy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Copy]:
    """Makes a database with the real set in it, imported in November; the clock stands at 01:00 of
    1 December.
    """
    folder = tmp_path_factory.mktemp("telco")
    file = folder / "telco.jsonl"
    with file.open("w") as output:
        script, data = shared("contract/telco.py"), shared("data/telco-customer-churn.csv")
        subprocess.run([sys.executable, script, data], stdout=output, check=True)
    if request.param == "sqlite":
        path = folder / "telco.db"
        asyncio.run(put_in(f"sqlite:///{path}", file))
        yield lambda: f"sqlite:///{shutil.copy(path, folder / f'{uuid.uuid4().hex}.db')}"
        return
    POSTGRES.need()
    template = f"tenure_telco_{uuid.uuid4().hex[:12]}"
    made = [template]

    def copied() -> str:
        made.append(f"{template}_{len(made)}")
        execute_on_server(f"CREATE DATABASE {made[-1]} TEMPLATE {template}")
        return f"{POSTGRES_URL}/{made[-1]}?ssl=disable"

    try:
        execute_on_server(f"CREATE DATABASE {template}")
        asyncio.run(put_in(f"{POSTGRES_URL}/{template}?ssl=disable", file))
        yield copied
    finally:
        for name in made:
            execute_on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.thorough
def test_to_the_cent_and_twice(copy: Copy, tmp_path: Path) -> None:
    """5,174 bills with charges, in total 316,985.75; the second run changes nothing."""
    url = copy()
    with bill_days(tmp_path, url) as tenure:
        assert "failed" in done(tenure)
        first = asyncio.run(figures(url))
        [(bills, charges, _)] = first["bills made"]
        assert (bills, charges) == (5174, FEES)
        [(paid, opened)] = first["paid and open"]
        assert paid == FEES - opened
        done(tenure)
        assert asyncio.run(figures(url)) == first


@pytest.mark.thorough
def test_killed_in_each_step(copy: Copy, tmp_path: Path) -> None:
    """Rules 4.6 and 6.5: whoever comes next takes it up, and in the end it is as if nothing had
    been.
    """
    undisturbed, killed = copy(), copy()
    for url in (undisturbed, killed):
        asyncio.run(create_families_and_deferred_actions(url))
    with bill_days(tmp_path, undisturbed) as tenure:
        done(tenure)
    with bill_days(tmp_path, killed) as tenure:
        for step, place in PLACES:
            code = dying.exit_code(killed, DECEMBER, step, place)
            assert (step, place, code) == (step, place, -signal.SIGKILL)
            # The step that has just begun is not written down yet.
            assert asyncio.run(step_of(killed)) == ("payments" if place == "begin" else step)
        done(tenure)
    expected = asyncio.run(figures(undisturbed))
    assert expected["bills made"][0][1] + expected["bills made"][0][2] < FEES
    assert asyncio.run(figures(killed)) == expected


def bill_days(folder: Path, url: str) -> Any:
    """An installation on this database."""
    return installation(folder, database_url=url, clock="settable", secret_key="k" * 32)


def done(tenure: Installation) -> str:
    """What `tenure job bill-day` says in the end."""
    ended = programs.run(
        *("job", "bill-day", "--date", DECEMBER.isoformat()),
        environment=tenure.environment(),
        folder=tenure.folder,
        timeout=600,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


async def put_in(url: str, file: Path) -> None:
    """Import the file on 10 November; then it is December."""
    database = Database(url)
    await database.migrate()
    runtime = Runtime(database, BusinessReader(clock_settable=True))
    await set_clock(runtime, NOON)
    tally = await import_file(runtime, file)
    assert (tally.taken, tally.rejected) == (7043, 0)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    await database.close()


async def create_families_and_deferred_actions(url: str) -> None:
    """One in ten active customers is paid by the one before; some others are to be inactive from 20
    November on. Those after BILLED are billed a month later.
    """
    runtime = Runtime(Database(url), BusinessReader(clock_settable=True))
    await set_clock(runtime, NOON)
    async with runtime.unit(ANA) as unit:
        active = select(Account.id).where(Account.status == Status.ACTIVE).order_by(Account.id)
        ids = (await unit.session.execute(active)).scalars().all()
        for payer, paid in zip(ids[8::10], ids[9::10], strict=False):
            payers_unit = select(BillUnit.id).where(BillUnit.account_id == payer).scalar_subquery()
            paying = (
                update(BillUnit)
                .where(BillUnit.account_id == paid)
                .values(paying_parent_id=payers_unit)
            )
            await unit.session.execute(paying, execution_options={"synchronize_session": False})
        others = update(BillUnit).where(BillUnit.account_id > BILLED).values(next_bill_on=JANUARY)
        await unit.session.execute(others, execution_options={"synchronize_session": False})
        for account in ids[5:300:10]:
            await builders.set_account(
                unit, account, Status.INACTIVE, defer_until=NOON + timedelta(days=10)
            )
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    await runtime.database.close()


async def step_of(url: str) -> str | None:
    """The step at which the run is."""
    database = Database(url)
    async with database.reading() as session:
        step = (
            await session.execute(select(JobRun.step).order_by(JobRun.id.desc()).limit(1))
        ).scalar_one()
    await database.close()
    return step


async def figures(url: str) -> Figures:
    """All that a bill day leaves behind, but for ids and times."""
    database = Database(url)
    made = Bill.billed_on.is_not(None)
    of_events = (Event.kind, Event.occurred_at, Event.period_start, Event.period_end)
    of_payments = (Payment.status, Payment.result, Payment.business_date)
    of_totals = (JobTotal.kind, JobTotal.currency)
    statements = {
        "bills made": select(
            func.count(), func.sum(Bill.current_charges), func.sum(Bill.subordinate_charges)
        ).where(made),
        "bills not made": select(func.count()).where(~made),
        "paid and open": select(-func.sum(Bill.paid), func.sum(Bill.open_amount)),
        "bills": select(
            Bill.number, Bill.total_due, Bill.status, Bill.paid, Bill.payments
        ).order_by(Bill.number),
        "items": select(
            BillItem.name, func.count(), func.sum(BillItem.total), func.sum(BillItem.transferred)
        )
        .group_by(BillItem.name)
        .order_by(BillItem.name),
        "events": select(*of_events, func.count(), func.sum(Event.amount))
        .group_by(*of_events)
        .order_by(*of_events),
        "payments": select(*of_payments, func.count(), func.sum(Payment.amount))
        .group_by(*of_payments)
        .order_by(*of_payments),
        "allocations": select(func.count(), func.sum(Allocation.amount)),
        "balances": select(Account.number, BillUnit.balance, BillUnit.next_bill_on)
        .join(BillUnit, BillUnit.account_id == Account.id)
        .order_by(Account.number),
        "steps": select(JobStep.name, func.sum(JobStep.done), func.sum(JobStep.failed))
        .group_by(JobStep.name)
        .order_by(JobStep.name),
        "totals": select(*of_totals, func.sum(JobTotal.count), func.sum(JobTotal.amount))
        .group_by(*of_totals)
        .order_by(*of_totals),
    }
    async with database.reading() as session:
        found = {name: await rows_of(session, statement) for name, statement in statements.items()}
    await database.close()
    return found


async def rows_of(session: AsyncSession, statement: Any) -> list[tuple[Any, ...]]:
    """As plain values."""
    return [tuple(row) for row in await session.execute(statement)]
