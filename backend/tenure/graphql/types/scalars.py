"""The scalars of the contract: exact decimals, instants in UTC, business dates, and JSON."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

# RFC 3339, as `datetime.fromisoformat` would also take times without a zone, week dates and other shapes.
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
LONGEST_NUMBER = 40


def plain(value: Decimal) -> str:
    """Digits and at most a point: neither an exponent nor zeros that say nothing."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0") else text


def decimal_from(value: object) -> Decimal:
    """A decimal from text, or from a whole number. A float is refused: it is not exact."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        raise ValueError('Give a decimal number as text, for example "29.85".')
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError('Give a decimal number as text, for example "29.85".') from None


def rfc3339(value: datetime) -> str:
    """The instant in UTC, with `Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant_from(value: object) -> datetime:
    """An instant in UTC, of any zone that is named."""
    try:
        if isinstance(value, str) and INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        'Give an instant with its zone (RFC 3339), for example "2026-11-01T00:00:00Z".'
    )


def day_from(value: object) -> date:
    """A date of the calendar."""
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError('Give a date, for example "2026-11-01".')


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as text, without an exponent: "29.85".',
        serialize=plain,
        parse_value=decimal_from,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description='An instant in UTC (RFC 3339): "2026-11-01T00:00:00Z".',
        serialize=rfc3339,
        parse_value=instant_from,
    ),
    date: strawberry.scalar(
        name="Date",
        description='A business date, in the business time zone: "2026-11-01".',
        serialize=date.isoformat,
        parse_value=day_from,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
