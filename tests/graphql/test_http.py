"""GraphQL over HTTP: methods, media types, status codes, bodies that are no request."""

from collections.abc import AsyncIterator
from unittest.mock import Mock

import httpx
import orjson
import pytest
from starlette.requests import HTTPConnection, Request

from tenure.graphql.http.app import graphql_app
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tests.conftest import ANA

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


def cost(requested: int = 1) -> dict[str, object]:
    """The extensions of an answer without rate limits."""
    bucket = {"limit": None, "remaining": None, "restoreRate": None}
    return {"cost": {"requested": requested, **bucket}}


async def authenticate(request: HTTPConnection) -> Actor | None:
    """Ana is whoever says so."""
    return ANA if request.headers.get("authorization") == "Bearer ana" else None


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the endpoint without a network."""
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    headers = {"authorization": "Bearer ana"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://tenure", headers=headers
    ) as made:
        yield made


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL};q=0, {JSON}", JSON),
        ("text/html", JSON),
    ],
)
async def test_media_types(client: httpx.AsyncClient, accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"accept": accept}
    response = await client.post("/", json={"query": "{ viewer { name } }"}, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (
        200,
        f"{media_type}; charset=utf-8",
    )
    assert response.content == (
        b'{"data":{"viewer":{"name":"ana@example.com"}},"extensions":{"cost":'
        b'{"requested":1,"limit":null,"remaining":null,"restoreRate":null}}}'
    )


@pytest.mark.parametrize(
    ("document", "code", "status"),
    [
        ("{ nothing }", "INVALID", 400),
        ("{", "INVALID", 400),
        ("{ viewer { " + "name " * 2000 + "} }", "QUERY_TOO_COMPLEX", 400),
    ],
)
async def test_requests_that_are_refused(
    client: httpx.AsyncClient, document: str, code: str, status: int
) -> None:
    for accept, expected in ((JSON, 200), (GRAPHQL, status)):
        response = await client.post("/", json={"query": document}, headers={"accept": accept})
        assert response.status_code == expected
        answer = response.json()
        assert (set(answer), answer["extensions"]) == ({"errors", "extensions"}, cost())
        assert answer["errors"][0]["extensions"] == {"code": code}


async def test_nobody_is_refused(client: httpx.AsyncClient) -> None:
    for accept, expected in ((JSON, 200), (GRAPHQL, 401)):
        headers = {"accept": accept, "authorization": ""}
        response = await client.post("/", json={"query": "{ viewer { name } }"}, headers=headers)
        assert response.status_code == expected
        assert response.json() == {
            "errors": [{"message": "Sign in first.", "extensions": {"code": "UNAUTHENTICATED"}}]
        }


@pytest.mark.parametrize("key", [{}, {"idempotency-key": "k"}])
@pytest.mark.parametrize(
    "body", [b"{", b'{"query": "{"}', b'{"query": "mutation { nonsense }"}', b"x" * 1_000_000]
)
async def test_nothing_of_nobodys_request_is_read(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, body: bytes, key: dict[str, str]
) -> None:
    """Rules 10: UNAUTHENTICATED before the document is parsed, with an Idempotency-Key too."""
    monkeypatch.setattr(Request, "body", Mock(side_effect=AssertionError("read")))
    headers = {"content-type": JSON, "accept": GRAPHQL, "authorization": ""} | key
    response = await client.post("/", content=body, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (
        401,
        f"{GRAPHQL}; charset=utf-8",
    )
    assert response.json() == {
        "errors": [{"message": "Sign in first.", "extensions": {"code": "UNAUTHENTICATED"}}]
    }


async def test_several_operations_need_a_name(client: httpx.AsyncClient) -> None:
    """Nothing is carried out, with or without an Idempotency-Key; with a name the named one is."""
    create = (
        'mutation %s { createAccount(input: {name: "Ada", number: "%s"}) { account { number } } }'
    )
    body = {"query": f"{create % ('A', 'N-1')} {create % ('B', 'N-2')}"}
    for headers in ({}, {"idempotency-key": "k"}):
        response = await client.post("/", json=body, headers={"accept": GRAPHQL, **headers})
        assert (response.status_code, response.json()) == (
            400,
            {
                "errors": [
                    {
                        "message": (
                            "The document has several operations. Name one of them in "
                            "`operationName`."
                        ),
                        "extensions": {"code": "INVALID"},
                    }
                ],
                "extensions": cost(),
            },
        )
    response = await client.post("/", json=body | {"operationName": "B"})
    assert response.json() == {
        "data": {"createAccount": {"account": {"number": "N-2"}}},
        "extensions": cost(11),
    }
    found = await client.post("/", json={"query": "{ accounts { nodes { number } } }"})
    assert found.json() == {
        "data": {"accounts": {"nodes": [{"number": "N-2"}]}},
        "extensions": cost(25),
    }


async def test_an_error_of_a_field_keeps_the_data(client: httpx.AsyncClient) -> None:
    for document, data in (
        ("{ account { id } viewer { name } }", {"account": None, "viewer": {"name": ANA.name}}),
    ):
        response = await client.post("/", json={"query": document}, headers={"accept": GRAPHQL})
        assert (response.status_code, response.json()["data"]) == (200, data)
    response = await client.post(
        "/", json={"query": "{ accounts(first: -1) { totalCount } }"}, headers={"accept": GRAPHQL}
    )
    assert (response.status_code, response.json()["data"]) == (200, None)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/", params={"query": "{ viewer { name } }"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
async def test_other_content_types(client: httpx.AsyncClient, kind: str) -> None:
    body = b'{"query": "{ viewer { name } }"}'
    response = await client.post("/", content=body, headers={"content-type": kind})
    assert response.status_code == 415
    assert response.json()["errors"][0]["extensions"] == {"code": "INVALID"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"5",
        b'"x"',
        b"null",
        b"{}",
        b"[]",
        b'[{"query": "{ viewer { name } }"}]',
        b'{"query": 5}',
        b'{"query": "{ viewer { name } }", "variables": []}',
        b'{"query": "{ viewer { name } }", "operationName": {}}',
        b'{"query": "{ viewer { name } }", "operationName": "' + b"q" * 101 + b'"}',
        b'{"query": "{ viewer { name } }", "operationName": "Other"}',
        b'{"query": "\xff"}',
        b'{"query": "fragment A on Viewer { name }"}',
        b'{"query": "subscription { viewer { name } }"}',
    ],
)
async def test_bodies_that_are_no_request(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(
        "/", content=body, headers={"content-type": JSON, "accept": GRAPHQL}
    )
    assert response.status_code == 400
    assert response.headers["content-type"].startswith((JSON, GRAPHQL))
    assert response.json()["errors"][0]["extensions"] == {"code": "INVALID"}


async def test_variables_and_operation_name(client: httpx.AsyncClient) -> None:
    document = (
        "query A { viewer { name } } query B($yes: Boolean!) { "
        "clock { today @include(if: $yes) isSet } }"
    )
    body = {"query": document, "variables": {"yes": True}, "operationName": "B"}
    response = await client.post(
        "/", content=orjson.dumps(body), headers={"content-type": "application/json; charset=utf-8"}
    )
    assert response.json() == {
        "data": {"clock": {"today": "2026-11-10", "isSet": True}},
        "extensions": cost(),
    }
