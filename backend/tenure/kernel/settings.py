"""What the operator sets before the program starts: environment variables, or a `.env` file."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url

from tenure.kernel.errors import ConfigurationError
from tenure.kernel.origins import allowed_origins


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Which payment gateway takes the money, and what its adapter needs: a key, and where it is if not at its usual place."""

    name: str = "simulated"
    key: str = field(default="", repr=False)
    url: str = ""


class Settings(BaseSettings):
    """Read once by an edge and handed down; nothing below an edge reads the environment."""

    model_config = SettingsConfigDict(env_prefix="TENURE_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///tenure.db"
    broker_url: str = ""
    broker_queue: str = Field(default="tenure", pattern=r"^[a-zA-Z_][a-zA-Z0-9._-]*$")
    secret_key: str = ""
    clock: Literal["real", "settable"] = "real"
    gateway: str = "simulated"
    gateway_key: str = Field(default="", repr=False)
    gateway_url: str = ""
    log: Literal["text", "json", ""] = ""
    allowed_origins: str = ""
    public_url: str = ""
    # A job holds one connection for its transaction and needs a second one to claim work.
    pool_size: int = Field(default=10, ge=2)
    connections: int = Field(default=900, ge=10)
    connections_per_address: int = Field(default=200, ge=1)

    @property
    def embedded(self) -> bool:
        """True where no broker is set: worker and scheduler then run inside `tenure serve`."""
        return not self.broker_url

    @property
    def payment_gateway(self) -> GatewaySettings:
        """TENURE_GATEWAY and what goes with it."""
        return GatewaySettings(self.gateway, self.gateway_key, self.gateway_url)

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins, besides our own, whose pages may call. Raises ConfigurationError."""
        return allowed_origins(self.allowed_origins)

    def session_key(self) -> str:
        """The key that signs sessions. On SQLite it is made on first use and kept beside the database.

        Raises ConfigurationError where PostgreSQL is used and no key is set.
        """
        if self.secret_key:
            return self.secret_key
        url = make_url(self.database_url)
        if not url.get_backend_name() == "sqlite" or not url.database:
            raise ConfigurationError(
                "TENURE_SECRET_KEY must be set with PostgreSQL: every process signs with the same."
            )
        kept = Path(f"{url.database}.key")
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48))
        return kept.read_text()
