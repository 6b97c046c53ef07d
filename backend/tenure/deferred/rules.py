"""What may still be done with a deferred action (rules 4.2 and 4.3)."""

from datetime import datetime
from typing import Protocol

from tenure.deferred.models import DeferredStatus
from tenure.kernel.errors import ErrorCode, TenureError


class PairedAction(Protocol):
    """What the rules have to know of an inactivation, or of the reactivation that ends it."""

    @property
    def status(self) -> DeferredStatus:
        """Where it stands."""

    @property
    def scheduled_for(self) -> datetime:
        """When it takes place."""

    @property
    def is_return(self) -> bool:
        """True for the reactivation."""


MAY_BE_CANCELLED = frozenset({DeferredStatus.PENDING})
MAY_BE_RUN = frozenset({DeferredStatus.PENDING, DeferredStatus.FAILED})


class PairOrderError(TenureError):
    """A return would not lie after its inactivation: it is about this action, not about the date alone."""


def check_future(instant: datetime, now: datetime, *, path: str) -> None:
    """Raises OUT_OF_RANGE where the instant does not lie ahead."""
    if instant <= now:
        words = f"Give a time in the future: it is {now:%Y-%m-%d %H:%M} UTC now."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, (path,))


def check_order(inactive_at: datetime, active_at: datetime) -> None:
    """Raises PairOrderError (OUT_OF_RANGE) where a return would not lie after its inactivation (rules 4.11)."""
    if active_at > inactive_at:
        return
    words = (
        f"The inactivation is scheduled for {inactive_at:%Y-%m-%d %H:%M} UTC and its reactivation for "
        f"{active_at:%Y-%m-%d %H:%M} UTC: the reactivation has to come after it."
    )
    raise PairOrderError(ErrorCode.OUT_OF_RANGE, words, ("scheduled_for",))


def check_may_run_now(action: PairedAction, partner: PairedAction | None, now: datetime) -> None:
    """Raises NOT_ALLOWED for a return before its inactivation, and the other way round (rules 4.11)."""
    if partner is None or partner.status is DeferredStatus.CANCELLED:
        return
    if action.is_return and partner.status is not DeferredStatus.DONE:
        words = (
            "This reactivation belongs to an inactivation that has not taken place: run or cancel "
            f"that one first (scheduled for {partner.scheduled_for:%Y-%m-%d %H:%M} UTC)."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, words)
    if not action.is_return and partner.scheduled_for <= now:
        words = (
            "The reactivation that ends this inactivation was scheduled for "
            f"{partner.scheduled_for:%Y-%m-%d %H:%M} UTC, which is past: schedule both anew."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, words)


def check_may(status: DeferredStatus, allowed: frozenset[DeferredStatus], verb: str) -> None:
    """Raises NOT_ALLOWED where the action's status is none of `allowed`."""
    if status not in allowed:
        words = f"This action is {status}: only one that is {' or '.join(sorted(allowed))} can be {verb}."
        raise TenureError(ErrorCode.NOT_ALLOWED, words)
