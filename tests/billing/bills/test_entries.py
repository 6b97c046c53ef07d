"""Rules 6.6, 6.9 and 8.1: what happens later to a bill, and where credit goes."""

from datetime import date
from decimal import Decimal

from tenure.billing.bills.actions import apply_bill_changes, post
from tenure.billing.bills.models import Allocation, Bill, BillItem, BillStatus
from tenure.billing.bills.rules import BillChange, Credit, credit_shares
from tenure.billing.credits.actions import allocate_credit
from tenure.disputes.actions import adjust
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.receipts.actions import record_payment
from tests.batch.bill_day.days import balance_of, bill_day, bills_of
from tests.billing.bills.test_posting import charge, customer
from tests.checks import row, rows
from tests.conftest import ANA

DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


async def billed(runtime: Runtime, *amounts: str) -> tuple[int, list[Bill]]:
    """A customer with a bill of so much for each month from December on."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit)
    for month, amount in zip((DECEMBER, JANUARY, FEBRUARY), amounts, strict=False):
        async with runtime.unit(ANA) as unit:
            await post(unit, [charge(account, bill_unit, amount)])
        await bill_day(runtime, month)
    return account, await bills_of(runtime, account)


async def entered(runtime: Runtime, *entries: BillChange) -> None:
    async with runtime.unit(ANA) as unit:
        await apply_bill_changes(unit, entries)


async def paid(runtime: Runtime, account: int, amount: str) -> None:
    """Money that comes in without naming a bill."""
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, account, amount=Decimal(amount), reference=f"{account} {amount}")


async def with_credit_spread(unit: Unit, bill: Bill) -> None:
    await allocate_credit(unit, [bill.account_id])


def stated(bill: Bill) -> list[Decimal]:
    """Previous balance, payments, adjustments, disputed, total due."""
    return [bill.previous_balance, bill.payments, bill.adjustments, bill.disputed, bill.total_due]


async def test_a_payment_is_on_the_statements_of_the_bill_and_of_those_since(
    runtime: Runtime,
) -> None:
    """Each total is what was owed in all; each open amount is the bill's own."""
    account, [first, second] = await billed(runtime, "30", "20")
    assert [stated(bill) for bill in (first, second)] == [[0, 0, 0, 0, 30], [30, 0, 0, 0, 50]]
    await paid(runtime, account, "40")
    first, second = await bills_of(runtime, account)
    assert [stated(bill) for bill in (first, second)] == [[0, -30, 0, 0, 0], [30, -40, 0, 0, 10]]
    assert [(bill.status, bill.open_amount) for bill in (first, second)] == [
        (BillStatus.PAID, 0),
        (BillStatus.OPEN, 10),
    ]
    assert await balance_of(runtime, account) == "10.00"


async def test_what_is_held_is_not_open(runtime: Runtime) -> None:
    """Rules 8.1: on the item, the bill and the statements; and later bills start with it."""
    account, [first] = await billed(runtime, "30")
    [item] = await rows(runtime, BillItem)
    await entered(runtime, BillChange(first.id, held=Decimal(12), item_id=item.id))
    [first] = await bills_of(runtime, account)
    assert (first.open_amount, first.total_due, (await row(runtime, BillItem, item.id)).due) == (
        18,
        18,
        18,
    )
    await bill_day(runtime, JANUARY)
    _, second = await bills_of(runtime, account)
    assert stated(second) == [30, 0, 0, 12, 18]
    await entered(
        runtime, BillChange(first.id, held=Decimal(-12), adjusted=Decimal(-5), item_id=item.id)
    )
    first, second = await bills_of(runtime, account)
    assert [stated(bill) for bill in (first, second)] == [[0, 0, -5, 0, 25], [30, 0, -5, 0, 25]]
    assert (first.open_amount, first.adjusted) == (25, -5)


async def test_what_was_paid_ahead_pays_the_next_bill(runtime: Runtime) -> None:
    """Rules 6.9: what is over stays as credit, is in the previous balance, and is used up by the
    next bill.
    """
    account, [first] = await billed(runtime, "30")
    await paid(runtime, account, "45")
    async with runtime.unit(ANA) as unit:
        await post(unit, [charge(account, first.bill_unit_id, "20")])
    await bill_day(runtime, JANUARY)
    _, second = await bills_of(runtime, account)
    assert stated(second) == [-15, 0, 0, 0, 5]
    assert (second.open_amount, second.paid) == (5, -15)
    gone = [(it.bill_id, it.amount, it.from_bill_id) for it in await rows(runtime, Allocation)]
    assert gone == [(first.id, 30, None), (second.id, 15, None)]


async def test_what_one_bill_has_too_much_pays_another(runtime: Runtime) -> None:
    """A credit on a bill that was paid goes to what is open: of an earlier bill, or of the next."""
    account, [first, second] = await billed(runtime, "30", "20")
    await paid(runtime, account, "50")
    async with runtime.unit(ANA) as unit:
        await adjust(unit, bill_id=first.id, amount=Decimal(-10), reason="A gift")
        await post(unit, [charge(account, first.bill_unit_id, "25")])
    await bill_day(runtime, FEBRUARY)
    first, second, third = await bills_of(runtime, account)
    assert [(bill.paid, bill.open_amount) for bill in (first, second, third)] == [
        (-20, 0),
        (-20, 0),
        (-10, 15),
    ]
    transferred = [it for it in await rows(runtime, Allocation) if it.from_bill_id is not None]
    assert [(it.from_bill_id, it.bill_id, it.amount) for it in transferred] == [
        (first.id, third.id, 10)
    ]


async def test_nothing_open_leaves_the_credit_where_it_is(runtime: Runtime) -> None:
    account, [first] = await billed(runtime, "30")
    await paid(runtime, account, "45")
    before = await rows(runtime, Allocation)
    async with runtime.unit(ANA) as unit:
        await with_credit_spread(unit, first)
    assert len(await rows(runtime, Allocation)) == len(before) == 1


def test_shares_go_to_the_first_that_is_open() -> None:
    """Pure: never more than is open, never more than there is, in both orders."""
    credits = [Credit(Decimal(5), event_id=1), Credit(Decimal(7), event_id=2)]
    found = [
        (it.credit.event_id, it.bill_id, it.amount)
        for it in credit_shares(credits, {10: Decimal(6), 11: Decimal(4)})
    ]
    assert found == [(1, 10, 5), (2, 10, 1), (2, 11, 4)]
    assert list(credit_shares([], {10: Decimal(6)})) == list(credit_shares(credits, {})) == []
