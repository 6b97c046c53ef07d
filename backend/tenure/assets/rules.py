"""Valid logins (rules 3)."""

from collections.abc import Collection
from typing import TypeAlias

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt, login_key, optional_text

LONGEST_LOGIN = 255
# A PostgreSQL index entry holds up to 2,700 bytes, including the prefix of a closed login.
LARGEST_LOGIN_KEY = 1500

# The kind of a service and its `login_key`: what is unique (rules 3.1).
LoginKey: TypeAlias = tuple[str, str]


def checked_login(value: str | None, *, path: str = "login") -> str | None:
    """The login, or None for a service without one.

    Raises INVALID (empty, control characters) or OUT_OF_RANGE (too long).
    """
    if value is None:
        return None
    login = optional_text(value, path=path, longest=LONGEST_LOGIN)
    if login is None or not login_key(login):
        message = "A login needs a visible character. Omit it for a service without a login."
        raise TenureError(ErrorCode.INVALID, message, (path,))
    if len(login_key(login).encode()) > LARGEST_LOGIN_KEY:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            "This login is too long once its characters are normalized. Use a shorter one.",
            (path,),
        )
    return login


def check_login_free(kind: str, login: str | None, in_use: Collection[LoginKey]) -> None:
    """Raises TAKEN where another service of this kind has the login (rules 3.1)."""
    if login is not None and (kind, login_key(login)) in in_use:
        message = f"The {kind} login {excerpt(login)} is taken."
        raise TenureError(ErrorCode.TAKEN, message, ("login",))


def exact_key(kind: str, login: str) -> str:
    """The `login_key` of a service whose login became ambiguous when migration 0011 folded logins.

    Such a service is found by its kind and login exactly as stored. No folded key contains \\x1f.
    """
    return f"\x1f{kind.strip()}\x1f{login.strip()}"
