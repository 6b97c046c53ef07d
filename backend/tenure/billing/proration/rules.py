"""Proration of monthly fees, as pure functions (rules 6.3).

A monthly fee is charged by *parts* of cycles. The amount owed for a part follows from the active
days of the offer. The charge is that amount less what was posted for the part. However often the
status changes, the postings of a part add up to the amount owed, rounding included, and a second
run posts nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from tenure.billing.bills.rules import cycle_of
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import LARGEST, rounded

HUNDRED = Decimal(100)


# Digits for price × quantity × per cent × days without rounding before the final rounding.
EXACT_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Business days from `start` up to, but not including, `end`."""

    start: date
    end: date

    def days_in(self, other: "Span") -> int:
        """The number of days that both spans share."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)


@dataclass(frozen=True, slots=True)
class CyclePart:
    """The unit that a monthly fee is charged for: a cycle of this many days, or a part of one."""

    span: Span
    cycle_days: int


@dataclass(frozen=True, slots=True)
class Fee:
    """The monthly fee of a purchased offer, and the days on which the offer is active."""

    offer_id: int
    name: str
    price: Decimal
    quantity: Decimal
    currency: str
    active: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Discount:
    """Per cent off monthly fees, and the days on which the discount is active."""

    offer_id: int
    name: str
    percent: Decimal
    active: Sequence[Span]


@dataclass(frozen=True, slots=True)
class ProratedAmount:
    """An amount for a number of days: owed, posted, or still to be posted."""

    amount: Decimal = Decimal(0)
    days: int = 0

    def __add__(self, other: "ProratedAmount") -> "ProratedAmount":
        return ProratedAmount(self.amount + other.amount, self.days + other.days)

    def __sub__(self, other: "ProratedAmount") -> "ProratedAmount":
        return ProratedAmount(self.amount - other.amount, self.days - other.days)


NO_AMOUNT = ProratedAmount()


@dataclass(frozen=True, slots=True)
class ChargedOffer:
    """A monthly fee with its discounts and postings: for each part, by the posting offer (fee or
    discount).

    Days before `charged_until` were charged, or count as charged. None where nothing was charged
    yet; charging then begins at `starts`.
    """

    fee: Fee
    discounts: Sequence[Discount]
    posted: Mapping[CyclePart, Mapping[int, ProratedAmount]]
    starts: date
    charged_until: date | None
    billing_day_of_month: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The amount still to be posted for a part: for the fee itself, or for one of its discounts."""

    part: CyclePart
    discount: Discount | None
    missing: ProratedAmount


def total_price(price: Decimal, quantity: Decimal, currency: str) -> Decimal:
    """Price × quantity, rounded to the minor unit.

    Raises OUT_OF_RANGE for more than an event can hold.
    """
    with localcontext(prec=EXACT_DIGITS):
        exact = price * quantity
    if exact > LARGEST:
        message = f"The total exceeds {LARGEST:,} {currency}. Use a smaller quantity."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("quantity",))
    return rounded(exact, currency)


def rounded_price(
    quantity: Decimal, rate: Decimal, currency: str, percents: Sequence[Decimal]
) -> tuple[Decimal, list[Decimal]]:
    """The price of usage, and the amount of each discount: together at most the price.

    Raises OUT_OF_RANGE.
    """
    price = total_price(rate, quantity, currency)
    takes_off: list[Decimal] = []
    for percent in percents:
        off = _prorated(rate, quantity, currency, percent=percent)
        takes_off.append(min(off, price - sum(takes_off)))
    return price, takes_off


def active_spans(
    changes: Sequence[tuple[date, Status, Status]], now: Status, *, starts: date
) -> list[Span]:
    """The days at whose end an offer is active (rules 6.3). Future days take the current status.

    `changes` are in order: business day, status before, status after. `starts` is a day, too.
    """
    status = changes[0][1] if changes else now
    since = starts
    spans: list[Span] = []
    for day, _, to in changes:
        if status is Status.ACTIVE and since < day:
            spans.append(Span(since, day))
        since = max(day, starts)
        status = to
    if status is Status.ACTIVE:
        spans.append(Span(since, date.max))
    return spans


def has_begun(subscription: ChargedOffer, day: date) -> bool:
    """True if something was charged, or the offer was active at the end of a day up to this one."""
    return subscription.charged_until is not None or any(
        span.start <= day for span in subscription.fee.active
    )


def cycle_parts(
    uncharged: Span, active: Iterable[Span], billing_day_of_month: int
) -> Iterator[CyclePart]:
    """`uncharged` cut into parts of cycles, without those that have no active day."""
    day = uncharged.start
    for span in active:
        day = max(day, span.start)
        while day < min(span.end, uncharged.end):
            cycle = cycle_of(day, billing_day_of_month)
            part = Span(max(cycle.start, uncharged.start), min(cycle.end, uncharged.end))
            yield CyclePart(part, (cycle.end - cycle.start).days)
            day = part.end


def prorated_fee(fee: Fee, part: CyclePart) -> ProratedAmount:
    """The fee for the active days of the part."""
    days = sum(span.days_in(part.span) for span in fee.active)
    return ProratedAmount(
        _prorated(fee.price, fee.quantity, fee.currency, days=days, of=part.cycle_days), days
    )


def prorated_discounts(
    fee: Fee, part: CyclePart, discounts: Sequence[Discount]
) -> dict[int, ProratedAmount]:
    """The amount of each discount for the days on which fee and discount are active, by offer;
    negative.

    Together they are at most the fee; earlier discounts take precedence.
    """
    left = prorated_fee(fee, part).amount
    off: dict[int, ProratedAmount] = {}
    for discount in discounts:
        days = sum(part.span.days_in(both) for both in _overlaps(fee.active, discount.active))
        amount = _prorated(
            fee.price,
            fee.quantity,
            fee.currency,
            days=days,
            of=part.cycle_days,
            percent=discount.percent,
        )
        taken = min(amount, left)
        left -= taken
        off[discount.offer_id] = ProratedAmount(-taken, days)
    return off


def differences(subscription: ChargedOffer, until: date | None) -> Iterator[Difference]:
    """What is still to be posted for parts posted before, and for uncharged days up to `until`.

    The fee of a part comes before its discounts. Without `until` no new days are charged.
    """
    parts = list(subscription.posted)
    uncharged = subscription.charged_until or subscription.starts
    if until is not None and uncharged < until:
        active = subscription.fee.active
        parts += cycle_parts(Span(uncharged, until), active, subscription.billing_day_of_month)
    for part in parts:
        posted = subscription.posted.get(part, {})
        fee_posted = posted.get(subscription.fee.offer_id, NO_AMOUNT)
        missing = prorated_fee(subscription.fee, part) - fee_posted
        if missing.amount:
            yield Difference(part, None, missing)
        off = prorated_discounts(subscription.fee, part, subscription.discounts)
        for discount in subscription.discounts:
            missing = off[discount.offer_id] - posted.get(discount.offer_id, NO_AMOUNT)
            if missing.amount:
                yield Difference(part, discount, missing)


def _prorated(
    price: Decimal,
    quantity: Decimal,
    currency: str,
    *,
    days: int = 1,
    of: int = 1,
    percent: Decimal = HUNDRED,
) -> Decimal:
    """The price × quantity for these days and this per cent, rounded once, half up."""
    with localcontext(prec=EXACT_DIGITS):
        exact = price * quantity * percent * days / (of * HUNDRED)
    return rounded(exact, currency)


def _overlaps(some: Iterable[Span], others: Sequence[Span]) -> Iterator[Span]:
    for one in some:
        for other in others:
            if one.days_in(other):
                yield Span(max(one.start, other.start), min(one.end, other.end))
