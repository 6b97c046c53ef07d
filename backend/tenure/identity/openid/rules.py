"""What the claims of a provider say about a user: subject, verified e-mail address, role.

The claims are those of a validated ID token, and of the userinfo endpoint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tenure.kernel.actor import Role

LONGEST_SUBJECT = 255


class RefusalReason(StrEnum):
    """Why a sign-in was refused. The page has a text for each, by its value in the URL."""

    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PROVIDER = "provider"
    INVALID = "invalid"
    EMAIL = "email"
    ROLE = "role"
    UNKNOWN = "unknown"
    DISABLED = "disabled"
    LINKED = "linked"
    LAST_ADMIN = "last-admin"
    ATTEMPTS = "attempts"


class SignInRefusedError(Exception):
    """The sign-in is refused. The detail is for the log and contains no personal data."""

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """A user as the provider describes them.

    `email` is None unless the provider has verified it. `role` is None if roles are not taken from
    a claim; `default_role` is that of a user who does not exist yet, and None refuses such users.
    """

    issuer: str
    subject: str
    email: str | None
    name: str | None
    role: Role | None
    default_role: Role | None


@dataclass(frozen=True, slots=True)
class RoleMapping:
    """The roles of the values of a claim, and that of users without such a value."""

    claim: str
    roles: Mapping[str, Role]
    default: Role | None


def provider_user(issuer: str, claims: Mapping[str, object], mapping: RoleMapping) -> ProviderUser:
    """The user of these claims. Raises SignInRefusedError (INVALID, ROLE)."""
    subject, name = claims.get("sub"), claims.get("name")
    if not isinstance(subject, str) or not is_subject(subject):
        detail = f"the claim sub is not 1 to {LONGEST_SUBJECT} ASCII characters"
        raise SignInRefusedError(RefusalReason.INVALID, detail)
    return ProviderUser(
        issuer=issuer,
        subject=subject,
        email=verified_email(claims),
        name=name if isinstance(name, str) and name.strip() else None,
        role=role_of(claims, mapping) if mapping.claim else None,
        default_role=mapping.default,
    )


def is_subject(text: str) -> bool:
    """True for a subject identifier (OpenID Connect Core 1.0, section 2)."""
    return 0 < len(text) <= LONGEST_SUBJECT and text.isascii() and text.isprintable()


def verified_email(claims: Mapping[str, object]) -> str | None:
    """The e-mail address, if the provider says that it belongs to the user.

    Some providers send the boolean as text.
    """
    email, verified = claims.get("email"), claims.get("email_verified")
    is_verified = verified is True or verified == "true"
    return email if is_verified and isinstance(email, str) else None


def role_of(claims: Mapping[str, object], mapping: RoleMapping) -> Role:
    """The highest role of the values of the claim, otherwise the default.

    Raises SignInRefusedError (ROLE) without one.
    """
    value = claim(claims, mapping.claim)
    values = value if isinstance(value, list) else [value]
    found = [mapping.roles[it] for it in values if isinstance(it, str) and it in mapping.roles]
    if found:
        return max(found, key=list(Role).index)
    if mapping.default is None:
        raise SignInRefusedError(RefusalReason.ROLE, f"no role for the values of {mapping.claim}")
    return mapping.default


def claim(claims: Mapping[str, object], name: str) -> object:
    """The claim of this name, or at this path, such as `realm_access.roles`; None if missing.

    The name itself comes first, because names of claims can be URLs.
    """
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
