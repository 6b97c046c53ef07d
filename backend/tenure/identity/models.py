"""Tables of users, their sessions, tokens of API clients, and failed sign-ins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.actor import Role
from tenure.kernel.db import Base


class UserStatus(StrEnum):
    """A disabled user cannot sign in and has no session."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class User(Base):
    """A user, who signs in with e-mail and password, or through an OpenID Connect provider.

    `issuer` and `subject` identify the user at the provider, after the first sign-in through it.
    """

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str | None] = mapped_column(String(255))
    role: Mapped[Role]
    status: Mapped[UserStatus] = mapped_column(default=UserStatus.ACTIVE)
    password_hash: Mapped[str] = mapped_column(String(255))
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class UserSession(Base):
    """A session of a user in a browser. Only the SHA-256 of the secret of the cookie is stored."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    # The provider through which the user signed in; null with a password.
    issuer: Mapped[str | None] = mapped_column(String(255))
    # Exact to a minute: see LAST_USE_PRECISION in rules.py.
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Token(Base):
    """A bearer token of an API client. Only its SHA-256 and its first characters are stored."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    role: Mapped[Role]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInLimit(Base):
    """Failed sign-ins of a key in its time window. The key is a digest of an address."""

    __tablename__ = "sign_in_limit"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
