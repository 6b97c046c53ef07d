"""What a login may be (rules 3)."""

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import login_key, optional_text

LONGEST_LOGIN = 255
# An index entry of PostgreSQL holds up to 2,700 bytes; the prefix of a closed login needs some of them.
LARGEST_LOGIN_KEY = 1500


def checked_login(value: str | None, *, path: str = "login") -> str | None:
    """The login, or None for a service without one. Raises INVALID (empty, control characters), OUT_OF_RANGE (too long)."""
    if value is None:
        return None
    login = optional_text(value, path=path, longest=LONGEST_LOGIN)
    if login is None or not login_key(login):
        words = "A login has at least one visible character; leave it out for a service without a login."
        raise TenureError(ErrorCode.INVALID, words, (path,))
    if len(login_key(login).encode()) > LARGEST_LOGIN_KEY:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE,
            "Give a shorter login: some of its characters stand for many.",
            (path,),
        )
    return login


def exact_key(kind: str, login: str) -> str:
    """The `login_key` of a service whose login became ambiguous when migration 0012 folded existing logins.

    Such a service is found by its kind and login spelled exactly as they are stored. No folded key has this character.
    """
    return f"\x1f{kind.strip()}\x1f{login.strip()}"
