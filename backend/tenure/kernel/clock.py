"""Real time and business days. No other module reads the time of the system (rules 1)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones


def real_now() -> datetime:
    """Real time in UTC, for tokens, sessions and locks. Business operations use `unit.now`."""
    return datetime.now(UTC)


def is_time_zone(name: str) -> bool:
    """True if the IANA time zone database has this name."""
    return name in available_timezones()


def business_day(instant: datetime, time_zone: str) -> date:
    """The business day that contains `instant`."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def start_of(day: date, time_zone: str) -> datetime:
    """The start of a business day (00:00 in the time zone), in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
