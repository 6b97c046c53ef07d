"""The ways in which work can be refused. No HTTP and no GraphQL in here: the edges translate."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum

# Format characters that change the order in which the text around them is shown.
REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str, *, layout: str = "") -> str:
    """The text with control characters, line breaks, lone surrogates and reordering marks escaped as in Python.

    What `layout` names is kept. Every message, log line and cell with text from outside passes through here.
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
    """What the caller can mend; the same words as `UserErrorCode` of the contract."""

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
    """The caller asked for something that cannot be done; nothing was changed.

    `path` names the argument at fault as the verb calls it (`name`, `defer_until`), outermost first.
    """

    def __init__(self, code: ErrorCode, message: str, path: Sequence[str | int] = ()) -> None:
        self.code = code
        self.message = printable(message)
        super().__init__(self.message)
        self.path = tuple(path)


class NotFoundError(TenureError):
    """There is nothing with this id."""

    def __init__(self, what: str, path: Sequence[str | int]) -> None:
        super().__init__(ErrorCode.NOT_FOUND, f"There is no such {what}.", path)


class UnauthenticatedError(Exception):
    """Nobody is signed in."""


class ForbiddenError(Exception):
    """The actor's role is not enough."""


class ConfigurationError(Exception):
    """The program was set up so that it cannot work; the message says what to set."""
