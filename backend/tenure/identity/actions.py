"""Letting people and partner systems in. Admins alone may, and each such change is kept with its actor."""

import asyncio
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from tenure.identity import rules
from tenure.identity.models import Token, User
from tenure.identity.queries import token_names, user_of_email
from tenure.kernel.actor import Role
from tenure.kernel.business import BusinessChange
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.text import key_of
from tenure.kernel.unit import Unit


async def create_user(unit: Unit, *, email: str, role: Role, password: str | None = None) -> tuple[User, str | None]:
    """The new user, and the password that was made where none was given: it can be shown this once.

    Raises INVALID (email), OUT_OF_RANGE (password) and TAKEN (email).
    """
    unit.require(Role.ADMIN)
    key = rules.email_key(email)
    password_hash, made = await _hashed(password)
    user = User(email=key, role=role, password_hash=password_hash, created_at=real_now())
    await _add(unit, user, f"There is a user {key} already.", "email")
    await _keep(unit, {"user_created": key, "role": role})
    return user, made


async def set_password(unit: Unit, *, email: str, password: str | None = None) -> str | None:
    """Give a user another password; answers as `create_user` does. Raises NOT_FOUND (email), OUT_OF_RANGE (password)."""
    unit.require(Role.ADMIN)
    key = rules.email_key(email)
    user = await user_of_email(unit.session, key)
    if user is None:
        raise NotFoundError("user", ("email",))
    user.password_hash, made = await _hashed(password)
    await _keep(unit, {"password_of": key})
    return made


async def create_token(unit: Unit, *, name: str, role: Role, days: int | None = None) -> str:
    """The secret of a new token, which is kept nowhere. Raises INVALID, REQUIRED and TAKEN (name), OUT_OF_RANGE (days)."""
    unit.require(Role.ADMIN)
    name = rules.client_name(name)
    taken = f"There is a token {name} already."
    if key_of(name) in await token_names(unit.session):
        raise TenureError(ErrorCode.TAKEN, taken, ("name",))
    now, secret = real_now(), rules.new_secret()
    expires_at = None if days is None else now + timedelta(days=rules.checked_days(days))
    token = Token(name=name, role=role, digest=rules.digest_of(secret), created_at=now, expires_at=expires_at)
    await _add(unit, token, taken, "name")
    await _keep(unit, {"token_created": name, "role": role})
    return secret


async def _hashed(password: str | None) -> tuple[str, str | None]:
    """The hash, and the password where it was made here. A thread hashes, so that others are served meanwhile."""
    chosen = rules.new_password() if password is None else rules.checked_password(password)
    return await asyncio.to_thread(rules.hash_of, chosen), chosen if password is None else None


async def _add(unit: Unit, row: User | Token, taken: str, path: str) -> None:
    unit.session.add(row)
    try:
        await unit.session.flush()
    except IntegrityError:
        raise TenureError(ErrorCode.TAKEN, taken, (path,)) from None


async def _keep(unit: Unit, values: dict[str, str]) -> None:
    unit.session.add(BusinessChange(at=real_now(), actor=unit.actor.name, values=values))
    await unit.session.flush()
