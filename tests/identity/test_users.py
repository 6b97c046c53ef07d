"""Users, their passwords, and who may create them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tenure.identity import actions
from tenure.identity.actions import create_user, set_password
from tenure.identity.models import User, UserStatus
from tenure.identity.queries import has_users, user_of_email
from tenure.identity.rules import matches
from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Runtime
from tests.checks import audited
from tests.conftest import ANA

PASSWORD = "correct horse battery"


async def may_enter(runtime: Runtime, email: str, password: str) -> bool:
    """True if a user with this e-mail address has this password."""
    async with runtime.database.reading() as session:
        user = await user_of_email(session, email)
    return matches(password, user.password_hash if user else None)


async def test_a_user_signs_in_whatever_the_case_of_the_address(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        user, made = await create_user(
            unit, email=" Élise@Example.com ", role=Role.AGENT, password=PASSWORD
        )
    assert (user.email, made) == ("élise@example.com", None)
    assert await may_enter(runtime, " ÉLISE@example.COM", PASSWORD)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ben@example.com", "wrong horse battery"),
        ("nobody@example.com", PASSWORD),
        ("ben@example.com", PASSWORD * 100),
        ("ben\x00@example.com", PASSWORD),
        ("ben@example.com", "\ud800" * 12),
    ],
)
async def test_nobody_else_signs_in(runtime: Runtime, email: str, password: str) -> None:
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email="ben@example.com", role=Role.AGENT, password=PASSWORD)
    assert not await may_enter(runtime, email, password)


async def test_a_password_is_made_where_none_is_given_and_kept_as_argon2id(
    runtime: Runtime,
) -> None:
    async with runtime.unit(ANA) as unit:
        user, made = await create_user(unit, email="ben@example.com", role=Role.VIEWER)
    assert made is not None
    assert len(made) == 19
    assert user.password_hash.startswith("$argon2id$")
    assert await may_enter(runtime, "ben@example.com", made)


@pytest.mark.parametrize(
    ("email", "password", "code", "path"),
    [
        ("ana", PASSWORD, ErrorCode.INVALID, ("email",)),
        ("a b@example.com", PASSWORD, ErrorCode.INVALID, ("email",)),
        ("ana@example.com\x00", PASSWORD, ErrorCode.INVALID, ("email",)),
        ("", PASSWORD, ErrorCode.REQUIRED, ("email",)),
        (f"{'a' * 250}@example.com", PASSWORD, ErrorCode.OUT_OF_RANGE, ("email",)),
        ("new@example.com", "elevenchars", ErrorCode.OUT_OF_RANGE, ("password",)),
        ("new@example.com", "x" * 1025, ErrorCode.OUT_OF_RANGE, ("password",)),
        ("TAKEN@example.com", PASSWORD, ErrorCode.TAKEN, ("email",)),
    ],
)
async def test_bad_input_is_refused(
    runtime: Runtime, email: str, password: str, code: ErrorCode, path: tuple[str, ...]
) -> None:
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email="taken@example.com", role=Role.VIEWER, password=PASSWORD)
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await create_user(unit, email=email, role=Role.VIEWER, password=password)
    assert (refusal.value.code, refusal.value.path) == (code, path)
    async with runtime.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(User))).scalar_one() == 1


async def test_only_an_admin_lets_people_in_and_the_change_bears_the_actor(
    runtime: Runtime,
) -> None:
    with pytest.raises(ForbiddenError):
        async with runtime.unit(Actor("mia@example.com", Role.MANAGER)) as unit:
            await create_user(unit, email="ben@example.com", role=Role.ADMIN)
    async with runtime.database.reading() as session:
        assert not await has_users(session)
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email="ben@example.com", role=Role.ADMIN)
    details = {"email": [None, "ben@example.com"], "name": [None, None], "role": [None, "ADMIN"]}
    assert await audited(runtime) == [
        (ANA.name, "USER_CREATED", "Created user ben@example.com as ADMIN.", details)
    ]


async def test_another_password_takes_the_place_of_the_first(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        await create_user(unit, email="ben@example.com", role=Role.AGENT, password=PASSWORD)
    async with runtime.unit(ANA) as unit:
        _, made = await set_password(unit, "Ben@example.com")
    assert not await may_enter(runtime, "ben@example.com", PASSWORD)
    assert await may_enter(runtime, "ben@example.com", made or "")
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await set_password(unit, "nobody@example.com")
    assert refusal.value.code is ErrorCode.NOT_FOUND


async def test_only_a_duplicate_is_taken(runtime: Runtime) -> None:
    """A row that violates another constraint is a fault of the program, not TAKEN."""
    incomplete = User(email="bo@example.com", role=Role.AGENT, status=UserStatus.ACTIVE)
    with pytest.raises(IntegrityError):
        async with runtime.unit(ANA) as unit:
            await actions._add(unit, incomplete, "There is a user bo already.", "email")
