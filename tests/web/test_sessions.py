"""Signing in and out, and who stands behind a request."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import ceil

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, update

from tenure.audit.models import AuditAction, AuditEntry
from tenure.identity import queries, rules
from tenure.identity.actions import create_user, revoke_token, set_password, update_user
from tenure.identity.attempts import actions
from tenure.identity.models import SignInLimit, Token, User, UserStatus
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.unit import Unit
from tenure.web import create_app, known_identities, sign_in
from tests.waiting import until
from tests.web.client import TestClient
from tests.web.conftest import EMAIL, PASSWORD, Serve, Served


def test_a_session_holds_until_signed_out(served: Served) -> None:
    assert served.asked() == "UNAUTHENTICATED"
    answer = served.client.post(
        "/auth/sign-in", json={"email": EMAIL.upper(), "password": PASSWORD}
    )
    assert (answer.status_code, answer.json()) == (200, {"name": EMAIL, "role": "ADMIN"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert served.asked() == EMAIL
    kept = served.client.cookies["tenure_session"]
    assert served.client.post("/auth/sign-out").status_code == 204
    assert served.asked() == "UNAUTHENTICATED"
    # Whoever has copied the cookie is signed out, too.
    assert served.asked(Cookie=f"tenure_session={kept}") == "UNAUTHENTICATED"
    assert served.client.post("/auth/sign-out").status_code == 204


def test_the_cookie_is_secure_where_the_browser_came_by_tls(serve: Serve) -> None:
    with serve(base_url="https://tenure.test") as it:
        answer = it.client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith("__Host-tenure_session=")
        # Browsers refuse the prefix with a domain, with another path, or without Secure.
        assert sorted(attributes) == [
            *("HttpOnly", "Max-Age=43200", "Path=/", "SameSite=lax", "Secure"),
        ]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert it.asked() == EMAIL
        assert (
            it.client.post("/auth/sign-out")
            .headers["set-cookie"]
            .startswith('__Host-tenure_session=""; ')
        )


def test_behind_tls_a_cookie_without_the_prefix_is_nobodys(serve: Serve) -> None:
    """Another subdomain, or an attacker without TLS, could have planted it."""
    with serve(base_url="https://tenure.test") as it:
        it.sign_in()
        [(name, value)] = it.client.cookies.items()
        it.client.cookies.clear()
        assert it.asked(Cookie=f"tenure_session={value}") == "UNAUTHENTICATED"
        assert it.asked(Cookie=f"{name}={value}") == EMAIL


def test_a_session_that_was_tampered_with_or_is_old_is_nobodys(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    assert answer.json()["data"] == {"viewer": {"role": "VIEWER"}}


def test_partners_bear_a_token_which_comes_before_a_cookie(served: Served) -> None:
    served.sign_in()
    assert served.asked(Authorization=f"Bearer {served.token}") == "Shop"
    assert served.asked(Authorization=f"bearer  {served.token}") == "Shop"
    assert served.asked(Authorization=f"Bearer {served.token}x") == "UNAUTHENTICATED"
    assert served.asked(Authorization=f"Basic {served.token}") == "UNAUTHENTICATED"


def test_ten_failures_stop_this_address_for_this_e_mail_and_nobody_else(served: Served) -> None:
    """Rules 10: by address and e-mail together; other addresses and e-mails are not affected."""
    assert [served.sign_in("wrong") for _ in range(10)] == [401] * 10
    answer = served.client.post(
        "/auth/sign-in", json={"email": EMAIL.upper(), "password": PASSWORD}
    )
    assert answer.status_code == 429
    seconds = int(answer.headers["retry-after"])
    assert 100 < seconds <= 300
    minutes = ceil(seconds / 60)
    assert answer.json() == {"error": f"Too many failed tries. Try again in {minutes} minutes."}
    assert served.sign_in("wrong", "other@example.com") == 401
    with served.at_address("10.0.0.7") as other:
        assert other.sign_in() == 200


def test_the_limit_ends_after_five_minutes(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [served.sign_in("wrong") for _ in range(11)] == [401] * 10 + [429]
    for module in (queries, actions):
        monkeypatch.setattr(module, "real_now", lambda: real_now() + timedelta(seconds=301))
    assert served.sign_in() == 200
    assert asyncio.run(_failures(served.settings.database_url)) == [0, 0]


def test_all_processes_count_together(served: Served) -> None:
    """Two applications on one database are two processes to each other: they share nothing else."""
    with TestClient(create_app(served.settings), base_url="http://tenure.test") as client:
        other = Served(client, served.settings, served.token)
        answers = [it.sign_in("wrong") for _ in range(5) for it in (served, other)]
        assert answers == [401] * 10
        assert (served.sign_in(), other.sign_in()) == (429, 429)


def test_tries_at_once_are_all_counted(served: Served) -> None:
    """Attempts are counted before the check, so concurrent ones have the same limit."""
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: served.sign_in("wrong"), range(16)))
    assert sorted(answers) == [401] * 10 + [429] * 6


def test_an_address_has_a_limit_of_its_own_whatever_the_e_mail(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looser, so that an office behind one address can mistype."""
    monkeypatch.setattr(rules, "FAILURES_BY_ADDRESS", 15)
    assert [served.sign_in("wrong", f"{place}@example.com") for place in range(15)] == [401] * 15
    assert served.sign_in() == 429
    with served.at_address("10.0.0.7") as other:
        assert other.sign_in() == 200


def test_an_ipv6_client_is_its_network(served: Served) -> None:
    """Whoever has a /64 has 2^64 addresses."""
    with (
        served.at_address("2001:db8:1:2::1") as first,
        served.at_address("2001:db8:1:2:ffff::9") as second,
    ):
        assert [first.sign_in("wrong") for _ in range(10)] == [401] * 10
        assert second.sign_in() == 429
    with served.at_address("2001:db8:1:3::1") as third:
        assert third.sign_in() == 200


def test_passwords_are_checked_side_by_side_and_not_without_bound(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many at once as MAX_CONCURRENT_CHECKS, never more."""
    running, most, lock = 0, 0, threading.Lock()
    full = threading.Barrier(sign_in.MAX_CONCURRENT_CHECKS)

    def check(password: str, password_hash: str | None) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # Each waits until as many as may run at once are running.
        full.wait(20)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(sign_in, "matches", check)
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda place: served.sign_in("wrong", f"{place}@example.com"),
                range(2 * sign_in.MAX_CONCURRENT_CHECKS),
            )
        )
    assert answers == [401] * len(answers)
    assert most == sign_in.MAX_CONCURRENT_CHECKS


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com", "disabled@example.com"])
def test_a_wrong_password_costs_one_hash_whoever_it_is_for(
    served: Served, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """Also the first time: the hash for unknown users is not computed."""
    served.run(lambda unit: create_user(unit, email="disabled@example.com", role=Role.VIEWER))
    served.run(lambda unit: update_user(unit, "disabled@example.com", status=UserStatus.DISABLED))
    hashed, verified = [], []
    verify, hash_of = PasswordHasher.verify, PasswordHasher.hash
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda *them: verified.append(them[1]) or verify(*them)
    )
    monkeypatch.setattr(
        PasswordHasher, "hash", lambda *them: hashed.append(them[1]) or hash_of(*them)
    )
    assert served.sign_in("wrong", email) == 401
    assert (len(verified), hashed) == (1, [])
    assert verified[0].split("$")[1:4] == rules.unknown_users_hash().split("$")[1:4]


def test_the_hash_for_unknown_users_is_checked_like_any_other() -> None:
    """A malformed one would be refused at once, which would reveal who is unknown."""
    unknown, known = rules.unknown_users_hash(), rules.hash_of("a long password")
    assert extract_parameters(unknown) == extract_parameters(known)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(unknown, "a long password")


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
    answer = served.client.post(
        "/auth/sign-in", content=body, headers={"content-type": content_type}
    )
    assert answer.status_code == 400
    assert answer.json() == {"error": 'Send {"email": …, "password": …} as application/json.'}


def _later(seconds: float) -> object:
    now = time.time
    return lambda: now() + seconds


def test_what_an_admin_changes_takes_effect_within_a_second(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 10: a new password, a disabled user, a revoked token."""
    now = 0.0
    monkeypatch.setattr(known_identities, "monotonic", lambda: now)

    def run_and_wait_a_second(operation: Callable[[Unit], Awaitable[object]]) -> None:
        nonlocal now
        served.run(operation)
        now += 1

    served.sign_in()
    cookie = {"Cookie": f"tenure_session={served.client.cookies['tenure_session']}"}
    assert served.asked(**cookie) == EMAIL
    run_and_wait_a_second(lambda unit: set_password(unit, EMAIL, password=PASSWORD))
    assert served.asked(**cookie) == "UNAUTHENTICATED"
    served.client.cookies.clear()
    assert served.sign_in() == 200
    assert served.asked() == EMAIL
    run_and_wait_a_second(lambda unit: create_user(unit, email="eva@example.com", role=Role.ADMIN))
    assert served.asked() == EMAIL
    run_and_wait_a_second(lambda unit: update_user(unit, EMAIL, status=UserStatus.DISABLED))
    assert served.asked() == "UNAUTHENTICATED"
    assert served.sign_in() == 401
    run_and_wait_a_second(lambda unit: update_user(unit, EMAIL, status=UserStatus.ACTIVE))
    assert served.asked() == "UNAUTHENTICATED"
    assert served.sign_in() == 200
    assert served.asked(Authorization=f"Bearer {served.token}") == "Shop"
    run_and_wait_a_second(lambda unit: revoke_token(unit, "Shop"))
    assert served.asked(Authorization=f"Bearer {served.token}") == "UNAUTHENTICATED"


def test_a_changed_password_keeps_the_session_that_changes_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 10: the other sessions of the user end."""
    served.sign_in()
    other = {"Cookie": f"tenure_session={served.client.cookies['tenure_session']}"}
    served.client.cookies.clear()
    served.sign_in()
    assert served.asked(**other) == EMAIL
    new = "another good password"
    document = """mutation($input: ChangePasswordInput!) {
        changePassword(input: $input) { errors { code } }
    }"""
    given = {"input": {"currentPassword": PASSWORD, "newPassword": new}}
    answer = served.client.post("/graphql", json={"query": document, "variables": given})
    assert answer.json()["data"] == {"changePassword": {"errors": []}}
    now = known_identities.monotonic() + 1
    monkeypatch.setattr(known_identities, "monotonic", lambda: now)
    assert served.asked() == EMAIL
    assert served.asked(**other) == "UNAUTHENTICATED"
    assert (served.sign_in(PASSWORD), served.sign_in(new)) == (401, 200)


def test_refused_sign_ins_are_audited(served: Served) -> None:
    """Wrong passwords and disabled users, and nobody's addresses; no password is in the log."""
    attempts = [("wrong", EMAIL), ("secret", "nobody@example.com"), (PASSWORD, "off@example.com")]

    async def add_disabled(unit: Unit) -> None:
        user, _ = await create_user(
            unit, email="off@example.com", role=Role.VIEWER, password=PASSWORD
        )
        await update_user(unit, user.id, status=UserStatus.DISABLED)

    async def read(unit: Unit) -> list[tuple[str, str]]:
        refused = AuditEntry.action == AuditAction.SIGN_IN_REFUSED
        columns = select(AuditEntry.actor, AuditEntry.summary).where(refused)
        return [tuple(row) for row in await unit.session.execute(columns.order_by(AuditEntry.id))]

    served.run(add_disabled)
    assert [served.sign_in(*attempt) for attempt in attempts] == [401] * 3
    assert served.sign_in() == 200
    found = served.run(read)
    names = (EMAIL, "no…@example.com", "off@example.com")
    assert found == [("tenure", f"Refused a sign-in as {name} from testclient.") for name in names]


def test_the_last_use_is_written_in_the_background(served: Served) -> None:
    """A token that was never used is written with its first use; nothing waits for it."""
    assert served.asked(Authorization=f"Bearer {served.token}") == "Shop"
    url = served.settings.database_url
    until(lambda: asyncio.run(token_row(url)).last_used_at)


async def _failures(url: str) -> list[int]:
    database = Database(url)
    async with database.reading() as session:
        found = list(await session.scalars(select(SignInLimit.failures)))
    await database.close()
    return found


async def token_row(url: str) -> Token:
    database = Database(url)
    async with database.reading() as session:
        found = (await session.execute(select(Token))).scalar_one()
    await database.close()
    return found


async def _demote(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.execute(update(User).values(role=Role.VIEWER))
    await database.close()
