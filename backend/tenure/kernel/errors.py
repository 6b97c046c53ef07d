"""The errors of actions. The entry points translate them to HTTP, GraphQL or exit codes."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

# Format characters that change the order in which the text around them is shown.
REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str, *, layout: str = "") -> str:
    """The text with control characters, line breaks, lone surrogates and reordering marks escaped.

    Characters in `layout` stay. Every message, log line and cell with external text is passed
    through this function.
    """
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode()
        if character not in layout and _misleads(character)
        else character
        for character in text
    )


def _misleads(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in REORDERING


class ErrorCode(StrEnum):
    """Errors that the caller can correct; the values of `UserErrorCode` of the contract."""

    INVALID = "INVALID"
    REQUIRED = "REQUIRED"
    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    CONFLICT = "CONFLICT"
    TAKEN = "TAKEN"
    CYCLE = "CYCLE"
    CLOSED_IS_FINAL = "CLOSED_IS_FINAL"
    OUT_OF_RANGE = "OUT_OF_RANGE"


class TenureError(Exception):
    """A request that cannot be carried out. Nothing was changed.

    `path` names the invalid argument of the action (`name`, `defer_until`), outermost first.
    """

    def __init__(self, code: ErrorCode, message: str, path: Sequence[str | int] = ()) -> None:
        self.code = code
        self.message = printable(message)
        super().__init__(self.message)
        self.path = tuple(path)


class NotFoundError(TenureError):
    """No row has this id."""

    def __init__(self, what: str, path: Sequence[str | int]) -> None:
        super().__init__(ErrorCode.NOT_FOUND, f"There is no such {what}.", path)


class UnauthenticatedError(Exception):
    """The caller is not signed in."""


class ForbiddenError(Exception):
    """The role of the actor does not permit this."""


class ConfigurationError(Exception):
    """The configuration is invalid. The message says what to set."""
