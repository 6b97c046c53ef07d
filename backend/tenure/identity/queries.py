"""Who stands behind an e-mail address, a session or a token. Expiry is told in real time (rules 1)."""

import asyncio

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from tenure.identity.models import Token, User
from tenure.identity.rules import digest_of, matches
from tenure.kernel.actor import Actor
from tenure.kernel.clock import real_now
from tenure.kernel.text import key_of

# They stand before every request: one statement each, built once.
OF_TOKEN = select(Token.name, Token.role, Token.expires_at).where(Token.digest == bindparam("digest"))
OF_USER = select(User.email, User.role).where(User.id == bindparam("user_id"))


async def sign_in(session: AsyncSession, email: str, password: str) -> User | None:
    """The user with this address and password. A thread hashes, so that others are served meanwhile."""
    key = key_of(email.strip())
    # No database knows an address with such characters, and PostgreSQL refuses even to look for it.
    user = await user_of_email(session, key) if key.isprintable() else None
    known = await asyncio.to_thread(matches, password, user.password_hash if user else None)
    return user if known else None


async def actor_of_user(connection: AsyncConnection, user_id: int) -> Actor | None:
    """The actor of a session, with the role that the user has now. A person acts under the e-mail address."""
    user = (await connection.execute(OF_USER, {"user_id": user_id})).one_or_none()
    return Actor(user.email, user.role) if user else None


async def actor_of_token(connection: AsyncConnection, secret: str) -> Actor | None:
    """The actor of a bearer token; None for an unknown or expired one."""
    token = (await connection.execute(OF_TOKEN, {"digest": digest_of(secret)})).one_or_none()
    if token is None or (token.expires_at is not None and token.expires_at <= real_now()):
        return None
    return Actor(token.name, token.role)


async def user_of_email(session: AsyncSession, key: str) -> User | None:
    """The user with this casefolded address."""
    return (await session.execute(select(User).where(User.email == key))).scalar_one_or_none()


async def token_names(session: AsyncSession) -> set[str]:
    """The names of all tokens, casefolded. There are few: one per partner system."""
    return {key_of(name) for name in await session.scalars(select(Token.name))}


async def has_users(session: AsyncSession) -> bool:
    """False where nobody could sign in yet."""
    return (await session.execute(select(User.id).limit(1))).first() is not None
