"""The statements that charge simple fees say the same as the rules that charge one by one (rules
6.1 to 6.3).
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import false, select, update

from tenure.accounts.models import BillUnit
from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.charges import actions as charges
from tenure.billing.charges.rules import ChargeableOffer
from tenure.billing.cycle_fees import actions as cycle_fees
from tenure.billing.cycle_fees.actions import charge_cycles
from tenure.catalog import actions as catalog
from tenure.catalog.models import Offer, OfferKind
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, catalog_offer, child, purchased_offer, service, set_offer
from tests.checks import rows
from tests.conftest import ANA, set_clock

OCTOBER, NOVEMBER = datetime(2026, 10, 1, tzinfo=UTC), date(2026, 11, 1)
SAID = (
    "kind",
    "amount",
    "currency",
    "description",
    "quantity",
    "unit",
    "rate",
    "period_start",
    "period_end",
)
PRICES = {
    "USD": ("30", "0.005", "0.004", "99999999.99"),
    "JPY": ("1000", "0.5"),
    "KWD": ("1.2345", "0.0004"),
}
PERCENTS = ("10", "33", "100", "12.5")
# Offers that end at some time are charged one by one: that far away it changes nothing else.


async def customers(unit: Unit, currency: str) -> None:
    """Each price alone, with a discount of the service, of the account, with two of them, and with
    one that has ended.
    """
    for price in PRICES[currency]:
        code = f"{currency}-{price}"
        await catalog_offer(unit, code, monthly_fee=Decimal(1), currency=currency)
        # Catalogs of earlier versions hold fees finer than the minor unit.
        fee = update(Offer).where(Offer.code == code).values(monthly_fee=Decimal(price))
        await unit.session.execute(fee, execution_options={"synchronize_session": "fetch"})
        for percent in (None, *PERCENTS):
            owner = await account(
                unit, f"{code} {percent}", currency=currency, billing_day_of_month=1
            )
            line = await service(unit, owner)
            await purchased_offer(unit, owner, line, code=code)
            if percent is None:
                continue
            off = f"{currency}-off-{percent}"
            await purchased_offer(unit, owner, line if percent != "10" else None, code=off)
            if percent == "33":
                await set_offer(
                    unit, await purchased_offer(unit, owner, line, code=off), Status.CLOSED
                )
            if percent == "100":
                await purchased_offer(unit, owner, code=off)


async def discounts(unit: Unit, currency: str) -> None:
    """In the catalog."""
    for percent in PERCENTS:
        await catalog.create_offer(
            unit,
            code=f"{currency}-off-{percent}",
            name=f"Off {percent}",
            kind=OfferKind.DISCOUNT,
            currency=currency,
            monthly_percent_off=Decimal(percent),
        )


async def company(runtime: Runtime) -> None:
    """Customers of three currencies, charged for October; some of them paid by another one."""
    await set_clock(runtime, OCTOBER)
    async with runtime.unit(ANA) as unit:
        for currency in PRICES:
            await discounts(unit, currency)
            await customers(unit, currency)
        payer = await account(unit, "Payer", billing_day_of_month=1)
        await purchased_offer(unit, await child(unit, payer), code="USD-30")
    await set_clock(runtime, datetime(2026, 11, 1, 6, tzinfo=UTC))


async def charged(runtime: Runtime) -> tuple[list[Any], list[Any]]:
    """What the step of the bill day charges, whose, and what that adds up to; then it is undone."""
    async with runtime.unit(ANA) as unit:
        everybody = (await unit.session.execute(select(BillUnit.id))).scalars().all()
        undone = await unit.session.begin_nested()
        await charge_cycles(unit, everybody, NOVEMBER)
        found = await charges_of(unit), await state(unit)
        await undone.rollback()
        return found


async def charges_of(unit: Unit) -> list[Any]:
    """Every charge of the cycle, with its item, and the offer whose charge it followed."""
    every = {event.id: event for event in (await unit.session.execute(select(Event))).scalars()}
    items = {
        it.id: (it.name, str(it.kind), it.bill_unit_id)
        for it in (await unit.session.execute(select(BillItem))).scalars()
    }
    return sorted(
        (
            event.account_id,
            event.offer_id,
            tuple(str(getattr(event, name)) for name in SAID),
            sorted((event.details or {}).items()),
            items[event.item_id or 0],
            event.followed_id and every[event.followed_id].offer_id,
        )
        for event in every.values()
        if event.period_start == NOVEMBER
    )


async def state(unit: Unit) -> list[Any]:
    """Bills, items, balances, and up to when offers are charged."""
    columns = (
        (Bill.bill_unit_id, Bill.current_charges, Bill.subordinate_charges),
        (BillItem.bill_unit_id, BillItem.kind, BillItem.name, BillItem.total),
        (BillUnit.id, BillUnit.balance),
        (PurchasedOffer.id, PurchasedOffer.charged_until),
    )
    return [sorted(map(str, await unit.session.execute(select(*some)))) for some in columns]


async def test_statements_and_rules_agree(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Price, rounding, discounts, words and sums: by statements, then of the same company one by
    one.
    """
    await company(runtime)
    one_by_one: list[int] = []
    monthly = charges.ChargeBuilder.add_monthly_fee

    def counted(
        self: charges.ChargeBuilder,
        it: ChargeableOffer,
        until: date | None,
        *,
        since: date | None = None,
    ) -> None:
        one_by_one.append(it.row.id)
        monthly(self, it, until, since=since)

    monkeypatch.setattr(charges.ChargeBuilder, "add_monthly_fee", counted)
    by_statements = await charged(runtime)
    assert {row[2][0] for row in by_statements[0]} == {EventKind.CYCLE_FEE, EventKind.DISCOUNT}
    fees = {it.id for it in await rows(runtime, PurchasedOffer, kind=OfferKind.CHARGE)}
    assert (
        len(fees - set(one_by_one)) == 19
    )  # Without two discounts, half a per cent, or less than half a cent.
    one_by_one.clear()
    monkeypatch.setattr(cycle_fees, "has_unchanged_fee", lambda _: false())
    assert await charged(runtime) == by_statements
    assert set(one_by_one) == fees
