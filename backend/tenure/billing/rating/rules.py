"""The price of usage as pure functions: all usage of one offer on one item is rounded once (rules 6.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext

from tenure.billing.bills.rules import Payer, cycle_that_bills
from tenure.billing.proration.rules import EXACT_DIGITS, HUNDRED, price_of
from tenure.kernel.money import rounded

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemKey:
    """The item of usage that a charge goes to: which bill, whose charges, of which service."""

    payer_id: int
    period_end: date
    bill_unit_id: int
    service_id: int | None


@dataclass(frozen=True, slots=True)
class RemainderKey:
    """What is rounded once: of one item the usage that an offer rates, or what a discount takes off it."""

    item: ItemKey
    offer_id: int
    off_id: int = 0


@dataclass(slots=True)
class Remainders:
    """What rounding has left over, as it was loaded and as it is now."""

    loaded: Mapping[RemainderKey, Decimal]
    changed: dict[RemainderKey, Decimal] = field(default_factory=dict)

    def of(self, key: RemainderKey) -> Decimal:
        """Zero where nothing is left over."""
        return self.changed.get(key, self.loaded.get(key, NOTHING))

    def to_save(self) -> dict[RemainderKey, Decimal]:
        """Those that differ from what was loaded."""
        return {
            key: rest for key, rest in self.changed.items() if rest != self.loaded.get(key, NOTHING)
        }


@dataclass(frozen=True, slots=True)
class Price:
    """What usage adds to the sum of its item, what each discount takes off, and what is then left over."""

    amount: Decimal
    takes_off: Sequence[Decimal]
    remainders: Mapping[RemainderKey, Decimal]


@dataclass(frozen=True, slots=True)
class WrongUsage:
    """Usage that was charged and lies in a time that is inactive now; each discount with its offer, amount and words."""

    discounts: Sequence[tuple[int, Decimal, str]]
    event_id: int
    account_id: int
    bill_unit_id: int
    service_id: int | None
    offer_id: int
    occurred_at: datetime
    description: str
    quantity: Decimal
    unit: str
    rate: Decimal
    currency: str


def item_key(payer: Payer, bill_unit_id: int, service_id: int | None, day: date) -> ItemKey:
    """The item that usage of this day goes to."""
    cycle = cycle_that_bills(
        day, running_until=payer.running_until, billing_day_of_month=payer.billing_day_of_month
    )
    return ItemKey(payer.bill_unit_id, cycle.end, bill_unit_id, service_id)


def added(exact: Decimal, remainder: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """What `exact` adds to a rounded sum whose remainder this is, and the remainder after it; half is rounded up."""
    with localcontext(prec=EXACT_DIGITS):
        total = remainder + exact
        # Positive while it is rounded: half up is then the same for charges and for what is given back.
        shift = abs(total).to_integral_value() + 1
        amount = rounded(total + shift, currency) - shift
        return amount, total - amount


def priced(
    quantity: Decimal,
    rate: Decimal,
    currency: str,
    discounts: Sequence[tuple[int, Decimal]],
    *,
    key: RemainderKey,
    remainders: Remainders,
) -> Price:
    """The price of usage, and what discounts (offer and per cent) take off it: together never more than the price.

    A negative quantity gives back. Raises OUT_OF_RANGE for more than an event can hold.
    """
    price_of(rate, abs(quantity), currency)
    with localcontext(prec=EXACT_DIGITS):
        exact = quantity * rate
        amount, rest = added(exact, remainders.of(key), currency)
        after = {key: rest}
        percent_before, off_before = NOTHING, NOTHING
        takes_off: list[Decimal] = []
        for offer_id, percent in discounts:
            percent_before = min(percent_before + percent, HUNDRED)
            of_discount = RemainderKey(key.item, offer_id, key.offer_id)
            off, after[of_discount] = added(
                exact * percent_before / HUNDRED, remainders.of(of_discount), currency
            )
            takes_off.append(off - off_before)
            off_before = off
    return Price(amount, takes_off, after)
