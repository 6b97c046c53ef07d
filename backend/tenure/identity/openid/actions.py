"""Finds, links, creates and updates the user of a sign-in through an OpenID Connect provider."""

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditOperation
from tenure.identity.actions import create_user, update_user
from tenure.identity.models import User, UserStatus
from tenure.identity.openid.rules import ProviderUser, RefusalReason, SignInRefusedError
from tenure.identity.queries import user_of_email, user_of_subject
from tenure.identity.sessions.actions import end_all_sessions
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.unit import Unit


async def admit_user(unit: Unit, *, known: ProviderUser) -> User:
    """The user who may sign in, with the role of the provider if it assigns roles.

    A user is found by subject; at the first sign-in by verified e-mail address, and then linked. A
    user who does not exist is created with the role of the claim or the default role.

    Raises SignInRefusedError (EMAIL, UNKNOWN, DISABLED, LINKED, LAST_ADMIN, INVALID), and nothing
    is changed then.
    """
    unit.require(Role.ADMIN)
    user = await user_of_subject(unit.session, known.issuer, known.subject)
    is_linked = user is not None
    if user is None:
        user = await _user_to_link(unit, known)
    if user.status is not UserStatus.ACTIVE:
        raise SignInRefusedError(RefusalReason.DISABLED, "the user is disabled")
    if known.role is not None and known.role is not user.role:
        await _set_role(unit, user, known.role)
    # Last, because `update_user` locks the admins before the user.
    if not is_linked:
        await _link(unit, user, known)
    return user


async def unlink_user(unit: Unit, *, email: str) -> User:
    """Forgets the subject of a user, who is linked anew at the next sign-in.

    Raises NOT_FOUND (email).
    """
    unit.require(Role.ADMIN)
    found = await user_of_email(unit.session, email)
    if found is None:
        raise NotFoundError("user", ("email",))
    user = await _locked(unit, found)
    if user.subject is not None:
        await _set_subject(unit, user, None, None)
    return user


async def end_sessions_of_subject(unit: Unit, *, issuer: str, subject: str) -> int:
    """Ends the sessions that a subject has opened through the provider. Returns their number."""
    unit.require(Role.ADMIN)
    found = await user_of_subject(unit.session, issuer, subject)
    if found is None:
        return 0
    user = await _locked(unit, found)
    count = await end_all_sessions(unit, user, issuer=issuer)
    if count:
        sessions = "1 session" if count == 1 else f"{count} sessions"
        summary = f"Ended {sessions} of {user.email}, who signed out at the provider."
        operation = AuditOperation.SESSIONS_ENDED_BY_PROVIDER
        values = {"operation": operation, "user": user.email, "count": count}
        await record_audit(unit, AuditAction.SESSIONS_ENDED, summary, values=values)
    return count


async def _user_to_link(unit: Unit, known: ProviderUser) -> User:
    """The user with the verified address; a new one if there is none and it may have a role."""
    if known.email is None:
        raise SignInRefusedError(RefusalReason.EMAIL, "the e-mail address is not verified")
    user = await user_of_email(unit.session, known.email)
    if user is None:
        role = known.role or known.default_role
        if role is None:
            raise SignInRefusedError(RefusalReason.UNKNOWN, "no user has the e-mail address")
        return await _created(unit, known.email, known.name, role)
    return user


async def _created(unit: Unit, email: str, name: str | None, role: Role) -> User:
    """A user with a random password, which nobody knows."""
    try:
        async with unit.session.begin_nested():
            return (await create_user(unit, email=email, role=role, name=name))[0]
    except TenureError as fault:
        if fault.code is ErrorCode.TAKEN and (user := await user_of_email(unit.session, email)):
            # By a concurrent sign-in.
            return user
        # The message may contain the address.
        detail = f"the user could not be created: {fault.code} ({'.'.join(map(str, fault.path))})"
        raise SignInRefusedError(RefusalReason.INVALID, detail) from None


async def _set_role(unit: Unit, user: User, role: Role) -> None:
    try:
        await update_user(unit, user.id, role=role)
    except TenureError as fault:
        if fault.code is not ErrorCode.NOT_ALLOWED:
            raise
        message = "the claim would lower the last active ADMIN"
        raise SignInRefusedError(RefusalReason.LAST_ADMIN, message) from None


async def _link(unit: Unit, found: User, known: ProviderUser) -> None:
    """Links the user, unless linked to another subject of this provider."""
    user = await _locked(unit, found)
    if (user.issuer, user.subject) == (known.issuer, known.subject):
        # By a concurrent sign-in.
        return
    if user.issuer == known.issuer:
        raise SignInRefusedError(RefusalReason.LINKED, "the user is linked to another subject")
    await _set_subject(unit, user, known.issuer, known.subject)


async def _set_subject(unit: Unit, user: User, issuer: str | None, subject: str | None) -> None:
    changes = {"issuer": (user.issuer, issuer), "subject": (user.subject, subject)}
    user.issuer, user.subject = issuer, subject
    user.version += 1
    done, operation = (
        ("Unlinked", AuditOperation.USER_UNLINKED)
        if issuer is None
        else ("Linked", AuditOperation.USER_LINKED)
    )
    summary = f"{done} {user.email}, who signs in through a provider."
    values = {"operation": operation, "user": user.email}
    await record_audit(unit, AuditAction.USER_CHANGED, summary, changes, values)


async def _locked(unit: Unit, user: User) -> User:
    return await unit.session.get_one(
        User, user.id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
