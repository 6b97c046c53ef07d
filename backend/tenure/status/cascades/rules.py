"""A change of holds as data: which bits of which entities are added and lifted, and the words for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tenure.holds.models import ALL_CAUSES, Cause


class Kind(StrEnum):
    """What can be held."""

    ACCOUNT = "account"
    SERVICE = "service"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class HoldChange:
    """One change of the holds of some entities of one kind; everything else follows from it.

    An empty one (nothing added, nothing lifted) brings the PARENT holds of its accounts up to date.
    """

    kind: Kind
    ids: Sequence[int]
    add_inactive: Cause = Cause(0)
    add_closed: Cause = Cause(0)
    lift_inactive: Cause = Cause(0)
    lift_closed: Cause = Cause(0)

    @property
    def given(self) -> dict[str, object]:
        """What the statements of a cascade have to know of this change; see the parameters in `cascades.queries`."""
        return {
            "given_ids": self.ids,
            "given_keep_inactive": int(ALL_CAUSES & ~self.lift_inactive),
            "given_keep_closed": int(ALL_CAUSES & ~self.lift_closed),
            "given_add_inactive": int(self.add_inactive),
            "given_add_closed": int(self.add_closed),
        }

    def leaves(self, inactive: Cause, closed: Cause) -> bool:
        """True where an entity with these holds keeps just these."""
        after = (
            inactive & ~self.lift_inactive | self.add_inactive,
            closed & ~self.lift_closed | self.add_closed,
        )
        return after == (inactive, closed)


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why an account is changed, where that differs within a set, and the event that its change followed."""

    reason: str
    followed_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventContext:
    """What the events of a change say beside the change itself. `why` is for the accounts of a set, by their ids."""

    cause: Cause
    effective_at: datetime
    reason: str | None = None
    followed_id: int | None = None
    details: dict[str, Any] | None = field(default=None)
    why: Mapping[int, HoldReason] = field(default_factory=dict)

    @property
    def given(self) -> dict[str, object]:
        """What the statements of a cascade have to know of these words; see the parameters in `cascades.actions`."""
        return {
            "given_cause": int(self.cause),
            "given_effective_at": self.effective_at,
            "given_reason": self.reason,
            "given_followed_id": self.followed_id,
            "given_details": self.details,
        }
