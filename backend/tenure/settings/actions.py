"""Changes the business settings and the business clock, for all processes at once."""

from datetime import UTC, datetime
from typing import TypedDict, Unpack

from sqlalchemy import select

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction
from tenure.kernel.actor import Role
from tenure.kernel.clock import is_time_zone
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.text import optional_text
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version
from tenure.settings.models import BusinessRow
from tenure.settings.queries import settings_of

MAX_DAYS = 365
MAX_PREFIX_LENGTH = 64
# Payment terms, time zones and billing cycles reach beyond the clock; dates end with the year 9999.
CLOCK_END = datetime(9900, 1, 1, tzinfo=UTC)


class SettingChanges(TypedDict, total=False):
    """The settings that can be changed. A missing key leaves its setting unchanged."""

    time_zone: str | None
    allow_active_service_with_inactive_account: bool | None
    change_start_time_on_activation: bool | None
    closed_login_prefix: str | None
    inactivate_after_days_past_due: int | None
    payment_term_days: int | None


async def update_settings(
    unit: Unit, *, expected_version: int | None = None, **changes: Unpack[SettingChanges]
) -> None:
    """Changes the given settings. Raises CONFLICT, REQUIRED, INVALID or OUT_OF_RANGE."""
    unit.require(Role.ADMIN)
    row = await _locked_row(unit)
    check_version(row.version, expected_version)
    values = {name: _checked(name, value) for name, value in changes.items()}
    changed = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if not changed:
        return
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    row.version += 1
    names = ", ".join(name.replace("_", " ") for name in changed)
    await record_audit(unit, AuditAction.SETTINGS_CHANGED, f"Changed {names}.", changed)


async def set_clock(unit: Unit, *, now: datetime | None) -> None:
    """Sets the business clock to a later time, or with None to real time, even if that is earlier.

    Raises NOT_ALLOWED or OUT_OF_RANGE.
    """
    unit.require(Role.ADMIN)
    if not settings_of(unit).clock_settable:
        message = "Start the server with TENURE_CLOCK=settable to set the clock."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("now",))
    row = await _locked_row(unit)
    if now is not None and now < unit.now:
        message = f"Provide a time after the current one, {unit.now:%Y-%m-%d %H:%M:%S} UTC."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("now",))
    if now is not None and now >= CLOCK_END:
        message = f"Provide a time before the year {CLOCK_END.year}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("now",))
    before, row.clock_set_to = row.clock_set_to, now
    unit.wakes_workers = True
    to = "real time" if now is None else f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    summary = f"Set the business clock to {to}."
    await record_audit(unit, AuditAction.CLOCK_SET, summary, {"clock": (before, now)})


async def _locked_row(unit: Unit) -> BusinessRow:
    statement = for_no_key_update(select(BusinessRow)).execution_options(populate_existing=True)
    return (await unit.session.execute(statement)).scalar_one()


def _checked(name: str, value: object) -> object:
    if name == "closed_login_prefix":
        text = None if value is None else str(value)
        return optional_text(text, path=name, longest=MAX_PREFIX_LENGTH)
    if value is None:
        raise TenureError(ErrorCode.REQUIRED, "Provide a value for this setting.", (name,))
    if name == "time_zone" and not is_time_zone(str(value)):
        message = "Provide the IANA name of a time zone, for example Europe/Vienna."
        raise TenureError(ErrorCode.INVALID, message, (name,))
    is_days = isinstance(value, int) and not isinstance(value, bool)
    if is_days and value not in range(MAX_DAYS + 1):
        message = f"Provide a number of days from 0 to {MAX_DAYS}."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (name,))
    return value
