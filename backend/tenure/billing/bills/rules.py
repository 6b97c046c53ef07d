"""What a charge is, which item it counts for, and which cycle it is billed with (rules 6.1, 6.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tenure.accounts.rules import next_bill_on, previous_bill_on
from tenure.billing.bills.models import BillItemKind
from tenure.events.models import EventKind

ITEM_OF = {
    EventKind.PURCHASE_FEE: BillItemKind.PURCHASE,
    EventKind.CYCLE_FEE: BillItemKind.CYCLE,
    EventKind.USAGE: BillItemKind.USAGE,
    EventKind.CANCEL_FEE: BillItemKind.CANCEL,
    EventKind.ADJUSTMENT: BillItemKind.ADJUSTMENT,
}
NAMES = {
    BillItemKind.PURCHASE: "Purchase fees",
    BillItemKind.CYCLE: "Monthly fees",
    BillItemKind.USAGE: "Usage",
    BillItemKind.CANCEL: "Cancel fees",
    BillItemKind.ADJUSTMENT: "Adjustments",
}


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that a bill unit owes, or gets back (negative), about to become an event of an item of a bill.

    `day` is the business day that says with which bill it goes. `followed` is the place in the same list of the charge
    that it followed, `followed_id` an event of before. `item` says the kind of item where the event's kind does not:
    a discount goes with what it is taken off, which is that of the charge it followed when left out.
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
class Entry:
    """What happens to a bill later, signed as it acts: a payment is negative, and so is a credit.

    `held` is positive where a dispute is opened, negative where it is settled. `item_id` names the item that `adjusted`
    and `held` are also for. `credit` is money that came in beyond what is open: the statements alone tell of it.
    """

    bill_id: int
    paid: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    adjusted: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cycle:
    """From one billing day to the next, half open."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Payer:
    """The bill unit that pays for another one, or the other one itself; up to when its running cycle goes."""

    bill_unit_id: int
    account_id: int
    currency: str
    running_until: date
    billing_day_of_month: int

    def bill(self, cycle: Cycle) -> dict[str, object]:
        """The bill of this cycle, as columns."""
        return {
            "payer_id": self.bill_unit_id,
            "payer_account_id": self.account_id,
            "starts_on": cycle.start,
            "ends_on": cycle.end,
            "number": f"B-{self.bill_unit_id}-{cycle.end:%Y%m%d}",
        }


@dataclass(frozen=True, slots=True)
class UnbilledItem:
    """An item of a bill that is not made, with the bill unit that would pay that bill, and when it ends."""

    id: int
    bill_unit_id: int
    kind: BillItemKind
    service_id: int | None
    bill_id: int
    payer_id: int
    period_end: date
    held: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """An item goes to the bill of this cycle of this payer."""

    item: UnbilledItem
    payer: Payer
    cycle: Cycle


def cycle_of(day: date, billing_day_of_month: int) -> Cycle:
    """The cycle that contains the day."""
    end = next_bill_on(day, billing_day_of_month)
    return Cycle(previous_bill_on(end, billing_day_of_month), end)


def cycle_that_bills(day: date, *, running_until: date, billing_day_of_month: int) -> Cycle:
    """The cycle whose bill has the charges of this day: late ones go with the cycle that runs, never with one billed."""
    if day >= running_until:
        return cycle_of(day, billing_day_of_month)
    return Cycle(previous_bill_on(running_until, billing_day_of_month), running_until)


def item_kind_of(charge: Charge, followed: Charge | None) -> BillItemKind:
    """The kind of item that the charge counts for."""
    if charge.item is not None:
        return charge.item
    return ITEM_OF[(followed or charge).kind]


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that counts as paid, of the bill unit that holds it.

    It comes from a payment (its event), from a bill that has been given more than is left of it, or, with neither, from
    charges of the bill unit that are not billed yet and are negative.
    """

    amount: Decimal
    bill_unit_id: int = 0
    event_id: int | None = None
    from_bill_id: int | None = None

    @property
    def is_unbilled(self) -> bool:
        """True where it lies on a bill that is not made yet."""
        return self.event_id is None and self.from_bill_id is None


@dataclass(frozen=True, slots=True)
class Share:
    """What of a credit goes to a bill."""

    credit: Credit
    bill_id: int
    amount: Decimal


def shares(credits: Iterable[Credit], open_amounts: Mapping[int, Decimal]) -> Iterator[Share]:
    """The credits in their order, each to the first of the bills that has something open left (rules 6.9)."""
    still_open = dict(open_amounts)
    for credit in credits:
        left = credit.amount
        for bill_id, open_amount in still_open.items():
            amount = min(left, open_amount)
            if amount > 0:
                yield Share(credit, bill_id, amount)
                still_open[bill_id] -= amount
                left -= amount


def moves(
    items: Sequence[UnbilledItem], payers: Mapping[int, Payer], today: date
) -> Iterator[Move]:
    """Where the items go that are with another payer than theirs: from the bill that runs to the one that runs.

    A bill has no two items of the same kind.
    """

    def key(item: UnbilledItem, end: date) -> tuple[int, BillItemKind, int | None, date]:
        return item.bill_unit_id, item.kind, item.service_id, end

    staying = [item for item in items if item.payer_id == payers[item.bill_unit_id].bill_unit_id]
    taken = {key(item, item.period_end) for item in staying}
    for item in items:
        payer = payers[item.bill_unit_id]
        if item.payer_id != payer.bill_unit_id:
            day, billing_day = (
                min(item.period_end - timedelta(days=1), today),
                payer.billing_day_of_month,
            )
            cycle = cycle_that_bills(
                day, running_until=payer.running_until, billing_day_of_month=billing_day
            )
            while key(item, cycle.end) in taken:
                cycle = cycle_of(cycle.end, billing_day)
            taken.add(key(item, cycle.end))
            yield Move(item, payer, cycle)
