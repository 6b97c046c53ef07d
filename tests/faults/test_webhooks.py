"""Webhooks during faults: every event arrives, signed, and in order for each account.

The endpoint refuses a third of the requests, workers are killed each second, and the broker is
stopped and started. `TENURE_TEST_WEBHOOK_EVENTS=10000` runs the long version.
"""

import asyncio
import os
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from tenure.accounts.actions import create_account, update
from tenure.accounts.rules import NewAccount
from tenure.events.models import Event
from tenure.events.queries import newest_position
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import runtime_of
from tenure.webhooks.deliveries import rules
from tenure.webhooks.deliveries.models import WebhookDelivery, WebhookDeliveryStatus
from tenure.webhooks.endpoints.actions import create_webhook
from tests.conftest import ANA, SECRET_KEY
from tests.faults.brokers import StoppableBroker
from tests.faults.processes import Processes, run_process
from tests.webhooks.receiver import Answer, Received, Receiver, receiving
from tests.worker.conftest import forget

EVENTS = int(os.environ.get("TENURE_TEST_WEBHOOK_EVENTS", "120"))
ACCOUNTS = max(20, EVENTS // 20)
WORKERS = ("worker",) * 3
KILLS = max(4, EVENTS // 400)
SECONDS_BETWEEN_KILLS = 1
SECONDS_TO_FINISH = 150 if EVENTS <= 1000 else 1500
SHARE_OF_REFUSALS = 1 / 3


def run_impatient(role: str, settings: Settings, log: Path, chunk: int) -> None:
    """A process that repeats attempts soon, and takes over those of a killed worker soon."""
    rules.PAUSES = (timedelta(milliseconds=50),) * 40  # type: ignore[assignment]
    rules.LEASE = timedelta(seconds=4)
    run_process(role, settings, log, chunk)


class Endpoint:
    """What the receiver accepted: it refuses a third of the requests.

    Signatures are checked on arrival, because they are valid for five minutes.
    """

    def __init__(self, receiver: Receiver, secret: str, rng: random.Random) -> None:
        self.receiver, self.rng = receiver, rng
        self.verifier = Verifier(secret)
        self.accepted: list[Received] = []
        self.forged: list[Received] = []
        receiver.answer = self.answer

    def answer(self, received: Received) -> Answer:
        """Called in the thread of each request."""
        with self.receiver.lock:
            try:
                self.verifier.verify(received.body, received.headers)
            except WebhookVerificationError:
                self.forged.append(received)
            if self.rng.random() < SHARE_OF_REFUSALS:
                return Answer(503)
            self.accepted.append(received)
            return Answer()


@pytest.mark.thorough
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(60 + 2 * SECONDS_TO_FINISH)
async def test_every_event_arrives_in_order_despite_faults(
    runtime: Runtime, database_url: str, broker: StoppableBroker, tmp_path: Path
) -> None:
    begun, rng = time.monotonic(), random.Random(7)
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        broker_url=broker.url,
        broker_queue=f"tenure_test_{uuid.uuid4().hex[:12]}",
        secret_key=SECRET_KEY,
        webhook_allow_private=True,
    )
    opened = runtime_of(settings, runtime.database)
    with receiving() as receiver:
        endpoint = Endpoint(receiver, await webhook(opened, receiver.url), rng)
        processes = Processes(settings, tmp_path, chunk=100, program=run_impatient)
        try:
            processes.start(*WORKERS)
            async with writing(opened):
                await inject(processes, broker, rng)
            await until_delivered(opened)
        finally:
            codes = processes.stop()
            forget(settings)
        seconds = time.monotonic() - begun
        async with runtime.database.reading() as session:
            rows = await session.execute(select(Event.id, Event.account_id).order_by(Event.id))
            written = {row.id: row.account_id for row in rows}
        check(receiver, endpoint, written)
    repeats = len(receiver.requests) - len(written)
    print(f"\n{len(written)} events, {repeats} repeated, {KILLS} kills, {seconds:.1f} s")
    assert codes == [0] * len(WORKERS)


async def webhook(runtime: Runtime, url: str) -> str:
    """Create the webhook; returns its secret."""
    async with runtime.database.connection() as connection:
        position = await newest_position(connection)
    async with runtime.unit(ANA) as unit:
        return (await create_webhook(unit, runtime, position=position, url=url))[1]


@asynccontextmanager
async def writing(runtime: Runtime) -> AsyncIterator[None]:
    """Write the events while the block runs, and afterwards until all are written."""

    async def create(unit: Unit) -> list[int]:
        accounts = [NewAccount(name=f"Account {place}") for place in range(ACCOUNTS)]
        return [(await create_account(unit, new)).id for new in accounts]

    async def write(ids: list[int]) -> None:
        for place in range(EVENTS - ACCOUNTS):
            account = ids[place % ACCOUNTS]

            async def rename(unit: Unit, account: int = account, place: int = place) -> None:
                await update(unit, account, name=f"Name {place}")

            await runtime.run_in_unit(ANA, rename)
            await asyncio.sleep(0)

    writer = asyncio.create_task(write(await runtime.run_in_unit(ANA, create)))
    try:
        yield
    finally:
        await writer


async def inject(processes: Processes, broker: StoppableBroker, rng: random.Random) -> None:
    """Kill a worker each second; the broker is down for some of them."""
    for place in range(KILLS):
        await asyncio.sleep(SECONDS_BETWEEN_KILLS)
        if place == KILLS // 3:
            await asyncio.to_thread(broker.shut)
        if place == 2 * KILLS // 3:
            await asyncio.to_thread(broker.open)
        await asyncio.to_thread(processes.replace, rng.randrange(len(WORKERS)))


async def until_delivered(runtime: Runtime) -> None:
    """Wait until each event has a delivery that is DELIVERED."""
    delivered = select(func.count()).where(
        WebhookDelivery.status == WebhookDeliveryStatus.DELIVERED
    )
    events = select(func.count(Event.id))
    missing = 1
    async with asyncio.timeout(SECONDS_TO_FINISH):
        while missing:
            await asyncio.sleep(0.1)
            async with runtime.database.reading() as session:
                total = (await session.execute(events)).scalar_one()
                missing = total - (await session.execute(delivered)).scalar_one()


def check(receiver: Receiver, endpoint: Endpoint, written: dict[int, int]) -> None:
    """At least once, signed, none invented, in order for each account, and equal if repeated."""
    assert endpoint.forged == []
    accepted = [number(received) for received in endpoint.accepted]
    assert set(accepted) == set(written)
    assert {number(received) for received in receiver.requests} == set(written)
    assert len(receiver.requests) > len(written)
    bodies: dict[int, str] = {}
    orders: dict[int, list[int]] = {}
    attempts = Counter(number(received) for received in receiver.requests)
    assert attempts.most_common(1)[0][1] > 1
    for received in receiver.requests:
        event = number(received)
        data = orjson.loads(received.body)["data"]
        # The name of the account is the present one, everything else is that of the event.
        assert bodies.setdefault(event, data["description"]) == data["description"]
        orders.setdefault(written[event], []).append(event)
    assert [order for order in orders.values() if order != sorted(order)] == []
    assert len(orders) == ACCOUNTS


def number(received: Received) -> int:
    """The id of the event of a message."""
    return int(received.headers["webhook-id"].split("_")[2])
