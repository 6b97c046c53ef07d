"""Rules 6.9: a credit on the account counts as a payment does, wherever it comes from."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tenure.accounts.models import BillUnit
from tenure.batch.bill_day.actions import make_bills
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.models import Bill, BillStatus
from tenure.disputes.actions import adjust, open_dispute, settle_dispute
from tenure.events.models import EventKind
from tenure.hierarchy.payers.actions import add_bill_unit
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tenure.receivables.receipts.actions import hold_for_debt, record_payment
from tests.builders import catalog_offer, purchased_offer, service, set_offer
from tests.checks import MIA, account_state, events, row, rows
from tests.conftest import ANA, set_clock
from tests.receivables.collection.bank import Bank, collect, opened
from tests.receivables.receipts.bills import (
    DECEMBER,
    JANUARY,
    balance,
    billed,
    charge,
    noon,
    open_amounts,
    payer,
)
from tests.sums import check_sums

FEBRUARY = date(2027, 2, 1)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The gateway."""
    return opened(monkeypatch)


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """Pays by card, and owes 50.00 of December."""
    async with runtime.unit(ANA) as unit:
        made = await payer(unit, token="tok_ok")
    await billed(runtime, made, "50.00")
    return made


async def credited(runtime: Runtime, account_id: int, amount: str) -> int:
    """A credit that a manager gave; its event."""
    async with runtime.unit(MIA) as unit:
        return await adjust(unit, account_id=account_id, amount=-Decimal(amount), reason="Goodwill")


async def stated(runtime: Runtime, account_id: int) -> list[tuple[str, ...]]:
    """Of each bill: status, previous balance, charges, payments, adjustments, total due, open
    amount.
    """
    bills = sorted(
        await rows(runtime, Bill, account_id=account_id), key=lambda bill: bill.period_end
    )
    names = (
        "previous_balance",
        "current_charges",
        "payments",
        "adjustments",
        "total_due",
        "open_amount",
    )
    return [(str(bill.status), *(f"{getattr(bill, name):.2f}" for name in names)) for bill in bills]


async def test_credit_of_the_account_pays_the_open_bill(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """Rules 6.9: the bill is paid by it, the card is not charged, and what is over is on the next
    bill.
    """
    event_id = await credited(runtime, carla, "60.00")
    assert await balance(runtime, carla) == Decimal(-10)
    [paid, pending] = await stated(runtime, carla)
    assert paid == ("PAID", "0.00", "50.00", "-50.00", "0.00", "0.00", "0.00")
    assert pending[0] == "PENDING"
    await collect(runtime, DECEMBER)
    assert bank.taken == []
    assert await events(runtime, EventKind.PAYMENT) == []
    assert [it.id for it in await events(runtime, EventKind.ADJUSTMENT)] == [event_id]
    words = "Credit of 50.00 USD used for bill B-1-20261201"
    assert [(it.description, it.amount) for it in await events(runtime, EventKind.TRANSFER)] == [
        (words, Decimal(50)),
        (words, Decimal(-50)),
    ]
    await billed(runtime, carla, "100.00", JANUARY)
    assert (await stated(runtime, carla))[1] == (
        "OPEN",
        "0.00",
        "100.00",
        "0.00",
        "-10.00",
        "90.00",
        "90.00",
    )
    await collect(runtime, JANUARY)
    assert [amount for _, amount in bank.taken] == [Decimal(90)]
    await check_sums(runtime)


async def test_credit_of_a_part(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Rules 6.9: 20.00 of 50.00, and 30.00 is collected."""
    await credited(runtime, carla, "20.00")
    assert await open_amounts(runtime, carla) == ["3E+1", "0"]
    await collect(runtime, DECEMBER)
    assert [amount for _, amount in bank.taken] == [Decimal(30)]
    await check_sums(runtime)


async def test_credit_before_the_bill(runtime: Runtime, bank: Bank) -> None:
    """Rules 6.9: it is on the bill that is made next, and on no card."""
    async with runtime.unit(ANA) as unit:
        carla = await payer(unit, token="tok_ok")
    await credited(runtime, carla, "60.00")
    await billed(runtime, carla, "50.00")
    assert await open_amounts(runtime, carla) == ["0"]
    await collect(runtime, DECEMBER)
    assert bank.taken == []
    await billed(runtime, carla, "30.00", JANUARY)
    assert await open_amounts(runtime, carla) == ["0", "2E+1"]
    await check_sums(runtime)


async def test_it_counts_whatever_is_charged_and_not_billed(runtime: Runtime, carla: int) -> None:
    """Rules 6.9: as a payment would, which does not wait for the next bill either."""
    async with runtime.unit(MIA) as unit:
        await charge(unit, carla, "500.00", DECEMBER)
        await adjust(unit, account_id=carla, amount=Decimal(40), reason="A letter")
    await credited(runtime, carla, "60.00")
    assert await open_amounts(runtime, carla) == ["0", "0"]
    assert await balance(runtime, carla) == Decimal(530)
    await check_sums(runtime)


async def test_nothing_overdue_and_no_hold(runtime: Runtime, carla: int) -> None:
    """Rules 7.4: the DEBT hold goes with what was past due, and stays while a cent of it is."""
    await set_clock(runtime, noon(FEBRUARY))
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, carla, Status.INACTIVE, reason="The card has expired")
    await credited(runtime, carla, "49.99")
    assert await account_state(runtime, carla) == "INACTIVE (INACTIVE DEBT)"
    await credited(runtime, carla, "0.01")
    assert await account_state(runtime, carla) == "ACTIVE"
    await check_sums(runtime)


async def test_bill_units_share_the_credit(runtime: Runtime, carla: int) -> None:
    """Rules 6.9: of an adjustment, an overpayment or a granted dispute; to the oldest bill,
    whosever bill unit it is.
    """
    async with runtime.unit(ANA) as unit:
        second = (await add_bill_unit(unit, carla, name="Second")).id
        await record_payment(unit, carla, amount=Decimal(57), reference="R-1")
    await set_clock(runtime, noon(JANUARY))
    async with runtime.unit(ANA) as unit:
        await charge(unit, carla, "20.00", JANUARY - timedelta(days=1), bill_unit_id=second)
        await make_bills(unit, [second], BusinessDate(JANUARY, "UTC"))
    bill = await row(runtime, Bill, (await rows(runtime, Bill, bill_unit_id=second))[0].id)
    assert (bill.open_amount, bill.total_due) == (Decimal(13), Decimal(13))
    await credited(runtime, carla, "3.00")
    [december] = await rows(runtime, Bill, bill_unit_id=1, billed_on=DECEMBER)
    async with runtime.unit(MIA) as unit:
        dispute = await open_dispute(unit, bill_id=december.id, amount=Decimal(4), reason="Wrong")
        await settle_dispute(unit, dispute.id, granted=Decimal(4))
    bill = await row(runtime, Bill, bill.id)
    assert (bill.open_amount, bill.total_due) == (Decimal(6), Decimal(6))
    assert {it.id: it.balance for it in await rows(runtime, BillUnit)} == {1: 0, second: Decimal(6)}
    await check_sums(runtime)


async def test_what_is_disputed_meanwhile(runtime: Runtime, carla: int) -> None:
    """Rules 8.1: it is not due and takes no credit; denied, the credit that is left pays it."""
    async with runtime.unit(MIA) as unit:
        [bill] = await rows(runtime, Bill, account_id=carla)
        dispute = await open_dispute(unit, bill_id=bill.id, amount=Decimal(30), reason="Wrong")
    await credited(runtime, carla, "60.00")
    bill = await row(runtime, Bill, bill.id)
    assert (bill.status, bill.open_amount, bill.paid) == (BillStatus.OPEN, 0, Decimal(-20))
    async with runtime.unit(MIA) as unit:
        await settle_dispute(unit, dispute.id, granted=Decimal(0))
    bill = await row(runtime, Bill, bill.id)
    assert (bill.status, bill.paid, await balance(runtime, carla)) == (
        BillStatus.PAID,
        Decimal(-50),
        Decimal(-10),
    )
    await check_sums(runtime)


@pytest.mark.parametrize(("fee", "left"), [("49.99", "50.00"), ("50.00", "0.00")])
async def test_fees_given_back_where_nothing_is_owed(
    runtime: Runtime, carla: int, fee: str, left: str
) -> None:
    """Rules 6.9: what is given back is on the next bill, and pays at once where it leaves nothing
    owed.
    """
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "line", monthly_fee=Decimal(fee))
        line = await service(unit, carla)
        offer = await purchased_offer(unit, carla, line, code="line")
    async with runtime.unit(ANA) as unit:
        await charge(unit, carla, f"-{fee}", DECEMBER)
        await set_offer(unit, offer, Status.INACTIVE)
    assert (await stated(runtime, carla))[0][-1] == left
    await check_sums(runtime)


async def test_debt_hold_does_not_end_itself(runtime: Runtime, carla: int) -> None:
    """Rules 7.3: what the hold gives back is no payment of the bill that it is for."""
    await set_clock(runtime, noon(FEBRUARY))
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, carla, Status.INACTIVE, reason="The card has expired")
        await charge(unit, carla, "-50.00", FEBRUARY)
    await credited(runtime, carla, "1.00")
    assert (await stated(runtime, carla))[0][-1] == "49.00"
    assert await account_state(runtime, carla) == "INACTIVE (INACTIVE DEBT)"
