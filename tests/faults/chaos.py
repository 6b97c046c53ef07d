"""A time in which everything dies that can: processes, the broker, connections of the database."""

import asyncio
import random
import time
from collections import Counter

import asyncpg

from tests.faults.brokers import Falling
from tests.faults.hands import Hands
from tests.faults.looking import LEFT

TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        ORDER BY random() LIMIT $1
    ) AS victims"""
SECONDS_TO_GET_GOING = 60
# A life of a worker is long enough for its first chunk, a few times: so many beats.
BEATS_TO_THE_FIRST_CHUNK = 2


class Chaos:
    """Three things that go on side by side. `done` counts what was done to whom.

    A beat is a second; on a machine that has too much to do, as much more as it took to get going.
    """

    def __init__(
        self, luck: random.Random, hands: Hands, broker: Falling, database: asyncpg.Connection
    ) -> None:
        self.luck, self.hands, self.broker, self.database = luck, hands, broker, database
        self.done: Counter[str] = Counter()
        self.over = asyncio.Event()
        self.beat = 1.0

    async def rage(self, actions: int, *, beats: int) -> None:
        """Cause faults from the first executed action until four of five, or this many beats.

        All who were started are there again.
        """
        begun = time.monotonic()
        while await self.database.fetchval(LEFT) == actions:
            assert time.monotonic() < begun + SECONDS_TO_GET_GOING, "Nothing is carried out."
            await asyncio.sleep(0.1)
        self.beat = max(1.0, (time.monotonic() - begun) / BEATS_TO_THE_FIRST_CHUNK)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kill_processes())
            group.create_task(self._restart_the_broker())
            group.create_task(
                self._terminate_connections(time.monotonic() + beats * self.beat, actions // 5)
            )

    async def _kill_processes(self) -> None:
        """Each beat one or two of them, by kill -9."""
        while await self._goes_on(0.8, 1.2):
            for place in self.luck.sample(
                range(len(self.hands.running)), self.luck.choice((1, 1, 2))
            ):
                self.done[f"{self.hands.running[place][0]}s killed"] += 1
                await asyncio.to_thread(self.hands.replace, place)

    async def _restart_the_broker(self) -> None:
        while await self._goes_on(1, 2):
            self.done["broker restarts"] += 1
            await asyncio.to_thread(self.broker.shut)
            await asyncio.sleep(self.luck.uniform(0.2, 0.8))
            await asyncio.to_thread(self.broker.open)

    async def _terminate_connections(self, last: float, until_left: int) -> None:
        while await self._goes_on(0.3, 0.9):
            self.done["connections terminated"] += await self.database.fetchval(
                TERMINATE, self.luck.choice((1, 1, 3))
            )
            if await self.database.fetchval(LEFT) <= until_left or time.monotonic() > last:
                self.over.set()

    async def _goes_on(self, least: float, most: float) -> bool:
        """True after so many beats, False where it is over by then."""
        try:
            await asyncio.wait_for(self.over.wait(), self.luck.uniform(least, most) * self.beat)
        except TimeoutError:
            return True
        return False
