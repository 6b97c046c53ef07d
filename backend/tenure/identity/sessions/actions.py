"""Opens and ends sessions, and stores when sessions and tokens were used last (rules 10)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction
from tenure.identity import rules
from tenure.identity.models import Token, User, UserSession, UserStatus
from tenure.kernel.clock import real_now
from tenure.kernel.expiry import delete_expired
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit


async def open_session(
    unit: Unit, *, user_id: int, password_hash: str, issuer: str | None = None
) -> str | None:
    """Creates a session and returns its secret. `issuer` is the provider of the sign-in, if any.

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
    unit.session.add(
        UserSession(user_id=user_id, digest=digest, issuer=issuer, created_at=now, last_used_at=now)
    )
    user.last_sign_in_at = now
    through = "" if issuer is None else f" through {issuer}"
    summary = f"{user.email} signed in{through}."
    values = {"user": user.email, "issuer": issuer}
    await record_audit(unit, AuditAction.SIGNED_IN, summary, values=values)
    return secret


async def close_session(unit: Unit, *, digest: str) -> str | None:
    """Ends the session with this digest, if there is one and it has not ended.

    Returns the provider through which it was opened, if any.
    """
    statement = update(UserSession).where(
        UserSession.digest == digest, UserSession.ended_at.is_(None)
    )
    ended = await unit.session.execute(
        statement.values(ended_at=real_now()).returning(UserSession.issuer)
    )
    issuers = list(ended.scalars())
    if issuers:
        await record_audit(unit, AuditAction.SIGNED_OUT, f"{unit.actor.name} signed out.")
    return issuers[0] if issuers else None


async def end_all_sessions(
    unit: Unit, user: User, *, keep: str | None = None, issuer: str | None = None
) -> int:
    """Ends the sessions of a user, except the one with the digest `keep`. Returns their number.

    With an issuer, only those that were opened through it.
    """
    is_ended = (UserSession.user_id == user.id) & UserSession.ended_at.is_(None)
    if keep is not None:
        is_ended &= UserSession.digest != keep
    if issuer is not None:
        is_ended &= UserSession.issuer == issuer
    ended = await unit.session.execute(
        update(UserSession).where(is_ended).values(ended_at=real_now()).returning(UserSession.id)
    )
    return len(ended.all())


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


async def delete_old_sessions(unit: Unit, *, now: datetime) -> int:
    """Deletes a chunk of the old sessions and returns their number.

    They have ended: SESSION_RETENTION is longer than a session can last.
    """
    is_expired = UserSession.created_at <= now - rules.SESSION_RETENTION
    return await delete_expired(unit, UserSession, (UserSession.id,), is_expired=is_expired)
