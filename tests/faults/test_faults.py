"""Rules 4.5 to 4.8 during faults: every deferred action runs once, in order, with the right result.

Workers and schedulers are killed, the broker is stopped, messages are lost or repeated, and
database connections are cut. Some actions are overdue, some become due during the test by the real
clock. `TENURE_TEST_FAULT_SEEDS=20` runs the long version.
"""

import random
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tests.faults.brokers import Falling
from tests.faults.business import Business
from tests.faults.chaos import Chaos
from tests.faults.conftest import SEEDS
from tests.faults.families import Family, families, schedule_actions
from tests.faults.hands import Hands
from tests.faults.looking import BACKENDS, LOCKS, UNDONE, check, until_nothing
from tests.worker.conftest import forget

ACCOUNTS, ACTIONS, BEATS = (2_000, 5_000, 20) if SEEDS else (400, 1_000, 12)
CREW = ("worker", "scheduler", "worker", "scheduler", "worker")
# In beats of the chaos: seconds, on a machine that has time for us.
PATIENCE = 60
# What nobody may say: that a fault of the outside was taken for one of ours.
NEVER_SAID = ("could not be carried out", "job run failed")


@pytest.fixture
async def connection(database_url: str, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The only one to the empty database that is not a victim, and that may be there in the end."""
    await database.close()
    made = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
    yield made
    await made.close()


@pytest.mark.parametrize("seed", range(max(1, SEEDS)))
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(600)
async def test_nothing_is_lost_and_nothing_is_done_twice(
    connection: asyncpg.Connection, database_url: str, broker: Falling, tmp_path: Path, seed: int
) -> None:
    luck, begun = random.Random(seed), time.monotonic()
    business = promising(luck, families(luck, ACCOUNTS, datetime.now(UTC)))
    await business.put_in(connection)
    queue = f"tenure_test_{uuid.uuid4().hex[:12]}"
    settings = Settings(
        _env_file=None, database_url=database_url, broker_url=broker.url, broker_queue=queue
    )
    hands = Hands(settings, tmp_path, chunk=len(business.families) // luck.choice((1, 2, 4)))
    chaos = Chaos(luck, hands, broker, connection)
    try:
        hands.start(*CREW)
        await chaos.rage(ACTIONS, beats=BEATS)
        raged = time.monotonic()
        for what in (UNDONE, LOCKS):
            await until_nothing(connection, what, PATIENCE * chaos.beat)
    finally:
        codes = hands.stop()
    print(
        f"\n{raged - begun:.1f} s and {time.monotonic() - raged:.1f} s, "
        f"{dict(chaos.done)}, beat {chaos.beat:.1f} s"
    )
    forget(settings)
    assert codes == [0] * len(CREW)
    await until_nothing(connection, BACKENDS, PATIENCE)
    await check(connection, business.expected())
    assert [words for words in NEVER_SAID if words in hands.logs()] == []


def promising(luck: random.Random, some: list[Family]) -> Business:
    """Families with their actions: at twelve past times, and at eight future ones."""
    now = some[0].now
    overdue = [now - timedelta(minutes=minutes) for minutes in range(12)]
    falling_due = [now + timedelta(seconds=place / 2) for place in range(8)]
    return Business(some, schedule_actions(luck, some, ACTIONS, [*overdue, *falling_due]))
