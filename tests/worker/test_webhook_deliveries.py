"""The worker delivers over HTTP: in order, signed, and one endpoint delays no other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from tenure.accounts.actions import update
from tenure.events.queries import newest_position
from tenure.kernel.settings import Settings, WebhookSettings
from tenure.kernel.unit import Runtime
from tenure.webhooks.deliveries.models import WebhookDelivery
from tenure.webhooks.endpoints.actions import create_webhook
from tenure.webhooks.sending.client import WebhookClient
from tenure.worker import webhook_deliveries
from tenure.worker.embedded import Embedded
from tenure.worker.webhook_deliveries import WebhookWorker
from tests import builders
from tests.conftest import ANA, SECRET_KEY
from tests.waiting import PATIENCE
from tests.webhooks.receiver import Answer, Received, Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint."""
    with receiving() as opened:
        yield opened


@pytest.fixture
def runtime(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """Private addresses are allowed, and the worker polls often."""
    monkeypatch.setattr(webhook_deliveries, "POLL_SECONDS", 0.05)
    return replace(runtime, webhooks=WebhookSettings(allow_private=True, key=lambda: SECRET_KEY))


async def webhook(runtime: Runtime, url: str) -> tuple[int, str]:
    """Id and secret of a new webhook."""
    async with runtime.database.connection() as connection:
        position = await newest_position(connection)
    async with runtime.unit(ANA) as unit:
        made, secret = await create_webhook(unit, runtime, position=position, url=url)
        return made.id, secret


async def account(runtime: Runtime, name: str) -> int:
    """A new account, which has one event."""
    async with runtime.unit(ANA) as unit:
        return await builders.account(unit, name)


@asynccontextmanager
async def working(runtime: Runtime, *, seconds: float = PATIENCE) -> AsyncIterator[WebhookWorker]:
    """A worker during the block."""
    async with WebhookClient(allow_private=True, timeout=seconds) as client:
        worker = WebhookWorker(runtime, client)
        task = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - threads change it
            await asyncio.sleep(0.01)


async def deliveries(runtime: Runtime, webhook_id: int) -> list[WebhookDelivery]:
    """The deliveries of a webhook, oldest first."""
    statement = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    async with runtime.database.reading() as session:
        return list(await session.scalars(statement.order_by(WebhookDelivery.id)))


async def until_settled(runtime: Runtime, webhook_id: int, number: int) -> None:
    """Wait until this number of deliveries is DELIVERED."""
    settled = 0
    async with asyncio.timeout(PATIENCE):
        while settled < number:
            await asyncio.sleep(0.02)
            found = await deliveries(runtime, webhook_id)
            settled = sum(it.status == "DELIVERED" for it in found)


def event_number(received: Received) -> int:
    """The id of the event of a message."""
    return int(received.headers["webhook-id"].split("_")[2])


async def test_events_arrive_signed_and_in_order(runtime: Runtime, receiver: Receiver) -> None:
    webhook_id, secret = await webhook(runtime, receiver.url)
    async with working(runtime):
        carla, dora = await account(runtime, "Carla"), await account(runtime, "Dora")
        for place in range(3):
            for owner in (carla, dora):
                async with runtime.unit(ANA) as unit:
                    await update(unit, owner, name=f"Name {place}")
        await until_settled(runtime, webhook_id, 8)
    assert len(receiver.requests) == 8
    by_account: dict[str, list[int]] = {}
    for received in receiver.requests:
        Verifier(secret).verify(received.body, received.headers)
        message = orjson.loads(received.body)
        assert message["type"] == "account_change"
        name = message["data"]["account"]["id"]
        by_account.setdefault(name, []).append(event_number(received))
    assert [numbers == sorted(numbers) for numbers in by_account.values()] == [True, True]
    found = await deliveries(runtime, webhook_id)
    assert [(it.attempts, it.response_status, it.error) for it in found] == [(1, 204, None)] * 8


async def test_failed_attempt_is_shown_and_repeated(
    runtime: Runtime, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the same id, while later events of the account wait."""
    from tenure.webhooks.deliveries import rules  # noqa: PLC0415

    monkeypatch.setattr(rules, "PAUSES", (rules.PAUSES[0] / 100,) * 9)
    receiver.answer = lambda _: Answer(503 if len(receiver.requests) < 3 else 200)
    webhook_id, _ = await webhook(runtime, receiver.url)
    carla = await account(runtime, "Carla")
    async with runtime.unit(ANA) as unit:
        await update(unit, carla, name="Carlotta")
    async with working(runtime):
        await until_settled(runtime, webhook_id, 2)
    first, second = await deliveries(runtime, webhook_id)
    assert [event_number(it) for it in receiver.requests] == [first.event_id] * 3 + [
        second.event_id
    ]
    assert len({it.headers["webhook-id"] for it in receiver.requests}) == 2
    assert (first.attempts, second.attempts) == (3, 1)


async def test_dead_endpoint_delays_no_other(runtime: Runtime, receiver: Receiver) -> None:
    """It has a backlog, and each of its requests lasts until the timeout."""
    with receiving() as dead:
        dead.answer = lambda _: Answer(500, drips=True)
        dead_id, _ = await webhook(runtime, dead.url)
        webhook_id, _ = await webhook(runtime, receiver.url)
        for place in range(15):
            await account(runtime, f"Account {place}")
        async with working(runtime, seconds=PATIENCE):
            await until_settled(runtime, webhook_id, 15)
            await until(lambda: len(dead.requests) == 10)
            assert len(receiver.requests) == 15
            assert [it.attempts for it in await deliveries(runtime, dead_id)] == [1] * 10 + [0] * 5
            dead.stopped.set()


async def test_worker_that_stops_gives_up_its_claims(
    runtime: Runtime, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one repeats the attempt at once, and it does not count as a failure."""
    monkeypatch.setattr(webhook_deliveries, "STOP_SECONDS", 0.2)
    receiver.answer = lambda _: Answer(500, drips=True)
    webhook_id, _ = await webhook(runtime, receiver.url)
    await account(runtime, "Carla")
    async with working(runtime, seconds=PATIENCE):
        await until(lambda: len(receiver.requests) == 1)
    [stopped] = await deliveries(runtime, webhook_id)
    assert (stopped.attempts, stopped.failures, stopped.claimed_until) == (1, 0, None)
    receiver.stopped.set()
    receiver.answer = lambda _: Answer()
    async with working(runtime):
        await until_settled(runtime, webhook_id, 1)
    assert len(receiver.requests) == 2


async def test_secret_of_another_key(runtime: Runtime, receiver: Receiver) -> None:
    """Nothing is sent unsigned. The delivery says what to do."""
    webhook_id, _ = await webhook(runtime, receiver.url)
    await account(runtime, "Carla")
    other = WebhookSettings(allow_private=True, key=lambda: "another key " * 3)
    found: list[WebhookDelivery] = []

    async with working(replace(runtime, webhooks=other)), asyncio.timeout(PATIENCE):
        while not found or found[0].error is None:
            found = await deliveries(runtime, webhook_id)
            await asyncio.sleep(0.02)
    assert found[0].error == (
        "The secret was encrypted with another TENURE_SECRET_KEY. Set that one, or rotate the "
        "secret."
    )
    assert (found[0].status, found[0].response_status) == ("PENDING", None)
    assert receiver.requests == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_embedded_installation_delivers(
    runtime: Runtime, database_url: str, receiver: Receiver, tmp_path: Path
) -> None:
    """`tenure serve` without a broker."""
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        secret_key=SECRET_KEY,
        webhook_allow_private=True,
        clock="settable",
    )
    webhook_id, secret = await webhook(runtime, receiver.url)
    await account(runtime, "Carla")
    async with Embedded(settings).running(runtime):
        await until_settled(runtime, webhook_id, 1)
    Verifier(secret).verify(receiver.requests[0].body, receiver.requests[0].headers)
