"""Operations that take too long: they are ended in the database too, and nothing is half done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import HTTPConnection

from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.options import EndpointOptions
from tenure.kernel import unit
from tenure.kernel.actor import Actor
from tenure.kernel.db import Database
from tenure.kernel.timeouts import OperationTimeoutError, TimeLimit
from tenure.kernel.unit import Runtime, Unit
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.waiting import PATIENCE, wait_for

GRAPHQL = "application/graphql-response+json"
ACCOUNTS = "{ accounts { nodes { name } } }"
CREATE = 'mutation { createAccount(input: {name: "Ada"}) { account { name } } }'
TWO = CREATE.replace("createAccount", "a: createAccount").replace(
    "} } }", '} } b: createAccount(input: {name: "Bob"}) { account { name } } }'
)
ENDLESS = {
    True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    False: "SELECT pg_sleep(600)",
}
# Seconds; long enough for the work of an operation that is not held up, on a busy machine.
LIMIT = 1.5
TIMEOUT = {
    "errors": [
        {
            "message": (
                "The operation took too long and was ended. Nothing was changed. Request less at "
                "once, or try again later."
            ),
            "extensions": {"code": "TIMEOUT"},
        }
    ]
}


async def authenticate(_: HTTPConnection) -> Actor | None:
    return ANA


@asynccontextmanager
async def client_of(runtime: Runtime, seconds: float) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an endpoint with this time limit."""
    endpoint = graphql_app(runtime, authenticate, None, EndpointOptions(seconds=seconds))
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url="http://tenure") as client:
        yield client


async def send(client: httpx.AsyncClient, query: str, accept: str = GRAPHQL) -> Any:
    return await client.post("/", json={"query": query}, headers={"accept": accept})


async def test_the_statement_ends_and_the_connection_can_be_used(database: Database) -> None:
    """The only connection of the pool is free again at once."""
    small = Database(str(database.url.render_as_string(hide_password=False)), pool_size=1)
    for open_session in (small.reading, small.writing):
        with pytest.raises(OperationTimeoutError):
            async with TimeLimit(0.1), open_session() as session:
                await session.execute(text(ENDLESS[small.is_sqlite]))
        async with open_session() as session:
            assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    if not small.is_sqlite:
        with pytest.raises(OperationTimeoutError):
            async with TimeLimit(0.1):
                await small.fetch_row(ENDLESS[False], ())
        running = "SELECT count(*)::text FROM pg_stat_activity WHERE query = $1 AND state = $2"

        async def is_ended() -> bool:
            return await small.fetch_row(running, (ENDLESS[False], "active")) == ("0",)

        await wait_for(is_ended, PATIENCE, "The statement still runs.")
    await small.close()


@asynccontextmanager
async def locked(database: Database) -> AsyncIterator[AsyncConnection]:
    """All accounts are locked by somebody else, also for reads."""
    async with database.engine.connect() as connection:
        await connection.execute(text("LOCK TABLE account IN ACCESS EXCLUSIVE MODE"))
        yield connection
        await connection.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_query_is_ended(runtime: Runtime) -> None:
    """When it is first sent, and when it is known and answered without the view."""
    async with client_of(runtime, LIMIT) as client:
        async with locked(runtime.database):
            first = await send(client, ACCOUNTS)
        known = await send(client, ACCOUNTS)
        assert known.json()["data"] == {"accounts": {"nodes": []}}
        async with locked(runtime.database):
            second = await send(client, ACCOUNTS, "application/json")
    for answer in (first, second):
        assert (answer.status_code, {"errors": answer.json()["errors"]}) == (504, TIMEOUT)


async def test_a_change_is_ended_before_its_commit(runtime: Runtime) -> None:
    async def never(_: Unit) -> None:
        await asyncio.sleep(600)

    slow = replace(runtime, before_commit=never)
    async with client_of(slow, LIMIT) as client, nothing_written(runtime):
        answer = await send(client, CREATE)
    assert (answer.status_code, {"errors": answer.json()["errors"]}) == (504, TIMEOUT)
    async with client_of(runtime, PATIENCE) as client:
        made = await send(client, CREATE)
    assert made.json()["data"] == {"createAccount": {"account": {"name": "Ada"}}}


async def test_a_commit_is_not_ended(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is what follows the first commit: the answer says what was done."""
    commit = unit._commit

    async def slow(session: Any) -> Exception | None:
        await asyncio.sleep(LIMIT + 0.1)
        return await commit(session)

    monkeypatch.setattr(unit, "_commit", slow)
    async with client_of(runtime, LIMIT) as client:
        answer = await send(client, TWO)
    assert (answer.status_code, answer.json()["data"]) == (
        200,
        {"a": {"account": {"name": "Ada"}}, "b": {"account": {"name": "Bob"}}},
    )
