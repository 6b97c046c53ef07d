"""Proration of monthly fees, as pure functions (rules 6.3)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from tenure.billing.bills.rules import cycle_of
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import LARGEST, rounded

HUNDRED = Decimal(100)


# A price, a quantity, a per cent and the days of a cycle, multiplied without a rounding before the one that counts.
EXACT_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """Business days from `start` up to, and without, `end`."""

    start: date
    end: date

    def days_in(self, other: "Span") -> int:
        """How many days the two share."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)


@dataclass(frozen=True, slots=True)
class CyclePart:
    """What a monthly fee is charged for at once: a cycle of so many days, or a part of one."""

    span: Span
    cycle_days: int


@dataclass(frozen=True, slots=True)
class Fee:
    """The monthly fee of a purchased offer, and the days on which that is active."""

    offer_id: int
    name: str
    price: Decimal
    quantity: Decimal
    currency: str
    active: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Discount:
    """Per cent off monthly fees, and the days on which it is active."""

    offer_id: int
    name: str
    percent: Decimal
    active: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Owed:
    """Money for so many days; also what was posted, and what is still to be posted."""

    amount: Decimal = Decimal(0)
    days: int = 0

    def __add__(self, other: "Owed") -> "Owed":
        return Owed(self.amount + other.amount, self.days + other.days)

    def __sub__(self, other: "Owed") -> "Owed":
        return Owed(self.amount - other.amount, self.days - other.days)


NOTHING = Owed()


@dataclass(frozen=True, slots=True)
class ChargedOffer:
    """A monthly fee with what is taken off it, and what was posted: for each part, by the offer, its own or a discount's.

    What lies before `charged_until` was charged, or counts as charged; None where nothing was yet, from `starts` on.
    """

    fee: Fee
    discounts: Sequence[Discount]
    posted: Mapping[CyclePart, Mapping[int, Owed]]
    starts: date
    charged_until: date | None
    billing_day_of_month: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What is still to be posted for a part: for the fee itself, or for a discount of it."""

    part: CyclePart
    discount: Discount | None
    missing: Owed


def price_of(price: Decimal, quantity: Decimal, currency: str) -> Decimal:
    """What so many cost, rounded to the minor unit. Raises OUT_OF_RANGE for more than an event can hold."""
    with localcontext(prec=EXACT_DIGITS):
        exact = price * quantity
    if exact > LARGEST:
        words = f"That would cost more than {LARGEST:,} {currency}: give a smaller quantity."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("quantity",))
    return rounded(exact, currency)


def rated(
    quantity: Decimal, rate: Decimal, currency: str, percents: Sequence[Decimal]
) -> tuple[Decimal, list[Decimal]]:
    """The price of usage, and what each discount takes off it: never more than the price together. Raises OUT_OF_RANGE."""
    price = price_of(rate, quantity, currency)
    takes_off: list[Decimal] = []
    for percent in percents:
        off = _share(rate, quantity, currency, percent=percent)
        takes_off.append(min(off, price - sum(takes_off)))
    return price, takes_off


def active_spans(
    changes: Sequence[tuple[date, Status, Status]], now: Status, *, starts: date, ends: date | None
) -> list[Span]:
    """The days on which an offer is active at the end of the day (rules 6.3); those to come are taken as it is now.

    `changes` are in their order: business day, status before, status after. `starts` and `ends` are days, too.
    """
    status, since = (changes[0][1] if changes else now), starts
    end = ends or date.max
    spans: list[Span] = []
    for day, _, to in changes:
        if status is Status.ACTIVE and since < min(day, end):
            spans.append(Span(since, min(day, end)))
        since, status = max(day, starts), to
    if status is Status.ACTIVE and since < end:
        spans.append(Span(since, end))
    return spans


def has_begun(subscription: ChargedOffer, day: date) -> bool:
    """True where something was charged, or the offer was active at the end of some day up to this one."""
    return subscription.charged_until is not None or any(
        span.start <= day for span in subscription.fee.active
    )


def parts_of(
    uncharged: Span, active: Iterable[Span], billing_day_of_month: int
) -> Iterator[CyclePart]:
    """`uncharged` cut into parts of cycles; those without an active day are left out, however long they last."""
    day = uncharged.start
    for span in active:
        day = max(day, span.start)
        while day < min(span.end, uncharged.end):
            cycle = cycle_of(day, billing_day_of_month)
            part = Span(max(cycle.start, uncharged.start), min(cycle.end, uncharged.end))
            yield CyclePart(part, (cycle.end - cycle.start).days)
            day = part.end


def owed(fee: Fee, part: CyclePart) -> Owed:
    """What the fee comes to for the active days of the part."""
    days = sum(span.days_in(part.span) for span in fee.active)
    return Owed(_share(fee.price, fee.quantity, fee.currency, days=days, of=part.cycle_days), days)


def taken_off(fee: Fee, part: CyclePart, discounts: Sequence[Discount]) -> dict[int, Owed]:
    """What each discount takes off the fee for the days on which both are active, by its offer; negative.

    Together they take no more than the fee: the first of them come first.
    """
    left = owed(fee, part).amount
    off: dict[int, Owed] = {}
    for discount in discounts:
        days = sum(part.span.days_in(both) for both in _both(fee.active, discount.active))
        amount = _share(
            fee.price,
            fee.quantity,
            fee.currency,
            days=days,
            of=part.cycle_days,
            percent=discount.percent,
        )
        taken = min(amount, left)
        left -= taken
        off[discount.offer_id] = Owed(-taken, days)
    return off


def differences(subscription: ChargedOffer, until: date | None) -> Iterator[Difference]:
    """What is still to be posted for the parts that something was posted for, and for what is not charged up to `until`.

    Of each part the fee comes before its discounts. Without `until` nothing new is charged.
    """
    parts = list(subscription.posted)
    uncharged = subscription.charged_until or subscription.starts
    if until is not None and uncharged < until:
        active = subscription.fee.active
        parts += parts_of(Span(uncharged, until), active, subscription.billing_day_of_month)
    for part in parts:
        posted = subscription.posted.get(part, {})
        missing = owed(subscription.fee, part) - posted.get(subscription.fee.offer_id, NOTHING)
        if missing.amount:
            yield Difference(part, None, missing)
        off = taken_off(subscription.fee, part, subscription.discounts)
        for discount in subscription.discounts:
            missing = off[discount.offer_id] - posted.get(discount.offer_id, NOTHING)
            if missing.amount:
                yield Difference(part, discount, missing)


def _share(
    price: Decimal,
    quantity: Decimal,
    currency: str,
    *,
    days: int = 1,
    of: int = 1,
    percent: Decimal = HUNDRED,
) -> Decimal:
    """So many days of a cycle of so many, and so many per cent, of what it costs: rounded once, half up."""
    with localcontext(prec=EXACT_DIGITS):
        exact = price * quantity * percent * days / (of * HUNDRED)
    return rounded(exact, currency)


def _both(some: Iterable[Span], others: Sequence[Span]) -> Iterator[Span]:
    for one in some:
        for other in others:
            if one.days_in(other):
                yield Span(max(one.start, other.start), min(one.end, other.end))
