"""Whether the broker and the database can be reached. Each change is one log line."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from tenacity import AsyncRetrying, retry_if_result, wait_exponential_jitter

from tenure.kernel.db import Database
from tenure.kernel.readiness import first_line, what_is_wrong
from tenure.worker.broker import BROKER_ERRORS, BrokerConnection

CHECK_SECONDS = 5
MAX_RETRY_SECONDS = 15

logger = structlog.get_logger(__name__)


class Connectivity:
    """The state of one dependency. `check` returns its problems, or nothing if it can be used."""

    def __init__(self, check: Callable[[], Awaitable[Sequence[str]]]) -> None:
        self.check = check
        self.problems: Sequence[str] = ()
        self.was_reached = asyncio.Event()

    async def until_reached(self) -> None:
        """Check until there is no problem; the pauses grow from half a second to 15 seconds."""
        pauses = wait_exponential_jitter(multiplier=0.5, max=MAX_RETRY_SECONDS)
        await AsyncRetrying(wait=pauses, retry=retry_if_result(bool))(self._update)

    async def monitor(self) -> None:
        """Check every few seconds, until cancelled."""
        while True:
            await self.until_reached()
            await asyncio.sleep(CHECK_SECONDS)

    async def _update(self) -> Sequence[str]:
        before, self.problems = self.problems, await self.check()
        if self.problems and _without_reasons(self.problems) != _without_reasons(before):
            logger.error(" ".join([*self.problems, "Trying again."]))
        elif before and not self.problems:
            logger.info(" ".join(["Resolved:", *before]))
        if not self.problems:
            self.was_reached.set()
        return self.problems


def of_broker(connection: BrokerConnection) -> Connectivity:
    """Whether the broker answers."""

    async def check() -> list[str]:
        try:
            await asyncio.to_thread(connection.ping)
        except BROKER_ERRORS as fault:
            return [f"The broker cannot be reached: {first_line(fault)}"]
        return []

    return Connectivity(check)


def of_database(database: Database) -> Connectivity:
    """Whether the database answers and has the schema of this program."""
    return Connectivity(lambda: what_is_wrong(database))


@asynccontextmanager
async def monitoring(*dependencies: Connectivity) -> AsyncIterator[None]:
    """Monitor each dependency during the block."""
    monitors = [asyncio.create_task(dependency.monitor()) for dependency in dependencies]
    try:
        yield
    finally:
        for monitor in monitors:
            monitor.cancel()
        for outcome in await asyncio.gather(*monitors, return_exceptions=True):
            if isinstance(outcome, Exception):
                logger.error("monitoring failed", exc_info=outcome)


def _without_reasons(problems: Sequence[str]) -> list[str]:
    """The problems without their reasons, which differ while a broker shuts down."""
    return [problem.partition(": ")[0] for problem in problems]
