"""Who is admitted by a provider, as which user, and with which role."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tenure.audit.models import AuditAction, AuditEntry
from tenure.identity.actions import create_user, update_user
from tenure.identity.models import User, UserSession, UserStatus
from tenure.identity.openid.actions import admit_user, unlink_user
from tenure.identity.openid.rules import (
    ProviderUser,
    RefusalReason,
    RoleMapping,
    SignInRefusedError,
    role_of,
)
from tenure.identity.sessions.actions import open_session
from tenure.kernel.actor import SYSTEM, Actor, Role
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Runtime
from tests.conftest import ANA

ADA = "ada@example.com"
ISSUER = "https://login.test"
KNOWN = ProviderUser(ISSUER, "s1", ADA, "Ada Example", role=None, default_role=None)


async def admitted(runtime: Runtime, known: ProviderUser) -> User:
    """The user of the sign-in."""
    return await runtime.run_in_unit(SYSTEM, lambda unit: admit_user(unit, known=known))


async def refused(runtime: Runtime, known: ProviderUser) -> RefusalReason:
    """The reason; nothing may have been written."""
    before = await rows(runtime)
    with pytest.raises(SignInRefusedError) as refusal:
        await admitted(runtime, known)
    assert await rows(runtime) == before
    assert ADA not in refusal.value.detail
    return refusal.value.reason


async def rows(runtime: Runtime) -> list[tuple[object, ...]]:
    """The users, and the number of audit entries."""
    columns = (User.email, User.role, User.status, User.issuer, User.subject, User.version)
    async with runtime.database.reading() as session:
        users = (await session.execute(select(*columns).order_by(User.id))).all()
        entries = select(func.count()).select_from(AuditEntry)
        return [*(tuple(user) for user in users), ((await session.execute(entries)).scalar_one(),)]


async def entries(runtime: Runtime) -> list[tuple[AuditAction, str, object]]:
    """The audit log, in order."""
    columns = (AuditEntry.action, AuditEntry.summary, AuditEntry.details)
    async with runtime.database.reading() as session:
        found = await session.execute(select(*columns).order_by(AuditEntry.id))
        return [tuple(row) for row in found]


def linked(*issuers: str | None, subjects: tuple[str | None, str | None]) -> object:
    """The entry of a link to a subject, or of its end."""
    done = "Unlinked" if issuers[1] is None else "Linked"
    summary = f"{done} {ADA}, who signs in through a provider."
    details = {"issuer": list(issuers), "subject": list(subjects)}
    return (AuditAction.USER_CHANGED, summary, details)


async def create_ada(runtime: Runtime) -> None:
    """A user with the role AGENT, who was never linked."""
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email=ADA, role=Role.AGENT)


async def test_the_verified_address_links_and_then_only_the_subject_counts(
    runtime: Runtime,
) -> None:
    await create_ada(runtime)
    user = await admitted(runtime, replace(KNOWN, email="ADA@example.com"))
    assert (user.email, user.issuer, user.subject, user.version) == (ADA, ISSUER, "s1", 2)
    for email in ("new@example.com", None):
        assert (await admitted(runtime, replace(KNOWN, email=email))).id == user.id
    assert (await entries(runtime))[1:] == [linked(None, ISSUER, subjects=(None, "s1"))]


async def test_another_subject_with_the_same_address_is_refused(runtime: Runtime) -> None:
    """The address was given to somebody else at the provider."""
    await create_ada(runtime)
    await admitted(runtime, KNOWN)
    assert await refused(runtime, replace(KNOWN, subject="s2")) is RefusalReason.LINKED
    async with runtime.unit(ANA) as unit:
        await unlink_user(unit, email=" Ada@Example.com")
    assert (await admitted(runtime, replace(KNOWN, subject="s2"))).subject == "s2"
    assert (await entries(runtime))[2] == linked(ISSUER, None, subjects=("s1", None))


async def test_another_provider_links_anew(runtime: Runtime) -> None:
    """The subject of one provider says nothing at another one."""
    await create_ada(runtime)
    await admitted(runtime, KNOWN)
    other = replace(KNOWN, issuer="https://other.test")
    assert await refused(runtime, replace(other, email=None)) is RefusalReason.EMAIL
    assert (await admitted(runtime, other)).issuer == "https://other.test"


async def test_a_disabled_user_is_refused_linked_or_not(runtime: Runtime) -> None:
    await create_ada(runtime)
    async with runtime.unit(ANA) as unit:
        await update_user(unit, ADA, status=UserStatus.DISABLED)
    assert await refused(runtime, KNOWN) is RefusalReason.DISABLED
    async with runtime.unit(ANA) as unit:
        await update_user(unit, ADA, status=UserStatus.ACTIVE)
    await admitted(runtime, KNOWN)
    async with runtime.unit(ANA) as unit:
        await update_user(unit, ADA, status=UserStatus.DISABLED)
    assert await refused(runtime, replace(KNOWN, role=Role.ADMIN)) is RefusalReason.DISABLED


@pytest.mark.parametrize(
    ("known", "role"),
    [
        (replace(KNOWN, role=Role.MANAGER, default_role=Role.VIEWER), Role.MANAGER),
        (replace(KNOWN, default_role=Role.VIEWER), Role.VIEWER),
    ],
)
async def test_a_new_user_is_created_with_a_role(
    runtime: Runtime, known: ProviderUser, role: Role
) -> None:
    user = await admitted(runtime, known)
    assert (user.email, user.name, user.role, user.subject) == (ADA, "Ada Example", role, "s1")
    created, link = await entries(runtime)
    assert created[:2] == (AuditAction.USER_CREATED, f"Created user {ADA} as {role}.")
    assert link == linked(None, ISSUER, subjects=(None, "s1"))
    assert user.password_hash.startswith("$argon2id$")


async def test_nobody_is_created_without_a_role_or_with_a_bad_address(runtime: Runtime) -> None:
    assert await refused(runtime, KNOWN) is RefusalReason.UNKNOWN
    for email in ("ada", "a\0da@example.com", "x" * 300 + "@example.com"):
        known = replace(KNOWN, email=email, default_role=Role.VIEWER)
        assert await refused(runtime, known) is RefusalReason.INVALID


async def test_the_default_role_changes_no_user(runtime: Runtime) -> None:
    await create_ada(runtime)
    assert (await admitted(runtime, replace(KNOWN, default_role=Role.VIEWER))).role is Role.AGENT


async def test_the_role_of_the_claim_is_set_and_audited(runtime: Runtime) -> None:
    await create_ada(runtime)
    await admitted(runtime, replace(KNOWN, role=Role.ADMIN))
    changed = (AuditAction.USER_CHANGED, f"Changed role of {ADA}.", {"role": ["AGENT", "ADMIN"]})
    assert (await entries(runtime))[1] == changed
    # Rules 10: the last ADMIN cannot be lowered.
    lowered = replace(KNOWN, role=Role.VIEWER)
    assert await refused(runtime, lowered) is RefusalReason.LAST_ADMIN
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email="eva@example.com", role=Role.ADMIN)
    assert (await admitted(runtime, lowered)).role is Role.VIEWER


async def test_concurrent_first_sign_ins_make_one_user(runtime: Runtime) -> None:
    known = replace(KNOWN, default_role=Role.VIEWER)
    users = await asyncio.gather(*(admitted(runtime, known) for _ in range(4)))
    assert {user.subject for user in users} == {"s1"}
    assert len(await rows(runtime)) == 2
    assert len(await entries(runtime)) == 2


async def test_only_an_admin_may_unlink(runtime: Runtime) -> None:
    await create_ada(runtime)
    with pytest.raises(ForbiddenError):
        async with runtime.unit(Actor("mia@example.com", Role.MANAGER)) as unit:
            await unlink_user(unit, email=ADA)
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await unlink_user(unit, email="nobody@example.com")
    assert (refusal.value.code, refusal.value.path) == (ErrorCode.NOT_FOUND, ("email",))
    async with runtime.unit(ANA) as unit:
        await unlink_user(unit, email=ADA)
    assert len(await entries(runtime)) == 1


async def test_a_session_knows_its_provider(runtime: Runtime) -> None:
    await create_ada(runtime)
    user = await admitted(runtime, KNOWN)
    async with runtime.unit(ANA) as unit:
        for issuer in (ISSUER, None):
            await open_session(
                unit, user_id=user.id, password_hash=user.password_hash, issuer=issuer
            )
    async with runtime.database.reading() as session:
        stored = await session.scalars(select(UserSession.issuer).order_by(UserSession.id))
        assert list(stored) == [ISSUER, None]


ROLES = RoleMapping("groups", {"a": Role.AGENT, "m": Role.MANAGER}, None)


@pytest.mark.parametrize(
    ("claims", "name", "role"),
    [
        ({"groups": "a"}, "groups", Role.AGENT),
        ({"groups": ["x", "a", "m"]}, "groups", Role.MANAGER),
        ({"realm": {"roles": ["a"]}}, "realm.roles", Role.AGENT),
        ({"https://a.test/roles": ["a"]}, "https://a.test/roles", Role.AGENT),
        ({"realm.roles": ["m"], "realm": {"roles": ["a"]}}, "realm.roles", Role.MANAGER),
        ({"groups": ["x", 1, None, ["a"], {"a": 1}]}, "groups", None),
        ({"groups": {"a": True}}, "groups", None),
        ({"realm": ["a"]}, "realm.roles", None),
        ({}, "groups", None),
    ],
)
def test_the_highest_role_of_the_values_counts(
    claims: dict[str, object], name: str, role: Role | None
) -> None:
    mapping = replace(ROLES, claim=name)
    if role is not None:
        assert role_of(claims, mapping) is role
        return
    with pytest.raises(SignInRefusedError) as refusal:
        role_of(claims, mapping)
    assert refusal.value.reason is RefusalReason.ROLE
    assert role_of(claims, replace(mapping, default=Role.VIEWER)) is Role.VIEWER
