"""What the operator sets before the program starts: environment variables, or a `.env` file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from tenure.kernel import broker_url, database_url
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.identity_provider import (
    DEFAULT_SCOPES,
    IdentityProvider,
    OidcSettings,
    identity_provider_of,
)
from tenure.kernel.networks import Network, networks
from tenure.kernel.origins import allowed_origins, check_gateway_url, public_url_of
from tenure.kernel.secret_files import with_secret_files
from tenure.kernel.secret_key import checked_key, stored_key
from tenure.kernel.timeouts import Timeouts

# A request whose transaction is idle for so long belongs to a frozen server.
SECONDS_IDLE_IN_REQUEST = 60
# SQLite has one writer, and a chunk of a job may take seconds.
SECONDS_FOR_SQLITE_WRITER = 10

# Seconds. PostgreSQL takes its timeouts in milliseconds of 31 bits.
LONGEST_TIMEOUT = 3600
LARGEST_BUCKET = 1_000_000_000
DEFAULT_DATABASE = "sqlite:///tenure.db"


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """The payment gateway, its key, and its URL if it differs from the default.

    It is not called in a dry run.
    """

    name: str = "simulated"
    key: str = field(default="", repr=False)
    url: str = ""
    is_dry_run: bool = False


def _no_key() -> str:
    raise ConfigurationError("The runtime was opened without a secret key.")


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Whether webhooks may reach private addresses; `key` returns the key of their secrets.

    `key` raises ConfigurationError if none is set.
    """

    allow_private: bool = False
    key: Callable[[], str] = field(default=_no_key, repr=False)


class Settings(BaseSettings):
    """The settings of the operator. Entry points read them once and pass them as parameters.

    Secrets are excluded from `repr` and `str`, and validation errors do not contain their input,
    because both are logged. Each secret can be read from a file. Passwords become part of the URLs.
    `cli/running.py` reports invalid settings, one line each.
    """

    model_config = SettingsConfigDict(
        env_prefix="TENURE_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: str = Field(default=DEFAULT_DATABASE, repr=False)
    database_url_file: str = ""
    database_password: str = Field(default="", repr=False)
    database_password_file: str = ""
    broker_url: str = Field(default="", repr=False)
    broker_url_file: str = ""
    broker_password: str = Field(default="", repr=False)
    broker_password_file: str = ""
    cache_url: str = Field(default="", repr=False)
    cache_url_file: str = ""
    broker_queue: str = Field(default="tenure", pattern=r"^[a-zA-Z_][a-zA-Z0-9._-]*$")
    secret_key: str = Field(default="", repr=False)
    secret_key_file: str = ""
    clock: Literal["real", "settable"] = "real"
    gateway: str = "simulated"
    gateway_key: str = Field(default="", repr=False)
    gateway_key_file: str = ""
    gateway_url: str = ""
    log: Literal["text", "json", ""] = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_client_secret_file: str = ""
    oidc_name: str = ""
    oidc_scopes: str = DEFAULT_SCOPES
    oidc_role_claim: str = ""
    oidc_roles: str = ""
    oidc_default_role: Literal["VIEWER", "AGENT", "MANAGER", "ADMIN", ""] = ""
    password_sign_in: bool = True
    allowed_origins: str = ""
    public_url: str = ""
    trusted_proxies: str = ""
    webhook_allow_private: bool = False
    # A job holds one connection for its transaction and needs a second one to claim work.
    pool_size: int = Field(default=10, ge=2)
    # Seconds that a web request waits, see `kernel.timeouts`.
    pool_timeout: float = Field(default=2, gt=0, le=LONGEST_TIMEOUT)
    lock_timeout: float = Field(default=3, gt=0, le=LONGEST_TIMEOUT)
    statement_timeout: float = Field(default=20, gt=0, le=LONGEST_TIMEOUT)
    # Seconds without a report after which a worker loses its transaction and others take over.
    worker_timeout: int = Field(default=30, ge=1, le=LONGEST_TIMEOUT)
    connections: int = Field(default=900, ge=10)
    connections_per_address: int = Field(default=200, ge=1)
    # Points of the bucket of each user and token; 0: no rate limits.
    rate_limit_points: int = Field(default=50_000, ge=0, le=LARGEST_BUCKET)
    # Points that a bucket regains in a second.
    rate_limit_restore: float = Field(default=1_000, gt=0, le=LARGEST_BUCKET)
    # The file of a manifest; only its operations are executed.
    operations: str = ""
    # Seconds that an operation of the API may take before it commits.
    operation_timeout: float = Field(default=30, gt=0, le=LONGEST_TIMEOUT)

    @model_validator(mode="before")
    @classmethod
    def _with_secrets(cls, values: dict[str, object]) -> dict[str, object]:
        """Reads the files of secrets, and inserts the passwords into the URLs."""
        found = with_secret_files(values)
        try:
            if password := found.get("database_password"):
                url = str(found.get("database_url") or DEFAULT_DATABASE)
                found["database_url"] = database_url.with_password(url, str(password))
            if password := found.get("broker_password"):
                url = str(found.get("broker_url") or "")
                found["broker_url"] = broker_url.with_password(url, str(password))
        except ConfigurationError as fault:
            raise ValueError(str(fault)) from None
        return found

    @field_validator("database_url", "broker_url", "cache_url")
    @classmethod
    def _can_be_read(cls, value: str, info: ValidationInfo) -> str:
        try:
            if info.field_name == "database_url":
                database_url.async_url(value)
            elif value and info.field_name == "cache_url":
                broker_url.check_cache_url(value)
            elif value:
                broker_url.check_broker_url(value)
        except ConfigurationError as fault:
            raise ValueError(str(fault)) from None
        return value

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str) -> str:
        return public_url_of(value)

    @field_validator("gateway_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        return check_gateway_url(value)

    @property
    def embedded(self) -> bool:
        """True if no broker is set: worker and scheduler then run inside `tenure serve`."""
        return not self.broker_url

    @property
    def payment_gateway(self) -> GatewaySettings:
        """The settings TENURE_GATEWAY…"""
        return GatewaySettings(self.gateway, self.gateway_key, self.gateway_url)

    @property
    def identity_provider(self) -> IdentityProvider | None:
        """The settings TENURE_OIDC_…. Raises ConfigurationError."""
        given = OidcSettings(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            name=self.oidc_name,
            scopes=self.oidc_scopes,
            role_claim=self.oidc_role_claim,
            roles=self.oidc_roles,
            default_role=self.oidc_default_role,
        )
        provider = identity_provider_of(given, self.public_url)
        if provider is None and not self.password_sign_in:
            raise ConfigurationError(
                "TENURE_OIDC_ISSUER must be set with TENURE_PASSWORD_SIGN_IN=false: nobody could "
                "sign in."
            )
        return provider

    @property
    def webhooks(self) -> WebhookSettings:
        """The settings of webhooks. The key is read when it is needed."""
        return WebhookSettings(self.webhook_allow_private, self.session_key)

    @property
    def web_timeouts(self) -> Timeouts:
        """The timeouts of web requests."""
        return Timeouts(
            pool=self.pool_timeout,
            lock=self.lock_timeout,
            statement=self.statement_timeout,
            idle=SECONDS_IDLE_IN_REQUEST,
            writer=SECONDS_FOR_SQLITE_WRITER,
        )

    @property
    def job_timeouts(self) -> Timeouts:
        """The timeouts of jobs: unlimited waits; a frozen worker loses its transaction."""
        return Timeouts(idle=self.worker_timeout)

    @property
    def origins(self) -> tuple[str, ...]:
        """Further origins whose pages may call the API. Raises ConfigurationError."""
        return allowed_origins(self.allowed_origins)

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        """Raises ValueError for values that are not networks, such as `*`."""
        networks(value)
        return value

    @property
    def trusted_networks(self) -> tuple[Network, ...]:
        """The networks from which `X-Forwarded-For` and `X-Forwarded-Proto` are trusted."""
        return networks(self.trusted_proxies)

    def session_key(self) -> str:
        """The key that signs sessions and encrypts the secrets of webhooks.

        On SQLite it is created next to the database on first use.
        Raises ConfigurationError if PostgreSQL is used without a key, or if a key is too short.
        """
        if self.secret_key:
            return checked_key(self.secret_key, "TENURE_SECRET_KEY")
        url = make_url(self.database_url)
        if url.get_backend_name() != "sqlite" or not url.database:
            raise ConfigurationError(
                "TENURE_SECRET_KEY must be set with PostgreSQL: every process signs with the same."
            )
        return stored_key(Path(f"{url.database}.key"))
