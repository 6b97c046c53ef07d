"""Who stands behind an e-mail address, a session or a token. Expiry is told in real time (rules 1)."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.identity.models import Token, User
from tenure.identity.rules import digest_of, matches
from tenure.kernel.actor import Actor
from tenure.kernel.clock import real_now
from tenure.kernel.text import key_of


async def sign_in(session: AsyncSession, email: str, password: str) -> User | None:
    """The user with this address and password. A thread hashes, so that others are served meanwhile."""
    key = key_of(email.strip())
    # No database knows an address with such characters, and PostgreSQL refuses even to look for it.
    user = await user_of_email(session, key) if key.isprintable() else None
    known = await asyncio.to_thread(matches, password, user.password_hash if user else None)
    return user if known else None


async def actor_of_user(session: AsyncSession, user_id: int) -> Actor | None:
    """The actor of a session, with the role that the user has now."""
    user = await session.get(User, user_id)
    return actor_of(user) if user else None


async def actor_of_token(session: AsyncSession, secret: str) -> Actor | None:
    """The actor of a bearer token; None for an unknown or expired one."""
    statement = select(Token).where(Token.digest == digest_of(secret))
    token = (await session.execute(statement)).scalar_one_or_none()
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


def actor_of(user: User) -> Actor:
    """A person acts under the e-mail address."""
    return Actor(user.email, user.role)
