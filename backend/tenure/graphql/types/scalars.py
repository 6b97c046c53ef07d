"""The scalars of the schema: Decimal, DateTime, Date and JSON."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from tenure.kernel.money import decimal_text

# RFC 3339. `datetime.fromisoformat` alone accepts other formats too, such as times without a zone.
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
MAX_NUMBER_LENGTH = 40


def parse_decimal(value: object) -> Decimal:
    """A decimal from a string or an integer. A float raises ValueError, because it is not exact."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > MAX_NUMBER_LENGTH or not NUMBER.fullmatch(text):
        raise ValueError('Provide a decimal number as a string, for example "29.85".')
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError('Provide a decimal number as a string, for example "29.85".') from None


def format_instant(value: datetime) -> str:
    """The instant in UTC, in RFC 3339 format with `Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_instant(value: object) -> datetime:
    """The instant in UTC, from RFC 3339 text with any offset."""
    try:
        if isinstance(value, str) and INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        'Provide a time with its offset (RFC 3339), for example "2026-11-01T00:00:00Z".'
    )


def parse_date(value: object) -> date:
    """A calendar date from ISO 8601 text."""
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('Provide a date, for example "2026-11-01".')


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number as a string without an exponent, for example "29.85".',
        serialize=decimal_text,
        parse_value=parse_decimal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description='A time in UTC (RFC 3339), for example "2026-11-01T00:00:00Z".',
        serialize=format_instant,
        parse_value=parse_instant,
    ),
    date: strawberry.scalar(
        name="Date",
        description='A date in the business time zone, for example "2026-11-01".',
        serialize=date.isoformat,
        parse_value=parse_date,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
