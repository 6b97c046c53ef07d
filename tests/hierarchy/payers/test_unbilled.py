"""Rules 5.3: unbilled charges go with the bill unit to whoever pays for it now; bills that were
made stay where they are.
"""

from datetime import date

from tenure.accounts.models import BillUnit
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import Bill, BillItem
from tenure.hierarchy.payers.actions import change_payer
from tenure.kernel.unit import Runtime, Unit
from tests.batch.bill_day.days import balance_of, bill_day, bills_of
from tests.billing.bills.test_posting import charge, customer
from tests.checks import row, rows
from tests.conftest import ANA

DECEMBER = date(2026, 12, 1)


async def paid_by(unit: Unit, bill_unit_id: int, payer_unit_id: int | None) -> None:
    """Let this bill unit pay, or nobody else."""
    await change_payer(unit, bill_unit_id, paying_parent_id=payer_unit_id)


async def sums(runtime: Runtime) -> list[tuple[int, date, int, int]]:
    """Of the bills with something on them: whose, until when, charges of its own and of others."""
    bills = [
        bill for bill in await rows(runtime, Bill) if await rows(runtime, BillItem, bill_id=bill.id)
    ]
    return [
        (bill.account_id, bill.period_end, int(bill.current_charges), int(bill.subordinate_charges))
        for bill in bills
    ]


async def test_they_go_to_a_payer_and_come_back(runtime: Runtime) -> None:
    """With the items, their events and the sums of the bills; the balance stays with the account
    until it is billed.
    """
    async with runtime.unit(ANA) as unit:
        payer, payers_unit = await customer(unit, "Payer")
        child, bill_unit = await customer(unit, "Child", billing_day_of_month=15)
        [event_id] = await post(unit, [charge(child, bill_unit, "7")])
        await post(unit, [charge(payer, payers_unit, "5")])
        await paid_by(unit, bill_unit, payers_unit)
    assert await sums(runtime) == [(payer, DECEMBER, 5, 7)]
    assert (await row(runtime, BillUnit, bill_unit)).balance == 7
    [item] = await rows(runtime, BillItem, bill_unit_id=bill_unit)
    assert item.account_id == child
    async with runtime.unit(ANA) as unit:
        await paid_by(unit, bill_unit, None)
    assert await sums(runtime) == [(payer, DECEMBER, 5, 0), (child, DECEMBER, 7, 0)]
    [again] = await rows(runtime, BillItem, bill_unit_id=bill_unit)
    assert again.id == item.id
    assert event_id


async def test_from_one_payer_to_another(runtime: Runtime) -> None:
    """The cycle is the new payer's: what was to be billed on 1 December is billed on the 15th."""
    async with runtime.unit(ANA) as unit:
        _, first = await customer(unit, "First")
        other, second = await customer(unit, "Second", billing_day_of_month=15)
        child, bill_unit = await customer(unit, "Child")
        await paid_by(unit, bill_unit, first)
        await post(unit, [charge(child, bill_unit, "7")])
        await paid_by(unit, bill_unit, second)
    assert await sums(runtime) == [(other, date(2026, 11, 15), 0, 7)]


async def test_with_a_payer_go_those_that_it_paid_for(runtime: Runtime) -> None:
    """Rules 5.2 and 5.3: when it becomes nonpaying itself."""
    async with runtime.unit(ANA) as unit:
        top, tops_unit = await customer(unit, "Top")
        payer, payers_unit = await customer(unit, "Payer")
        child, bill_unit = await customer(unit, "Child")
        await paid_by(unit, bill_unit, payers_unit)
        await post(unit, [charge(child, bill_unit, "7"), charge(payer, payers_unit, "5")])
        await paid_by(unit, payers_unit, tops_unit)
    assert await sums(runtime) == [(top, DECEMBER, 0, 12)]


async def test_what_is_billed_stays(runtime: Runtime) -> None:
    """The bill that was made, and the money that passed to the payer with it."""
    async with runtime.unit(ANA) as unit:
        payer, payers_unit = await customer(unit, "Payer")
        child, bill_unit = await customer(unit, "Child")
        await paid_by(unit, bill_unit, payers_unit)
        await post(unit, [charge(child, bill_unit, "7")])
    await bill_day(runtime, DECEMBER)
    async with runtime.unit(ANA) as unit:
        await post(unit, [charge(child, bill_unit, "2", day=DECEMBER)])
        await paid_by(unit, bill_unit, None)
    assert await sums(runtime) == [(payer, DECEMBER, 0, 7), (child, date(2027, 1, 1), 2, 0)]
    assert (await balance_of(runtime, payer), await balance_of(runtime, child)) == ("7.00", "2.00")
    await bill_day(runtime, date(2027, 1, 1))
    [bill] = await bills_of(runtime, child)
    assert (bill.total_due, bill.previous_balance) == (2, 0)


async def test_back_and_forth_there_is_one_item_of_a_kind(runtime: Runtime) -> None:
    """Charges of the time with the payer go with those of before."""
    async with runtime.unit(ANA) as unit:
        _, payers_unit = await customer(unit, "Payer")
        child, bill_unit = await customer(unit, "Child")
        for payer in (payers_unit, None, payers_unit, None):
            await post(unit, [charge(child, bill_unit, "1")])
            await paid_by(unit, bill_unit, payer)
    assert await sums(runtime) == [(child, DECEMBER, 4, 0)]
    assert len(await rows(runtime, BillItem)) == 1
