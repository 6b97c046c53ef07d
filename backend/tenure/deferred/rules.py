"""Which operations a deferred action allows (rules 4.2, 4.3, 4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Required, TypedDict

from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.events.models import EventOperation
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode, TenureError


class PairedAction(Protocol):
    """An inactivation, or the reactivation that is paired with it."""

    @property
    def status(self) -> DeferredStatus:
        """Its status."""

    @property
    def scheduled_for(self) -> datetime:
        """When it is due."""

    @property
    def is_return(self) -> bool:
        """True for the reactivation."""


SUMMARY_VERBS = {
    Status.ACTIVE: "Reactivate",
    Status.INACTIVE: "Inactivate",
    Status.CLOSED: "Close",
}
MAY_BE_CANCELLED = frozenset({DeferredStatus.PENDING})
MAY_BE_RUN = frozenset({DeferredStatus.PENDING, DeferredStatus.FAILED})
# The columns of a new action that are the same for all.
NEW_ACTION: Mapping[str, object] = {
    "status": DeferredStatus.PENDING,
    "parent_pays": False,
    "children_stay": False,
    "attempts": 0,
    "version": 1,
}
# The columns of an action that its events need.
EVENT_COLUMNS = (
    "id",
    "account_id",
    "service_id",
    "offer_id",
    "summary",
    "to_status",
    "new_parent_id",
    "parent_pays",
    "reason",
    "note",
)
# The operation of the event of an action that has run, and the words before its summary.
OUTCOMES: Mapping[DeferredStatus, tuple[EventOperation, str]] = {
    DeferredStatus.DONE: (EventOperation.ACTION_DONE, "Done"),
    DeferredStatus.NOT_APPLICABLE: (EventOperation.ACTION_NOT_APPLICABLE, "Not applicable"),
    DeferredStatus.FAILED: (EventOperation.ACTION_FAILED, "Failed"),
}


class ActionColumns(TypedDict, total=False):
    """The change to make; see the columns of `DeferredAction`."""

    kind: Required[DeferredKind]
    account_id: Required[int]
    summary: Required[str]
    service_id: int | None
    offer_id: int | None
    to_status: Status | None
    login: str | None
    new_parent_id: int | None
    parent_pays: bool
    children_stay: bool
    reason: str | None
    paired_with_id: int | None
    hold_change_id: int | None


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The result of a bulk request for one id: changed, or `error` says why not.

    `also_changed` are actions that were changed with it: the reactivation of an inactivation.
    """

    action_id: int
    error: TenureError | None = None
    also_changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DeferredStep:
    """What happened to an action, and the words before its summary in the event."""

    operation: EventOperation
    words: str
    scheduled_for: datetime | None = None


CANCELLED = DeferredStep(EventOperation.ACTION_CANCELLED, "Cancelled")
CANCELLED_WITH_INACTIVATION = DeferredStep(
    EventOperation.ACTION_CANCELLED_WITH_INACTIVATION, "Cancelled with its inactivation"
)
RUN_MANUALLY = DeferredStep(EventOperation.ACTION_RUN_MANUALLY, "Run manually")


def scheduled(at: datetime) -> DeferredStep:
    """The step of a new action."""
    return DeferredStep(
        EventOperation.ACTION_SCHEDULED, f"Scheduled for {at:%Y-%m-%d %H:%M} UTC", at
    )


def rescheduled(at: datetime) -> DeferredStep:
    """The step of an action with a new time."""
    return DeferredStep(
        EventOperation.ACTION_RESCHEDULED, f"Rescheduled for {at:%Y-%m-%d %H:%M} UTC", at
    )


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of an action that has run, and why it was not applied in full, if so."""

    status: DeferredStatus
    failure: str | None = None


DONE = Settled(DeferredStatus.DONE)


class PairOrderError(TenureError):
    """A reactivation would not be after its inactivation.

    Distinct from a date in the past: a bulk request reports it for the action, not for the date.
    """


def check_future(instant: datetime, now: datetime, *, path: str) -> None:
    """Raises OUT_OF_RANGE where the instant is not in the future."""
    if instant <= now:
        message = f"Choose a time in the future. It is {now:%Y-%m-%d %H:%M} UTC now."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (path,))


def check_order(inactive_at: datetime, active_at: datetime) -> None:
    """Raises PairOrderError where a reactivation is not after its inactivation (rules 4.11)."""
    if active_at > inactive_at:
        return
    message = (
        f"The inactivation is scheduled for {inactive_at:%Y-%m-%d %H:%M} UTC and its reactivation "
        f"for {active_at:%Y-%m-%d %H:%M} UTC. The reactivation must be after the inactivation."
    )
    raise PairOrderError(ErrorCode.OUT_OF_RANGE, message, ("scheduled_for",))


def check_may_reschedule(
    action: PairedAction, partner: PairedAction | None, scheduled_for: datetime, now: datetime
) -> None:
    """Raises NOT_ALLOWED for a final action, OUT_OF_RANGE for a time that is not permitted."""
    check_may(action.status, MAY_BE_RUN, "rescheduled")
    check_future(scheduled_for, now, path="scheduled_for")
    if partner is None or partner.status is DeferredStatus.CANCELLED:
        return
    if not action.is_return:
        check_order(scheduled_for, partner.scheduled_for)
    elif partner.status is not DeferredStatus.DONE:
        check_order(partner.scheduled_for, scheduled_for)


def check_may_run_now(action: PairedAction, partner: PairedAction | None, now: datetime) -> None:
    """Raises NOT_ALLOWED where its status or the order of a pair forbids it (rules 4.11)."""
    check_may(action.status, MAY_BE_RUN, "run")
    if partner is None or partner.status is DeferredStatus.CANCELLED:
        return
    if action.is_return and partner.status is not DeferredStatus.DONE:
        message = (
            "This reactivation belongs to an inactivation that has not run yet. Run or cancel "
            f"that one first (scheduled for {partner.scheduled_for:%Y-%m-%d %H:%M} UTC)."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, message)
    if not action.is_return and partner.scheduled_for <= now:
        message = (
            "The reactivation that ends this inactivation was scheduled for "
            f"{partner.scheduled_for:%Y-%m-%d %H:%M} UTC, which is past. Reschedule both."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, message)


def check_may(status: DeferredStatus, allowed: frozenset[DeferredStatus], operation: str) -> None:
    """Raises NOT_ALLOWED where the action's status is not in `allowed`."""
    if status not in allowed:
        required = " or ".join(sorted(allowed))
        message = f"This action is {status}. Only {required} actions can be {operation}."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)


def change_summary(
    to: Status, *, account_name: str, account_number: str, asset_name: str | None
) -> str:
    """What a status change will do, for example `Close Mobile of Hana Suzuki (A-1026)`."""
    asset = f"{asset_name} of " if asset_name is not None else ""
    return f"{SUMMARY_VERBS[to]} {asset}{account_name} ({account_number})"


def step_event(
    step: DeferredStep, action: Mapping[str, object], numbers: Mapping[object, str]
) -> dict[str, object]:
    """The event of what happened to an action, which has EVENT_COLUMNS.

    `numbers` has the number of its new parent by id, for a move.
    """
    details = {
        "deferredAction": action["id"],
        "operation": step.operation,
        "note": action["note"],
        **_change(action, numbers),
    }
    if step.scheduled_for is not None:
        details["scheduledFor"] = f"{step.scheduled_for.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "account_id": action["account_id"],
        "service_id": action.get("service_id"),
        "offer_id": action.get("offer_id"),
        "description": f"{step.words}: {action['summary']}",
        "reason": action.get("reason"),
        "details": details,
    }


def _change(action: Mapping[str, object], numbers: Mapping[object, str]) -> dict[str, object]:
    """The change to make, for the details of an event."""
    to_status = action.get("to_status")
    if to_status is not None:
        return {"toStatus": to_status}
    return {
        "newParentNumber": numbers.get(action.get("new_parent_id")),
        "parentPays": action["parent_pays"],
    }
