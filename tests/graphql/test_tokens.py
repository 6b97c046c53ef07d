"""Tokens of partner systems by the API (rules 10)."""

from datetime import timedelta
from typing import Any

import pytest

from tenure.identity.actions import create_token, revoke_token
from tenure.identity.models import Token
from tenure.identity.queries import identity_of
from tenure.identity.rules import Credential, CredentialKind, digest_of
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests.checks import audited, nothing_written, rows
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id


async def actor_of(runtime: Runtime, secret: str) -> Actor | None:
    """Who sends this secret."""
    async with runtime.database.connection() as connection:
        found = await identity_of(connection, Credential(CredentialKind.TOKEN, digest_of(secret)))
    return found.actor if found else None


@pytest.mark.parametrize(
    ("given", "days"), [({}, 365), ({"expiresInDays": 30}, 30), ({"expiresInDays": 0}, None)]
)
async def test_a_token_is_created_and_its_secret_is_shown_once(
    ask: Caller, runtime: Runtime, given: dict[str, int], days: int | None
) -> None:
    shown = "token { id name role prefix createdBy lastUsedAt revokedAt expiresAt } secret"
    answer = await ask.change(
        "createToken", "CreateTokenInput", shown, name=" Shop ", role="AGENT", **given
    )
    [stored] = await rows(runtime, Token)
    lifetime = stored.expires_at and stored.expires_at - stored.created_at
    assert lifetime == (timedelta(days=days) if days else None)
    secret = answer["secret"]
    expires = answer["token"].pop("expiresAt")
    assert answer["token"] == {
        "id": global_id("Token", stored.id),
        "name": "Shop",
        "role": "AGENT",
        "prefix": secret[:11],
        "createdBy": ANA.name,
        "lastUsedAt": None,
        "revokedAt": None,
    }
    assert await actor_of(runtime, secret) == Actor("Shop", Role.AGENT)
    details = {"name": [None, "Shop"], "role": [None, "AGENT"], "expiresAt": [None, expires]}
    entries = await audited(runtime)
    assert entries == [(ANA.name, "TOKEN_CREATED", "Created token Shop as AGENT.", details)]
    assert secret not in str(entries)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": " "}, "REQUIRED input.name"),
        ({"name": "a@b"}, "INVALID input.name"),
        ({"name": "Scheduler"}, "INVALID input.name"),
        ({"name": "x" * 256}, "OUT_OF_RANGE input.name"),
        ({"name": "SHOP"}, "TAKEN input.name"),
        ({"expiresInDays": -1}, "OUT_OF_RANGE input.expiresInDays"),
        ({"expiresInDays": 3651}, "OUT_OF_RANGE input.expiresInDays"),
    ],
)
async def test_a_token_that_cannot_be_created(
    ask: Caller, runtime: Runtime, given: dict[str, Any], error: str
) -> None:
    async with runtime.unit(ANA) as unit:
        await create_token(unit, name="Shop", role=Role.VIEWER)
    given = {"name": "Other", "role": "VIEWER", **given}
    await check_refused(ask, "createToken", given, error)


async def test_a_token_is_revoked_once(ask: Caller, runtime: Runtime) -> None:
    """Rules 10: it is refused from then on; revoked again, nothing changes."""
    async with runtime.unit(ANA) as unit:
        token, secret = await create_token(unit, name="Shop", role=Role.VIEWER)
    document = """mutation($id: ID!) {
        revokeToken(tokenId: $id) { token { revokedAt } errors { code path } }
    }"""
    first = await ask(document, id=global_id("Token", token.id))
    assert await actor_of(runtime, secret) is None
    async with nothing_written(runtime):
        assert await ask(document, id=global_id("Token", token.id)) == first
    details = {"revokedAt": [None, first["revokeToken"]["token"]["revokedAt"]]}
    last = (ANA.name, "TOKEN_REVOKED", "Revoked token Shop.", details)
    assert (await audited(runtime))[1:] == [last]
    for wrong, code in (
        (global_id("Token", 10**9), "NOT_FOUND"),
        (global_id("User", 1), "INVALID"),
    ):
        async with nothing_written(runtime):
            answer = await ask(document, id=wrong)
        assert answer["revokeToken"] == {
            "token": None,
            "errors": [{"code": code, "path": ["tokenId"]}],
        }


async def test_tokens_are_listed_newest_first(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        for name in ("Shop", "Switch"):
            await create_token(unit, name=name, role=Role.VIEWER)
    answer = await ask("{ tokens(first: 5) { totalCount nodes { name expiresAt } } }")
    assert answer["tokens"]["totalCount"] == 2
    assert [it["name"] for it in answer["tokens"]["nodes"]] == ["Switch", "Shop"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("role: [AGENT]", ["Desk"]),
        ("role: [AGENT, VIEWER]", ["Desk", "Shop"]),
        ("isRevoked: true", ["Shop"]),
        ("isRevoked: false", ["Desk"]),
        ("isRevoked: false, role: [VIEWER]", []),
    ],
)
async def test_tokens_are_filtered(
    ask: Caller, runtime: Runtime, condition: str, names: list[str]
) -> None:
    async with runtime.unit(ANA) as unit:
        shop, _ = await create_token(unit, name="Shop", role=Role.VIEWER)
        await create_token(unit, name="Desk", role=Role.AGENT)
        await revoke_token(unit, shop.id)
    answer = (await ask(f"{{ tokens({condition}) {{ totalCount nodes {{ name }} }} }}"))["tokens"]
    assert (answer["totalCount"], [it["name"] for it in answer["nodes"]]) == (len(names), names)
