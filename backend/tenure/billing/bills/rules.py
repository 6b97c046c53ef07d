"""Charges, the bill item each belongs to, and the cycle it is billed with (rules 6.1, 6.2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tenure.accounts.rules import next_bill_on, previous_bill_on
from tenure.billing.bills.models import BillItemKind
from tenure.events.models import EventKind

ITEM_KIND_OF_EVENT = {
    EventKind.PURCHASE_FEE: BillItemKind.PURCHASE,
    EventKind.CYCLE_FEE: BillItemKind.CYCLE,
    EventKind.USAGE: BillItemKind.USAGE,
    EventKind.CANCEL_FEE: BillItemKind.CANCEL,
    EventKind.ADJUSTMENT: BillItemKind.ADJUSTMENT,
}
ITEM_NAMES = {
    BillItemKind.PURCHASE: "Purchase fees",
    BillItemKind.CYCLE: "Monthly fees",
    BillItemKind.USAGE: "Usage",
    BillItemKind.CANCEL: "Cancel fees",
    BillItemKind.ADJUSTMENT: "Adjustments",
}


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount that a bill unit owes, or gets back (negative), to be posted as an event of a bill
    item.

    `day` is the business day that selects the bill. `followed` is the index, in the same list, of
    the charge that caused this one; `followed_id` is an earlier event that did. `item` overrides
    the kind of item: a discount without it goes to the item of the charge it followed.
    """

    account_id: int
    bill_unit_id: int
    kind: EventKind
    amount: Decimal
    currency: str
    description: str
    occurred_at: datetime
    day: date
    service_id: int | None = None
    offer_id: int | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    rate: Decimal | None = None
    period_start: date | None = None
    period_end: date | None = None
    followed: int | None = None
    followed_id: int | None = None
    item: BillItemKind | None = None
    reason: str | None = None
    details: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BillChange:
    """A change to a bill that is made. Amounts carry the sign of their effect: payments and credits
    are negative.

    `held` is positive where a dispute is opened, negative where it is settled. `item_id` names the
    item that `adjusted` and `held` also apply to. `credit` is money received beyond the open
    amount: only the statements show it.
    """

    bill_id: int
    paid: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    adjusted: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """The days from one billing day to the next, half open."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class PayingBillUnit:
    """The bill unit that pays (itself or for another one), and the end of its current cycle."""

    bill_unit_id: int
    account_id: int
    currency: str
    current_cycle_end: date
    billing_day_of_month: int

    def bill_columns(self, cycle: Cycle) -> dict[str, object]:
        """The bill of this cycle, as columns."""
        return {
            "payer_id": self.bill_unit_id,
            "payer_account_id": self.account_id,
            "starts_on": cycle.start,
            "ends_on": cycle.end,
            "number": f"B-{self.bill_unit_id}-{cycle.end:%Y%m%d}",
        }


def cycle_of(day: date, billing_day_of_month: int) -> Cycle:
    """The cycle that contains the day."""
    end = next_bill_on(day, billing_day_of_month)
    return Cycle(previous_bill_on(end, billing_day_of_month), end)


def billing_cycle(day: date, *, current_cycle_end: date, billing_day_of_month: int) -> Cycle:
    """The cycle whose bill includes charges of this day: late charges go to the current cycle, not
    a billed one.
    """
    if day >= current_cycle_end:
        return cycle_of(day, billing_day_of_month)
    return Cycle(previous_bill_on(current_cycle_end, billing_day_of_month), current_cycle_end)


def item_kind_of(charge: Charge, followed: Charge | None) -> BillItemKind:
    """The kind of item that the charge belongs to."""
    if charge.item is not None:
        return charge.item
    return ITEM_KIND_OF_EVENT[(followed or charge).kind]


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that counts as a payment, and the bill unit that holds it.

    It comes from a payment (its event) or from an overpaid bill. With neither, it is the sum of
    negative charges of the bill unit that are not billed yet.
    """

    amount: Decimal
    bill_unit_id: int = 0
    event_id: int | None = None
    from_bill_id: int | None = None

    @property
    def is_unbilled(self) -> bool:
        """True where the credit is on a pending bill."""
        return self.event_id is None and self.from_bill_id is None


@dataclass(frozen=True, slots=True)
class CreditShare:
    """The part of a credit that goes to a bill."""

    credit: Credit
    bill_id: int
    amount: Decimal


def credit_shares(
    credits: Iterable[Credit], open_amounts: Mapping[int, Decimal]
) -> Iterator[CreditShare]:
    """The credits in order, each allocated to the first bills that are still open (rules 6.9)."""
    still_open = dict(open_amounts)
    for credit in credits:
        left = credit.amount
        for bill_id, open_amount in still_open.items():
            amount = min(left, open_amount)
            if amount > 0:
                yield CreditShare(credit, bill_id, amount)
                still_open[bill_id] -= amount
                left -= amount
