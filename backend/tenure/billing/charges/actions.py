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
    update,
)

from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.actions import AS_IT_IS, post
from tenure.billing.bills.models import BillItemKind
from tenure.billing.bills.queries import numbers
from tenure.billing.bills.rules import Charge
from tenure.billing.charges.queries import (
    CYCLE_DAYS,
    DAYS,
    OFF,
    Bought,
    bought,
    offers_of_change,
)
from tenure.billing.charges.rules import difference_words, once_words
from tenure.billing.credits.actions import spread_credit
from tenure.billing.proration.rules import CyclePart, Difference, differences, has_begun, price_of
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.clock import business_day
from tenure.kernel.dialects import in_ids
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
