"""Operations over Server-Sent Events (`graphql-sse`, distinct connections mode).

Strawberry encodes the events. A stream ends when its caller loses access, and when the server stops
(`web/connections.py`).
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import aclosing
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

import orjson
from graphql import GraphQLError
from strawberry.http.streaming import SSETransport

from tenure.graphql.http.errors import RATE_LIMITED, UNAUTHENTICATED, request_error
from tenure.graphql.http.responses import ACCEPT_HEADERS
from tenure.kernel.actor import Actor

EVENT_STREAM: Final = "text/event-stream"
# Marks the scope of a request whose response is a stream of events.
STREAM_SCOPE: Final = "tenure.event_stream"
# Streams of one user or token in a process.
MAX_STREAMS: Final = 100
# Nothing between the server and the client may keep or delay the events.
HEADERS: Final = {"content-type": EVENT_STREAM, "cache-control": "no-store"} | {
    "x-accel-buffering": "no"
}

Recheck: TypeAlias = Callable[[], Awaitable[Actor | None]]
_transport = SSETransport()


@lru_cache(ACCEPT_HEADERS)
def wants_events(accept: str) -> bool:
    """True if the client accepts a stream of events."""
    return _transport.accepts(accept)


def mark_stream(scope: MutableMapping[str, object]) -> None:
    """Mark the request, so that its connection is closed when the server stops."""
    scope[STREAM_SCOPE] = True


class OpenStreams:
    """The numbers of open streams by the names of their callers."""

    def __init__(self) -> None:
        self.by_name: Counter[str] = Counter()

    def check(self, name: str) -> None:
        """Raises GraphQLError if the caller has too many streams."""
        if self.by_name[name] >= MAX_STREAMS:
            message = f"You have {MAX_STREAMS} open streams. Close one first."
            raise GraphQLError(message, extensions={"code": RATE_LIMITED, "retryAfter": 5})

    async def counted(self, name: str, events: AsyncIterator[str]) -> AsyncIterator[str]:
        """The events of a stream, which is counted until it ends."""
        self.by_name[name] += 1
        try:
            async for event in events:
                yield event
        finally:
            self.by_name[name] -= 1
            if not self.by_name[name]:
                del self.by_name[name]


async def while_authorized(
    events: AsyncIterator[str], actor: Actor, recheck: Recheck | None
) -> AsyncIterator[str]:
    """The events until the caller loses access or role, which is the last event."""
    lost = asyncio.create_task(_lose_access(actor, recheck))
    # Strawberry's stream is a generator.
    async with aclosing(cast("AsyncGenerator[str, None]", events)):
        try:
            while True:
                following = asyncio.create_task(_next(events))
                try:
                    await asyncio.wait({lost, following}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not following.done():
                        await _cancel(following)
                if following.cancelled() or lost.done():
                    yield _ended()
                    return
                event = following.result()
                if event is None:
                    return
                yield event
        finally:
            await _cancel(lost)


async def _next(events: AsyncIterator[str]) -> str | None:
    """The next event; None at the end."""
    return await anext(events, None)


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _lose_access(actor: Actor, recheck: Recheck | None) -> None:
    """Returns when the caller has lost access, or has a lower role."""
    if recheck is None:
        await asyncio.Event().wait()
        return
    while True:
        current = await recheck()
        if current is None or not current.role.includes(actor.role):
            return


def _ended() -> str:
    error = request_error("Your session or token has ended, or its role.", UNAUTHENTICATED)
    message = orjson.dumps({"errors": [error.formatted]}).decode()
    return _transport.encode_event("next", message) + _transport.encode_complete()
