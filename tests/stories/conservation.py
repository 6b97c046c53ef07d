"""What must hold of a household's money after each bill day, reckoned from its diary and from the tables alone (rules 6).

The fees are counted anew here: of each cycle the fee in proportion to the days on which the offer was active at the end of
the day, rounded once (decision 5).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

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
ONCE = (EventKind.PURCHASE_FEE, EventKind.CANCEL_FEE)
ByCycle: TypeAlias = dict[date, Decimal]
# What is charged belongs to an item, and each item of a bill that is not made to whoever pays now.
LEFT_OVER = """
SELECT id FROM event WHERE item_id IS NULL AND amount <> 0 AND kind NOT IN ('PAYMENT', 'TRANSFER')
UNION ALL
SELECT bill_item.id FROM bill_item JOIN bill ON bill.id = bill_id JOIN bill_unit ON bill_unit.id = bill_item.bill_unit_id
WHERE billed_on IS NULL AND transferred = 0 AND total + bill_item.adjusted <> 0
    AND bill.bill_unit_id <> coalesce(bill_unit.paying_parent_id, bill_unit.id)
"""
# A cycle that has ended is billed, and nobody is left out.
NOT_BILLED = """
SELECT bill.id FROM bill JOIN bill_item ON bill_item.bill_id = bill.id WHERE billed_on IS NULL AND period_end <= :today
UNION ALL SELECT id FROM bill_unit WHERE next_bill_on <= :today
UNION ALL SELECT account_id FROM quarantined_account
"""


async def check_money(household: Household) -> None:
    """Every sum, every fee, every cent that came and went."""
    await check_sums(household.runtime)
    async with household.runtime.database.reading() as session:
        today = (
            household.today
            if not household.runtime.database.is_sqlite
            else household.today.isoformat()
        )
        for statement, given in ((LEFT_OVER, {}), (NOT_BILLED, {"today": today})):
            same(
                statement,
                (await session.execute(text(statement), given)).all(),
                [],
                household.diary,
            )
        events = (
            (await session.execute(select(Event).where(Event.amount.is_not(None)))).scalars().all()
        )
        columns = (PurchasedOffer, Offer.code, BillUnit.billing_day_of_month)
        joined = select(*columns).join(Offer, Offer.id == PurchasedOffer.offer_id)
        offers = (
            await session.execute(joined.join(BillUnit, BillUnit.id == PurchasedOffer.bill_unit_id))
        ).all()
    check_fees(household, events, offers)
    check_usage(household, events)
    check_other_money(household, events)


async def check_again_changes_nothing(household: Household) -> None:
    """A second run of the same date leaves every table but that of the runs as it was."""
    before = await snapshot(household.runtime.database)
    await household.bill_day()
    after = await snapshot(household.runtime.database)
    same(
        "tables",
        {name for name in after if after[name] != before[name]},
        {"job_run", "job_step"},
        household.diary,
    )


@dataclass(slots=True)
class Posted:
    """What was posted for each offer: fees by the end of their cycle, the days that they say, discounts, and what is charged once."""

    fees: dict[int, ByCycle] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    # By the discount and the offer that it is taken off.
    off: dict[tuple[int, int], ByCycle] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    once: dict[tuple[EventKind, int], list[Decimal]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, event: Event) -> None:
        """Count an event."""
        offer, amount = event.offer_id or 0, event.amount or NOTHING
        if event.kind in ONCE:
            self.once[event.kind, offer].append(amount)
        elif event.period_end is not None and event.details is not None:
            if event.kind is EventKind.CYCLE_FEE:
                self.fees[offer][event.period_end] += amount
                self.days[offer] += event.details["days"]
            else:
                self.off[offer, event.details["off"]][event.period_end] += amount


def check_fees(household: Household, events: Iterable[Event], offers: Sequence[Row[Any]]) -> None:
    """Monthly fees and discounts by the diary; what is charged once, once."""
    posted = Posted()
    for event in events:
        posted.add(event)
    discounts = [offer for offer, *_ in offers if offer.kind is OfferKind.DISCOUNT]
    for offer, code, billing_day in offers:
        if offer.kind is OfferKind.DISCOUNT:
            continue
        told = f"offer {offer.id}, {code}, {offer.status}"
        active = active_days(household, offer, offer.charged_until or household.today + DAY)
        same(f"days of {told}", posted.days[offer.id], len(active), household.diary)
        begun = bool(active) or offer.first_start == offer.created_at
        is_due = {
            EventKind.PURCHASE_FEE: begun,
            EventKind.CANCEL_FEE: begun and offer.status is Status.CLOSED,
        }
        monthly, *prices = PRICES[code]
        for kind, price in zip(ONCE, prices, strict=True):
            expected = [to_the_cent(price * offer.quantity)] if price and is_due[kind] else []
            same(f"{kind} of {told}", posted.once[kind, offer.id], expected, household.diary)
        if offer.bill_unit_id in household.diary.moved:
            continue  # Its cycles were cut: only the days are counted.
        fee = monthly * offer.quantity
        same(
            f"fees of {told}",
            something(posted.fees[offer.id]),
            by_cycle(active, billing_day, fee),
            household.diary,
        )
        for discount in discounts:
            if discount.account_id == offer.account_id and discount.service_id in (
                None,
                offer.service_id,
            ):
                both = active & active_days(
                    household, discount, max(active, default=household.today) + DAY
                )
                taken = something(posted.off[discount.id, offer.id])
                off = by_cycle(both, billing_day, -fee * PERCENT / 100)
                same(f"discount {discount.id} of {told}", taken, off, household.diary)


def check_usage(household: Household, events: Iterable[Event]) -> None:
    """Rules 6.3: the usage of one offer on one item is rounded once; a thousandth is not lost."""
    seen: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    exact: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for event in events:
        if event.kind is EventKind.USAGE:
            key = event.item_id or 0, event.offer_id or 0
            seen[key] += event.amount or NOTHING
            exact[key] += (event.quantity or NOTHING) * (event.rate or NOTHING)
    same(
        "usage of items",
        seen,
        {key: to_the_cent(amount) for key, amount in exact.items()},
        household.diary,
    )


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


def by_cycle(days: Iterable[date], billing_day: int, fee: Decimal) -> ByCycle:
    """What the fee comes to in each cycle, by its end, for these days."""
    many: dict[tuple[date, date], int] = defaultdict(int)
    for day in days:
        end = next_bill_on(day, billing_day)
        many[previous_bill_on(end, billing_day), end] += 1
    owed: ByCycle = {}
    for (start, end), count in many.items():
        exact = abs(fee) * count / (end - start).days
        owed[end] = to_the_cent(exact) if fee > 0 else -to_the_cent(exact)
    return something(owed)


def something(amounts: ByCycle) -> ByCycle:
    """Only where something is."""
    return {end: amount for end, amount in amounts.items() if amount}
