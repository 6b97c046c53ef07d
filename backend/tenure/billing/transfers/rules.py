"""What an account's own credit pays before its charges are transferred (rules 5.3)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.billing.bills.models import BillItemKind
from tenure.billing.bills.rules import Credit
from tenure.kernel.money import money_text


@dataclass(frozen=True, slots=True)
class TransferItem:
    """An item of a nonpaying bill unit, and the amount to transfer to the payer of its bill."""

    id: int
    account_id: int
    bill_unit_id: int
    bill_id: int
    kind: BillItemKind
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class RetainedCredit:
    """A credit that stays with a nonpaying account for its next charges, instead of going to the
    payer.
    """

    account_id: int
    bill_unit_id: int
    amount: Decimal
    currency: str


def retained_credits(items: Iterable[TransferItem]) -> Iterator[RetainedCredit]:
    """Adjustments in excess of the charges.

    Any other negative amount is a refund, and goes to the payer.
    """
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    adjusted: dict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    for item in items:
        key = item.account_id, item.bill_unit_id, item.currency
        sums[key] += item.amount
        adjusted[key] += item.amount if item.kind is BillItemKind.ADJUSTMENT else 0
    for (account_id, bill_unit_id, currency), amount in sums.items():
        stays = min(-amount, -adjusted[account_id, bill_unit_id, currency])
        if stays > 0:
            yield RetainedCredit(account_id, bill_unit_id, stays, currency)


@dataclass(frozen=True, slots=True)
class UsedCredit:
    """The part of a credit that pays an item before the rest is transferred to a payer."""

    credit: Credit
    item: TransferItem
    amount: Decimal


def credit_for_items(
    items: Iterable[TransferItem], credits: Mapping[int, Sequence[Credit]]
) -> Iterator[UsedCredit]:
    """The credits of each account, applied to its own items.

    A bill unit uses no more than the sum of its items.
    """
    by_unit: dict[int, list[TransferItem]] = defaultdict(list)
    for item in items:
        by_unit[item.bill_unit_id].append(item)
    left = {
        account_id: [(credit, credit.amount) for credit in some]
        for account_id, some in credits.items()
    }
    for some in by_unit.values():
        asked = sum((item.amount for item in some), Decimal(0))
        for item in some:
            of_item = item.amount
            rest = left.get(item.account_id, [])
            for place, (credit, amount) in enumerate(rest):
                taken = min(of_item, asked, amount)
                if taken > 0:
                    yield UsedCredit(credit, item, taken)
                    rest[place] = credit, amount - taken
                    of_item = of_item - taken
                    asked = asked - taken


def retained_credit_text(amount: Decimal, currency: str) -> str:
    """Credit of 5.00 USD kept for the next bill."""
    return f"Credit of {money_text(amount, currency)} kept for the next bill"
