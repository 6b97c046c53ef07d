"""A bill that a credit can pay, and the sentences about credit that is used (rules 6.9)."""

from dataclasses import dataclass
from decimal import Decimal

from tenure.kernel.money import rounded


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill and what of it is still open."""

    id: int
    bill_unit_id: int
    number: str
    open_amount: Decimal


def used_words(amount: Decimal, currency: str, number: str) -> str:
    """Credit of 50.00 USD used for bill B-3-20261201."""
    return f"Credit of {rounded(amount, currency)} {currency} used for bill {number}"
