"""What is needed to charge offers: fees and discounts, status changes, and the charges already
posted.

Two statements for any number of offers: the offers concerned, then their status changes. They are
built once; what differs between two calls is a bind parameter.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from sqlalchemy import (
    CTE,
    BigInteger,
    Date,
    Select,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
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
from tenure.billing.charges.rules import ChargeableOffer, build_chargeable_offers
from tenure.catalog.models import Offer, OfferKind
from tenure.events.models import Event, EventKind
from tenure.events.queries import of_change
from tenure.kernel.clock import business_day, start_of
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.money import Millionths
from tenure.kernel.statements import execute
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

OFFERS = bindparam("param_offers", type_=IdList())
CHANGE = bindparam("param_change", type_=BigInteger)
SINCE = bindparam("param_since", type_=Date)
EARLIEST = bindparam("param_earliest", type_=Instant())


async def chargeable_offers(
    unit: Unit,
    since: date,
    *,
    offer_ids: Collection[int] | None = None,
    change_id: int | None = None,
) -> list[ChargeableOffer]:
    """The requested charge offers, and those that a requested discount reduces, by id.

    Requested are `offer_ids`; without them, the offers whose status the change has changed. Posted
    charges are loaded for cycle parts that end after `since`. Offers without any price are left
    out.
    """
    requested = {"param_change": change_id, "param_offers": offer_ids}
    statement = _offer_rows(by_id=offer_ids is not None)
    rows = (await execute(unit.connection, statement, requested | {"param_since": since})).all()
    if not rows:
        return []
    day_of = cache(lambda instant: business_day(instant, unit.time_zone))
    earliest = min(
        [since - LONGEST_CYCLE, *(row.charged_until or day_of(row.first_start) for row in rows)]
    )
    changes: dict[int, list[Change]] = defaultdict(list)
    followed: dict[int, int] = {}
    parameters = {
        "param_offers": {row.id for row in rows},
        "param_earliest": start_of(earliest, unit.time_zone),
    }
    corrected = {row.id: row for row in rows if row.inactive is not None}
    for offer_id, row in corrected.items():
        changes[offer_id] = corrected_changes(row.inactive, day_of)
    for offer_id, event_id, by, at, before, after in await execute(
        unit.connection, _status_changes(), parameters
    ):
        if offer_id not in corrected or by > corrected[offer_id].corrected_by:
            changes[offer_id].append((day_of(at), before, after))
        if by == change_id:
            followed[offer_id] = event_id
    return build_chargeable_offers(rows, changes, followed, day_of)


@cache
def _offer_rows(*, by_id: bool) -> AnySelect:
    """Discounts, then fees, with prices and owners: one row per cycle part and posting offer."""
    is_requested = (
        in_ids(PurchasedOffer.id, OFFERS) if by_id else PurchasedOffer.id.in_(_offers_of_change())
    )
    requested = select(PurchasedOffer).where(is_requested).cte("requested")
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
    posted = _posted_charges(select(concerned.c.id))
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


def _offers_of_change() -> Select[int | None]:
    """The offers whose status the change has changed."""
    offers = select(Event.offer_id).where(of_change(CHANGE), Event.kind == EventKind.STATUS_CHANGE)
    return offers.where(Event.offer_id.is_not(None), Event.from_status != Event.to_status)


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


def _posted_charges(offer_ids: Select[int]) -> Subquery:
    """What was posted for cycle parts that end after SINCE, by fee, part and posting offer."""
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
    statement = select(*whose, *sums).where(Event.offer_id.in_(offer_ids), Event.period_end > SINCE)
    return statement.where(Event.kind.in_(POSTED)).group_by(*whose).subquery("posted")


@cache
def _status_changes() -> AnySelect:
    """The status changes of OFFERS since EARLIEST, in order."""
    columns = (
        Event.offer_id,
        Event.id,
        Event.change_id,
        Event.occurred_at,
        Event.from_status,
        Event.to_status,
    )
    changes = select(*columns).where(
        in_ids(Event.offer_id, OFFERS), Event.from_status != Event.to_status
    )
    return changes.where(Event.occurred_at >= EARLIEST).order_by(Event.occurred_at, Event.id)
