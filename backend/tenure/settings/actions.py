"""Changing the business settings and the business clock. Both take effect at once, in every process."""

from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from tenure.kernel.actor import Role
from tenure.kernel.business import BusinessChange, BusinessRow
from tenure.kernel.clock import is_time_zone, real_now
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import optional_text
from tenure.kernel.unit import Unit

LONGEST_TERM_OF_PAYMENT = 365
NOT_NULL = "This setting cannot be empty."


class SettingChanges(TypedDict, total=False):
    """The settings that can be changed; a key that is left out stays as it is."""

    time_zone: str | None
    allow_active_service_with_inactive_account: bool | None
    change_start_time_on_activation: bool | None
    closed_login_prefix: str | None
    inactivate_after_days_past_due: int | None
    payment_term_days: int | None


# Time zones, payment terms and billing cycles reach beyond the clock, and dates end with the year 9999.
CLOCK_END = datetime(9900, 1, 1, tzinfo=UTC)


async def update_settings(unit: Unit, **changes: Unpack[SettingChanges]) -> None:
    """Change what is given. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    unit.require(Role.ADMIN)
    row = await _row(unit)
    values = {name: _checked(name, value) for name, value in changes.items()}
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    await _keep(unit, changed)


async def set_clock(unit: Unit, *, now: datetime | None, settable: bool = True) -> None:
    """Set the business clock forward, or give it back to real time with None. Raises NOT_ALLOWED or OUT_OF_RANGE.

    Giving it back is the one step that may lead backwards: there is no other way to real time.
    """
    unit.require(Role.ADMIN)
    if not settable:
        words = "The clock can be set only where the server was started with TENURE_CLOCK=settable."
        raise TenureError(ErrorCode.NOT_ALLOWED, words, ("now",))
    row = await _row(unit)
    if now is not None and now < unit.now:
        words = f"The clock goes forward only: it is {unit.now:%Y-%m-%d %H:%M:%S} UTC already."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("now",))
    if now is not None and now >= CLOCK_END:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, f"The clock goes to the year {CLOCK_END.year - 1}.", ("now",)
        )
    row.clock_set_to = now
    unit.wakes_workers = True
    await _keep(unit, {"clock_set_to": now and now.isoformat()})


async def _row(unit: Unit) -> BusinessRow:
    statement = select(BusinessRow).with_for_update().execution_options(populate_existing=True)
    return (await unit.session.execute(statement)).scalar_one()


async def _keep(unit: Unit, values: dict[str, Any]) -> None:
    if values:
        unit.session.add(BusinessChange(at=real_now(), actor=unit.actor.name, values=values))
    await unit.session.flush()


def _checked(name: str, value: object) -> object:
    if name == "closed_login_prefix":
        return optional_text(None if value is None else str(value), path=name, longest=64)
    if value is None:
        raise TenureError(ErrorCode.REQUIRED, NOT_NULL, (name,))
    if name == "time_zone" and not is_time_zone(str(value)):
        raise TenureError(
            ErrorCode.INVALID, "Give a time zone by its IANA name, as Europe/Vienna.", (name,)
        )
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and not 0 <= value <= LONGEST_TERM_OF_PAYMENT
    ):
        words = f"Give a number of days from 0 to {LONGEST_TERM_OF_PAYMENT}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, (name,))
    return value
