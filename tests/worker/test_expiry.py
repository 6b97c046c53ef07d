"""Expired rows are deleted at the start of each hour, in chunks, by any number of processes."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from tenure.idempotency.models import KeyedRequest
from tenure.identity.models import SignInLimit, User, UserSession
from tenure.kernel.actor import Role
from tenure.kernel.unit import Runtime
from tenure.webhooks.deliveries.models import Webhook, WebhookDelivery
from tenure.worker import expiry
from tenure.worker.expiry import delete_all_expired, hourly_expiry
from tenure.worker.scheduler import SCHEDULER, scheduling
from tests.conftest import ANA, NOON
from tests.waiting import PATIENCE

MANY = 2_500
NOTHING = {
    "keyed_requests": 0,
    "sign_in_limits": 0,
    "sessions": 0,
    "webhook_deliveries": 0,
    "webhooks": 0,
    **dict.fromkeys(
        (
            "import_file_parts",
            "interrupted_uploads",
            "import_run_lines",
            "checked_accounts",
            "checked_logins",
            "checked_offers",
        ),
        0,
    ),
}


async def add_requests(runtime: Runtime, ages: Iterable[timedelta]) -> None:
    """Requests that were answered so long before noon; the key is the number."""
    rows = [
        {
            "caller": "shop",
            "key": str(number),
            "digest": "d" * 64,
            "started_at": NOON - age,
            "carried_out": True,
            "status": 200,
            "answer": b"{}",
        }
        for number, age in enumerate(ages)
    ]
    async with runtime.unit(ANA) as unit:
        await unit.session.execute(insert(KeyedRequest), rows)


async def keys(runtime: Runtime) -> list[str]:
    """Of the requests that are still there."""
    async with runtime.database.reading() as session:
        return sorted(await session.scalars(select(KeyedRequest.key)))


def a_webhook(number: int, *, deleted_at: datetime | None) -> Webhook:
    """A webhook that was deleted then, or not."""
    return Webhook(
        id=number,
        url="https://example.com/",
        event_kinds=[],
        secret="encrypted",
        position=0,
        event_id=0,
        created_by="ana",
        created_at=NOON - timedelta(days=90),
        deleted_at=deleted_at,
    )


def a_delivery(number: int, *, created_at: datetime) -> WebhookDelivery:
    """A delivery that was recorded then, to the third webhook."""
    return WebhookDelivery(
        id=number, webhook_id=3, event_id=number, account_id=1, created_at=created_at
    )


async def test_each_kind_is_deleted_when_its_time_is_over(runtime: Runtime) -> None:
    """Answers after 24 hours, failed sign-ins after five minutes, sessions, deliveries and deleted
    webhooks after 30 days.
    """
    second = timedelta(seconds=1)
    day, month = timedelta(hours=24), timedelta(days=30)
    await add_requests(runtime, [day - second, day, day * 9, -day])
    async with runtime.unit(ANA) as unit:
        user = User(email="a@b.test", role=Role.VIEWER, password_hash="", created_at=NOON)
        unit.session.add(user)
        await unit.session.flush()
        for name, begun in (("old", NOON - month), ("new", NOON - month + second)):
            times = {"created_at": begun, "last_used_at": begun, "ended_at": None}
            unit.session.add(UserSession(user_id=user.id, digest=name, **times))
        for name, ends_at in (("over", NOON), ("open", NOON + second)):
            unit.session.add(SignInLimit(key=name, failures=1, ends_at=ends_at))
        for number, at in enumerate((NOON - month, NOON - month + second), start=1):
            unit.session.add(a_webhook(number, deleted_at=at))
            unit.session.add(a_delivery(number, created_at=at))
        unit.session.add(a_webhook(3, deleted_at=None))
    counts = await delete_all_expired(runtime, SCHEDULER, NOON)
    assert counts == NOTHING | {
        "keyed_requests": 2,
        "sign_in_limits": 1,
        "sessions": 1,
        "webhook_deliveries": 1,
        "webhooks": 1,
    }
    assert await keys(runtime) == ["0", "3"]
    async with runtime.database.reading() as session:
        assert list(await session.scalars(select(UserSession.digest))) == ["new"]
        assert list(await session.scalars(select(SignInLimit.key))) == ["open"]
        assert list(await session.scalars(select(User.email))) == ["a@b.test"]
        assert list(await session.scalars(select(Webhook.id).order_by(Webhook.id))) == [2, 3]
        assert list(await session.scalars(select(WebhookDelivery.id))) == [2]
    assert await delete_all_expired(runtime, SCHEDULER, NOON) == NOTHING


async def test_many_are_deleted_in_chunks(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk is a transaction, so that no lock is held for long."""
    await add_requests(runtime, [timedelta(days=2)] * MANY)
    chunks: list[int] = []
    delete_chunk = expiry.EXPIRING["keyed_requests"]

    async def counted(unit: expiry.Unit, *, now: datetime) -> int:
        chunks.append(await delete_chunk(unit, now=now))
        return chunks[-1]

    monkeypatch.setitem(expiry.EXPIRING, "keyed_requests", counted)
    assert (await delete_all_expired(runtime, SCHEDULER, NOON))["keyed_requests"] == MANY
    assert (chunks, await keys(runtime)) == ([1_000, 1_000, 500], [])


async def test_several_processes_delete_at_once(runtime: Runtime) -> None:
    """Each row is deleted by one of them, and nobody fails."""
    await add_requests(runtime, [timedelta(days=2)] * MANY + [timedelta()])
    all_counts = await asyncio.gather(
        *(delete_all_expired(runtime, SCHEDULER, NOON) for _ in range(4))
    )
    assert sum(counts["keyed_requests"] for counts in all_counts) == MANY
    assert await keys(runtime) == [str(MANY)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_locked_row_is_left_for_the_next_time(runtime: Runtime) -> None:
    """Somebody who sends a request again after 24 hours has its row locked."""
    await add_requests(runtime, [timedelta(days=2)] * 3)
    async with runtime.unit(ANA) as unit:
        await unit.session.get(KeyedRequest, ("shop", "1"), with_for_update=True)
        async with asyncio.timeout(PATIENCE):
            counts = await delete_all_expired(runtime, SCHEDULER, NOON)
        assert counts == NOTHING | {"keyed_requests": 2}
    assert await keys(runtime) == ["1"]
    assert (await delete_all_expired(runtime, SCHEDULER, NOON))["keyed_requests"] == 1


async def test_once_an_hour(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """In its first minute, by a clock; again in the next minute where it failed."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    clock = [NOON, NOON + minute, NOON + hour - minute, NOON + hour, NOON + hour + minute]
    clock.append(NOON + hour + 2 * minute)
    failing = {NOON + hour}
    deleted_at: list[datetime] = []

    async def delete(_runtime: Runtime, _actor: object, time: datetime) -> dict[str, int]:
        deleted_at.append(time)
        if time in failing:
            raise OSError("no database")
        return NOTHING

    monkeypatch.setattr(expiry, "delete_all_expired", delete)
    expire = hourly_expiry(runtime, SCHEDULER)
    for time in clock:
        monkeypatch.setattr(expiry, "real_now", lambda time=time: time)
        with suppress(OSError):
            await expire()
    assert deleted_at == [NOON, NOON + hour, NOON + hour + minute]


async def test_the_scheduler_does_it(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of `tenure scheduler`, and the one inside of `tenure serve` on the embedded default."""
    await add_requests(runtime, [timedelta(days=2), timedelta()])
    monkeypatch.setattr(expiry, "real_now", lambda: NOON)
    async with scheduling(runtime, lambda: None, seconds=0.1), asyncio.timeout(PATIENCE):
        while await keys(runtime) != ["1"]:  # noqa: ASYNC110 - the database tells of no event
            await asyncio.sleep(0.05)
