"""Which events are delivered, in which order, and when again (issue 13: webhooks)."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from tenure.audit.models import AuditEntry
from tenure.events.models import Event, EventKind
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Unit
from tenure.webhooks.deliveries import queries, rules
from tenure.webhooks.deliveries.actions import (
    delete_old_deliveries,
    delete_old_webhooks,
    redeliver,
)
from tenure.webhooks.deliveries.models import (
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookStatus,
)
from tenure.webhooks.deliveries.queries import webhook_figures, webhooks_with_work
from tests import builders
from tests.checks import nothing_written, refused
from tests.conftest import ANA, NOON
from tests.webhooks.conftest import Queue

DOWN = "The endpoint answered: 503"
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
SCHEDULE = [5 * SECOND, 5 * MINUTE, 30 * MINUTE]
SCHEDULE += [hours * HOUR for hours in (2, 5, 10, 14, 20, 24)]


async def events(queue: Queue) -> list[int]:
    """The ids of all events in order."""
    async with queue.runtime.database.reading() as session:
        return list(await session.scalars(select(Event.id).order_by(Event.id)))


async def audit(queue: Queue) -> list[tuple[str, str, object]]:
    """Actor, summary and details of all audit entries."""
    async with queue.runtime.database.reading() as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    return [(it.actor, it.summary, it.details) for it in entries if it.action == "WEBHOOK_CHANGED"]


async def test_every_event_after_the_creation_is_delivered_once(queue: Queue) -> None:
    """Those of before are not."""
    queue.webhook_id = 0
    await queue.account("Before")
    await queue.create()
    account = await queue.account()
    await queue.change(account, "Carlotta")
    created, renamed = (await events(queue))[-2:]
    assert await queue.events_claimed() == [created]
    assert [it.event_id for it in await queue.deliveries()] == [created, renamed]
    assert await queue.events_claimed(queue.result(created)) == [renamed]
    assert await queue.events_claimed(queue.result(renamed)) == []
    assert await queue.statuses() == ["DELIVERED", "DELIVERED"]
    webhook = await queue.webhook()
    assert (webhook.succeeded_attempts, webhook.failed_attempts) == (2, 0)


async def test_what_is_rolled_back_is_not_delivered(queue: Queue) -> None:
    async def failing(unit: Unit) -> None:
        await builders.account(unit, "Nobody")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await queue.unit(failing)
    assert await queue.events_claimed() == []
    assert await queue.deliveries() == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_event_committed_after_the_webhook_is_delivered(queue: Queue) -> None:
    """Its transaction began, and its event was written, before the webhook was created."""
    async with queue.runtime.unit(ANA) as unit:
        await builders.account(unit, "Slow")
        await queue.create()
        await queue.account("Quick")
        slow, quick = await events_in(unit)
        assert await queue.events_claimed() == [quick]
    assert await queue.events_claimed() == [slow]


async def events_in(unit: Unit) -> list[int]:
    """The events that a transaction sees."""
    return list(await unit.session.scalars(select(Event.id).order_by(Event.id)))


async def test_only_the_kinds_of_the_webhook(queue: Queue) -> None:
    await queue.create(event_kinds=[EventKind.STATUS_CHANGE])
    account = await queue.account()
    assert (await queue.round()).claimed == []
    await queue.unit(lambda unit: builders.set_account(unit, account, builders.Status.INACTIVE))
    [claimed] = (await queue.round()).claimed
    assert '"type":"status_change"' in claimed.body
    assert [it.event_id for it in await queue.deliveries()] == [(await events(queue))[-1]]


async def test_many_events_are_recorded_in_chunks(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the commits; a commit may be larger than a chunk."""
    monkeypatch.setattr(queries, "CHUNK", 3)

    async def several(unit: Unit) -> None:
        for place in range(5):
            await builders.account(unit, f"Of one commit {place}")

    await queue.account("First")
    await queue.unit(several)
    await queue.account("Last")
    rounds = [await queue.round() for _ in range(4)]
    assert [it.has_more for it in rounds] == [True, True, False, False]
    assert [it.event_id for it in await queue.deliveries()] == await events(queue)
    async with nothing_written(queue.runtime):
        await queue.round()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_transactions_with_interleaved_events(queue: Queue) -> None:
    """The events of each follow its commit, whatever their ids."""
    async with queue.runtime.unit(ANA) as one:
        await builders.account(one, "One")
        other = await queue.account("Other")
        await builders.account(one, "One more")
        await queue.round()
    await queue.change(other, "Another")
    await queue.round()
    [first, *_] = await queue.deliveries()
    assert first.account_id == other
    early, quick, late, last = await events(queue)
    order = [it.event_id for it in await queue.deliveries()]
    assert order == [quick, early, late, last]


async def test_events_of_one_account_follow_each_other(queue: Queue) -> None:
    """A later one waits, also through the pauses; another account does not."""
    carla, dora = await queue.account("Carla"), await queue.account("Dora")
    await queue.change(carla, "Carlotta")
    created, other, renamed = await events(queue)
    assert await queue.events_claimed() == [created, other]
    assert await queue.events_claimed(queue.result(created, DOWN), queue.result(other)) == []
    await queue.change(dora, "Theodora")
    last = (await events(queue))[-1]
    assert await queue.events_claimed() == [last]
    queue.now += SCHEDULE[0]
    assert await queue.events_claimed() == [created]
    assert await queue.events_claimed(queue.result(created)) == [renamed]


async def test_later_event_follows_one_that_was_given_up(queue: Queue) -> None:
    carla = await queue.account()
    await queue.change(carla, "Carlotta")
    created, renamed = await events(queue)
    await queue.round()
    await queue.unit(lambda unit: set_failures(unit, len(SCHEDULE)))
    assert await queue.events_claimed(queue.result(created, DOWN)) == [renamed]
    assert await queue.statuses() == ["FAILED", "PENDING"]


async def set_failures(unit: Unit, failures: int) -> None:
    """Store a number of failed attempts for the pending deliveries."""
    await unit.session.execute(update(WebhookDelivery).values(failures=failures))


async def test_pauses_grow(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    """5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; then it is FAILED."""
    monkeypatch.setattr(rules, "FAILING_AFTER", 30 * DAY)
    await queue.account()
    [event] = await events(queue)
    assert await queue.events_claimed() == [event]
    for attempt, pause in enumerate(SCHEDULE, start=1):
        assert await queue.events_claimed(queue.result(event, DOWN)) == []
        [delivery] = await queue.deliveries()
        assert (delivery.status, delivery.attempts) == ("PENDING", attempt)
        assert (delivery.last_attempt_at, delivery.next_attempt_at) == (
            queue.now,
            queue.now + pause,
        )
        assert (delivery.response_status, delivery.error) == (503, DOWN)
        queue.now += pause - SECOND
        assert await queue.events_claimed() == []
        queue.now += SECOND
        assert await queue.events_claimed() == [event]
    assert await queue.events_claimed(queue.result(event, DOWN)) == []
    [delivery] = await queue.deliveries()
    assert (delivery.status, delivery.attempts) == ("FAILED", 10)
    assert delivery.next_attempt_at is None
    queue.now += 9 * DAY
    assert await queue.events_claimed() == []


async def test_failing_after_three_days_of_failures(queue: Queue) -> None:
    """Nothing is sent then. ACTIVE sends everything that has happened meanwhile."""
    await queue.account()
    [first] = await events(queue)
    await queue.round()
    for pause in SCHEDULE:
        await queue.round(queue.result(first, DOWN))
        assert (await queue.webhook()).status is WebhookStatus.ACTIVE
        queue.now += pause
        assert await queue.events_claimed() == [first]
    version = (await queue.webhook()).version
    await queue.round(queue.result(first, DOWN))
    webhook = await queue.webhook()
    assert (webhook.status, webhook.failing_since) == (WebhookStatus.FAILING, NOON)
    assert webhook.version == version + 1
    summary = f"Stopped webhook {webhook.url}: every attempt has failed for three days."
    assert (await audit(queue))[-1] == (
        ANA.name,
        summary,
        {"status": ["ACTIVE", "FAILING"]},
    )
    queue.now += DAY
    await queue.account("Later")
    assert await queue.events_claimed() == []
    assert await queue.statuses() == ["PENDING", "PENDING"]
    await queue.update(status=WebhookStatus.ACTIVE)
    assert (await queue.webhook()).failing_since is None
    assert await queue.events_claimed() == await events(queue)
    assert [it.failures for it in await queue.deliveries()] == [0, 0]


async def test_one_success_ends_the_time_of_failures(queue: Queue) -> None:
    one, _ = await queue.account("One"), await queue.account("Two")
    del one
    first, second = await events(queue)
    await queue.round()
    await queue.round(queue.result(first, DOWN))
    assert (await queue.webhook()).failing_since == NOON
    await queue.round(queue.result(second))
    assert (await queue.webhook()).failing_since is None
    queue.now += 4 * DAY
    assert await queue.events_claimed() == [first]
    await queue.round(queue.result(first, DOWN))
    webhook = await queue.webhook()
    assert (webhook.status, webhook.failing_since) == (WebhookStatus.ACTIVE, queue.now)


async def test_paused_webhook_keeps_its_events(queue: Queue) -> None:
    await queue.update(status=WebhookStatus.PAUSED)
    await queue.account()
    assert await queue.events_claimed() == []
    assert await queue.statuses() == ["PENDING"]
    await queue.update(status=WebhookStatus.ACTIVE)
    assert await queue.events_claimed() == await events(queue)


async def test_claim_of_a_killed_worker_is_taken_over(queue: Queue) -> None:
    """After a minute; a late result of the first attempt changes nothing then."""
    await queue.account()
    [event] = await events(queue)
    await queue.round()
    late = queue.result(event, DOWN)
    queue.now += MINUTE - SECOND
    assert await queue.events_claimed() == []
    queue.now += SECOND
    assert await queue.events_claimed() == [event]
    await queue.round(late)
    [delivery] = await queue.deliveries()
    assert (delivery.status, delivery.attempts, delivery.failures) == ("PENDING", 2, 0)
    await queue.round(queue.result(event))
    assert await queue.statuses() == ["DELIVERED"]


async def test_result_that_is_stored_twice_counts_once(queue: Queue) -> None:
    """A worker repeats it if the answer to its commit was lost."""
    await queue.account()
    [event] = await events(queue)
    await queue.round()
    failed = queue.result(event, DOWN)
    await queue.round(failed)
    await queue.round(failed)
    [delivery] = await queue.deliveries()
    assert (delivery.failures, delivery.next_attempt_at) == (1, NOON + SCHEDULE[0])
    assert (await queue.webhook()).failed_attempts == 1


async def test_attempts_of_a_worker_that_stops_are_repeated_at_once(queue: Queue) -> None:
    await queue.account()
    [event] = await events(queue)
    await queue.round()
    claimed = queue.claimed[event]
    stopped = rules.AttemptResult(claimed.delivery_id, claimed.attempt, was_stopped=True)
    assert await queue.events_claimed(stopped) == [event]
    [delivery] = await queue.deliveries()
    assert (delivery.attempts, delivery.failures) == (2, 0)


async def test_at_most_ten_attempts_at_once(queue: Queue) -> None:
    for place in range(12):
        await queue.account(f"Account {place}")
    ids = await events(queue)
    assert await queue.events_claimed() == ids[:10]
    assert await queue.events_claimed() == []
    assert await queue.events_claimed(queue.result(ids[3])) == [ids[10]]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_concurrent_workers_claim_each_delivery_once(queue: Queue) -> None:
    for place in range(8):
        await queue.account(f"Account {place}")
    rounds = await asyncio.gather(*(queue.round() for _ in range(6)))
    claimed = [it.delivery_id for found in rounds for it in found.claimed]
    assert sorted(claimed) == [it.id for it in await queue.deliveries()]
    assert len(claimed) == 8


async def test_redelivery_by_hand(queue: Queue) -> None:
    """The same message id, a new schedule of retries, and an audit entry."""
    await queue.account()
    [event] = await events(queue)
    await queue.round()
    before = queue.claimed[event]
    await queue.round(queue.result(event))
    await queue.unit(lambda unit: redeliver(unit, before.delivery_id, now=queue.now))
    assert await queue.statuses() == ["PENDING"]
    assert await queue.events_claimed() == [event]
    again = queue.claimed[event]
    assert (again.message_id, again.body, again.attempt) == (before.message_id, before.body, 2)
    assert (await audit(queue))[-1] == (
        ANA.name,
        f"Requested delivery {before.delivery_id} to webhook {again.url} again.",
        None,
    )


async def test_redelivery_keeps_the_order_of_the_account(queue: Queue) -> None:
    """A later event that waits for its next attempt waits for the one that is sent again."""
    carla = await queue.account()
    await queue.change(carla, "Carlotta")
    created, renamed = await events(queue)
    await queue.round()
    first = queue.claimed[created].delivery_id
    await queue.round(queue.result(created))
    await queue.unit(lambda unit: redeliver(unit, first, now=queue.now))
    assert await queue.events_claimed() == []
    assert await queue.events_claimed(queue.result(renamed, DOWN)) == [created]
    queue.now += DAY
    assert await queue.events_claimed() == [created]
    assert await queue.events_claimed(queue.result(created)) == [renamed]


async def test_redelivery_needs_an_active_webhook(queue: Queue) -> None:
    await queue.account()
    await queue.round()
    [delivery] = await queue.deliveries()
    await queue.update(status=WebhookStatus.PAUSED)
    async with refused(queue.runtime, ErrorCode.NOT_ALLOWED, "delivery_id"):
        await queue.unit(lambda unit: redeliver(unit, delivery.id, now=queue.now))
    async with refused(queue.runtime, ErrorCode.NOT_FOUND, "delivery_id"):
        await queue.unit(lambda unit: redeliver(unit, 99, now=queue.now))


async def test_old_deliveries_and_deleted_webhooks_are_removed(queue: Queue) -> None:
    """30 days later."""
    await queue.account()
    await queue.round()
    kept = NOON + 30 * DAY - SECOND
    assert await queue.unit(lambda unit: delete_old_deliveries(unit, now=kept)) == 0
    gone = NOON + 30 * DAY
    assert await queue.unit(lambda unit: delete_old_deliveries(unit, now=gone)) == 1
    assert await queue.deliveries() == []
    assert await queue.unit(lambda unit: delete_old_webhooks(unit, now=gone + 9 * DAY)) == 0


async def test_webhooks_with_work(queue: Queue) -> None:
    """With events that are not recorded, or deliveries that are due and not claimed."""

    async def found() -> list[int]:
        position = await queue.position()
        async with queue.runtime.database.reading() as session:
            return list(await webhooks_with_work(session, position, queue.now))

    assert await found() == []
    await queue.account()
    [event] = await events(queue)
    assert await found() == [queue.webhook_id]
    await queue.round()
    assert await found() == []
    await queue.round(queue.result(event, DOWN))
    assert await found() == []
    queue.now += SCHEDULE[0]
    assert await found() == [queue.webhook_id]
    await queue.update(status=WebhookStatus.PAUSED)
    assert await found() == []


async def test_figures(queue: Queue) -> None:
    await queue.account("One")
    await queue.account("Two")
    first, _ = await events(queue)
    await queue.round()
    queue.now += SECOND
    await queue.round(queue.result(first))
    async with queue.runtime.database.reading() as session:
        [found] = await webhook_figures(session)
        pending = select(func.count()).where(
            WebhookDelivery.status == WebhookDeliveryStatus.PENDING
        )
        assert (await session.execute(pending)).scalar_one() == found.pending == 1
    assert (found.succeeded_attempts, found.failed_attempts) == (1, 0)
    assert (found.oldest_pending_at, found.status) == (NOON, WebhookStatus.ACTIVE)
