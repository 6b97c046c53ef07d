"""What a request to change a status may say (rules 2.9 to 2.11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tenure.assets.rules import checked_login
from tenure.deferred.rules import check_future
from tenure.holds.models import BY_HAND, Cause, Status
from tenure.holds.rules import HeldEntity, lifted_by_activation
from tenure.kernel.clock import start_of
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.policies.rules import Amendment, StatusChange
from tenure.status.cascades.rules import HoldChange, Kind


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """A wish to change a status: now, in the past (`backdate_to`) or later (`defer_until`)."""

    to: Status
    reason: str | None = None
    note: str | None = None
    defer_until: datetime | None = None
    backdate_to: date | None = None
    reactivate_on: datetime | None = None
    login: str | None = None
    expected_version: int | None = None


def checked_request(request: StatusRequest, now: datetime) -> StatusRequest:
    """The request with the texts that are stored of it.

    Raises INVALID, OUT_OF_RANGE or CLOSED_IS_FINAL where the request contradicts itself or the calendar.
    """
    checked = replace(
        request,
        reason=optional_text(request.reason, path="reason", longest=LARGEST_NOTE),
        note=optional_text(request.note, path="note", longest=LARGEST_NOTE),
        login=checked_login(request.login),
    )
    if request.backdate_to is not None and request.defer_until is not None:
        raise TenureError(
            ErrorCode.INVALID, "A change is put off or backdated, not both.", ("backdate_to",)
        )
    if request.defer_until is not None:
        check_future(request.defer_until, now, path="defer_until")
    if request.reactivate_on is not None:
        _check_reactivation(request, request.reactivate_on, now)
    return checked


def _check_reactivation(request: StatusRequest, reactivate_on: datetime, now: datetime) -> None:
    path = ("reactivate_on",)
    if request.to is Status.CLOSED:
        words = "What is closed is not scheduled to come back: reopen it by hand when the time has come."
        raise TenureError(ErrorCode.CLOSED_IS_FINAL, words, path)
    if request.to is Status.ACTIVE:
        raise TenureError(ErrorCode.INVALID, "A reactivation goes with inactivating only.", path)
    if reactivate_on <= (request.defer_until or now):
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "The reactivation has to lie after the inactivation.", path
        )


def effective_instant(
    backdate_to: date,
    now: datetime,
    time_zone: str,
    *,
    created_at: datetime,
    status_changed_at: datetime,
    billed_until: date,
) -> datetime:
    """When a backdated change takes effect. Raises OUT_OF_RANGE for a date that it cannot reach (rules 2.11)."""
    try:
        effective = start_of(backdate_to, time_zone)
    except OverflowError:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "There is no such date in our calendar.", ("backdate_to",)
        ) from None
    if effective > now:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "A change cannot be backdated to the future.", ("backdate_to",)
        )
    if effective < max(created_at, status_changed_at):
        words = "A change cannot be backdated to before the creation, or before the last change of status."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("backdate_to",))
    if backdate_to < billed_until:
        words = f"A change cannot be backdated into a period that is billed: give {billed_until} or a later day."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("backdate_to",))
    return effective


def hold_change(kind: Kind, ids: list[int], to: Status, *, allow_active: bool) -> HoldChange:
    """The holds that setting a status by hand adds or lifts (rules 2.2)."""
    if to is Status.INACTIVE:
        return HoldChange(kind, ids, add_inactive=Cause.MANUAL)
    if to is Status.CLOSED:
        return HoldChange(kind, ids, add_closed=Cause.MANUAL)
    lifted = lifted_by_activation(is_service=kind is Kind.SERVICE, allow_active=allow_active)
    return HoldChange(kind, ids, lift_inactive=lifted, lift_closed=BY_HAND)


def summary(held_entity: HeldEntity, to: Status) -> str:
    """What a deferred action will do, in a sentence: Set account A-1007 to CLOSED."""
    name = f"{held_entity.label[0].lower()}{held_entity.label[1:]}"
    whose = (
        f" of account {held_entity.account_number}"
        if held_entity.is_offer or held_entity.is_service
        else ""
    )
    return f"Set {name}{whose} to {to}"


def may_have_login(held_entity: HeldEntity, to: Status) -> bool:
    """True where the change may bring a login: a service that is closed, or one that is reopened."""
    reopens = to is Status.ACTIVE and held_entity.status is Status.CLOSED
    return held_entity.is_service and (to is Status.CLOSED or reopens)


def prepared(held_entity: HeldEntity, change: StatusChange, amendment: Amendment) -> StatusChange:
    """The change as the plug-ins want it. Raises NOT_ALLOWED, and what a person's own words and login would raise."""
    if amendment.login is not None and not may_have_login(held_entity, change.to):
        words = f"A plug-in gave a login for {held_entity.label}, which is neither closed nor reopened as a service."
        raise TenureError(ErrorCode.NOT_ALLOWED, words, ("status",))
    return replace(
        change,
        reason=optional_text(amendment.reason, path="reason", longest=LARGEST_NOTE)
        or change.reason,
        note=optional_text(amendment.note, path="note", longest=LARGEST_NOTE) or change.note,
        login=checked_login(amendment.login) or change.login,
    )
