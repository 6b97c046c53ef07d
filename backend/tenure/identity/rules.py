"""Checks of e-mail addresses, passwords and names; generation and hashing of secrets."""

import ipaddress
import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from hashlib import sha256
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from tenure.kernel.email_addresses import check_email_address
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import key_of, required_text

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
LONGEST_DAYS = 3650
DEFAULT_TOKEN_DAYS = 365
TOKEN_PREFIX = "tenure_"
# The number of characters of the secret of a token that are stored and shown.
SHOWN_CHARACTERS = len(TOKEN_PREFIX) + 4

SESSION_LIFETIME = timedelta(hours=12)
SESSION_IDLE_LIMIT = timedelta(hours=2)
# From the start of a session until its row is deleted.
SESSION_RETENTION = timedelta(days=30)
# The last use of a session or token is stored at most once in this time.
LAST_USE_PRECISION = timedelta(minutes=1)

FAILURE_WINDOW = timedelta(minutes=5)
FAILURES_BY_ADDRESS_AND_EMAIL = 10
FAILURES_BY_ADDRESS = 100
# The audit entries of refused sign-ins as one user, or as nobody, in a window.
REFUSALS_PER_WINDOW = 20
# A longer wait is told in minutes.
LONGEST_IN_SECONDS = 90
# An IPv6 customer usually controls a /64.
IPV6_CLIENT_PREFIX = 64

# The names of actors of Tenure itself. No API client may have one of them.
OWN_NAMES = {"tenure", "scheduler", "worker", "import", "demo"}


class CredentialKind(StrEnum):
    """The kind of a credential."""

    SESSION = "SESSION"
    TOKEN = "TOKEN"


@dataclass(frozen=True, slots=True)
class Credential:
    """A session or a token, by the digest of its secret."""

    kind: CredentialKind
    digest: str

    def __hash__(self) -> int:
        """That of the digest: the hash of a member of an enum is computed each time."""
        return hash(self.digest)


@dataclass(frozen=True, slots=True)
class AttemptKey:
    """A key by which failed sign-ins are counted, and how many are allowed in the window."""

    digest: str
    allowed: int


def attempt_keys(address: str, email: str) -> tuple[AttemptKey, ...]:
    """The keys of one sign-in: address with e-mail, and, with a higher limit, the address alone."""
    both = f"{client_network(address)} {key_of(email.strip())}"
    return AttemptKey(digest_of(both), FAILURES_BY_ADDRESS_AND_EMAIL), address_key(address)


def address_key(address: str) -> AttemptKey:
    """The key of the address alone."""
    return AttemptKey(digest_of(client_network(address)), FAILURES_BY_ADDRESS)


def password_key(email: str) -> AttemptKey:
    """The key of attempts to change one's own password."""
    return AttemptKey(digest_of(f"password {email}"), FAILURES_BY_ADDRESS_AND_EMAIL)


def refusal_keys(address: str, email: str | None) -> tuple[str, str]:
    """The keys of refused sign-ins as this user, or as nobody: from the address, and from all."""
    user = email or "nobody"
    return digest_of(f"refused {client_network(address)} {user}"), digest_of(f"refused {user}")


def shortened_address(email: str) -> str:
    """An address that is no user's, for the audit log. It may be a mistyped password."""
    name, at, domain = key_of(email.strip()).rpartition("@")
    return f"{name[:2]}…@{domain}" if at else f"{domain[:2]}…"


def client_network(address: str) -> str:
    """The address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed), IPV6_CLIENT_PREFIX), strict=False))
    return address


def session_is_live(created_at: datetime, last_used_at: datetime, now: datetime) -> bool:
    """False after 12 hours, and after 2 hours without use (rules 10)."""
    return now < created_at + SESSION_LIFETIME and now < last_used_at + SESSION_IDLE_LIMIT


def whole_seconds(remaining: timedelta) -> int:
    """At least one, rounded up."""
    return max(1, ceil(remaining.total_seconds()))


def use_is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """True if the last use is to be stored again."""
    return last_used_at is None or now - last_used_at >= LAST_USE_PRECISION


def email_key(email: str) -> str:
    """The stored, casefolded address. Raises REQUIRED, INVALID and OUT_OF_RANGE."""
    key = key_of(required_text(email, path="email"))
    check_email_address(key)
    return required_text(key, path="email")


def client_name(name: str) -> str:
    """The name of an API client. Raises INVALID for a name that a user or Tenure can have."""
    checked = required_text(name, path="name")
    if "@" in checked or key_of(checked) in OWN_NAMES:
        raise TenureError(
            ErrorCode.INVALID,
            "Users and Tenure itself have such names. Provide another one.",
            ("name",),
        )
    return checked


def checked_password(password: str, *, path: str = "password") -> str:
    """The password itself. Raises OUT_OF_RANGE."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"Provide a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, (path,))
    return password


def token_expiry(now: datetime, days: int | None) -> datetime | None:
    """When a token expires; by default after 365 days, with 0 never. Raises OUT_OF_RANGE."""
    given = DEFAULT_TOKEN_DAYS if days is None else days
    if not 0 <= given <= LONGEST_DAYS:
        message = f"Provide 1 to {LONGEST_DAYS} days, or 0 for a token that does not expire."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("days",))
    return now + timedelta(days=given) if given else None


def new_password() -> str:
    """A generated password of 108 bits."""
    return secrets.token_urlsafe(14)


def new_secret() -> str:
    """The secret of a token. Its prefix is recognized by scanners for leaked secrets."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_session_secret() -> str:
    """256 random bits for a session cookie."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """The stored digest of a secret. Secrets are random, so a fast hash is sufficient."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def hash_of(password: str) -> str:
    """The stored hash of a password (Argon2id)."""
    return PasswordHasher().hash(password.encode(errors="surrogatepass"))


def matches(password: str, password_hash: str | None) -> bool:
    """True for the password of this hash.

    Without a hash it takes as long, so that the duration does not reveal which users exist.
    """
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        PasswordHasher().verify(
            password_hash or unknown_users_hash(), password.encode(errors="surrogatepass")
        )
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def unknown_users_hash() -> str:
    """A hash that no password matches: its digest is random.

    It is not computed, because that would take 64 MiB at the start of each web server.
    """
    hasher = PasswordHasher()
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


class TooManyAttemptsError(Exception):
    """Sign-ins are refused for so many seconds."""

    def __init__(self, seconds: int) -> None:
        if seconds > LONGEST_IN_SECONDS:
            minutes = ceil(seconds / 60)
            message = f"Too many failed tries. Try again in {minutes} minutes."
        else:
            message = f"Too many failed tries. Try again in {seconds} seconds."
        super().__init__(message)
        self.seconds = seconds
