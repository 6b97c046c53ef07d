"""Inserts bills, items, charges and disputes as rows, for tests of how the API shows them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event, EventKind
from tenure.kernel.db import Base
from tenure.kernel.unit import Unit
from tests.conftest import NOON

DECEMBER, JANUARY = date(2026, 12, 10), date(2027, 1, 10)


async def bill(
    unit: Unit, bill_unit_id: int, end: date = DECEMBER, *, made: bool = True, **more: Any
) -> int:
    """A bill of a bill unit whose period ends on `end`; pending where `made` is false."""
    payer = await unit.session.get_one(BillUnit, bill_unit_id)
    columns = {
        "number": f"B-{bill_unit_id}-{end:%Y%m%d}",
        "account_id": payer.account_id,
        "bill_unit_id": bill_unit_id,
        "currency": payer.currency,
        "period_start": end - timedelta(days=30),
        "period_end": end,
        "billed_on": end if made else None,
        "due_on": end + timedelta(days=30) if made else None,
        "created_at": NOON,
    }
    return await _inserted_id(unit, Bill(**columns | more))


async def item(unit: Unit, bill_id: int, bill_unit_id: int, total: str = "10", **more: Any) -> int:
    """An item of a bill, for the charges of a bill unit; its kind is CYCLE by default."""
    owner = await unit.session.get_one(BillUnit, bill_unit_id)
    columns = {
        "bill_id": bill_id,
        "bill_unit_id": bill_unit_id,
        "account_id": owner.account_id,
        "kind": BillItemKind.CYCLE,
        "name": "Monthly fees",
        "currency": owner.currency,
        "total": Decimal(total),
    }
    return await _inserted_id(unit, BillItem(**columns | more))


async def charge(unit: Unit, item_id: int, amount: str | None = "10", **more: Any) -> int:
    """A charge (an event with an amount) of an item."""
    bill_item = await unit.session.get_one(BillItem, item_id)
    columns = {
        "kind": EventKind.CYCLE_FEE,
        "account_id": bill_item.account_id,
        "item_id": item_id,
        "occurred_at": NOON,
        "recorded_at": NOON,
        "description": "Net: 30 of 30 days",
        "amount": None if amount is None else Decimal(amount),
        "currency": bill_item.currency,
        "actor": "tenure",
    }
    return await _inserted_id(unit, Event(**columns | more))


async def dispute(unit: Unit, bill_id: int, amount: str = "5", **more: Any) -> int:
    """An open dispute of a bill."""
    disputed_bill = await unit.session.get_one(Bill, bill_id)
    columns = {
        "account_id": disputed_bill.account_id,
        "bill_id": bill_id,
        "amount": Decimal(amount),
        "currency": disputed_bill.currency,
        "reason": "Never used",
        "status": DisputeStatus.OPEN,
        "opened_at": NOON,
        "opened_by": "ana@example.com",
    }
    return await _inserted_id(unit, Dispute(**columns | more))


async def set_balance(unit: Unit, bill_unit_id: int, balance: str) -> None:
    """Set the balance of a bill unit."""
    (await unit.session.get_one(BillUnit, bill_unit_id)).balance = Decimal(balance)
    await unit.session.flush()


async def _inserted_id(unit: Unit, row: Base) -> int:
    unit.session.add(row)
    await unit.session.flush()
    return int(inspect(row).identity[0])  # type: ignore[index]
