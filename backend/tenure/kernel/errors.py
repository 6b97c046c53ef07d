"""The ways in which work can be refused. No HTTP and no GraphQL in here: the edges translate."""

from collections.abc import Sequence
from enum import StrEnum


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
        super().__init__(message)
        self.code = code
        self.message = message
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
