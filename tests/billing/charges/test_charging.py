"""What purchases, changes of status and billing days charge (rules 6.1 to 6.3, 2.11), as events of
items of bills.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tenure.accounts.models import BillUnit
from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.charges.actions import charge_purchases
from tenure.billing.cycle_fees.actions import charge_cycles
from tenure.catalog import actions as catalog
from tenure.catalog.models import OfferKind
from tenure.events.models import Event, EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime, Unit
from tenure.purchases.actions import purchase_offer
from tenure.purchases.rules import NewPurchase
from tenure.settings.actions import update_settings
from tests.builders import (
    account,
    catalog_offer,
    child,
    purchased_offer,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import refused, row, rows
from tests.conftest import ANA, set_clock

ACTIVE, INACTIVE, CLOSED = Status.ACTIVE, Status.INACTIVE, Status.CLOSED
MONEY = (EventKind.PURCHASE_FEE, EventKind.CYCLE_FEE, EventKind.DISCOUNT, EventKind.CANCEL_FEE)


def at(day: int, month: int = 11, *, hour: int = 12, year: int = 2026) -> datetime:
    """Noon of a day of November 2026, or another one."""
    return datetime(year, month, day, hour, tzinfo=UTC)


async def catalog_of(unit: Unit) -> None:
    """`dsl` at 30.00 a month, with fees for buying and ending it; `tv` at 12.00; `loyal`, ten per
    cent off.
    """
    await catalog_offer(
        unit, "dsl", purchase_fee=Decimal(25), monthly_fee=Decimal(30), cancel_fee=Decimal(40)
    )
    await catalog_offer(unit, "tv", monthly_fee=Decimal(12))
    await discount_offer(unit, "loyal", 10)


async def discount_offer(unit: Unit, code: str, percent: int | str) -> None:
    """A discount offer of so many per cent off monthly fees."""
    off = Decimal(percent)
    await catalog.create_offer(
        unit, code=code, name=code.capitalize(), kind=OfferKind.DISCOUNT, monthly_percent_off=off
    )


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account billed on the 1st, and the catalog."""
    await set_clock(runtime, at(1))
    async with runtime.unit(ANA) as unit:
        await catalog_of(unit)
        return await account(unit, billing_day_of_month=1)


async def charged(runtime: Runtime, **columns: Any) -> list[Event]:
    """The events with money, in the order in which they were written."""
    return [event for event in await rows(runtime, Event, **columns) if event.kind in MONEY]


async def charge_events(runtime: Runtime, **columns: Any) -> list[tuple[str, str]]:
    """Amount and description of each charge."""
    return [
        (f"{event.amount:.2f}", event.description) for event in await charged(runtime, **columns)
    ]


async def bill_day(runtime: Runtime, on: date, *, now: datetime | None = None) -> None:
    """The step of the bill day that charges, for all bill units that are due; then they go on to
    their next cycle.
    """
    await set_clock(runtime, now or datetime(on.year, on.month, on.day, tzinfo=UTC))
    due = [it for it in await rows(runtime, BillUnit) if it.next_bill_on == on]
    async with runtime.unit(ANA) as unit:
        await charge_cycles(unit, [it.id for it in due], on)


async def close_cycles(runtime: Runtime, on: date, until: date) -> None:
    """As the bill day does when it has made the bills, as far as charging can see."""
    async with runtime.unit(ANA) as unit:
        for it in await rows(runtime, BillUnit, next_bill_on=on):
            found = await unit.session.get_one(BillUnit, it.id)
            found.next_bill_on = until
        for pending in await rows(runtime, Bill, period_end=on):
            (await unit.session.get_one(Bill, pending.id)).billed_on = on


async def test_a_purchase_in_mid_cycle(runtime: Runtime, carla: int) -> None:
    """Rules 6.1, 6.2: the purchase fee, and the rest of the cycle in proportion to days, at once on
    the next bill.
    """
    await set_clock(runtime, at(19))
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        dsl = await purchased_offer(unit, carla, line, code="dsl")
    assert await charge_events(runtime) == [
        ("25.00", "Dsl: purchase fee of 25.00"),
        ("12.00", "Dsl: 12 of 30 days of 30.00 (19 to 30 November 2026)"),
    ]
    once, monthly = await charged(runtime)
    assert (once.kind, once.offer_id, once.service_id, once.rate, once.quantity) == (
        *(EventKind.PURCHASE_FEE, dsl, line),
        *(Decimal(25), Decimal(1)),
    )
    assert (monthly.kind, monthly.rate, monthly.unit, monthly.currency) == (
        EventKind.CYCLE_FEE,
        30,
        "month",
        "USD",
    )
    assert (monthly.period_start, monthly.period_end) == (date(2026, 11, 19), date(2026, 12, 1))
    assert (monthly.details, monthly.occurred_at) == ({"days": 12, "cycleDays": 30}, at(19))
    [pending] = await rows(runtime, Bill)
    assert (pending.period_start, pending.period_end, pending.current_charges) == (
        *(date(2026, 11, 1), date(2026, 12, 1)),
        Decimal(37),
    )
    assert {(item.kind, item.name, item.total) for item in await rows(runtime, BillItem)} == {
        (BillItemKind.PURCHASE, "Purchase fees · Internet", 25),
        (BillItemKind.CYCLE, "Monthly fees · Internet", 12),
    }
    assert (await row(runtime, PurchasedOffer, dsl)).charged_until == date(2026, 12, 1)


async def test_quantity_and_a_service_with_its_offers(runtime: Runtime, carla: int) -> None:
    """Rules 6.1: each fee by the quantity; what costs nothing writes no event."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "free")
        await purchase_offer(unit, NewPurchase(carla, offer_code="dsl", quantity=Decimal("2.5")))
        await purchased_offer(unit, carla, code="free")
    assert await charge_events(runtime) == [
        ("62.50", "Dsl: purchase fee of 2.5 × 25.00"),
        ("75.00", "Dsl, 1 to 30 November 2026"),
    ]


async def test_a_quantity_beyond_all_money(runtime: Runtime, carla: int) -> None:
    """Bad input: OUT_OF_RANGE, also where it would be charged later only."""
    for more in ({}, {"start_at": at(20)}):
        async with refused(runtime, ErrorCode.OUT_OF_RANGE, "quantity"), runtime.unit(ANA) as unit:
            await purchase_offer(
                unit, NewPurchase(carla, offer_code="dsl", quantity=Decimal(10**11), **more)
            )


async def test_toggles_add_up(runtime: Runtime, carla: int) -> None:
    """Rules 6.3: inactivating gives back the unused part, reactivating charges the rest; twice on
    one day is nothing.
    """
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv")
    for day, to in ((10, INACTIVE), (15, ACTIVE), (15, INACTIVE), (15, ACTIVE), (25, INACTIVE)):
        await set_clock(runtime, at(day))
        async with runtime.unit(ANA) as unit:
            await set_offer(unit, tv, to)
    assert await charge_events(runtime) == [
        ("12.00", "Tv, 1 to 30 November 2026"),
        ("-8.40", "Tv: credit for 21 of 30 days of 12.00 (10 to 30 November 2026)"),
        ("6.40", "Tv: 16 of 30 days of 12.00 (15 to 30 November 2026)"),
        ("-6.40", "Tv: credit for 16 of 30 days of 12.00 (15 to 30 November 2026)"),
        ("6.40", "Tv: 16 of 30 days of 12.00 (15 to 30 November 2026)"),
        ("-2.40", "Tv: credit for 6 of 30 days of 12.00 (25 to 30 November 2026)"),
    ]
    changes = await rows(runtime, Event, kind=EventKind.STATUS_CHANGE)
    assert [event.followed_id for event in (await charged(runtime))[1:]] == [
        change.id for change in changes
    ]
    [item] = await rows(runtime, BillItem)
    assert item.total == Decimal("7.60")  # 19 of 30 days


async def test_closing_an_account(runtime: Runtime, carla: int) -> None:
    """Rules 6.1, 6.3: what follows is charged with it: the unused part back, the cancel fee of each
    offer that closed.
    """
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        dsl = await purchased_offer(unit, carla, line, code="dsl")
        await purchased_offer(unit, carla, code="tv")
    await set_clock(runtime, at(21))
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla, CLOSED)
    before, after = (await charge_events(runtime))[:3], (await charge_events(runtime))[3:]
    assert [amount for amount, _ in before] == ["25.00", "30.00", "12.00"]
    assert after == [
        ("-10.00", "Dsl: credit for 10 of 30 days of 30.00 (21 to 30 November 2026)"),
        ("40.00", "Dsl: cancel fee of 40.00"),
        ("-4.00", "Tv: credit for 10 of 30 days of 12.00 (21 to 30 November 2026)"),
    ]
    [followed] = await rows(runtime, Event, kind=EventKind.STATUS_CHANGE, offer_id=dsl)
    assert [event.followed_id for event in await charged(runtime, offer_id=dsl)][2:] == [
        followed.id
    ] * 2


async def test_backdating_corrects_the_cycle_as_of_that_date(runtime: Runtime, carla: int) -> None:
    """Rules 2.11: closed on the 21st as of the 11th."""
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv")
    await set_clock(runtime, at(21))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, tv, INACTIVE, backdate_to=date(2026, 11, 11))
    *_, back = await charged(runtime)
    assert (back.amount, back.description, back.occurred_at, back.recorded_at) == (
        *(Decimal(-8), "Tv: credit for 20 of 30 days of 12.00 (11 to 30 November 2026)"),
        *(at(11, hour=0), at(21)),
    )


@pytest.mark.parametrize("kind", ["account", "service", "offer"])
async def test_backdating_not_into_a_billed_period(runtime: Runtime, carla: int, kind: str) -> None:
    """Rules 2.11: not before the bill unit's last billed period; on its last day it ends."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        dsl = await purchased_offer(unit, carla, line, code="dsl")
    await bill_day(runtime, date(2026, 12, 1))
    await close_cycles(runtime, date(2026, 12, 1), date(2027, 1, 1))
    await set_clock(runtime, at(10, 12))
    change = {
        "account": (set_account, carla),
        "service": (set_service, line),
        "offer": (set_offer, dsl),
    }[kind]
    async with (
        refused(runtime, ErrorCode.OUT_OF_RANGE, "backdate_to") as refusal,
        runtime.unit(ANA) as unit,
    ):
        await change[0](unit, change[1], INACTIVE, backdate_to=date(2026, 11, 30))
    assert "Choose 2026-12-01 or a later date." in refusal.value.message
    async with runtime.unit(ANA) as unit:
        await change[0](unit, change[1], INACTIVE, backdate_to=date(2026, 12, 1))
    assert (await charge_events(runtime))[-1] == (
        "-30.00",
        "Dsl: credit for 31 of 31 days of 30.00 (1 to 31 December 2026)",
    )


async def test_a_discount_bought_in_mid_cycle(runtime: Runtime, carla: int) -> None:
    """Rules 6.1: it takes off the running fees from that day on, and off the next ones; of its
    service alone.
    """
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        dsl = await purchased_offer(unit, carla, line, code="dsl")
        await purchased_offer(unit, carla, code="tv")
    await set_clock(runtime, at(16))
    async with runtime.unit(ANA) as unit:
        loyal = await purchased_offer(unit, carla, line, code="loyal")
    *_, off = await charged(runtime)
    assert (off.kind, off.amount, off.offer_id, off.details) == (
        *(EventKind.DISCOUNT, Decimal("-1.50"), loyal),
        {"off": dsl, "days": 15, "cycleDays": 30},
    )
    assert off.description == "Loyal: 10% off Dsl: 15 of 30 days of 30.00 (16 to 30 November 2026)"
    fee = (await charged(runtime, offer_id=dsl))[-1]
    assert off.item_id == fee.item_id
    await bill_day(runtime, date(2026, 12, 1))
    assert sorted((await charge_events(runtime))[-3:]) == [
        ("-3.00", "Loyal: 10% off Dsl, 1 to 31 December 2026"),
        ("12.00", "Tv, 1 to 31 December 2026"),
        ("30.00", "Dsl, 1 to 31 December 2026"),
    ]
    [last] = (await charged(runtime, offer_id=loyal))[1:]
    assert last.followed_id == (await charged(runtime, offer_id=dsl))[-1].id


async def test_a_discount_bought_ahead(runtime: Runtime, carla: int) -> None:
    """Rules 6.1: it is known by now what it takes off, and from when on."""
    async with runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla, code="tv")
        loyal = await purchased_offer(unit, carla, code="loyal", start_at=at(21))
    assert await charge_events(runtime, offer_id=loyal) == [
        ("-0.40", "Loyal: 10% off Tv: 10 of 30 days of 12.00 (21 to 30 November 2026)")
    ]


async def test_a_discount_that_ends(runtime: Runtime, carla: int) -> None:
    """Rules 6.1, 6.3: it is for the days on which it is active; so is that of the whole account."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, carla)
        await purchased_offer(unit, carla, line, code="dsl")
        await purchased_offer(unit, carla, code="tv")
        loyal = await purchased_offer(unit, carla, code="loyal")
    await set_clock(runtime, at(21))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, loyal, CLOSED)
    assert (await charge_events(runtime, kind=EventKind.DISCOUNT)) == [
        ("-3.00", "Loyal: 10% off Dsl, 1 to 30 November 2026"),
        ("-1.20", "Loyal: 10% off Tv, 1 to 30 November 2026"),
        ("1.00", "Loyal: 10% off Dsl: credit for 10 of 30 days of 30.00 (21 to 30 November 2026)"),
        ("0.40", "Loyal: 10% off Tv: credit for 10 of 30 days of 12.00 (21 to 30 November 2026)"),
    ]


async def test_days_are_business_days(runtime: Runtime, carla: int) -> None:
    """Rules 1, 6.3: the 19th in New York is the 20th in UTC; so is the end of the 24th."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="America/New_York")
    await set_clock(runtime, at(20, hour=3))
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv")
    await set_clock(runtime, at(25, hour=4))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, tv, INACTIVE)
    assert await charge_events(runtime) == [
        ("4.80", "Tv: 12 of 30 days of 12.00 (19 to 30 November 2026)"),
        ("-2.80", "Tv: credit for 7 of 30 days of 12.00 (24 to 30 November 2026)"),
    ]


# ---------------------------------------------------------------- the billing day


async def test_the_cycle_that_begins_is_on_the_bill_that_closes(
    runtime: Runtime, carla: int
) -> None:
    """Rules 6.2: in advance; a second run of the day charges nothing (rules 6.5)."""
    async with runtime.unit(ANA) as unit:
        await purchased_offer(unit, carla, code="tv")
    await bill_day(runtime, date(2026, 12, 1))
    await bill_day(runtime, date(2026, 12, 1), now=at(1, 12, hour=23))
    assert await charge_events(runtime) == [
        ("12.00", "Tv, 1 to 30 November 2026"),
        ("12.00", "Tv, 1 to 31 December 2026"),
    ]
    *_, december = await charged(runtime)
    assert (december.period_start, december.period_end) == (date(2026, 12, 1), date(2027, 1, 1))
    assert (december.occurred_at, december.details) == (
        at(1, 12, hour=0),
        {"days": 31, "cycleDays": 31},
    )
    [pending] = await rows(runtime, Bill)
    assert (pending.period_end, pending.current_charges) == (date(2026, 12, 1), Decimal(24))


async def test_what_is_inactive_is_not_charged_and_comes_back_in_mid_cycle(
    runtime: Runtime, carla: int
) -> None:
    """Rules 6.3: whenever the bill runs, and however many of them."""
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv")
        await set_offer(unit, tv, INACTIVE)
    for on, until in ((date(2026, 12, 1), date(2027, 1, 1)), (date(2027, 1, 1), date(2027, 2, 1))):
        await bill_day(runtime, on)
        await close_cycles(runtime, on, until)
    await set_clock(runtime, at(12, 1, year=2027))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, tv, ACTIVE)
    await bill_day(runtime, date(2027, 2, 1))
    assert await charge_events(runtime) == [
        ("12.00", "Tv, 1 to 30 November 2026"),
        ("-12.00", "Tv: credit for 30 of 30 days of 12.00 (1 to 30 November 2026)"),
        ("7.74", "Tv: 20 of 31 days of 12.00 (12 to 31 January 2027)"),
        ("12.00", "Tv, 1 to 28 February 2027"),
    ]


async def test_a_billing_day_that_comes_late(runtime: Runtime, carla: int) -> None:
    """Rules 6.3, 6.5: what happened after the date counts in days as well, and what is bought since
    goes with the next bill.
    """
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv")
    await set_clock(runtime, at(11, 12))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, tv, INACTIVE)
        await purchased_offer(unit, carla, code="dsl")
    await bill_day(runtime, date(2026, 12, 1), now=at(12, 12))
    assert await charge_events(runtime) == [
        ("12.00", "Tv, 1 to 30 November 2026"),
        ("25.00", "Dsl: purchase fee of 25.00"),
        ("20.32", "Dsl: 21 of 31 days of 30.00 (11 to 31 December 2026)"),
        ("3.87", "Tv: 10 of 31 days of 12.00 (1 to 31 December 2026)"),
    ]
    assert [(it.period_end, it.current_charges) for it in await rows(runtime, Bill)] == [
        (date(2026, 12, 1), Decimal("15.87")),
        (date(2027, 1, 1), Decimal("45.32")),
    ]


async def test_what_starts_later_is_charged_when_it_has_come(runtime: Runtime, carla: int) -> None:
    """Rules 6.2: nothing at the purchase; once it has begun, as if it were bought on that day, and
    only once.
    """
    async with runtime.unit(ANA) as unit:
        later = [
            await purchased_offer(unit, carla, code="dsl", start_at=at(21)),
            await purchased_offer(unit, carla, code="tv", start_at=at(25)),
        ]
    assert await charge_events(runtime) == []
    for day in (21, 22, 23):
        await set_clock(runtime, at(day, hour=0))
        async with runtime.unit(ANA) as unit:
            await charge_purchases(unit, later)
    await bill_day(runtime, date(2026, 12, 1))
    assert await charge_events(runtime) == [
        ("25.00", "Dsl: purchase fee of 25.00"),
        ("10.00", "Dsl: 10 of 30 days of 30.00 (21 to 30 November 2026)"),
        ("30.00", "Dsl, 1 to 31 December 2026"),
    ]


async def test_what_starts_later_and_is_looked_at_late(runtime: Runtime, carla: int) -> None:
    """Rules 6.3, 6.5: inactive on its first days, and two cycles that nobody charged: days are
    days.
    """
    async with runtime.unit(ANA) as unit:
        tv = await purchased_offer(unit, carla, code="tv", start_at=at(21))
        await set_offer(unit, tv, INACTIVE)
    await set_clock(runtime, at(26))
    async with runtime.unit(ANA) as unit:
        await charge_purchases(unit, [tv])
        await set_offer(unit, tv, ACTIVE)
    assert await charge_events(runtime) == [
        ("2.00", "Tv: 5 of 30 days of 12.00 (26 to 30 November 2026)")
    ]


async def test_closed_before_it_started(runtime: Runtime, carla: int) -> None:
    """Rules 6.1: what never began costs nothing, not even its end."""
    async with runtime.unit(ANA) as unit:
        dsl = await purchased_offer(unit, carla, code="dsl", start_at=at(21))
        await set_offer(unit, dsl, CLOSED)
    await set_clock(runtime, at(21))
    async with runtime.unit(ANA) as unit:
        await charge_purchases(unit, [dsl])
    await bill_day(runtime, date(2026, 12, 1))
    assert await charge_events(runtime) == []


async def test_a_billing_day_that_follows_the_payers(runtime: Runtime, carla: int) -> None:
    """Rules 5.2, 6.3: the days up to the new billing day are charged once, as a part of the cycle
    that contains them.
    """
    await set_clock(runtime, at(20))
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer", billing_day_of_month=15)
        paid = await account(unit, "Paid", billing_day_of_month=1)
        await purchased_offer(unit, paid, code="tv")
        await change_parent(unit, paid, parent_id=payer, parent_pays=True)
    await bill_day(runtime, date(2026, 12, 15))
    assert await charge_events(runtime, account_id=paid) == [
        ("4.40", "Tv: 11 of 30 days of 12.00 (20 to 30 November 2026)"),
        ("5.60", "Tv: 14 of 30 days of 12.00 (1 to 14 December 2026)"),
        ("12.00", "Tv, 15 December 2026 to 14 January 2027"),
    ]


async def test_the_last_day_of_shorter_months(runtime: Runtime, carla: int) -> None:
    """Rules 6.2: bill units that are billed on the 28th to the 31st meet on 28 February, and part
    again.
    """
    await set_clock(runtime, at(31, 1, year=2027))
    async with runtime.unit(ANA) as unit:
        owners = [await account(unit, f"C{day}", billing_day_of_month=day) for day in (28, 30, 31)]
        for owner in owners:
            await purchased_offer(unit, owner, code="tv")
    await bill_day(runtime, date(2027, 2, 28))
    assert {owner: (await charge_events(runtime, account_id=owner))[-1] for owner in owners} == {
        owners[0]: ("12.00", "Tv, 28 February to 27 March 2027"),
        owners[1]: ("12.00", "Tv, 28 February to 29 March 2027"),
        owners[2]: ("12.00", "Tv, 28 February to 30 March 2027"),
    }


async def test_paid_by_another_account(runtime: Runtime, carla: int) -> None:
    """Rules 6.2, 6.7: charges of a nonpaying bill unit are on the payer's bill, and remain charges
    of its own account.
    """
    async with runtime.unit(ANA) as unit:
        paid = await child(unit, carla)
        await purchased_offer(unit, paid, code="tv")
    await bill_day(runtime, date(2026, 12, 1))
    [pending] = await rows(runtime, Bill)
    assert (pending.account_id, pending.current_charges, pending.subordinate_charges) == (
        carla,
        0,
        Decimal(24),
    )
    assert {event.account_id for event in await charged(runtime)} == {paid}
