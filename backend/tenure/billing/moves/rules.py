"""Which items move to which bill when the payer of a bill unit changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tenure.billing.bills.models import BillItemKind
from tenure.billing.bills.rules import Cycle, PayingBillUnit, billing_cycle, cycle_of


@dataclass(frozen=True, slots=True)
class UnbilledItem:
    """An item of a pending bill, the bill unit that pays that bill, and the end of its cycle.

    `amount` is that of its charges and adjustments, `held` the part under dispute.
    """

    id: int
    bill_unit_id: int
    kind: BillItemKind
    service_id: int | None
    bill_id: int
    payer_id: int
    period_end: date
    held: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ItemMove:
    """An item moves to the bill of this cycle of this payer."""

    item: UnbilledItem
    payer: PayingBillUnit
    cycle: Cycle


def item_moves(
    items: Sequence[UnbilledItem], payers: Mapping[int, PayingBillUnit], today: date
) -> Iterator[ItemMove]:
    """The moves of items whose payer has changed, from the former payer's bill to that of the
    current one.

    A bill has no two items of the same kind, so an item moves to a later cycle where its kind is
    taken.
    """

    def key(item: UnbilledItem, end: date) -> tuple[int, BillItemKind, int | None, date]:
        return item.bill_unit_id, item.kind, item.service_id, end

    staying = [item for item in items if item.payer_id == payers[item.bill_unit_id].bill_unit_id]
    taken = {key(item, item.period_end) for item in staying}
    for item in items:
        payer = payers[item.bill_unit_id]
        if item.payer_id != payer.bill_unit_id:
            day = min(item.period_end - timedelta(days=1), today)
            billing_day = payer.billing_day_of_month
            cycle = billing_cycle(
                day, current_cycle_end=payer.current_cycle_end, billing_day_of_month=billing_day
            )
            while key(item, cycle.end) in taken:
                cycle = cycle_of(cycle.end, billing_day)
            taken.add(key(item, cycle.end))
            yield ItemMove(item, payer, cycle)


def moved_amounts(moves: Iterable[ItemMove]) -> dict[int, Decimal]:
    """The amounts of the moved items by bill unit."""
    amounts: dict[int, Decimal] = {}
    for move in moves:
        bill_unit_id = move.item.bill_unit_id
        amounts[bill_unit_id] = amounts.get(bill_unit_id, Decimal(0)) + move.item.amount
    return amounts
