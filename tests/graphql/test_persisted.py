"""Persisted operations: by hash, by GET, and only those of a manifest."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from tenure.graphql.http.app import Endpoint, graphql_app
from tenure.graphql.http.context import Context
from tenure.graphql.http.options import EndpointOptions
from tenure.graphql.http.persisted import PersistedOperations
from tenure.graphql.http.registered import digest_of, read_manifests
from tenure.graphql.http.schema import schema
from tenure.kernel.actor import Actor
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.services import REDIS, REDIS_URL

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GRAPHQL = "application/graphql-response+json"
ACCOUNTS = "query Q($n: Int) { accounts(first: $n) { totalCount } }"
CREATE = 'mutation { createAccount(input: {name: "Ada"}) { account { name } } }'
NO_ACCOUNTS = {"accounts": {"totalCount": 0}}


async def authenticate(connection: HTTPConnection) -> Actor | None:
    """Ana, or nobody."""
    return None if "x-anonymous" in connection.headers else ANA


def client_of(runtime: Runtime, operations: PersistedOperations) -> httpx.AsyncClient:
    """A client of an endpoint with these operations."""
    endpoint = graphql_app(runtime, authenticate, None, EndpointOptions(operations=operations))
    return httpx.AsyncClient(transport=httpx.ASGITransport(endpoint), base_url="http://tenure")


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an endpoint that registers queries."""
    async with client_of(runtime, PersistedOperations()) as made:
        yield made


def extensions(text: str) -> dict[str, Any]:
    """The extension of a persisted query."""
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}


async def post(client: httpx.AsyncClient, **content: Any) -> httpx.Response:
    return await client.post("/", json=content, headers={"accept": GRAPHQL})


async def get(client: httpx.AsyncClient, text: str, **more: str) -> httpx.Response:
    parameters = {"extensions": json.dumps(extensions(text)), **more}
    return await client.get("/", params=parameters, headers={"accept": GRAPHQL})


def code(response: httpx.Response) -> object:
    [error] = response.json()["errors"]
    return error["extensions"]["code"]


async def test_a_query_is_registered_by_its_first_request(client: httpx.AsyncClient) -> None:
    """As Apollo's clients do: hash, PERSISTED_QUERY_NOT_FOUND, hash and text, hash."""
    unknown = await post(client, extensions=extensions(ACCOUNTS), variables={"n": 1})
    assert (unknown.status_code, unknown.json()["errors"]) == (
        200,
        [
            {
                "message": "PersistedQueryNotFound",
                "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
            }
        ],
    )
    first = await post(client, query=ACCOUNTS, extensions=extensions(ACCOUNTS))
    second = await post(client, extensions=extensions(ACCOUNTS), variables={"n": 1})
    by_get = await get(client, ACCOUNTS, variables='{"n": 1}', operationName="Q")
    for answer in (first, second, by_get):
        assert (answer.status_code, answer.json()["data"]) == (200, NO_ACCOUNTS)
    costs = [it.json()["extensions"]["cost"]["requested"] for it in (first, second, by_get)]
    assert costs == [1, 1, 1]


async def test_a_persisted_query_is_known(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one is answered without the view, by POST and by GET."""
    await post(client, query=ACCOUNTS, extensions=extensions(ACCOUNTS))
    monkeypatch.setattr(Endpoint, "run", None)
    for answer in (
        await post(client, extensions=extensions(ACCOUNTS)),
        await get(client, ACCOUNTS),
    ):
        assert answer.json()["data"] == NO_ACCOUNTS


@pytest.mark.parametrize(
    "sent",
    [
        5,
        {},
        {"version": 2, "sha256Hash": "a"},
        {"sha256Hash": "a"},
        {"version": 1},
        {"version": 1, "sha256Hash": 5},
        {"version": 1, "sha256Hash": ""},
        {"version": 1, "sha256Hash": "a" * 129},
        {"version": 1, "sha256Hash": digest_of("{ other }")},
    ],
)
async def test_hashes_that_are_refused(client: httpx.AsyncClient, sent: object) -> None:
    answer = await post(client, query=ACCOUNTS, extensions={"persistedQuery": sent})
    assert (answer.status_code, code(answer)) == (400, "INVALID")
    assert code(await post(client, extensions=extensions(ACCOUNTS))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"query": "{ viewer { name } }"}, 405),
        ({"extensions": "{}"}, 405),
        ({"extensions": "{"}, 400),
        ({"extensions": "5"}, 405),
        ({"extensions": json.dumps(extensions(ACCOUNTS)), "query": ACCOUNTS}, 405),
        ({"extensions": json.dumps(extensions(ACCOUNTS)), "variables": "{"}, 400),
        ({"extensions": json.dumps(extensions(ACCOUNTS)), "variables": "[]"}, 400),
        ({"extensions": json.dumps(extensions(ACCOUNTS)), "operationName": "q" * 101}, 400),
    ],
)
async def test_other_requests_by_get(
    client: httpx.AsyncClient, parameters: dict[str, str], status: int
) -> None:
    await post(client, query=ACCOUNTS, extensions=extensions(ACCOUNTS))
    answer = await client.get("/", params=parameters)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["extensions"] == {"code": "INVALID"}
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)


async def test_no_mutation_by_get(client: httpx.AsyncClient, runtime: Runtime) -> None:
    async with nothing_written(runtime):
        operations = PersistedOperations()
        operations.texts[digest_of(CREATE)] = CREATE
        async with client_of(runtime, operations) as other:
            answer = await get(other, CREATE)
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    by_post = await post(client, query=CREATE, extensions=extensions(CREATE))
    assert by_post.json()["data"] == {"createAccount": {"account": {"name": "Ada"}}}


async def test_the_anonymous_learn_nothing(client: httpx.AsyncClient) -> None:
    await post(client, query=ACCOUNTS, extensions=extensions(ACCOUNTS))
    for text in (ACCOUNTS, "{ other }"):
        parameters = {"extensions": json.dumps(extensions(text))}
        answer = await client.get("/", params=parameters, headers={"x-anonymous": "1"})
        assert answer.json() == {
            "errors": [{"message": "Sign in first.", "extensions": {"code": "UNAUTHENTICATED"}}]
        }


async def test_the_memory_is_bounded(runtime: Runtime) -> None:
    operations = PersistedOperations()
    texts = [f"{{ viewer {{ name }} }} # {number} {'x' * 90_000}" for number in range(30)]
    async with client_of(runtime, operations) as client:
        for text in texts:
            answer = await post(client, query=text, extensions=extensions(text))
            assert answer.json()["data"] == {"viewer": {"name": ANA.name}}
        long = f"{{ viewer {{ name }} }} # {'x' * 100_000}"
        assert code(await post(client, query=long, extensions=extensions(long))) == (
            "QUERY_TOO_COMPLEX"
        )
    assert operations.texts.currsize <= 2_000_000
    assert (digest_of(texts[-1]) in operations.texts, digest_of(texts[0]) in operations.texts) == (
        True,
        False,
    )
    assert digest_of(long) not in operations.texts


async def test_servers_share_queries_in_redis(runtime: Runtime) -> None:
    REDIS.need()
    redis = Redis.from_url(REDIS_URL)
    text = "{ accounts { totalCount } } # shared"
    key = f"tenure:query:{digest_of(text)}"
    try:
        async with client_of(runtime, PersistedOperations(None, redis)) as client:
            await post(client, query=text, extensions=extensions(text))
        async with client_of(runtime, PersistedOperations(None, redis)) as client:
            answer = await post(client, extensions=extensions(text))
            assert answer.json()["data"] == NO_ACCOUNTS
        await redis.set(key, "{ viewer { name } }")
        async with client_of(runtime, PersistedOperations(None, redis)) as client:
            forged = await post(client, extensions=extensions(text))
            assert code(forged) == "PERSISTED_QUERY_NOT_FOUND"
    finally:
        await redis.delete(key)
        await redis.aclose()


async def test_without_redis_queries_are_registered_again(runtime: Runtime) -> None:
    redis = Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.25)
    async with client_of(runtime, PersistedOperations(None, redis)) as client:
        unknown = await post(client, extensions=extensions(ACCOUNTS))
        assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
        await post(client, query=ACCOUNTS, extensions=extensions(ACCOUNTS))
        assert (await post(client, extensions=extensions(ACCOUNTS))).json()["data"] == NO_ACCOUNTS
    await redis.aclose()


APOLLO = {
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{"id": "first", "body": ACCOUNTS, "name": "Q", "type": "query"}],
}


@pytest.mark.parametrize("manifest", [APOLLO, {"first": ACCOUNTS}])
async def test_only_the_operations_of_the_manifest(
    runtime: Runtime, tmp_path: Path, manifest: dict[str, object]
) -> None:
    """By id, by hash, and by text, over HTTP and over WebSocket."""
    path = tmp_path / "operations.json"
    path.write_bytes(orjson.dumps(manifest))
    registered = read_manifests([path])
    by_id = {"persistedQuery": {"version": 1, "sha256Hash": "first"}}
    async with (
        client_of(runtime, PersistedOperations(registered)) as client,
        nothing_written(runtime),
    ):
        for content in (
            {"extensions": by_id},
            {"extensions": extensions(ACCOUNTS)},
            {"query": ACCOUNTS},
            {"query": ACCOUNTS, "extensions": extensions(ACCOUNTS)},
        ):
            answer = await post(client, **content)
            assert answer.json()["data"] == NO_ACCOUNTS, content
        for content in (
            {"query": CREATE},
            {"query": CREATE, "extensions": by_id},
            {"query": CREATE, "extensions": extensions(CREATE)},
            {"query": "{ __schema { queryType { name } } }"},
            {"extensions": extensions(CREATE)},
            {},
        ):
            refused = await post(client, **content)
            assert (refused.status_code, code(refused)) == (400, "OPERATION_NOT_REGISTERED")

    async def identify() -> Actor | None:
        return ANA

    context = Context(runtime, identify=identify, registered=registered)
    for text, expected in ((ACCOUNTS, None), (CREATE, "OPERATION_NOT_REGISTERED")):
        stream = await schema.stream(text, {}, context)
        result = await anext(stream)
        await stream.aclose()
        assert [dict(it.extensions or {}).get("code") for it in result.errors or ()] == (
            [expected] if expected else []
        )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory."),
        ("{", "cannot be read: "),
        ("[]", "is no manifest"),
        ("{}", "is no manifest"),
        ('{"a": 5}', "is no manifest"),
        ('{"format": "apollo-persisted-query-manifest", "operations": [5]}', "is no manifest"),
        ('{"format": "apollo-persisted-query-manifest"}', "is no manifest"),
    ],
)
def test_manifests_that_are_refused(
    tmp_path: Path, content: str | None, message: str, database_url: str
) -> None:
    path = tmp_path / "operations.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigurationError) as refusal:
        read_manifests([path])
    assert str(refusal.value).startswith(f"TENURE_OPERATIONS: {path} {message}")
