"""What a login may be (rules 3)."""

from tenure.kernel.text import optional_text

LONGEST_LOGIN = 255


def checked_login(value: str | None, *, path: str = "login") -> str | None:
    """The login, or None for a service without one. Raises OUT_OF_RANGE past 255 characters, INVALID for control ones."""
    return optional_text(value, path=path, longest=LONGEST_LOGIN)
