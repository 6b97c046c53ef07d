"""Charging purchased offers: one-time fees, monthly fees and cancel fees (rules 6.1 to 6.3).

Each posting is the difference between the amount owed now and the amount posted before.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Date, Executable, bindparam, update

from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import BillItemKind
from tenure.billing.bills.rules import Charge
from tenure.billing.charges.queries import (
    CYCLE_DAYS_KEY,
    DAYS_KEY,
    DISCOUNTED_OFFER_KEY,
    OFFERS,
    chargeable_offers,
)
from tenure.billing.charges.rules import ChargeableOffer, difference_text, one_time_fee_text
from tenure.billing.credits.actions import allocate_credit
from tenure.billing.proration.rules import (
    CyclePart,
    Difference,
    differences,
    has_begun,
    total_price,
)
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.clock import business_day
from tenure.kernel.dialects import in_ids
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

DAY = timedelta(days=1)
MONTH = "month"
PERCENT = "%"
UNTIL = bindparam("param_until", type_=Date)
ONE_TIME_FEE_NAMES = {EventKind.PURCHASE_FEE: "purchase fee", EventKind.CANCEL_FEE: "cancel fee"}


async def charge_purchases(
    unit: Unit, offer_ids: Collection[int], *, at: datetime | None = None, on: date | None = None
) -> None:
    """Charge new purchases that have begun: the purchase fee, and the rest of the cycle (rules
    6.2).

    A discount corrects the running fees that it reduces, from now on. A bill day charges `on` its
    own date, with charges that take effect `at` a time of that date; by default both are those of
    the unit.
    """
    day = on or unit.today
    builder = ChargeBuilder(at or unit.now, day)
    for it in await chargeable_offers(unit, day, offer_ids=offer_ids):
        if it.row.is_asked and it.is_new:
            builder.add_first_charges(it)
        else:
            builder.add_monthly_fee(it, None)
    await builder.post(unit)


async def correct_charges(
    unit: Unit, change_id: int, at: datetime, *, affected_offers: Collection[int] | None = None
) -> None:
    """Charge and refund what follows from one status change that took effect at that time (rules
    6.3).

    A backdated change may alter the active time of offers whose status it did not change: pass
    these as `affected_offers`.
    """
    day = business_day(at, unit.time_zone)
    builder = ChargeBuilder(at, day)
    for it in await chargeable_offers(unit, day, offer_ids=affected_offers, change_id=change_id):
        if it.is_new:
            builder.add_first_charges(it)
        else:
            builder.add_monthly_fee(it, it.row.next_bill_on)
        closed = it.row.id in it.followed and it.row.status is Status.CLOSED
        if it.row.is_asked and closed and has_begun(it.subscription, day):
            builder.add_one_time_fee(it, EventKind.CANCEL_FEE, it.row.cancel_fee)
    await builder.post(unit)


@dataclass(slots=True)
class ChargeBuilder:
    """Builds charges: when they take effect, and the business day that selects their bill."""

    at: datetime
    day: date
    charges: list[Charge] = field(default_factory=list)
    charged: dict[date, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add_first_charges(self, it: ChargeableOffer) -> None:
        """Add the first charges of an offer, if it has begun."""
        if has_begun(it.subscription, self.day):
            self.add_one_time_fee(it, EventKind.PURCHASE_FEE, it.row.purchase_fee)
            self.add_monthly_fee(
                it, it.end_of_cycle(self.day), since=it.subscription.fee.active[0].start
            )

    def add_one_time_fee(self, it: ChargeableOffer, kind: EventKind, price: Decimal | None) -> None:
        """Add the purchase fee or the cancel fee."""
        amount = total_price(price or Decimal(0), it.row.quantity, it.row.currency)
        if price and amount:
            description = one_time_fee_text(it.subscription.fee, ONE_TIME_FEE_NAMES[kind], price)
            self._add(
                it, it.row.id, kind, amount, description, quantity=it.row.quantity, rate=price
            )

    def add_monthly_fee(
        self, it: ChargeableOffer, until: date | None, *, since: date | None = None
    ) -> None:
        """Add what is still to be posted of the monthly fee and its discounts. Charges new days
        only up to `until`.

        A description of a partial cycle starts at `since`, by default the day of the charges.
        """
        subscription = it.subscription
        charged = subscription.charged_until or subscription.starts
        fees: dict[CyclePart, int] = {}
        for difference in differences(subscription, until):
            if difference.discount is None:
                charged = max(charged, difference.part.span.end)
                fees[difference.part] = len(self.charges)
            self._add_difference(it, difference, since or self.day, fees.get(difference.part))
        if until is not None and charged != subscription.charged_until:
            self.charged[charged].append(it.row.id)

    async def post(self, unit: Unit) -> None:
        """Post the charges, and store until when each offer is charged.

        A refund may pay open bills (rules 6.9).
        """
        await post(unit, self.charges)
        await allocate_credit(
            unit, {charge.account_id for charge in self.charges if charge.amount < 0}
        )
        for until, ids in self.charged.items():
            parameters = {OFFERS.key: ids, UNTIL.key: until}
            await execute(unit.connection, _store_charged_until(), parameters)

    def _add_difference(
        self, it: ChargeableOffer, difference: Difference, since: date, of_fee: int | None
    ) -> None:
        fee = it.subscription.fee
        discount = difference.discount
        part = difference.part
        missing = difference.missing
        if discount is not None and discount.active:
            since = max(since, discount.active[0].start)
        description = difference_text(fee, difference, since)
        period = {"period_start": part.span.start, "period_end": part.span.end}
        said = {DAYS_KEY: missing.days, CYCLE_DAYS_KEY: part.cycle_days}
        if discount is None:
            how_much = {"quantity": fee.quantity, "unit": MONTH, "rate": fee.price}
            self._add(
                it,
                fee.offer_id,
                EventKind.CYCLE_FEE,
                missing.amount,
                description,
                details=said,
                **how_much,
                **period,
            )
        else:
            how_much = {"unit": PERCENT, "rate": discount.percent}
            said |= {DISCOUNTED_OFFER_KEY: fee.offer_id}
            goes = {"item": BillItemKind.CYCLE, "followed": of_fee}
            kind = EventKind.DISCOUNT
            self._add(
                it,
                discount.offer_id,
                kind,
                missing.amount,
                description,
                details=said,
                **how_much,
                **period,
                **goes,
            )

    def _add(
        self,
        it: ChargeableOffer,
        offer_id: int,
        kind: EventKind,
        amount: Decimal,
        description: str,
        **more: Any,
    ) -> None:
        self.charges.append(
            Charge(
                account_id=it.row.account_id,
                bill_unit_id=it.row.bill_unit_id,
                kind=kind,
                amount=amount,
                currency=it.row.currency,
                description=description,
                occurred_at=self.at,
                day=self.day,
                service_id=it.row.service_id,
                offer_id=offer_id,
                followed_id=it.followed.get(offer_id),
                **more,
            )
        )


@cache
def _store_charged_until() -> Executable:
    statement = update(PurchasedOffer).where(in_ids(PurchasedOffer.id, OFFERS))
    return statement.values(charged_until=UNTIL)
