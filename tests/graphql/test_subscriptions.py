"""Subscriptions: which events are sent, their order, and when one ends.

The protocol over WebSocket is tested in tests/web/test_sockets.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from tenure.events.actions import record
from tenure.events.models import EventKind
from tenure.graphql.http import subscriptions
from tenure.graphql.http.context import Context
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.http.schema import schema
from tenure.holds.models import Status
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, service, set_account
from tests.conftest import ANA, NOON
from tests.graphql.caller import Caller, global_id
from tests.waiting import PATIENCE

VIC = Actor("vic", Role.VIEWER)
EVENTS = "subscription($id: ID) { events(accountId: $id) { kind description account { name } } }"
JOB_RUNS = "subscription { jobRuns { status businessDate done total } }"
SECONDS_BETWEEN_POLLS = subscriptions.POLL_SECONDS
JOB_RUN = "subscription($id: ID!) { jobRun(id: $id) { status step total done failed } }"
Receive = Callable[[], Any]


@pytest.fixture
def feed(runtime: Runtime) -> EventFeed:
    """The feed of one process, with a shorter interval than by default."""
    return EventFeed(runtime.database, interval=0.02)


@asynccontextmanager
async def subscribed(
    runtime: Runtime,
    document: str,
    *,
    feed: EventFeed | None = None,
    who: Actor | None = VIC,
    **variables: Any,
) -> AsyncIterator[Receive]:
    """A subscription for the block. Gives a function that waits for the next message."""

    async def identify() -> Actor | None:
        return who

    context = Context(runtime, identify=identify, feed=feed)
    stream = await schema.stream(document, variables, context)

    async def receive() -> Any:
        result = await asyncio.wait_for(anext(stream), PATIENCE)
        if result.errors:
            return [
                dict(error.formatted["extensions"]) | {"message": error.message}
                for error in result.errors
            ]
        return next(iter((result.data or {}).values()))

    try:
        yield receive
    finally:
        await stream.aclose()


@asynccontextmanager
async def subscribed_to_events(
    runtime: Runtime, feed: EventFeed, account_id: int | None = None
) -> AsyncIterator[Callable[[], Any]]:
    """A subscription to events that has begun when the block begins."""
    variables = {} if account_id is None else {"id": global_id("Account", account_id)}
    before = len(feed.listeners)
    async with subscribed(runtime, EVENTS, feed=feed, **variables) as receive:
        first = asyncio.ensure_future(receive())
        # There is no event to wait for.
        while len(feed.listeners) == before and not first.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

        async def next_event() -> str:
            nonlocal first
            event = await first
            first = asyncio.ensure_future(receive())
            return f"{event['account']['name']}: {event['description']}"

        async def silent() -> bool:
            await asyncio.sleep(feed.interval * 5)
            return not first.done()

        next_event.silent = silent  # type: ignore[attr-defined]
        try:
            yield next_event
        finally:
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)


async def create_accounts(runtime: Runtime, *names: str) -> list[int]:
    """Create accounts of these names; returns their ids."""
    async with runtime.unit(ANA) as unit:
        return [await account(unit, name) for name in names]


async def record_change(runtime: Runtime, account_id: int, what: str) -> None:
    """Write an event of an account."""
    async with runtime.unit(ANA) as unit:
        await record(unit, EventKind.ACCOUNT_CHANGE, account_id, what)


async def test_everything_from_now_on(runtime: Runtime, feed: EventFeed) -> None:
    """No earlier events; each event once, with its fields; those of one account if it is given."""
    carla, mika = await create_accounts(runtime, "Carla", "Mika")
    async with (
        subscribed_to_events(runtime, feed) as everyone,
        subscribed_to_events(runtime, feed, mika) as of_mika,
    ):
        await record_change(runtime, carla, "one")
        await record_change(runtime, mika, "two")
        await record_change(runtime, mika, "three")
        assert [await everyone() for _ in range(3)] == ["Carla: one", "Mika: two", "Mika: three"]
        assert [await of_mika() for _ in range(2)] == ["Mika: two", "Mika: three"]
        assert await everyone.silent()
        assert await of_mika.silent()


async def test_no_earlier_events_are_sent(runtime: Runtime) -> None:
    """Also if there is another subscription, and between two polls."""
    [carla] = await create_accounts(runtime, "Carla")
    slow = EventFeed(runtime.database, interval=1)
    async with subscribed_to_events(runtime, slow) as first:
        await asyncio.sleep(0.1)
        await record_change(runtime, carla, "before")
        async with subscribed_to_events(runtime, slow) as second:
            await record_change(runtime, carla, "after")
            assert await second() == "Carla: after"
        assert [await first() for _ in range(2)] == ["Carla: before", "Carla: after"]


async def test_all_events_of_a_cascade_are_sent(runtime: Runtime, feed: EventFeed) -> None:
    """An event of the account and one of each service; more than one poll reads."""
    [carla] = await create_accounts(runtime, "Carla")
    async with runtime.unit(ANA) as unit:
        for number in range(120):
            await service(unit, carla, f"login-{number}")
    async with subscribed_to_events(runtime, feed, carla) as receive:
        async with runtime.unit(ANA) as unit:
            await set_account(unit, carla, Status.INACTIVE)
        events = [await receive() for _ in range(121)]
        assert await receive.silent()
    assert events[0].endswith(" is now INACTIVE")
    assert events[1:] == ["Carla: Service Internet is now INACTIVE"] * 120


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_commits_in_another_order_than_ids(runtime: Runtime, feed: EventFeed) -> None:
    """PostgreSQL assigns ids before the commit; no event is lost or sent twice."""
    carla, mika = await create_accounts(runtime, "Carla", "Mika")
    async with runtime.unit(ANA) as early:
        await record(early, EventKind.ACCOUNT_CHANGE, carla, "earliest")
        await record_change(runtime, mika, "before anybody listens")
        async with subscribed_to_events(runtime, feed) as receive:
            async with runtime.unit(ANA) as slow:
                await record(slow, EventKind.ACCOUNT_CHANGE, carla, "slow")
                for number in range(30):
                    await record_change(runtime, mika, str(number))
                assert [await receive() for _ in range(30)] == [
                    f"Mika: {number}" for number in range(30)
                ]
                assert await receive.silent()
            assert await receive() == "Carla: slow"
            await early.session.commit()
            assert await receive() == "Carla: earliest"
            await record_change(runtime, mika, "last")
            assert await receive() == "Mika: last"
            assert await receive.silent()


async def test_many_writers_at_once(runtime: Runtime, feed: EventFeed) -> None:
    """Each event is sent once, in any order of their commits."""
    ids = await create_accounts(runtime, *(f"Account {number}" for number in range(8)))

    async def write(account_id: int) -> None:
        for number in range(10):
            await record_change(runtime, account_id, str(number))

    async with subscribed_to_events(runtime, feed) as receive:
        writing = asyncio.gather(*(write(it) for it in ids))
        events = [await receive() for _ in range(80)]
        await writing
        assert await receive.silent()
    assert sorted(events) == sorted(
        f"Account {account}: {number}" for account in range(8) for number in range(10)
    )


async def test_one_poll_task_for_all_subscriptions(runtime: Runtime, feed: EventFeed) -> None:
    """One task polls for all subscriptions; it ends with the last one."""
    async with subscribed_to_events(runtime, feed), subscribed_to_events(runtime, feed):
        poll_task = feed.poll_task
        async with subscribed_to_events(runtime, feed):
            assert feed.poll_task is poll_task
            assert len(feed.listeners) == 3
    assert poll_task is not None
    await asyncio.wait_for(poll_task, PATIENCE)
    assert feed.listeners == set()


async def test_database_that_is_away_for_a_while(
    runtime: Runtime, feed: EventFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The subscription waits, and then sends all events that were written meanwhile."""
    [carla] = await create_accounts(runtime, "Carla")
    async with subscribed_to_events(runtime, feed) as receive:
        with monkeypatch.context() as patch:
            patch.setattr("tenure.graphql.http.feed.newest_position", _away)
            await record_change(runtime, carla, "meanwhile")
            assert await receive.silent()
        assert await receive() == "Carla: meanwhile"


async def _away(*_: object) -> None:
    raise ConnectionRefusedError("away")


async def test_who_reads_too_slowly_is_cut_off(
    runtime: Runtime, feed: EventFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a word, rather than with a gap that nobody notices."""
    monkeypatch.setattr("tenure.graphql.http.feed.MAX_QUEUED", 2)
    [carla] = await create_accounts(runtime, "Carla")
    async with feed.subscribe() as listener:
        listener.enqueue([(number, carla) for number in range(3)])
        with pytest.raises(Exception, match="The client reads events too slowly"):
            await listener.next_batch()


async def started(runtime: Runtime) -> int:
    """A run that waits."""
    async with runtime.unit(ANA) as unit:
        return (await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)).id


async def one_step(unit: Unit, run_id: int) -> int:
    """The run has begun its only step, with three things to do; the id of the step."""
    run = await unit.session.get_one(JobRun, run_id)
    return await jobs.begin(unit, run, step="deferred actions", on=run.business_date, total=3)


@pytest.fixture
def polls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Polls of job runs without a pause; has the id of the run of each poll of one run."""
    read, made = subscriptions._run, []

    async def counted(context: Context, run_id: int) -> JobRun | None:
        made.append(run_id)
        return await read(context, run_id)

    monkeypatch.setattr(subscriptions, "_run", counted)
    monkeypatch.setattr(subscriptions, "POLL_SECONDS", 0)
    return made


async def test_job_run_from_its_start_to_its_end(runtime: Runtime, polls: list[int]) -> None:
    """As it is, then every change; at least once a second while it runs; then the stream ends."""
    run_id = await started(runtime)
    async with subscribed(runtime, JOB_RUN, id=global_id("JobRun", run_id)) as receive:
        waiting = {"status": "QUEUED", "step": None, "total": 0, "done": 0, "failed": 0}
        assert await receive() == waiting
        async with runtime.unit(ANA) as unit:
            step_id = await one_step(unit, run_id)
        running = {
            "status": "RUNNING",
            "step": "deferred actions",
            "total": 3,
            "done": 0,
            "failed": 0,
        }
        assert await receive() == running
        polls.clear()
        assert [await receive() for _ in range(2)] == [running] * 2
        assert len(polls) * SECONDS_BETWEEN_POLLS < 2
        async with runtime.unit(ANA) as unit:
            await jobs.add_progress(unit, run_id, step_id=step_id, done=2, failed=1)
        assert await receive() == running | {"done": 2, "failed": 1}
        async with runtime.unit(ANA) as unit:
            await jobs.end(unit, run_id)
        assert await receive() == {
            "status": "DONE_WITH_FAILURES",
            "step": None,
            "total": 3,
            "done": 2,
            "failed": 1,
        }
        with pytest.raises(StopAsyncIteration):
            await receive()


async def test_job_run_that_has_ended(runtime: Runtime) -> None:
    """Told once, then the stream ends."""
    run_id = await started(runtime)
    async with runtime.unit(ANA) as unit:
        await jobs.cancel(unit, run_id)
    async with subscribed(runtime, JOB_RUN, id=global_id("JobRun", run_id)) as receive:
        assert (await receive())["status"] == "CANCELLED"
        with pytest.raises(StopAsyncIteration):
            await receive()


@pytest.mark.usefixtures("polls")
async def test_every_job_run(runtime: Runtime) -> None:
    """Live runs, then every change. A run that ends before the next poll is sent once."""
    yesterday = NOON.date() - timedelta(days=1)

    async def began_and_ended() -> None:
        async with runtime.unit(ANA) as unit:
            run = await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS, business_date=yesterday)
            await jobs.cancel(unit, run.id)

    await began_and_ended()
    run_id = await started(runtime)
    today = {"businessDate": NOON.date().isoformat(), "status": "QUEUED", "done": 0, "total": 0}
    async with subscribed(runtime, JOB_RUNS) as receive:
        assert await receive() == today
        async with runtime.unit(ANA) as unit:
            step_id = await one_step(unit, run_id)
        assert await receive() == today | {"status": "RUNNING", "total": 3}
        await began_and_ended()
        assert await receive() == {
            "businessDate": yesterday.isoformat(),
            "status": "CANCELLED",
            "done": 0,
            "total": 0,
        }
        async with runtime.unit(ANA) as unit:
            await jobs.add_progress(unit, run_id, step_id=step_id, done=3, failed=0)
            await jobs.end(unit, run_id)
        assert await receive() == today | {"status": "DONE", "done": 3, "total": 3}
        await started(runtime)
        assert await receive() == today


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        pytest.param(JOB_RUN, {"id": global_id("JobRun", 7)}, "NOT_FOUND", id="no such run"),
        pytest.param(JOB_RUN, {"id": global_id("Account", 1)}, "INVALID", id="no run at all"),
        pytest.param(EVENTS, {"id": global_id("Account", 7)}, "NOT_FOUND", id="no such account"),
        pytest.param(EVENTS, {"id": "nonsense"}, "NOT_FOUND", id="no account at all"),
        pytest.param(EVENTS, {"id": "account:A-7"}, "NOT_FOUND", id="no such number"),
        pytest.param(EVENTS, {"id": "account:"}, "INVALID", id="no number"),
        pytest.param(EVENTS, {"id": "offer:flat"}, "INVALID", id="an offer"),
        pytest.param(
            "subscription { events { id } jobRun(id: 1) { id } }", {}, "INVALID", id="two fields"
        ),
        pytest.param("subscription { nothing }", {}, "INVALID", id="unknown field"),
        pytest.param("subscription {", {}, "INVALID", id="no document"),
        pytest.param("", {}, "INVALID", id="empty"),
        pytest.param("fragment A on Query { clock { now } }", {}, "INVALID", id="no operation"),
        pytest.param(
            "subscription { events { account { children(first: 100) { "
            "nodes { children(first: 100) { nodes { "
            "services(first: 100) { nodes { id } } } } } } } } }",
            {},
            "QUERY_TOO_COMPLEX",
            id="too much at once",
        ),
    ],
)
async def test_refused(
    runtime: Runtime, document: str, variables: dict[str, str], code: str
) -> None:
    """With the code that a query would have; nothing follows."""
    async with subscribed(runtime, document, **variables) as receive:
        assert [error["code"] for error in await receive()] == [code]
        with pytest.raises(StopAsyncIteration):
            await receive()


@pytest.mark.parametrize(
    "document", ["subscription { events { id } }", JOB_RUN, JOB_RUNS, "{ viewer { name } }"]
)
async def test_nobody_is_told_nothing(runtime: Runtime, document: str) -> None:
    """UNAUTHENTICATED, also for a query."""
    async with subscribed(
        runtime, document, who=None, id=global_id("JobRun", await started(runtime))
    ) as receive:
        assert await receive() == [{"code": "UNAUTHENTICATED", "message": "Sign in first."}]


async def test_over_http_there_is_no_subscription(ask: Caller) -> None:
    """Said in a sentence."""
    data, [error] = await ask.answer("subscription { events { id } }")
    assert (data, error["message"]) == (
        None,
        (
            "Send subscriptions over WebSocket with the protocol graphql-transport-ws, or with "
            "`Accept: text/event-stream`."
        ),
    )
    assert error["extensions"] == {"code": "INVALID"}


async def test_fault_while_asking_who_it_is(runtime: Runtime) -> None:
    """Masked, as everywhere."""

    async def identify() -> Actor | None:
        raise ZeroDivisionError("secret")

    stream = await schema.stream("{ viewer { name } }", {}, Context(runtime, identify=identify))
    [result] = [it async for it in stream]
    [error] = result.errors or ()
    assert error.extensions is not None
    assert error.extensions["code"] == "INTERNAL"
    assert "secret" not in error.message
