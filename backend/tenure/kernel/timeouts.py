"""How long a process waits for the database, and the database for a process.

Web requests wait for seconds and are then refused; jobs and imports wait for as long as their work
takes. Row locks of web requests are taken in two stages, so that one locked row cannot use up the
connection pool: the first attempt of a transaction waits for a lock for FIRST_LOCK_SECONDS only. If
that fails the transaction is rolled back, its connection is returned, and it is repeated with the
full timeout in the lock queue, which admits a share of the pool. While it is there, the statement
that met the lock is refused in every other first attempt of this process without being sent.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import TypeAlias

FIRST_LOCK_SECONDS = 0.15
# One in so many connections may wait for a lock with the full timeout.
LOCK_QUEUE_SHARE = 4


# A statement with its parameters, as they are sent.
SentStatement: TypeAlias = tuple[str, str]


class LockContendedError(Exception):
    """Others of this process wait for the lock that the statement would wait for."""


class OperationTimeoutError(Exception):
    """An operation took longer than its time limit. Nothing was committed."""


class QueueTimeoutError(Exception):
    """No place in a queue of this process became free within its timeout."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. None: no limit, or the server's own.

    `pool`: for a free connection. `lock`: for a row lock, and for the lock queue. `statement`: the
    duration of a statement. `idle`: the pause between two statements of a transaction, after which
    the server ends the session. `writer`: for the other writer of SQLite.
    """

    pool: float = 30
    lock: float | None = None
    statement: float | None = None
    idle: float | None = None
    writer: float = 30

    @property
    def first_lock(self) -> float | None:
        """The lock timeout that a session has unless a transaction sets another one."""
        return None if self.lock is None else min(self.lock, FIRST_LOCK_SECONDS)


_time_limit: ContextVar[asyncio.Timeout | None] = ContextVar("time_limit", default=None)


class TimeLimit:
    """Cancels a block, and its statements, after so many seconds; None: never.

    Raises OperationTimeoutError. The limit ends with the first commit in the block, because a
    commit must not be interrupted. A generator with `asynccontextmanager` would take three times as
    long, in each request.
    """

    def __init__(self, seconds: float | None) -> None:
        self._limit = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()
        self._token = _time_limit.set(self._limit)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _time_limit.reset(self._token)
        try:
            await self._limit.__aexit__(kind, fault, traceback)
        except TimeoutError:
            raise OperationTimeoutError from None
        if isinstance(fault, TimeoutError) and self._limit.expired():
            raise OperationTimeoutError from None


def end_time_limit() -> None:
    """End the time limit of the current block."""
    limit = _time_limit.get()
    if limit is not None and not limit.expired():
        limit.reschedule(None)


# Health, readiness and metrics: an answer that comes later is of no use.
PROBES = Timeouts(pool=5, lock=2, statement=5, idle=15, writer=5)


class BoundedQueue:
    """Admits so many at once. Raises QueueTimeoutError after so many seconds."""

    def __init__(self, places: int, seconds: float) -> None:
        self.seconds = seconds
        self._places = asyncio.Semaphore(places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Holds a place for the duration of the block."""
        try:
            async with asyncio.timeout(self.seconds):
                await self._places.acquire()
        except TimeoutError:
            message = f"No place in the queue became free within {self.seconds:g} seconds."
            raise QueueTimeoutError(message) from None
        try:
            yield
        finally:
            self._places.release()


class LockQueue(BoundedQueue):
    """The transactions of a process that wait for row locks, and the statements they wait with."""

    def __init__(self, places: int, seconds: float) -> None:
        super().__init__(places, seconds)
        self._contended: dict[SentStatement, float] = {}
        self._is_inside: ContextVar[bool] = ContextVar("is_inside_lock_queue", default=False)

    @asynccontextmanager
    async def waiting_for(self, sent: SentStatement | None) -> AsyncIterator[None]:
        """Holds a place, in which the statement may wait, for the duration of the block."""
        if sent is not None:
            self._note(sent)
        async with self.place():
            token = self._is_inside.set(True)
            try:
                yield
            finally:
                self._is_inside.reset(token)
        if sent is not None:
            self._contended.pop(sent, None)

    def check(self, statement: str, parameters: object) -> None:
        """Raises LockContendedError for a statement that would wait outside of the queue."""
        if not self._contended or self._is_inside.get():
            return
        until = self._contended.get((statement, repr(parameters)))
        if until is not None and until > monotonic():
            raise LockContendedError

    def _note(self, sent: SentStatement) -> None:
        now = monotonic()
        for known in [it for it, until in self._contended.items() if until <= now]:
            del self._contended[known]
        self._contended[sent] = now + self.seconds
