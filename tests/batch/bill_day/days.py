"""Doing the bill day of a date as the scheduler would have it done: on that date, with the clock
set.
"""

from datetime import UTC, date, datetime

from tenure.accounts.models import BillUnit
from tenure.batch import execute_run
from tenure.billing.bills.models import Bill, BillItem
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.unit import Runtime
from tests.checks import row, rows
from tests.conftest import ANA, set_clock


async def bill_day(runtime: Runtime, on: date, *, today: date | None = None) -> JobRun:
    """Carry out the bill day of a date, on that date or on a later one. Answers with the run as it
    ended.
    """
    at = today or on
    await set_clock(runtime, datetime(at.year, at.month, at.day, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        run_id = (await start(unit, kind=JobKind.BILL_DAY, business_date=on)).id
    await execute_run(runtime, run_id)
    return await row(runtime, JobRun, run_id)


async def bills_of(runtime: Runtime, account_id: int) -> list[Bill]:
    """The bills of an account, the oldest first."""
    return sorted(
        await rows(runtime, Bill, account_id=account_id), key=lambda bill: bill.period_end
    )


async def items_of(runtime: Runtime, bill: Bill) -> dict[str, str]:
    """What the items of a bill are called, and their totals."""
    return {
        item.name: f"{item.total:.2f}" for item in await rows(runtime, BillItem, bill_id=bill.id)
    }


async def balance_of(runtime: Runtime, account_id: int) -> str:
    """The balances of an account's bill units together."""
    units = await rows(runtime, BillUnit, account_id=account_id)
    return f"{sum(unit.balance for unit in units):.2f}"
