"""Open bills that a credit can pay, and the descriptions of used credit (rules 6.9)."""

from dataclasses import dataclass
from decimal import Decimal

from tenure.kernel.money import money_text


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill and its open amount."""

    id: int
    bill_unit_id: int
    number: str
    open_amount: Decimal


def used_credit_text(amount: Decimal, currency: str, number: str) -> str:
    """Credit of 50.00 USD used for bill B-3-20261201."""
    return f"Credit of {money_text(amount, currency)} used for bill {number}"
