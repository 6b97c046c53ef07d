"""The form of the details of an audit entry, which never contain a secret."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

from tenure.kernel.money import decimal_text

# Each changed field by its Python name, with its values before and after.
Changes: TypeAlias = Mapping[str, tuple[object, object]]
# Fields whose values must not be stored, whatever their names begin with.
SECRETS = ("password", "secret", "digest", "hash", "cookie")


def details_of(changes: Changes | None) -> dict[str, list[object]] | None:
    """The details `{field: [before, after]}` with the field names of the API; None if empty.

    Raises ValueError for a field that is a secret.
    """
    secret = next((name for name in changes or () if name.endswith(SECRETS)), None)
    if secret is not None:
        raise ValueError(f"{secret} is a secret. Name it in the summary, without its value.")
    details = {
        _field_name(name): [_json_value(before), _json_value(after)]
        for name, (before, after) in (changes or {}).items()
    }
    return details or None


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
