"""Responses without Strawberry's view equal those of the view: status, headers and body.

Each request is sent twice, so that the second one has a known query, and once to the view alone.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx
import orjson
import pytest
from starlette.requests import HTTPConnection

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.app import Endpoint, graphql_app
from tenure.graphql.http.documents import VALIDATED_DOCUMENTS
from tenure.graphql.http.request_limits import COSTS
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tests.conftest import ANA
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, REFERENCE, keep_plans
from tests.graphql.compiled.random_rows import add_random_rows
from tests.graphql.compiled.test_page_queries import document_of, queries, requests

pytestmark = IGNORE_UNAWAITED
QUERY = "query Q($first: Int) { accounts(first: $first) { nodes { name } } }"
SEVERAL = "query A { viewer { name } } query B { viewer { role } }"
PAGES = """query($first: Int) { accounts(first: 100) { nodes { children(first: 90) { nodes {
  services(first: $first) { nodes { id } } } } } } }"""
MUTATION = 'mutation { setClock(input: {now: "x"}) { clock { now } } }'
GRAPHQL = "application/graphql-response+json"
KNOWN = {"query": QUERY, "variables": {"first": 2}, "operationName": "Q"}
BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{",
    "text": b'"text"',
    "null": b"null",
    "number": b"1",
    "array": b"[]",
    "batch": orjson.dumps([KNOWN, KNOWN]),
    "byte order mark": b"\xef\xbb\xbf" + orjson.dumps(KNOWN),
    "UTF-16": orjson.dumps(KNOWN).decode().encode("utf-16"),
    "Latin-1": '{"query": "{ account(number: \\"Zoé\\") { name } }"}'.encode("latin-1"),
    "not a number": b'{"query": "{ __typename }", "variables": {"first": NaN}}',
    "key twice": b'{"query": "{ __typename }", "query": "{ viewer { name } }"}',
    "other key": orjson.dumps({**KNOWN, "more": 1}),
    "extensions": orjson.dumps({**KNOWN, "extensions": {"a": 1}}),
    "no query": orjson.dumps({"variables": {}}),
    "query null": orjson.dumps({"query": None}),
    "query number": orjson.dumps({"query": 1}),
    "query empty": orjson.dumps({"query": ""}),
    "syntax error": orjson.dumps({"query": "{"}),
    "unknown field": orjson.dumps({"query": "{ nonsense }"}),
    "variables null": orjson.dumps({"query": QUERY, "variables": None}),
    "variables array": orjson.dumps({"query": QUERY, "variables": []}),
    "variables text": orjson.dumps({"query": QUERY, "variables": "x"}),
    "variable null": orjson.dumps({"query": QUERY, "variables": {"first": None}}),
    "variable of wrong type": orjson.dumps({"query": QUERY, "variables": {"first": "2"}}),
    "variable unknown": orjson.dumps({"query": QUERY, "variables": {"second": 2}}),
    "variable too large": orjson.dumps({"query": QUERY, "variables": {"first": 2**40}}),
    "page too large": orjson.dumps({"query": QUERY, "variables": {"first": 101}}),
    "name null": orjson.dumps({"query": QUERY, "operationName": None}),
    "name empty": orjson.dumps({"query": QUERY, "operationName": ""}),
    "name unknown": orjson.dumps({"query": QUERY, "operationName": "R"}),
    "name number": orjson.dumps({"query": QUERY, "operationName": 1}),
    "name too long": orjson.dumps({"query": QUERY, "operationName": "x" * 101}),
    "several, none named": orjson.dumps({"query": SEVERAL}),
    "several, one named": orjson.dumps({"query": SEVERAL, "operationName": "B"}),
    "not costly": orjson.dumps({"query": PAGES, "variables": {"first": 1}}),
    "costly": orjson.dumps({"query": PAGES, "variables": {"first": 2}}),
    "unpaired surrogate": (
        b'{"query": "query($a: String) { __typename }", "variables": {"a": "\\ud800"}}'
    ),
    "NUL": orjson.dumps({"query": QUERY, "variables": {"first": 2, "other": "\0"}}),
    "mutation": orjson.dumps({"query": MUTATION}),
    "subscription": orjson.dumps({"query": "subscription { events { id } }"}),
    "introspection": orjson.dumps({"query": "{ __schema { queryType { name } } }"}),
    "with a resolver": orjson.dumps({"query": "{ clock { now } accounts { totalCount } }"}),
    "missing": orjson.dumps({"query": '{ account(number: "none") { name } }'}),
}
HEADERS: dict[str, dict[str, str]] = {
    "graphql": {"accept": GRAPHQL},
    "any": {"accept": "*/*"},
    "none of ours": {"accept": "text/html"},
    "not graphql": {"accept": f"{GRAPHQL};q=0, application/json"},
    "incremental": {"accept": "multipart/mixed;deferSpec=20220824"},
    "streamed": {"accept": "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"},
    "charset": {"content-type": "application/json; charset=latin-1"},
    "case": {"content-type": "Application/JSON"},
    "text": {"content-type": "text/plain"},
    "form": {"content-type": "multipart/form-data; boundary=x"},
    "graphql body": {"content-type": "application/graphql"},
    "no content type": {"content-type": ""},
    "idempotent": {"idempotency-key": "one"},
    "long idempotency key": {"idempotency-key": "x" * 1000},
    "anonymous": {"x-anonymous": "yes"},
}


@dataclass(slots=True)
class Sameness:
    """Sends requests both ways. `seen` are the statuses of the responses."""

    endpoint: Endpoint
    client: httpx.AsyncClient
    seen: set[int] = field(default_factory=set)

    async def check(self, body: bytes, method: str = "POST", **headers: str) -> None:
        """Fails if the responses differ."""
        with pytest.MonkeyPatch.context() as view_alone:
            view_alone.setattr("tenure.graphql.http.app.known_query", lambda *_: None)
            view_alone.setattr(CompiledReads, "answer", _not_answered)
            normal = await self._send(body, method, headers)
        for _ in range(2):
            assert await self._send(body, method, headers) == normal, body
        self.seen.add(normal[0])

    async def _send(
        self, body: bytes, method: str, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        given = {"content-type": "application/json", **headers}
        response = await self.client.request(method, "/", content=body, headers=given)
        shown = REFERENCE.sub(b"reference", response.content)
        return response.status_code, response.headers.multi_items(), shown


async def _not_answered(*_: object) -> None:
    return None


@pytest.fixture
async def sameness(runtime: Runtime) -> AsyncIterator[Sameness]:
    """An endpoint with random rows, whose caller is Ana or nobody."""

    async def authenticate(connection: HTTPConnection) -> Actor | None:
        return None if "x-anonymous" in connection.headers else ANA

    await add_random_rows(runtime.database, Random(3))
    VALIDATED_DOCUMENTS.clear()
    COSTS.clear()
    endpoint = graphql_app(runtime, authenticate)
    keep_plans(endpoint.compiled)
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as client:
        yield Sameness(endpoint, client)


async def test_queries_of_the_page(sameness: Sameness) -> None:
    """The view is used only for queries that no statement answers, or that have an error."""
    texts = {"account": ["none"], "bill": ["none"]}
    for name, operation in queries().items():
        document = document_of(operation)
        for variables in list(requests(operation, texts))[:4]:
            content: dict[str, Any] = {
                "query": document,
                "variables": variables,
                "operationName": name,
            }
            await sameness.check(orjson.dumps(content), accept=GRAPHQL)
    assert sameness.seen == {200}
    assert sameness.endpoint.compiled.compiled > 100


async def test_bodies(sameness: Sameness) -> None:
    for body in BODIES.values():
        for accept in ("application/json", GRAPHQL):
            await sameness.check(body, accept=accept)
    assert sameness.seen == {200, 400}


async def test_headers_and_methods(sameness: Sameness) -> None:
    """Rules 10: an anonymous caller learns nothing, also of a known query."""
    await sameness.check(orjson.dumps(KNOWN))
    for headers in HEADERS.values():
        for name in ("variables null", "name unknown", "no JSON", "costly"):
            await sameness.check(BODIES[name], **headers)
            await sameness.check(BODIES[name], **{"accept": GRAPHQL, **headers})
    for method in ("GET", "PUT", "HEAD", "OPTIONS"):
        await sameness.check(orjson.dumps(KNOWN), method)
    assert sameness.seen == {200, 400, 401, 405, 415}
