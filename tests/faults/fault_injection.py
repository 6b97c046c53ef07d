"""Injects faults: kills processes, restarts the broker, terminates database connections."""

import asyncio
import random
import time
from collections import Counter

import asyncpg

from tests.faults.brokers import StoppableBroker
from tests.faults.final_state import LEFT
from tests.faults.processes import Processes
from tests.waiting import PATIENCE

TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        ORDER BY random() LIMIT $1
    ) AS terminated"""
# A worker lives long enough for its first chunk, on a busy machine too.
INTERVALS_TO_FIRST_CHUNK = 2


class FaultInjection:
    """Three concurrent kinds of faults. `done` counts them.

    `interval` is a second, and longer on a busy machine, by the time until the first action.
    """

    def __init__(
        self,
        rng: random.Random,
        processes: Processes,
        broker: StoppableBroker,
        database: asyncpg.Connection,
    ) -> None:
        self.rng, self.processes, self.broker, self.database = rng, processes, broker, database
        self.done: Counter[str] = Counter()
        self.over = asyncio.Event()
        self.interval = 1.0

    async def run(self, actions: int, *, intervals: int) -> None:
        """Injects faults from the first executed action until four of five are, at most this long.

        All processes and the broker run again afterwards.
        """
        begun = time.monotonic()
        while await self.database.fetchval(LEFT) == actions:
            assert time.monotonic() < begun + PATIENCE, "No action was executed."
            await asyncio.sleep(0.1)
        self.interval = max(1.0, (time.monotonic() - begun) / INTERVALS_TO_FIRST_CHUNK)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kill_processes())
            group.create_task(self._restart_the_broker())
            group.create_task(
                self._terminate_connections(
                    time.monotonic() + intervals * self.interval, actions // 5
                )
            )

    async def _kill_processes(self) -> None:
        """Kills one or two processes in each interval, by SIGKILL."""
        while await self._waited(0.8, 1.2):
            for place in self.rng.sample(
                range(len(self.processes.running)), self.rng.choice((1, 1, 2))
            ):
                self.done[f"{self.processes.running[place][0]}s killed"] += 1
                await asyncio.to_thread(self.processes.replace, place)

    async def _restart_the_broker(self) -> None:
        while await self._waited(1, 2):
            self.done["broker restarts"] += 1
            await asyncio.to_thread(self.broker.shut)
            await asyncio.sleep(self.rng.uniform(0.2, 0.8))
            await asyncio.to_thread(self.broker.open)

    async def _terminate_connections(self, last: float, until_left: int) -> None:
        while await self._waited(0.3, 0.9):
            self.done["connections terminated"] += await self.database.fetchval(
                TERMINATE, self.rng.choice((1, 1, 3))
            )
            if await self.database.fetchval(LEFT) <= until_left or time.monotonic() > last:
                self.over.set()

    async def _waited(self, least: float, most: float) -> bool:
        """Waits for a random number of intervals. False if the injection has ended by then."""
        try:
            await asyncio.wait_for(self.over.wait(), self.rng.uniform(least, most) * self.interval)
        except TimeoutError:
            return True
        return False
