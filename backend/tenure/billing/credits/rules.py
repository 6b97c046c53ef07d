"""A bill that a credit can pay, and the sentences about credit that is used (rules 6.9)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.billing.bills.models import BillItemKind
from tenure.billing.bills.rules import Credit
from tenure.kernel.money import rounded


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill and what of it is still open."""

    id: int
    bill_unit_id: int
    number: str
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class PassingItem:
    """An item of a nonpaying bill unit, and what of it is to pass to the payer of its bill."""

    id: int
    account_id: int
    bill_unit_id: int
    bill_id: int
    kind: BillItemKind
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A credit that was given to a nonpaying account stays with it for its next charges: so much of these items."""

    account_id: int
    bill_unit_id: int
    amount: Decimal
    currency: str


def kept(items: Iterable[PassingItem]) -> Iterator[Kept]:
    """What adjustments have credited beyond the charges. What else is negative was given back, and passes to the payer."""
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    adjusted: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for item in items:
        key = item.account_id, item.bill_unit_id, item.currency
        sums[key] += item.amount
        adjusted[key] += item.amount if item.kind is BillItemKind.ADJUSTMENT else 0
    for (account_id, bill_unit_id, currency), amount in sums.items():
        stays = min(-amount, -adjusted[account_id, bill_unit_id, currency])
        if stays > 0:
            yield Kept(account_id, bill_unit_id, stays, currency)


@dataclass(frozen=True, slots=True)
class Used:
    """What of a credit is used for an item before that passes to a payer."""

    credit: Credit
    item: PassingItem
    amount: Decimal


def used_for_items(
    items: Iterable[PassingItem], credits: Mapping[int, Sequence[Credit]]
) -> Iterator[Used]:
    """The credits of each account for its own items, of each bill unit no more than its items come to together."""
    by_unit: dict[int, list[PassingItem]] = defaultdict(list)
    for item in items:
        by_unit[item.bill_unit_id].append(item)
    left = {
        account_id: [(credit, credit.amount) for credit in some]
        for account_id, some in credits.items()
    }
    for some in by_unit.values():
        asked = sum((item.amount for item in some), Decimal(0))
        for item in some:
            of_item, rest = item.amount, left.get(item.account_id, [])
            for place, (credit, amount) in enumerate(rest):
                taken = min(of_item, asked, amount)
                if taken > 0:
                    yield Used(credit, item, taken)
                    rest[place] = credit, amount - taken
                    of_item, asked = of_item - taken, asked - taken


def used_words(amount: Decimal, currency: str, number: str) -> str:
    """Credit of 50.00 USD used for bill B-3-20261201."""
    return f"Credit of {rounded(amount, currency)} {currency} used for bill {number}"


def kept_words(amount: Decimal, currency: str) -> str:
    """Credit of 5.00 USD kept for the next bill."""
    return f"Credit of {rounded(amount, currency)} {currency} kept for the next bill"
