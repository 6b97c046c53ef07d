"""Monthly fees as pure functions: parts, toggles, discounts, rounding, and the words for them
(rules 6.1 to 6.4).

TENURE_TEST_EXAMPLES=5000 looks further, and elsewhere.
"""

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.billing.bills.rules import cycle_of
from tenure.billing.charges.rules import (
    DAY,
    amount_text,
    difference_text,
    one_time_fee_text,
    percent_text,
    span_text,
)
from tenure.billing.proration.rules import (
    NO_AMOUNT,
    ChargedOffer,
    CyclePart,
    Difference,
    Discount,
    Fee,
    ProratedAmount,
    Span,
    active_spans,
    cycle_parts,
    differences,
    prorated_fee,
    rounded_price,
    total_price,
)
from tenure.holds.models import Status
from tenure.kernel.currencies import minor_units
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import rounded

EXAMPLES = os.environ.get("TENURE_TEST_EXAMPLES")
EVERY = settings(
    max_examples=int(EXAMPLES or 100), deadline=None, database=None, derandomize=EXAMPLES is None
)

ACTIVE, INACTIVE, CLOSED = Status.ACTIVE, Status.INACTIVE, Status.CLOSED
MINOR_DIGITS = {"USD": 2, "JPY": 0, "KWD": 3}
NOVEMBER = CyclePart(Span(date(2026, 11, 1), date(2026, 12, 1)), 30)
FOR_EVER = [Span(date(2026, 1, 1), date.max)]

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
prices = st.decimals(Decimal("0.01"), Decimal(500), places=2)
quantities = st.sampled_from([Decimal(1), Decimal(3), Decimal("0.5")])
currencies = st.sampled_from(sorted(MINOR_DIGITS))
percents = st.sampled_from([Decimal(value) for value in ("10", "12.5", "50", "66.67", "100")])


def spans_of(cuts: Sequence[date]) -> list[Span]:
    """Every other of the stretches between these days."""
    return [Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]


toggles = st.lists(days, min_size=2, max_size=12, unique=True).map(sorted).map(spans_of)


@st.composite
def fees(draw: st.DrawFn) -> Fee:
    """Any fee of an offer that was active on any days."""
    return Fee(1, "DSL", draw(prices), draw(quantities), draw(currencies), draw(toggles))


def fee(
    price: str = "30.00",
    *,
    active: Sequence[Span] = FOR_EVER,
    quantity: int = 1,
    currency: str = "USD",
) -> Fee:
    """A fee that is owed for ever unless `active` says otherwise."""
    return Fee(1, "DSL", Decimal(price), Decimal(quantity), currency, active)


def posted_after(subscription: ChargedOffer, until: date | None) -> ChargedOffer:
    """The subscription when everything that is missing has been posted."""
    posted = {part: dict(amounts) for part, amounts in subscription.posted.items()}
    charged = subscription.charged_until
    for it in differences(subscription, until):
        offer_id = subscription.fee.offer_id if it.discount is None else it.discount.offer_id
        of_part = posted.setdefault(it.part, {})
        of_part[offer_id] = of_part.get(offer_id, NO_AMOUNT) + it.missing
        if it.discount is None:
            charged = max(charged or date.min, it.part.span.end)
    return replace(subscription, posted=posted, charged_until=charged)


def total(subscription: ChargedOffer) -> Decimal:
    """All that was posted."""
    return sum(
        (it.amount for part in subscription.posted.values() for it in part.values()), Decimal(0)
    )


# ---------------------------------------------------------------- days


def days_by_hand(
    changes: Sequence[tuple[date, Status, Status]], now: Status, first: date, last: date
) -> Iterator[date]:
    """The days at whose end the status is ACTIVE, one by one."""
    for place in range((last - first).days):
        day = first + timedelta(days=place)
        later = [before for changed, before, _ in changes if changed > day]
        if (later[0] if later else now) is ACTIVE:
            yield day


@EVERY
@given(
    st.lists(st.tuples(days, st.sampled_from([ACTIVE, INACTIVE])), max_size=10),
    days,
)
def test_a_day_is_active_by_its_end(wanted: list[tuple[date, Status]], starts: date) -> None:
    """Rules 6.3: the day of a reactivation counts, that of an inactivation does not, however often
    it toggles.
    """
    status, changes = ACTIVE, []
    for day, to in sorted(wanted, key=lambda it: it[0]):
        changes.append((day, status, to))
        status = to
    spans = active_spans(changes, status, starts=starts)
    first, last = date(2023, 12, 1), date(2028, 1, 31)
    counted = [day for day in days_by_hand(changes, status, first, last) if starts <= day]
    assert [
        first + n * DAY
        for span in spans
        for n in range((span.start - first).days, (min(span.end, last) - first).days)
    ] == counted


def test_backdated_and_changed_twice_on_a_day() -> None:
    """Rules 6.3: what counts is the end of the day."""
    eighth, tenth = date(2026, 11, 8), date(2026, 11, 10)
    changes = [(eighth, ACTIVE, INACTIVE), (tenth, INACTIVE, ACTIVE), (tenth, ACTIVE, CLOSED)]
    assert active_spans(changes, CLOSED, starts=date(2026, 11, 1)) == [
        Span(date(2026, 11, 1), eighth)
    ]


@EVERY
@given(days, days, toggles, st.integers(1, 31))
def test_parts_are_cut_where_cycles_meet(
    one: date, other: date, active: list[Span], billing_day: int
) -> None:
    """Rules 6.3: each part is in one cycle, and each active day is in exactly one part."""
    whole = Span(min(one, other), max(one, other))
    parts = list(cycle_parts(whole, active, billing_day))
    for part in parts:
        cycle = cycle_of(part.span.start, billing_day)
        assert cycle.start <= part.span.start < part.span.end <= cycle.end
        assert part.cycle_days == (cycle.end - cycle.start).days
        assert any(span.days_in(part.span) for span in active)
    assert all(before.span.end <= after.span.start for before, after in itertools.pairwise(parts))
    in_parts = sum(span.days_in(part.span) for span in active for part in parts)
    assert in_parts == sum(span.days_in(whole) for span in active)


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("price", "days_active", "currency", "amount"),
    [
        ("30.00", 12, "USD", "12.00"),
        ("29.99", 7, "USD", "7.00"),  # 6.9976…
        ("0.15", 10, "USD", "0.05"),
        ("10.05", 1, "USD", "0.34"),  # 0.335 is half a cent: up
        ("1000", 1, "JPY", "33"),  # 33.3…
        ("1005", 1, "JPY", "34"),  # 33.5
        ("1.000", 1, "KWD", "0.033"),  # 0.0333…
        ("1.005", 1, "KWD", "0.034"),  # 0.0335
    ],
)
def test_in_proportion_and_half_up(
    price: str, days_active: int, currency: str, amount: str
) -> None:
    """Rules 6.3: days over days of the cycle, rounded half up to the minor unit of the currency."""
    active = [Span(NOVEMBER.span.end - days_active * DAY, date.max)]
    assert prorated_fee(fee(price, active=active, currency=currency), NOVEMBER) == ProratedAmount(
        Decimal(amount), days_active
    )


@EVERY
@given(fees(), days, st.integers(1, 31))
def test_nothing_inactive_is_charged(some: Fee, day: date, billing_day: int) -> None:
    """Rules 6.3: in proportion to the active days and to nothing else; at most half a minor unit
    off.
    """
    cycle = cycle_of(day, billing_day)
    part = CyclePart(Span(cycle.start, cycle.end), (cycle.end - cycle.start).days)
    found = prorated_fee(some, part)
    active = sum(
        1
        for n in range(part.cycle_days)
        if any(s.start <= cycle.start + n * DAY < s.end for s in some.active)
    )
    exact = Fraction(some.price) * Fraction(some.quantity) * active / part.cycle_days
    half = Fraction(1, 2 * 10 ** MINOR_DIGITS[some.currency])
    assert found.days == active
    assert -half < exact - Fraction(found.amount) <= half or Fraction(found.amount) - exact == half
    assert bool(found.amount) <= bool(active)


@EVERY
@given(
    fees(),
    st.lists(days, min_size=1, max_size=6),
    st.integers(1, 31),
    st.lists(percents, max_size=3),
    st.data(),
)
def test_what_is_posted_converges(
    some: Fee, looks: list[date], billing_day: int, off: list[Decimal], data: st.DataObject
) -> None:
    """Rules 6.3: in whatever order changes become known, the amount owed for each part is posted.

    Each correction knows the status until then and assumes that it stays; corrections may be late.
    Another correction posts nothing.
    """
    discounts = [
        Discount(place + 2, "Loyalty", percent, data.draw(toggles))
        for place, percent in enumerate(off)
    ]
    subscription = ChargedOffer(some, discounts, {}, date(2024, 1, 1), None, billing_day)
    for day in sorted(looks):
        until = cycle_of(day, billing_day).end
        seen = replace(subscription, fee=replace(some, active=as_seen(some.active, day)))
        seen = replace(
            seen, discounts=[replace(it, active=as_seen(it.active, day)) for it in discounts]
        )
        after = posted_after(seen, until)
        subscription = replace(subscription, posted=after.posted, charged_until=after.charged_until)
    final = posted_after(subscription, None)
    assert not list(differences(final, None))
    for part, amounts in final.posted.items():
        assert amounts.get(some.offer_id, NO_AMOUNT).amount == prorated_fee(some, part).amount
        amount = sum(it.amount for it in amounts.values())
        assert 0 <= amount <= total_price(some.price, some.quantity, some.currency)


def as_seen(active: Sequence[Span], day: date) -> list[Span]:
    """The days as they looked on that day: what was so then goes on for ever."""
    begun = [span for span in active if span.start <= day]
    return [span if span.end <= day else Span(span.start, date.max) for span in begun]


@EVERY
@given(prices, currencies, st.lists(st.integers(1, 29), max_size=8, unique=True))
def test_parts_of_a_cycle_add_up_to_the_whole(
    price: Decimal, currency: str, toggled_on: list[int]
) -> None:
    """Rules 6.3: charged, given back and charged again, day after day: in the end exactly the price
    of the month.
    """
    subscription = ChargedOffer(
        fee(str(price), currency=currency), [], {}, NOVEMBER.span.start, None, 1
    )
    for number in toggled_on:
        some = replace(
            subscription.fee, active=[Span(NOVEMBER.span.start, NOVEMBER.span.start + number * DAY)]
        )
        seen = posted_after(replace(subscription, fee=some), NOVEMBER.span.end)
        subscription = replace(seen, fee=subscription.fee)
    assert total(posted_after(subscription, NOVEMBER.span.end)) == rounded(price, currency)


def test_a_part_that_was_inactive_when_it_began() -> None:
    """Rules 6.3: reactivating charges the rest of the cycle, also where the cycle began without a
    charge.
    """
    asleep = ChargedOffer(fee(active=[]), [], {}, date(2026, 1, 1), date(2026, 11, 1), 1)
    assert posted_after(asleep, date(2026, 12, 1)) == asleep
    awake = replace(asleep, fee=fee(active=[Span(date(2026, 12, 12), date.max)]))
    [found] = differences(awake, date(2027, 1, 1))
    assert (found.part, found.missing) == (
        CyclePart(Span(date(2026, 12, 1), date(2027, 1, 1)), 31),
        ProratedAmount(Decimal("19.35"), 20),
    )


def test_a_billing_day_that_moved() -> None:
    """Rules 6.3: days over days of the whole cycle that contains them, so the part in between is
    charged once.
    """
    moved = ChargedOffer(fee(), [], {}, date(2026, 1, 1), date(2026, 12, 1), 15)
    found = [(it.part.span.end, it.missing) for it in differences(moved, date(2027, 1, 15))]
    assert found == [
        (date(2026, 12, 15), ProratedAmount(Decimal("14.00"), 14)),
        (date(2027, 1, 15), ProratedAmount(Decimal("30.00"), 31)),
    ]


# ---------------------------------------------------------------- discounts


def test_a_discount_is_for_the_days_on_which_both_are_active() -> None:
    """Rules 6.1: ten per cent from the 21st on, of a fee until the 25th."""
    some = fee(active=[Span(date(2026, 11, 1), date(2026, 11, 26))])
    loyalty = Discount(2, "Loyalty", Decimal(10), [Span(date(2026, 11, 21), date.max)])
    found = list(
        differences(
            ChargedOffer(some, [loyalty], {}, date(2026, 11, 1), None, 1), date(2026, 12, 1)
        )
    )
    assert [(it.discount, it.missing) for it in found] == [
        (None, ProratedAmount(Decimal("25.00"), 25)),
        (loyalty, ProratedAmount(Decimal("-0.50"), 5)),
    ]


@EVERY
@given(fees(), st.lists(percents, min_size=1, max_size=4))
def test_discounts_never_take_more_than_the_fee(some: Fee, off: list[Decimal]) -> None:
    """Rules 6.1: together, to the minor unit."""
    discounts = [
        Discount(place + 2, "Half", percent, some.active) for place, percent in enumerate(off)
    ]
    after = posted_after(
        ChargedOffer(some, discounts, {}, date(2024, 1, 1), None, 1), date(2027, 12, 31)
    )
    for amounts in after.posted.values():
        assert sum(it.amount for it in amounts.values()) >= 0


@EVERY
@given(
    st.decimals(Decimal("0.000001"), Decimal(10**6), places=6),
    prices,
    currencies,
    st.lists(percents, max_size=4),
)
def test_usage_and_what_is_taken_off_it(
    quantity: Decimal, rate: Decimal, currency: str, off: list[Decimal]
) -> None:
    """Rules 6.1: quantity by rate, rounded once; each discount of that, and never more than it
    together.
    """
    price, takes_off = rounded_price(quantity, rate, currency, off)
    half = Fraction(1, 2 * 10 ** MINOR_DIGITS[currency])
    assert abs(Fraction(price) - Fraction(quantity) * Fraction(rate)) <= half
    assert len(takes_off) == len(off)
    assert all(amount >= 0 for amount in takes_off)
    assert sum(takes_off) <= price
    if len(off) == 1:
        exact = Fraction(quantity) * Fraction(rate) * Fraction(off[0]) / 100
        assert abs(Fraction(takes_off[0]) - exact) <= half


def test_what_no_event_can_hold() -> None:
    """Bad input: OUT_OF_RANGE, whatever the quantity."""
    for quantity in ("1000000000000", "999999999999.999999"):
        with pytest.raises(TenureError) as refusal:
            rounded_price(Decimal(quantity), Decimal(10**12), "KWD", [Decimal(100)])
        assert (refusal.value.code, refusal.value.path) == (ErrorCode.OUT_OF_RANGE, ("quantity",))
    assert rounded_price(Decimal(10**12), Decimal(1), "KWD", []) == (
        Decimal("1000000000000.000"),
        [],
    )


# ---------------------------------------------------------------- words


WORDS: list[tuple[Fee, Difference, date, str]] = [
    (
        fee(),
        Difference(NOVEMBER, None, ProratedAmount(Decimal(30), 30)),
        date.min,
        "DSL, 1 to 30 November 2026",
    ),
    (
        fee(),
        Difference(
            CyclePart(Span(date(2026, 11, 19), date(2026, 12, 1)), 30),
            None,
            ProratedAmount(Decimal(12), 12),
        ),
        date(2026, 11, 19),
        "DSL: 12 of 30 days of 30.00 (19 to 30 November 2026)",
    ),
    (
        fee(quantity=2),
        Difference(NOVEMBER, None, ProratedAmount(Decimal(-12), -6)),
        date(2026, 11, 25),
        "DSL: credit for 6 of 30 days of 2 × 30.00 (25 to 30 November 2026)",
    ),
    (
        fee("1000", currency="JPY"),
        Difference(
            NOVEMBER, Discount(2, "Loyalty", Decimal("12.50"), []), ProratedAmount(Decimal(-25), 6)
        ),
        date(2026, 11, 25),
        "Loyalty: 12.5% off DSL: 6 of 30 days of 1,000 (25 to 30 November 2026)",
    ),
    (
        fee("1000", currency="JPY"),
        Difference(
            NOVEMBER, Discount(2, "Loyalty", Decimal(10), []), ProratedAmount(Decimal(20), -6)
        ),
        date(2026, 11, 30),
        "Loyalty: 10% off DSL: credit for 6 of 30 days of 1,000 (30 November 2026)",
    ),
    (
        fee(),
        Difference(
            NOVEMBER, Discount(2, "Loyalty", Decimal(10), []), ProratedAmount(Decimal(-3), 30)
        ),
        date.min,
        "Loyalty: 10% off DSL, 1 to 30 November 2026",
    ),
]


@pytest.mark.parametrize(
    ("some", "difference", "since", "said"), WORDS, ids=[it[3] for it in WORDS]
)
def test_a_charge_explained(some: Fee, difference: Difference, since: date, said: str) -> None:
    """Rules 6.1: an explanation that a person can follow."""
    assert difference_text(some, difference, since) == said


def test_words_for_what_is_charged_once_and_for_money_and_days() -> None:
    assert (
        one_time_fee_text(fee(quantity=3), "purchase fee", Decimal(25))
        == "DSL: purchase fee of 3 × 25.00"
    )
    assert [amount_text(Decimal("0.1250"), "USD"), amount_text(Decimal(1234), "KWD")] == [
        "0.125",
        "1,234.000",
    ]
    assert [percent_text(Decimal("10.000000")), percent_text(Decimal(100))] == ["10%", "100%"]
    assert (
        span_text(Span(date(2026, 11, 28), date(2026, 12, 28))) == "28 November to 27 December 2026"
    )
    assert (
        span_text(Span(date(2026, 12, 15), date(2027, 1, 15)))
        == "15 December 2026 to 14 January 2027"
    )


def test_minor_units_are_those_of_the_currency() -> None:
    assert {code: minor_units(code) for code in MINOR_DIGITS} == MINOR_DIGITS
