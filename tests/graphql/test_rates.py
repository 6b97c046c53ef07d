"""Rate limits: buckets of points in memory and in Redis, and what an empty one answers."""

import asyncio
from collections.abc import AsyncIterator
from random import Random
from time import process_time
from typing import Any
from uuid import uuid4

import httpx
import pytest
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from tenure.graphql.http import rates
from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.context import Context
from tenure.graphql.http.options import EndpointOptions
from tenure.graphql.http.rates import (
    MemoryBuckets,
    RateCharge,
    RateLimit,
    RateLimiter,
    RedisBuckets,
)
from tenure.graphql.http.schema import schema
from tenure.kernel import outages
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.services import REDIS, REDIS_URL

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
ACCOUNTS = "{ accounts { nodes { id } } }"
CREATE = 'mutation { createAccount(input: {name: "Ada"}) { account { number } } }'
# Nothing is restored while a test runs.
SLOW = 0.001
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def authenticate(connection: HTTPConnection) -> Actor | None:
    """The name in the header."""
    name = connection.headers.get("authorization")
    return Actor(name, Role.ADMIN) if name else None


def client_of(runtime: Runtime, limiter: RateLimiter) -> httpx.AsyncClient:
    """A client of an endpoint with this limiter, whose caller is Ana."""
    endpoint = graphql_app(runtime, authenticate, None, EndpointOptions(limiter))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(endpoint),
        base_url="http://tenure",
        headers={"authorization": ANA.name},
    )


@pytest.fixture
async def redis() -> AsyncIterator[Redis]:
    """A client of Redis."""
    REDIS.need()
    client = Redis.from_url(REDIS_URL)
    yield client
    await client.aclose()


async def send(client: httpx.AsyncClient, query: str, accept: str = JSON, **headers: str) -> Any:
    return await client.post("/", json={"query": query}, headers={"accept": accept, **headers})


async def test_a_bucket_regains_points(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(rates, "monotonic", lambda: now)
    buckets = MemoryBuckets(RateLimit(100, 10))
    assert await buckets.take("ana", 70) == RateCharge(70, 100, 30, 10)
    assert await buckets.take("ana", 31) == RateCharge(31, 100, 30, 10, retry_after=1)
    assert await buckets.take("ana", 100) == RateCharge(100, 100, 30, 10, retry_after=7)
    assert await buckets.take("bob", 100) == RateCharge(100, 100, 0, 10)
    now += 7
    assert await buckets.take("ana", 100) == RateCharge(100, 100, 0, 10)
    now += 1000
    assert await buckets.take("ana", 1) == RateCharge(1, 100, 99, 10)
    assert (buckets.rejected, buckets.unavailable) == (2, 0)


async def test_redis_takes_the_same(redis: Redis) -> None:
    random, name = Random(5), uuid4().hex
    shared, own = RedisBuckets(RateLimit(100, SLOW), redis), MemoryBuckets(RateLimit(100, SLOW))
    for _ in range(60):
        points = random.choice([1, 5, 20, 101])
        assert await shared.take(name, points) == await own.take(name, points)
    assert shared.rejected == own.rejected > 0
    key = f"tenure:rate:{name}"
    assert 0 < await redis.ttl(key) <= 100 / SLOW + 1
    # Fifty seconds earlier, by the clock of Redis.
    faster = RedisBuckets(RateLimit(100, 1), redis)
    at = float(await redis.hget(key, "at") or 0)
    await redis.hset(key, mapping={"left": "10", "at": f"{at - 50:.6f}"})
    charge = await faster.take(name, 50)
    assert (charge.requested, charge.retry_after) == (50, None)
    assert 10 <= (charge.remaining or 0) <= 15
    await redis.delete(key)


@only_sqlite
async def test_servers_share_a_bucket(runtime: Runtime, redis: Redis) -> None:
    name = uuid4().hex
    limiters = [RedisBuckets(RateLimit(60, SLOW), redis) for _ in range(2)]
    remaining = []
    for limiter in limiters:
        async with client_of(runtime, limiter) as client:
            answer = await send(client, ACCOUNTS, authorization=name)
            remaining.append(answer.json()["extensions"]["cost"]["remaining"])
    assert remaining == [35, 10]
    await redis.delete(f"tenure:rate:{name}")


@only_sqlite
async def test_without_redis_operations_are_admitted(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One log line a minute, a metric, and no wait for each request."""
    reported: list[str] = []
    monkeypatch.setattr(
        outages.log, "error", lambda event, **_: reported.append(event), raising=False
    )
    monkeypatch.setattr(rates, "outage_log", outages.OutageLog())
    connection = Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.25)
    limiter = RedisBuckets(RateLimit(30, SLOW), connection)
    async with client_of(runtime, limiter) as client:
        for _ in range(3):
            answer = await send(client, ACCOUNTS)
            assert answer.json()["data"] == {"accounts": {"nodes": []}}
            assert answer.json()["extensions"]["cost"] == {
                "requested": 25,
                "limit": 30,
                "remaining": None,
                "restoreRate": SLOW,
            }
    await connection.aclose()
    assert (limiter.unavailable, limiter.rejected) == (3, 0)
    assert reported == ["rate limits are not applied: Redis is unavailable"]


@only_sqlite
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
@pytest.mark.parametrize("query", [ACCOUNTS, CREATE, "{ nothing }", "{"])
async def test_an_empty_bucket(runtime: Runtime, accept: str, query: str) -> None:
    """429, and nothing is carried out: of a first and of a known query, and of a mutation."""
    limiter = MemoryBuckets(RateLimit(50, 0.01))
    async with client_of(runtime, limiter) as client:
        for left in (25, 0):
            answer = await send(client, ACCOUNTS, accept)
            assert (answer.status_code, answer.json()["extensions"]) == (
                200,
                {"cost": {"requested": 25, "limit": 50, "remaining": left, "restoreRate": 0.01}},
            )
        async with nothing_written(runtime):
            refused = await send(client, query, accept)
    points = {ACCOUNTS: 25, CREATE: 11}.get(query, 1)
    seconds = 100 * points
    assert (refused.status_code, refused.headers["retry-after"]) == (429, str(seconds))
    assert refused.json() == {
        "errors": [
            {
                "message": (
                    f"The operation costs {points} points, and 0 are left. "
                    f"Send it again in {seconds} seconds."
                ),
                "extensions": {"code": "RATE_LIMITED", "retryAfter": seconds},
            }
        ],
        "extensions": {
            "cost": {"requested": points, "limit": 50, "remaining": 0, "restoreRate": 0.01}
        },
    }
    assert limiter.rejected == 1


@only_sqlite
async def test_a_key_is_free_again_after_a_rejection(runtime: Runtime) -> None:
    buckets = MemoryBuckets(RateLimit(11, SLOW))
    async with client_of(runtime, buckets) as client:
        await send(client, "{ viewer { name } }")
        refused = await send(client, CREATE, **{"idempotency-key": "k"})
        assert refused.status_code == 429
        buckets.buckets.clear()
        made = await send(client, CREATE, **{"idempotency-key": "k"})
        again = await send(client, CREATE, **{"idempotency-key": "k"})
    assert made.json()["data"]["createAccount"]["account"]["number"] is not None
    assert (again.content, again.headers["idempotency-replayed"]) == (made.content, "true")


@only_sqlite
async def test_an_operation_dearer_than_a_full_bucket(runtime: Runtime) -> None:
    async with client_of(runtime, MemoryBuckets(RateLimit(10, 1))) as client:
        answer = await send(client, ACCOUNTS, GRAPHQL)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "message": (
                "The operation costs 25 points, and at most 10 can be spent at once. "
                "Request smaller pages."
            ),
            "extensions": {"code": "QUERY_TOO_COMPLEX"},
        }
    ]


@only_sqlite
async def test_refused_requests_cost_a_point_and_the_anonymous_nothing(runtime: Runtime) -> None:
    limiter = MemoryBuckets(RateLimit(100, SLOW))
    async with client_of(runtime, limiter) as client:
        for body in (b"{", b'{"query": "{ nothing }"}', b'{"query": 5}'):
            answer = await client.post("/", content=body, headers={"content-type": JSON})
            assert answer.json()["errors"][0]["extensions"] == {"code": "INVALID"}
            assert answer.json()["extensions"]["cost"]["requested"] == 1
        anonymous = await send(client, ACCOUNTS, authorization="")
        assert set(anonymous.json()) == {"errors"}
    assert {name: int(it.left) for name, it in limiter.buckets.items()} == {ANA.name: 97}


@only_sqlite
async def test_operations_of_a_websocket_are_charged(runtime: Runtime) -> None:
    async def identify() -> Actor | None:
        return ANA

    limiter = MemoryBuckets(RateLimit(40, SLOW))
    context = Context(runtime, identify=identify, limiter=limiter)
    results = []
    for _ in range(2):
        stream = await schema.stream(ACCOUNTS, {}, context)
        results.append(await anext(stream))
        await stream.aclose()
    first, second = results
    assert (first.errors, first.extensions) == (
        None,
        {"cost": {"requested": 25, "limit": 40, "remaining": 15, "restoreRate": SLOW}},
    )
    assert [dict(it.extensions or {})["code"] for it in second.errors or ()] == ["RATE_LIMITED"]
    assert second.data is None


async def test_a_charge_in_memory_takes_microseconds() -> None:
    """0.05 ms of the processor here; at most ten times as much on a slower machine."""
    buckets = MemoryBuckets(RateLimit(10**9, 1000))
    begun = process_time()
    for place in range(2000):
        await buckets.take(f"caller {place % 50}", 25)
    assert process_time() - begun < 2000 * 0.0005
    await asyncio.sleep(0)
