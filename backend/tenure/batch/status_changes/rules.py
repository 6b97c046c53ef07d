"""The accounts of a status change job: how many, in which order, and with which result."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tenure.audit.models import AuditOperation
from tenure.deferred.rules import SUMMARY_VERBS
from tenure.jobs.models import StatusChangeResultStatus
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.status.changes.rules import StatusRequest

MAX_ACCOUNTS = 100_000


@dataclass(frozen=True, slots=True)
class ChangeOutcome:
    """The result of one account of a job. A failed one has an error, or the text of a fault."""

    status: StatusChangeResultStatus
    code: ErrorCode | None = None
    message: str | None = None


DONE = ChangeOutcome(StatusChangeResultStatus.DONE)
UNCHANGED = ChangeOutcome(StatusChangeResultStatus.UNCHANGED)


def failed(fault: Exception) -> ChangeOutcome:
    """The result of an account that could not be changed; the log has details of a fault."""
    if isinstance(fault, TenureError):
        return ChangeOutcome(StatusChangeResultStatus.FAILED, fault.code, fault.message)
    message = f"Unexpected error ({type(fault).__name__}). Try again when it is fixed."
    return ChangeOutcome(StatusChangeResultStatus.FAILED, None, message)


def levels(paid: Mapping[int, Collection[int]]) -> dict[int, int]:
    """The level of each account that depends on another one: greater than those of its payers.

    `paid` has the accounts that each account pays for, at any distance. An account that is not in
    the result has level 0. Of accounts that pay for each other in a circle, the one with the
    smallest id comes first. Accounts of one level do not affect each other.
    """
    payers: dict[int, set[int]] = {}
    for payer_id, account_ids in paid.items():
        for account_id in account_ids:
            if account_id in paid and account_id != payer_id:
                payers.setdefault(account_id, set()).add(payer_id)
    found: dict[int, int] = {}
    waiting = set(payers)
    level = 0
    while waiting:
        level += 1
        ready = {it for it in waiting if payers[it].isdisjoint(waiting)} or {min(waiting)}
        found |= dict.fromkeys(ready, level)
        waiting -= ready
    return found


def check_count(
    count: int, *, expected: int | None, path: str, counted_up_to: int | None = None
) -> None:
    """Raises OUT_OF_RANGE, CONFLICT or NOT_FOUND for a number of accounts that is not allowed.

    A `count` above MAX_ACCOUNTS stands for any larger number. An `expected` number of
    `counted_up_to` does, too.
    """
    if count > MAX_ACCOUNTS:
        message = (
            f"More than {MAX_ACCOUNTS:,} accounts match, which one job can't change. "
            "Start several jobs with narrower filters."
        )
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (path,))
    is_more = expected == counted_up_to and expected is not None and count > expected
    if expected not in (None, count) and not is_more:
        message = f"{count:,} accounts match now, not {expected:,}. Check them, then try again."
        raise TenureError(ErrorCode.CONFLICT, message, ("expected_count",))
    if count == 0:
        raise TenureError(ErrorCode.NOT_FOUND, "No account matches.", (path,))


def audit_summary(request: StatusRequest, count: int) -> str:
    """What the audit log says of a started job: `Started a job: close 12 accounts.`"""
    accounts = "1 account" if count == 1 else f"{count:,} accounts"
    at = ""
    if request.defer_until is not None:
        at = f" on {request.defer_until:%Y-%m-%d %H:%M} UTC"
    if request.backdate_to is not None:
        at = f", backdated to {request.backdate_to}"
    return f"Started a job: {SUMMARY_VERBS[request.to].lower()} {accounts}{at}."


def audit_values(request: StatusRequest, count: int) -> dict[str, object]:
    """The values of `audit_summary`."""
    return {
        "operation": AuditOperation.STATUS_CHANGE_STARTED,
        "to_status": request.to,
        "count": count,
        "defer_until": request.defer_until,
        "backdate_to": request.backdate_to,
    }
