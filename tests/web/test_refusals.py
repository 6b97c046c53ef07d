"""Errors have the form of the requested API and the headers; only faults are logged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.types import Message
from structlog.testing import capture_logs

from tenure.cli.checks import findings
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.origins import Origin, origin_of
from tenure.kernel.outages import OutageLog, outage_log
from tenure.kernel.settings import Settings
from tenure.web import create_app
from tests.web.conftest import Serve, Served

JSON = {"content-type": "application/json"}
ASK = {"query": "{ viewer { name } }"}
AWAY = "Tenure cannot reach its database, or cannot write to it. Try again later."


@pytest.fixture(autouse=True)
def new_minute() -> Iterator[None]:
    """What other tests have logged leaves out no line here."""
    outage_log.last_line.clear()
    outage_log.left_out.clear()
    yield
    outage_log.last_line.clear()
    outage_log.left_out.clear()


def graphql_error(message: str, code: str) -> dict[str, Any]:
    """The body of an error of /graphql."""
    return {"errors": [{"message": message, "extensions": {"code": code}}]}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "message"),
    [
        ("GET", "/nothing", {}, 404, "There is nothing at this address."),
        ("GET", "/assets/none.js", {}, 404, "There is nothing at this address."),
        ("POST", "/accounts", {}, 405, "This address does not support this method."),
        ("GET", "/auth/sign-in", {}, 404, "There is nothing at this address."),
        ("DELETE", "/healthz", {}, 405, "This address does not support this method."),
        (
            "POST",
            "/auth/sign-in",
            {"content": b" " * (1024 * 1024 + 1)},
            413,
            "A request body has at most 1 MB.",
        ),
        (
            "POST",
            "/auth/sign-in",
            {"content": b"{}", "headers": {"content-encoding": "gzip"}},
            415,
            "Send the body without a Content-Encoding.",
        ),
        (
            "POST",
            "/auth/sign-in",
            {"headers": {"origin": "http://["}},
            403,
            "This origin may not send requests to Tenure.",
        ),
        ("GET", "/bills/B-1.pdf", {}, 401, "Sign in first."),
    ],
)
def test_every_refusal_has_a_form_and_the_headers(
    served: Served, method: str, path: str, sent: dict[str, Any], status: int, message: str
) -> None:
    answer = served.client.request(method, path, **sent)
    assert (answer.status_code, answer.json()) == (status, {"error": message})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("path", ["/graphql", "/graphql/"])
def test_graphql_refuses_in_its_own_form(served: Served, path: str) -> None:
    """With a slash at the end, too: that is the same endpoint."""
    post = served.client.post
    mb = b" " * (1024 * 1024 + 1)
    answers = {
        "too large": post(path, content=mb, headers=JSON),
        "encoded": post(path, content=b"{}", headers=JSON | {"content-encoding": "br"}),
        "no JSON": post(path, content=b"{", headers=JSON),
        "a form": post(path, data={"query": "{ viewer { name } }"}),
        "a method": served.client.put(path, json=ASK),
        "a page": post(path, json=ASK, headers={"origin": "http://["}),
    }
    signed_in = {"authorization": f"Bearer {served.token}"}
    answers["no JSON, signed in"] = post(path, content=b"{", headers=JSON | signed_in)
    statuses = {name: answer.status_code for name, answer in answers.items()}
    codes = {
        name: answer.json()["errors"][0]["extensions"]["code"] for name, answer in answers.items()
    }
    # Whether a body is read before it is known who sends it is not asked here.
    assert statuses.pop("no JSON") in (200, 400)
    assert codes.pop("no JSON") in ("INVALID", "UNAUTHENTICATED")
    expected = {"too large": 413, "encoded": 415, "a form": 415, "a method": 405, "a page": 403}
    assert statuses == expected | {"no JSON, signed in": 400}
    assert {code for name, code in codes.items() if name != "a page"} == {"INVALID"}
    assert codes["a page"] == "FORBIDDEN"
    for answer in answers.values():
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert post(path, json=ASK, headers=signed_in).json()["data"] == {"viewer": {"name": "Shop"}}


class Away:
    """A database that refuses every connection."""

    def __init__(self, *_: object) -> None: ...

    async def __aenter__(self) -> object:
        raise OperationalError(
            "SELECT secret", {"name": "Ana"}, ConnectionRefusedError("refused"), False, True
        )

    async def __aexit__(self, *_: object) -> None: ...


def test_a_database_that_is_away_is_told_in_one_line(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After; one log line a minute, without statement or values."""
    monkeypatch.setattr(Database, "reading", Away)
    monkeypatch.setattr(Database, "connection", Away)
    monkeypatch.setattr(Database, "writing", Away)
    signed_in = {"authorization": f"Bearer {served.token}"}
    with capture_logs() as logged:
        for _ in range(3):
            answer = served.client.post("/graphql", json=ASK, headers=signed_in)
            assert (answer.status_code, answer.json()) == (503, graphql_error(AWAY, "UNAVAILABLE"))
            for path in ("/metrics", "/bills/B-1.pdf"):
                answer = served.client.get(path, headers=signed_in)
                assert (answer.status_code, answer.json()) == (503, {"error": AWAY})
            assert answer.headers["retry-after"] == "5"
            assert answer.headers["x-content-type-options"] == "nosniff"
        sign_in = {"email": "ben@example.com", "password": "x"}
        assert served.client.post("/auth/sign-in", json=sign_in).status_code == 503
    lines = [line for line in logged if line["log_level"] == "error"]
    event = {"event": "the database is unavailable", "fault": "refused", "left_out": 0}
    assert lines == [event | {"log_level": "error"}]


def test_a_database_that_goes_away_during_an_operation(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The field says UNAVAILABLE, not that something went wrong on our side."""

    async def unreachable(*_: object) -> None:
        async with Away():
            pass

    monkeypatch.setattr(Database, "reading", Away)
    monkeypatch.setattr(Database, "fetch_row", unreachable)
    signed_in = {"authorization": f"Bearer {served.token}"}
    answer = served.client.post(
        "/graphql", json={"query": '{ account(number: "A") { id } }'}, headers=signed_in
    )
    [error] = answer.json()["errors"]
    assert (error["message"], error["extensions"]) == (AWAY, {"code": "UNAVAILABLE"})


def test_a_fault_of_ours_is_logged_once_and_has_a_reference(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(Database, "reading", broken)
    with capture_logs() as logged:
        answer = served.client.get("/metrics")
    [line] = [line for line in logged if line["log_level"] == "error"]
    said = f"Something went wrong on our side (reference {line['reference']})."
    assert (answer.status_code, answer.json()) == (500, {"error": said})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (line["event"], line["path"]) == ("a request failed", "/metrics")


@pytest.mark.parametrize("path", ["/graphql", "/auth/sign-in"])
def test_a_client_that_hangs_up_in_its_body_is_no_fault(served: Served, path: str) -> None:
    """Nothing is answered, nothing logged, and it is not counted among our faults."""
    received: list[Message] = [
        {"type": "http.request", "body": b'{"query": "', "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return received.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"tenure.test"), (b"content-type", b"application/json")]
    headers.append((b"authorization", f"Bearer {served.token}".encode()))
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
    }
    scope |= {
        "query_string": b"",
        "headers": headers,
        "client": ("test", 1),
        "server": ("test", 80),
        "root_path": "",
    }
    with capture_logs() as logged:
        portal = served.client.portal
        portal.call(served.client.app, scope, receive, send)  # type: ignore[union-attr]
    assert (sent, [line for line in logged if line["log_level"] == "error"]) == ([], [])
    counted = served.client.get("/metrics").text
    assert f'tenure_http_requests_total{{method="POST",path="{path}",status="499"}} 1.0' in counted
    assert 'status="500"' not in counted


@pytest.mark.parametrize(
    ("setting", "entry"),
    [
        ("*", "*"),
        ("https://desk.example.com, *", "*"),
        ("desk.example.com", "desk.example.com"),
        ("https://*.example.com", "https://*.example.com"),
        ("https://desk.example.com/page", "https://desk.example.com/page"),
        ("ftp://desk.example.com", "ftp://desk.example.com"),
        ("https://desk.example.com:99999", "https://desk.example.com:99999"),
        ("null", "null"),
    ],
)
async def test_allowed_origins_that_are_none_are_refused_at_start(
    setting: str, entry: str, tmp_path: Path
) -> None:
    """By `tenure check` as well, in one line that says what to write."""
    settings = Settings(
        _env_file=None, database_url=f"sqlite:///{tmp_path}/t.db", allowed_origins=setting
    )
    words = (
        f"TENURE_ALLOWED_ORIGINS names {entry!r}, which is no origin. "
        "List each as https://HOST or https://HOST:PORT, separated by commas; * is refused."
    )
    with pytest.raises(ConfigurationError) as refused:
        create_app(settings)
    assert str(refused.value) == words
    [finding] = [it for it in await findings(settings) if it.subject == "origins"]
    assert (finding.is_ok, finding.message) == (False, words)


def test_an_allowed_origin_is_compared_as_browsers_write_it(serve: Serve) -> None:
    with serve(allowed_origins="HTTPS://Desk.Example.com:443/, http://[::1]:8080") as it:
        assert it.settings.origins == ("https://desk.example.com", "http://[::1]:8080")
        for origin in it.settings.origins:
            answer = it.client.post("/graphql", json=ASK, headers={"Origin": origin})
            assert answer.headers["access-control-allow-origin"] == origin
            assert answer.json() == graphql_error("Sign in first.", "UNAUTHENTICATED")


def test_origins_have_a_scheme_a_host_and_a_port() -> None:
    assert origin_of("https://Tenure.test") == Origin("https", "tenure.test", 443)
    assert origin_of("http://tenure.test") != origin_of("https://tenure.test")
    assert origin_of("http://tenure.test") == origin_of("http://tenure.test:80/")


def test_an_outage_is_one_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next line says how many were left out; another kind of outage has lines of its own."""
    now = 1000.0
    monkeypatch.setattr("tenure.kernel.outages.monotonic", lambda: now)
    outages = OutageLog()
    with capture_logs() as logged:
        for _ in range(100):
            outages.report("away", OSError("refused"))
        outages.report("full", OSError("no space"))
        now += 59
        outages.report("away", OSError("refused"))
        now += 1
        outages.report("away", OSError("refused again"))
    assert [(line["event"], line["fault"], line["left_out"]) for line in logged] == [
        ("away", "refused", 0),
        ("full", "no space", 0),
        ("away", "refused again", 100),
    ]
