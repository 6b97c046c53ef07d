"""What is owed, as pure functions: usage, and monthly fees in proportion to their active days (rules 6.1 to 6.4).

A monthly fee is charged by *parts* of cycles. What of a part is owed follows from the days on which the offer is active;
what has been posted for it is taken off, and the difference is the charge. So however often an offer toggles, what was
posted for a part adds up to what is owed for it, roundings included, and who looks twice posts nothing.
"""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from tenure.billing.proration.rules import Difference, Fee, Span
from tenure.kernel.money import MINOR_UNITS

DAY = timedelta(days=1)


def difference_words(fee: Fee, difference: Difference, since: date) -> str:
    """DSL: 12 of 30 days of 30.00 (19 to 30 November 2026). What is given back, since when it is not owed any more."""
    part, missing, discount = difference.part, difference.missing, difference.discount
    name = (
        fee.name
        if discount is None
        else f"{discount.name}: {percent_words(discount.percent)} off {fee.name}"
    )
    if missing.days == part.cycle_days:
        return f"{name}, {span_words(part.span)}"
    span = Span(min(max(part.span.start, since), part.span.end - DAY), part.span.end)
    return f"{name}: {_share_words(fee, difference)} ({span_words(span)})"


def once_words(fee: Fee, what: str, price: Decimal) -> str:
    """DSL: purchase fee of 25.00; of 2 × 25.00."""
    return f"{fee.name}: {what} of {_price_words(fee, price)}"


def percent_words(percent: Decimal) -> str:
    """10%, 12.5%."""
    return f"{percent.normalize():f}%"


@lru_cache(maxsize=1024)
def money_words(amount: Decimal, currency: str) -> str:
    """30.00 as people write it in this currency; a price finer than its minor unit keeps its decimals."""
    digits = MINOR_UNITS.get(currency, 2)
    exponent = amount.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return f"{amount:,.{max(digits, -exponent)}f}"


@lru_cache(maxsize=1024)
def span_words(span: Span) -> str:
    """1 to 31 December 2026; 28 November to 27 December 2026; 30 November 2026."""
    first, last = span.start, span.end - DAY
    if first == last:
        return _day_words(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day_words(last)}"
    if first.year == last.year:
        return f"{first.day} {calendar.month_name[first.month]} to {_day_words(last)}"
    return f"{_day_words(first)} to {_day_words(last)}"


def _share_words(fee: Fee, difference: Difference) -> str:
    """12 of 30 days of 30.00; where two discounts share what is left of a fee, one may change without a day of its own."""
    days = difference.missing.days
    if not days:
        return "corrected"
    given_back = (difference.missing.amount < 0) == (difference.discount is None)
    price = _price_words(fee, fee.price)
    return f"{'given back, ' if given_back else ''}{abs(days)} of {difference.part.cycle_days} days of {price}"


def _price_words(fee: Fee, price: Decimal) -> str:
    times = "" if fee.quantity == 1 else f"{fee.quantity.normalize():f} × "
    return f"{times}{money_words(price, fee.currency)}"


def _day_words(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
