"""Changes users, tokens and sessions, each with an audit entry in its transaction (rules 10)."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_update,  # SQLite uses the same syntax.
)
from sqlalchemy.exc import IntegrityError

from tenure.identity import rules
from tenure.identity.models import SignInLimit, Token, User, UserSession, UserStatus
from tenure.identity.queries import token_names, user_of_email
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.expiry import CHUNK, delete_expired
from tenure.kernel.faults import is_unique_violation
from tenure.kernel.locks import NO_KEY_UPDATE, for_no_key_update
from tenure.kernel.text import key_of, optional_text
from tenure.kernel.unit import Unit
from tenure.settings.models import BusinessChange

LIMITS_PER_DELETION = 100


async def create_user(
    unit: Unit, *, email: str, role: Role, password: str | None = None, name: str | None = None
) -> tuple[User, str | None]:
    """Creates a user. Returns the generated password if none was given; it is not stored.

    Raises INVALID (email, name), OUT_OF_RANGE (password, name) and TAKEN (email).
    """
    unit.require(Role.ADMIN)
    key = rules.email_key(email)
    person = optional_text(name, path="name")
    password_hash, generated = await _hashed(password)
    user = User(
        email=key,
        name=person,
        role=role,
        status=UserStatus.ACTIVE,
        password_hash=password_hash,
        created_at=real_now(),
        version=1,
    )
    await _add(unit, user, f"There is a user {key} already.", "email")
    await _audit(unit, {"user_created": key, "role": role})
    return user, generated


async def set_password(unit: Unit, *, email: str, password: str | None = None) -> str | None:
    """Sets a password and ends all sessions. Returns the generated password, as `create_user`.

    Raises NOT_FOUND (email) and OUT_OF_RANGE (password).
    """
    unit.require(Role.ADMIN)
    password_hash, generated = await _hashed(password)
    user = await _locked_user(unit, email)
    user.password_hash = password_hash
    user.version += 1
    await _end_sessions(unit, user)
    await _audit(unit, {"password_of": user.email})
    return generated


async def update_user(
    unit: Unit, *, email: str, role: Role | None = None, status: UserStatus | None = None
) -> User:
    """Changes role or status, unless they are None. The sessions of a disabled user end.

    Raises NOT_FOUND (email), and NOT_ALLOWED if no active ADMIN would be left.
    """
    unit.require(Role.ADMIN)
    admins = await _locked_admins(unit)
    user = await _locked_user(unit, email)
    new = {"role": role or user.role, "status": status or user.status}
    changed = {
        name: [getattr(user, name), value]
        for name, value in new.items()
        if getattr(user, name) != value
    }
    if not changed:
        return user
    if admins == [user.id] and (
        new["role"] is not Role.ADMIN or new["status"] is not UserStatus.ACTIVE
    ):
        message = f"{user.email} is the last active ADMIN: make somebody else ADMIN first."
        raise TenureError(
            ErrorCode.NOT_ALLOWED, message, ("role" if "role" in changed else "status",)
        )
    for name, (_, value) in changed.items():
        setattr(user, name, value)
    user.version += 1
    if user.status is UserStatus.DISABLED:
        await _end_sessions(unit, user)
    await _audit(unit, {"user_changed": user.email, **changed})
    return user


async def create_token(unit: Unit, *, name: str, role: Role, days: int | None = None) -> str:
    """Creates a token and returns its secret, which is not stored. With 0 days it never expires.

    Raises INVALID, REQUIRED and TAKEN (name), OUT_OF_RANGE (days). The name of a revoked token
    stays taken, so that two systems cannot act under one name.
    """
    unit.require(Role.ADMIN)
    name = rules.client_name(name)
    taken = f"There is a token {name} already."
    if key_of(name) in await token_names(unit.session):
        raise TenureError(ErrorCode.TAKEN, taken, ("name",))
    now, secret = real_now(), rules.new_secret()
    token = Token(
        name=name,
        role=role,
        digest=rules.digest_of(secret),
        prefix=secret[: rules.SHOWN_CHARACTERS],
        created_by=unit.actor.name,
        created_at=now,
        expires_at=rules.token_expiry(now, days),
    )
    await _add(unit, token, taken, "name")
    expires = token.expires_at and token.expires_at.isoformat()
    await _audit(unit, {"token_created": name, "role": role, "expires_at": expires})
    return secret


async def revoke_token(unit: Unit, *, name: str) -> Token:
    """Revokes a token, unless it is revoked already. Raises NOT_FOUND (name)."""
    unit.require(Role.ADMIN)
    token_id = (await token_names(unit.session)).get(key_of(name.strip()))
    if token_id is None:
        raise NotFoundError("token", ("name",))
    token = await unit.session.get_one(
        Token, token_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if token.revoked_at is None:
        token.revoked_at = real_now()
        await _audit(unit, {"token_revoked": token.name})
    return token


async def open_session(unit: Unit, *, user_id: int, password_hash: str) -> str | None:
    """Creates a session and returns its secret.

    Returns None if the user was disabled or the password changed since it was checked.
    """
    statement = for_no_key_update(select(User).where(User.id == user_id))
    user = (
        await unit.session.execute(statement, execution_options={"populate_existing": True})
    ).scalar_one()
    if user.status is not UserStatus.ACTIVE or user.password_hash != password_hash:
        return None
    now, secret = real_now(), rules.new_session_secret()
    digest = rules.digest_of(secret)
    unit.session.add(UserSession(user_id=user_id, digest=digest, created_at=now, last_used_at=now))
    user.last_sign_in_at = now
    await _audit(unit, {"signed_in": user.email})
    return secret


async def close_session(unit: Unit, *, digest: str) -> None:
    """Ends the session with this digest, if there is one and it has not ended."""
    statement = update(UserSession).where(
        UserSession.digest == digest, UserSession.ended_at.is_(None)
    )
    ended = await unit.session.execute(
        statement.values(ended_at=real_now()).returning(UserSession.user_id)
    )
    if ended.first() is not None:
        await _audit(unit, {"signed_out": unit.actor.name})


async def note_uses(unit: Unit, *, credentials: Collection[rules.Credential]) -> None:
    """Stores that sessions and tokens were used now, unless another process has just done so."""
    now = real_now()
    for credential in sorted(credentials, key=lambda it: it.digest):
        table = Token if credential.kind is rules.CredentialKind.TOKEN else UserSession
        is_due = table.last_used_at.is_(None) | (
            table.last_used_at <= now - rules.LAST_USE_PRECISION
        )
        statement = (
            update(table).where(table.digest == credential.digest, is_due).values(last_used_at=now)
        )
        await unit.session.execute(statement, execution_options={"synchronize_session": False})


async def count_attempt(unit: Unit, *, keys: Collection[rules.AttemptKey]) -> None:
    """Counts a sign-in as failed before its password is checked, so that each is counted.

    Raises TooManyAttemptsError if the limit of a key is reached; the unit is then rolled back.
    """
    now = real_now()
    for key in sorted(keys, key=lambda it: it.digest):
        first = insert_or_update(SignInLimit).values(
            key=key.digest, failures=1, ends_at=now + rules.FAILURE_WINDOW
        )
        has_ended = SignInLimit.ends_at <= now
        counted = {
            "failures": case((has_ended, 1), else_=SignInLimit.failures + 1),
            "ends_at": case((has_ended, first.excluded.ends_at), else_=SignInLimit.ends_at),
        }
        statement = first.on_conflict_do_update(index_elements=[SignInLimit.key], set_=counted)
        returned = await unit.session.execute(
            statement.returning(SignInLimit.failures, SignInLimit.ends_at)
        )
        failures, ends_at = returned.one()
        if failures > key.allowed:
            raise rules.TooManyAttemptsError(rules.whole_seconds(ends_at - now))
        if failures == 1:
            # The table does not grow with the number of attackers.
            await delete_expired_limits(unit, now=now, limit=LIMITS_PER_DELETION)


async def uncount_attempt(unit: Unit, *, keys: Collection[rules.AttemptKey]) -> None:
    """The password was right: the attempt does not count."""
    for key in sorted(keys, key=lambda it: it.digest):
        statement = update(SignInLimit).where(
            SignInLimit.key == key.digest, SignInLimit.failures > 0
        )
        await unit.session.execute(statement.values(failures=SignInLimit.failures - 1))


async def delete_expired_limits(unit: Unit, *, now: datetime, limit: int = CHUNK) -> int:
    """Deletes a chunk of the expired counters and returns their number."""
    is_expired = SignInLimit.ends_at <= now
    key = (SignInLimit.key,)
    return await delete_expired(unit, SignInLimit, key, is_expired=is_expired, limit=limit)


async def delete_old_sessions(unit: Unit, *, now: datetime) -> int:
    """Deletes a chunk of the old sessions and returns their number.

    They have ended: SESSION_RETENTION is longer than a session can last.
    """
    is_expired = UserSession.created_at <= now - rules.SESSION_RETENTION
    return await delete_expired(unit, UserSession, (UserSession.id,), is_expired=is_expired)


async def _locked_admins(unit: Unit) -> list[int]:
    """The ids of the active admins, locked in order, so that two cannot demote each other."""
    is_admin = (User.role == Role.ADMIN) & (User.status == UserStatus.ACTIVE)
    return list(
        await unit.session.scalars(
            for_no_key_update(select(User.id).where(is_admin).order_by(User.id))
        )
    )


async def _locked_user(unit: Unit, email: str) -> User:
    """Raises NOT_FOUND (email)."""
    known = await user_of_email(unit.session, email)
    if known is None:
        raise NotFoundError("user", ("email",))
    return await unit.session.get_one(
        User, known.id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )


async def _end_sessions(unit: Unit, user: User) -> None:
    statement = update(UserSession).where(
        UserSession.user_id == user.id, UserSession.ended_at.is_(None)
    )
    await unit.session.execute(statement.values(ended_at=real_now()))


async def _hashed(password: str | None) -> tuple[str, str | None]:
    """The hash, computed in a thread, and the password if it was generated."""
    chosen = rules.new_password() if password is None else rules.checked_password(password)
    return await asyncio.to_thread(rules.hash_of, chosen), chosen if password is None else None


async def _add(unit: Unit, row: User | Token, taken: str, path: str) -> None:
    """Inserts a row. Raises TAKEN with the message `taken` if its unique value exists."""
    unit.session.add(row)
    try:
        await unit.session.flush()
    except IntegrityError as fault:
        if not is_unique_violation(fault):
            raise
        raise TenureError(ErrorCode.TAKEN, taken, (path,)) from None


async def _audit(unit: Unit, values: dict[str, Any]) -> None:
    """Adds an audit entry. `values` must not contain secrets."""
    unit.session.add(BusinessChange(at=real_now(), actor=unit.actor.name, values=values))
    await unit.session.flush()
