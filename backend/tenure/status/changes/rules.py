"""Checks of a request to change a status (rules 2.9 to 2.11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tenure.assets.rules import checked_login
from tenure.deferred.rules import change_summary, check_future
from tenure.holds.models import Status
from tenure.holds.rules import HeldEntity
from tenure.kernel.clock import start_of
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.status.entities.rules import BackdatingLimit


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """A requested status change: now, backdated (`backdate_to`) or deferred (`defer_until`).

    `cancel_conflicts` cancels the pending deferred actions that have nothing to do after it.
    """

    to: Status
    reason: str | None = None
    note: str | None = None
    defer_until: datetime | None = None
    backdate_to: date | None = None
    reactivate_on: datetime | None = None
    login: str | None = None
    expected_version: int | None = None
    cancel_conflicts: bool = False


def checked_request(request: StatusRequest, now: datetime) -> StatusRequest:
    """The request with normalized texts.

    Raises INVALID, OUT_OF_RANGE or CLOSED_IS_FINAL where its dates contradict each other.
    """
    checked = replace(
        request,
        reason=optional_text(request.reason, path="reason", longest=LARGEST_NOTE),
        note=optional_text(request.note, path="note", longest=LARGEST_NOTE),
        login=checked_login(request.login),
    )
    if request.backdate_to is not None and request.defer_until is not None:
        message = "Use either deferUntil or backdateTo, not both."
        raise TenureError(ErrorCode.INVALID, message, ("backdate_to",))
    if request.defer_until is not None:
        check_future(request.defer_until, now, path="defer_until")
    if request.reactivate_on is not None:
        _check_reactivation(request, request.reactivate_on, now)
    return checked


def _check_reactivation(request: StatusRequest, reactivate_on: datetime, now: datetime) -> None:
    path = ("reactivate_on",)
    if request.to is Status.CLOSED:
        message = (
            "A reactivation can't be scheduled together with closing. Reopen it later instead."
        )
        raise TenureError(ErrorCode.CLOSED_IS_FINAL, message, path)
    if request.to is Status.ACTIVE:
        message = "reactivateOn can only be set when inactivating."
        raise TenureError(ErrorCode.INVALID, message, path)
    if reactivate_on <= (request.defer_until or now):
        message = "The reactivation must be after the inactivation."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, path)


def effective_instant(backdate_to: date, now: datetime, time_zone: str) -> datetime:
    """When a backdated change takes effect. Raises OUT_OF_RANGE (rules 2.11)."""
    path = ("backdate_to",)
    try:
        effective = start_of(backdate_to, time_zone)
    except OverflowError:
        message = "This date is outside the supported calendar."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, path) from None
    if effective > now:
        message = "A change can't be backdated to a future date."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, path)
    return effective


def check_backdating(effective: datetime, backdate_to: date, limit: BackdatingLimit) -> None:
    """Raises OUT_OF_RANGE if the change of an entity can't take effect so early (rules 2.11)."""
    path = ("backdate_to",)
    if effective < max(limit.created_at, limit.status_changed_at):
        message = "A change can't be backdated to before the creation or the last status change."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, path)
    if backdate_to < limit.billed_until:
        message = (
            "A change can't be backdated into a billed period. "
            f"Choose {limit.billed_until} or a later date."
        )
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, path)


def summary(held_entity: HeldEntity, to: Status) -> str:
    """What a deferred action will do, for example `Close Mobile of Hana Suzuki (A-1026)`."""
    is_asset = held_entity.is_offer or held_entity.is_service
    return change_summary(
        to,
        account_name=held_entity.account_name,
        account_number=held_entity.account_number,
        asset_name=held_entity.name if is_asset else None,
    )
