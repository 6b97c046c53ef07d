"""Signing in and out, and who stands behind a request."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from tenure.identity.models import User
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tests.web.conftest import EMAIL, PASSWORD, Serve, Served


def test_a_session_holds_until_signed_out(served: Served) -> None:
    assert served.asked() == "UNAUTHENTICATED"
    answer = served.client.post("/auth/sign-in", json={"email": EMAIL.upper(), "password": PASSWORD})
    assert (answer.status_code, answer.json()) == (200, {"name": EMAIL, "role": "ADMIN"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert served.asked() == EMAIL
    assert served.client.post("/auth/sign-out").status_code == 204
    assert served.asked() == "UNAUTHENTICATED"


def test_the_cookie_is_secure_where_the_browser_came_by_tls(serve: Serve) -> None:
    with serve(base_url="https://tenure.test") as it:
        answer = it.client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
        assert "Secure" in answer.headers["set-cookie"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_a_session_that_was_tampered_with_or_is_old_is_nobodys(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    served.sign_in()
    cookie = served.client.cookies["tenure_session"]
    served.client.cookies.clear()
    # The last letter has bits that say nothing.
    wrong = cookie[:-2] + ("a" if cookie[-2] != "a" else "b") + cookie[-1]
    for forged in (wrong.encode(), b"MQ.x.y", b"1", "\N{COLLISION SYMBOL}".encode()):
        assert served.asked(Cookie=b"tenure_session=" + forged) == "UNAUTHENTICATED"
    assert served.asked(Cookie=f"tenure_session={cookie}") == EMAIL
    later = timedelta(hours=12, seconds=2).total_seconds()
    monkeypatch.setattr("itsdangerous.timed.time.time", _later(later))
    assert served.asked(Cookie=f"tenure_session={cookie}") == "UNAUTHENTICATED"


def test_the_role_is_the_one_that_the_user_has_now(served: Served) -> None:
    served.sign_in()
    asyncio.run(_demote(served.settings.database_url))
    answer = served.client.post("/graphql", json={"query": "{ viewer { role } }"})
    assert answer.json() == {"data": {"viewer": {"role": "VIEWER"}}}


def test_partners_bear_a_token_which_comes_before_a_cookie(served: Served) -> None:
    served.sign_in()
    assert served.asked(Authorization=f"Bearer {served.token}") == "Shop"
    assert served.asked(Authorization=f"bearer  {served.token}") == "Shop"
    assert served.asked(Authorization=f"Bearer {served.token}x") == "UNAUTHENTICATED"
    assert served.asked(Authorization=f"Basic {served.token}") == "UNAUTHENTICATED"


def test_ten_failures_shut_the_door_to_the_right_password_too(served: Served) -> None:
    assert [served.sign_in("wrong") for _ in range(10)] == [401] * 10
    answer = served.client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.json() == {"error": "Too many failed tries. Wait five minutes, then try again."}


def test_failures_count_for_the_client_address_whatever_the_e_mail(served: Served) -> None:
    assert [served.sign_in("wrong", f"{place}@example.com") for place in range(10)] == [401] * 10
    assert served.sign_in() == 429


def test_successes_are_not_counted(served: Served) -> None:
    assert [served.sign_in() for _ in range(12)] == [200] * 12


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"email": 1, "password": "x"}', "application/json"),
        (b'{"email": "x"}', "application/json"),
        (b'{"email": "a@b.c", "password": "x"}', "text/plain"),
        (b"email=a&password=b", "application/x-www-form-urlencoded"),
        (b"\xff", "application/json"),
    ],
)
def test_what_is_no_sign_in_is_refused(served: Served, body: bytes, content_type: str) -> None:
    answer = served.client.post("/auth/sign-in", content=body, headers={"content-type": content_type})
    assert answer.status_code == 400
    assert answer.json() == {"error": 'Send {"email": …, "password": …} as application/json.'}


def _later(seconds: float) -> object:
    import time  # noqa: PLC0415

    now = time.time
    return lambda: now() + seconds


async def _demote(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.execute(update(User).values(role=Role.VIEWER))
    await database.close()
