"""Global ids (Relay): an opaque encoding of the type name and the primary key."""

from collections.abc import Mapping

from strawberry import UNSET
from strawberry.relay import from_base64, to_base64
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import MAPPINGS
from tenure.kernel.errors import ErrorCode, TenureError

MAX_KEY = 2**63 - 1
# Matches no row: primary keys start at 1.
NO_ROW = 0
# The accepted types of each input field that takes an id.
EXPECTED_TYPES = {
    "account_id": ("Account",),
    "asset_id": ("Service", "PurchasedOffer"),
    "bill_id": ("Bill",),
    "bill_unit_id": ("BillUnit",),
    "delivery_id": ("WebhookDelivery",),
    "dispute_id": ("Dispute",),
    "event_id": ("Event",),
    "ids": ("DeferredAction",),
    "item_id": ("BillItem",),
    "job_run_id": ("JobRun",),
    "parent_id": ("Account",),
    "paying_parent_id": ("BillUnit",),
    "payment_method_id": ("PaymentMethod",),
    "service_id": ("Service",),
    "token_id": ("Token",),
    "user_id": ("User",),
    "webhook_id": ("Webhook",),
}


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
    """Raises INVALID for the id of an object of another type than `kinds`."""
    message = type_mismatch(value, argument, kinds)
    if message is not None:
        raise TenureError(ErrorCode.INVALID, message, (argument,))


def type_mismatch(value: object, name: str, kinds: tuple[str, ...]) -> str | None:
    """The message for an id of another type; None for an expected type or an invalid id."""
    parsed = parse_global_id(value) if isinstance(value, str) else None
    if parsed is None or parsed[0] in kinds or parsed[0] not in MAPPINGS:
        return None
    expected = " or ".join(_with_article(kind) for kind in kinds)
    return f"{to_camel_case(name)} is {_with_article(parsed[0])}; expected {expected}."


def explain_not_found(error: TenureError, arguments: Mapping[str, object]) -> TenureError:
    """Turn NOT_FOUND into INVALID if the field at fault has an id of another type.

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
