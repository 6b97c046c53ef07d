"""Rules 8.2: an adjustment credits or charges an account, a bill, an item or an event, with a
reason.
"""

from decimal import Decimal

import pytest

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem, BillItemKind, BillStatus
from tenure.disputes.actions import adjust, open_dispute
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.receivables.receipts.actions import hold_for_debt, record_payment
from tests.builders import account
from tests.checks import ABE, MIA, account_state, events, forbidden, refused, row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.disputes.conftest import Billed, adds_up, make


async def adjusted(runtime: Runtime, amount: str, **of: int) -> Event:
    """Adjust it; answers with the event."""
    async with runtime.unit(MIA) as unit:
        event_id = await adjust(unit, **of, amount=Decimal(amount), reason="Goodwill")
    await adds_up(runtime)
    [event] = await rows(runtime, Event, id=event_id)
    return event


async def balance(runtime: Runtime, billed: Billed) -> Decimal:
    """What the bill unit owes."""
    return (await row(runtime, BillUnit, billed.bill_unit)).balance


@pytest.mark.parametrize(
    ("amount", "word"), [("-10", "Credited 10.00 USD"), ("10", "Charged 10.00 USD")]
)
@pytest.mark.parametrize("level", ["bill_id", "item_id", "event_id"])
async def test_of_a_bill_that_is_made(
    runtime: Runtime, made: Billed, level: str, amount: str, word: str
) -> None:
    """On the bill, on the item, in the balance; the statement shows it as an adjustment."""
    named = {"bill_id": made.bill, "item_id": made.usage, "event_id": made.usage_event}[level]
    event = await adjusted(runtime, amount, **{level: named})
    assert (event.kind, event.account_id, event.amount, event.currency) == (
        EventKind.ADJUSTMENT,
        made.account,
        Decimal(amount),
        "USD",
    )
    assert (event.reason, event.actor, event.occurred_at) == ("Goodwill", MIA.name, NOON)
    assert event.description.startswith(f"{word}: ")
    assert event.followed_id == (made.usage_event if level == "event_id" else None)
    bill = await row(runtime, Bill, made.bill)
    assert (bill.adjusted, bill.adjustments, bill.total_due) == (
        event.amount,
        event.amount,
        48 + Decimal(amount),
    )
    item = await row(runtime, BillItem, event.item_id or 0)
    assert (item.bill_id, item.adjusted) == (made.bill, event.amount)
    assert item.kind == (BillItemKind.ADJUSTMENT if level == "bill_id" else BillItemKind.USAGE)
    assert await balance(runtime, made) == 48 + Decimal(amount)


async def test_of_an_account(runtime: Runtime, made: Billed) -> None:
    """A charge or credit of its own on the bill that comes next; the credit pays what is open
    (rules 6.9).
    """
    credit, charge = (
        await adjusted(runtime, "-5", account_id=made.account),
        await adjusted(runtime, "2", account_id=made.account),
    )
    assert [it.description.split(": ")[0] for it in (credit, charge)] == [
        "Credited 5.00 USD",
        "Charged 2.00 USD",
    ]
    item = await row(runtime, BillItem, credit.item_id or 0)
    assert (item.id, item.kind, item.adjusted, item.total) == (
        charge.item_id,
        BillItemKind.ADJUSTMENT,
        2,
        0,
    )
    assert item.bill_id != made.bill
    bill = await row(runtime, Bill, made.bill)
    assert (bill.total_due, bill.open_amount, bill.payments) == (43, 43, -5)
    assert await balance(runtime, made) == 45


async def test_account_without_a_bill(runtime: Runtime) -> None:
    """Its first."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
    await adjusted(runtime, "-5", account_id=owner)
    [bill] = await rows(runtime, Bill, account_id=owner)
    assert (bill.status, bill.adjusted) == (BillStatus.PENDING, -5)


@pytest.mark.parametrize("level", ["bill_id", "item_id", "event_id"])
async def test_of_a_bill_that_collects_charges(
    runtime: Runtime, pending: Billed, level: str
) -> None:
    """It is on the bill when that is made."""
    named = {"bill_id": pending.bill, "item_id": pending.usage, "event_id": pending.usage_event}[
        level
    ]
    await adjusted(runtime, "-8", **{level: named})
    await make(runtime, pending.bill_unit)
    await adds_up(runtime)
    bill = await row(runtime, Bill, pending.bill)
    assert (bill.total_due, bill.open_amount, bill.adjustments, bill.previous_balance) == (
        40,
        40,
        -8,
        0,
    )


@pytest.mark.parametrize(
    ("level", "most"), [("bill_id", "48"), ("item_id", "18"), ("event_id", "18")]
)
async def test_credit_of_more_than_there_is(
    runtime: Runtime, made: Billed, level: str, most: str
) -> None:
    """OUT_OF_RANGE, also where the rest is disputed; a charge has no such bound."""
    named = {"bill_id": made.bill, "item_id": made.usage, "event_id": made.usage_event}[level]
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount") as error:
        await adjusted(runtime, f"-{most}.01", **{level: named})
    assert error.value.message.startswith(f"Up to {most}.00 USD of ")
    assert error.value.message.endswith(" can be credited.")
    async with runtime.unit(ANA) as unit:
        await open_dispute(unit, **{level: named}, amount=Decimal(1), reason="x")
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
        await adjusted(runtime, f"-{most}", **{level: named})
    await adjusted(runtime, str(1 - int(most)), **{level: named})
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
        await adjusted(runtime, "-0.01", **{level: named})
    await adjusted(runtime, "1000", **{level: named})


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "INVALID"),
        ("0.001", "INVALID"),
        ("NaN", "INVALID"),
        ("-1000000000001", "OUT_OF_RANGE"),
    ],
)
@pytest.mark.parametrize("level", ["account_id", "bill_id"])
async def test_amounts_that_are_none(
    runtime: Runtime, made: Billed, level: str, amount: str, code: str
) -> None:
    """Told where they are wrong."""
    async with refused(runtime, ErrorCode(code), "amount"):
        await adjusted(
            runtime, amount, **{level: made.bill if level == "bill_id" else made.account}
        )


async def test_one_of_what_there_is(runtime: Runtime, made: Billed) -> None:
    """Exactly one of the four, and it exists; with a reason."""
    async with refused(runtime, ErrorCode.REQUIRED):
        await adjusted(runtime, "1")
    async with refused(runtime, ErrorCode.INVALID, "bill_id"):
        await adjusted(runtime, "1", account_id=made.account, bill_id=made.bill)
    for level in ("account_id", "bill_id", "item_id", "event_id"):
        async with refused(runtime, ErrorCode.NOT_FOUND, level):
            await adjusted(runtime, "1", **{level: 99})
    async with refused(runtime, ErrorCode.REQUIRED, "reason"), runtime.unit(ANA) as unit:
        await adjust(unit, account_id=made.account, amount=Decimal(1), reason="")


async def test_managers_adjust(runtime: Runtime, made: Billed) -> None:
    """Rules 10: an agent does not."""
    async with forbidden(runtime), runtime.unit(ABE) as unit:
        await adjust(unit, account_id=made.account, amount=Decimal(1), reason="x")


async def test_credit_of_what_was_paid_pays_something_else(runtime: Runtime, made: Billed) -> None:
    """Rules 6.9: what is over stays as credit, and a charge of a paid bill takes it up."""
    async with runtime.unit(MIA) as unit:
        await record_payment(unit, made.account, amount=Decimal(48), reference="transfer")
    await adjusted(runtime, "-8", item_id=made.usage)
    await adjusted(runtime, "5", item_id=made.purchase)
    bill = await row(runtime, Bill, made.bill)
    assert (bill.status, bill.open_amount) == (BillStatus.PAID, 0)
    assert await balance(runtime, made) == -3
    await adjusted(runtime, "4", event_id=made.fee_event)
    assert (await row(runtime, Bill, made.bill)).open_amount == 1


@pytest.mark.parametrize(
    ("amount", "stands"), [("-48", "ACTIVE"), ("-47.99", "INACTIVE (INACTIVE DEBT)")]
)
async def test_debt_goes_with_what_was_past_due(
    runtime: Runtime, made: Billed, amount: str, stands: str
) -> None:
    """Rules 7.4."""
    await set_clock(runtime, NOON.replace(year=2027, month=2))
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, made.account, Status.INACTIVE, reason="The card has expired")
    await adjusted(runtime, amount, bill_id=made.bill)
    assert await account_state(runtime, made.account) == stands


async def test_of_a_nonpaying_bill_unit(runtime: Runtime, of_child: Billed) -> None:
    """Rules 6.7: a credit on a bill belongs to its payer, that of an account to the next bill."""
    event = await adjusted(runtime, "-8", item_id=of_child.usage)
    assert event.account_id == of_child.account
    assert await balance(runtime, of_child) == 40
    child = (await row(runtime, BillItem, of_child.usage)).account_id
    own = await adjusted(runtime, "-5", account_id=child)
    assert own.account_id == child
    item = await row(runtime, BillItem, own.item_id or 0)
    assert (await row(runtime, Bill, item.bill_id)).account_id == of_child.account
    assert await events(runtime, EventKind.ADJUSTMENT, account_id=of_child.account) != []
