"""Changes users and tokens, each with an audit entry in its transaction (rules 10)."""

import asyncio
from typing import TypeAlias, TypedDict, Unpack

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditOperation
from tenure.identity import rules
from tenure.identity.models import Token, User, UserStatus
from tenure.identity.queries import token_names, user_of_email
from tenure.identity.sessions.actions import end_all_sessions
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.faults import is_unique_violation
from tenure.kernel.locks import NO_KEY_UPDATE, for_no_key_update
from tenure.kernel.text import key_of, optional_text
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version

# The id of a user or token, or the e-mail address of the user or the name of the token.
UserKey: TypeAlias = int | str
TokenKey: TypeAlias = int | str


class UserChanges(TypedDict, total=False):
    """The fields of a user that can be changed. A missing key leaves its field unchanged."""

    name: str | None
    role: Role | None
    status: UserStatus | None


async def create_user(
    unit: Unit, *, email: str, role: Role, password: str | None = None, name: str | None = None
) -> tuple[User, str | None]:
    """Creates a user. Returns the generated password if none was given; it is not stored.

    Raises INVALID (email, name), OUT_OF_RANGE (password, name) and TAKEN (email).
    """
    unit.require(Role.ADMIN)
    key = rules.email_key(email)
    person = optional_text(name, path="name")
    password_hash, generated = await _hashed(unit, password)
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
    values = {"email": (None, key), "name": (None, person), "role": (None, role)}
    await record_audit(unit, AuditAction.USER_CREATED, f"Created user {key} as {role}.", values)
    return user, generated


async def set_password(
    unit: Unit, user: UserKey, *, password: str | None = None
) -> tuple[User, str | None]:
    """Sets a password and ends all sessions. Returns the generated password, as `create_user`.

    Raises NOT_FOUND (user_id or email) and OUT_OF_RANGE (password).
    """
    unit.require(Role.ADMIN)
    password_hash, generated = await _hashed(unit, password)
    found = await _locked_user(unit, user)
    found.password_hash = password_hash
    found.version += 1
    await end_all_sessions(unit, found)
    summary = f"Set a new password for {found.email}."
    values = {"operation": AuditOperation.PASSWORD_SET, "user": found.email}
    await record_audit(unit, AuditAction.PASSWORD_CHANGED, summary, values=values)
    return found, generated


async def change_password(unit: Unit, *, current_password: str | None, new_password: str) -> None:
    """Changes the actor's own password and ends the actor's other sessions.

    The current password is not checked if it is None: for a dry run, in which it could be guessed.
    Raises NOT_ALLOWED for an actor that is no user, INVALID (current_password, new_password) and
    OUT_OF_RANGE (new_password).
    """
    rules.checked_password(new_password, path="new_password")
    user = await _locked_self(unit, "password")
    if current_password is not None and not await asyncio.to_thread(
        rules.matches, current_password, user.password_hash
    ):
        message = "The current password is wrong."
        raise TenureError(ErrorCode.INVALID, message, ("current_password",))
    if new_password == current_password:
        message = "Choose a password that differs from the current one."
        raise TenureError(ErrorCode.INVALID, message, ("new_password",))
    user.password_hash, _ = await _hashed(unit, new_password)
    user.version += 1
    await end_all_sessions(unit, user, keep=unit.actor.session)
    summary = f"{user.email} changed the own password."
    values = {"operation": AuditOperation.OWN_PASSWORD_CHANGED, "user": user.email}
    await record_audit(unit, AuditAction.PASSWORD_CHANGED, summary, values=values)


async def end_sessions(unit: Unit, user: UserKey | None = None) -> int:
    """Ends all sessions of the actor, or of another user. Returns their number.

    Raises NOT_ALLOWED for an actor that is no user, and NOT_FOUND (user_id or email).
    """
    if user is None:
        found = await _locked_self(unit, "session")
    else:
        known = await _user(unit, user)
        if known is None or known.email != unit.actor.name:
            unit.require(Role.ADMIN)
        found = await _locked_user(unit, user)
    count = await end_all_sessions(unit, found)
    if count:
        sessions = "1 session" if count == 1 else f"{count} sessions"
        summary = f"Ended {sessions} of {found.email}."
        values = {"user": found.email, "count": count}
        await record_audit(unit, AuditAction.SESSIONS_ENDED, summary, values=values)
    return count


async def update_user(
    unit: Unit,
    user: UserKey,
    *,
    expected_version: int | None = None,
    **changes: Unpack[UserChanges],
) -> User:
    """Changes name, role or status. The sessions of a disabled user end.

    Raises NOT_FOUND (user_id or email), CONFLICT, REQUIRED (role, status), INVALID and OUT_OF_RANGE
    (name), and NOT_ALLOWED if no active ADMIN would be left.
    """
    unit.require(Role.ADMIN)
    admins = await _locked_admins(unit)
    found = await _locked_user(unit, user)
    check_version(found.version, expected_version)
    new = {name: _checked_change(name, value) for name, value in changes.items()}
    changed = {
        name: (getattr(found, name), value)
        for name, value in new.items()
        if getattr(found, name) != value
    }
    if not changed:
        return found
    if admins == [found.id]:
        _check_remains_admin(found, changed)
    for name, (_, value) in changed.items():
        setattr(found, name, value)
    found.version += 1
    if found.status is UserStatus.DISABLED:
        await end_all_sessions(unit, found)
    summary = f"Changed {', '.join(changed)} of {found.email}."
    await record_audit(unit, AuditAction.USER_CHANGED, summary, changed, {"user": found.email})
    return found


async def create_token(
    unit: Unit, *, name: str, role: Role, days: int | None = None
) -> tuple[Token, str]:
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
    unit.returns_secret = True
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
    values = {name: (None, getattr(token, name)) for name in ("name", "role", "expires_at")}
    summary = f"Created token {token.name} as {role}."
    await record_audit(unit, AuditAction.TOKEN_CREATED, summary, values)
    return token, secret


async def revoke_token(unit: Unit, token: TokenKey) -> Token:
    """Revokes a token, unless it is revoked already. Raises NOT_FOUND (token_id or name)."""
    unit.require(Role.ADMIN)
    names = {} if isinstance(token, int) else await token_names(unit.session)
    token_id = token if isinstance(token, int) else names.get(key_of(token.strip()), 0)
    found = await unit.session.get(
        Token, token_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if found is None:
        raise NotFoundError("token", ("token_id" if isinstance(token, int) else "name",))
    if found.revoked_at is None:
        found.revoked_at = real_now()
        changes = {"revoked_at": (None, found.revoked_at)}
        summary = f"Revoked token {found.name}."
        values = {"token": found.name}
        await record_audit(unit, AuditAction.TOKEN_REVOKED, summary, changes, values)
    return found


def _checked_change(name: str, value: object) -> object:
    if name == "name":
        return optional_text(None if value is None else str(value), path=name)
    if value is None:
        raise TenureError(ErrorCode.REQUIRED, f"A user needs a {name}.", (name,))
    return value


def _check_remains_admin(user: User, changed: dict[str, tuple[object, object]]) -> None:
    """Raises NOT_ALLOWED for a change that the last active ADMIN must not get."""
    path = next((name for name in ("role", "status") if name in changed), None)
    if path is not None:
        message = f"{user.email} is the last active ADMIN: make somebody else ADMIN first."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, (path,))


async def _locked_admins(unit: Unit) -> list[int]:
    """The ids of the active admins, locked in order, so that two cannot demote each other."""
    is_admin = (User.role == Role.ADMIN) & (User.status == UserStatus.ACTIVE)
    return list(
        await unit.session.scalars(
            for_no_key_update(select(User.id).where(is_admin).order_by(User.id))
        )
    )


async def _user(unit: Unit, user: UserKey) -> User | None:
    if isinstance(user, int):
        return await unit.session.get(User, user)
    return await user_of_email(unit.session, user)


async def _locked_user(unit: Unit, user: UserKey) -> User:
    """Raises NOT_FOUND (user_id or email)."""
    known = await _user(unit, user)
    if known is None:
        raise NotFoundError("user", ("user_id" if isinstance(user, int) else "email",))
    return await unit.session.get_one(
        User, known.id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )


async def _locked_self(unit: Unit, what: str) -> User:
    """The user who is the actor. Raises NOT_ALLOWED for an API client and for Tenure itself."""
    known = await user_of_email(unit.session, unit.actor.name)
    if known is None:
        message = f"{unit.actor.name} is no user and has no {what}: sign in as a user."
        raise TenureError(ErrorCode.NOT_ALLOWED, message)
    return await _locked_user(unit, known.id)


async def _hashed(unit: Unit, password: str | None) -> tuple[str, str | None]:
    """The hash, computed in a thread, and the password if it was generated."""
    unit.returns_secret |= password is None
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
