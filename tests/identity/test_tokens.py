"""Tokens of API clients: shown once, stored as a digest, with unique names, expiring."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tenure.graphql.types.scalars import format_instant
from tenure.identity import queries
from tenure.identity.actions import create_token, revoke_token
from tenure.identity.models import Token
from tenure.identity.queries import identity_of
from tenure.identity.rules import Credential, CredentialKind, digest_of
from tenure.identity.sessions import actions as sessions
from tenure.identity.sessions.actions import note_uses
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Runtime
from tests.checks import audited
from tests.conftest import ANA


async def actor_of_token(connection: AsyncConnection, secret: str) -> Actor | None:
    """Who acts with this secret."""
    identity = await identity_of(connection, Credential(CredentialKind.TOKEN, digest_of(secret)))
    return identity.actor if identity else None


async def test_a_token_acts_under_its_name(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        _, secret = await create_token(unit, name="Shop", role=Role.AGENT)
    async with runtime.database.connection() as connection:
        assert await actor_of_token(connection, secret) == Actor("Shop", Role.AGENT)
        assert await actor_of_token(connection, secret.upper()) is None
        assert await actor_of_token(connection, "") is None
        assert await actor_of_token(connection, "\ud800\x00") is None
    async with runtime.database.reading() as session:
        stored = (await session.execute(select(Token))).scalar_one()
    assert secret.startswith("tenure_")
    assert secret not in (stored.name, stored.digest)
    assert (stored.prefix, stored.created_by) == (secret[:11], ANA.name)
    assert (stored.last_used_at, stored.revoked_at) == (None, None)


async def test_a_token_ends_in_real_time_whatever_the_business_clock_says(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with runtime.unit(ANA) as unit:
        _, secret = await create_token(unit, name="Shop", role=Role.VIEWER, days=3)
    async with runtime.database.connection() as connection:
        monkeypatch.setattr(queries, "real_now", lambda: real_now() + timedelta(days=2, hours=23))
        assert await actor_of_token(connection, secret) is not None
        monkeypatch.setattr(queries, "real_now", lambda: real_now() + timedelta(days=3, seconds=1))
        assert await actor_of_token(connection, secret) is None


@pytest.mark.parametrize(
    ("name", "days", "code", "path"),
    [
        ("SHOP", None, ErrorCode.TAKEN, ("name",)),
        ("  ", None, ErrorCode.REQUIRED, ("name",)),
        ("ana@example.com", None, ErrorCode.INVALID, ("name",)),
        ("Scheduler", None, ErrorCode.INVALID, ("name",)),
        ("a\x00b", None, ErrorCode.INVALID, ("name",)),
        ("x" * 256, None, ErrorCode.OUT_OF_RANGE, ("name",)),
        ("other", -1, ErrorCode.OUT_OF_RANGE, ("days",)),
        ("other", 3651, ErrorCode.OUT_OF_RANGE, ("days",)),
        ("other", 10**30, ErrorCode.OUT_OF_RANGE, ("days",)),
    ],
)
async def test_bad_input_is_refused(
    runtime: Runtime, name: str, days: int | None, code: ErrorCode, path: tuple[str, ...]
) -> None:
    async with runtime.unit(ANA) as unit:
        await create_token(unit, name="Shop", role=Role.AGENT)
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await create_token(unit, name=name, role=Role.AGENT, days=days)
    assert (refusal.value.code, refusal.value.path) == (code, path)
    async with runtime.database.reading() as session:
        assert list(await session.scalars(select(Token.name))) == ["Shop"]


async def test_only_an_admin_makes_tokens(runtime: Runtime) -> None:
    with pytest.raises(ForbiddenError):
        async with runtime.unit(Actor("mia@example.com", Role.MANAGER)) as unit:
            await create_token(unit, name="Shop", role=Role.VIEWER)


@pytest.mark.parametrize(
    ("days", "lifetime"), [(None, timedelta(days=365)), (0, None), (30, timedelta(days=30))]
)
async def test_a_token_expires_after_a_year_unless_told_otherwise(
    runtime: Runtime, days: int | None, lifetime: timedelta | None
) -> None:
    """Running.md: 365 days when left out, for ever with 0."""
    async with runtime.unit(ANA) as unit:
        await create_token(unit, name="Shop", role=Role.VIEWER, days=days)
    async with runtime.database.reading() as session:
        token = (await session.execute(select(Token))).scalar_one()
    assert (token.expires_at and token.expires_at - token.created_at) == lifetime


async def test_a_revoked_token_is_refused_and_its_name_stays_taken(runtime: Runtime) -> None:
    """Rules 10: a revoked token takes effect within one second; the change is audited once."""
    async with runtime.unit(ANA) as unit:
        _, secret = await create_token(unit, name="Shop", role=Role.AGENT)
    for _ in range(2):
        async with runtime.unit(ANA) as unit:
            revoked = await revoke_token(unit, " sHOP ")
    async with runtime.database.connection() as connection:
        assert await actor_of_token(connection, secret) is None
    assert revoked.revoked_at is not None
    created, *others = await audited(runtime)
    assert revoked.expires_at is not None
    details = {
        "name": [None, "Shop"],
        "role": [None, "AGENT"],
        "expiresAt": [None, format_instant(revoked.expires_at)],
    }
    assert created == (ANA.name, "TOKEN_CREATED", "Created token Shop as AGENT.", details)
    revocation = {"revokedAt": [None, format_instant(revoked.revoked_at)]}
    assert others == [(ANA.name, "TOKEN_REVOKED", "Revoked token Shop.", revocation)]
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await create_token(unit, name="Shop", role=Role.AGENT)
    assert refusal.value.code is ErrorCode.TAKEN
    with pytest.raises(TenureError) as refusal:
        async with runtime.unit(ANA) as unit:
            await revoke_token(unit, "Other")
    assert (refusal.value.code, refusal.value.path) == (ErrorCode.NOT_FOUND, ("name",))


async def test_the_last_use_is_written_at_most_once_a_minute(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with runtime.unit(ANA) as unit:
        _, secret = await create_token(unit, name="Shop", role=Role.AGENT)
    start, uses = real_now(), []
    for seconds in (0, 59, 60):
        monkeypatch.setattr(
            sessions, "real_now", lambda seconds=seconds: start + timedelta(seconds=seconds)
        )
        async with runtime.unit(ANA) as unit:
            await note_uses(unit, credentials=[Credential(CredentialKind.TOKEN, digest_of(secret))])
        async with runtime.database.reading() as session:
            used = (await session.execute(select(Token.last_used_at))).scalar_one()
        assert used is not None
        uses.append((used - start).total_seconds())
    assert uses == [0, 0, 60]
