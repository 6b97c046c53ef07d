"""When offers were inactive, from the holds of everything that they hang on (rules 2.2 to 2.6 and 2.11).

Only holds that were set for a reason of their own (MANUAL, DEBT) have a start and an end; everything else follows from
them: a payer's hold reaches those it pays, for as long as it pays, an account's its services and its own offers, and a
service's its offers. An offer is inactive while any hold reaches it. The order in which changes were recorded therefore
does not matter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from tenure.holds.models import LIFTED_MANUALLY, Cause, Status

Interval: TypeAlias = tuple[datetime, datetime | None]
# Business day, status before, status after.
Change: TypeAlias = tuple[date, Status, Status]


class StatusEvent(NamedTuple):
    """A recorded change of an entity's holds: when it took effect, and the masks that it led to."""

    change_id: int
    at: datetime
    from_status: Status
    to_status: Status
    inactive: int
    closed: int
    cause: int


class Origin(NamedTuple):
    """An entity as it is now, and since when there is one. Imported entities have holds without an event."""

    created_at: datetime
    inactive: int
    closed: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that was set by `change_id`, from `start` up to `end` (None: it rests still)."""

    start: datetime
    end: datetime | None
    closes: bool
    change_id: int

    def within(self, start: datetime, end: datetime | None) -> "Hold | None":
        """The part of it that lies between two instants; None where there is none."""
        ends = [instant for instant in (self.end, end) if instant is not None]
        part = replace(self, start=max(self.start, start), end=min(ends, default=None))
        return part if part.end is None or part.start < part.end else None


class PaidSpan(NamedTuple):
    """From when to when one account paid for a bill unit of another one."""

    payer_id: int
    payee_id: int
    start: datetime
    end: datetime | None


def with_origin(
    origin: Origin, events: Sequence[StatusEvent], assumed: Cause
) -> Sequence[StatusEvent]:
    """The events behind one for the holds that the entity was imported with; `assumed` where they are not known."""
    inactive, closed = origin.inactive, origin.closed
    if events:
        before = events[0].from_status
        inactive = int(assumed) if before is Status.INACTIVE else 0
        closed = int(assumed) if before is Status.CLOSED else 0
    if not (inactive or closed):
        return events
    to = Status.CLOSED if closed else Status.INACTIVE
    first = StatusEvent(
        0, origin.created_at, Status.ACTIVE, to, inactive, closed, int(Cause.MANUAL)
    )
    return [first, *events]


def own_holds(events: Sequence[StatusEvent]) -> list[Hold]:
    """The MANUAL and DEBT holds of an entity, from its events in the order of their recording."""
    holds: list[Hold] = []
    resting: dict[tuple[Cause, bool], Hold] = {}
    for event in events:
        for cause in LIFTED_MANUALLY:
            for closes, mask in ((False, event.inactive), (True, event.closed)):
                hold = resting.get((cause, closes))
                if mask & cause and hold is None:
                    resting[cause, closes] = Hold(event.at, None, closes, event.change_id)
                elif hold is not None and not mask & cause:
                    del resting[cause, closes]
                    if hold.start < event.at:
                        holds.append(replace(hold, end=event.at))
    return [*holds, *resting.values()]


def account_holds(
    own: Mapping[int, Iterable[Hold]], paid: Sequence[PaidSpan]
) -> dict[int, set[Hold]]:
    """The holds that reach each account: its own, and those of whoever paid for it, while it paid.

    Computed from the accounts' own holds until nothing is added, so that accounts that pay for each other do not hold
    each other for ever (decision 1).
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


def service_holds(account: Iterable[Hold], events: Sequence[StatusEvent]) -> set[Hold]:
    """The holds that reach a service: its own, and those of its account that the service carries (rules 2.12).

    What closes the account always does.
    """
    reached = (hold if hold.closes else _carried(hold, events) for hold in account)
    return {*own_holds(events), *(hold for hold in reached if hold is not None)}


def offer_intervals(above: Iterable[Hold], events: Sequence[StatusEvent]) -> list[Interval]:
    """When an offer was inactive: its own holds and those above it; from its closing on for good (rules 2.5)."""
    above = list(above)
    intervals: list[Interval] = [(hold.start, hold.end) for hold in (*above, *own_holds(events))]
    closing = next((event for event in events if event.to_status is Status.CLOSED), None)
    if closing is not None:
        by = (hold.start for hold in above if hold.closes and hold.change_id == closing.change_id)
        intervals.append((min([closing.at, *by]), None))
    return merged(intervals)


def corrected_changes(
    inactive: Mapping[str, Sequence[Sequence[str | None]]], day_of: Callable[[datetime], date]
) -> list[Change]:
    """Inactive intervals, as `activity.models.CorrectedActivity` holds them, as changes of status."""
    changes: list[Change] = []
    for start, end in inactive["intervals"]:
        assert start is not None
        changes.append((day_of(datetime.fromisoformat(start)), Status.ACTIVE, Status.INACTIVE))
        if end is not None:
            changes.append((day_of(datetime.fromisoformat(end)), Status.INACTIVE, Status.ACTIVE))
    return changes


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals, in order, without gaps of nothing between them."""
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


def _carried(hold: Hold, events: Sequence[StatusEvent]) -> Hold | None:
    """The part of an account's hold that reaches a service: from where it carries the ACCOUNT hold.

    With `allowActiveServiceWithInactiveAccount` a service may not carry it, or lose it when it is made active by hand.
    """
    carries = False
    start: datetime | None = None
    for event in events:
        had, carries = carries, bool((event.inactive | event.closed) & Cause.ACCOUNT)
        if event.change_id <= hold.change_id:
            start = hold.start if carries else None
        elif carries and not had and start is None and (hold.end is None or event.at < hold.end):
            start = max(hold.start, event.at)
        elif had and not carries and event.cause == Cause.MANUAL and start is not None:
            return hold.within(start, event.at)
    return None if start is None else hold.within(start, None)
