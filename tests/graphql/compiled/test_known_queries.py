"""A query that was sent before is answered without Strawberry's view, with the same response."""

import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import httpx
import orjson
import pytest
from starlette.requests import HTTPConnection

from tenure.graphql.http.app import Endpoint, graphql_app
from tenure.graphql.http.documents import VALIDATED_DOCUMENTS
from tenure.graphql.http.request_limits import COSTS
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tests.conftest import ANA
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, REFERENCE
from tests.graphql.compiled.random_rows import add_random_rows
from tests.graphql.inputs import CURSORS, IDS, INSTANTS, INTEGERS, TEXTS

pytestmark = IGNORE_UNAWAITED
DOCUMENT = """query Q(
  $first: Int, $after: String, $filter: AccountFilter, $id: ID, $all: Boolean = true
) {
  accounts(first: $first, after: $after, filter: $filter, sort: NAME_ASC) {
    nodes { name email @include(if: $all) } pageInfo { hasNextPage endCursor }
  }
  account(id: $id) { number children(first: $first) { totalCount } }
}"""
VALUES: dict[str, list[Any]] = {
    "first": [*INTEGERS, 3, None, "3", True, [], {}],
    "after": [*CURSORS, None, 5],
    "id": [*IDS, "QWNjb3VudDox", "QmlsbDox", None],
    "all": [True, False, None, 0, "true"],
    "filter": [
        None,
        {},
        [],
        "x",
        {"search": "a"},
        {"search": None},
        {"search": ["a"]},
        {"unknown": 1},
        {"status": "ACTIVE"},
        {"status": ["NONE"]},
        {"status": ["ACTIVE"] * 101},
        {"rank": [None]},
        {"below": "QmlsbDox"},
        {"below": 7},
        {"heldBy": ["DEBT"], "hasOverdue": "no"},
        {"hasOverdue": False},
        *({"search": text} for text in TEXTS),
    ],
    "unknown": [1, INSTANTS],
}


@pytest.fixture
async def endpoint(runtime: Runtime) -> Endpoint:
    """The endpoint, whose only caller is Ana."""

    async def authenticate(_: HTTPConnection) -> Actor | None:
        return ANA

    VALIDATED_DOCUMENTS.clear()
    COSTS.clear()
    return graphql_app(runtime, authenticate)


@pytest.fixture
async def client(endpoint: Endpoint) -> AsyncIterator[httpx.AsyncClient]:
    """Sends requests to the endpoint."""
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as made:
        yield made


async def post(client: httpx.AsyncClient, content: object, **headers: str) -> tuple[object, ...]:
    """Status, content type and body of a response."""
    body = content if isinstance(content, bytes) else orjson.dumps(content)
    headers = {"content-type": "application/json", **headers}
    response = await client.post("/", content=body, headers=headers)
    shown = REFERENCE.sub(b"reference", response.content)
    return response.status_code, sorted(response.headers.items()), shown


@pytest.mark.parametrize("accept", ["*/*", "application/graphql-response+json"])
async def test_the_second_response_equals_the_first(
    endpoint: Endpoint,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    accept: str,
) -> None:
    variables = {"first": 2, "id": "QWNjb3VudDox"}
    content = {"query": DOCUMENT, "variables": variables, "operationName": "Q"}
    first = await post(client, content, accept=accept)
    monkeypatch.setattr(Endpoint, "run", None)  # The view is not called again.
    assert await post(client, content, accept=accept) == first
    assert (endpoint.compiled.compiled, endpoint.compiled.fallbacks) == (2, {})


async def test_variables_of_any_kind_have_the_same_response(
    runtime: Runtime, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_random_rows(runtime.database, Random(1))
    random = Random(1)
    given = [{name: it} for name, values in VALUES.items() for it in values]
    given += [
        {name: random.choice(it) for name, it in VALUES.items() if random.random() < 0.4}
        for _ in range(60)
    ]
    contents = [_encoded({"query": DOCUMENT, "variables": it}) for it in given]
    known = [await post(client, it) for it in contents for _ in range(2)][1::2]
    monkeypatch.setattr("tenure.graphql.http.app.known_query", lambda *_: None)
    monkeypatch.setattr("tenure.graphql.compiled.operations.CompiledReads.answer", _never)
    normal = [await post(client, it) for it in contents]
    different = [it for it, one, other in zip(contents, known, normal, strict=True) if one != other]
    assert different == []


async def test_costs_are_those_of_the_variables_of_the_request(client: httpx.AsyncClient) -> None:
    pages = (
        "query($n: Int, $s: [Status!]) { accounts(first: 100, filter: {status: $s}) { "
        "nodes { children(first: $n) "
    )
    pages += "{ nodes { services { nodes { id } } } } } } }"
    small, large, invalid = (
        {"query": pages, "variables": it} for it in ({"n": 1}, {"n": 100}, {"n": 100, "s": ["X"]})
    )
    for content, word in ((small, b"data"), (invalid, b"INVALID"), (large, b"TOO_COMPLEX")) * 2:
        *_, body = await post(client, content)
        assert word in bytes(str(body), "utf-8")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"query": 5}',
        {"query": DOCUMENT, "variables": []},
        {"query": DOCUMENT, "operationName": 5},
        {"query": DOCUMENT, "operationName": "None"},
        {"query": DOCUMENT, "operationName": "x" * 101},
        {"query": DOCUMENT, "extensions": {}},
        {"query": DOCUMENT, "more": 1},
    ],
)
async def test_other_bodies_are_left_to_the_view(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, content: object
) -> None:
    await post(client, {"query": DOCUMENT})
    known = await post(client, content)
    monkeypatch.setattr("tenure.graphql.http.app.known_query", lambda *_: None)
    assert await post(client, content) == known


def _encoded(content: dict[str, Any]) -> bytes:
    """JSON that orjson would not write, such as unpaired surrogates and large numbers."""
    return json.dumps(content).encode()


async def _never(*_: object) -> None:
    return None
