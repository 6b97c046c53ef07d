"""What may still be done with a deferred action (rules 4.2 and 4.3)."""

from datetime import datetime

from tenure.deferred.models import DeferredStatus
from tenure.kernel.errors import ErrorCode, TenureError

MAY_BE_CANCELLED = frozenset({DeferredStatus.PENDING})
MAY_BE_RUN = frozenset({DeferredStatus.PENDING, DeferredStatus.FAILED})


def check_future(instant: datetime, now: datetime, *, path: str) -> None:
    """Raises OUT_OF_RANGE where the instant does not lie ahead."""
    if instant <= now:
        words = f"Give a time in the future: it is {now:%Y-%m-%d %H:%M} UTC now."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, (path,))


def check_may(status: DeferredStatus, allowed: frozenset[DeferredStatus], verb: str) -> None:
    """Raises NOT_ALLOWED where the action's status is none of `allowed`."""
    if status not in allowed:
        words = f"This action is {status}: only one that is {' or '.join(sorted(allowed))} can be {verb}."
        raise TenureError(ErrorCode.NOT_ALLOWED, words)
