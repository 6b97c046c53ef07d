"""Rules 8.1: what is disputed is neither due nor collected; it is settled once, and what is granted
is credited.
"""

from datetime import date
from decimal import Decimal

import pytest

from tenure.accounts.models import BillUnit
from tenure.batch.bill_day.actions import transfer
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import Bill, BillItem, BillItemKind, BillStatus
from tenure.disputes.actions import open_dispute, settle_dispute
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import EventKind
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.money import rounded
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.receipts.actions import hold_for_debt, record_payment
from tests.builders import account, default_bill_unit_id, set_account
from tests.checks import ABE, MIA, VIC, account_state, events, forbidden, refused, row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.disputes.conftest import FIRST_BILL, Billed, adds_up, charge, make
from tests.hierarchy.payers.test_at_once import meanwhile


async def disputed(runtime: Runtime, amount: str | None = None, **of: int) -> int:
    """Open a dispute; answers with its id."""
    money = None if amount is None else Decimal(amount)
    async with runtime.unit(ABE) as unit:
        made = await open_dispute(unit, **of, amount=money, reason="Never used it")
    await adds_up(runtime)
    return made.id


async def settled(
    runtime: Runtime, dispute_id: int, granted: str, note: str | None = None
) -> Dispute:
    """Settle it; answers with it."""
    async with runtime.unit(MIA) as unit:
        await settle_dispute(unit, dispute_id, granted=Decimal(granted), note=note)
    await adds_up(runtime)
    return await row(runtime, Dispute, dispute_id)


async def of_bill(runtime: Runtime, bill_id: int) -> tuple[str, ...]:
    """The status, open amount, total due and disputed amount of the bill."""
    bill = await row(runtime, Bill, bill_id)
    return str(bill.status), *(
        f"{amount:.2f}" for amount in (bill.open_amount, bill.total_due, bill.disputed)
    )


async def test_item_as_a_whole(runtime: Runtime, made: Billed) -> None:
    """All of it when no amount is given."""
    dispute = await row(runtime, Dispute, await disputed(runtime, item_id=made.usage))
    assert (dispute.account_id, dispute.bill_id, dispute.item_id, dispute.event_id) == (
        made.account,
        made.bill,
        made.usage,
        None,
    )
    assert (dispute.amount, dispute.currency, dispute.reason) == (18, "USD", "Never used it")
    assert (dispute.status, dispute.opened_at, dispute.opened_by) == (
        DisputeStatus.OPEN,
        NOON,
        ABE.name,
    )
    assert (await row(runtime, BillItem, made.usage)).due == 0
    assert await of_bill(runtime, made.bill) == ("OPEN", "30.00", "30.00", "18.00")
    [recorded] = await events(runtime, EventKind.DISPUTE)
    assert (recorded.account_id, recorded.item_id, recorded.amount, recorded.reason) == (
        made.account,
        made.usage,
        None,
        "Never used it",
    )
    number = (await row(runtime, Bill, made.bill)).number
    assert recorded.description == f"Disputed 18.00 USD: Usage · Internet, bill {number}"
    assert recorded.details == {
        "operation": "DISPUTE_OPENED",
        "dispute": dispute.id,
        "bill": number,
        "item": "Usage · Internet",
        "charge": None,
        "amount": "18.00",
        "granted": None,
        "currency": "USD",
    }


@pytest.mark.parametrize("level", ["bill_id", "item_id", "event_id"])
async def test_never_more_than_is_there(runtime: Runtime, made: Billed, level: str) -> None:
    """Of a bill its 48.00, of the item 18.00, of the event what its discount has left of it."""
    named, there = {
        "bill_id": (made.bill, "48"),
        "item_id": (made.usage, "18"),
        "event_id": (made.usage_event, "18"),
    }[level]
    for wrong in (f"{there}.01", "0", "-1", "1000000000000"):
        async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
            await disputed(runtime, wrong, **{level: named})
    for wrong in ("0.001", "NaN", "0.0000001"):
        async with refused(runtime, ErrorCode.INVALID, "amount"):
            await disputed(runtime, wrong, **{level: named})
    first = await disputed(runtime, "0.01", **{level: named})
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
        await disputed(runtime, there, **{level: named})
    rest = await disputed(runtime, **{level: named})
    assert [(await row(runtime, Dispute, it)).amount for it in (first, rest)] == [
        Decimal("0.01"),
        Decimal(there) - Decimal("0.01"),
    ]
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, level) as nothing:
        await disputed(runtime, **{level: named})
    assert nothing.value.message.startswith("Nothing of ")
    assert nothing.value.message.endswith(" is left to dispute.")


async def test_levels_share_what_is_there(runtime: Runtime, made: Billed) -> None:
    """What is disputed of the bill is not there for its items, and the other way round."""
    await disputed(runtime, "40", bill_id=made.bill)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
        await disputed(runtime, "8.01", event_id=made.fee_event)
    await disputed(runtime, "8", event_id=made.fee_event)
    for level, named in (
        ("bill_id", made.bill),
        ("item_id", made.usage),
        ("event_id", made.usage_event),
    ):
        async with refused(runtime, ErrorCode.OUT_OF_RANGE, level):
            await disputed(runtime, **{level: named})


async def test_events_of_one_item_are_disputed_apart(runtime: Runtime, made: Billed) -> None:
    """What of an item is disputed as a whole can take what another event left."""
    await disputed(runtime, "18", event_id=made.usage_event)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "item_id"):
        await disputed(runtime, item_id=made.usage)
    assert (await row(runtime, BillItem, made.purchase)).held == 0
    await disputed(runtime, item_id=made.purchase)
    assert await of_bill(runtime, made.bill) == ("OPEN", "0.00", "0.00", "48.00")


@pytest.mark.parametrize(
    ("of", "code", "path"),
    [
        ({}, ErrorCode.REQUIRED, []),
        ({"bill_id": 1, "item_id": 1}, ErrorCode.INVALID, ["item_id"]),
        ({"bill_id": 99}, ErrorCode.NOT_FOUND, ["bill_id"]),
        ({"item_id": 99}, ErrorCode.NOT_FOUND, ["item_id"]),
        ({"event_id": 99}, ErrorCode.NOT_FOUND, ["event_id"]),
    ],
)
async def test_one_of_what_there_is(
    runtime: Runtime, made: Billed, of: dict[str, int], code: ErrorCode, path: list[str]
) -> None:
    """Exactly one of the three, and it exists."""
    async with refused(runtime, code, *path):
        await disputed(runtime, **of)


async def test_only_charges_are_disputed(runtime: Runtime, made: Billed) -> None:
    """Neither what costs nothing, nor what was taken off."""
    [recorded, *_] = await events(runtime, EventKind.ACCOUNT_CHANGE)
    await disputed(runtime, "1", bill_id=made.bill)
    [dispute] = await events(runtime, EventKind.DISPUTE)
    for event in (recorded, dispute):
        async with refused(runtime, ErrorCode.INVALID, "event_id"):
            await disputed(runtime, event_id=event.id)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "event_id"):
        await disputed(runtime, event_id=made.discount_event)


async def test_reason_is_required(runtime: Runtime, made: Billed) -> None:
    """Nobody disputes without one."""
    async with refused(runtime, ErrorCode.REQUIRED, "reason"), runtime.unit(ANA) as unit:
        await open_dispute(unit, bill_id=made.bill, reason=" ")


async def test_who_may(runtime: Runtime, made: Billed) -> None:
    """Rules 10: agents open, managers settle."""
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await open_dispute(unit, bill_id=made.bill, reason="x")
    dispute = await disputed(runtime, bill_id=made.bill)
    async with forbidden(runtime), runtime.unit(ABE) as unit:
        await settle_dispute(unit, dispute, granted=Decimal(0))


@pytest.mark.parametrize(
    ("granted", "status", "stands"),
    [
        ("0", DisputeStatus.DENIED, ("OPEN", "48.00", "48.00", "0.00")),
        ("4.5", DisputeStatus.PARTLY_GRANTED, ("OPEN", "43.50", "43.50", "0.00")),
        ("12", DisputeStatus.GRANTED, ("OPEN", "36.00", "36.00", "0.00")),
    ],
)
async def test_settled(
    runtime: Runtime, made: Billed, granted: str, status: DisputeStatus, stands: tuple[str, ...]
) -> None:
    """What is granted is credited as an adjustment of that bill and its item; the rest is due
    again.
    """
    dispute = await settled(
        runtime, await disputed(runtime, "12", item_id=made.purchase), granted, "As agreed"
    )
    assert (dispute.status, dispute.granted, dispute.note) == (
        status,
        Decimal(granted),
        "As agreed",
    )
    assert (dispute.settled_at, dispute.settled_by) == (NOON, MIA.name)
    assert await of_bill(runtime, made.bill) == stands
    item = await row(runtime, BillItem, made.purchase)
    assert (item.total, item.adjusted, item.held) == (30, -Decimal(granted), 0)
    credits = await events(runtime, EventKind.ADJUSTMENT)
    assert [(it.account_id, it.item_id, it.amount, it.reason, it.details) for it in credits] == [
        (made.account, made.purchase, -Decimal(granted), "Never used it", {"dispute": dispute.id})
    ] * (granted != "0")
    assert (await row(runtime, BillUnit, made.bill_unit)).balance == 48 - Decimal(granted)
    words = (await events(runtime, EventKind.DISPUTE))[-1]
    assert words.reason == "As agreed"
    assert words.details is not None
    assert {name: words.details[name] for name in ("operation", "amount", "granted")} == {
        "operation": f"DISPUTE_{status}",
        "amount": "12.00",
        "granted": str(rounded(Decimal(granted), "USD")),
    }
    assert words.description.startswith(
        {
            DisputeStatus.DENIED: "Dispute denied, 12.00 USD: Purchase fees, bill B-",
            DisputeStatus.PARTLY_GRANTED: (
                "Dispute partly granted, 4.50 of 12.00 USD: Purchase fees, bill B-"
            ),
            DisputeStatus.GRANTED: "Dispute granted, 12.00 USD: Purchase fees, bill B-",
        }[status]
    )


async def test_settled_once(runtime: Runtime, made: Billed) -> None:
    """NOT_ALLOWED afterwards, and nothing changes."""
    dispute = await disputed(runtime, bill_id=made.bill)
    await settled(runtime, dispute, "0")
    for granted in ("0", "48"):
        async with refused(runtime, ErrorCode.NOT_ALLOWED, "dispute_id"):
            await settled(runtime, dispute, granted)


async def test_granted_out_of_range(runtime: Runtime, made: Billed) -> None:
    """From nothing to all that was disputed, in money that there is."""
    dispute = await disputed(runtime, "12", bill_id=made.bill)
    for granted, code in (
        ("-0.01", "OUT_OF_RANGE"),
        ("12.01", "OUT_OF_RANGE"),
        ("0.001", "INVALID"),
        ("NaN", "INVALID"),
    ):
        async with refused(runtime, ErrorCode(code), "granted"):
            await settled(runtime, dispute, granted)
    async with refused(runtime, ErrorCode.NOT_FOUND, "dispute_id"):
        await settled(runtime, 99, "0")


async def test_bill_as_a_whole_is_credited_by_an_item_of_its_own(
    runtime: Runtime, made: Billed
) -> None:
    """Rules 6.6: every amount on it is the sum of what is below it."""
    for _ in range(2):
        await settled(runtime, await disputed(runtime, "10", bill_id=made.bill), "5")
    [item] = await rows(runtime, BillItem, kind=BillItemKind.ADJUSTMENT)
    assert (item.bill_id, item.account_id, item.name, item.adjusted) == (
        made.bill,
        made.account,
        "Adjustments",
        -10,
    )
    assert await of_bill(runtime, made.bill) == ("OPEN", "38.00", "38.00", "0.00")


async def test_what_was_credited_cannot_be_disputed_again(runtime: Runtime, made: Billed) -> None:
    """An event has what its discounts and its adjustments have left of it."""
    await settled(runtime, await disputed(runtime, "10", event_id=made.usage_event), "10")
    [credit] = await events(runtime, EventKind.ADJUSTMENT)
    assert (credit.followed_id, credit.item_id) == (made.usage_event, made.usage)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "amount"):
        await disputed(runtime, "8.01", event_id=made.usage_event)
    await disputed(runtime, "8", event_id=made.usage_event)


async def test_paying_leaves_what_is_disputed(runtime: Runtime, made: Billed) -> None:
    """It is not due: what is paid beyond the rest is credit, and pays the bill when the dispute is
    denied (6.9).
    """
    dispute = await disputed(runtime, item_id=made.usage)
    async with runtime.unit(MIA) as unit:
        await record_payment(unit, made.account, amount=Decimal(48), reference="transfer")
    assert (await row(runtime, Bill, made.bill)).paid == -30
    await settled(runtime, dispute, "0")
    bill = await row(runtime, Bill, made.bill)
    assert (bill.paid, bill.status) == (-48, BillStatus.PAID)
    assert (await row(runtime, BillUnit, made.bill_unit)).balance == 0


async def test_credit_of_a_paid_bill_goes_to_the_next(runtime: Runtime, made: Billed) -> None:
    """Rules 6.9: what is credited over what is open becomes credit."""
    async with runtime.unit(MIA) as unit:
        await record_payment(unit, made.account, amount=Decimal(48), reference="transfer")
    await settled(runtime, await disputed(runtime, item_id=made.purchase), "20")
    assert (await row(runtime, Bill, made.bill)).status == BillStatus.PAID
    assert (await row(runtime, BillUnit, made.bill_unit)).balance == -20
    second = await next_bill(runtime, made, "50")
    assert await of_bill(runtime, second) == ("OPEN", "30.00", "30.00", "0.00")
    await adds_up(runtime)


async def next_bill(runtime: Runtime, billed: Billed, amount: str) -> int:
    """The bill of the following month, with this charge on it."""
    async with runtime.unit(ANA) as unit:
        more = charge(
            billed.account, billed.bill_unit, EventKind.PURCHASE_FEE, amount, day=date(2026, 12, 20)
        )
        await post(unit, [more])
    await make(runtime, billed.bill_unit, date(2027, 1, 10))
    [bill] = await rows(runtime, Bill, bill_unit_id=billed.bill_unit, period_end=date(2027, 1, 10))
    return bill.id


async def test_later_statements_tell_of_it(runtime: Runtime, made: Billed) -> None:
    """Rules 6.6: a dispute of a bill that was carried over changes the later bill as well."""
    dispute = await disputed(runtime, item_id=made.usage)
    second = await next_bill(runtime, made, "5")
    assert await of_bill(runtime, second) == ("OPEN", "5.00", "35.00", "18.00")
    other = await disputed(runtime, "10", item_id=made.purchase)
    assert await of_bill(runtime, second) == ("OPEN", "5.00", "25.00", "28.00")
    await settled(runtime, dispute, "18")
    assert await of_bill(runtime, made.bill) == ("OPEN", "20.00", "20.00", "10.00")
    assert await of_bill(runtime, second) == ("OPEN", "5.00", "25.00", "10.00")
    await settled(runtime, other, "0")
    assert await of_bill(runtime, second) == ("OPEN", "5.00", "35.00", "0.00")


async def test_pending_bill(runtime: Runtime, pending: Billed) -> None:
    """What still collects charges can be disputed too; it is held back when the bill is made."""
    first = await disputed(runtime, "8", item_id=pending.usage)
    second = await disputed(runtime, "10", bill_id=pending.bill)
    await settled(runtime, await disputed(runtime, "5", bill_id=pending.bill), "5")
    await settled(runtime, await disputed(runtime, "1", event_id=pending.fee_event), "1")
    await make(runtime, pending.bill_unit)
    assert await of_bill(runtime, pending.bill) == ("OPEN", "24.00", "24.00", "18.00")
    await settled(runtime, first, "8")
    await settled(runtime, second, "0")
    assert await of_bill(runtime, pending.bill) == ("OPEN", "34.00", "34.00", "0.00")


async def test_charges_of_a_nonpaying_bill_unit(runtime: Runtime, of_child: Billed) -> None:
    """Rules 6.7: credited is whose bill it is."""
    dispute = await settled(runtime, await disputed(runtime, event_id=of_child.usage_event), "18")
    assert dispute.account_id == of_child.account
    [credit] = await events(runtime, EventKind.ADJUSTMENT)
    assert (credit.account_id, credit.item_id) == (of_child.account, of_child.usage)
    assert (await row(runtime, BillUnit, of_child.bill_unit)).balance == 30
    assert await of_bill(runtime, of_child.bill) == ("OPEN", "30.00", "30.00", "0.00")


async def test_unbilled_charges_take_their_disputes_along(
    runtime: Runtime, pending: Billed
) -> None:
    """Rules 5.3: what is disputed of an item is held back on whichever bill the item is."""
    dispute = await disputed(runtime, "8", item_id=pending.usage)
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        payers_unit = await default_bill_unit_id(unit, payer)
        await change_payer(unit, pending.bill_unit, paying_parent_id=payers_unit)
    await adds_up(runtime)
    [theirs] = await rows(runtime, Bill, bill_unit_id=payers_unit)
    assert (theirs.held, (await row(runtime, Bill, pending.bill)).held) == (8, 0)
    assert (await row(runtime, Dispute, dispute)).bill_id == theirs.id
    async with runtime.unit(ANA) as unit:
        await transfer(unit, [pending.bill_unit], BusinessDate(FIRST_BILL, "UTC"))
    await make(runtime, payers_unit)
    assert await of_bill(runtime, theirs.id) == ("OPEN", "40.00", "40.00", "8.00")
    await settled(runtime, dispute, "8")
    assert await of_bill(runtime, theirs.id) == ("OPEN", "40.00", "40.00", "0.00")


@pytest.mark.parametrize(
    ("granted", "stands"), [("48", "ACTIVE"), ("47.99", "INACTIVE (INACTIVE DEBT)")]
)
async def test_debt_goes_with_what_was_past_due(
    runtime: Runtime, made: Billed, granted: str, stands: str
) -> None:
    """Rules 7.4."""
    await set_clock(runtime, NOON.replace(year=2027, month=2))
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, made.account, Status.INACTIVE, reason="The card has expired")
    await settled(runtime, await disputed(runtime, bill_id=made.bill), granted)
    assert await account_state(runtime, made.account) == stands


async def test_whatever_the_status_of_the_account(runtime: Runtime, made: Billed) -> None:
    """A closed customer may be right too."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, made.account, Status.CLOSED)
    assert (
        await settled(runtime, await disputed(runtime, bill_id=made.bill), "48")
    ).status == "GRANTED"


async def test_two_dispute_the_same_at_once(runtime: Runtime, made: Billed) -> None:
    """The second finds what the first has left."""

    async def first(unit: Unit) -> None:
        await open_dispute(unit, item_id=made.usage, amount=Decimal(10), reason="x")

    async def second(unit: Unit) -> int:
        return (await open_dispute(unit, event_id=made.usage_event, reason="x")).id

    async with meanwhile(runtime, first, second) as task:
        rest = await row(runtime, Dispute, await task)
    assert rest.amount == 8
    await adds_up(runtime)


async def test_two_settle_the_same_at_once(runtime: Runtime, made: Billed) -> None:
    """Once."""
    dispute = await disputed(runtime, item_id=made.usage)

    async def first(unit: Unit) -> None:
        await settle_dispute(unit, dispute, granted=Decimal(10))

    async def second(unit: Unit) -> None:
        await settle_dispute(unit, dispute, granted=Decimal(18))

    async with meanwhile(runtime, first, second) as task:
        refusal = task.exception()
    assert getattr(refusal, "code", None) == ErrorCode.NOT_ALLOWED
    assert (await row(runtime, BillItem, made.usage)).adjusted == -10
    await adds_up(runtime)


async def test_disputing_changes_no_money(runtime: Runtime, made: Billed) -> None:
    """The balance is what it was: only what is granted changes it."""
    before = (await row(runtime, BillUnit, made.bill_unit)).balance
    dispute = await disputed(runtime, bill_id=made.bill)
    await settled(runtime, dispute, "0")
    assert (await row(runtime, BillUnit, made.bill_unit)).balance == before == 48
