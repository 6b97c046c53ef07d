"""The form of the values of an audit entry, which never contain a secret."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from tenure.kernel.money import decimal_text

# Each changed field by its Python name, with its values before and after.
Changes: TypeAlias = Mapping[str, tuple[object, object]]
# Values of a summary by their Python names.
SummaryValues: TypeAlias = Mapping[str, object]
# Fields whose values must not be stored, whatever their names begin with.
SECRETS = ("password", "secret", "digest", "hash", "cookie")


def named_values(values: Changes | SummaryValues | None) -> dict[str, object] | None:
    """The values with the names and forms of the API; None if empty.

    Raises ValueError for a secret.
    """
    secret = next((name for name in values or () if name.endswith(SECRETS)), None)
    if secret is not None:
        raise ValueError(f"{secret} is a secret. Name it in the summary, without its value.")
    named = {_field_name(name): _json_value(value) for name, value in (values or {}).items()}
    return named or None


def _field_name(name: str) -> str:
    """`payment_term_days` is `paymentTermDays` in the API."""
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, (list, tuple)):
        return [_json_value(item) for item in value]
    return value
