"""The cycle that begins on a billing day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

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
