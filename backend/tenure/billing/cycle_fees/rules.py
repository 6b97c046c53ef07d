"""The cycle that begins on a billing day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tenure.billing.proration.rules import Span


@dataclass(frozen=True, slots=True)
class NewCycle:
    """A cycle that begins for some bill units. What has not changed since `settled` is so from its first day on."""

    bill_unit_ids: Collection[int]
    span: Span
    currency: str
    settled: datetime

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.span.end - self.span.start).days
