"""Charging the monthly fees of a cycle that begins (rules 6.2).

Most offers were active without a change: statements charge those as a set. The others are prorated
one by one (`billing.charges`).
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
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
from tenure.billing.bills.actions import NO_SESSION_SYNC, post_selected
from tenure.billing.bills.models import BillItem, BillItemKind
from tenure.billing.charges.actions import DAY, MONTH, PERCENT, ChargeBuilder
from tenure.billing.charges.queries import (
    CYCLE_DAYS_KEY,
    DAYS_KEY,
    DISCOUNTED_OFFER_KEY,
    MONTHLY_FEE,
    chargeable_offers,
)
from tenure.billing.charges.rules import span_text
from tenure.billing.cycle_fees.queries import (
    DISCOUNT,
    DISCOUNT_OFFER,
    discounted_offers,
    has_unchanged_fee,
    is_discount_of_fee,
    offers_to_prorate,
)
from tenure.billing.cycle_fees.rules import NewCycle, NextCharges
from tenure.billing.proration.queries import discount_of_cycle, fee_of_cycle
from tenure.billing.proration.rules import Span
from tenure.catalog.models import Offer
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.clock import start_of
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.dialects import in_ids
from tenure.kernel.json_values import json_object
from tenure.kernel.money import MILLION, Millionths
from tenure.kernel.unit import Unit


async def charge_cycles(unit: Unit, bill_unit_ids: Collection[int], on: date) -> None:
    """Charge the cycle that begins on this billing day, on the bill that closes on it (rules 6.2).

    The caller has locked the accounts, so that their status cannot change meanwhile.
    """
    for cycle in await _new_cycles(unit, bill_unit_ids, on):
        simple = (
            (await unit.session.execute(select(PurchasedOffer.id).where(has_unchanged_fee(cycle))))
            .scalars()
            .all()
        )
        await post_selected(unit, fees_of_cycle(unit, cycle, simple), cycle.bill_unit_ids)
        if (await unit.session.execute(discounted_offers(simple).limit(1))).first() is not None:
            await post_selected(unit, discounts_of_cycle(unit, cycle, simple), cycle.bill_unit_ids)
        charged = update(PurchasedOffer).where(in_ids(PurchasedOffer.id, simple))
        await unit.session.execute(
            charged.values(charged_until=cycle.span.end), execution_options=NO_SESSION_SYNC
        )
        builder = ChargeBuilder(start_of(on, unit.time_zone), on - DAY)
        others = (await unit.session.execute(offers_to_prorate(cycle))).scalars().all()
        for it in await chargeable_offers(unit, on, offer_ids=others) if others else []:
            builder.add_monthly_fee(it, cycle.span.end, since=date.min)
        await builder.post(unit)


async def _new_cycles(unit: Unit, bill_unit_ids: Collection[int], on: date) -> list[NewCycle]:
    """The bill units grouped by cycle and currency."""
    found = select(BillUnit.billing_day_of_month, BillUnit.currency, BillUnit.id)
    alike: dict[tuple[int, str], list[int]] = defaultdict(list)
    for day, currency, bill_unit_id in await unit.session.execute(
        found.where(in_ids(BillUnit.id, bill_unit_ids), BillUnit.next_bill_on == on)
    ):
        alike[day, currency].append(bill_unit_id)
    unchanged_since = start_of(on + DAY, unit.time_zone)
    return [
        NewCycle(ids, Span(on, next_bill_on(on, day)), currency, unchanged_since)
        for (day, currency), ids in alike.items()
    ]


async def next_charges(unit: Unit, bill_unit: BillUnit) -> NextCharges:
    """The charges of the cycle that begins on the next billing day, if nothing changes until then.

    Nothing is posted.
    """
    on = bill_unit.next_bill_on
    span = Span(on, next_bill_on(on, bill_unit.billing_day_of_month))
    unchanged_since = start_of(on + DAY, unit.time_zone)
    cycle = NewCycle([bill_unit.id], span, bill_unit.currency, unchanged_since)
    builder = ChargeBuilder(start_of(on, unit.time_zone), on - DAY)
    offer_ids = (await unit.session.execute(offers_to_prorate(cycle))).scalars().all()
    for it in await chargeable_offers(unit, on, offer_ids=offer_ids) if offer_ids else []:
        builder.add_monthly_fee(it, span.end, since=date.min)
    return NextCharges(span, bill_unit.currency, builder.charges)


def fees_of_cycle(unit: Unit, cycle: NewCycle, offer_ids: Collection[int]) -> AnySelect:
    """The charges of unchanged fees, as `post_selected` takes them."""
    columns = {
        "kind": literal(EventKind.CYCLE_FEE, Event.kind.type),
        "offer_id": PurchasedOffer.id,
        "description": PurchasedOffer.name.concat(f", {span_text(cycle.span)}"),
        "quantity": PurchasedOffer.quantity,
        "unit": literal(MONTH),
        "rate": MONTHLY_FEE,
        "amount": type_coerce(
            fee_of_cycle(type_coerce(MONTHLY_FEE, BigInteger), cycle.currency), Millionths()
        ),
        "details": literal({DAYS_KEY: cycle.days, CYCLE_DAYS_KEY: cycle.days}, Event.details.type),
    }
    return _charge_rows(unit, cycle, offer_ids, columns)


def discounts_of_cycle(unit: Unit, cycle: NewCycle, offer_ids: Collection[int]) -> AnySelect:
    """The discounts of the fees that `fees_of_cycle` charged, which are posted already."""
    price = type_coerce(MONTHLY_FEE, BigInteger)
    percent = type_coerce(DISCOUNT_OFFER.monthly_percent_off, BigInteger)
    off = discount_of_cycle(price, percent, cycle.currency)
    of_what = DISCOUNT.name.concat(": ").concat(cast(percent // MILLION, String)).concat("% off ")
    columns = {
        "kind": literal(EventKind.DISCOUNT, Event.kind.type),
        "offer_id": DISCOUNT.id,
        "description": of_what.concat(PurchasedOffer.name).concat(f", {span_text(cycle.span)}"),
        "unit": literal(PERCENT),
        "rate": DISCOUNT_OFFER.monthly_percent_off,
        "amount": type_coerce(-off, Millionths()),
        "followed_id": Event.id,
        "details": json_object(
            DISCOUNTED_OFFER_KEY,
            PurchasedOffer.id,
            DAYS_KEY,
            cycle.days,
            CYCLE_DAYS_KEY,
            cycle.days,
        ),
    }
    of_fee = and_(
        Event.offer_id == PurchasedOffer.id,
        Event.kind == EventKind.CYCLE_FEE,
        Event.period_start == cycle.span.start,
        Event.period_end == cycle.span.end,
    )
    return _charge_rows(unit, cycle, offer_ids, columns).where(
        is_discount_of_fee(), DISCOUNT.status == Status.ACTIVE, of_fee
    )


def _charge_rows(
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
        "occurred_at": literal(start_of(cycle.span.start, unit.time_zone), Instant()),
        "currency": Offer.currency,
        "period_start": literal(cycle.span.start),
        "period_end": literal(cycle.span.end),
    }
    rows: AnySelect = select(*(column.label(name) for name, column in every.items()))
    costs = type_coerce(every["amount"], BigInteger) != 0
    return rows.where(
        in_ids(PurchasedOffer.id, offer_ids), Offer.id == PurchasedOffer.offer_id, costs
    )
