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
from tests.faults.brokers import StoppableBroker
from tests.faults.business import Business
from tests.faults.conftest import SEEDS
from tests.faults.families import Family, families, schedule_actions
from tests.faults.fault_injection import FaultInjection
from tests.faults.final_state import BACKENDS, LOCKS, UNDONE, check, until_nothing
from tests.faults.processes import Processes
from tests.shared import IN_CI
from tests.worker.conftest import forget

if SEEDS:
    ACCOUNTS, ACTIONS, INTERVALS = 2_000, 5_000, 20
else:
    ACCOUNTS, ACTIONS, INTERVALS = (400, 1_000, 12) if IN_CI else (120, 300, 5)
ROLES = ("worker", "scheduler", "worker", "scheduler", "worker")
# In intervals of the fault injection.
SECONDS_TO_FINISH = 120
# Logs of errors that are not transient: the injected faults must not cause any.
FORBIDDEN_LOGS = ("could not be carried out", "job run failed")


@pytest.fixture
async def connection(database_url: str, database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the empty database that the fault injection does not terminate."""
    await database.close()
    made = await asyncpg.connect(database_url.partition("?")[0], ssl=False)
    yield made
    await made.close()


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(max(1, SEEDS)))
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(600)
async def test_each_action_is_executed_once_despite_faults(
    connection: asyncpg.Connection,
    database_url: str,
    broker: StoppableBroker,
    tmp_path: Path,
    seed: int,
) -> None:
    rng, begun = random.Random(seed), time.monotonic()
    business = with_actions(rng, families(rng, ACCOUNTS, datetime.now(UTC)))
    await business.insert(connection)
    queue = f"tenure_test_{uuid.uuid4().hex[:12]}"
    settings = Settings(
        _env_file=None, database_url=database_url, broker_url=broker.url, broker_queue=queue
    )
    processes = Processes(settings, tmp_path, chunk=len(business.families) // rng.choice((1, 2, 4)))
    injection = FaultInjection(rng, processes, broker, connection)
    try:
        processes.start(*ROLES)
        await injection.run(ACTIONS, intervals=INTERVALS)
        stopped_at = time.monotonic()
        for what in (UNDONE, LOCKS):
            await until_nothing(connection, what, SECONDS_TO_FINISH * injection.interval)
    finally:
        codes = processes.stop()
    print(
        f"\n{stopped_at - begun:.1f} s and {time.monotonic() - stopped_at:.1f} s, "
        f"{dict(injection.done)}, interval {injection.interval:.1f} s"
    )
    forget(settings)
    assert codes == [0] * len(ROLES)
    await until_nothing(connection, BACKENDS, SECONDS_TO_FINISH)
    await check(connection, business.expected())
    assert processes.logged(FORBIDDEN_LOGS) == []


def with_actions(rng: random.Random, some: list[Family]) -> Business:
    """Families with their actions: at twelve past times, and at eight future ones."""
    now = some[0].now
    overdue = [now - timedelta(minutes=minutes) for minutes in range(12)]
    falling_due = [now + timedelta(seconds=place / 2) for place in range(8)]
    return Business(some, schedule_actions(rng, some, ACTIONS, [*overdue, *falling_due]))
