"""A bill of 48.00: a purchase fee of 30.00, and usage for 20.00 less a discount of 2.00; and that
everything adds up.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenure.batch.bill_day.actions import make_bills, transfer
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.bills.rules import Charge
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event, EventKind
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, child, default_bill_unit_id, service
from tests.checks import row, rows
from tests.conftest import ANA, NOON
from tests.sums import check_sums

FIRST_BILL = date(2026, 12, 10)


@dataclass(frozen=True, slots=True)
class Billed:
    """Whose bill it is, its items, and their events."""

    account: int
    bill_unit: int
    bill: int
    purchase: int
    usage: int
    fee_event: int
    usage_event: int
    discount_event: int


def charge(account_id: int, bill_unit_id: int, kind: EventKind, amount: str, **more: Any) -> Charge:
    """A charge of today."""
    given = {
        "currency": "USD",
        "description": str(kind),
        "occurred_at": NOON,
        "day": NOON.date(),
    } | more
    return Charge(account_id, bill_unit_id, kind, Decimal(amount), **given)


async def charged(runtime: Runtime, unit: Unit, account_id: int) -> tuple[int, list[int]]:
    """The charges of 48.00; answers with the bill unit and the events."""
    bill_unit, line = await default_bill_unit_id(unit, account_id), await service(unit, account_id)
    events = await post(
        unit,
        [
            charge(account_id, bill_unit, EventKind.PURCHASE_FEE, "30"),
            charge(account_id, bill_unit, EventKind.USAGE, "20", service_id=line),
            charge(account_id, bill_unit, EventKind.DISCOUNT, "-2", service_id=line, followed=1),
        ],
    )
    return bill_unit, list(events)


@pytest.fixture
async def pending(runtime: Runtime) -> Billed:
    """While the bill still collects charges."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        bill_unit, events = await charged(runtime, unit, owner)
    return await billed(runtime, owner, bill_unit, events)


@pytest.fixture
async def made(runtime: Runtime, pending: Billed) -> Billed:
    """When the bill is made."""
    await make(runtime, pending.bill_unit)
    return pending


@pytest.fixture
async def of_child(runtime: Runtime) -> Billed:
    """A finalized bill with items of a nonpaying bill unit; `account` is the payer."""
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        paid = await child(unit, payer)
        bill_unit, events = await charged(runtime, unit, paid)
        payers_unit = await default_bill_unit_id(unit, payer)
    async with runtime.unit(ANA) as unit:
        await transfer(unit, [bill_unit], BusinessDate(FIRST_BILL, "UTC"))
    await make(runtime, payers_unit)
    return await billed(runtime, payer, payers_unit, events)


async def billed(runtime: Runtime, owner: int, bill_unit: int, events: list[int]) -> Billed:
    """What was made of the charges."""
    [bill] = await rows(runtime, Bill, bill_unit_id=bill_unit)
    items = [(await row(runtime, Event, event)).item_id or 0 for event in events[:2]]
    return Billed(owner, bill_unit, bill.id, *items, *events)


async def make(runtime: Runtime, bill_unit: int, on: date = FIRST_BILL) -> None:
    """Make the bill of the cycle that ends on this day."""
    async with runtime.unit(ANA) as unit:
        await make_bills(unit, [bill_unit], BusinessDate(on, "UTC"))


async def adds_up(runtime: Runtime) -> None:
    """Every sum holds, and what is held of each item is what is disputed of it."""
    await check_sums(runtime)
    disputes = await rows(runtime, Dispute, status=DisputeStatus.OPEN)
    for item in await rows(runtime, BillItem):
        assert item.held == sum(
            dispute.amount for dispute in disputes if dispute.item_id == item.id
        )
        assert item.due == item.total + item.adjusted - item.held
