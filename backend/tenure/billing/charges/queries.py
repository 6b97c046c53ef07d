"""What is needed to charge offers: fees and discounts, status changes, and the charges already
posted.

Two statements for any number of offers: the offers concerned, then their status changes.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Select,
    Subquery,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import aliased

from tenure.accounts.models import BillUnit
from tenure.activity.models import CorrectedActivity
from tenure.activity.rules import Change, corrected_changes
from tenure.assets.models import PurchasedOffer
from tenure.billing.bills.queries import ids_as_query
from tenure.billing.charges.rules import ChargeableOffer, build_chargeable_offers
from tenure.catalog.models import Offer, OfferKind
from tenure.events.models import Event, EventKind
from tenure.events.queries import of_change
from tenure.kernel.clock import business_day, start_of
from tenure.kernel.db import AnySelect
from tenure.kernel.money import Millionths
from tenure.kernel.unit import Unit

ZERO = Decimal(0)
MONTHLY_FEE = func.coalesce(PurchasedOffer.monthly_fee, Offer.monthly_fee)
LATER = aliased(CorrectedActivity, name="later")
POSTED = (EventKind.CYCLE_FEE, EventKind.DISCOUNT)
# Keys of the details of a charge: the offer whose fee a discount reduces, the charged days, and the
# days of the cycle.
DISCOUNTED_OFFER_KEY = "off"
DAYS_KEY = "days"
CYCLE_DAYS_KEY = "cycleDays"

LONGEST_CYCLE = timedelta(days=31)


def offers_changed_by(change_id: int) -> Select[int | None]:
    """The offers whose status a change has changed."""
    offers = select(Event.offer_id).where(
        of_change(literal(change_id)), Event.kind == EventKind.STATUS_CHANGE
    )
    return offers.where(Event.offer_id.is_not(None), Event.from_status != Event.to_status)


async def chargeable_offers(
    unit: Unit, requested_offers: Select[Any], since: date, *, change_id: int | None = None
) -> list[ChargeableOffer]:
    """The requested charge offers, and those that a requested discount reduces, by id.

    Posted charges are loaded for cycle parts that end after `since`. Offers without any price are
    left out.
    """
    rows = (await unit.session.execute(_offer_rows(requested_offers, since))).all()
    if not rows:
        return []
    day_of = cache(lambda instant: business_day(instant, unit.time_zone))
    earliest = min(
        [since - LONGEST_CYCLE, *(row.charged_until or day_of(row.first_start) for row in rows)]
    )
    changes: dict[int, list[Change]] = defaultdict(list)
    followed: dict[int, int] = {}
    turns = _status_changes(
        ids_as_query(unit, {row.id for row in rows}), start_of(earliest, unit.time_zone)
    )
    corrected = {row.id: row for row in rows if row.inactive is not None}
    for offer_id, row in corrected.items():
        changes[offer_id] = corrected_changes(row.inactive, day_of)
    for offer_id, event_id, by, at, before, after in await unit.session.execute(turns):
        if offer_id not in corrected or by > corrected[offer_id].corrected_by:
            changes[offer_id].append((day_of(at), before, after))
        if by == change_id:
            followed[offer_id] = event_id
    return build_chargeable_offers(rows, changes, followed, day_of)


def _offer_rows(requested_offers: Select[Any], since: date) -> AnySelect:
    """Discounts, then fees, with prices and owners: one row per cycle part and posting offer."""
    requested = select(PurchasedOffer).where(PurchasedOffer.id.in_(requested_offers)).cte("asked")
    fees = _fee_offers(requested)
    of_service = select(PurchasedOffer.id).join(
        fees, fees.c.service_id == PurchasedOffer.service_id
    )
    of_account = select(PurchasedOffer.id).join(
        fees, fees.c.account_id == PurchasedOffer.account_id
    )
    is_discount = PurchasedOffer.kind == OfferKind.DISCOUNT
    concerned = union(
        select(fees.c.id),
        of_service.where(is_discount),
        of_account.where(is_discount, PurchasedOffer.service_id.is_(None)),
    ).cte("concerned")
    posted = _posted_charges(select(concerned.c.id), since)
    columns = (
        PurchasedOffer.id,
        PurchasedOffer.account_id,
        PurchasedOffer.service_id,
        PurchasedOffer.bill_unit_id,
        PurchasedOffer.name,
        PurchasedOffer.kind,
        PurchasedOffer.status,
        PurchasedOffer.quantity,
        PurchasedOffer.first_start,
        PurchasedOffer.ends_at,
        PurchasedOffer.charged_until,
        Offer.purchase_fee,
        Offer.cancel_fee,
        Offer.monthly_percent_off,
        Offer.currency,
        BillUnit.billing_day_of_month,
        BillUnit.next_bill_on,
        CorrectedActivity.inactive,
        CorrectedActivity.change_id.label("corrected_by"),
        MONTHLY_FEE.label("monthly_fee"),
        PurchasedOffer.id.in_(select(requested.c.id)).label("is_asked"),
        *(column for column in posted.c if column.name != "fee_id"),
    )
    joined = select(*columns).join(concerned, concerned.c.id == PurchasedOffer.id)
    joined = joined.join(Offer, Offer.id == PurchasedOffer.offer_id)
    joined = joined.join(BillUnit, BillUnit.id == PurchasedOffer.bill_unit_id)
    latest = select(func.max(LATER.change_id)).where(LATER.offer_id == PurchasedOffer.id)
    newest = CorrectedActivity.change_id == latest.scalar_subquery()
    joined = joined.outerjoin(
        CorrectedActivity, and_(CorrectedActivity.offer_id == PurchasedOffer.id, newest)
    )
    joined = joined.outerjoin(posted, posted.c.fee_id == PurchasedOffer.id)
    costs_or_takes_off = or_(
        PurchasedOffer.kind == OfferKind.CHARGE, Offer.monthly_percent_off > ZERO
    )
    return joined.where(costs_or_takes_off).order_by(PurchasedOffer.kind.desc(), PurchasedOffer.id)


def _fee_offers(requested_offers: CTE) -> CTE:
    """The requested charge offers, and those that a requested discount reduces."""
    fee = select(PurchasedOffer.id, PurchasedOffer.account_id, PurchasedOffer.service_id)
    fee = fee.join(Offer, Offer.id == PurchasedOffer.offer_id).where(
        PurchasedOffer.kind == OfferKind.CHARGE
    )
    once = or_(Offer.purchase_fee > ZERO, Offer.cancel_fee > ZERO)
    itself = fee.where(
        PurchasedOffer.id.in_(select(requested_offers.c.id)), or_(MONTHLY_FEE > ZERO, once)
    )
    monthly = fee.where(MONTHLY_FEE > ZERO)
    of_service = monthly.join(
        requested_offers, requested_offers.c.service_id == PurchasedOffer.service_id
    )
    of_account = monthly.join(
        requested_offers,
        and_(
            requested_offers.c.account_id == PurchasedOffer.account_id,
            requested_offers.c.service_id.is_(None),
        ),
    )
    discounted = (
        part.where(requested_offers.c.kind == OfferKind.DISCOUNT)
        for part in (of_service, of_account)
    )
    return union(itself, *discounted).cte("fees")


def _posted_charges(offer_ids: Select[int], since: date) -> Subquery:
    """What was posted for cycle parts that end after `since`, by fee, part and posting offer."""
    said = {
        name: cast(Event.details[name].as_string(), BigInteger)
        for name in (DISCOUNTED_OFFER_KEY, DAYS_KEY, CYCLE_DAYS_KEY)
    }
    whose = (
        # SQLite joins by an index only where the type is certain to be a number.
        cast(func.coalesce(said[DISCOUNTED_OFFER_KEY], Event.offer_id), BigInteger).label("fee_id"),
        Event.offer_id.label("by_id"),
        Event.period_start,
        Event.period_end,
        said[CYCLE_DAYS_KEY].label("cycle_days"),
    )
    sums = (
        type_coerce(func.sum(Event.amount), Millionths()).label("amount"),
        cast(func.sum(said[DAYS_KEY]), BigInteger).label("days"),
    )
    statement = select(*whose, *sums).where(Event.offer_id.in_(offer_ids), Event.period_end > since)
    return statement.where(Event.kind.in_(POSTED)).group_by(*whose).subquery("posted")


def _status_changes(offer_ids: Select[int], earliest: datetime) -> AnySelect:
    """Their status changes since then, in order."""
    columns = (
        Event.offer_id,
        Event.id,
        Event.change_id,
        Event.occurred_at,
        Event.from_status,
        Event.to_status,
    )
    turns = select(*columns).where(
        Event.offer_id.in_(offer_ids), Event.from_status != Event.to_status
    )
    return turns.where(Event.occurred_at >= earliest).order_by(Event.occurred_at, Event.id)
