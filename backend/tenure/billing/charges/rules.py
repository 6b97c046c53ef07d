"""Charge offers as they are charged, and the descriptions of charges on bills and in events."""

import calendar
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Row,
)

from tenure.activity.rules import Change
from tenure.billing.bills.rules import billing_cycle
from tenure.billing.proration.rules import (
    ChargedOffer,
    CyclePart,
    Difference,
    Discount,
    Fee,
    ProratedAmount,
    Span,
    active_spans,
)
from tenure.catalog.models import OfferKind
from tenure.kernel.currencies import minor_units

DAY = timedelta(days=1)


def difference_text(fee: Fee, difference: Difference, since: date) -> str:
    """DSL: 12 of 30 days of 30.00 (19 to 30 November 2026).

    A credit names the days since it is not owed.
    """
    part = difference.part
    missing = difference.missing
    discount = difference.discount
    name = (
        fee.name
        if discount is None
        else f"{discount.name}: {percent_text(discount.percent)} off {fee.name}"
    )
    if missing.days == part.cycle_days:
        return f"{name}, {span_text(part.span)}"
    span = Span(min(max(part.span.start, since), part.span.end - DAY), part.span.end)
    return f"{name}: {_days_text(fee, difference)} ({span_text(span)})"


def one_time_fee_text(fee: Fee, what: str, price: Decimal) -> str:
    """DSL: purchase fee of 25.00, or of 2 × 25.00."""
    return f"{fee.name}: {what} of {_price_text(fee, price)}"


def percent_text(percent: Decimal) -> str:
    """10%, 12.5%."""
    return f"{percent.normalize():f}%"


@lru_cache(maxsize=1024)
def amount_text(amount: Decimal, currency: str) -> str:
    """30.00, with the decimals of the currency; a price with more decimals keeps them."""
    digits = minor_units(currency)
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{amount:,.{max(digits, -exponent)}f}"


@lru_cache(maxsize=1024)
def span_text(span: Span) -> str:
    """1 to 31 December 2026; 28 November to 27 December 2026; 30 November 2026."""
    first = span.start
    last = span.end - DAY
    if first == last:
        return _date_text(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_date_text(last)}"
    if first.year == last.year:
        return f"{first.day} {calendar.month_name[first.month]} to {_date_text(last)}"
    return f"{_date_text(first)} to {_date_text(last)}"


def _days_text(fee: Fee, difference: Difference) -> str:
    """12 of 30 days of 30.00; "corrected" where two discounts that share a fee change, but no
    days.
    """
    days = difference.missing.days
    if not days:
        return "corrected"
    is_credit = (difference.missing.amount < 0) == (difference.discount is None)
    cycle_days = difference.part.cycle_days
    text = f"{abs(days)} of {cycle_days} days of {_price_text(fee, fee.price)}"
    return f"credit for {text}" if is_credit else text


def _price_text(fee: Fee, price: Decimal) -> str:
    times = "" if fee.quantity == 1 else f"{fee.quantity.normalize():f} × "
    return f"{times}{amount_text(price, fee.currency)}"


def _date_text(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


@dataclass(frozen=True, slots=True)
class ChargeableOffer:
    """A purchased charge offer, prepared for charging.

    `row` has its columns and those of its catalog offer and its bill unit (`_offer_rows`).
    `row.is_asked` is false where only a discount of it was requested. `followed` maps an offer to
    the event of the change that caused the charge.
    """

    row: Row[Any]
    subscription: ChargedOffer
    followed: Mapping[int, int]

    @property
    def is_new(self) -> bool:
        """True if nothing was charged for it yet: it was bought just now, or begins later."""
        return self.row.charged_until is None

    def end_of_cycle(self, day: date) -> date:
        """The end of the cycle that bills this day."""
        until = self.row.next_bill_on
        billing_day = self.row.billing_day_of_month
        return billing_cycle(day, current_cycle_end=until, billing_day_of_month=billing_day).end


def build_chargeable_offers(
    rows: Sequence[Row[Any]],
    changes: Mapping[int, Sequence[Change]],
    followed: Mapping[int, int],
    day_of: Callable[[datetime], date],
) -> list[ChargeableOffer]:
    """The offers of these rows, with their discounts, active days and posted charges."""

    def active(row: Row[Any]) -> list[Span]:
        return active_spans(changes.get(row.id, ()), row.status, starts=day_of(row.first_start))

    found: list[ChargeableOffer] = []
    discounts: dict[tuple[int, int | None], list[Discount]] = defaultdict(list)
    # The query returns discounts before fees.
    for _, some in groupby(rows, key=lambda row: row.id):
        row, *more = some
        if row.kind == OfferKind.DISCOUNT:
            discount = Discount(row.id, row.name, row.monthly_percent_off, active(row))
            discounts[row.account_id, row.service_id].append(discount)
            continue
        subscription = ChargedOffer(
            Fee(
                row.id,
                row.name,
                row.monthly_fee or Decimal(0),
                row.quantity,
                row.currency,
                active(row),
            ),
            _discounts_of(discounts, row) if discounts else (),
            _posted_amounts([row, *more]),
            day_of(row.first_start),
            row.charged_until,
            row.billing_day_of_month,
        )
        found.append(ChargeableOffer(row, subscription, followed))
    return found


def _posted_amounts(rows: Sequence[Row[Any]]) -> dict[CyclePart, dict[int, ProratedAmount]]:
    posted: dict[CyclePart, dict[int, ProratedAmount]] = defaultdict(dict)
    for row in rows:
        if row.by_id is not None:
            part = CyclePart(Span(row.period_start, row.period_end), row.cycle_days)
            posted[part][row.by_id] = ProratedAmount(row.amount, row.days)
    return posted


def _discounts_of(
    discounts: Mapping[tuple[int, int | None], list[Discount]], row: Row[Any]
) -> Sequence[Discount]:
    """The discounts of its service and of its account, in the order of purchase."""
    of_service = (
        [] if row.service_id is None else discounts.get((row.account_id, row.service_id), [])
    )
    of_account = discounts.get((row.account_id, None), [])
    return sorted([*of_service, *of_account], key=lambda discount: discount.offer_id)
