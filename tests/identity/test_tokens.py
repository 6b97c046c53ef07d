"""Tokens of partner systems: shown once, kept as a digest, told apart by name, and ended by real time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tenure.identity import queries
from tenure.identity.actions import create_token
from tenure.identity.models import Token
from tenure.identity.queries import actor_of_token
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, ForbiddenError, TenureError
from tenure.kernel.unit import Workplace
from tests.conftest import ANA


async def test_a_token_acts_under_its_name(workplace: Workplace) -> None:
    async with workplace.unit(ANA) as unit:
        secret = await create_token(unit, name="Shop", role=Role.AGENT)
    async with workplace.database.looking() as connection:
        assert await actor_of_token(connection, secret) == Actor("Shop", Role.AGENT)
        assert await actor_of_token(connection, secret.upper()) is None
        assert await actor_of_token(connection, "") is None
        assert await actor_of_token(connection, "\ud800\x00") is None
    async with workplace.database.reading() as session:
        kept = (await session.execute(select(Token))).scalar_one()
    assert secret.startswith("tenure_")
    assert secret not in (kept.name, kept.digest)


async def test_a_token_ends_in_real_time_whatever_the_business_clock_says(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workplace.unit(ANA) as unit:
        secret = await create_token(unit, name="Shop", role=Role.VIEWER, days=3)
    async with workplace.database.looking() as connection:
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
        ("other", 0, ErrorCode.OUT_OF_RANGE, ("days",)),
        ("other", 10**30, ErrorCode.OUT_OF_RANGE, ("days",)),
    ],
)
async def test_bad_input_is_refused(
    workplace: Workplace, name: str, days: int | None, code: ErrorCode, path: tuple[str, ...]
) -> None:
    async with workplace.unit(ANA) as unit:
        await create_token(unit, name="Shop", role=Role.AGENT)
    with pytest.raises(TenureError) as refusal:
        async with workplace.unit(ANA) as unit:
            await create_token(unit, name=name, role=Role.AGENT, days=days)
    assert (refusal.value.code, refusal.value.path) == (code, path)
    async with workplace.database.reading() as session:
        assert list(await session.scalars(select(Token.name))) == ["Shop"]


async def test_only_an_admin_makes_tokens(workplace: Workplace) -> None:
    with pytest.raises(ForbiddenError):
        async with workplace.unit(Actor("mia@example.com", Role.MANAGER)) as unit:
            await create_token(unit, name="Shop", role=Role.VIEWER)
