"""Operations over Server-Sent Events: what is sent, and what is refused."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.sse import MAX_STREAMS
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.test_persisted import extensions

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

EVENTS = "text/event-stream"
VIEWER = "{ viewer { name } }"
CREATE = 'mutation { createAccount(input: {name: "Ada"}) { account { name } } }'
COST = {"cost": {"requested": 1, "limit": None, "remaining": None, "restoreRate": None}}


async def authenticate(connection: HTTPConnection) -> Actor | None:
    """Ana, or nobody."""
    return None if "x-anonymous" in connection.headers else ANA


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client that receives a whole stream at once."""
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    headers = {"accept": EVENTS}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://tenure", headers=headers
    ) as made:
        yield made


def events_of(response: httpx.Response) -> list[tuple[str, Any]]:
    """The events of a stream: name and data."""
    found = []
    for block in response.text.split("\r\n\r\n")[:-1]:
        name, data = block.split("\r\n")
        text = data.removeprefix("data: ")
        found.append((name.removeprefix("event: "), json.loads(text) if text else None))
    return found


async def post(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post("/", json={"query": query}, headers=headers)


async def test_a_query_has_one_answer(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        answer = await post(client, VIEWER)
        assert (answer.status_code, answer.headers["content-type"]) == (200, EVENTS)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        assert events_of(answer) == [
            ("next", {"data": {"viewer": {"name": ANA.name}}, "extensions": COST}),
            ("complete", None),
        ]


async def test_a_mutation_is_carried_out_once(client: httpx.AsyncClient) -> None:
    [(_, result), _] = events_of(await post(client, CREATE))
    assert result["data"] == {"createAccount": {"account": {"name": "Ada"}}}
    counted = await post(client, "{ accounts { totalCount } }", accept="application/json")
    assert counted.json()["data"] == {"accounts": {"totalCount": 1}}


async def test_a_persisted_query_by_get(client: httpx.AsyncClient) -> None:
    """As the EventSource of a browser sends it."""
    body = {"query": VIEWER, "extensions": extensions(VIEWER)}
    await client.post("/", json=body, headers={"accept": "application/json"})
    answer = await client.get("/", params={"extensions": json.dumps(extensions(VIEWER))})
    assert [name for name, _ in events_of(answer)] == ["next", "complete"]


async def test_a_document_that_is_refused(client: httpx.AsyncClient) -> None:
    [(name, result), end] = events_of(await post(client, "{ nothing }"))
    assert (name, end, set(result)) == ("next", ("complete", None), {"errors", "extensions"})
    assert result["errors"][0]["extensions"] == {"code": "INVALID"}


@pytest.mark.parametrize("header", ["idempotency-key", "tenure-dry-run"])
async def test_no_key_and_no_dry_run(
    client: httpx.AsyncClient, runtime: Runtime, header: str
) -> None:
    """Both concern one answer. Ignored, they would execute what the client does not want."""
    async with nothing_written(runtime):
        answer = await post(client, CREATE, **{header: "true"})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (400, {"code": "INVALID"})


async def test_the_anonymous(client: httpx.AsyncClient) -> None:
    answer = await post(client, VIEWER, **{"x-anonymous": "1"})
    assert (answer.status_code, answer.json()) == (
        401,
        {"errors": [{"message": "Sign in first.", "extensions": {"code": "UNAUTHENTICATED"}}]},
    )


async def test_a_caller_has_so_many_streams(runtime: Runtime) -> None:
    endpoint = graphql_app(runtime, authenticate)
    endpoint.streams.by_name[ANA.name] = MAX_STREAMS
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as client:
        refused = await post(client, VIEWER, accept=EVENTS)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        endpoint.streams.by_name[ANA.name] -= 1
        assert (await post(client, VIEWER, accept=EVENTS)).status_code == 200
    assert endpoint.streams.by_name[ANA.name] == MAX_STREAMS - 1
