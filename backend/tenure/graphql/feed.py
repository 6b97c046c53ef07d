"""What happens, told to all who listen in this process by one look at the database at a time.

PostgreSQL gives ids out at once and shows rows at their commit, so that an event may come to light behind one with a
greater id. Ids are therefore counted by blocks of 1,024: a block that holds more than was seen of it is read again.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tenure.events.queries import block_of, counts_by_block, newest_event, written_in
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, TenureError

# How long a change may take from its first event to its commit without being overlooked.
GRACE = 30.0
# At the start nothing is known of the changes under way: so many blocks behind the newest event are looked at.
BEHIND = 8
# Ids that wait for a client that reads too slowly. A cascade over a hundred thousand accounts still fits.
MOST_WAITING = 500_000
AT_ONCE = 100

log = structlog.get_logger()


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
        self._seen: dict[int, set[int]] = {}
        self._touched: dict[int, float] = {}
        self._first = 0

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
        failing = False
        while self.listeners:
            try:
                async with self._turn:
                    await self._look()
                failing = False
            except (SQLAlchemyError, OSError):
                # Nothing is lost: the next look that succeeds finds all that was written meanwhile.
                if not failing:
                    log.exception("events could not be read")
                failing = True
            for listener in self.listeners:
                listener.looked.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nobody.wait(), self.interval)

    async def _begin(self) -> None:
        """What is there now has been seen."""
        async with self.database.reading() as session:
            self._first = max(0, block_of(await newest_event(session)) - BEHIND)
            counts = await counts_by_block(session, self._first)
            self._seen, self._touched = {}, {}
            self._note(await written_in(session, counts))

    async def _look(self) -> None:
        async with self.database.reading() as session:
            counts = await counts_by_block(session, self._first)
            changed = [block for block, count in counts.items() if count != len(self._seen.get(block, ()))]
            found = await written_in(session, changed) if changed else []
        written = [it for it in found if it[0] not in self._seen.get(block_of(it[0]), ())]
        self._note(written)
        for listener in self.listeners:
            listener.tell(written)
        self._forget()

    def _note(self, written: Iterable[tuple[int, int]]) -> None:
        now = monotonic()
        for event_id, _ in written:
            block = block_of(event_id)
            self._seen.setdefault(block, set()).add(event_id)
            self._touched[block] = now

    def _forget(self) -> None:
        """Nothing more is expected in blocks that lie before all that was written within the grace."""
        if not self._touched:
            return
        newest, since = max(self._touched), monotonic() - GRACE
        recent = [block for block, touched in self._touched.items() if touched >= since]
        self._first = min([newest, *recent])
        for block in [block for block in self._seen if block < self._first]:
            del self._seen[block], self._touched[block]
