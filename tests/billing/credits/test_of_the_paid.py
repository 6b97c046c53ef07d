"""Rules 5.3: a credit is used up by the account's own charges first; only what is left of them
passes to the payer.
"""

from datetime import date
from decimal import Decimal

import pytest

from tenure.billing.bills.models import Bill, BillItemKind
from tenure.billing.bills.rules import Credit
from tenure.billing.transfers.rules import TransferItem, credit_for_items, retained_credits
from tenure.disputes.actions import adjust
from tenure.events.models import EventKind
from tenure.hierarchy.payers.actions import change_payer
from tenure.kernel.unit import Runtime
from tenure.receivables.receipts.actions import record_payment
from tests.batch.bill_day.days import bill_day
from tests.builders import default_bill_unit_id
from tests.checks import MIA, events, rows
from tests.conftest import ANA
from tests.receivables.receipts.bills import DECEMBER, JANUARY, balance, charge, payer
from tests.sums import check_sums

FEBRUARY = date(2027, 2, 1)


@pytest.fixture
async def family(runtime: Runtime) -> tuple[int, int]:
    """A payer, and an account that it pays for from now on; it had paid 12.00 ahead."""
    async with runtime.unit(ANA) as unit:
        parent, child = await payer(unit, "Parent"), await payer(unit, "Child")
        await record_payment(unit, child, amount=Decimal(12), reference="R-1")
        paid_by = await default_bill_unit_id(unit, parent)
        await change_payer(unit, await default_bill_unit_id(unit, child), paying_parent_id=paid_by)
    return parent, child


async def charged(runtime: Runtime, account_id: int, amount: str, day: date) -> None:
    async with runtime.unit(ANA) as unit:
        await charge(unit, account_id, amount, day)


async def statements(runtime: Runtime, account_id: int) -> list[tuple[str, ...]]:
    """Of the bills that were made: charges of others, previous balance, payments, adjustments,
    total due, open amount.
    """
    made = [bill for bill in await rows(runtime, Bill, account_id=account_id) if bill.billed_on]
    names = (
        "subordinate_charges",
        "previous_balance",
        "payments",
        "adjustments",
        "total_due",
        "open_amount",
    )
    return [
        tuple(f"{getattr(bill, name):.2f}" for name in names)
        for bill in sorted(made, key=lambda it: it.period_end)
    ]


async def test_what_was_paid_ahead(runtime: Runtime, family: tuple[int, int]) -> None:
    """12.00 of 20.00: the payer owes 8.00, its next bill starts from that, and nothing is left with
    the account.
    """
    parent, child = family
    await charged(runtime, child, "20.00", DECEMBER.replace(month=11, day=20))
    await bill_day(runtime, DECEMBER)
    assert await statements(runtime, parent) == [
        ("20.00", "0.00", "-12.00", "0.00", "8.00", "8.00")
    ]
    assert (await balance(runtime, parent), await balance(runtime, child)) == (8, 0)
    await check_sums(runtime)
    await charged(runtime, child, "5.00", DECEMBER)
    await bill_day(runtime, JANUARY)
    assert (await statements(runtime, parent))[1] == (
        "5.00",
        "8.00",
        "0.00",
        "0.00",
        "13.00",
        "5.00",
    )
    await check_sums(runtime)


async def test_more_than_is_charged(runtime: Runtime, family: tuple[int, int]) -> None:
    """The rest stays with the account for its next charges; when it pays for itself again it has
    it.
    """
    parent, child = family
    await charged(runtime, child, "5.00", DECEMBER.replace(month=11, day=20))
    await bill_day(runtime, DECEMBER)
    assert await statements(runtime, parent) == [("5.00", "0.00", "-5.00", "0.00", "0.00", "0.00")]
    assert (await balance(runtime, parent), await balance(runtime, child)) == (0, -7)
    async with runtime.unit(ANA) as unit:
        await change_payer(unit, await default_bill_unit_id(unit, child), paying_parent_id=None)
    await charged(runtime, child, "10.00", DECEMBER)
    await bill_day(runtime, JANUARY)
    assert [bill[-1] for bill in await statements(runtime, child)] == ["3.00"]
    await check_sums(runtime)


async def test_what_was_credited_by_hand(runtime: Runtime, family: tuple[int, int]) -> None:
    """30.00 of goodwill: 10.00 of the first month, and 20.00 of the second, before what was paid
    ahead.
    """
    parent, child = family
    async with runtime.unit(MIA) as unit:
        await adjust(unit, account_id=child, amount=Decimal(-30), reason="Goodwill")
    await charged(runtime, child, "10.00", DECEMBER.replace(month=11, day=20))
    await bill_day(runtime, DECEMBER)
    assert await statements(runtime, parent) == [
        ("10.00", "0.00", "0.00", "-10.00", "0.00", "0.00")
    ]
    assert (await balance(runtime, parent), await balance(runtime, child)) == (0, -32)
    await check_sums(runtime)
    await charged(runtime, child, "40.00", DECEMBER)
    await bill_day(runtime, JANUARY)
    assert (await statements(runtime, parent))[1] == (
        "40.00",
        "0.00",
        "-12.00",
        "-20.00",
        "8.00",
        "8.00",
    )
    assert (await balance(runtime, parent), await balance(runtime, child)) == (8, 0)
    kept_events = [
        it for it in await events(runtime, EventKind.TRANSFER) if "kept" in it.description
    ]
    assert [(it.description, it.amount) for it in kept_events] == [
        ("Credit of 20.00 USD kept for the next bill", Decimal(20)),
        ("Credit of 20.00 USD kept for the next bill", Decimal(-20)),
    ]
    await check_sums(runtime)


async def test_what_a_bill_has_too_much(runtime: Runtime) -> None:
    """A credit on a bill that the account paid when it paid for itself."""
    async with runtime.unit(ANA) as unit:
        parent, child = await payer(unit, "Parent"), await payer(unit, "Child")
        await charge(unit, child, "25.00", DECEMBER.replace(month=11, day=20))
    await bill_day(runtime, DECEMBER)
    [bill] = await rows(runtime, Bill, account_id=child)
    async with runtime.unit(MIA) as unit:
        await record_payment(unit, child, amount=Decimal(25), reference="R-1")
        await adjust(unit, bill_id=bill.id, amount=Decimal(-25), reason="Goodwill")
        paid_by = await default_bill_unit_id(unit, parent)
        await change_payer(unit, await default_bill_unit_id(unit, child), paying_parent_id=paid_by)
        await charge(unit, child, "20.00", DECEMBER)
    await bill_day(runtime, JANUARY)
    assert await statements(runtime, parent) == [
        ("20.00", "0.00", "-20.00", "0.00", "0.00", "0.00")
    ]
    assert (await statements(runtime, child))[0][-2] == "-5.00"
    assert (await balance(runtime, parent), await balance(runtime, child)) == (0, -5)
    await check_sums(runtime)


async def test_fees_given_back_pass_to_who_paid_them(
    runtime: Runtime, family: tuple[int, int]
) -> None:
    """A negative fee is no credit of the account: its payer has paid it."""
    parent, child = family
    await charged(runtime, child, "-4.00", DECEMBER.replace(month=11, day=20))
    await bill_day(runtime, DECEMBER)
    assert (await balance(runtime, parent), await balance(runtime, child)) == (-4, -12)
    await check_sums(runtime)


def test_never_more_than_is_charged() -> None:
    """A bill unit uses at most the sum of its items, and keeps at most its adjustments."""

    def item(number: int, kind: BillItemKind, amount: int) -> TransferItem:
        return TransferItem(number, 1, 1, 1, kind, Decimal(amount), "USD")

    items = [
        item(1, BillItemKind.CYCLE, 9),
        item(2, BillItemKind.USAGE, -4),
        item(3, BillItemKind.PURCHASE, 2),
    ]
    credits = {1: [Credit(Decimal(3), event_id=1), Credit(Decimal(9), event_id=2)]}
    assert [
        (it.credit.event_id, it.item.id, it.amount) for it in credit_for_items(items, credits)
    ] == [
        (1, 1, 3),
        (2, 1, 4),
    ]
    assert list(retained_credits(items)) == []
    assert [
        it.amount for it in retained_credits([*items, item(4, BillItemKind.ADJUSTMENT, -10)])
    ] == [3]
    assert [
        it.amount
        for it in retained_credits(
            [item(1, BillItemKind.CYCLE, -7), item(2, BillItemKind.ADJUSTMENT, -2)]
        )
    ] == [2]
