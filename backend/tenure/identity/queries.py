"""Finds users, sessions and tokens. They expire in real time (rules 1)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from tenure.identity.models import SignInLimit, Token, User, UserSession, UserStatus
from tenure.identity.rules import (
    AttemptKey,
    Credential,
    CredentialKind,
    session_is_live,
    whole_seconds,
)
from tenure.kernel.actor import Actor
from tenure.kernel.clock import real_now
from tenure.kernel.db import AnySelect
from tenure.kernel.text import key_of

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """The actor of a valid credential, and the time of its last use."""

    actor: Actor
    last_used_at: datetime | None


def _tokens(condition: ColumnElement[bool]) -> AnySelect:
    columns = (Token.digest, Token.name, Token.role, Token.expires_at, Token.last_used_at)
    return select(*columns).where(condition, Token.revoked_at.is_(None))


def _sessions(condition: ColumnElement[bool]) -> AnySelect:
    columns = (
        UserSession.digest,
        User.email,
        User.role,
        UserSession.created_at,
        UserSession.last_used_at,
    )
    is_valid = UserSession.ended_at.is_(None) & (User.status == UserStatus.ACTIVE)
    return select(*columns).join(User, User.id == UserSession.user_id).where(condition, is_valid)


# One of them runs before each request, so they are built once.
ONE_TOKEN = _tokens(Token.digest == bindparam("digest"))
ONE_SESSION = _sessions(UserSession.digest == bindparam("digest"))
# They check all open WebSockets of this process.
MANY_TOKENS = _tokens(Token.digest.in_(bindparam("digests", expanding=True)))
MANY_SESSIONS = _sessions(UserSession.digest.in_(bindparam("digests", expanding=True)))
DIGESTS_PER_STATEMENT = 500


async def identity_of(connection: AsyncConnection, credential: Credential) -> Identity | None:
    """The identity of a credential with its current role; None if it is not valid."""
    is_token = credential.kind is CredentialKind.TOKEN
    rows = await connection.execute(
        ONE_TOKEN if is_token else ONE_SESSION, {"digest": credential.digest}
    )
    return (_tokens_in if is_token else _sessions_in)(rows).get(credential)


async def identities_of(
    connection: AsyncConnection, credentials: Collection[Credential]
) -> dict[Credential, Identity]:
    """The identities of the valid ones of these credentials."""
    found: dict[Credential, Identity] = {}
    for kind, statement in (
        (CredentialKind.TOKEN, MANY_TOKENS),
        (CredentialKind.SESSION, MANY_SESSIONS),
    ):
        digests = [credential.digest for credential in credentials if credential.kind is kind]
        for start in range(0, len(digests), DIGESTS_PER_STATEMENT):
            some = {"digests": digests[start : start + DIGESTS_PER_STATEMENT]}
            rows = await connection.execute(statement, some)
            found |= _tokens_in(rows) if kind is CredentialKind.TOKEN else _sessions_in(rows)
    return found


def _tokens_in(rows: Iterable[AnyRow]) -> dict[Credential, Identity]:
    now = real_now()
    return {
        Credential(CredentialKind.TOKEN, digest): Identity(Actor(name, role), last_used_at)
        for digest, name, role, expires_at, last_used_at in rows
        if expires_at is None or now < expires_at
    }


def _sessions_in(rows: Iterable[AnyRow]) -> dict[Credential, Identity]:
    """The identities of sessions. The name of the actor is the e-mail address."""
    now = real_now()
    return {
        Credential(CredentialKind.SESSION, digest): Identity(
            Actor(email, role, session=digest), last_used_at
        )
        for digest, email, role, created_at, last_used_at in rows
        if session_is_live(created_at, last_used_at, now)
    }


async def seconds_to_wait(connection: AsyncConnection, keys: Collection[AttemptKey]) -> int:
    """The seconds until these keys may sign in again; 0 if they may now."""
    allowed, now = {key.digest: key.allowed for key in keys}, real_now()
    columns = (SignInLimit.key, SignInLimit.failures, SignInLimit.ends_at)
    statement = select(*columns).where(SignInLimit.key.in_(allowed), SignInLimit.ends_at > now)
    rows = (await connection.execute(statement)).all()
    return max(
        (whole_seconds(ends - now) for key, failures, ends in rows if failures >= allowed[key]),
        default=0,
    )


async def user_of_email(session: AsyncSession, email: str) -> User | None:
    """The user with this address, whatever its case."""
    key = key_of(email.strip())
    # Such an address cannot be stored, and PostgreSQL refuses to compare it.
    if not key.isprintable():
        return None
    return (await session.execute(select(User).where(User.email == key))).scalar_one_or_none()


async def user_of_subject(session: AsyncSession, issuer: str, subject: str) -> User | None:
    """The user who is linked to this subject of an OpenID Connect provider."""
    statement = select(User).where(User.issuer == issuer, User.subject == subject)
    return (await session.execute(statement)).scalar_one_or_none()


async def users(session: AsyncSession) -> list[User]:
    """All users in the order of their e-mail addresses."""
    return list(await session.scalars(select(User).order_by(User.email)))


async def tokens(session: AsyncSession) -> list[Token]:
    """All tokens, including revoked ones, in the order of their creation."""
    return list(await session.scalars(select(Token).order_by(Token.id)))


async def token_names(session: AsyncSession) -> dict[str, int]:
    """The ids of all tokens by casefolded name. There are few: one per partner system."""
    return {
        key_of(name): id_
        for id_, name in (await session.execute(select(Token.id, Token.name))).all()
    }


async def has_users(session: AsyncSession) -> bool:
    """False if there is no user yet."""
    return (await session.execute(select(User.id).limit(1))).first() is not None
