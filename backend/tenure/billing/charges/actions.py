"""Charging what was bought: once, by the month, and when it ends (rules 6.1 to 6.3).

What is posted is always the difference between what is owed by now and what was posted before.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    String,
    and_,
    cast,
    literal,
    select,
    type_coerce,
    update,
)

from tenure.accounts.models import BillUnit
from tenure.accounts.rules import next_bill_on
from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.actions import AS_IT_IS, post, post_selected
from tenure.billing.bills.models import BillItem, BillItemKind
from tenure.billing.bills.queries import numbers
from tenure.billing.bills.rules import Charge
from tenure.billing.charges.queries import (
    CYCLE_DAYS,
    DAYS,
    DISCOUNT,
    DISCOUNT_OFFER,
    MONTHLY_FEE,
    OFF,
    Bought,
    bought,
    discounted,
    is_simple,
    offers_of_change,
    offers_to_look_at,
    takes_off,
)
from tenure.billing.charges.rules import (
    CyclePart,
    Difference,
    NewCycle,
    Span,
    difference_words,
    differences,
    has_begun,
    once_words,
    price_of,
    span_words,
)
from tenure.billing.credits.actions import spread_credit
from tenure.catalog.models import Offer
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.clock import business_day, start_of
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.dialects import in_ids, json_object
from tenure.kernel.money import MILLION, MINOR_UNITS, Millionths
from tenure.kernel.unit import Unit

DAY = timedelta(days=1)
MONTH, PERCENT = "month", "%"
ONCE = {EventKind.PURCHASE_FEE: "purchase fee", EventKind.CANCEL_FEE: "cancel fee"}


async def charge_purchases(
    unit: Unit, offer_ids: Collection[int], *, at: datetime | None = None, on: date | None = None
) -> None:
    """Charge what was bought, once it has begun: for buying it, and for the rest of the cycle (rules 6.2).

    A discount corrects the fees that run and that it is taken off from now on. A bill day charges `on` its own date,
    with charges that take effect `at` a time of that date; else both are those of the unit.
    """
    day = on or unit.business.today
    charging = Charging(at or unit.now, day)
    for it in await bought(unit, numbers(unit, offer_ids), day):
        if it.row.is_asked and it.is_new:
            charging.begin(it)
        else:
            charging.monthly(it, None)
    await charging.write(unit)


async def correct(
    unit: Unit, change_id: int, at: datetime, *, reached: Collection[int] | None = None
) -> None:
    """Charge and give back what follows from one change of status that took effect at that time (rules 6.3).

    A backdated change may have changed the active time of offers whose status it did not change: those it `reached`.
    """
    asked = offers_of_change(change_id) if reached is None else numbers(unit, reached)
    day = business_day(at, unit.business.time_zone)
    charging = Charging(at, day)
    for it in await bought(unit, asked, day, change_id=change_id):
        if it.is_new:
            charging.begin(it)
        else:
            charging.monthly(it, it.row.next_bill_on)
        closed = it.row.id in it.followed and it.row.status is Status.CLOSED
        if it.row.is_asked and closed and has_begun(it.subscription, day):
            charging.once(it, EventKind.CANCEL_FEE, it.row.cancel_fee)
    await charging.write(unit)


async def charge_cycles(unit: Unit, bill_unit_ids: Collection[int], on: date) -> None:
    """Charge the cycle that begins on this billing day of these bill units, on the bill that closes on it (rules 6.2).

    Most offers were simply active: those are charged by statements, the others are looked at one by one. The caller has
    locked the accounts, so that nobody changes their standing meanwhile.
    """
    for cycle in await _new_cycles(unit, bill_unit_ids, on):
        simple = (
            (await unit.session.execute(select(PurchasedOffer.id).where(is_simple(cycle))))
            .scalars()
            .all()
        )
        await post_selected(unit, fees_of_cycle(unit, cycle, simple), cycle.bill_unit_ids)
        if (await unit.session.execute(discounted(simple).limit(1))).first() is not None:
            await post_selected(unit, discounts_of_cycle(unit, cycle, simple), cycle.bill_unit_ids)
        charged = update(PurchasedOffer).where(in_ids(PurchasedOffer.id, simple))
        await unit.session.execute(
            charged.values(charged_until=cycle.span.end), execution_options=AS_IT_IS
        )
        charging = Charging(start_of(on, unit.business.time_zone), on - DAY)
        others = (await unit.session.execute(offers_to_look_at(cycle))).scalars().all()
        for it in await bought(unit, numbers(unit, others), on) if others else []:
            charging.monthly(it, cycle.span.end, since=date.min)
        await charging.write(unit)


async def _new_cycles(unit: Unit, bill_unit_ids: Collection[int], on: date) -> list[NewCycle]:
    """The bill units by their cycle and currency."""
    found = select(BillUnit.billing_day_of_month, BillUnit.currency, BillUnit.id)
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    for day, currency, bill_unit_id in await unit.session.execute(
        found.where(in_ids(BillUnit.id, bill_unit_ids), BillUnit.next_bill_on == on)
    ):
        alike[day, currency].append(bill_unit_id)
    settled = start_of(on + DAY, unit.business.time_zone)
    return [
        NewCycle(ids, Span(on, next_bill_on(on, day)), currency, settled)
        for (day, currency), ids in alike.items()
    ]


@dataclass(slots=True)
class Charging:
    """Charges that are put together: when they take effect, and the business day that says with which bill they go."""

    at: datetime
    day: date
    charges: list[Charge] = field(default_factory=list)
    charged: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))

    def begin(self, it: Bought) -> None:
        """The first charges of an offer, where it has begun: nothing is charged before that."""
        if has_begun(it.subscription, self.day):
            self.once(it, EventKind.PURCHASE_FEE, it.row.purchase_fee)
            self.monthly(it, it.end_of_cycle(self.day), since=it.subscription.fee.active[0].start)

    def once(self, it: Bought, kind: EventKind, price: Decimal | None) -> None:
        """The fee for buying it, or for ending it."""
        amount = price_of(price or Decimal(0), it.row.quantity, it.row.currency)
        if price and amount:
            words = once_words(it.subscription.fee, ONCE[kind], price)
            self._add(it, it.row.id, kind, amount, words, quantity=it.row.quantity, rate=price)

    def monthly(self, it: Bought, until: date | None, *, since: date | None = None) -> None:
        """What is still to be posted of its monthly fee and its discounts; what is not charged yet only up to `until`.

        Something is otherwise `since` then, or since the day itself.
        """
        subscription = it.subscription
        charged = subscription.charged_until or subscription.starts
        fees: dict[CyclePart, int] = {}
        for difference in differences(subscription, until):
            if difference.discount is None:
                charged = max(charged, difference.part.span.end)
                fees[difference.part] = len(self.charges)
            self._difference(it, difference, since or self.day, fees.get(difference.part))
        if until is not None and charged != subscription.charged_until:
            self.charged[charged].append(it.row.id)

    async def write(self, unit: Unit) -> None:
        """Post them, and keep up to when each offer is charged now. What is given back may pay open bills (rules 6.9)."""
        await post(unit, self.charges)
        await spread_credit(
            unit, {charge.account_id for charge in self.charges if charge.amount < 0}
        )
        for until, ids in self.charged.items():
            theirs = update(PurchasedOffer).where(in_ids(PurchasedOffer.id, ids))
            await unit.session.execute(
                theirs.values(charged_until=until), execution_options=AS_IT_IS
            )

    def _difference(
        self, it: Bought, difference: Difference, since: date, of_fee: int | None
    ) -> None:
        fee, discount, part, missing = (
            it.subscription.fee,
            difference.discount,
            difference.part,
            difference.missing,
        )
        if discount is not None and discount.active:
            since = max(since, discount.active[0].start)
        words = difference_words(fee, difference, since)
        period = {"period_start": part.span.start, "period_end": part.span.end}
        said = {DAYS: missing.days, CYCLE_DAYS: part.cycle_days}
        if discount is None:
            how_much = {"quantity": fee.quantity, "unit": MONTH, "rate": fee.price}
            self._add(
                it,
                fee.offer_id,
                EventKind.CYCLE_FEE,
                missing.amount,
                words,
                details=said,
                **how_much,
                **period,
            )
        else:
            how_much = {"unit": PERCENT, "rate": discount.percent}
            said |= {OFF: fee.offer_id}
            goes = {"item": BillItemKind.CYCLE, "followed": of_fee}
            kind = EventKind.DISCOUNT
            self._add(
                it,
                discount.offer_id,
                kind,
                missing.amount,
                words,
                details=said,
                **how_much,
                **period,
                **goes,
            )

    def _add(
        self, it: Bought, offer_id: int, kind: EventKind, amount: Decimal, words: str, **more: Any
    ) -> None:
        self.charges.append(
            Charge(
                account_id=it.row.account_id,
                bill_unit_id=it.row.bill_unit_id,
                kind=kind,
                amount=amount,
                currency=it.row.currency,
                description=words,
                occurred_at=self.at,
                day=self.day,
                service_id=it.row.service_id,
                offer_id=offer_id,
                followed_id=it.followed.get(offer_id),
                **more,
            )
        )


def fees_of_cycle(unit: Unit, cycle: NewCycle, offer_ids: Collection[int]) -> AnySelect:
    """The charges for simple fees, as `post_selected` takes them."""
    columns = {
        "kind": literal(EventKind.CYCLE_FEE, Event.kind.type),
        "offer_id": PurchasedOffer.id,
        "description": PurchasedOffer.name.concat(f", {span_words(cycle.span)}"),
        "quantity": PurchasedOffer.quantity,
        "unit": literal(MONTH),
        "rate": MONTHLY_FEE,
        "amount": type_coerce(
            _rounded(type_coerce(MONTHLY_FEE, BigInteger), cycle.currency), Millionths()
        ),
        "details": literal({DAYS: cycle.days, CYCLE_DAYS: cycle.days}, Event.details.type),
    }
    return _charged(unit, cycle, offer_ids, columns)


def discounts_of_cycle(unit: Unit, cycle: NewCycle, offer_ids: Collection[int]) -> AnySelect:
    """What is taken off the fees that `fees_of_cycle` charged, which are posted by now."""
    price, hundred = type_coerce(MONTHLY_FEE, BigInteger), 100 * MILLION
    percent = type_coerce(DISCOUNT_OFFER.monthly_percent_off, BigInteger)
    # In two steps, since the product of both could be more than a whole number of the database.
    off = price // hundred * percent + price % hundred * percent // hundred
    of_what = DISCOUNT.name.concat(": ").concat(cast(percent // MILLION, String)).concat("% off ")
    columns = {
        "kind": literal(EventKind.DISCOUNT, Event.kind.type),
        "offer_id": DISCOUNT.id,
        "description": of_what.concat(PurchasedOffer.name).concat(f", {span_words(cycle.span)}"),
        "unit": literal(PERCENT),
        "rate": DISCOUNT_OFFER.monthly_percent_off,
        "amount": type_coerce(-_rounded(off, cycle.currency), Millionths()),
        "followed_id": Event.id,
        "details": json_object(OFF, PurchasedOffer.id, DAYS, cycle.days, CYCLE_DAYS, cycle.days),
    }
    of_fee = and_(
        Event.offer_id == PurchasedOffer.id,
        Event.kind == EventKind.CYCLE_FEE,
        Event.period_start == cycle.span.start,
        Event.period_end == cycle.span.end,
    )
    return _charged(unit, cycle, offer_ids, columns).where(
        takes_off(), DISCOUNT.status == Status.ACTIVE, of_fee
    )


def _charged(
    unit: Unit,
    cycle: NewCycle,
    offer_ids: Collection[int],
    columns: dict[str, SQLColumnExpression[Any]],
) -> AnySelect:
    every = columns | {
        "account_id": PurchasedOffer.account_id,
        "service_id": PurchasedOffer.service_id,
        "bill_unit_id": PurchasedOffer.bill_unit_id,
        "item": literal(BillItemKind.CYCLE, BillItem.kind.type),
        "occurred_at": literal(start_of(cycle.span.start, unit.business.time_zone), Instant()),
        "currency": Offer.currency,
        "period_start": literal(cycle.span.start),
        "period_end": literal(cycle.span.end),
    }
    rows: AnySelect = select(*(column.label(name) for name, column in every.items()))
    costs = type_coerce(every["amount"], BigInteger) != 0
    return rows.where(
        in_ids(PurchasedOffer.id, offer_ids), Offer.id == PurchasedOffer.offer_id, costs
    )


def _rounded(millionths: ColumnElement[int], currency: str) -> ColumnElement[int]:
    """`kernel.money.rounded` for what is not negative: half up to the currency's minor unit."""
    minor = MILLION // 10 ** MINOR_UNITS.get(currency, 2)
    rounded: ColumnElement[int] = (millionths + minor // 2) // minor * minor
    return rounded
