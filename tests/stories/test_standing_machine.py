"""The state machine of `standing_machine` on both databases. TENURE_TEST_EXAMPLES=500 looks further, and elsewhere."""

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
from tests.stories.standing_machine import StandingMachine
from tests.stories.standing_program import Program

EXAMPLES = os.environ.get("TENURE_TEST_EXAMPLES")
SETTINGS = settings(
    max_examples=int(EXAMPLES or 16),
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=EXAMPLES is None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def program(database_url: str, request: pytest.FixtureRequest) -> Iterator[Program]:
    """Tenure in an event loop of its own. Nothing here asks whether a commit survives a power cut."""
    database = Database(database_url)

    async def start_over() -> None:
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
        yield Program(runner, Runtime(database, BusinessReader(clock_settable=True)), start_over)
        runner.run(database.close())


@pytest.mark.usefixtures("anyio_backend")  # The fixtures that make the databases are asynchronous.
@pytest.mark.timeout(0)
def test_standing_follows_the_rules(program: Program) -> None:
    class Machine(StandingMachine):
        pass

    Machine.program = program
    run_state_machine_as_test(Machine, settings=SETTINGS)
