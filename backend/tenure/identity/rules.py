"""What an e-mail address, a password, a name and a secret must be like, and how secrets are kept: never as they are."""

import re
import secrets
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import key_of, required_text

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
LONGEST_DAYS = 3650
TOKEN_PREFIX = "tenure_"

# The names under which the program itself acts: nobody else may sign an event with one of them.
OWN_NAMES = {"tenure", "scheduler", "worker", "import", "demo"}

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def email_key(email: str) -> str:
    """The address as it is kept and compared: casefolded. Raises REQUIRED, INVALID and OUT_OF_RANGE."""
    key = key_of(required_text(email, path="email"))
    if not EMAIL.fullmatch(key):
        raise TenureError(ErrorCode.INVALID, "Give an e-mail address, like ana@example.com.", ("email",))
    return required_text(key, path="email")


def client_name(name: str) -> str:
    """The name of a partner system. Raises INVALID for one that a person or the program itself could act under."""
    kept = required_text(name, path="name")
    if "@" in kept or key_of(kept) in OWN_NAMES:
        raise TenureError(ErrorCode.INVALID, "People and Tenure itself act under such a name: give another.", ("name",))
    return kept


def checked_password(password: str) -> str:
    """The password itself. Raises OUT_OF_RANGE."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"Give a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("password",))
    return password


def checked_days(days: int) -> int:
    """How long a token lives. Raises OUT_OF_RANGE."""
    if not 1 <= days <= LONGEST_DAYS:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Give 1 to {LONGEST_DAYS} days.", ("days",))
    return days


def new_password() -> str:
    """A password of 108 bits, for a person to keep in a password manager."""
    return secrets.token_urlsafe(14)


def new_secret() -> str:
    """A token's secret. The prefix lets scanners of leaked secrets know whose it is."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept of a token. The secret is random, so that one fast hash is enough."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def hash_of(password: str) -> str:
    """What is kept of a password: Argon2id."""
    return PasswordHasher().hash(password.encode(errors="surrogatepass"))


def matches(password: str, password_hash: str | None) -> bool:
    """True for the password of this hash. Without a hash it takes as long, so that nobody learns who has an account."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        PasswordHasher().verify(password_hash or _nobodys_hash(), password.encode(errors="surrogatepass"))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return hash_of(new_password())
