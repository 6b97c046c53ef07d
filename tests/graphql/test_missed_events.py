"""The subscription `accountEvents`: what was missed since an event, and then what is new."""

import asyncio
from functools import partial

import pytest

from tenure.accounts.models import Account
from tenure.events.queries import committed_between, newest_position
from tenure.graphql.http import feed as feeds
from tenure.graphql.http.feed import EventFeed
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests.builders import account, set_account
from tests.conftest import ANA
from tests.graphql.caller import global_id
from tests.graphql.test_subscriptions import subscribed


@pytest.fixture
def feed(runtime: Runtime) -> EventFeed:
    """The feed of one process, with a shorter interval than by default."""
    return EventFeed(runtime.database, interval=0.02)


AFTER = """subscription($account: ID, $kinds: [EventKind!], $after: ID) {
  accountEvents(account: $account, kinds: $kinds, after: $after) { id kind account { name } }
}"""


async def committed_ids(runtime: Runtime) -> list[int]:
    """The ids of all events, in the order of their commits."""
    async with runtime.database.connection() as connection:
        newest = await newest_position(connection)
    async with runtime.database.reading() as session:
        return [it for it, _ in await committed_between(session, 0, newest)]


@pytest.mark.parametrize("chunk", [1, 2, 1000])
async def test_events_since_the_last_one_seen(
    runtime: Runtime, feed: EventFeed, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """First what was missed, in the order of the commits, and then what is new; each once."""
    monkeypatch.setattr(feeds, "POSITIONS", chunk)
    for name in ("Ada", "Bob", "Cora"):
        await created(runtime, name)
    ids = await committed_ids(runtime)
    assert len(ids) >= 3
    for place, seen in enumerate(ids):
        async with subscribed(runtime, AFTER, feed=feed, after=global_id("Event", seen)) as receive:
            missed = [(await receive())["id"] for _ in ids[place + 1 :]]
            assert missed == [global_id("Event", it) for it in ids[place + 1 :]]
    async with subscribed(runtime, AFTER, feed=feed, after=global_id("Event", ids[-2])) as receive:
        assert (await receive())["id"] == global_id("Event", ids[-1])
        await created(runtime, "Dora")
        new = (await committed_ids(runtime))[len(ids) :]
        assert [(await receive())["id"] for _ in new] == [global_id("Event", it) for it in new]


async def test_events_at_the_seam(runtime: Runtime, feed: EventFeed) -> None:
    """Accounts are created while subscriptions begin: no event is missing or doubled."""
    await created(runtime, "Ada")
    first = (await committed_ids(runtime))[0]
    creating = asyncio.create_task(_create_many(runtime, 12))
    received = []
    for _ in range(6):
        async with subscribed(
            runtime, AFTER, feed=feed, after=global_id("Event", first)
        ) as receive:
            received.append([(await receive())["id"] for _ in range(5)])
    await creating
    expected = [global_id("Event", it) for it in (await committed_ids(runtime))[1:6]]
    assert received == [expected] * 6


async def test_missed_events_of_an_account_and_of_kinds(runtime: Runtime, feed: EventFeed) -> None:
    ada = await created(runtime, "Ada")
    bob = await created(runtime, "Bob")
    first = (await committed_ids(runtime))[0]
    await runtime.run_in_unit(ANA, partial(set_account, account_id=ada, to=Status.INACTIVE))
    await runtime.run_in_unit(ANA, partial(set_account, account_id=bob, to=Status.INACTIVE))
    async with runtime.database.reading() as session:
        number = (await session.get_one(Account, ada)).number
    given = {"account": f"account:{number}", "after": global_id("Event", first)}
    async with subscribed(runtime, AFTER, feed=feed, kinds=["STATUS_CHANGE"], **given) as receive:
        event = await receive()
    assert (event["kind"], event["account"]) == ("STATUS_CHANGE", {"name": "Ada"})


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"after": "RXZlbnQ6OTk5OTk="}, "NOT_FOUND"),
        ({"after": "x"}, "NOT_FOUND"),
        ({"after": "QWNjb3VudDox"}, "INVALID"),
        ({"account": "x"}, "NOT_FOUND"),
    ],
)
async def test_ids_to_continue_from_that_are_refused(
    runtime: Runtime, feed: EventFeed, given: dict[str, str], code: str
) -> None:
    async with subscribed(runtime, AFTER, feed=feed, **given) as receive:
        [error] = await receive()
    assert error["code"] == code


async def test_an_event_of_another_account(runtime: Runtime, feed: EventFeed) -> None:
    await created(runtime, "Ada")
    seen = (await committed_ids(runtime))[0]
    bob = global_id("Account", await created(runtime, "Bob"))
    async with subscribed(
        runtime, AFTER, feed=feed, account=bob, after=global_id("Event", seen)
    ) as receive:
        assert await receive() == [
            {"code": "INVALID", "message": "This is an event of another account."}
        ]


async def created(runtime: Runtime, name: str) -> int:
    """A new account."""
    return await runtime.run_in_unit(ANA, partial(account, name=name))


async def _create_many(runtime: Runtime, count: int) -> None:
    for number in range(count):
        await created(runtime, f"Customer {number}")
