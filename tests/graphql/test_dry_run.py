"""Dry runs: a mutation answers what it would do, and changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from tenure.accounts.models import Account
from tenure.graphql.http.app import graphql_app
from tenure.kernel.actor import Actor, Role
from tenure.kernel.dry_run import dry_run
from tenure.kernel.settings import GatewaySettings
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.gateways import gateway
from tenure.policies.rules import GatewayAnswer, PaymentOutcome, PaymentRequest
from tests.builders import account
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller
from tests.test_lock_order import (
    MUTATIONS,
    Scenario,
    bill_and_collect,
    change_accounts,
    change_deferred_actions,
    change_many_accounts,
    change_notes_and_contacts,
    change_users_and_tokens,
    change_webhooks,
    import_files,
    sign_up,
)

DRY = {"tenure-dry-run": "true"}
GRAPHQL = "application/graphql-response+json"
CREATE = """mutation { createAccount(input: {number: "A-1", name: "Ada"}) {
  account { number name status billUnits { name } events { nodes { kind actor } } }
  errors { code path }
} }"""
CHAIN = """mutation {
  first: createAccount(input: {number: "A-1", name: "Ada"}) { account { name } errors { code } }
  again: createAccount(input: {number: "A-1", name: "Bob"}) { account { name } errors { code } }
  third: createAccount(input: {number: "A-2", name: "Cora"}) { account { name } errors { code } }
}"""

USAGE = """mutation($input: [RecordUsageInput!]!) {
  recordUsage(input: $input) { events { description } errors { code } }
}"""


async def authenticate(connection: HTTPConnection) -> Actor | None:
    """Ana, or a viewer."""
    return Actor("vic", Role.VIEWER) if "x-viewer" in connection.headers else ANA


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Sends requests to an endpoint. Nothing may be woken."""
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as made:
        yield made


async def send(client: httpx.AsyncClient, query: str, **headers: str) -> Any:
    return await client.post("/", json={"query": query}, headers=headers)


async def test_the_answer_is_what_would_be(client: httpx.AsyncClient, runtime: Runtime) -> None:
    async with nothing_written(runtime):
        dry = (await send(client, CREATE, **DRY)).json()
        assert (await send(client, CREATE, **DRY)).json() == dry
    real = (await send(client, CREATE)).json()
    assert dry["data"] == real["data"]
    assert dry["data"]["createAccount"]["account"]["events"]["nodes"] != []
    assert (dry["extensions"].pop("dryRun"), dry["extensions"]) == (True, real["extensions"])


async def test_errors_are_what_they_would_be(client: httpx.AsyncClient, runtime: Runtime) -> None:
    await send(client, CREATE)
    async with nothing_written(runtime):
        taken = (await send(client, CREATE, **DRY)).json()["data"]["createAccount"]
        assert taken == {
            "account": None,
            "errors": [{"code": "TAKEN", "path": ["input", "number"]}],
        }
        forbidden = (await send(client, CREATE, **DRY, **{"x-viewer": "1"})).json()
        assert forbidden["data"] == {"createAccount": None}
        assert forbidden["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
        malformed = await send(client, "mutation { nothing }", accept=GRAPHQL, **DRY)
        assert (malformed.status_code, malformed.json()["errors"][0]["extensions"]) == (
            400,
            {"code": "INVALID"},
        )


async def test_later_mutations_see_earlier_ones(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    """The second one fails, and takes nothing of the first one with it."""
    async with nothing_written(runtime):
        dry = (await send(client, CHAIN, **DRY)).json()["data"]
    assert dry == {
        "first": {"account": {"name": "Ada"}, "errors": []},
        "again": {"account": None, "errors": [{"code": "TAKEN"}]},
        "third": {"account": {"name": "Cora"}, "errors": []},
    }
    assert (await send(client, CHAIN)).json()["data"] == dry


async def test_a_query_is_a_plain_query(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        answer = (await send(client, "{ viewer { name } }", **DRY)).json()
        assert answer["data"] == {"viewer": {"name": ANA.name}}
        assert set(answer["extensions"]) == {"cost"}


@pytest.mark.parametrize("value", ["false", "1", "", "x" * 300])
@pytest.mark.parametrize("query", [CREATE, "{ viewer { name } }"])
async def test_other_values(
    client: httpx.AsyncClient, runtime: Runtime, value: str, query: str
) -> None:
    """They are refused, because a mutation must not be executed by mistake."""
    async with nothing_written(runtime):
        answer = await send(client, query, accept=GRAPHQL, **{"tenure-dry-run": value})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (400, {"code": "INVALID"})
    assert error["message"].startswith("Tenure-Dry-Run is ")
    assert error["message"].endswith(": it must be `true`, or not be sent.")
    assert len(error["message"]) < 200


async def test_a_key_is_neither_used_nor_stored(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    key = {"idempotency-key": "k"}
    async with nothing_written(runtime):
        dry = await send(client, CREATE, **DRY, **key)
    real = await send(client, CREATE, **key)
    assert dry.json()["data"] == real.json()["data"]
    async with nothing_written(runtime):
        after = await send(client, CREATE, **DRY, **key)
    assert "idempotency-replayed" not in after.headers
    assert after.json()["data"]["createAccount"]["errors"][0]["code"] == "TAKEN"


async def test_no_worker_is_woken(runtime: Runtime) -> None:
    woken: list[str] = []
    waking = replace(runtime, wake_workers=lambda: woken.append("woken"))
    start = "mutation { startJob(input: {kind: DEFERRED_ACTIONS}) { jobRun { status } } }"
    transport = httpx.ASGITransport(graphql_app(waking, authenticate))
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as client:
        dry = (await send(client, start, **DRY)).json()["data"]
        assert (dry, woken) == ({"startJob": {"jobRun": {"status": "QUEUED"}}}, [])
        await send(client, start)
    assert woken == ["woken"]


@pytest.mark.parametrize("name", ["simulated", "stripe", "of a plug-in"])
async def test_the_gateway_is_not_called(runtime: Runtime, name: str) -> None:
    request = PaymentRequest("key", "tok_ok", amount=5, currency="USD")  # type: ignore[arg-type]
    unknown = GatewayAnswer(PaymentOutcome.NO_ANSWER, words="Dry run: the gateway was not called.")
    configured = replace(runtime, gateway=GatewaySettings(name, "key"))
    async with dry_run(configured) as rolled_back, gateway(rolled_back.gateway) as opened:
        await opened.check()
        assert await opened.charge(request) == unknown
        assert await opened.ask(request) == unknown


async def test_units_and_reads_share_the_transaction(runtime: Runtime) -> None:
    """A unit that fails is undone alone. At the end nothing is left, and the pool is usable."""

    async def create(unit: Unit) -> int:
        return await account(unit, name="Ada")

    async def fail(unit: Unit) -> None:
        await account(unit, name="Bob")
        raise RuntimeError

    async with nothing_written(runtime), dry_run(runtime) as rolled_back:
        key = await rolled_back.run_in_unit(ANA, create)
        with pytest.raises(RuntimeError):
            await rolled_back.run_in_unit(ANA, fail)
        async with rolled_back.database.reading() as session:
            found = await session.get(Account, key)
            assert found is not None
            assert found.name == "Ada"


class DryFirst(Scenario):
    """Each mutation is first sent as a dry run."""

    async def send(self, mutation: str, payload: str, **given: Any) -> Any:
        """The payload of the real mutation, after that of the dry run was checked."""
        if mutation not in self.sent:
            async with nothing_written(self.runtime), dry_run(self.runtime) as rolled_back:
                dry = Scenario(rolled_back)
                dry.caller = Caller(rolled_back, self.caller.actor)
                answer = await dry.send(mutation, payload, **given)
            assert not payload or answer[payload.split()[0]] not in (None, []), mutation
        return await super().send(mutation, payload, **given)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_every_mutation(runtime: Runtime) -> None:
    """Each has a payload without errors, and changes no row of any table."""
    scenario = DryFirst(runtime)
    ids = await sign_up(scenario)
    line = {"serviceKind": "telephony", "login": "ada", "quantity": "5", "unit": "minute"}
    async with nothing_written(runtime), dry_run(runtime) as rolled_back:
        usage = await Caller(rolled_back, ANA)(USAGE, input=[line | {"reference": "dry"}])
    assert (len(usage["recordUsage"]["events"]), usage["recordUsage"]["errors"]) == (1, [])
    await change_accounts(scenario, ids)
    await change_many_accounts(scenario, ids)
    await change_notes_and_contacts(scenario, ids)
    await change_deferred_actions(scenario, ids)
    await bill_and_collect(scenario, ids)
    await change_webhooks(scenario, ids)
    await import_files(scenario)
    await change_users_and_tokens(scenario)
    assert scenario.sent == set(MUTATIONS)
