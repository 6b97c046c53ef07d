"""Global ids: opaque to the caller, the name of the type and the key of the row to us (Relay)."""

from strawberry import UNSET
from strawberry.relay import from_base64, to_base64

LARGEST = 2**63 - 1
# Keys begin at 1.
NO_ROW = 0


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
    """The key that a verb is given. An id of another type names no row, and the verb says so: NOT_FOUND."""
    return key_in(value, *kinds) or NO_ROW
