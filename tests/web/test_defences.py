"""Requests from other origins, large bodies, and the security headers."""

from collections.abc import Iterator

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.web.conftest import Serve, Served

FOREIGN = (
    *(
        "https://evil.test",
        "http://tenure.test.evil.test",
        "http://tenure.test:81",
        "http://evil.test@tenure.test",
    ),
    # TLS or not are two origins; and what is no origin at all.
    *(
        "https://tenure.test",
        "null",
        "http://[",
        "http://tenure.test:99999",
        "http://tenure.test:x",
        "tenure.test",
    ),
    *(
        "http://",
        "file:///tenure.test",
        "http://[::1",
        "http://tenure.test\\@evil.test",
        "http://a b",
        "",
    ),
)
ASK = {"query": "{ viewer { name } }"}


def test_a_foreign_page_cannot_use_its_visitors_cookie(served: Served) -> None:
    served.sign_in()
    for origin in FOREIGN:
        answer = served.client.post("/graphql", json=ASK, headers={"Origin": origin})
        message = "This origin may not send requests to Tenure."
        error = {"message": message, "extensions": {"code": "FORBIDDEN"}}
        assert (answer.status_code, answer.json()) == (403, {"errors": [error]})
        assert "access-control-allow-origin" not in answer.headers
    for own in ("http://tenure.test", "http://tenure.test:80", "HTTP://Tenure.TEST"):
        assert served.asked(Origin=own) == "ben@example.com"
    assert (
        served.asked(Origin="https://evil.test", Authorization=f"Bearer {served.token}") == "Shop"
    )


def test_a_foreign_page_cannot_open_a_websocket(served: Served) -> None:
    served.sign_in()
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        served.client.websocket_connect(
            "/graphql",
            subprotocols=["graphql-transport-ws"],
            headers={"Origin": "https://evil.test"},
        ),
    ):
        pass
    assert closed.value.code == 1008


def test_the_public_url_and_allowed_origins_are_ours(serve: Serve) -> None:
    with serve(
        public_url="https://tenure.example.com",
        allowed_origins="https://desk.example.com, http://x.test",
    ) as it:
        it.sign_in()
        it.client.cookies.set("tenure_session", it.client.cookies.get("tenure_session") or "")
        allowed = {"Origin": "https://desk.example.com", "Authorization": f"Bearer {it.token}"}
        answer = it.client.post("/graphql", json=ASK, headers=allowed)
        assert answer.headers["access-control-allow-origin"] == "https://desk.example.com"
        assert answer.headers["access-control-allow-credentials"] == "true"
        asked = {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        preflight = it.client.options(
            "/graphql", headers={"Origin": "https://desk.example.com", **asked}
        )
        assert preflight.status_code == 200
        foreign = it.client.options("/graphql", headers={"Origin": "https://evil.test", **asked})
        assert foreign.status_code == 400
        public = it.client.post(
            "/graphql", json=ASK, headers={"Origin": "https://tenure.example.com"}
        )
        assert public.status_code != 403


def test_a_body_over_a_megabyte_is_refused_also_in_chunks(served: Served) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(17):
            yield b" " * 65536

    headers = {"content-type": "application/json", "authorization": f"Bearer {served.token}"}
    for path in ("/graphql", "/auth/sign-in"):
        for body in (b" " * (1024 * 1024 + 1), chunks()):
            answer = served.client.post(path, content=body, headers=headers)
            assert answer.status_code == 413, path
            assert answer.headers["x-content-type-options"] == "nosniff"
    assert (
        served.client.post("/auth/sign-in", content=b" " * 1024 * 1024, headers=headers).status_code
        == 400
    )


def test_every_answer_bears_the_headers(served: Served) -> None:
    for path in ("/healthz", "/", "/nothing.js", "/auth/sign-in"):
        headers = served.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'self'" in headers["content-security-policy"]


def test_answers_are_compressed(served: Served) -> None:
    answer = served.client.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    long = {"query": '{ __type(name: "Query") { fields { name description } } }'}
    signed_in = {"Authorization": f"Bearer {served.token}"}
    for encoding in ("gzip", "identity"):
        headers = signed_in | {"Accept-Encoding": encoding}
        answer = served.client.post("/graphql", json=long, headers=headers)
        assert answer.json()["data"]["__type"]["fields"]
        assert answer.headers.get("content-encoding", "identity") == encoding
