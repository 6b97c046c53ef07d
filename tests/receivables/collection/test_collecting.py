"""Rules 7.3: when cards and direct debits are collected, what becomes of it, and that nobody is
charged twice.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenure.batch import receivables_steps
from tenure.billing.bills.actions import apply_bill_changes
from tenure.billing.bills.models import Allocation, Bill, BillStatus
from tenure.billing.bills.rules import BillChange
from tenure.events.models import EventKind
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import Payment, PaymentMethodKind, PaymentStatus
from tenure.payments.rules import NewPaymentMethod
from tenure.policies import PaymentOutcome
from tenure.receivables.collection import actions
from tenure.receivables.collection.rules import next_collection
from tenure.receivables.receipts.actions import record_payment
from tenure.receivables.receipts.rules import Receipt
from tests.checks import account_state, events, nothing_written, row, rows
from tests.conftest import ANA
from tests.receivables.collection.bank import Bank, Killed, collect, days, opened
from tests.receivables.receipts.bills import (
    DECEMBER,
    balance,
    billed,
    number_of,
    open_amounts,
    payer,
    payment_texts,
)

THE_DAY_AFTER = DECEMBER + timedelta(days=1)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The gateway."""
    return opened(monkeypatch)


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account that pays by card; whether it can, its token says."""
    async with runtime.unit(ANA) as unit:
        return await payer(unit, token="tok_carla")


async def test_collected_on_the_day_of_the_bill(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.3: bill, allocation, event and balance agree; the event names the method."""
    bill_id = await billed(runtime, carla, "25.00")
    number = await number_of(runtime, bill_id)
    await collect(runtime, DECEMBER)
    assert bank.taken == [(f"{number}/20261201", Decimal(25))]
    bill = await row(runtime, Bill, bill_id)
    assert (bill.status, bill.open_amount, bill.payments, bill.total_due) == (
        BillStatus.PAID,
        0,
        Decimal(-25),
        0,
    )
    assert await balance(runtime, carla) == 0
    [payment] = await rows(runtime, Payment)
    assert (payment.status, payment.result, payment.asked_on) == (
        PaymentStatus.SUCCEEDED,
        "succeeded",
        DECEMBER,
    )
    [event] = await events(runtime, EventKind.PAYMENT)
    assert (event.amount, event.description) == (
        Decimal(-25),
        f"Paid 25.00 USD (Visa ···· 4242, bill {number})",
    )
    assert event.details == {
        "payment": payment.id,
        "amount": "25.00",
        "currency": "USD",
        "operation": "PAYMENT_COLLECTED",
        "bill": number,
        "kind": "CREDIT_CARD",
        "brand": "Visa",
        "lastFour": "4242",
        "gateway": "bank-1",
        "bills": {number: "25.00"},
        "credit": "0.00",
    }
    [allocation] = await rows(runtime, Allocation)
    assert (allocation.event_id, allocation.bill_id, allocation.amount) == (
        event.id,
        bill_id,
        Decimal(25),
    )
    assert payment.event_id == event.id


async def test_second_run_changes_nothing(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.5: whether it was paid or not."""
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other", token="tok_other")
    await billed(runtime, carla, "25.00")
    await billed(runtime, other, "10.00")
    bank.outcomes["tok_other"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await collect(runtime, DECEMBER)
    async with nothing_written(runtime):
        await collect(runtime, DECEMBER)
    assert len(bank.calls) == 2


async def test_direct_debits_too_but_no_invoices(runtime: Runtime, bank: Bank) -> None:
    """Rules 7.3: an invoice is paid by the customer."""
    async with runtime.unit(ANA) as unit:
        by_debit, by_invoice, by_nothing = [
            await payer(unit, name) for name in ("Debit", "Invoice", "Nothing")
        ]
        await add_payment_method(
            unit, NewPaymentMethod(by_debit, kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok")
        )
        await add_payment_method(unit, NewPaymentMethod(by_invoice, kind=PaymentMethodKind.INVOICE))
    for account_id in (by_debit, by_invoice, by_nothing):
        await billed(runtime, account_id, "25.00")
    await days(runtime, 0, 1, 3, 7, 14, 30, 31, 61)
    assert [await open_amounts(runtime, it) for it in (by_debit, by_invoice, by_nothing)] == [
        ["0"],
        ["25"],
        ["25"],
    ]
    assert len(bank.calls) == 1
    assert await account_state(runtime, by_invoice) == "ACTIVE"


async def test_insufficient_funds_are_tried_again_on_those_days(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 7.3: 3, 7 and 14 days later and on the due date; nothing is held, also long after."""
    number = await number_of(runtime, await billed(runtime, carla, "25.00"))
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, *range(33), 60, 61, 90)
    tried = [payment.business_date for payment in await rows(runtime, Payment)]
    assert tried == [DECEMBER + timedelta(days=after) for after in (0, 3, 7, 14, 30)]
    assert await account_state(runtime, carla) == "ACTIVE"
    words = f"Payment of 25.00 USD failed (Visa ···· 4242, bill {number}): insufficient funds"
    assert await payment_texts(runtime, carla) == [words] * 5
    assert [event.amount for event in await events(runtime, EventKind.PAYMENT)] == [None] * 5
    assert await balance(runtime, carla) == Decimal(25)


async def test_what_is_paid_in_between_is_not_collected(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 7.3: what is still due, no more."""
    bill_id = await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await collect(runtime, DECEMBER)
    bank.outcomes.clear()
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(10), reference="R-1", bill_id=bill_id)
    await days(runtime, 1, 3, 7, 30)
    assert [amount for _, amount in bank.taken] == [Decimal(15)]
    assert await open_amounts(runtime, carla) == ["0"]


async def test_what_is_disputed_is_not_collected(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 8.1."""
    bill_id = await billed(runtime, carla, "25.00")
    async with runtime.unit(ANA) as unit:
        await apply_bill_changes(unit, [BillChange(bill_id, held=Decimal(5))])
    await collect(runtime, DECEMBER)
    assert [amount for _, amount in bank.taken] == [Decimal(20)]


async def test_day_that_was_missed_is_made_up(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.5: the next bill day collects it, once, and goes on as it would have."""
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    for after in (0, 5, 6, 7, 30, 31):
        await collect(runtime, DECEMBER + timedelta(days=after))
    tried = [payment.business_date - DECEMBER for payment in await rows(runtime, Payment)]
    assert [it.days for it in tried] == [0, 5, 7, 30]


async def test_no_answer_is_asked_about_the_next_day(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 7.3: it stays open, is not tried again meanwhile, and is resolved by asking with the
    same key.
    """
    number = await number_of(runtime, await billed(runtime, carla, "25.00"))
    key = f"{number}/20261201"
    bank.is_silent = True
    for on in (DECEMBER, DECEMBER, THE_DAY_AFTER, DECEMBER + timedelta(days=3)):
        await collect(runtime, on)
    assert bank.calls == [f"charge {key}", f"ask {key}", f"ask {key}"]
    [payment] = await rows(runtime, Payment)
    assert (payment.status, payment.result) == (PaymentStatus.PENDING, "no_answer")
    assert await payment_texts(runtime, carla) == []
    assert await account_state(runtime, carla) == "ACTIVE"
    bank.is_silent = False
    await collect(runtime, DECEMBER + timedelta(days=4))
    assert bank.taken == [(key, Decimal(25))]
    assert await open_amounts(runtime, carla) == ["0"]
    assert [it.status for it in await rows(runtime, Payment)] == [PaymentStatus.SUCCEEDED]


async def test_no_answer_that_was_a_failure(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 7.3: then it failed, and is tried again on the days that are left."""
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"], bank.is_silent = PaymentOutcome.INSUFFICIENT_FUNDS, True
    await collect(runtime, DECEMBER)
    bank.is_silent = False
    await days(runtime, *range(1, 8))
    found = [(it.business_date.day, it.status, it.result) for it in await rows(runtime, Payment)]
    assert found == [(day, PaymentStatus.FAILED, "insufficient_funds") for day in (1, 4, 8)]


@pytest.mark.parametrize("again", [DECEMBER, THE_DAY_AFTER], ids=["same day", "next day"])
@pytest.mark.parametrize(
    "where",
    [
        "before the claim is committed",
        "before the gateway is asked",
        "before the gateway has heard of it",
        "after the gateway has taken the money",
        "before the result is committed",
    ],
)
async def test_killed_anywhere_nobody_is_charged_twice(
    runtime: Runtime,
    carla: int,
    bank: Bank,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    again: date,
) -> None:
    """Rules 7.3: killed between any two of these operations, the next run charges once."""
    await billed(runtime, carla, "25.00")
    with monkeypatch.context() as patched:
        kill(patched, bank, where)
        with pytest.raises(Killed):
            await collect(runtime, DECEMBER)
    bank.dies = ""
    await collect(runtime, again)
    assert [amount for _, amount in bank.taken] == [Decimal(25)]
    [payment] = await rows(runtime, Payment)
    assert payment.status is PaymentStatus.SUCCEEDED
    assert len(await events(runtime, EventKind.PAYMENT)) == 1
    assert await open_amounts(runtime, carla) == ["0"]
    assert await balance(runtime, carla) == 0
    async with nothing_written(runtime):
        await collect(runtime, again)


def kill(patched: pytest.MonkeyPatch, bank: Bank, where: str) -> None:
    """Let the process die there."""

    async def die(*_: object, **__: object) -> None:
        raise Killed(where)

    real_claim, real_settle = actions.claim_payments, actions.settle_payments

    async def claim_and_die(*given: object, **named: object) -> None:
        await real_claim(*given, **named)  # type: ignore[arg-type]
        raise Killed(where)

    async def settle_and_die(*given: object) -> None:
        await real_settle(*given)  # type: ignore[arg-type]
        raise Killed(where)

    bank.dies = where
    if where == "before the claim is committed":
        patched.setattr(receivables_steps, "claim_payments", claim_and_die)
    elif where == "before the gateway is asked":
        patched.setattr(receivables_steps, "gateway_answers", die)
    elif where == "before the result is committed":
        patched.setattr(receivables_steps, "settle_payments", settle_and_die)


async def test_left_by_who_died_and_paid_since(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 7.3: what the gateway has never heard of, and nobody owes any more, is not charged."""
    await billed(runtime, carla, "25.00")
    with monkeypatch.context() as patched:
        kill(patched, bank, "before the gateway is asked")
        with pytest.raises(Killed):
            await collect(runtime, DECEMBER)
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(25), reference="R-1")
    await collect(runtime, THE_DAY_AFTER)
    assert bank.taken == []
    payment, _ = await rows(runtime, Payment)
    assert (payment.status, payment.result, payment.event_id) == (
        PaymentStatus.FAILED,
        "withdrawn",
        None,
    )
    assert await balance(runtime, carla) == 0


async def test_money_taken_though_paid_since(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.9: it is there, so it is booked; what is over stays as credit."""
    await billed(runtime, carla, "25.00")
    bank.is_silent = True
    await collect(runtime, DECEMBER)
    bank.is_silent = False
    async with runtime.unit(ANA) as unit:
        await record_payment(unit, carla, amount=Decimal(20), reference="R-1")
    await collect(runtime, THE_DAY_AFTER)
    assert await open_amounts(runtime, carla) == ["0"]
    assert await balance(runtime, carla) == Decimal(-20)


async def test_workers_side_by_side(runtime: Runtime, bank: Bank) -> None:
    """Rules 4.6, for payments: each bill is collected once."""
    async with runtime.unit(ANA) as unit:
        payers = [await payer(unit, f"Payer {n}", token="tok_ok") for n in range(12)]
    for account_id in payers:
        await billed(runtime, account_id, "25.00")
    await asyncio.gather(*(collect(runtime, DECEMBER, limit=2) for _ in range(3)))
    assert len(bank.taken) == len(set(bank.taken)) == 12
    assert [it.status for it in await rows(runtime, Payment)] == [PaymentStatus.SUCCEEDED] * 12
    assert [await balance(runtime, account_id) for account_id in payers] == [0] * 12


async def test_unforeseen_fault_sets_one_account_aside(
    runtime: Runtime, carla: int, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 6.5: the others go on; the money that was taken is booked by the next run, without
    being taken again.
    """
    async with runtime.unit(ANA) as unit:
        other = await payer(unit, "Other", token="tok_other")
    for account_id in (carla, other):
        await billed(runtime, account_id, "25.00")
    real = actions.book_payments

    async def book(unit: Unit, receipts: Sequence[Receipt]) -> Sequence[int]:
        if any(receipt.payment.account_id == carla for receipt in receipts):
            raise ZeroDivisionError
        return await real(unit, receipts)

    with monkeypatch.context() as patched:
        patched.setattr(actions, "book_payments", book)
        refused = await collect(runtime, DECEMBER)
    assert refused == {carla: "Unexpected error (ZeroDivisionError)."}
    assert [await open_amounts(runtime, it) for it in (carla, other)] == [["25"], ["0"]]
    await collect(runtime, DECEMBER)
    assert await open_amounts(runtime, carla) == ["0"]
    assert len(bank.taken) == 2


async def test_who_is_aside_is_left_out(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.5: who failed in this run is left to the next one."""
    await billed(runtime, carla, "25.00")
    await collect(runtime, DECEMBER, quarantined=[carla])
    assert bank.calls == []
    await collect(runtime, DECEMBER)
    assert len(bank.calls) == 1


def test_days_of_collection() -> None:
    """Rules 7.3: in their order, also where the due date comes before some of them, or is one of
    them.
    """

    def after(term: int) -> list[int]:
        bill = Bill(billed_on=DECEMBER, due_on=DECEMBER + timedelta(days=term))
        found, on = [0], next_collection(bill, DECEMBER)
        while on is not None:
            found.append((on - DECEMBER).days)
            on = next_collection(bill, on)
        return found

    assert [after(term) for term in (30, 10, 7, 0)] == [
        [0, 3, 7, 14, 30],
        [0, 3, 7, 10, 14],
        [0, 3, 7, 14],
        [0, 3, 7, 14],
    ]
    assert next_collection(Bill(), DECEMBER) is None
