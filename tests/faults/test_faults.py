"""Rules 4.5 to 4.8 while workers and schedulers are killed, the broker goes down, messages are lost or doubled, and the
database cuts off whom it likes: every promise is kept as the rules say, in its order, once, and nothing is left behind.
"""

import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from tenure.kernel.settings import Settings
from tenure.kernel.unit import Workplace
from tests.faults import looking
from tests.faults.brokers import Falling
from tests.faults.business import Business
from tests.faults.chaos import Chaos
from tests.faults.conftest import SEEDS
from tests.faults.families import families, promise
from tests.faults.hands import Hands

ACCOUNTS, ACTIONS, BEATS = (2_000, 5_000, 20) if SEEDS else (400, 1_000, 12)
CREW = ("worker", "scheduler", "worker", "scheduler", "worker")
PATIENCE = 60


@pytest.mark.parametrize("seed", range(max(1, SEEDS)))
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.xdist_group("faults")
@pytest.mark.timeout(600)
async def test_nothing_is_lost_and_nothing_is_done_twice(
    workplace: Workplace, database_url: str, broker: Falling, tmp_path: Path, seed: int
) -> None:
    luck, now = random.Random(seed), datetime.now(UTC)
    begun = time.monotonic()
    some = families(luck, ACCOUNTS, now)
    overdue = [now - timedelta(minutes=minutes) for minutes in range(12)]
    falling_due = [now + timedelta(seconds=place / 2) for place in range(8)]
    business = Business(some, promise(luck, some, ACTIONS, [*overdue, *falling_due]))
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        broker_url=broker.url,
        broker_queue=f"tenure_test_{uuid.uuid4().hex[:12]}",
    )
    hands = Hands(settings, tmp_path, chunk=len(some) // luck.choice((1, 2, 4)))
    await workplace.database.close()
    connection = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
    try:
        await business.put_in(connection)
        marks = [time.monotonic() - begun]
        chaos = Chaos(luck, hands, broker, connection)
        try:
            hands.start(*CREW)
            await chaos.rage(ACTIONS, beats=BEATS)
            marks.append(time.monotonic() - begun)
            left = await connection.fetchval(looking.UNDONE)
            await looking.until_nothing(connection, looking.UNDONE, PATIENCE * chaos.beat)
            await looking.until_nothing(connection, looking.LOCKS, PATIENCE * chaos.beat)
            marks.append(time.monotonic() - begun)
        finally:
            codes = hands.stop()
        marks.append(time.monotonic() - begun)
        print(marks, chaos.beat, chaos.done, codes, left, hands.chunk)
        await looking.check(connection, business.expected())
        marks.append(time.monotonic() - begun)
        print(marks, chaos.done, codes, left, hands.chunk)
    finally:
        await connection.close()
