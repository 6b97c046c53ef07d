"""When offers were inactive, from their holds and inherited holds (rules 2.2 to 2.6, 2.11).

Only MANUAL and DEBT holds have a start and an end of their own. All other holds are inherited: from
a payer by the accounts that it pays for, while it pays; from an account by its services and offers;
from a service by its offers. An offer is inactive while it has or inherits any hold. The result
does not depend on the order in which changes were recorded.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from tenure.holds.models import LIFTED_MANUALLY, Cause, Status, status_of

Interval: TypeAlias = tuple[datetime, datetime | None]
# Business day, status before it, status after it.
Change: TypeAlias = tuple[date, Status, Status]


class StatusEvent(NamedTuple):
    """A recorded change of an entity's holds: when it took effect, and the resulting masks."""

    change_id: int
    at: datetime
    from_status: Status
    to_status: Status
    inactive: int
    closed: int
    cause: int


class InitialHolds(NamedTuple):
    """The creation and current holds of an entity. Imported entities have holds without events."""

    created_at: datetime
    inactive: int
    closed: int


@dataclass(frozen=True, slots=True)
class HoldPeriod:
    """A hold that `change_id` set, from `start` until `end` (None: still open)."""

    start: datetime
    end: datetime | None
    closes: bool
    change_id: int

    def within(self, start: datetime, end: datetime | None) -> "HoldPeriod | None":
        """The part of the hold between two instants, or None where they do not overlap."""
        ends = [instant for instant in (self.end, end) if instant is not None]
        part = replace(self, start=max(self.start, start), end=min(ends, default=None))
        return part if part.end is None or part.start < part.end else None


class PaidSpan(NamedTuple):
    """A period in which one account paid for a bill unit of another."""

    payer_id: int
    payee_id: int
    start: datetime
    end: datetime | None


def with_origin(
    origin: InitialHolds, events: Sequence[StatusEvent], assumed: Cause
) -> Sequence[StatusEvent]:
    """The events, after one for imported holds; `assumed` is the cause where it is unknown."""
    inactive = origin.inactive
    closed = origin.closed
    if events:
        before = events[0].from_status
        inactive = int(assumed) if before is Status.INACTIVE else 0
        closed = int(assumed) if before is Status.CLOSED else 0
    if not (inactive or closed):
        return events
    first = StatusEvent(
        change_id=0,
        at=origin.created_at,
        from_status=Status.ACTIVE,
        to_status=status_of(inactive, closed),
        inactive=inactive,
        closed=closed,
        cause=int(Cause.MANUAL),
    )
    return [first, *events]


def own_holds(events: Sequence[StatusEvent]) -> list[HoldPeriod]:
    """The MANUAL and DEBT holds of an entity, from its events in recorded order."""
    holds: list[HoldPeriod] = []
    open_holds: dict[tuple[Cause, bool], HoldPeriod] = {}
    for event in events:
        for cause in LIFTED_MANUALLY:
            for closes, mask in ((False, event.inactive), (True, event.closed)):
                hold = open_holds.get((cause, closes))
                if mask & cause and hold is None:
                    open_holds[cause, closes] = HoldPeriod(event.at, None, closes, event.change_id)
                elif hold is not None and not mask & cause:
                    del open_holds[cause, closes]
                    if hold.start < event.at:
                        holds.append(replace(hold, end=event.at))
    return [*holds, *open_holds.values()]


def account_holds(
    own: Mapping[int, Iterable[HoldPeriod]], paid: Sequence[PaidSpan]
) -> dict[int, set[HoldPeriod]]:
    """The own and inherited holds of each account; a payer's are inherited while it pays.

    A fixed point that starts from own holds, so accounts that pay for each other in a cycle do not
    hold each other (decision 1).
    """
    holds = {account_id: set(some) for account_id, some in own.items()}
    changed = True
    while changed:
        changed = False
        for payer_id, payee_id, start, end in paid:
            parts = {hold.within(start, end) for hold in holds.get(payer_id, ())}
            added = {part for part in parts if part is not None} - holds.setdefault(payee_id, set())
            if added:
                holds[payee_id] |= added
                changed = True
    return holds


def service_holds(account: Iterable[HoldPeriod], events: Sequence[StatusEvent]) -> set[HoldPeriod]:
    """The own holds of a service and those that it inherits from its account (rules 2.12).

    Closing holds are always inherited.
    """
    inherited = (hold if hold.closes else _inherited(hold, events) for hold in account)
    return {*own_holds(events), *(hold for hold in inherited if hold is not None)}


def offer_intervals(
    inherited: Iterable[HoldPeriod], events: Sequence[StatusEvent]
) -> list[Interval]:
    """When an offer was inactive: while held, and from its closing on (rules 2.5)."""
    above = list(inherited)
    intervals: list[Interval] = [(hold.start, hold.end) for hold in (*above, *own_holds(events))]
    closing = next((event for event in events if event.to_status is Status.CLOSED), None)
    if closing is not None:
        by = (hold.start for hold in above if hold.closes and hold.change_id == closing.change_id)
        intervals.append((min([closing.at, *by]), None))
    return merged(intervals)


def corrected_changes(
    inactive: Mapping[str, Sequence[Sequence[str | None]]], day_of: Callable[[datetime], date]
) -> list[Change]:
    """The intervals of `activity.models.CorrectedActivity` as status changes."""
    changes: list[Change] = []
    for start, end in inactive["intervals"]:
        assert start is not None
        changes.append((day_of(datetime.fromisoformat(start)), Status.ACTIVE, Status.INACTIVE))
        if end is not None:
            changes.append((day_of(datetime.fromisoformat(end)), Status.INACTIVE, Status.ACTIVE))
    return changes


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals, in order; adjacent ones are joined."""
    union: list[Interval] = []
    for start, end in sorted(intervals, key=lambda interval: interval[0]):
        if end is not None and end <= start:
            continue
        if union and (union[-1][1] is None or start <= union[-1][1]):
            last = union[-1]
            longest = None if last[1] is None or end is None else max(last[1], end)
            union[-1] = (last[0], longest)
        else:
            union.append((start, end))
    return union


def is_within(at: datetime, intervals: Iterable[Interval]) -> bool:
    """True where the instant lies in one of the half-open intervals."""
    return any(start <= at and (end is None or at < end) for start, end in intervals)


def _inherited(hold: HoldPeriod, events: Sequence[StatusEvent]) -> HoldPeriod | None:
    """The part of an account's hold that a service inherits: while it has the ACCOUNT hold.

    With `allowActiveServiceWithInactiveAccount` a service may never get that hold, or lose it when
    it is reactivated manually.
    """
    carries = False
    start: datetime | None = None
    for event in events:
        had = carries
        carries = bool((event.inactive | event.closed) & Cause.ACCOUNT)
        if event.change_id <= hold.change_id:
            start = hold.start if carries else None
        elif carries and not had and start is None and (hold.end is None or event.at < hold.end):
            start = max(hold.start, event.at)
        elif had and not carries and event.cause == Cause.MANUAL and start is not None:
            return hold.within(start, event.at)
    return None if start is None else hold.within(start, None)
