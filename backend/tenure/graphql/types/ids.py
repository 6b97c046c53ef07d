"""Global ids (Relay), an opaque encoding of the type name and the primary key, and natural keys.

A natural key is what people know an object by, with the type: `account:A-1042`. Global ids contain
no colon.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from strawberry import UNSET
from strawberry.relay import from_base64, to_base64
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import MAPPINGS
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt

MAX_KEY = 2**63 - 1
# Matches no row: primary keys start at 1.
NO_ROW = 0
# The accepted types of each input field that takes an id.
EXPECTED_TYPES = {
    "account_id": ("Account",),
    "account_ids": ("Account",),
    "asset_id": ("Service", "PurchasedOffer"),
    "bill_id": ("Bill",),
    "bill_unit_id": ("BillUnit",),
    "contact_id": ("Contact",),
    "delivery_id": ("WebhookDelivery",),
    "dispute_id": ("Dispute",),
    "event_id": ("Event",),
    "file_id": ("ImportFile",),
    "ids": ("DeferredAction",),
    "item_id": ("BillItem",),
    "job_run_id": ("JobRun",),
    "note_id": ("Note",),
    "parent_id": ("Account",),
    "paying_parent_id": ("BillUnit",),
    "payment_method_id": ("PaymentMethod",),
    "reason_id": ("StatusReason",),
    "retry_job_run_id": ("JobRun",),
    "service_id": ("Service",),
    "token_id": ("Token",),
    "user_id": ("User",),
    "webhook_id": ("Webhook",),
}

# The forms of natural keys, by their prefixes, with the types of the objects.
NATURAL_KEYS = {
    "account": ("Account", "account:NUMBER"),
    "bill": ("Bill", "bill:NUMBER"),
    "offer": ("Offer", "offer:CODE"),
    "service": ("Service", "service:KIND/LOGIN"),
}


@dataclass(frozen=True, slots=True)
class NaturalKey:
    """The type of an object and its number, code or login; of a login also the kind of service."""

    type_name: str
    text: str
    kind: str = ""


def natural_key(value: str) -> NaturalKey | None:
    """The natural key in an id; None if it is a global id or malformed."""
    prefix, _, text = value.partition(":")
    if prefix not in NATURAL_KEYS or not text.strip():
        return None
    type_name, _ = NATURAL_KEYS[prefix]
    if type_name != "Service":
        return NaturalKey(type_name, text)
    kind, _, login = text.partition("/")
    return NaturalKey(type_name, login, kind) if kind.strip() and login.strip() else None


def global_id(kind: str, key: int) -> str:
    """The global id of a row."""
    return to_base64(kind, key)


def parse_global_id(value: str) -> tuple[str, int] | None:
    """Type name and key of a global id; None if it is not a valid one."""
    try:
        kind, text = from_base64(value)
        key = int(text)
    except ValueError:
        return None
    return (kind, key) if 0 < key <= MAX_KEY and global_id(kind, key) == value else None


def key_in(value: str | None, *kinds: str) -> int | None:
    """The key of an id of one of these types; None for any other value."""
    parsed = parse_global_id(value) if isinstance(value, str) else None
    return parsed[1] if parsed and parsed[0] in kinds else None


def optional_key(value: str | None, kind: str) -> int | None:
    """The key of an optional id: None if it is omitted or null, NO_ROW if the type is wrong."""
    return None if value is None or value is UNSET else key_in(value, kind) or NO_ROW


def key_of(value: str, *kinds: str) -> int:
    """The key to pass to an action. NO_ROW for an id of another type.

    The action then raises NOT_FOUND, which `explain_not_found` makes more precise.
    """
    return key_in(value, *kinds) or NO_ROW


def expected_key(value: str, argument: str, *kinds: str) -> int:
    """The key of an argument, NO_ROW if it is no valid id. Raises INVALID for another type."""
    check_type(value, argument, *kinds)
    return key_of(value, *kinds)


def check_type(value: object, argument: str, *kinds: str) -> None:
    """Raises INVALID for a malformed natural key, or an object of another type than `kinds`."""
    message = type_mismatch(value, argument, kinds)
    if message is not None:
        raise TenureError(ErrorCode.INVALID, message, (argument,))


def type_mismatch(value: object, name: str, kinds: tuple[str, ...]) -> str | None:
    """The message for an id of another type or a malformed natural key; else None."""
    if not isinstance(value, str):
        return None
    malformed = malformed_key(value, name)
    if malformed is not None:
        return malformed
    given = type_of(value)
    if given is None or given in kinds or given not in MAPPINGS:
        return None
    expected = " or ".join(_with_article(kind) for kind in kinds)
    return f"{to_camel_case(name)} is {_with_article(given)}; expected {expected}."


def check_key(value: str, argument: str) -> None:
    """Raises INVALID for a malformed natural key."""
    message = malformed_key(value, argument)
    if message is not None:
        raise TenureError(ErrorCode.INVALID, message, (argument,))


def malformed_key(value: str, name: str) -> str | None:
    """The message for a malformed natural key; None for any other id."""
    if ":" not in value or natural_key(value) is not None:
        return None
    *most, last = (form for _, form in NATURAL_KEYS.values())
    forms = f"{', '.join(most)} or {last}"
    return f"{to_camel_case(name)}: {excerpt(value)} is no key. Use a global id, {forms}."


def type_of(value: str) -> str | None:
    """The name of the type in a global id or natural key; None if it is neither."""
    natural = natural_key(value)
    if natural is not None:
        return natural.type_name
    parsed = parse_global_id(value)
    return parsed[0] if parsed else None


def explain_not_found(error: TenureError, arguments: Mapping[str, object]) -> TenureError:
    """Turn NOT_FOUND into INVALID if the field has an id of another type or a malformed key.

    The type is checked after the action ran, so that FORBIDDEN precedes errors of the input.
    """
    if error.code is not ErrorCode.NOT_FOUND or not error.path:
        return error
    name, *indexes = error.path
    value = arguments.get(str(name))
    for step in indexes:
        value = value[step] if isinstance(value, list) and isinstance(step, int) else None
    field = ".".join(str(part) for part in error.path)
    message = type_mismatch(value, field, EXPECTED_TYPES.get(str(name), ()))
    return error if message is None else TenureError(ErrorCode.INVALID, message, error.path)


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}"
