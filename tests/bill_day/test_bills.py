"""Rules 6.5 to 6.8: what a bill day makes of a customer's fees, and of those of whom they pay for."""

from datetime import date
from decimal import Decimal

from tenure.billing.models import BillStatus
from tenure.events.models import EventKind
from tenure.jobs.models import JobRunStatus
from tenure.kernel.unit import Workplace
from tests import builders
from tests.bill_day.days import balance_of, bill_day, bills_of
from tests.checks import default_of, events
from tests.conftest import ANA

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


async def family(workplace: Workplace) -> tuple[int, int]:
    """A payer and a child that it pays for, billed on the first, each with a plan of 30.00 bought on 10 November."""
    async with workplace.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        payer = await builders.account(unit, "Payer", billing_day_of_month=1)
        child = await builders.child(unit, payer)
        for account in (payer, child):
            await builders.bought(unit, account)
    return payer, child


async def test_a_month_of_a_family(workplace: Workplace) -> None:
    """Rules 6.2, 6.6 and 6.7: 21 of 30 days of November and all of December, of both, on the payer's bill."""
    payer, child = await family(workplace)
    run = await bill_day(workplace, DECEMBER)
    assert (run.status, run.failed, run.done) == (JobRunStatus.DONE, 0, 4)
    [bill] = await bills_of(workplace, payer)
    assert (bill.period_start, bill.period_end, bill.billed_on) == (date(2026, 11, 1), DECEMBER, DECEMBER)
    assert (bill.due_on, bill.status) == (date(2026, 12, 31), BillStatus.OPEN)
    assert (bill.current_charges, bill.subordinate_charges) == (Decimal(51), Decimal(51))
    assert (bill.previous_balance, bill.total_due, bill.open_amount) == (0, Decimal(102), Decimal(102))
    assert await bills_of(workplace, child) == []
    assert (await balance_of(workplace, payer), await balance_of(workplace, child)) == ("102.00", "0.00")
    assert (
        (await default_of(workplace, child)).next_bill_on
        == (await default_of(workplace, payer)).next_bill_on
        == JANUARY
    )
    taken, given = await events(workplace, EventKind.TRANSFER)
    assert (taken.account_id, taken.amount, given.account_id, given.amount) == (child, -51, payer, 51)
    assert given.followed_id == taken.id


async def test_twice_for_one_date(workplace: Workplace) -> None:
    """Rules 6.5: the second run changes nothing but that it ran."""
    payer, _ = await family(workplace)
    await bill_day(workplace, DECEMBER)
    before = [vars(bill) for bill in await bills_of(workplace, payer)]
    run = await bill_day(workplace, DECEMBER)
    assert (run.status, run.done, run.failed) == (JobRunStatus.DONE, 0, 0)
    assert len(await bills_of(workplace, payer)) == len(before) == 1
    assert await balance_of(workplace, payer) == "102.00"


async def test_missed_months_are_made_up_in_order(workplace: Workplace) -> None:
    """Rules 6.5: each cycle has its bill, and each carries over the one before it."""
    payer, child = await family(workplace)
    await bill_day(workplace, FEBRUARY, today=date(2027, 2, 3))
    bills = await bills_of(workplace, payer)
    assert [(bill.period_end, bill.total_due) for bill in bills] == [(DECEMBER, 102), (JANUARY, 162), (FEBRUARY, 222)]
    assert [bill.open_amount for bill in bills] == [102, 60, 60]
    assert (await balance_of(workplace, payer), await balance_of(workplace, child)) == ("222.00", "0.00")
