"""What plug-ins may amend of a status change (rules 9)."""

from dataclasses import replace

from tenure.assets.rules import checked_login
from tenure.holds.models import Status
from tenure.holds.rules import HeldEntity
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.policies.rules import Amendment, StatusChange


def accepts_login(held_entity: HeldEntity, to: Status) -> bool:
    """True where the change may set a login: a service that is closed, or that is reopened."""
    reopens = to is Status.ACTIVE and held_entity.status is Status.CLOSED
    return held_entity.is_service and (to is Status.CLOSED or reopens)


def prepared_change(
    held_entity: HeldEntity, change: StatusChange, amendment: Amendment
) -> StatusChange:
    """The change with the plug-ins' amendment.

    Raises NOT_ALLOWED where the change accepts no login. Text and login are checked as user input.
    """
    if amendment.login is not None and not accepts_login(held_entity, change.to):
        message = (
            f"A plug-in set a login for {held_entity.label}. "
            "Only a service that is closed or reopened can have its login set."
        )
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("status",))
    return replace(
        change,
        reason=optional_text(amendment.reason, path="reason", longest=LARGEST_NOTE)
        or change.reason,
        note=optional_text(amendment.note, path="note", longest=LARGEST_NOTE) or change.note,
        login=checked_login(amendment.login) or change.login,
    )
