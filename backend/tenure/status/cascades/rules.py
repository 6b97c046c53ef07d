"""A change of holds as data: which holds are added and lifted, and what its events say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from tenure.holds.models import ALL_CAUSES, LIFTED_MANUALLY, Cause, Status
from tenure.holds.rules import lifted_by_activation


class Kind(StrEnum):
    """The kinds of entity that have a status."""

    ACCOUNT = "account"
    SERVICE = "service"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class HoldChange:
    """Holds added to, and lifted from, some entities of one kind.

    With nothing added or lifted it recomputes the PARENT holds of its accounts.
    """

    kind: Kind
    ids: Sequence[int]
    add_inactive: Cause = Cause(0)
    add_closed: Cause = Cause(0)
    lift_inactive: Cause = Cause(0)
    lift_closed: Cause = Cause(0)

    @property
    def parameters(self) -> dict[str, object]:
        """The bind parameters of this change; see `rows.queries`."""
        return {
            "param_ids": self.ids,
            "param_keep_inactive": int(ALL_CAUSES & ~self.lift_inactive),
            "param_keep_closed": int(ALL_CAUSES & ~self.lift_closed),
            "param_add_inactive": int(self.add_inactive),
            "param_add_closed": int(self.add_closed),
        }

    def has_no_effect(self, inactive: Cause, closed: Cause) -> bool:
        """True where an entity with these holds keeps them unchanged."""
        after = (
            inactive & ~self.lift_inactive | self.add_inactive,
            closed & ~self.lift_closed | self.add_closed,
        )
        return after == (inactive, closed)


@dataclass(frozen=True, slots=True)
class HoldReason:
    """Why one account of a set changes, and the event that its change followed."""

    reason: str
    followed_id: int | None = None


@dataclass(frozen=True, slots=True)
class EventContext:
    """What the events of a change say besides the holds.

    `note` is that of all targets, unless `notes` has the note of each, by the id of the target.
    `why` has the reasons of accounts that have one of their own, by account id.
    """

    cause: Cause
    effective_at: datetime
    reason: str | None = None
    followed_id: int | None = None
    note: str | None = None
    notes: Mapping[int, str | None] = field(default_factory=dict)
    why: Mapping[int, HoldReason] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, object]:
        """The bind parameters of these events; see `cascades.actions`."""
        return {
            "param_cause": int(self.cause),
            "param_effective_at": self.effective_at,
            "param_reason": self.reason,
            "param_followed_id": self.followed_id,
            "param_details": {"note": self.note} if self.note else None,
        }

    def with_notes(self, notes: Mapping[int, str | None]) -> "EventContext":
        """The context with the note of each target, as one value where all are equal."""
        distinct = set(notes.values())
        if len(distinct) == 1:
            return replace(self, note=distinct.pop())
        return replace(self, notes=notes)


def manual_hold_change(kind: Kind, ids: list[int], to: Status, *, allow_active: bool) -> HoldChange:
    """The holds that setting a status manually adds or lifts (rules 2.2)."""
    if to is Status.INACTIVE:
        return HoldChange(kind, ids, add_inactive=Cause.MANUAL)
    if to is Status.CLOSED:
        return HoldChange(kind, ids, add_closed=Cause.MANUAL)
    lifted = lifted_by_activation(is_service=kind is Kind.SERVICE, allow_active=allow_active)
    return HoldChange(kind, ids, lift_inactive=lifted, lift_closed=LIFTED_MANUALLY)
