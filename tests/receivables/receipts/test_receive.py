"""Rules 6.9: payments received go to the named bill, then to the oldest open ones; what is over
stays as credit.
"""

from decimal import Decimal

import pytest

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Allocation, Bill, BillStatus
from tenure.billing.credits.rules import OpenBill
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.payments.models import Payment, PaymentStatus
from tenure.receivables.receipts.actions import record_payment
from tenure.receivables.receipts.rules import split_payment
from tests.builders import account, default_bill_unit_id, paid_unit, set_account
from tests.checks import (
    ABE,
    MIA,
    account_state,
    events,
    forbidden,
    nothing_written,
    refused,
    row,
    rows,
)
from tests.conftest import ANA
from tests.receivables.receipts.bills import (
    DECEMBER,
    JANUARY,
    balance,
    billed,
    charge,
    number_of,
    open_amounts,
    payer,
)


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account that owes 30.00 of December and 20.00 of January."""
    async with runtime.unit(ANA) as unit:
        made = await payer(unit)
    await billed(runtime, made, "30.00", DECEMBER)
    await billed(runtime, made, "20.00", JANUARY)
    return made


async def received(
    runtime: Runtime, account_id: int, amount: str, reference: str = "R-1", **more: int
) -> int:
    """A payment that a manager recorded; its event."""
    async with runtime.unit(MIA) as unit:
        recorded = await record_payment(
            unit, account_id, amount=Decimal(amount), reference=reference, **more
        )
        return recorded.event_id


async def bills_of(runtime: Runtime, account_id: int) -> list[Bill]:
    """December's, January's."""
    return sorted(
        await rows(runtime, Bill, account_id=account_id), key=lambda bill: bill.period_end
    )


async def test_oldest_first(runtime: Runtime, carla: int) -> None:
    """Rules 6.9: without a bill the oldest open ones; the event says where it went."""
    event_id = await received(runtime, carla, "35.00")
    assert await open_amounts(runtime, carla) == ["0", "15"]
    december, january = await bills_of(runtime, carla)
    assert (december.status, january.status) == (BillStatus.PAID, BillStatus.OPEN)
    assert await balance(runtime, carla) == Decimal(15)
    [event] = await events(runtime, EventKind.PAYMENT, account_id=carla)
    assert (event.id, event.amount, event.currency, event.actor) == (
        event_id,
        Decimal(-35),
        "USD",
        MIA.name,
    )
    assert event.description == "Paid 35.00 USD (reference R-1)"
    [payment] = await rows(runtime, Payment)
    assert event.details == {
        "payment": payment.id,
        "amount": "35.00",
        "currency": "USD",
        "operation": "PAYMENT_RECEIVED",
        "reference": "R-1",
        "bills": {december.number: "30.00", january.number: "5.00"},
        "credit": "0.00",
    }
    assert (payment.status, payment.event_id, payment.payment_method_id) == (
        PaymentStatus.SUCCEEDED,
        event_id,
        None,
    )
    assert [(it.event_id, it.bill_id, it.amount) for it in await rows(runtime, Allocation)] == [
        (event_id, december.id, Decimal(30)),
        (event_id, january.id, Decimal(5)),
    ]


async def test_named_bill_first(runtime: Runtime, carla: int) -> None:
    """Rules 6.9: then the oldest, then it is credit."""
    _, january = await bills_of(runtime, carla)
    await received(runtime, carla, "25.00", bill_id=january.id)
    assert await open_amounts(runtime, carla) == ["25", "0"]
    await received(runtime, carla, "30.00", "R-2", bill_id=january.id)
    assert await open_amounts(runtime, carla) == ["0", "0"]
    assert await balance(runtime, carla) == Decimal(-5)
    details = (await events(runtime, EventKind.PAYMENT))[-1].details
    assert details is not None
    assert details["credit"] == "5.00"


async def test_statements_show_it(runtime: Runtime, carla: int) -> None:
    """Rules 6.6: the bill that it pays, and the one made since, which carried that one over."""
    december, january = await bills_of(runtime, carla)
    assert (december.total_due, january.previous_balance, january.total_due) == (
        Decimal(30),
        Decimal(30),
        Decimal(50),
    )
    await received(runtime, carla, "30.00")
    december, january = await bills_of(runtime, carla)
    assert (december.payments, december.total_due) == (Decimal(-30), Decimal(0))
    assert (january.payments, january.total_due) == (Decimal(-30), Decimal(20))


async def test_credit_pays_the_next_bill(runtime: Runtime) -> None:
    """Rules 6.9: what is over stays as credit, and is there when the next bill is made."""
    async with runtime.unit(ANA) as unit:
        carla = await payer(unit)
    await received(runtime, carla, "12.00")
    assert await balance(runtime, carla) == Decimal(-12)
    bill = await row(runtime, Bill, await billed(runtime, carla, "20.00"))
    assert (bill.previous_balance, bill.total_due, bill.open_amount) == (
        Decimal(-12),
        Decimal(8),
        Decimal(8),
    )
    assert await balance(runtime, carla) == Decimal(8)


@pytest.mark.parametrize("status", [Status.INACTIVE, Status.CLOSED])
async def test_whatever_the_status(runtime: Runtime, carla: int, status: Status) -> None:
    """Rules 6.9: accepted; it changes no status and no closing date."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, status)
    stood = await account_state(runtime, carla)
    changes = await events(runtime, account_id=carla)
    await received(runtime, carla, "50.00")
    assert await open_amounts(runtime, carla) == ["0", "0"]
    assert await account_state(runtime, carla) == stood
    assert len(await events(runtime, account_id=carla)) == len(changes)


async def test_same_reference_is_recorded_once(runtime: Runtime, carla: int) -> None:
    """Rules 6.9: it answers with the first event; under another amount or bill, or of another
    account, it is another payment.
    """
    december, january = await bills_of(runtime, carla)
    first = await received(runtime, carla, "10.00", bill_id=december.id)
    async with nothing_written(runtime):
        assert await received(runtime, carla, "10.00", " R-1 ", bill_id=december.id) == first
    async with refused(runtime, ErrorCode.TAKEN, "reference") as refusal:
        await received(runtime, carla, "10.01", bill_id=december.id)
    assert refusal.value.message == "Another payment has this reference: 10.00 USD."
    async with refused(runtime, ErrorCode.TAKEN, "reference"):
        await received(runtime, carla, "10.00", bill_id=january.id)
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other")
    assert await received(runtime, other, "10.00") != first


@pytest.mark.parametrize(
    ("amount", "reference", "code", "path"),
    [
        ("0", "R-1", ErrorCode.OUT_OF_RANGE, "amount"),
        ("-1", "R-1", ErrorCode.OUT_OF_RANGE, "amount"),
        ("1000000000001", "R-1", ErrorCode.OUT_OF_RANGE, "amount"),
        ("0.005", "R-1", ErrorCode.INVALID, "amount"),
        ("NaN", "R-1", ErrorCode.INVALID, "amount"),
        ("10", " ", ErrorCode.REQUIRED, "reference"),
        ("10", "x" * 256, ErrorCode.OUT_OF_RANGE, "reference"),
    ],
)
async def test_what_cannot_be_recorded(
    runtime: Runtime, carla: int, amount: str, reference: str, code: ErrorCode, path: str
) -> None:
    """With code and path, nothing posted."""
    async with refused(runtime, code, path):
        await received(runtime, carla, amount, reference)


async def test_bills_that_cannot_be_named(runtime: Runtime, carla: int) -> None:
    """Another account's, none at all, or one that is not made yet."""
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other")
        await charge(unit, other, "5.00", JANUARY)
    [pending] = await rows(runtime, Bill, account_id=other)
    for bill_id in (pending.id, 99):
        async with refused(runtime, ErrorCode.NOT_FOUND, "bill_id"):
            await received(runtime, carla, "10.00", bill_id=bill_id)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "bill_id") as refusal:
        await received(runtime, other, "5.00", bill_id=pending.id)
    number = await number_of(runtime, pending.id)
    assert (
        refusal.value.message
        == f"Bill {number} is not final yet. Omit it to keep the payment as credit."
    )
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_id"):
        await received(runtime, 99, "10.00")


async def test_whose_credit_it_is(runtime: Runtime) -> None:
    """The first bill unit that pays for itself; where none does, the default one. The balances add
    up.
    """
    async with runtime.unit(ANA) as unit:
        parent = await account(unit, "Parent")
        carla = await payer(unit)
        second = await paid_unit(unit, carla, parent)
    await received(runtime, carla, "10.00")
    async with runtime.unit(ANA) as unit:
        default = await default_bill_unit_id(unit, carla)
    assert {it.id: it.balance for it in await rows(runtime, BillUnit, account_id=carla)} == {
        default: Decimal(-10),
        second: Decimal(0),
    }


async def test_only_managers_record_payments(runtime: Runtime, carla: int) -> None:
    """Rules 10."""
    async with forbidden(runtime), runtime.unit(ABE) as unit:
        await record_payment(unit, carla, amount=Decimal(10), reference="R-1")


def test_spread() -> None:
    """Rules 6.9: nothing is lost, no bill gets more than is open, and what is left is what the next
    payment finds.
    """
    bills = [OpenBill(number, 1, f"B-{number}", Decimal(10)) for number in (1, 2, 3)]
    share = split_payment(Decimal(25), bills, first=3)
    assert [(bill.id, amount) for bill, amount in share.parts] == [(3, 10), (1, 10), (2, 5)]
    assert (share.rest, [(bill.id, bill.open_amount) for bill in share.left_open]) == (
        0,
        [(2, Decimal(5))],
    )
    assert split_payment(Decimal(25), []).rest == Decimal(25)
