"""What lies outside of a process, and whether it can be reached: said in one line when that changes, tried again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from tenacity import AsyncRetrying, retry_if_result, wait_exponential_jitter

from tenure.kernel.db import Database
from tenure.kernel.readiness import first_line, what_is_wrong
from tenure.worker.broker import OUT_OF_REACH, BrokerConnection

EVERY = 5
LONGEST_WAIT = 15

logger = structlog.get_logger(__name__)


class Connectivity:
    """One thing outside; `ask` answers with what is wrong with it."""

    def __init__(self, ask: Callable[[], Awaitable[Sequence[str]]]) -> None:
        self.ask = ask
        self.problems: Sequence[str] = ()
        self.once = asyncio.Event()

    async def reached(self) -> None:
        """Returns once it can be worked with; the pauses grow from half a second to a quarter of a minute."""
        pauses = wait_exponential_jitter(multiplier=0.5, max=LONGEST_WAIT)
        await AsyncRetrying(wait=pauses, retry=retry_if_result(bool))(self._look)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.reached()
            await asyncio.sleep(EVERY)

    async def _look(self) -> Sequence[str]:
        before, self.problems = self.problems, await self.ask()
        if self.problems and _gist(self.problems) != _gist(before):
            logger.error(" ".join([*self.problems, "Trying again."]))
        elif before and not self.problems:
            logger.info(" ".join(["This is over:", *before]))
        if not self.problems:
            self.once.set()
        return self.problems


def of_broker(line: BrokerConnection) -> Connectivity:
    """Whether the broker answers."""

    async def ask() -> list[str]:
        try:
            await asyncio.to_thread(line.ask)
        except OUT_OF_REACH as fault:
            return [f"The broker cannot be reached: {first_line(fault)}"]
        return []

    return Connectivity(ask)


def of_database(database: Database) -> Connectivity:
    """Whether the database answers, and is at our schema."""
    return Connectivity(lambda: what_is_wrong(database))


@asynccontextmanager
async def watching(*outside: Connectivity) -> AsyncIterator[None]:
    """Each is watched while the block runs."""
    watches = [asyncio.create_task(one.watch()) for one in outside]
    try:
        yield
    finally:
        for watch in watches:
            watch.cancel()
        for outcome in await asyncio.gather(*watches, return_exceptions=True):
            if isinstance(outcome, Exception):
                logger.error("a watch ended before its time", exc_info=outcome)


def _gist(problems: Sequence[str]) -> list[str]:
    """Without the particulars: a broker that goes down is out of reach for one reason now, for another in a second."""
    return [problem.partition(": ")[0] for problem in problems]
