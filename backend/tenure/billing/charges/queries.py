"""What has to be known to charge offers: prices and discounts, how their status went, and what was posted for them.

Two statements, whatever the number of offers: the offers that are concerned, then how their status went.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Row,
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
from tenure.billing.bills.queries import numbers
from tenure.billing.bills.rules import cycle_that_bills
from tenure.billing.proration.rules import (
    ChargedOffer,
    CyclePart,
    Discount,
    Fee,
    Owed,
    Span,
    active_spans,
)
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
# What the details of a charge say: of which offer's fee a discount is, for how many days of a cycle of how many.
OFF, DAYS, CYCLE_DAYS = "off", "days", "cycleDays"

LONGEST_CYCLE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Bought:
    """A charge offer that somebody has, as it is charged.

    `row` has its columns and those of its catalog offer and its bill unit (`_offers`). `is_asked` is false where only a
    discount of it was asked about. `followed` has the events by which the change came, by the offer that it changed.
    """

    row: Row[Any]
    subscription: ChargedOffer
    followed: Mapping[int, int]

    @property
    def is_new(self) -> bool:
        """True where nothing of it was charged yet: it was bought just now, or for later."""
        return self.row.charged_until is None

    def end_of_cycle(self, day: date) -> date:
        """Up to when the cycle goes that bills this day."""
        until, billing_day = self.row.next_bill_on, self.row.billing_day_of_month
        return cycle_that_bills(day, running_until=until, billing_day_of_month=billing_day).end


def offers_of_change(change_id: int) -> Select[int | None]:
    """The offers whose status a change has changed."""
    told = select(Event.offer_id).where(
        of_change(literal(change_id)), Event.kind == EventKind.STATUS_CHANGE
    )
    return told.where(Event.offer_id.is_not(None), Event.from_status != Event.to_status)


async def bought(
    unit: Unit, asked: Select[Any], since: date, *, change_id: int | None = None
) -> list[Bought]:
    """The charge offers among those asked about, and those that a discount among them is taken off, by id.

    Of what was posted the parts that end after `since`. Offers that cost nothing are left out.
    """
    rows = (await unit.session.execute(_offers(asked, since))).all()
    if not rows:
        return []
    day_of = cache(lambda instant: business_day(instant, unit.business.time_zone))
    earliest = min(
        [since - LONGEST_CYCLE, *(row.charged_until or day_of(row.first_start) for row in rows)]
    )
    changes: dict[int, list[Change]] = defaultdict(list)
    followed: dict[int, int] = {}
    turns = _turns(
        numbers(unit, {row.id for row in rows}), start_of(earliest, unit.business.time_zone)
    )
    corrected = {row.id: row for row in rows if row.inactive is not None}
    for offer_id, row in corrected.items():
        changes[offer_id] = corrected_changes(row.inactive, day_of)
    for offer_id, event_id, by, at, before, after in await unit.session.execute(turns):
        if offer_id not in corrected or by > corrected[offer_id].corrected_by:
            changes[offer_id].append((day_of(at), before, after))
        if by == change_id:
            followed[offer_id] = event_id
    return _put_together(rows, changes, followed, day_of)


def _put_together(
    rows: Sequence[Row[Any]],
    changes: Mapping[int, Sequence[Change]],
    followed: Mapping[int, int],
    day_of: Callable[[datetime], date],
) -> list[Bought]:
    def active(row: Row[Any]) -> list[Span]:
        ends = None if row.ends_at is None else day_of(row.ends_at)
        return active_spans(
            changes.get(row.id, ()), row.status, starts=day_of(row.first_start), ends=ends
        )

    found: list[Bought] = []
    discounts: dict[tuple[int, int | None], list[Discount]] = defaultdict(list)
    # Discounts come first.
    for _, some in groupby(rows, key=lambda row: row.id):
        row, *more = some
        if row.kind == OfferKind.DISCOUNT:
            discount = Discount(row.id, row.name, row.monthly_percent_off, active(row))
            discounts[row.account_id, row.service_id].append(discount)
            continue
        subscription = ChargedOffer(
            Fee(row.id, row.name, row.monthly_fee or ZERO, row.quantity, row.currency, active(row)),
            _of(discounts, row) if discounts else (),
            _posted([row, *more]),
            day_of(row.first_start),
            row.charged_until,
            row.billing_day_of_month,
        )
        found.append(Bought(row, subscription, followed))
    return found


def _posted(rows: Sequence[Row[Any]]) -> dict[CyclePart, dict[int, Owed]]:
    posted: dict[CyclePart, dict[int, Owed]] = defaultdict(dict)
    for row in rows:
        if row.by_id is not None:
            part = CyclePart(Span(row.period_start, row.period_end), row.cycle_days)
            posted[part][row.by_id] = Owed(row.amount, row.days)
    return posted


def _of(
    discounts: Mapping[tuple[int, int | None], list[Discount]], row: Row[Any]
) -> Sequence[Discount]:
    """Those of its service and of its account, in the order in which they were bought."""
    of_service = (
        [] if row.service_id is None else discounts.get((row.account_id, row.service_id), [])
    )
    of_account = discounts.get((row.account_id, None), [])
    return sorted([*of_service, *of_account], key=lambda discount: discount.offer_id)


def _offers(asked: Select[Any], since: date) -> AnySelect:
    """Discounts, then fees, with what they cost and whose they are: a row for all that was posted for one part by one."""
    given = select(PurchasedOffer).where(PurchasedOffer.id.in_(asked)).cte("asked")
    fees = _fees(given)
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
    posted = _charges(select(concerned.c.id), since)
    columns = (
        *(
            PurchasedOffer.id,
            PurchasedOffer.account_id,
            PurchasedOffer.service_id,
            PurchasedOffer.bill_unit_id,
        ),
        *(PurchasedOffer.name, PurchasedOffer.kind, PurchasedOffer.status, PurchasedOffer.quantity),
        *(PurchasedOffer.first_start, PurchasedOffer.ends_at, PurchasedOffer.charged_until),
        *(Offer.purchase_fee, Offer.cancel_fee, Offer.monthly_percent_off, Offer.currency),
        *(BillUnit.billing_day_of_month, BillUnit.next_bill_on),
        *(CorrectedActivity.inactive, CorrectedActivity.change_id.label("corrected_by")),
        MONTHLY_FEE.label("monthly_fee"),
        PurchasedOffer.id.in_(select(given.c.id)).label("is_asked"),
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


def _fees(asked: CTE) -> CTE:
    """The charge offers that were asked about, and those that a discount that was asked about is taken off."""
    fee = select(PurchasedOffer.id, PurchasedOffer.account_id, PurchasedOffer.service_id)
    fee = fee.join(Offer, Offer.id == PurchasedOffer.offer_id).where(
        PurchasedOffer.kind == OfferKind.CHARGE
    )
    once = or_(Offer.purchase_fee > ZERO, Offer.cancel_fee > ZERO)
    itself = fee.where(PurchasedOffer.id.in_(select(asked.c.id)), or_(MONTHLY_FEE > ZERO, once))
    monthly = fee.where(MONTHLY_FEE > ZERO)
    of_service = monthly.join(asked, asked.c.service_id == PurchasedOffer.service_id)
    of_account = monthly.join(
        asked, and_(asked.c.account_id == PurchasedOffer.account_id, asked.c.service_id.is_(None))
    )
    discounted = (
        part.where(asked.c.kind == OfferKind.DISCOUNT) for part in (of_service, of_account)
    )
    return union(itself, *discounted).cte("fees")


def _charges(offer_ids: Select[int], since: date) -> Subquery:
    """What was posted for parts of cycles that end after `since`, by the fee, the part, and the offer that posted it."""
    said = {
        name: cast(Event.details[name].as_string(), BigInteger) for name in (OFF, DAYS, CYCLE_DAYS)
    }
    whose = (
        # SQLite joins by an index only what is sure to be a number.
        cast(func.coalesce(said[OFF], Event.offer_id), BigInteger).label("fee_id"),
        Event.offer_id.label("by_id"),
        Event.period_start,
        Event.period_end,
        said[CYCLE_DAYS].label("cycle_days"),
    )
    sums = (
        type_coerce(func.sum(Event.amount), Millionths()).label("amount"),
        cast(func.sum(said[DAYS]), BigInteger).label("days"),
    )
    theirs = select(*whose, *sums).where(Event.offer_id.in_(offer_ids), Event.period_end > since)
    return theirs.where(Event.kind.in_(POSTED)).group_by(*whose).subquery("posted")


def _turns(offer_ids: Select[int], earliest: datetime) -> AnySelect:
    """Their changes of status since then, in order."""
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
