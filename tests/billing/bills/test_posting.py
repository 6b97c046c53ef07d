"""Rules 6.2, 6.6 and 6.9: a charge becomes an event of an item of the next bill."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tenure.accounts.models import BillUnit
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import Bill, BillItem, BillItemKind, BillStatus
from tenure.billing.bills.rules import Charge
from tenure.events.models import Event, EventKind
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime, Unit
from tests import builders
from tests.checks import refused, row, rows
from tests.conftest import ANA, NOON
from tests.status.cascades.test_size import Counted

STATEMENTS = 8


def charge(account_id: int, bill_unit_id: int, amount: str, **more: Any) -> Charge:
    """A monthly fee of today, or what `more` says."""
    said = {
        "kind": EventKind.CYCLE_FEE,
        "currency": "USD",
        "description": "Flat",
        "occurred_at": NOON,
        "day": NOON.date(),
    }
    return Charge(
        account_id=account_id, bill_unit_id=bill_unit_id, amount=Decimal(amount), **said | more
    )


async def customer(unit: Unit, name: str = "Carla", **more: Any) -> tuple[int, int]:
    """An account that is billed on the first, and its bill unit."""
    account = await builders.account(unit, name, **{"billing_day_of_month": 1} | more)
    return account, await builders.default_bill_unit_id(unit, account)


async def test_charges_of_one_kind_and_service_are_one_item(runtime: Runtime) -> None:
    """What was posted before is added to, and a discount is in the item of what it is taken off."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit)
        line = await builders.service(unit, account, "carla")
        fee = charge(account, bill_unit, "30.00", service_id=line)
        off = charge(
            account, bill_unit, "-3.00", kind=EventKind.DISCOUNT, service_id=line, followed=0
        )
        ids = await post(
            unit, [fee, off, charge(account, bill_unit, "9.95", kind=EventKind.PURCHASE_FEE)]
        )
        ids += await post(
            unit, [charge(account, bill_unit, "0.05", service_id=line, details={"days": 1})]
        )
    items = {item.name: (item.kind, item.total, item.due) for item in await rows(runtime, BillItem)}
    assert items == {
        "Monthly fees · Internet": (BillItemKind.CYCLE, Decimal("27.05"), Decimal("27.05")),
        "Purchase fees": (BillItemKind.PURCHASE, Decimal("9.95"), Decimal("9.95")),
    }
    [bill] = await rows(runtime, Bill)
    assert (bill.status, bill.current_charges, bill.total_due) == (
        BillStatus.PENDING,
        Decimal(37),
        Decimal(37),
    )
    assert (bill.period_start, bill.period_end, bill.open_amount) == (
        date(2026, 11, 1),
        date(2026, 12, 1),
        0,
    )
    assert (await row(runtime, BillUnit, bill_unit)).balance == Decimal(37)
    written = [await row(runtime, Event, event_id) for event_id in ids]
    assert [event.amount for event in written] == [30, -3, Decimal("9.95"), Decimal("0.05")]
    assert written[1].followed_id == written[0].id
    assert written[1].item_id == written[0].item_id == written[3].item_id != written[2].item_id
    assert (written[3].details, written[3].occurred_at, written[3].actor) == (
        {"days": 1},
        NOON,
        ANA.name,
    )


async def test_a_nonpaying_bill_unit_is_on_the_bill_of_its_payer(runtime: Runtime) -> None:
    """Rules 6.7: the item keeps the account that it came from, and the money counts for that
    account until it is billed.
    """
    async with runtime.unit(ANA) as unit:
        payer, payers_unit = await customer(unit, "Payer")
        child = await builders.child(unit, payer)
        bill_unit = await builders.default_bill_unit_id(unit, child)
        await post(unit, [charge(payer, payers_unit, "10"), charge(child, bill_unit, "4")])
    [bill] = await rows(runtime, Bill)
    assert (bill.account_id, bill.current_charges, bill.subordinate_charges) == (payer, 10, 4)
    assert [item.account_id for item in await rows(runtime, BillItem)] == [payer, child]
    assert (await row(runtime, BillUnit, payers_unit)).balance == 10
    assert (await row(runtime, BillUnit, bill_unit)).balance == 4


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 3, 2), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2027, 2, 14), date(2027, 3, 1)),
    ],
)
async def test_a_day_says_which_bill(runtime: Runtime, day: date, ends: date) -> None:
    """What comes late goes with the cycle that runs; what is ahead of it, with its own."""
    async with runtime.unit(ANA) as unit:
        await post(unit, [charge(*await customer(unit), "1", day=day)])
    [bill] = await rows(runtime, Bill)
    assert bill.period_end == ends


async def test_an_adjustment_is_no_charge(runtime: Runtime) -> None:
    """Rules 6.6: a bill shows charges and adjustments apart."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit)
        await post(
            unit, [charge(account, bill_unit, "-5", kind=EventKind.ADJUSTMENT, reason="A gift")]
        )
    [bill], [item] = await rows(runtime, Bill), await rows(runtime, BillItem)
    assert (bill.current_charges, bill.adjusted, item.total, item.adjusted, item.due) == (
        0,
        -5,
        0,
        -5,
        -5,
    )


async def test_another_currency(runtime: Runtime) -> None:
    """INVALID, and nothing is posted."""
    async with runtime.unit(ANA) as unit:
        account, bill_unit = await customer(unit, currency="EUR")
    async with refused(runtime, ErrorCode.INVALID, "currency"), runtime.unit(ANA) as unit:
        await post(
            unit, [charge(account, bill_unit, "1", currency="EUR"), charge(account, bill_unit, "1")]
        )


async def test_as_many_statements_for_one_as_for_a_thousand(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        payer, _ = await customer(unit, "Payer")
        children = [await builders.child(unit, payer, f"Child {n}") for n in range(3)]
        units = [await builders.default_bill_unit_id(unit, child) for child in children]
        pairs = list(zip(children, units, strict=True))
    for count in (1, 1000):
        async with runtime.unit(ANA) as unit:
            with Counted(runtime.database) as counted:
                ids = await post(
                    unit, [charge(*pairs[n % len(pairs)], "0.01") for n in range(count)]
                )
        assert len(ids) == count
        assert len(counted.statements) == STATEMENTS, "\n".join(counted.statements)
    [bill] = await rows(runtime, Bill)
    assert bill.subordinate_charges == Decimal("10.01")
