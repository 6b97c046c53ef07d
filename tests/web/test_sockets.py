"""GraphQL over WebSocket: authentication, messages, and the end of connections and tasks."""

import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from starlette.websockets import WebSocketDisconnect

from tenure.graphql.http import app, sockets
from tenure.graphql.http.app import Endpoint
from tenure.identity.actions import (
    create_user,
    end_sessions,
    revoke_token,
    set_password,
    update_user,
)
from tenure.identity.models import Token, UserSession, UserStatus
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Unit
from tenure.web.sessions import RECHECK_SECONDS
from tests.waiting import until
from tests.web.conftest import EMAIL, Serve, Served

PROTOCOL = "graphql-transport-ws"
VIEWER = "{ viewer { name } }"
EVENTS = "subscription { events { description } }"


class Client:
    """A client of the subprotocol graphql-transport-ws."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def init(self, **payload: str) -> dict[str, Any]:
        """Send the initialization; returns the answer."""
        self.session.send_json(
            {"type": "connection_init"} | ({"payload": payload} if payload else {})
        )
        return self.receive()

    def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        """Begin an operation."""
        self.session.send_json(
            {"type": "subscribe", "id": id, "payload": {"query": query, "variables": variables}}
        )

    def receive(self) -> dict[str, Any]:
        """The next message. Raises WebSocketDisconnect if the server closes the connection."""
        message = self.session.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"], message["reason"])
        return json.loads(message["text"])  # type: ignore[no-any-return]

    def viewer_name(self) -> str:
        """What `viewer` answers: the name, or the code of the error."""
        self.subscribe(VIEWER, "who")
        answer = self.receive()
        if answer["type"] == "error":
            return str(answer["payload"][0]["extensions"]["code"])
        assert self.receive() == {"type": "complete", "id": "who"}
        return str(answer["payload"]["data"]["viewer"]["name"])


@contextmanager
def connected(served: Served, protocol: str = PROTOCOL, **headers: str) -> Iterator[Client]:
    """A client with an open connection."""
    with served.client.websocket_connect(
        "ws://tenure.test/graphql", subprotocols=[protocol], headers=headers
    ) as session:
        yield Client(session)


def endpoint(served: Served) -> Endpoint:
    """The endpoint of the running application."""
    [found] = {
        route.app
        for route in served.client.app.routes
        if isinstance(getattr(route, "app", None), Endpoint)
    }  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_token_in_the_first_message(served: Served, name: str) -> None:
    with connected(served) as client:
        assert client.init(**{name: f"Bearer {served.token}"}) == {"type": "connection_ack"}
        assert client.viewer_name() == "Shop"


def test_token_in_the_header(served: Served) -> None:
    with connected(served, authorization=f"Bearer {served.token}") as client:
        client.init()
        assert client.viewer_name() == "Shop"


def test_cookie_of_a_session(served: Served) -> None:
    served.sign_in()
    with connected(served, origin="http://tenure.test") as client:
        client.init()
        assert client.viewer_name() == "ben@example.com"


def test_first_message_counts_before_the_cookie(served: Served) -> None:
    served.sign_in()
    with connected(served) as client:
        client.init(Authorization=f"Bearer {served.token}")
        assert client.viewer_name() == "Shop"


@pytest.mark.parametrize(
    "payload", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Bearer ü"}]
)
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}])
def test_nobody_is_closed_at_connection_init(
    served: Served, payload: dict[str, str], headers: dict[str, str]
) -> None:
    """Rules 10: without a sign-in no connection stays open and no document is parsed."""
    with connected(served, **headers) as client, pytest.raises(WebSocketDisconnect) as closed:
        client.init(**payload)
    assert (closed.value.code, closed.value.reason) == (4401, "Sign in first.")


def test_a_wrong_token_closes_although_the_cookie_is_valid(served: Served) -> None:
    served.sign_in()
    with connected(served) as client, pytest.raises(WebSocketDisconnect) as closed:
        client.init(Authorization="Bearer nonsense")
    assert closed.value.code == 4401


def test_a_database_that_is_away_closes_with_try_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnreachableError("refused")

    monkeypatch.setattr(Database, "connection", away)
    with connected(served) as client, pytest.raises(WebSocketDisconnect) as closed:
        client.init(Authorization=f"Bearer {served.token}")
    assert (closed.value.code, closed.value.reason) == (1013, "Try again later.")


def test_foreign_page_is_refused(serve: Serve) -> None:
    """Before the connection is accepted; allowed origins also pass Strawberry's own check."""
    with serve(allowed_origins="https://partner.test") as served:
        served.sign_in()
        with (
            pytest.raises(WebSocketDisconnect) as refusal,
            connected(served, origin="https://evil.test"),
        ):
            pass
        assert refusal.value.code == 1008
        with connected(served, origin="https://partner.test") as client:
            client.init()
            assert client.viewer_name() == "ben@example.com"


def test_other_protocols_are_not_spoken(served: Served) -> None:
    """The older `graphql-ws` among them."""
    with connected(served, "graphql-ws") as client, pytest.raises(WebSocketDisconnect) as closed:
        client.receive()
    assert closed.value.code == 4406


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4400),
        ("[]", 4400),
        ("{}", 4400),
        ('{"type": 1}', 4400),
        ('{"type": "strange"}', 4400),
        ('{"type": "connection_init", "payload": 1}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { name } }"}}', 4401),
        ('{"type": "subscribe", "id": [], "payload": {"query": ""}}', 4400),
        ('{"type": "subscribe", "id": "1"}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": 1}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "", "variables": []}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": {"query": "", "operationName": 1}}', 4400),
        ('{"type": "complete", "id": {}}', 4400),
        (json.dumps({"type": "ping", "payload": {"long": "x" * sockets.MAX_MESSAGE_SIZE}}), 1009),
    ],
)
def test_ill_formed_messages_close(served: Served, text: str, code: int) -> None:
    with connected(served) as client:
        client.session.send_text(text)
        with pytest.raises(WebSocketDisconnect) as closed:
            client.receive()
    assert closed.value.code == code


def test_bytes_are_no_message(served: Served) -> None:
    with connected(served) as client:
        client.session.send_bytes(b'{"type": "connection_init"}')
        with pytest.raises(WebSocketDisconnect) as closed:
            client.receive()
    assert closed.value.code == 4400


def test_who_says_nothing_is_cut_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "INIT_TIMEOUT", timedelta(seconds=0.1))
    with (
        serve() as served,
        connected(served) as client,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        client.receive()
    assert closed.value.code == 4408


def test_a_bad_document_leaves_the_connection_open(served: Served) -> None:
    """Each operation has its own answer."""
    with connected(served) as client:
        client.init(Authorization=f"Bearer {served.token}")
        for document in ("{", "", "fragment A on Query { clock { now } }", "{ nothing }"):
            client.subscribe(document)
            answer = client.receive()
            assert (answer["type"], answer["payload"][0]["extensions"]) == (
                "error",
                {"code": "INVALID"},
            )
        assert client.viewer_name() == "Shop"


def test_limit_of_operations(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with connected(served) as client:
        client.init(Authorization=f"Bearer {served.token}")
        for number in range(app.MAX_SUBSCRIPTIONS):
            client.subscribe(EVENTS, str(number))
        client.subscribe(EVENTS, "more")
        assert client.receive() == {
            "type": "error",
            "id": "more",
            "payload": [{"message": "Subscription limit reached"}],
        }


def test_events_are_sent_and_all_tasks_end(served: Served) -> None:
    """Changes by HTTP are sent to the socket; clients that leave use no resources."""
    served.sign_in()
    feed = endpoint(served).feed
    with connected(served) as client:
        client.init(Authorization=f"Bearer {served.token}")
        client.subscribe(EVENTS, "1")
        client.subscribe(EVENTS, "2")
        until(lambda: len(feed.listeners) == 2)
        client.session.send_json({"type": "complete", "id": "2"})
        until(lambda: len(feed.listeners) == 1)
        document = (
            'mutation { createAccount(input: {name: "Carla", number: "A-1"}) { errors { code } } }'
        )
        served.client.post("/graphql", json={"query": document})
        message = client.receive()
        assert (message["type"], message["id"]) == ("next", "1")
        assert "A-1" in message["payload"]["data"]["events"]["description"]
    until(lambda: feed.listeners == set() and feed.poll_task is not None and feed.poll_task.done())


def test_job_run_is_sent_until_it_ends(served: Served) -> None:
    served.sign_in()
    start = "mutation { startJob(input: {kind: DEFERRED_ACTIONS}) { jobRun { id } } }"
    run_id = served.client.post("/graphql", json={"query": start}).json()["data"]["startJob"][
        "jobRun"
    ]["id"]
    statuses = []
    with connected(served) as client:
        client.init(Authorization=f"Bearer {served.token}")
        client.subscribe("subscription($run: ID!) { jobRun(id: $run) { status } }", run=run_id)
        while (message := client.receive())["type"] == "next":
            statuses.append(message["payload"]["data"]["jobRun"]["status"])
    assert message == {"type": "complete", "id": "1"}
    assert statuses[-1] == "DONE"


@contextmanager
def subscribed(served: Served, **payload: str) -> Iterator[Client]:
    """A client with a running subscription."""
    with connected(served) as client:
        client.init(**payload)
        client.subscribe(EVENTS)
        until(lambda: len(endpoint(served).feed.listeners) == 1)
        yield client
    until(lambda: endpoint(served).feed.listeners == set())


ENDINGS: dict[str, tuple[Callable[[Unit], Awaitable[object]], str, int]] = {
    "revoked token": (lambda unit: revoke_token(unit, "Shop"), "token", 4401),
    "expired token": (
        lambda unit: unit.session.execute(update(Token).values(expires_at=real_now())),
        "token",
        4401,
    ),
    "signed out": (
        lambda unit: unit.session.execute(update(UserSession).values(ended_at=real_now())),
        "session",
        4401,
    ),
    "new password": (lambda unit: set_password(unit, EMAIL), "session", 4401),
    "all sessions ended": (lambda unit: end_sessions(unit, EMAIL), "session", 4401),
    "disabled user": (
        lambda unit: update_user(unit, EMAIL, status=UserStatus.DISABLED),
        "session",
        4401,
    ),
    "lower role": (lambda unit: update_user(unit, EMAIL, role=Role.VIEWER), "session", 4403),
}


async def create_other_admin(unit: Unit) -> None:
    """Without another admin the role and status of the only one cannot be changed."""
    await create_user(unit, email="eva@example.com", role=Role.ADMIN)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_open_socket_is_closed(served: Served, ending: str) -> None:
    """Rules 10: by a change in another process, within a second; also an idle socket."""
    change, by, code = ENDINGS[ending]
    served.run(create_other_admin)
    served.sign_in()
    payload = {"Authorization": f"Bearer {served.token}"} if by == "token" else {}
    assert RECHECK_SECONDS < 1
    with subscribed(served, **payload) as client, connected(served) as idle:
        idle.init(**payload)
        assert client.viewer_name() == ("Shop" if by == "token" else EMAIL)
        served.run(change)
        for each in (client, idle):
            with pytest.raises(WebSocketDisconnect) as closed:
                each.receive()
            assert closed.value.code == code


def test_a_higher_role_leaves_a_socket_open(served: Served) -> None:
    """And counts with the next operation."""
    served.run(create_other_admin)
    served.sign_in()
    served.run(lambda unit: update_user(unit, EMAIL, role=Role.AGENT))
    with subscribed(served) as client:
        served.run(lambda unit: update_user(unit, EMAIL, role=Role.ADMIN))
        time.sleep(2 * RECHECK_SECONDS)
        client.subscribe("{ viewer { role } }", "role")
        assert client.receive()["payload"]["data"]["viewer"]["role"] == "ADMIN"


def test_a_dry_run_is_refused(served: Served) -> None:
    """Ignoring the header would execute what the client does not want to be executed."""
    headers = {"authorization": f"Bearer {served.token}", "tenure-dry-run": "true"}
    with pytest.raises(WebSocketDisconnect) as closed, connected(served, **headers):
        pass
    assert (closed.value.code, closed.value.reason) == (
        1008,
        "Send Tenure-Dry-Run with a POST request.",
    )
