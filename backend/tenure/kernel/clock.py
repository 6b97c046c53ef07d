"""The only room where time is read: real time, and the business clock that an admin may set (rules 1)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones


def real_now() -> datetime:
    """This instant in UTC, for tokens, sessions and locks. The business asks its unit instead."""
    return datetime.now(UTC)


def is_time_zone(name: str) -> bool:
    """True for a name of the IANA time zone database."""
    return name in available_timezones()


def business_day(instant: datetime, time_zone: str) -> date:
    """The business day that `instant` falls on."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def start_of(day: date, time_zone: str) -> datetime:
    """00:00 of a business day, as an instant in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
