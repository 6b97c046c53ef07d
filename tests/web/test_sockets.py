"""GraphQL over WebSocket: who may connect, what is understood, and that nothing is left running."""

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
from tenure.identity.actions import create_user, revoke_token, set_password, update_user
from tenure.identity.models import Token, UserSession, UserStatus
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Unit
from tenure.web.sessions import RECHECK_SECONDS
from tests.web.conftest import EMAIL, Serve, Served

PROTOCOL = "graphql-transport-ws"
VIEWER = "{ viewer { name } }"
EVENTS = "subscription { events { description } }"


class Talk:
    """A connection of a client."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def begin(self, **payload: str) -> dict[str, Any]:
        """Say hello; answers with what comes back."""
        self.session.send_json(
            {"type": "connection_init"} | ({"payload": payload} if payload else {})
        )
        return self.hear()

    def ask(self, query: str, id: str = "1", **variables: Any) -> None:
        """Begin an operation."""
        self.session.send_json(
            {"type": "subscribe", "id": id, "payload": {"query": query, "variables": variables}}
        )

    def hear(self) -> dict[str, Any]:
        """The next message: a frame of text."""
        message = self.session.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message["code"], message["reason"])
        return json.loads(message["text"])  # type: ignore[no-any-return]

    def who(self) -> str:
        """What `viewer` answers: the name, or the code of the error."""
        self.ask(VIEWER, "who")
        answer = self.hear()
        if answer["type"] == "error":
            return str(answer["payload"][0]["extensions"]["code"])
        assert self.hear() == {"type": "complete", "id": "who"}
        return str(answer["payload"]["data"]["viewer"]["name"])


@contextmanager
def talking(served: Served, protocol: str = PROTOCOL, **headers: str) -> Iterator[Talk]:
    """Somebody connects."""
    with served.client.websocket_connect(
        "ws://tenure.test/graphql", subprotocols=[protocol], headers=headers
    ) as session:
        yield Talk(session)


def endpoint(served: Served) -> Endpoint:
    """The endpoint of the running application."""
    [found] = {
        route.app
        for route in served.client.app.routes
        if isinstance(getattr(route, "app", None), Endpoint)
    }  # type: ignore[attr-defined]
    return found


def until(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds."""
    for _ in range(200):
        if condition():
            return
        time.sleep(0.02)
    pytest.fail("It did not come about within four seconds.")


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
def test_token_in_the_first_message(served: Served, name: str) -> None:
    with talking(served) as talk:
        assert talk.begin(**{name: f"Bearer {served.token}"}) == {"type": "connection_ack"}
        assert talk.who() == "Shop"


def test_token_in_the_header(served: Served) -> None:
    with talking(served, authorization=f"Bearer {served.token}") as talk:
        talk.begin()
        assert talk.who() == "Shop"


def test_cookie_of_a_session(served: Served) -> None:
    served.sign_in()
    with talking(served, origin="http://tenure.test") as talk:
        talk.begin()
        assert talk.who() == "ben@example.com"


def test_first_message_counts_before_the_cookie(served: Served) -> None:
    served.sign_in()
    with talking(served) as talk:
        talk.begin(Authorization=f"Bearer {served.token}")
        assert talk.who() == "Shop"


@pytest.mark.parametrize(
    "payload", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Bearer ü"}]
)
@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer nonsense"}])
def test_nobody_is_closed_at_connection_init(
    served: Served, payload: dict[str, str], headers: dict[str, str]
) -> None:
    """Rules 10: without a sign-in no connection stays open and no document is parsed."""
    with talking(served, **headers) as talk, pytest.raises(WebSocketDisconnect) as closed:
        talk.begin(**payload)
    assert (closed.value.code, closed.value.reason) == (4401, "Sign in first.")


def test_a_wrong_token_closes_although_the_cookie_is_valid(served: Served) -> None:
    served.sign_in()
    with talking(served) as talk, pytest.raises(WebSocketDisconnect) as closed:
        talk.begin(Authorization="Bearer nonsense")
    assert closed.value.code == 4401


def test_a_database_that_is_away_closes_with_try_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DatabaseUnreachableError("refused")

    monkeypatch.setattr(Database, "connection", away)
    with talking(served) as talk, pytest.raises(WebSocketDisconnect) as closed:
        talk.begin(Authorization=f"Bearer {served.token}")
    assert (closed.value.code, closed.value.reason) == (1013, "Try again later.")


def test_foreign_page_is_refused(serve: Serve) -> None:
    """Before the connection is accepted; allowed origins also pass Strawberry's own check."""
    with serve(allowed_origins="https://partner.test") as served:
        served.sign_in()
        with (
            pytest.raises(WebSocketDisconnect) as refusal,
            talking(served, origin="https://evil.test"),
        ):
            pass
        assert refusal.value.code == 1008
        with talking(served, origin="https://partner.test") as talk:
            talk.begin()
            assert talk.who() == "ben@example.com"


def test_other_protocols_are_not_spoken(served: Served) -> None:
    """The older `graphql-ws` among them."""
    with talking(served, "graphql-ws") as talk, pytest.raises(WebSocketDisconnect) as closed:
        talk.hear()
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
    with talking(served) as talk:
        talk.session.send_text(text)
        with pytest.raises(WebSocketDisconnect) as closed:
            talk.hear()
    assert closed.value.code == code


def test_bytes_are_no_message(served: Served) -> None:
    with talking(served) as talk:
        talk.session.send_bytes(b'{"type": "connection_init"}')
        with pytest.raises(WebSocketDisconnect) as closed:
            talk.hear()
    assert closed.value.code == 4400


def test_who_says_nothing_is_cut_off(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "INIT_TIMEOUT", timedelta(seconds=0.1))
    with serve() as served, talking(served) as talk, pytest.raises(WebSocketDisconnect) as closed:
        talk.hear()
    assert closed.value.code == 4408


def test_a_bad_document_leaves_the_connection_open(served: Served) -> None:
    """Each operation has its own answer."""
    with talking(served) as talk:
        talk.begin(Authorization=f"Bearer {served.token}")
        for document in ("{", "", "fragment A on Query { clock { now } }", "{ nothing }"):
            talk.ask(document)
            answer = talk.hear()
            assert (answer["type"], answer["payload"][0]["extensions"]) == (
                "error",
                {"code": "INVALID"},
            )
        assert talk.who() == "Shop"


def test_limit_of_operations(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with talking(served) as talk:
        talk.begin(Authorization=f"Bearer {served.token}")
        for number in range(app.MAX_SUBSCRIPTIONS):
            talk.ask(EVENTS, str(number))
        talk.ask(EVENTS, "more")
        assert talk.hear() == {
            "type": "error",
            "id": "more",
            "payload": [{"message": "Subscription limit reached"}],
        }


def test_events_are_heard_and_nothing_is_left_running(served: Served) -> None:
    """Changes by HTTP are sent to the socket; clients that leave use no resources."""
    served.sign_in()
    feed = endpoint(served).feed
    with talking(served) as talk:
        talk.begin(Authorization=f"Bearer {served.token}")
        talk.ask(EVENTS, "1")
        talk.ask(EVENTS, "2")
        until(lambda: len(feed.listeners) == 2)
        talk.session.send_json({"type": "complete", "id": "2"})
        until(lambda: len(feed.listeners) == 1)
        document = (
            'mutation { createAccount(input: {name: "Carla", number: "A-1"}) { errors { code } } }'
        )
        served.client.post("/graphql", json={"query": document})
        message = talk.hear()
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
    with talking(served) as talk:
        talk.begin(Authorization=f"Bearer {served.token}")
        talk.ask("subscription($run: ID!) { jobRun(id: $run) { status } }", run=run_id)
        while (message := talk.hear())["type"] == "next":
            statuses.append(message["payload"]["data"]["jobRun"]["status"])
    assert message == {"type": "complete", "id": "1"}
    assert statuses[-1] == "DONE"


@contextmanager
def listening(served: Served, **payload: str) -> Iterator[Talk]:
    """A client with a running subscription."""
    with talking(served) as talk:
        talk.begin(**payload)
        talk.ask(EVENTS)
        until(lambda: len(endpoint(served).feed.listeners) == 1)
        yield talk
    until(lambda: endpoint(served).feed.listeners == set())


ENDINGS: dict[str, tuple[Callable[[Unit], Awaitable[object]], str, int]] = {
    "revoked token": (lambda unit: revoke_token(unit, name="Shop"), "token", 4401),
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
    "new password": (lambda unit: set_password(unit, email=EMAIL), "session", 4401),
    "disabled user": (
        lambda unit: update_user(unit, email=EMAIL, status=UserStatus.DISABLED),
        "session",
        4401,
    ),
    "lower role": (lambda unit: update_user(unit, email=EMAIL, role=Role.VIEWER), "session", 4403),
}


async def create_other_admin(unit: Unit) -> None:
    """Without another admin the role and status of the only one cannot be changed."""
    await create_user(unit, email="eva@example.com", role=Role.ADMIN)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_open_socket_is_closed_within_a_second(served: Served, ending: str) -> None:
    """Rules 10: in another process, also for idle sockets: ended sessions, lower roles."""
    change, by, code = ENDINGS[ending]
    served.run(create_other_admin)
    served.sign_in()
    payload = {"Authorization": f"Bearer {served.token}"} if by == "token" else {}
    with listening(served, **payload) as talk, talking(served) as idle:
        idle.begin(**payload)
        assert talk.who() == ("Shop" if by == "token" else EMAIL)
        served.run(change)
        start = time.monotonic()
        for each in (talk, idle):
            with pytest.raises(WebSocketDisconnect) as closed:
                each.hear()
            assert closed.value.code == code
        # Half a second and a look at the database; the rest is for a busy machine.
        assert time.monotonic() - start < 5


def test_a_higher_role_leaves_a_socket_open(served: Served) -> None:
    """And counts with the next operation."""
    served.run(create_other_admin)
    served.sign_in()
    served.run(lambda unit: update_user(unit, email=EMAIL, role=Role.AGENT))
    with listening(served) as talk:
        served.run(lambda unit: update_user(unit, email=EMAIL, role=Role.ADMIN))
        time.sleep(2 * RECHECK_SECONDS)
        talk.ask("{ viewer { role } }", "role")
        assert talk.hear()["payload"]["data"]["viewer"]["role"] == "ADMIN"
