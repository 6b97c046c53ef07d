"""Endpoints that want no more messages, for a while or at all (Standard Webhooks)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tenure.kernel.unit import Unit
from tenure.webhooks.deliveries.actions import redeliver
from tenure.webhooks.deliveries.models import WebhookDelivery, WebhookStatus
from tenure.webhooks.deliveries.queries import webhooks_with_work
from tenure.webhooks.deliveries.rules import AttemptResult, retry_at_of
from tests.conftest import NOON
from tests.webhooks.conftest import Queue

BUSY = "The endpoint answered: 429"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("120", 2 * MINUTE), (" 5 ", timedelta(seconds=5)), ("3600", HOUR), ("3601", HOUR),
        ("9" * 5000, HOUR), ("Mon, 12 Jan 2026 12:10:00 GMT", 10 * MINUTE),
        ("Tue, 13 Jan 2026 12:00:00 GMT", HOUR), ("Mon, 12 Jan 2026 11:59:00 GMT", None),
        ("0", None), ("-5", None), ("1.5", None), ("²", None), ("soon", None), ("", None),
        (None, None), ("Mon, 99 Jan 2026 12:10:00 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_and_bounded(header: str | None, pause: timedelta | None) -> None:
    now = datetime(2026, 1, 12, 12, tzinfo=UTC)
    assert retry_at_of(header, now) == (pause and now + pause)


async def test_nothing_is_sent_before_the_time_of_the_endpoint(queue: Queue) -> None:
    """Not to other accounts either; the schedule of retries continues afterwards."""
    await queue.account("One")
    [first] = await queue.events_claimed()
    await queue.account("Two")
    busy = replace(queue.result(first, BUSY, 429), retry_at=NOON + 10 * MINUTE)
    assert await queue.events_claimed(busy) == []
    webhook = await queue.webhook()
    assert (webhook.status, webhook.retry_at) == (WebhookStatus.ACTIVE, NOON + 10 * MINUTE)
    assert [it.next_attempt_at for it in await queue.deliveries()] == [NOON + 10 * MINUTE, NOON]
    queue.now = NOON + 10 * MINUTE - timedelta(seconds=1)
    assert await queue.events_claimed() == []
    assert await with_work(queue) == []
    queue.now = NOON + 10 * MINUTE
    assert await with_work(queue) == [queue.webhook_id]
    assert sorted(await queue.events_claimed()) == [it.event_id for it in await queue.deliveries()]


async def with_work(queue: Queue) -> list[int]:
    """The webhooks that a worker would look at."""
    position = await queue.position()
    async with queue.runtime.database.reading() as session:
        return list(await webhooks_with_work(session, position, queue.now))


async def test_a_pause_shorter_than_that_of_the_schedule(queue: Queue) -> None:
    await queue.account()
    [event] = await queue.events_claimed()
    busy = replace(queue.result(event, BUSY, 503), retry_at=NOON + timedelta(seconds=1))
    await queue.round(busy)
    [delivery] = await queue.deliveries()
    assert delivery.next_attempt_at == NOON + timedelta(seconds=5)


async def test_an_admin_overrides_the_pause(queue: Queue) -> None:
    await queue.account()
    [event] = await queue.events_claimed()
    await queue.round(replace(queue.result(event, BUSY, 429), retry_at=NOON + HOUR))
    [delivery] = await queue.deliveries()

    async def again(unit: Unit) -> WebhookDelivery:
        return await redeliver(unit, delivery.id, now=queue.now)

    await queue.unit(again)
    assert (await queue.webhook()).retry_at is None
    assert await queue.events_claimed() == [event]
    await queue.round(replace(queue.result(event, BUSY, 429), retry_at=NOON + HOUR))
    await queue.update(status=WebhookStatus.PAUSED)
    await queue.update(status=WebhookStatus.ACTIVE)
    assert (await queue.webhook()).retry_at is None


async def test_an_endpoint_that_is_gone(queue: Queue) -> None:
    """It is FAILING at once, although another event was accepted; an admin can resume it."""
    await queue.account("One")
    await queue.account("Two")
    first, second = await queue.events_claimed()
    gone = AttemptResult(
        queue.claimed[second].delivery_id, queue.claimed[second].attempt, 410, "Gone"
    )
    assert await queue.events_claimed(queue.result(first), gone) == []
    assert (await queue.webhook()).status is WebhookStatus.FAILING
    assert await queue.statuses() == ["DELIVERED", "PENDING"]
    queue.now += 5 * HOUR
    assert await queue.events_claimed() == []
    await queue.update(status=WebhookStatus.ACTIVE)
    assert await queue.events_claimed() == [second]
