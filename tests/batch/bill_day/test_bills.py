"""Rules 6.5 to 6.8: the bills of a bill day, of customers and of those that they pay for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tenure.billing.bills.actions import post
from tenure.billing.bills.models import BillItem, BillStatus
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.jobs.models import JobRunStatus
from tenure.kernel.unit import Runtime
from tests import builders
from tests.batch.bill_day.days import balance_of, bill_day, bills_of, items_of
from tests.billing.bills.test_posting import charge, customer
from tests.checks import default_bill_unit, events, rows
from tests.conftest import ANA

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


async def family(runtime: Runtime) -> tuple[int, int]:
    """A payer and a child that it pays for, billed on the first, each with a plan of 30.00 bought
    on 10 November.
    """
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        payer = await builders.account(unit, "Payer", billing_day_of_month=1)
        child = await builders.child(unit, payer)
        for account in (payer, child):
            await builders.purchased_offer(unit, account)
    return payer, child


async def test_a_month_of_a_family(runtime: Runtime) -> None:
    """Rules 6.2, 6.6 and 6.7: 21 of 30 days of November and all of December, of both, on the
    payer's bill.
    """
    payer, child = await family(runtime)
    run = await bill_day(runtime, DECEMBER)
    assert (run.status, run.failed, run.done) == (JobRunStatus.DONE, 0, 4)
    [bill] = await bills_of(runtime, payer)
    assert (bill.period_start, bill.period_end, bill.billed_on) == (
        date(2026, 11, 1),
        DECEMBER,
        DECEMBER,
    )
    assert (bill.due_on, bill.status) == (date(2026, 12, 31), BillStatus.OPEN)
    assert (bill.current_charges, bill.subordinate_charges) == (Decimal(51), Decimal(51))
    assert (bill.previous_balance, bill.total_due, bill.open_amount) == (
        0,
        Decimal(102),
        Decimal(102),
    )
    assert await bills_of(runtime, child) == []
    assert (await balance_of(runtime, payer), await balance_of(runtime, child)) == (
        "102.00",
        "0.00",
    )
    assert (
        (await default_bill_unit(runtime, child)).next_bill_on
        == (await default_bill_unit(runtime, payer)).next_bill_on
        == JANUARY
    )
    taken, given = await events(runtime, EventKind.TRANSFER)
    assert (taken.account_id, taken.amount, given.account_id, given.amount) == (
        child,
        -51,
        payer,
        51,
    )
    assert given.followed_id == taken.id
    assert taken.details == given.details == {"bill": bill.number}


async def test_twice_for_one_date(runtime: Runtime) -> None:
    """Rules 6.5: the second run changes nothing but that it ran."""
    payer, _ = await family(runtime)
    await bill_day(runtime, DECEMBER)
    before = [vars(bill) for bill in await bills_of(runtime, payer)]
    run = await bill_day(runtime, DECEMBER)
    assert (run.status, run.done, run.failed) == (JobRunStatus.DONE, 0, 0)
    assert len(await bills_of(runtime, payer)) == len(before) == 1
    assert await balance_of(runtime, payer) == "102.00"


async def test_missed_months_are_made_up_in_order(runtime: Runtime) -> None:
    """Rules 6.5: each cycle has its bill, and each carries over the one before it."""
    payer, child = await family(runtime)
    await bill_day(runtime, FEBRUARY, today=date(2027, 2, 3))
    bills = await bills_of(runtime, payer)
    assert [(bill.period_end, bill.total_due) for bill in bills] == [
        (DECEMBER, 102),
        (JANUARY, 162),
        (FEBRUARY, 222),
    ]
    assert [bill.open_amount for bill in bills] == [102, 60, 60]
    assert (await balance_of(runtime, payer), await balance_of(runtime, child)) == (
        "222.00",
        "0.00",
    )


async def test_nothing_on_it_and_nothing_carried_over(runtime: Runtime) -> None:
    """Rules 6.6: such a bill is not made, and the cycle goes on."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, billing_day_of_month=1)
    run = await bill_day(runtime, DECEMBER)
    assert (run.done, run.failed) == (2, 0)
    assert await bills_of(runtime, account) == []
    assert (await default_bill_unit(runtime, account)).next_bill_on == JANUARY


async def test_a_debt_is_carried_over_where_nothing_is_charged(runtime: Runtime) -> None:
    """Rules 6.6: the balance is on a bill of its own right, which has nothing open by itself."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit)
        await post(unit, [charge(account, bill_unit, "30")])
    await bill_day(runtime, DECEMBER)
    await bill_day(runtime, JANUARY)
    first, second = await bills_of(runtime, account)
    assert (first.open_amount, second.previous_balance, second.total_due, second.open_amount) == (
        30,
        30,
        30,
        0,
    )
    assert (second.status, second.period_start) == (BillStatus.PAID, DECEMBER)


async def test_a_closed_account_gets_a_final_bill(runtime: Runtime) -> None:
    """Rules 6.8: where something is left to bill, then none, whatever is still owed."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit)
        await post(unit, [charge(account, bill_unit, "30")])
        await builders.set_account(unit, account, Status.CLOSED)
    for month in (DECEMBER, JANUARY, FEBRUARY):
        await bill_day(runtime, month)
    [final] = await bills_of(runtime, account)
    assert (final.total_due, final.period_end, final.status) == (30, DECEMBER, BillStatus.OPEN)
    assert await balance_of(runtime, account) == "30.00"


async def test_the_last_day_of_a_shorter_month(runtime: Runtime) -> None:
    """A billing day of 31 is the last day of each month: cycles lie side by side, and no day is
    billed twice.
    """
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit, billing_day_of_month=31)
    for on in (
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
    ):
        async with runtime.unit(ANA) as unit:
            await post(unit, [charge(account, bill_unit, "1", day=on - timedelta(days=1))])
        await bill_day(runtime, on)
    bills = await bills_of(runtime, account)
    assert [bill.period_end for bill in bills][-2:] == [date(2027, 2, 28), date(2027, 3, 31)]
    assert [bill.period_start for bill in bills[1:]] == [bill.period_end for bill in bills[:-1]]
    assert [bill.current_charges for bill in bills] == [1] * 5


async def test_items_show_where_charges_came_from(runtime: Runtime) -> None:
    """Rules 6.6 and 6.7: by service and account; every amount is the sum of what is below it."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal("9.99"), purchase_fee=Decimal(5))
        payer, _ = await customer(unit, "Payer")
        child = await builders.child(unit, payer)
        line = await builders.service(unit, child, "child")
        await builders.purchased_offer(unit, child, line)
    await bill_day(runtime, DECEMBER)
    [bill] = await bills_of(runtime, payer)
    # 21 of 30 days of November are 6.99; the month of December is charged in advance.
    assert await items_of(runtime, bill) == {
        "Monthly fees · Internet": "16.98",
        "Purchase fees · Internet": "5.00",
    }
    for item in await rows(runtime, BillItem, bill_id=bill.id):
        assert item.total == sum(
            event.amount or 0 for event in await rows(runtime, Event, item_id=item.id)
        )
        assert (item.account_id, item.transferred) == (child, item.total)
    assert bill.subordinate_charges == Decimal("21.98")


async def test_a_start_that_lay_ahead_is_charged_when_it_comes(runtime: Runtime) -> None:
    """Rules 6.2: by the bill day of its day, for the rest of the cycle; before that nothing is
    owed.
    """
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        account, _ = await customer(unit)
        await builders.purchased_offer(
            unit, account, start_at=datetime(2026, 11, 21, 10, tzinfo=UTC)
        )
    await bill_day(runtime, date(2026, 11, 20))
    assert await balance_of(runtime, account) == "0.00"
    await bill_day(runtime, date(2026, 11, 21))
    assert await balance_of(runtime, account) == "10.00"
    await bill_day(runtime, date(2026, 11, 21))
    await bill_day(runtime, DECEMBER)
    [bill] = await bills_of(runtime, account)
    assert bill.total_due == Decimal(40)


async def test_what_is_held_when_it_should_begin_waits(runtime: Runtime) -> None:
    """Rules 6.3: time spent inactive is never charged; the run ends, and what begins late is
    charged from then on.
    """
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        account, _ = await customer(unit)
        offer = await builders.purchased_offer(
            unit, account, start_at=datetime(2026, 11, 21, 10, tzinfo=UTC)
        )
        await builders.set_offer(unit, offer, Status.INACTIVE)
    assert (await bill_day(runtime, date(2026, 11, 22))).status is JobRunStatus.DONE
    assert await balance_of(runtime, account) == "0.00"
    async with runtime.unit(ANA) as unit:
        await builders.set_offer(unit, offer, Status.ACTIVE)
    assert await balance_of(runtime, account) == "9.00"
    await bill_day(runtime, DECEMBER)
    [bill] = await bills_of(runtime, account)
    assert bill.total_due == Decimal(39)


async def test_deferred_actions_come_first(runtime: Runtime) -> None:
    """Rules 6.5: who is to be inactive from this day on is charged nothing for the cycle that
    begins on it.
    """
    payer, child = await family(runtime)
    async with runtime.unit(ANA) as unit:
        await builders.set_account(
            unit, child, Status.INACTIVE, defer_until=datetime(2026, 12, 1, tzinfo=UTC)
        )
    await bill_day(runtime, DECEMBER)
    [bill] = await bills_of(runtime, payer)
    assert (bill.current_charges, bill.subordinate_charges) == (51, 21)
