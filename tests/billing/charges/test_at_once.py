"""Concurrent charges for one payer: no deadlock, and no charge is lost (rules 6.6, 6.9)."""

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, catalog_offer, child, purchased_offer, set_account
from tests.checks import rows
from tests.conftest import ANA, set_clock

CHILDREN = 6


@pytest.mark.parametrize("payer_too", [False, True])
async def test_children_of_one_payer_change_at_once(runtime: Runtime, payer_too: bool) -> None:
    """Rules 2.8, 6.3: each child toggles beside the others, and beside its payer: every fee ends
    where its days say.
    """
    await set_clock(runtime, datetime(2026, 11, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "tv", monthly_fee=Decimal(30))
        payer = await account(unit, "Payer", billing_day_of_month=1)
        children = [await child(unit, payer, f"Child {number}") for number in range(CHILDREN)]
        for owner in (payer, *children):
            await purchased_offer(unit, owner, code="tv")
    await set_clock(runtime, datetime(2026, 11, 16, tzinfo=UTC))

    async def toggle(owner: int) -> None:
        for to in (Status.INACTIVE, Status.ACTIVE, Status.INACTIVE):

            async def set_status(unit: Unit, to: Status = to) -> None:
                await set_account(unit, owner, to)

            with suppress(TenureError):  # A child cannot come back while its payer is away.
                await runtime.run_in_unit(ANA, set_status)

    await asyncio.gather(*(toggle(owner) for owner in ([payer] if payer_too else []) + children))
    fees = await rows(runtime, Event, kind=EventKind.CYCLE_FEE)
    inactive = {*children, *([payer] if payer_too else [])}
    for owner in (payer, *children):
        assert sum(fee.amount or 0 for fee in fees if fee.account_id == owner) == (
            15 if owner in inactive else 30
        )
    [bill] = await rows(runtime, Bill)
    assert (bill.period_end, bill.current_charges) == (date(2026, 12, 1), 15 if payer_too else 30)
    assert bill.subordinate_charges == 15 * CHILDREN
    assert (
        sum(it.balance for it in await rows(runtime, BillUnit))
        == bill.current_charges + bill.subordinate_charges
    )
