"""Checks the money of a scenario after each bill day, from its history and the tables (rules 6).

The fees are computed independently: the fee of a cycle is prorated by the days at whose end the
offer was active, and rounded once (decision 5).
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
from tests.stories.money_scenario import (
    DAY,
    PRICES,
    History,
    MoneyScenario,
    round_to_cent,
)
from tests.sums import check_sums

ZERO = Decimal(0)
ONE_TIME_FEES = (EventKind.PURCHASE_FEE, EventKind.CANCEL_FEE)
ByCycle: TypeAlias = dict[date, Decimal]
# Every charge belongs to an item, and every unbilled item to the current payer.
UNASSIGNED = """
SELECT id FROM event WHERE item_id IS NULL AND amount <> 0 AND kind NOT IN ('PAYMENT', 'TRANSFER')
UNION ALL
SELECT bill_item.id FROM bill_item JOIN bill ON bill.id = bill_id
JOIN bill_unit ON bill_unit.id = bill_item.bill_unit_id
WHERE billed_on IS NULL AND transferred = 0 AND total + bill_item.adjusted <> 0
    AND bill.bill_unit_id <> coalesce(bill_unit.paying_parent_id, bill_unit.id)
"""
# A cycle that has ended is billed, and no account is quarantined.
UNBILLED = """
SELECT bill.id FROM bill JOIN bill_item ON bill_item.bill_id = bill.id
WHERE billed_on IS NULL AND period_end <= :today
UNION ALL SELECT id FROM bill_unit WHERE next_bill_on <= :today
UNION ALL SELECT account_id FROM quarantined_account
"""


async def check_money(scenario: MoneyScenario) -> None:
    """Check sums, fees, usage, adjustments, payments and transfers."""
    await check_sums(scenario.runtime)
    async with scenario.runtime.database.reading() as session:
        today = (
            scenario.today
            if not scenario.runtime.database.is_sqlite
            else scenario.today.isoformat()
        )
        for statement, given in ((UNASSIGNED, {}), (UNBILLED, {"today": today})):
            check_equal(
                statement,
                (await session.execute(text(statement), given)).all(),
                [],
                scenario.history,
            )
        events = (
            (await session.execute(select(Event).where(Event.amount.is_not(None)))).scalars().all()
        )
        columns = (PurchasedOffer, Offer.code, BillUnit.billing_day_of_month)
        joined = select(*columns).join(Offer, Offer.id == PurchasedOffer.offer_id)
        offers = (
            await session.execute(joined.join(BillUnit, BillUnit.id == PurchasedOffer.bill_unit_id))
        ).all()
    check_fees(scenario, events, offers)
    check_usage(scenario, events)
    check_other_money(scenario, events)


async def check_rerun_changes_nothing(scenario: MoneyScenario) -> None:
    """Check that a second bill day of the same date changes only job runs and the audit log."""
    before = await snapshot(scenario.runtime.database)
    await scenario.bill_day()
    after = await snapshot(scenario.runtime.database)
    check_equal(
        "tables",
        {name for name in after if after[name] != before[name]},
        {"job_run", "job_step", "audit_entry"},
        scenario.history,
    )


@dataclass(slots=True)
class Posted:
    """What was posted for each offer: fees per cycle end, days, discounts and one-time fees."""

    fees: dict[int, ByCycle] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    days: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    # Key: ids of the discount and of the discounted offer.
    discounts: dict[tuple[int, int], ByCycle] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )
    one_time_fees: dict[tuple[EventKind, int], list[Decimal]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, event: Event) -> None:
        """Add an event."""
        offer, amount = event.offer_id or 0, event.amount or ZERO
        if event.kind in ONE_TIME_FEES:
            self.one_time_fees[event.kind, offer].append(amount)
        elif event.period_end is not None and event.details is not None:
            if event.kind is EventKind.CYCLE_FEE:
                self.fees[offer][event.period_end] += amount
                self.days[offer] += event.details["days"]
            else:
                self.discounts[offer, event.details["off"]][event.period_end] += amount


def check_fees(
    scenario: MoneyScenario, events: Iterable[Event], offers: Sequence[Row[Any]]
) -> None:
    """Compare monthly fees, discounts and one-time fees with the history."""
    posted = Posted()
    for event in events:
        posted.add(event)
    discounts = [offer for offer, *_ in offers if offer.kind is OfferKind.DISCOUNT]
    for offer, code, billing_day in offers:
        if offer.kind is OfferKind.DISCOUNT:
            continue
        label = f"offer {offer.id}, {code}, {offer.status}"
        active = active_days(scenario, offer, offer.charged_until or scenario.today + DAY)
        check_equal(f"days of {label}", posted.days[offer.id], len(active), scenario.history)
        begun = bool(active) or offer.first_start == offer.created_at
        is_due = {
            EventKind.PURCHASE_FEE: begun,
            EventKind.CANCEL_FEE: begun and offer.status is Status.CLOSED,
        }
        monthly, *prices = PRICES[code]
        for kind, price in zip(ONE_TIME_FEES, prices, strict=True):
            expected = [round_to_cent(price * offer.quantity)] if price and is_due[kind] else []
            check_equal(
                f"{kind} of {label}",
                posted.one_time_fees[kind, offer.id],
                expected,
                scenario.history,
            )
        if offer.bill_unit_id in scenario.history.moved:
            continue  # Its billing day changed, so only the days are comparable.
        fee = monthly * offer.quantity
        check_equal(
            f"fees of {label}",
            nonzero(posted.fees[offer.id]),
            fee_by_cycle(active, billing_day, fee),
            scenario.history,
        )
        for discount in discounts:
            if discount.account_id == offer.account_id and discount.service_id in (
                None,
                offer.service_id,
            ):
                both = active & active_days(
                    scenario, discount, max(active, default=scenario.today) + DAY
                )
                taken = nonzero(posted.discounts[discount.id, offer.id])
                discounted = -fee * scenario.discount_percent / 100
                expected = fee_by_cycle(both, billing_day, discounted)
                check_equal(f"discount {discount.id} of {label}", taken, expected, scenario.history)


def check_usage(scenario: MoneyScenario, events: Iterable[Event]) -> None:
    """Rules 6.3: the usage of one offer on one item is rounded once, in total."""
    seen: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    exact: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for event in events:
        if event.kind is EventKind.USAGE:
            key = event.item_id or 0, event.offer_id or 0
            seen[key] += event.amount or ZERO
            exact[key] += (event.quantity or ZERO) * (event.rate or ZERO)
    check_equal(
        "usage of items",
        seen,
        {key: round_to_cent(amount) for key, amount in exact.items()},
        scenario.history,
    )


def check_other_money(scenario: MoneyScenario, events: Iterable[Event]) -> None:
    """Compare usage, adjustments and payments with the history; transfers sum to zero."""
    sums: dict[EventKind, Decimal] = defaultdict(Decimal)
    used: dict[int, Decimal] = defaultdict(Decimal)
    for event in events:
        amount = event.amount or ZERO
        sums[event.kind] += amount
        if event.kind is EventKind.USAGE:
            used[event.service_id or 0] += amount
        if event.kind is EventKind.PAYMENT and "reference" not in event.description:
            sums[EventKind.PAYMENT] -= amount  # Collected by the bill day, not by the scenario.
    history = scenario.history
    check_equal("usage", used, history.used, history)
    check_equal("adjustments", sums[EventKind.ADJUSTMENT], history.adjusted, history)
    check_equal("payments", sums[EventKind.PAYMENT], -history.received, history)
    check_equal("transfers", sums[EventKind.TRANSFER], ZERO, history)


def check_equal(what: str, seen: object, expected: object, history: History) -> None:
    """Raises AssertionError with the operations executed so far."""
    assert seen == expected, f"{what}: {seen}, not {expected}\n" + "\n".join(history.done)


def active_days(scenario: MoneyScenario, offer: PurchasedOffer, until: date) -> set[date]:
    """Active days of the history, and those until `until` if the status does not change."""
    days = set(scenario.history.active.get(offer.id, ()))
    if offer.status is Status.ACTIVE:
        since = max(scenario.today, offer.first_start.date())
        days |= {since + n * DAY for n in range((until - since).days)}
    return {day for day in days if day < until}


def fee_by_cycle(days: Iterable[date], billing_day: int, fee: Decimal) -> ByCycle:
    """The prorated fee of each cycle for these days, by the end of the cycle."""
    many: dict[tuple[date, date], int] = defaultdict(int)
    for day in days:
        end = next_bill_on(day, billing_day)
        many[previous_bill_on(end, billing_day), end] += 1
    owed: ByCycle = {}
    for (start, end), count in many.items():
        exact = abs(fee) * count / (end - start).days
        owed[end] = round_to_cent(exact) if fee > 0 else -round_to_cent(exact)
    return nonzero(owed)


def nonzero(amounts: ByCycle) -> ByCycle:
    """The amounts that are not zero."""
    return {end: amount for end, amount in amounts.items() if amount}
