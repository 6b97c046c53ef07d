"""Identities are kept in memory for a second, and for no longer (rules 10)."""

import asyncio
from collections.abc import Iterator

import pytest

from tenure.identity.queries import Identity
from tenure.identity.rules import Credential, CredentialKind
from tenure.kernel.actor import Actor, Role
from tenure.web import known_identities
from tenure.web.known_identities import KnownIdentities
from tenure.web.sessions import Sessions
from tests.web.conftest import EMAIL, Served
from tests.web.test_sessions import token_row
from tests.web.test_sockets import connected, until

SHOP = Credential(CredentialKind.TOKEN, "shop")


class Rows:
    """A database that counts how often each credential is read."""

    def __init__(self) -> None:
        self.known = KnownIdentities()
        self.role: Role | None = Role.AGENT
        self.reads = 0
        self.now = 0.0
        # A read takes so long.
        self.seconds = 0.0

    async def read(self, credential: Credential) -> Identity | None:
        self.reads += 1
        role = self.role
        await asyncio.sleep(0)
        self.now += self.seconds
        return None if role is None else Identity(Actor(credential.digest, role), None)

    async def asked(self, credential: Credential = SHOP) -> Role | None:
        """The role of a credential."""
        identity = await self.known.identity_of(credential, self.read)
        return None if identity is None else identity.actor.role


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rows]:
    """With a clock that the test sets."""
    made = Rows()
    monkeypatch.setattr(known_identities, "monotonic", lambda: made.now)
    return made


async def test_a_change_takes_effect_after_a_second(rows: Rows) -> None:
    """Rules 10: requests do not prolong the second."""
    assert await rows.asked() is Role.AGENT
    rows.role = Role.VIEWER
    for rows.now in (0.5, 0.999):
        assert await rows.asked() is Role.AGENT
    assert rows.reads == 1
    rows.now = 1.0
    assert await rows.asked() is Role.VIEWER


async def test_the_second_begins_before_the_read(rows: Rows) -> None:
    rows.seconds = 0.6
    await rows.asked()
    await rows.asked()
    assert rows.reads == 1
    rows.now = 1.0
    await rows.asked()
    assert rows.reads == 2


async def test_an_invalid_credential_is_read_each_time(rows: Rows) -> None:
    """A new token works at once, and invalid ones use no memory."""
    rows.role = None
    assert await rows.asked() is None
    rows.role = Role.AGENT
    assert await rows.asked() is Role.AGENT


async def test_what_is_forgotten_is_read_again(rows: Rows) -> None:
    await rows.asked()
    rows.role = None
    rows.known.forget(SHOP)
    assert await rows.asked() is None


async def test_a_read_from_before_it_was_forgotten_is_not_kept(rows: Rows) -> None:
    """A request that runs while the session ends must not make it known again."""
    running = asyncio.create_task(rows.asked())
    await asyncio.sleep(0)
    rows.role = None
    rows.known.forget(SHOP)
    assert await running is Role.AGENT
    assert await rows.asked() is None


async def test_memory_is_bounded(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    """The credential that was used least recently is read again."""
    monkeypatch.setattr(known_identities, "LARGEST", 2)
    rows.known = KnownIdentities()
    first, second, third = (Credential(CredentialKind.TOKEN, it) for it in "abc")
    for it in (first, second, first, third, first):
        await rows.asked(it)
    assert rows.reads == 3
    await rows.asked(second)
    assert rows.reads == 4


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Credential]:
    """The credentials that the application reads, while its clock of known identities stands."""
    monkeypatch.setattr(known_identities, "monotonic", lambda: 0.0)
    found: list[Credential] = []
    read = Sessions.identity_of

    async def counted(sessions: Sessions, credential: Credential) -> Identity | None:
        found.append(credential)
        return await read(sessions, credential)

    monkeypatch.setattr(Sessions, "identity_of", counted)
    return found


def test_requests_of_one_second_read_the_session_once(
    served: Served, reads: list[Credential]
) -> None:
    """A session is stored as used now when it begins, so its use is not due."""
    served.sign_in()
    assert [served.asked() for _ in range(3)] == [EMAIL] * 3
    assert len(reads) == 1


def test_a_use_that_is_due_is_read_until_it_is_written(
    served: Served, reads: list[Credential]
) -> None:
    """Otherwise each request of the second would write it again."""
    bearer = {"Authorization": f"Bearer {served.token}"}
    assert served.asked(**bearer) == "Shop"
    until(lambda: asyncio.run(token_row(served.settings.database_url)).last_used_at is not None)
    assert [served.asked(**bearer) for _ in range(3)] == ["Shop"] * 3
    assert len(reads) == 2


def test_a_websocket_reads_the_token_always(served: Served, reads: list[Credential]) -> None:
    """Rules 10: it is checked again only after half a second, which adds to the second."""
    served.sign_in()
    cookie = {"Cookie": f"tenure_session={served.client.cookies['tenure_session']}"}
    assert served.asked() == EMAIL
    before = len(reads)
    with connected(served, **cookie) as client:
        client.init()
        assert len(reads) > before
