"""What must hold of a household's money after each bill day, reckoned from its diary and from the tables alone (rules 6).

The fees are counted anew here: of each cycle the fee in proportion to the days on which the offer was active at the end of
the day, rounded once (decision 5).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, select, text

from tenure.accounts.models import BillUnit
from tenure.accounts.rules import next_bill_on, previous_bill_on
from tenure.assets.models import PurchasedOffer
from tenure.catalog.models import Offer, OfferKind
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tests.checks import snapshot
from tests.stories.money_moves import DAY, PERCENT, PRICES, Diary, Household, to_the_cent
from tests.sums import check_sums

NOTHING = Decimal(0)
# What is charged belongs to an item, and each item of a bill that is not made to whoever pays now.
LEFT_OVER = """
SELECT id FROM event WHERE item_id IS NULL AND amount <> 0 AND kind NOT IN ('PAYMENT', 'TRANSFER')
UNION ALL
SELECT bill_item.id FROM bill_item JOIN bill ON bill.id = bill_id JOIN bill_unit ON bill_unit.id = bill_item.bill_unit_id
WHERE billed_on IS NULL AND passed = 0 AND total + bill_item.adjusted <> 0
    AND bill.bill_unit_id <> coalesce(bill_unit.paying_parent_id, bill_unit.id)
"""
# A cycle that has ended is billed, and nobody is left out.
NOT_BILLED = """
SELECT bill.id FROM bill JOIN bill_item ON bill_item.bill_id = bill.id WHERE billed_on IS NULL AND period_end <= :today
UNION ALL SELECT id FROM bill_unit WHERE next_bill_on <= :today
UNION ALL SELECT account_id FROM set_aside
"""


async def check_money(household: Household) -> None:
    """Every sum, every fee, every cent that came and went."""
    await check_sums(household.workplace)
    async with household.workplace.database.reading() as session:
        today = household.today if not household.workplace.database.is_sqlite else household.today.isoformat()
        for statement, given in ((LEFT_OVER, {}), (NOT_BILLED, {"today": today})):
            same(statement, (await session.execute(text(statement), given)).all(), [], household.diary)
        events = (await session.execute(select(Event).where(Event.amount.is_not(None)))).scalars().all()
        columns = (PurchasedOffer, Offer.code, BillUnit.billing_day_of_month)
        joined = select(*columns).join(Offer, Offer.id == PurchasedOffer.offer_id)
        offers = (await session.execute(joined.join(BillUnit, BillUnit.id == PurchasedOffer.bill_unit_id))).all()
    check_fees(household, events, offers)
    check_other_money(household, events)


async def check_again_changes_nothing(household: Household) -> None:
    """A second run of the same date leaves every table but that of the runs as it was."""
    before = await snapshot(household.workplace.database)
    await household.bill_day()
    after = await snapshot(household.workplace.database)
    same("tables", {name for name in after if after[name] != before[name]}, {"job_run"}, household.diary)


def check_fees(household: Household, events: Iterable[Event], offers: Iterable[Row[Any]]) -> None:
    """Monthly fees and discounts by the diary; what is charged once, once."""
    posted: dict[tuple[EventKind, int, int | None, date], Decimal] = defaultdict(Decimal)
    days: dict[int, int] = defaultdict(int)
    once: dict[tuple[EventKind, int], list[Decimal]] = defaultdict(list)
    for event in events:
        if event.kind in (EventKind.CYCLE_FEE, EventKind.DISCOUNT) and event.period_start and event.details:
            of, amount = event.details.get("off"), event.amount or NOTHING
            posted[event.kind, event.offer_id or 0, of, event.period_end or event.period_start] += amount
            if event.kind is EventKind.CYCLE_FEE:
                days[event.offer_id or 0] += event.details["days"]
        elif event.kind in (EventKind.PURCHASE_FEE, EventKind.CANCEL_FEE):
            once[event.kind, event.offer_id or 0].append(event.amount or NOTHING)
    every, diary = list(offers), household.diary
    for offer, code, billing_day in every:
        if offer.kind is OfferKind.DISCOUNT:
            continue
        active = active_days(household, offer, offer.charged_until or household.today + DAY)
        told = f"offer {offer.id}, {code}, {offer.status}"
        same(f"days of {told}", days[offer.id], len(active), diary)
        monthly, buying, ending = PRICES[code]
        begun = bool(active) or offer.first_start == offer.created_at
        for kind, price, is_due in (
            (EventKind.PURCHASE_FEE, buying, begun),
            (EventKind.CANCEL_FEE, ending, begun and offer.status is Status.CLOSED),
        ):
            expected = [to_the_cent(price * offer.quantity)] if price and is_due else []
            same(f"{kind} of {told}", once[kind, offer.id], expected, diary)
        if offer.bill_unit_id in household.diary.moved:
            continue
        fee = monthly * offer.quantity
        owed = by_cycle(active, billing_day, fee)
        got = {end: it for (kind, by, _, end), it in posted.items() if (kind, by) == (EventKind.CYCLE_FEE, offer.id)}
        same(f"fees of {told}", without_nothing(got), without_nothing(owed), diary)
        for discount, *_ in every:
            if discount.kind is OfferKind.DISCOUNT and discount.account_id == offer.account_id:
                if discount.service_id not in (None, offer.service_id):
                    continue
                both = active & active_days(household, discount, max(active, default=household.today) + DAY)
                off = by_cycle(both, billing_day, -fee * PERCENT / 100)
                taken = {
                    end: it
                    for (kind, by, of, end), it in posted.items()
                    if (kind, by, of) == (EventKind.DISCOUNT, discount.id, offer.id)
                }
                same(f"discount {discount.id} of {told}", without_nothing(taken), without_nothing(off), diary)


def check_other_money(household: Household, events: Iterable[Event]) -> None:
    """What was used, adjusted and received is there, and no more; what passes leaves one and reaches the other."""
    sums: dict[EventKind, Decimal] = defaultdict(Decimal)
    used: dict[int, Decimal] = defaultdict(Decimal)
    for event in events:
        amount = event.amount or NOTHING
        sums[event.kind] += amount
        if event.kind is EventKind.USAGE:
            used[event.service_id or 0] += amount
        if event.kind is EventKind.PAYMENT and "reference" not in event.description:
            sums[EventKind.PAYMENT] -= amount  # Collected by the bill day itself.
    diary = household.diary
    same("usage", used, diary.used, diary)
    same("adjustments", sums[EventKind.ADJUSTMENT], diary.adjusted, diary)
    same("payments", sums[EventKind.PAYMENT], -diary.received, diary)
    same("transfers", sums[EventKind.TRANSFER], NOTHING, diary)


def same(what: str, seen: object, expected: object, diary: Diary) -> None:
    """Raises AssertionError with what was done until then."""
    assert seen == expected, f"{what}: {seen}, not {expected}\n" + "\n".join(diary.done)


def active_days(household: Household, offer: PurchasedOffer, until: date) -> set[date]:
    """Those in the diary, and those to come as it stands now."""
    days = set(household.diary.active.get(offer.id, ()))
    if offer.status is Status.ACTIVE:
        since = max(household.today, offer.first_start.date())
        days |= {since + n * DAY for n in range((until - since).days)}
    return {day for day in days if day < until}


def by_cycle(days: Iterable[date], billing_day: int, fee: Decimal) -> dict[date, Decimal]:
    """What the fee comes to in each cycle, by its end, for these days."""
    many: dict[tuple[date, date], int] = defaultdict(int)
    for day in days:
        end = next_bill_on(day, billing_day)
        many[previous_bill_on(end, billing_day), end] += 1
    owed: dict[date, Decimal] = {}
    for (start, end), count in many.items():
        exact = abs(fee) * count / (end - start).days
        owed[end] = to_the_cent(exact) if fee > 0 else -to_the_cent(exact)
    return owed


def without_nothing(amounts: dict[date, Decimal]) -> dict[date, Decimal]:
    """Only where something is."""
    return {end: amount for end, amount in amounts.items() if amount}
