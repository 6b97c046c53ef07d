"""The cycle that begins on a billing day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tenure.billing.bills.rules import Charge
from tenure.billing.proration.rules import Span


@dataclass(frozen=True, slots=True)
class NewCycle:
    """A cycle that begins for some bill units.

    An offer unchanged since `unchanged_since` was active from its first day.
    """

    bill_unit_ids: Collection[int]
    span: Span
    currency: str
    unchanged_since: datetime

    @property
    def days(self) -> int:
        """The length of the cycle."""
        return (self.span.end - self.span.start).days


@dataclass(frozen=True, slots=True)
class NextCharges:
    """The charges of a cycle that has not begun, in the currency of its bill unit."""

    span: Span
    currency: str
    charges: Sequence[Charge]

    @property
    def total(self) -> Decimal:
        """The sum of the charges."""
        return sum((charge.amount for charge in self.charges), Decimal(0))
