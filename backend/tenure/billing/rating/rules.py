"""The price of usage, as pure functions: all usage of one offer on one item is rounded once (rules
6.3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, localcontext

from tenure.billing.bills.rules import PayingBillUnit, billing_cycle
from tenure.billing.proration.rules import EXACT_DIGITS, HUNDRED, total_price
from tenure.kernel.money import rounded

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ItemKey:
    """The usage item of a charge: the bill, the charged bill unit and the service."""

    payer_id: int
    period_end: date
    bill_unit_id: int
    service_id: int | None


@dataclass(frozen=True, slots=True)
class RemainderKey:
    """What is rounded once: the usage of an item that an offer rates, or one of its discounts."""

    item: ItemKey
    offer_id: int
    off_id: int = 0


@dataclass(slots=True)
class Remainders:
    """Rounding remainders as loaded, and as changed since."""

    loaded: Mapping[RemainderKey, Decimal]
    changed: dict[RemainderKey, Decimal] = field(default_factory=dict)

    def of(self, key: RemainderKey) -> Decimal:
        """Zero where there is no remainder."""
        return self.changed.get(key, self.loaded.get(key, ZERO))

    def to_save(self) -> dict[RemainderKey, Decimal]:
        """The remainders that differ from what was loaded."""
        return {
            key: rest for key, rest in self.changed.items() if rest != self.loaded.get(key, ZERO)
        }


@dataclass(frozen=True, slots=True)
class Price:
    """The amount that usage adds to its item, the amount of each discount, and the remainders after
    it.
    """

    amount: Decimal
    takes_off: Sequence[Decimal]
    remainders: Mapping[RemainderKey, Decimal]


@dataclass(frozen=True, slots=True)
class UsageToRefund:
    """Charged usage in a time that is inactive now; each discount has offer, amount and
    description.
    """

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


def item_key(
    payer: PayingBillUnit, bill_unit_id: int, service_id: int | None, day: date
) -> ItemKey:
    """The item that usage of this day goes to."""
    cycle = billing_cycle(
        day,
        current_cycle_end=payer.current_cycle_end,
        billing_day_of_month=payer.billing_day_of_month,
    )
    return ItemKey(payer.bill_unit_id, cycle.end, bill_unit_id, service_id)


def add_to_rounded(exact: Decimal, remainder: Decimal, currency: str) -> tuple[Decimal, Decimal]:
    """The amount that `exact` adds to a rounded sum with this remainder, and the new remainder;
    half rounds up.
    """
    with localcontext(prec=EXACT_DIGITS):
        total = remainder + exact
        # Shifted to a positive number for rounding, so that half up is the same for charges and
        # refunds.
        shift = abs(total).to_integral_value() + 1
        amount = rounded(total + shift, currency) - shift
        return amount, total - amount


def price_usage(
    quantity: Decimal,
    rate: Decimal,
    currency: str,
    discounts: Sequence[tuple[int, Decimal]],
    *,
    key: RemainderKey,
    remainders: Remainders,
) -> Price:
    """The price of usage, and the amount of its discounts (offer, per cent): together at most the
    price.

    A negative quantity is a refund. Raises OUT_OF_RANGE for more than an event can hold.
    """
    total_price(rate, abs(quantity), currency)
    with localcontext(prec=EXACT_DIGITS):
        exact = quantity * rate
        amount, rest = add_to_rounded(exact, remainders.of(key), currency)
        after = {key: rest}
        percent_before = ZERO
        off_before = ZERO
        takes_off: list[Decimal] = []
        for offer_id, percent in discounts:
            percent_before = min(percent_before + percent, HUNDRED)
            of_discount = RemainderKey(key.item, offer_id, key.offer_id)
            off, after[of_discount] = add_to_rounded(
                exact * percent_before / HUNDRED, remainders.of(of_discount), currency
            )
            takes_off.append(off - off_before)
            off_before = off
    return Price(amount, takes_off, after)
