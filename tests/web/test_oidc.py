"""Sign-in through an OpenID Connect provider, which runs in a thread of the test."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey
from sqlalchemy import func, select, update

from tenure.audit.models import AuditAction, AuditEntry
from tenure.cli.checks import findings
from tenure.identity import queries, rules
from tenure.identity.actions import create_user, update_user
from tenure.identity.attempts import actions as attempts
from tenure.identity.models import SignInLimit, User, UserSession, UserStatus
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.unit import Unit
from tenure.web import create_app
from tenure.web.oidc import return_path
from tenure.web.oidc_client import code_challenge
from tests.waiting import PATIENCE
from tests.web.client import TestClient
from tests.web.conftest import EMAIL, PASSWORD, Serve, Served
from tests.web.provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key, running_provider

ADA = "ada@example.com"
PUBLIC_URL = "http://tenure.test"
LOGOUT_PATH = "/auth/oidc/backchannel-logout"
# A session is read again after one second.
SECONDS_UNTIL_READ_AGAIN = 1.1
ROLES = {"oidc_role_claim": "groups", "oidc_roles": "staff=AGENT, admins=ADMIN"}


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[Provider]:
    """One server for all tests of this module."""
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(shared_provider: Provider) -> Provider:
    """The provider, which does everything right."""
    fresh = Provider(shared_provider.issuer)
    for name in Provider.__slots__:
        setattr(shared_provider, name, getattr(fresh, name))
    return shared_provider


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that signs in through the provider."""

    served: Served
    provider: Provider

    def begin(self, path: str = "/accounts") -> httpx.Response:
        """The redirect to the provider."""
        return self.get("/auth/oidc", {"from": path})

    def callback(self, path: str = "/accounts") -> str:
        """The address at which the provider sends the browser back."""
        return sent_back(self.begin(path))

    def sign_in(self, path: str = "/accounts") -> str:
        """The path to which the browser is sent in the end."""
        return self.get(self.callback(path)).headers["location"]

    def refusal(self) -> str:
        """The reason of a sign-in that is refused. Nobody is signed in then."""
        location = self.sign_in()
        assert self.served.asked() == "UNAUTHENTICATED"
        return reason_in(location)

    def get(self, address: str, query: dict[str, str] | None = None) -> httpx.Response:
        """The answer of Tenure, without following redirects."""
        client: Any = self.served.client
        answer: httpx.Response = client.get(address, params=query, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return answer

    def count(self, table: type[User | UserSession]) -> int:
        """The number of rows."""
        counted = select(func.count()).select_from(table)

        async def read(unit: Unit) -> int:
            return (await unit.session.execute(counted)).scalar_one()

        return self.served.run(read)

    def user(self) -> User:
        """Ada's row."""

        async def read(unit: Unit) -> User:
            return (await unit.session.execute(select(User).where(User.email == ADA))).scalar_one()

        return self.served.run(read)


def sent_back(begun: httpx.Response) -> str:
    """The address at which the provider sends the browser back."""
    # Without TLS, whose certificates take long to load.
    answer = httpx.get(begun.headers["location"], verify=False, timeout=PATIENCE)
    return str(answer.headers["location"])


def reason_in(location: str) -> str:
    """The reason with which the sign-in page is opened."""
    parts = urlsplit(location)
    assert (parts.netloc, parts.path) == ("", "/sign-in")
    query = parse_qs(parts.query)
    assert query["from"] == ["/accounts"]
    return query["problem"][0]


def settings_of(provider: Provider, **more: str) -> dict[str, str]:
    """The settings of an installation with this provider."""
    registered = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
    own = {"public_url": PUBLIC_URL, "oidc_issuer": provider.issuer, "oidc_name": "Example"}
    return own | registered | more


@pytest.fixture
def visitor(serve: Serve, provider: Provider) -> Iterator[Visitor]:
    """A browser, and Ada as a user with the role AGENT."""
    with serve(**settings_of(provider)) as served:
        served.run(lambda unit: create_user(unit, email=ADA, role=Role.AGENT))
        yield Visitor(served, provider)


def test_a_user_signs_in_and_comes_to_the_requested_page(visitor: Visitor) -> None:
    begun = visitor.begin("/bills/B-1?tab=items")
    address = urlsplit(begun.headers["location"])
    query = {name: value for name, [value] in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == (
        f"{visitor.provider.issuer}/authorize"
    )
    fixed = {name: query[name] for name in ("response_type", "client_id", "redirect_uri", "scope")}
    assert fixed == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": "http://tenure.test/auth/oidc/callback",
        "scope": "openid email profile",
    }
    assert query["code_challenge_method"] == "S256"
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) == 43
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("tenure_oidc=")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=300"))
    ended = visitor.get(sent_back(begun))
    assert ended.headers["location"] == "/bills/B-1?tab=items"
    assert visitor.served.asked() == ADA
    assert (visitor.user().issuer, visitor.user().subject) == (
        visitor.provider.issuer,
        "subject-of-ada",
    )
    assert "tenure_oidc" not in visitor.served.client.cookies


def test_the_page_learns_how_users_sign_in(visitor: Visitor) -> None:
    answer = visitor.served.client.get("/auth/methods")
    assert answer.json() == {"password": True, "provider": {"name": "Example"}}


def test_without_a_provider_there_is_none(served: Served) -> None:
    assert served.client.get("/auth/methods").json() == {"password": True, "provider": None}
    for path in ("/auth/oidc", "/auth/oidc/callback"):
        assert served.client.get(path).status_code == 404
    assert served.client.post(LOGOUT_PATH).status_code == 405


def test_passwords_can_be_turned_off(serve: Serve, provider: Provider) -> None:
    with serve(**settings_of(provider, password_sign_in="false")) as served:
        assert served.client.get("/auth/methods").json()["password"] is False
        answer = served.client.post("/auth/sign-in", json={"email": EMAIL, "password": PASSWORD})
        message = "Sign-in by password is turned off. Sign in with your company."
        assert (answer.status_code, answer.json()) == (403, {"error": message})


WRONG_CLAIMS: list[dict[str, object]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another"},
    {"aud": None},
    {"aud": ["another", "third"]},
    {"aud": [CLIENT_ID, "another"]},
    {"azp": "another"},
    {"iss": "https://evil.test"},
    {"iss": None},
    {"exp": 1_700_000_000},
    {"exp": None},
    {"iat": None},
    {"iat": 9_999_999_999},
    {"sub": None},
    {"sub": ""},
    {"sub": "x" * 256},
    {"sub": "a\0b"},
    {"sub": 7},
]


def test_an_id_token_with_a_wrong_claim_is_refused(visitor: Visitor) -> None:
    for claims in WRONG_CLAIMS:
        visitor.provider.claims = claims
        assert visitor.refusal() == "invalid", claims
    assert (visitor.count(UserSession), visitor.user().subject) == (0, None)


def test_several_audiences_are_accepted_if_the_token_was_issued_for_us(visitor: Visitor) -> None:
    for audiences, party in (([CLIENT_ID], None), ([CLIENT_ID, "another"], CLIENT_ID)):
        visitor.provider.claims = {"aud": audiences, "azp": party}
        assert visitor.sign_in() == "/accounts"


def test_a_wrong_signature_is_refused(visitor: Visitor) -> None:
    visitor.provider.signature = "A" * 86
    assert visitor.refusal() == "invalid"
    # By a key with the ID of a published one.
    visitor.provider.signature = None
    visitor.provider.published = [visitor.provider.key]
    visitor.provider.key = new_key("first")
    assert visitor.refusal() == "invalid"


def test_only_asymmetric_signatures_count_whatever_is_announced(visitor: Visitor) -> None:
    """HS256 by the client secret, which is known to others than the provider; or no signature."""
    visitor.provider.published = [visitor.provider.key]
    visitor.provider.key = OctKey.import_key(CLIENT_SECRET * 4, {"kid": "first"})
    for visitor.provider.algorithm in ("none", "HS256"):
        assert visitor.refusal() == "invalid"


def test_changed_keys_are_read_again(visitor: Visitor) -> None:
    assert visitor.sign_in() == "/accounts"
    assert visitor.sign_in() == "/accounts"
    assert visitor.provider.paths.count("/keys") == 1
    for key_id in ("second", "second", ""):
        visitor.provider.key = new_key(key_id)
        assert visitor.sign_in() == "/accounts"
    assert visitor.provider.paths.count("/keys") == 4
    assert visitor.provider.paths.count("/.well-known/openid-configuration") == 1


def test_the_state_must_be_that_of_this_browser(visitor: Visitor) -> None:
    """Nobody can make somebody else sign in as themselves."""
    address = visitor.callback()
    visitor.served.client.cookies.clear()
    assert reason_in(visitor.get(address).headers["location"]) == "expired"
    visitor.callback()
    assert reason_in(visitor.get(address).headers["location"]) == "expired"
    assert visitor.provider.paths.count("/token") == 0
    assert visitor.count(UserSession) == 0


def test_a_state_is_used_once_even_with_a_copied_cookie(visitor: Visitor) -> None:
    address = visitor.callback()
    cookie = visitor.served.client.cookies["tenure_oidc"]
    assert visitor.get(address).headers["location"] == "/accounts"
    visitor.served.client.cookies.clear()
    with TestClient(create_app(visitor.served.settings), base_url=PUBLIC_URL) as other_process:
        for client in (visitor.served.client, other_process):
            client.cookies.set("tenure_oidc", cookie)
            again = Visitor(Served(client, visitor.served.settings, ""), visitor.provider)
            # Their codes are new.
            fresh = address.replace("code-0", "code-9")
            visitor.provider.requests["code-9"] = {}
            assert reason_in(again.get(fresh).headers["location"]) == "expired"
    assert visitor.provider.paths.count("/token") == 1


def test_a_sign_in_that_takes_too_long_is_refused(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = visitor.callback()
    import time  # noqa: PLC0415

    now = time.time
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now() + 302)
    assert reason_in(visitor.get(address).headers["location"]) == "expired"


def test_a_modified_cookie_is_refused(visitor: Visitor) -> None:
    address = visitor.callback()
    cookie = visitor.served.client.cookies["tenure_oidc"]
    visitor.served.client.cookies.clear()
    changed = ("B" if cookie[0] != "B" else "C") + cookie[1:]
    visitor.served.client.cookies.set("tenure_oidc", changed)
    assert reason_in(visitor.get(address).headers["location"]) == "expired"


def test_a_code_needs_its_verifier(visitor: Visitor) -> None:
    """PKCE: the provider refuses the code of another authorization request."""
    address = visitor.callback()
    visitor.provider.requests["code-0"]["code_challenge"] = code_challenge("another")
    assert reason_in(visitor.get(address).headers["location"]) == "invalid"


def test_another_issuer_cannot_answer(visitor: Visitor) -> None:
    """RFC 9207."""
    address = visitor.callback().replace("iss=http", "iss=https")
    assert reason_in(visitor.get(address).headers["location"]) == "invalid"
    assert visitor.provider.paths.count("/token") == 0


def test_an_error_of_the_provider_leads_back_without_its_text(visitor: Visitor) -> None:
    for error, reason in (("access_denied", "cancelled"), ("server_error\n<b>", "provider")):
        visitor.provider.error = error
        assert visitor.sign_in() == f"/sign-in?problem={reason}&from=%2Faccounts"


def test_a_callback_without_a_code_is_refused(visitor: Visitor) -> None:
    address = visitor.callback().replace("code=code-0&", "")
    assert reason_in(visitor.get(address).headers["location"]) == "invalid"


def test_a_provider_that_is_down_is_named_and_does_not_count(visitor: Visitor) -> None:
    visitor.provider.is_down = True
    assert reason_in(visitor.begin().headers["location"]) == "provider"
    visitor.provider.is_down = False
    address = visitor.callback()
    visitor.provider.is_down = True
    assert reason_in(visitor.get(address).headers["location"]) == "provider"
    assert failures(visitor) == [0, 1]
    visitor.provider.is_down = False
    assert visitor.sign_in() == "/accounts"


def test_a_wrong_client_secret_is_a_fault_of_the_settings(serve: Serve, provider: Provider) -> None:
    with serve(**settings_of(provider, oidc_client_secret="wrong")) as served:
        assert Visitor(served, provider).refusal() == "provider"


WRONG_METADATA: list[dict[str, object]] = [
    {"issuer": "https://evil.test"},
    {"issuer": None},
    {"token_endpoint": None},
    {"token_endpoint": "http://login.example.com/token"},
    {"userinfo_endpoint": "http://login.example.com/userinfo"},
]


def test_a_provider_with_wrong_metadata_is_not_used(visitor: Visitor) -> None:
    for metadata in WRONG_METADATA:
        visitor.provider.metadata = metadata
        assert reason_in(visitor.begin().headers["location"]) == "provider", metadata


def test_failed_sign_ins_are_limited_by_address(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 10. Those that succeed do not count."""
    monkeypatch.setattr(rules, "FAILURES_BY_ADDRESS", 3)
    assert [visitor.sign_in() for _ in range(4)] == ["/accounts"] * 4
    visitor.served.client.cookies.clear()
    visitor.provider.claims = {"nonce": "another"}
    assert [visitor.refusal() for _ in range(4)] == ["invalid"] * 3 + ["attempts"]
    visitor.provider.claims = {}
    assert visitor.refusal() == "attempts"
    later = rules.FAILURE_WINDOW * 1.01
    for module in (attempts, queries):
        monkeypatch.setattr(module, "real_now", lambda: real_now() + later)
    assert visitor.sign_in() == "/accounts"


def test_an_address_that_is_not_verified_links_nobody(visitor: Visitor) -> None:
    for verified in (False, None, "false", 1, "yes"):
        visitor.provider.claims = {"email_verified": verified}
        assert visitor.refusal() == "email", verified
    assert visitor.user().subject is None


def test_what_the_id_token_lacks_is_asked_of_userinfo(visitor: Visitor) -> None:
    visitor.provider.claims = {"email": None, "email_verified": None}
    visitor.provider.userinfo = {"email": ADA, "email_verified": True, "sub": "another"}
    assert visitor.refusal() == "invalid"
    visitor.provider.userinfo = {"email": ADA, "email_verified": True}
    assert visitor.sign_in() == "/accounts"
    assert visitor.served.asked() == ADA


def test_a_disabled_user_is_refused(visitor: Visitor) -> None:
    visitor.served.run(lambda unit: update_user(unit, ADA, status=UserStatus.DISABLED))
    assert visitor.refusal() == "disabled"
    assert visitor.user().subject is None


def test_a_refused_user_is_in_the_audit_log(visitor: Visitor) -> None:
    """Rules 10."""
    visitor.served.run(lambda unit: update_user(unit, ADA, status=UserStatus.DISABLED))
    assert visitor.refusal() == "disabled"

    async def read(unit: Unit) -> list[str]:
        refused = AuditEntry.action == AuditAction.SIGN_IN_REFUSED
        return list(await unit.session.scalars(select(AuditEntry.summary).where(refused)))

    assert visitor.served.run(read) == [f"Refused a sign-in as {ADA} from testclient."]


def test_a_user_whom_nobody_created_is_refused(serve: Serve, provider: Provider) -> None:
    with serve(**settings_of(provider)) as served:
        visitor = Visitor(served, provider)
        assert visitor.refusal() == "unknown"
        assert visitor.count(User) == 1


def test_the_role_comes_from_the_claim_at_each_sign_in(serve: Serve, provider: Provider) -> None:
    with serve(**settings_of(provider, **ROLES)) as served:
        visitor = Visitor(served, provider)
        assert visitor.refusal() == "role"
        for groups, role in (
            (["staff", "others"], "AGENT"),
            (["staff", "admins"], "ADMIN"),
            ("staff", "AGENT"),
        ):
            provider.claims = {"groups": groups}
            assert visitor.sign_in() == "/accounts"
            assert visitor.user().role == role
        served.client.cookies.clear()
        provider.claims = {"groups": ["others", 7, None]}
        assert visitor.refusal() == "role"


def test_the_last_admin_is_not_lowered(serve: Serve, provider: Provider) -> None:
    """Rules 10: the last ADMIN cannot be lowered, not even by the provider."""
    provider.claims = {"groups": ["staff"], "email": EMAIL}
    with serve(**settings_of(provider, **ROLES)) as served:
        assert Visitor(served, provider).refusal() == "last-admin"
        assert served.sign_in() == 200


def test_only_own_paths_are_returned_to() -> None:
    for path in (
        *("//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", ""),
        *("/\t/evil.test", "/\n/evil.test", "evil.test", "/ä", "/" + "x" * 1500),
    ):
        assert return_path(path) == "/accounts", path
    assert return_path("/accounts/A-1?q=%2F%2F&x=//y") == "/accounts/A-1?q=%2F%2F&x=//y"


def test_signing_out_ends_the_session_at_the_provider_too(visitor: Visitor) -> None:
    visitor.sign_in()
    answer = visitor.served.client.post("/auth/sign-out")
    address = urlsplit(answer.json()["redirect"])
    assert (answer.status_code, address.path) == (200, "/logout")
    assert parse_qs(address.query) == {
        "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": ["http://tenure.test/sign-in"],
    }
    assert visitor.served.asked() == "UNAUTHENTICATED"
    visitor.served.sign_in()
    assert visitor.served.client.post("/auth/sign-out").status_code == 204


def test_signing_out_at_the_provider_ends_the_sessions(visitor: Visitor) -> None:
    """Of the subject, on all devices. A session that was opened by password goes on."""
    visitor.sign_in()
    with visitor.served.at_address("10.0.0.1") as other:
        Visitor(other, visitor.provider).sign_in()
        assert logged_out(visitor, visitor.provider.logout_token(sub="somebody")) == 200
        assert (visitor.served.asked(), other.asked()) == (ADA, ADA)
        assert logged_out(visitor, visitor.provider.logout_token()) == 200
        time.sleep(SECONDS_UNTIL_READ_AGAIN)
        assert (visitor.served.asked(), other.asked()) == ("UNAUTHENTICATED",) * 2

    async def read(unit: Unit) -> list[str]:
        ended = AuditEntry.action == AuditAction.SESSIONS_ENDED
        return list(await unit.session.scalars(select(AuditEntry.summary).where(ended)))

    ended = f"Ended 2 sessions of {ADA}, who signed out at the provider."
    assert visitor.served.run(read) == [ended]
    visitor.served.sign_in()
    assert logged_out(visitor, visitor.provider.logout_token()) == 200
    assert visitor.served.asked() == EMAIL
    assert visitor.served.run(read) == [ended]


def test_forged_logout_tokens_end_nothing(visitor: Visitor) -> None:
    """Each is refused with 400, and counts as a failed attempt of its address."""
    visitor.sign_in()
    provider, now = visitor.provider, int(real_now().timestamp())
    wrong: list[dict[str, object]] = [
        {"iss": "https://evil.test"}, {"aud": "another"}, {"exp": now - 100}, {"iat": None},
        {"exp": None}, {"jti": None}, {"sub": None}, {"sub": 7}, {"sub": ""}, {"nonce": "n"},
        {"events": None}, {"events": {}}, {"events": "logout"}, {"iat": now + 1000},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": 1}},
    ]  # fmt: skip
    tokens = [provider.logout_token(**claims) for claims in wrong]
    tokens += ["", "a.b.c", "x" * 20_000, provider.id_token({"nonce": "n"})]
    provider.published, provider.key = [provider.key], new_key("first")
    tokens.append(provider.logout_token())
    provider.key, provider.algorithm = OctKey.import_key("x" * 32), "HS256"
    tokens.append(provider.logout_token())
    provider.algorithm = "none"
    tokens.append(provider.logout_token())
    assert [logged_out(visitor, token) for token in tokens] == [400] * len(tokens)
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = visitor.served.client.post(LOGOUT_PATH, content=b"\xff=%zz", headers=form)
    assert answer.status_code == 400
    assert answer.json() == {"error": "invalid_request"}
    assert visitor.served.client.get(LOGOUT_PATH).status_code == 404
    time.sleep(SECONDS_UNTIL_READ_AGAIN)
    assert visitor.served.asked() == ADA
    visitor.served.run(exhaust)
    assert logged_out(visitor, tokens[0]) == 429


async def exhaust(unit: Unit) -> None:
    """No attempt is left for any address."""
    await unit.session.execute(update(SignInLimit).values(failures=rules.FAILURES_BY_ADDRESS))


def logged_out(visitor: Visitor, token: str) -> int:
    """The status with which Tenure answers the provider."""
    return visitor.served.client.post(LOGOUT_PATH, data={"logout_token": token}).status_code


def test_the_cookies_behind_tls_have_the_prefix(serve: Serve, provider: Provider) -> None:
    settings = settings_of(provider, public_url="https://tenure.test")
    with serve(base_url="https://tenure.test", **settings) as served:
        served.run(lambda unit: create_user(unit, email=ADA, role=Role.AGENT))
        visitor = Visitor(served, provider)
        begun = visitor.begin()
        assert begun.headers["set-cookie"].startswith("__Host-tenure_oidc=")
        visitor.get(sent_back(begun))
        assert list(served.client.cookies) == ["__Host-tenure_session"]
        assert served.asked() == ADA


async def test_the_check_warns_of_a_provider_that_cannot_be_used(
    visitor: Visitor, provider: Provider
) -> None:
    async def found() -> tuple[str, bool]:
        listed = await findings(visitor.served.settings)
        [one] = [it for it in listed if it.subject == "sign-in"]
        return one.message, one.is_ok

    assert await found() == ("by password, or through Example, which answers", True)
    provider.is_down = True
    fault = "/.well-known/openid-configuration answers 503 without JSON"
    assert await found() == (f"warning: {provider.issuer} cannot be used: {fault}", True)


def failures(visitor: Visitor) -> list[int]:
    """The counters of failed sign-ins, in order."""

    async def read() -> list[int]:
        database = Database(visitor.served.settings.database_url)
        try:
            async with database.reading() as session:
                return sorted(await session.scalars(select(SignInLimit.failures)))
        finally:
            await database.close()

    return asyncio.run(read())
