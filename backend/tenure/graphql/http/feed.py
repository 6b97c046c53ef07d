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

from tenure.events.queries import (
    committed_after,
    committed_between,
    newest_position,
    position_of,
)
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.outages import outage_log, outage_of

# Event ids queued for a slow client. A cascade over 100,000 accounts fits.
MAX_QUEUED = 500_000
BATCH_SIZE = 100
# Positions of commits that are read at once for events that a client has missed.
POSITIONS = 1000


@dataclass(slots=True, eq=False)
class Listener:
    """A subscription to the events of one account or of all, with its queue of event ids.

    It gets what is committed after the position `since`.
    """

    account_id: int | None
    since: int = 0
    queue: deque[int] = field(default_factory=deque)
    polled: asyncio.Event = field(default_factory=asyncio.Event)

    def enqueue(self, events: Iterable[tuple[int, int]]) -> None:
        """Queue the matching ones of `events`, pairs of event id and account id."""
        if len(self.queue) <= MAX_QUEUED:
            self.queue.extend(it for it, account in events if self.account_id in (None, account))

    async def next_batch(self) -> list[int]:
        """The next event ids, oldest first; empty if a poll found none.

        Raises NOT_ALLOWED if the client reads too slowly.
        """
        if not self.queue:
            await self.polled.wait()
        self.polled.clear()
        if len(self.queue) > MAX_QUEUED:
            message = "The client reads events too slowly. Subscribe again, or to one account."
            raise TenureError(ErrorCode.NOT_ALLOWED, message)
        return [self.queue.popleft() for _ in range(min(BATCH_SIZE, len(self.queue)))]


class EventFeed:
    """The feed of one database. It polls only while there are listeners."""

    def __init__(self, database: Database, *, interval: float = 0.5) -> None:
        self.database = database
        self.interval = interval
        self.listeners: set[Listener] = set()
        self.poll_task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._no_listeners = asyncio.Event()
        self._position = 0

    @asynccontextmanager
    async def subscribe(self, account_id: int | None = None) -> AsyncIterator[Listener]:
        """Register a listener for all events that are committed from now on, each once."""
        listener = Listener(account_id)
        async with self._lock:
            # Deliver earlier events to the other listeners first: the new one must not get them.
            await (self._deliver() if self.listeners else self._skip_to_newest())
            listener.since = self._position
            self.listeners.add(listener)
            self._no_listeners.clear()
            if self.poll_task is None or self.poll_task.done():
                self.poll_task = asyncio.create_task(self._poll())
        try:
            yield listener
        finally:
            self.listeners.discard(listener)
            if not self.listeners:
                self._no_listeners.set()
                # Wait for a poll in progress, so that the database can be closed afterwards.
                async with self._lock:
                    pass

    async def missed(self, listener: Listener, event_id: int) -> AsyncIterator[list[int]]:
        """The ids of the events that were committed after an event, until the listener began.

        Batches in the order of the commits. Raises NOT_FOUND (after) if the event is unknown.
        """
        async with self.database.reading() as session:
            start = await position_of(session, event_id)
        if start is None:
            raise NotFoundError("event, or it is too old to continue from it", ("after",))
        end = min(start + POSITIONS, listener.since)
        async with self.database.reading() as session:
            events = await committed_after(session, event_id, start, max(start, end))
        while True:
            yield [it for it, account in events if listener.account_id in (None, account)]
            if end >= listener.since:
                return
            start, end = end, min(end + POSITIONS, listener.since)
            async with self.database.reading() as session:
                events = await committed_between(session, start, end)

    async def _poll(self) -> None:
        while self.listeners:
            try:
                async with self._lock:
                    await self._deliver()
            except (SQLAlchemyError, OSError) as fault:
                # No event is lost: the next successful poll continues from the last position.
                outage_log.report(outage_of(fault) or "events could not be read", fault)
            for listener in self.listeners:
                listener.polled.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._no_listeners.wait(), self.interval)

    async def _skip_to_newest(self) -> None:
        """Skip everything that has been committed so far."""
        async with self.database.connection() as connection:
            self._position = await newest_position(connection)

    async def _deliver(self) -> None:
        async with self.database.connection() as connection:
            newest = await newest_position(connection)
        if newest <= self._position:
            return
        async with self.database.reading() as session:
            events = await committed_between(session, self._position, newest)
        for listener in self.listeners:
            listener.enqueue(events)
        self._position = newest
