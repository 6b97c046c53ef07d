"""Two servers on one PostgreSQL: changes take effect in the other within a second (rules 10)."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tenure.identity.actions import create_token, create_user, revoke_token, update_user
from tenure.identity.models import UserStatus
from tenure.kernel.actor import SYSTEM, Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.databases import new_database
from tests.repetitions import repetitions
from tests.server import served
from tests.waiting import PATIENCE, until

PASSWORD = "correct horse battery"
VIEWER = {"query": "{ viewer { role } }"}
RETRIES = repetitions("TENURE_TEST_RETRIES", 300, 1000)
# A server accepts no more from one address.
CONNECTIONS_TO_EACH = 100


class Servers:
    """Their addresses, and their database."""

    def __init__(self, url: str, first: str, second: str, token: str) -> None:
        self.url = url
        self.first = first
        self.second = second
        self.token = token

    def sign_in(
        self, email: str, password: str = PASSWORD, at: str = "", claimed: str = ""
    ) -> httpx.Response:
        """By default to the first server; `claimed` is a forged client address."""
        body, headers = (
            {"email": email, "password": password},
            {"X-Forwarded-For": claimed} if claimed else {},
        )
        return httpx.post(
            f"{at or self.first}/auth/sign-in", json=body, headers=headers, timeout=PATIENCE
        )

    def cookie(self, email: str) -> dict[str, str]:
        """Of a new session, as a header."""
        return {"Cookie": self.sign_in(email).headers["set-cookie"].partition(";")[0]}

    def role(self, at: str, headers: dict[str, str]) -> str | None:
        """The role of the caller at one of the servers; None if it is refused."""
        answer = httpx.post(f"{at}/graphql", json=VIEWER, headers=headers, timeout=PATIENCE).json()
        return None if "errors" in answer else answer["data"]["viewer"]["role"]

    def roles(self, headers: dict[str, str]) -> list[str | None]:
        """The role of the caller at both servers."""
        return [self.role(it, headers) for it in (self.first, self.second)]

    def until_roles(self, headers: dict[str, str], expected: list[str | None]) -> None:
        """Wait for these roles. Both servers are asked all the time, which prolongs nothing.

        `test_known_identities.py` has the second after which a server reads again.
        """
        until(lambda: self.roles(headers) == expected)

    @contextmanager
    def listening(self, headers: dict[str, str]) -> Iterator[ClientConnection]:
        """A WebSocket at the second server, with a subscription."""
        address = self.second.replace("http", "ws", 1) + "/graphql"
        protocols: list[Any] = ["graphql-transport-ws"]
        with connect(address, subprotocols=protocols, additional_headers=headers) as session:
            session.send(json.dumps({"type": "connection_init"}))
            assert json.loads(session.recv(PATIENCE)) == {"type": "connection_ack"}
            payload = {"query": "subscription { events { id } }"}
            session.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
            # A query on the same connection: when it is answered, the first operation has begun.
            session.send(json.dumps({"type": "subscribe", "id": "2", "payload": VIEWER}))
            assert json.loads(session.recv(PATIENCE))["type"] == "next"
            assert json.loads(session.recv(PATIENCE)) == {"id": "2", "type": "complete"}
            yield session


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """With an ADMIN, three AGENTs and a token."""
    folder = tmp_path_factory.mktemp("database")
    with new_database("postgresql", folder) as created:
        url = f"{created}?ssl=disable"
        token = asyncio.run(create_users_and_token(url))
        settings = {"TENURE_DATABASE_URL": url, "TENURE_SECRET_KEY": "k" * 32}
        one, two = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
        with served(one, **settings) as first, served(two, **settings) as second:
            yield Servers(url, first, second, token)


async def create_users_and_token(url: str) -> str:
    async def create(unit: Unit) -> str:
        for email, role in (
            ("ana", Role.ADMIN),
            ("ben", Role.AGENT),
            ("eva", Role.AGENT),
            ("kim", Role.AGENT),
            ("moe", Role.AGENT),
        ):
            await create_user(unit, email=f"{email}@example.com", role=role, password=PASSWORD)
        return (await create_token(unit, name="Shop", role=Role.VIEWER))[1]

    database = Database(url)
    try:
        await database.migrate()
        return await Runtime(database, BusinessReader()).run_in_unit(SYSTEM, create)
    finally:
        await database.close()


async def make_change(url: str, what: str) -> None:
    """Make the change in a third process, like `tenure user` and `tenure token`."""

    async def change(unit: Unit) -> None:
        match what:
            case "revoked":
                await revoke_token(unit, "Shop")
            case "disabled":
                await update_user(unit, "ben@example.com", status=UserStatus.DISABLED)
            case "lowered":
                await update_user(unit, "eva@example.com", role=Role.VIEWER)

    database = Database(url)
    try:
        await Runtime(database, BusinessReader()).run_in_unit(SYSTEM, change)
    finally:
        await database.close()


def closed_with(session: ClientConnection) -> int:
    """The code with which the server closes."""
    with pytest.raises(ConnectionClosed) as closed:
        session.recv(PATIENCE)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


def test_signing_out_at_one_ends_the_session_at_the_other(servers: Servers) -> None:
    headers = servers.cookie("kim@example.com")
    assert servers.roles(headers) == ["AGENT", "AGENT"]
    with servers.listening(headers) as session:
        assert (
            httpx.post(
                f"{servers.first}/auth/sign-out", headers=headers, timeout=PATIENCE
            ).status_code
            == 204
        )
        assert servers.role(servers.first, headers) is None
        servers.until_roles(headers, [None, None])
        assert closed_with(session) == 4401


@pytest.mark.parametrize(
    ("what", "code", "before", "after"),
    [
        ("revoked", 4401, "VIEWER", None),
        ("disabled", 4401, "AGENT", None),
        ("lowered", 4403, "AGENT", "VIEWER"),
    ],
)
def test_a_change_takes_effect_in_both(
    servers: Servers, what: str, code: int, before: str, after: str | None
) -> None:
    """Rules 10: within a second. A lower role closes the connection with its operations."""
    people = {"disabled": "ben@example.com", "lowered": "eva@example.com"}
    bearer = {"Authorization": f"Bearer {servers.token}"}
    headers = bearer if what == "revoked" else servers.cookie(people[what])
    assert servers.roles(headers) == [before, before]
    with servers.listening(headers) as session:
        asyncio.run(make_change(servers.url, what))
        servers.until_roles(headers, [after, after])
        assert closed_with(session) == code


def test_both_count_wrong_passwords_together(servers: Servers) -> None:
    """Five attempts at each, and neither accepts the eleventh. Forged addresses do not help."""
    ana, places = "ana@example.com", [servers.first, servers.second] * 5
    claims = [f"203.0.113.{number}" for number in range(12)]
    tries = [
        servers.sign_in(ana, "wrong", at, claim)
        for at, claim in zip(places, claims[2:], strict=True)
    ]
    assert [answer.status_code for answer in tries] == [401] * 10
    refused = [
        servers.sign_in(ana, at=at, claimed=claim)
        for at, claim in zip(places[:2], claims[:2], strict=True)
    ]
    assert [answer.status_code for answer in refused] == [429, 429]
    assert all(0 < int(answer.headers["retry-after"]) <= 300 for answer in refused)


@pytest.mark.thorough
@pytest.mark.anyio
async def test_hundreds_of_retries_at_once_are_one_change(servers: Servers) -> None:
    """Of one mutation with one Idempotency-Key, at both servers: equal answers to all requests."""
    headers = servers.cookie("moe@example.com") | {"Idempotency-Key": "one of hundreds"}
    mutation = 'mutation { createAccount(input: {name: "Once"}) { account { id number } } }'
    limits = httpx.Limits(max_connections=CONNECTIONS_TO_EACH)
    async with (
        httpx.AsyncClient(base_url=servers.first, timeout=PATIENCE, limits=limits) as first,
        httpx.AsyncClient(base_url=servers.second, timeout=PATIENCE, limits=limits) as second,
    ):
        places = [first, second] * (RETRIES // 2)
        answers = await asyncio.gather(
            *(it.post("/graphql", json={"query": mutation}, headers=headers) for it in places)
        )
        found = await first.post(
            "/graphql",
            json={"query": '{ accounts(filter: {search: "Once"}) { totalCount } }'},
            headers=headers,
        )
    assert [answer.status_code for answer in answers] == [200] * RETRIES
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["data"]["createAccount"]["account"] is not None
    assert found.json()["data"]["accounts"]["totalCount"] == 1
