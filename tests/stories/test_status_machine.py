"""The state machine of `status_machine` on both databases.

TENURE_TEST_EXAMPLES=500 runs more, and random, examples.
"""

import os
import shutil
from asyncio import Runner
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event

from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.conftest import empty
from tests.repetitions import repetitions
from tests.stories.status_machine import StatusMachine
from tests.stories.tenure_driver import TenureDriver

EXAMPLES = os.environ.get("TENURE_TEST_EXAMPLES")
SETTINGS = settings(
    max_examples=repetitions("TENURE_TEST_EXAMPLES", 8, 16),
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=EXAMPLES is None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def driver(database_url: str, request: pytest.FixtureRequest) -> Iterator[TenureDriver]:
    """A driver with its own event loop. SQLite runs without fsync."""
    database = Database(database_url)

    async def reset() -> None:
        if not database.is_sqlite:
            await empty(database)
            return
        await database.engine.dispose()
        shutil.copy(request.getfixturevalue("migrated_sqlite"), str(database.url.database))

    with Runner() as runner:
        if database.is_sqlite:
            event.listen(
                database.engine.sync_engine,
                "connect",
                lambda link, _: link.execute("PRAGMA synchronous=OFF"),
            )
        yield TenureDriver(runner, Runtime(database, BusinessReader(clock_settable=True)), reset)
        runner.run(database.close())


@pytest.mark.usefixtures("anyio_backend")  # The database fixtures are asynchronous.
@pytest.mark.timeout(0)
def test_status_follows_the_rules(driver: TenureDriver) -> None:
    class Machine(StatusMachine):
        pass

    Machine.driver = driver
    run_state_machine_as_test(Machine, settings=SETTINGS)
