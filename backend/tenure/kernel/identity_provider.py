"""The settings TENURE_OIDC_…: the OpenID Connect provider by which users of a company sign in."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tenure.kernel.actor import Role
from tenure.kernel.errors import ConfigurationError, printable
from tenure.kernel.origins import origin_of

DEFAULT_SCOPES = "openid email profile"
# A provider on this machine, for tests and demonstrations, needs no TLS.
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The settings as the operator wrote them; empty if not set."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    name: str = ""
    scopes: str = DEFAULT_SCOPES
    role_claim: str = ""
    roles: str = ""
    default_role: str = ""


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """A provider, as registered for this installation.

    `roles` maps values of the claim `role_claim` to roles. Without them, roles are those that an
    ADMIN gave. `default_role` is the role of users without such a value, and of new users; if it is
    None, these are refused.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: str
    role_claim: str
    roles: dict[str, Role]
    default_role: Role | None
    redirect_uri: str
    post_logout_redirect_uri: str


def identity_provider_of(given: OidcSettings, public_url: str) -> IdentityProvider | None:
    """The provider, or None if none is set. Raises ConfigurationError."""
    if not given.issuer:
        if given != OidcSettings():
            raise ConfigurationError("TENURE_OIDC_ISSUER must be set with the other TENURE_OIDC_….")
        return None
    _check_issuer(given.issuer)
    if not given.client_id:
        raise ConfigurationError("TENURE_OIDC_CLIENT_ID must be set with TENURE_OIDC_ISSUER.")
    if not public_url:
        raise ConfigurationError(
            "TENURE_PUBLIC_URL must be set with TENURE_OIDC_ISSUER: the provider sends users back "
            "to its path /auth/oidc/callback."
        )
    if "openid" not in given.scopes.split():
        raise ConfigurationError(
            f"TENURE_OIDC_SCOPES must contain openid, like {DEFAULT_SCOPES!r}."
        )
    if bool(given.role_claim) != bool(given.roles):
        raise ConfigurationError("Set both of TENURE_OIDC_ROLE_CLAIM and TENURE_OIDC_ROLES.")
    return IdentityProvider(
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=given.client_secret,
        name=given.name or urlsplit(given.issuer).hostname or given.issuer,
        scopes=given.scopes,
        role_claim=given.role_claim,
        roles=_roles_of(given.roles),
        default_role=Role(given.default_role) if given.default_role else None,
        redirect_uri=f"{public_url}/auth/oidc/callback",
        post_logout_redirect_uri=f"{public_url}/sign-in",
    )


def is_protected(url: str) -> bool:
    """True for an https URL, and for an http URL of this machine."""
    origin = origin_of(url)
    return origin is not None and (origin.scheme == "https" or origin.host in LOOPBACK_HOSTS)


def _check_issuer(issuer: str) -> None:
    if is_protected(issuer) and not any(mark in issuer for mark in "?#"):
        return
    raise ConfigurationError(
        f"TENURE_OIDC_ISSUER is {printable(issuer[:100])!r}: it must be https://HOST, with a port "
        "and a path where there are any, as the provider writes it."
    )


def _roles_of(setting: str) -> dict[str, Role]:
    """The mapping of TENURE_OIDC_ROLES. Raises ConfigurationError."""
    roles = {}
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        value, _, role = (part.strip() for part in entry.rpartition("="))
        if not value or role not in set(Role) or value in roles:
            raise ConfigurationError(
                f"TENURE_OIDC_ROLES has {printable(entry[:100])!r}: it must be VALUE=ROLE, "
                f"separated by commas, each value once. Roles are {', '.join(Role)}."
            )
        roles[value] = Role(role)
    return roles
