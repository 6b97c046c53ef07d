"""Delivers new events to all subscriptions of this process, with one query at a time.

The feed follows the positions of commits, not the ids of events: a transaction may take any time
from its first event to its commit (docs/decisions/8-the-feed-follows-commits.md).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from tenure.events.queries import committed_between, newest_position
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.outages import outage_log, outage_of

# Ids that wait for a client that reads too slowly. A cascade over a hundred thousand accounts still fits.
MOST_WAITING = 500_000
AT_ONCE = 100


@dataclass(slots=True, eq=False)
class Listener:
    """One who listens, to one account or to all, and the ids of the events that wait."""

    account_id: int | None
    waiting: deque[int] = field(default_factory=deque)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, written: Iterable[tuple[int, int]]) -> None:
        """These events, each with its account, have been written."""
        if len(self.waiting) <= MOST_WAITING:
            self.waiting.extend(it for it, account in written if self.account_id in (None, account))

    async def following(self) -> list[int]:
        """The next events, oldest first; none where a look has found none. Raises NOT_ALLOWED for who is too slow."""
        if not self.waiting:
            await self.looked.wait()
        self.looked.clear()
        if len(self.waiting) > MOST_WAITING:
            words = "More happens than this connection takes: subscribe again, or to one account."
            raise TenureError(ErrorCode.NOT_ALLOWED, words)
        return [self.waiting.popleft() for _ in range(min(AT_ONCE, len(self.waiting)))]


class EventFeed:
    """The events of one database. It looks only while somebody listens."""

    def __init__(self, database: Database, *, interval: float = 0.5) -> None:
        self.database = database
        self.interval = interval
        self.listeners: set[Listener] = set()
        self.looking: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._nobody = asyncio.Event()
        self._position = 0

    @asynccontextmanager
    async def listening(self, account_id: int | None = None) -> AsyncIterator[Listener]:
        """The listener hears of everything that is committed from now on, of each event once."""
        listener = Listener(account_id)
        async with self._turn:
            # The others are told first of what is there already: the newcomer is not to hear of it.
            await (self._look() if self.listeners else self._begin())
            self.listeners.add(listener)
            self._nobody.clear()
            if self.looking is None or self.looking.done():
                self.looking = asyncio.create_task(self._keep_looking())
        try:
            yield listener
        finally:
            self.listeners.discard(listener)
            if not self.listeners:
                self._nobody.set()
                # The look that may be under way ends before the listener has left: the database can be closed then.
                async with self._turn:
                    pass

    async def _keep_looking(self) -> None:
        while self.listeners:
            try:
                async with self._turn:
                    await self._look()
            except (SQLAlchemyError, OSError) as fault:
                # Nothing is lost: the next query that succeeds finds all that was written since.
                outage_log.report(outage_of(fault) or "events could not be read", fault)
            for listener in self.listeners:
                listener.looked.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nobody.wait(), self.interval)

    async def _begin(self) -> None:
        """Skip everything that has been committed so far."""
        async with self.database.looking() as connection:
            self._position = await newest_position(connection)

    async def _look(self) -> None:
        async with self.database.looking() as connection:
            newest = await newest_position(connection)
        if newest <= self._position:
            return
        async with self.database.reading() as session:
            written = await committed_between(session, self._position, newest)
        for listener in self.listeners:
            listener.tell(written)
        self._position = newest
