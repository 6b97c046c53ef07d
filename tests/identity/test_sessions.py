"""Sessions are rows: what ends them, and that the last ADMIN cannot be lost (rules 10)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from tenure.identity import queries
from tenure.identity.actions import create_user, set_password, update_user
from tenure.identity.models import User, UserSession, UserStatus
from tenure.identity.queries import identities_of, identity_of
from tenure.identity.rules import Credential, CredentialKind, digest_of
from tenure.identity.sessions.actions import close_session, open_session
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.checks import audited
from tests.conftest import ANA

BEN, EVA = "ben@example.com", "eva@example.com"
Change = Callable[[Unit], Awaitable[object]]


async def user(runtime: Runtime, email: str = BEN, role: Role = Role.ADMIN) -> User:
    """A user whose password nobody needs to know."""
    async with runtime.unit(ANA) as unit:
        return (await create_user(unit, email=email, role=role))[0]


async def signed_in(runtime: Runtime, who: User) -> Credential:
    """A session of this user."""
    async with runtime.unit(Actor(who.email, who.role)) as unit:
        secret = await open_session(unit, user_id=who.id, password_hash=who.password_hash)
    assert secret is not None
    return Credential(CredentialKind.SESSION, digest_of(secret))


async def actor_behind(runtime: Runtime, credential: Credential) -> Actor | None:
    """Asked as a request asks, and as open WebSockets are checked: both must agree."""
    async with runtime.database.connection() as connection:
        one = await identity_of(connection, credential)
        many = await identities_of(connection, [credential])
    assert many.get(credential) == one
    return one.actor if one else None


async def sign_out(unit: Unit, credential: Credential) -> None:
    await close_session(unit, digest=credential.digest)


ENDINGS: dict[str, tuple[Change, tuple[object, ...]]] = {
    "disabled": (
        lambda unit: update_user(unit, BEN.upper(), status=UserStatus.DISABLED),
        ("USER_CHANGED", f"Changed status of {BEN}.", {"status": ["ACTIVE", "DISABLED"]}),
    ),
    "new password": (
        lambda unit: set_password(unit, BEN),
        ("PASSWORD_CHANGED", f"Set a new password for {BEN}.", None),
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_every_session_of_the_user_ends(runtime: Runtime, ending: str) -> None:
    """Rules 10: a new password and a disabled user; the audit entry contains no secret."""
    change, entry = ENDINGS[ending]
    ben, eva = await user(runtime), await user(runtime, EVA)
    first, second, other = [await signed_in(runtime, who) for who in (ben, ben, eva)]
    assert await actor_behind(runtime, first) == Actor(BEN, Role.ADMIN)
    await runtime.run_in_unit(ANA, change)
    assert [await actor_behind(runtime, it) for it in (first, second)] == [None, None]
    assert await actor_behind(runtime, other) == Actor(EVA, Role.ADMIN)
    assert (await audited(runtime))[-1] == (ANA.name, *entry)


async def test_signing_out_ends_one_session_once(runtime: Runtime) -> None:
    """Rules 10: signing out. The row stays, with its end."""
    ben = await user(runtime)
    first, second = await signed_in(runtime, ben), await signed_in(runtime, ben)
    for _ in range(2):
        async with runtime.unit(Actor(BEN, Role.ADMIN)) as unit:
            await sign_out(unit, first)
    assert await actor_behind(runtime, first) is None
    assert await actor_behind(runtime, second) == Actor(BEN, Role.ADMIN)
    async with runtime.database.reading() as session:
        ended = [
            row.ended_at is None
            for row in await session.scalars(select(UserSession).order_by(UserSession.id))
        ]
    assert ended == [False, True]
    signed_in_entry = (BEN, "SIGNED_IN", f"{BEN} signed in.", None)
    assert (await audited(runtime))[1:] == [
        signed_in_entry,
        signed_in_entry,
        (BEN, "SIGNED_OUT", f"{BEN} signed out.", None),
    ]


@pytest.mark.parametrize(
    ("age", "idle", "is_valid"),
    [
        (timedelta(hours=11, minutes=59), timedelta(), True),
        (timedelta(hours=12), timedelta(), False),
        (timedelta(hours=1, minutes=59), timedelta(hours=1, minutes=59), True),
        (timedelta(hours=2), timedelta(hours=2), False),
    ],
)
async def test_sessions_end_with_time(
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    age: timedelta,
    idle: timedelta,
    is_valid: bool,
) -> None:
    """Rules 10: after 12 hours, and after 2 without use."""
    credential = await signed_in(runtime, await user(runtime))
    async with runtime.unit(ANA) as unit:
        row = (await unit.session.execute(select(UserSession))).scalar_one()
        row.last_used_at = row.created_at + age - idle
        monkeypatch.setattr(queries, "real_now", lambda: row.created_at + age)
    assert (await actor_behind(runtime, credential) is not None) is is_valid


async def test_another_role_counts_at_once_and_the_same_one_changes_nothing(
    runtime: Runtime,
) -> None:
    """Rules 10: a lower role."""
    ben = await user(runtime)
    credential = await signed_in(runtime, ben)
    await user(runtime, EVA)
    for _ in range(2):
        async with runtime.unit(ANA) as unit:
            changed = await update_user(unit, BEN, role=Role.VIEWER)
    assert await actor_behind(runtime, credential) == Actor(BEN, Role.VIEWER)
    assert changed.version == 2
    assert (await audited(runtime))[3:] == [
        (ANA.name, "USER_CHANGED", f"Changed role of {BEN}.", {"role": ["ADMIN", "VIEWER"]})
    ]


async def test_a_password_that_was_replaced_meanwhile_opens_no_session(runtime: Runtime) -> None:
    """Checked with the old password before the change, opened after it."""
    ben = await user(runtime)
    async with runtime.unit(ANA) as unit:
        await set_password(unit, BEN)
    async with runtime.unit(Actor(BEN, Role.ADMIN)) as unit:
        assert await open_session(unit, user_id=ben.id, password_hash=ben.password_hash) is None
    async with runtime.database.reading() as session:
        assert list(await session.scalars(select(UserSession))) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [({"role": Role.MANAGER}, "role"), ({"status": UserStatus.DISABLED}, "status")],
)
async def test_the_last_admin_stays(runtime: Runtime, change: dict[str, Role], path: str) -> None:
    """Rules 10: neither disabled nor demoted. A disabled admin does not count."""
    await user(runtime)
    await user(runtime, EVA)
    async with runtime.unit(ANA) as unit:
        await update_user(unit, EVA, status=UserStatus.DISABLED)
        await update_user(unit, EVA, role=Role.VIEWER)
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await update_user(unit, BEN, **change)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.path) == (ErrorCode.NOT_ALLOWED, (path,))
    assert (
        refusal.value.message == f"{BEN} is the last active ADMIN: make somebody else ADMIN first."
    )
    async with runtime.database.reading() as session:
        known = (await session.execute(select(User).where(User.email == BEN))).scalar_one()
    assert (known.role, known.status, known.version) == (Role.ADMIN, UserStatus.ACTIVE, 1)


async def test_two_admins_cannot_lower_each_other(runtime: Runtime) -> None:
    """Rules 10: concurrently, in two transactions; one of them is refused."""
    await user(runtime)
    await user(runtime, EVA)

    async def lower(actor: str, other: str) -> ErrorCode | None:
        async def operation(unit: Unit) -> None:
            await update_user(unit, other, role=Role.VIEWER)
            # The other one has begun by now.
            await asyncio.sleep(0.05)

        try:
            await runtime.run_in_unit(Actor(actor, Role.ADMIN), operation)
        except TenureError as refusal:
            return refusal.code
        return None

    outcomes = await asyncio.gather(lower(BEN, EVA), lower(EVA, BEN))
    assert sorted(outcomes, key=str) == [ErrorCode.NOT_ALLOWED, None]
    async with runtime.database.reading() as session:
        roles = sorted(await session.scalars(select(User.role)))
    assert roles == [Role.ADMIN, Role.VIEWER]


async def test_only_an_admin_changes_users(runtime: Runtime) -> None:
    """Rules 10: ADMIN also: users."""
    await user(runtime, role=Role.VIEWER)
    with pytest.raises(ForbiddenError):
        async with runtime.unit(Actor("mia@example.com", Role.MANAGER)) as unit:
            await update_user(unit, BEN, role=Role.AGENT)


async def test_an_unknown_user_is_not_found(runtime: Runtime) -> None:
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await update_user(unit, "nobody\x00@example.com", status=UserStatus.DISABLED)
    assert (refusal.value.code, refusal.value.path) == (ErrorCode.NOT_FOUND, ("email",))


async def test_ids_of_sessions_are_no_secret(runtime: Runtime) -> None:
    """What is stored is the digest: nobody who reads the database can sign in with it."""
    credential = await signed_in(runtime, await user(runtime))
    async with runtime.database.reading() as session:
        row = (await session.execute(select(UserSession))).scalar_one()
    assert row.digest == credential.digest
    assert (
        await actor_behind(runtime, Credential(CredentialKind.SESSION, digest_of(row.digest)))
        is None
    )
    assert real_now() - row.created_at < timedelta(minutes=5)
