"""Global ids: opaque to the caller, the name of the type and the key of the row to us (Relay)."""

from collections.abc import Mapping

from strawberry import UNSET
from strawberry.relay import from_base64, to_base64
from strawberry.utils.str_converters import to_camel_case

from tenure.graphql.reads.mapping import MAPPINGS
from tenure.kernel.errors import ErrorCode, TenureError

LARGEST = 2**63 - 1
# Keys begin at 1.
NO_ROW = 0
# The types that an input field takes ids of.
EXPECTED = {
    "account_id": ("Account",),
    "asset_id": ("Service", "PurchasedOffer"),
    "bill_id": ("Bill",),
    "bill_unit_id": ("BillUnit",),
    "dispute_id": ("Dispute",),
    "event_id": ("Event",),
    "ids": ("DeferredAction",),
    "item_id": ("BillItem",),
    "job_run_id": ("JobRun",),
    "parent_id": ("Account",),
    "paying_parent_id": ("BillUnit",),
    "payment_method_id": ("PaymentMethod",),
    "service_id": ("Service",),
}


def global_id(kind: str, key: int) -> str:
    """The id by which the API calls a row."""
    return to_base64(kind, key)


def decoded(value: str) -> tuple[str, int] | None:
    """Type and key of a global id; None for anything that we have not made ourselves."""
    try:
        kind, text = from_base64(value)
        key = int(text)
    except ValueError:
        return None
    return (kind, key) if 0 < key <= LARGEST and global_id(kind, key) == value else None


def key_in(value: str | None, *kinds: str) -> int | None:
    """The key in an id of one of these types; None for no id or for another one."""
    found = decoded(value) if isinstance(value, str) else None
    return found[1] if found and found[0] in kinds else None


def key_or_none(value: str | None, kind: str) -> int | None:
    """For an id that may be left out or null: None then, and 0 where it is no id of this type."""
    return None if value is None or value is UNSET else key_in(value, kind) or NO_ROW


def key_of(value: str, *kinds: str) -> int:
    """The key that a verb is given. An id of another type names no row: NOT_FOUND, which `explained` makes precise."""
    return key_in(value, *kinds) or NO_ROW


def expected_key(value: str, argument: str, *kinds: str) -> int:
    """The key that an argument names; an id that is none names no row. Raises INVALID for an id of another type."""
    message = mismatch(value, argument, kinds)
    if message is not None:
        raise TenureError(ErrorCode.INVALID, message, (argument,))
    return key_of(value, *kinds)


def mismatch(value: object, name: str, kinds: tuple[str, ...]) -> str | None:
    """What is wrong with an id of another type; None for one of these types, and for what is no id at all."""
    found = decoded(value) if isinstance(value, str) else None
    if found is None or found[0] in kinds or found[0] not in MAPPINGS:
        return None
    expected = " or ".join(_with_article(kind) for kind in kinds)
    return f"{to_camel_case(name)} is {_with_article(found[0])}; expected {expected}."


def explained(error: TenureError, given: Mapping[str, object]) -> TenureError:
    """NOT_FOUND becomes INVALID where the field at fault has an id of another type.

    It is looked at after the fact, so that FORBIDDEN comes before what is wrong with the input.
    """
    if error.code is not ErrorCode.NOT_FOUND or not error.path:
        return error
    name, *place = error.path
    value = given.get(str(name))
    for step in place:
        value = value[step] if isinstance(value, list) and isinstance(step, int) else None
    message = mismatch(value, ".".join(str(it) for it in error.path), EXPECTED.get(str(name), ()))
    return error if message is None else TenureError(ErrorCode.INVALID, message, error.path)


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}"
