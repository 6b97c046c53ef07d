"""Limits on connections: how long a client may take, and how many one address may hold.

uvicorn limits idle connections only. Its protocol classes are extended here, because only they see a
connection before its request is complete: a deadline for the headers, for the body and for reading
the answer. When uvicorn has such settings, this module can go.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tenure.kernel.outages import outage_log
from tenure.web.defences import HEADERS


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds from the first byte to the last, and numbers of open connections."""

    header_seconds: float = 10
    body_seconds: float = 60
    idle_seconds: int = 15
    # Without any progress of the client in reading what it asked for.
    write_seconds: float = 30
    connections: int = 900
    connections_per_address: int = 200


@dataclass(slots=True)
class OpenConnections:
    """How many connections are open, in all and by address."""

    limits: Limits
    # Proxies hold connections for others.
    is_proxy: Callable[[str], bool] = lambda _: False
    by_address: Counter[str] = field(default_factory=Counter)

    def add(self, address: str) -> bool:
        """Count a connection. False where it is one too many; it must be removed all the same."""
        self.by_address[address] += 1
        if self.by_address.total() > self.limits.connections:
            return False
        return self.is_proxy(address) or (
            self.by_address[address] <= self.limits.connections_per_address
        )

    def remove(self, address: str) -> None:
        """The connection is closed."""
        self.by_address[address] -= 1
        if self.by_address[address] <= 0:
            del self.by_address[address]


class Deadline:
    """One timer at a time."""

    def __init__(self) -> None:
        self.handle: asyncio.TimerHandle | None = None

    def start(self, seconds: float, action: Callable[[], None]) -> None:
        """Call `action` after so many seconds, unless it is stopped or started again before."""
        self.stop()
        self.handle = asyncio.get_running_loop().call_later(seconds, action)

    def stop(self) -> None:
        """Nothing is called."""
        if self.handle is not None:
            self.handle.cancel()
            self.handle = None


class UnreadAnswer:
    """Cuts off a client that reads nothing of what was sent to it, however slowly others read."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = Deadline()

    def watch(self, transport: asyncio.WriteTransport) -> None:
        """More is waiting than the transport buffers gladly: something of it must leave in time."""
        left = transport.get_write_buffer_size()

        def check() -> None:
            if transport.get_write_buffer_size() < left:
                self.watch(transport)
            else:
                transport.abort()

        self.deadline.start(self.seconds, check)

    def stop(self) -> None:
        """Enough has been read, or the connection is closed."""
        self.deadline.stop()


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 with deadlines. A client that misses one is answered 408 where it still can be."""

    def __init__(self, *args: Any, opened: OpenConnections, **options: Any) -> None:
        super().__init__(*args, **options)
        self.opened = opened
        self.limits = opened.limits
        self.timeout_keep_alive = self.limits.idle_seconds
        self.reading = Deadline()
        self.unread = UnreadAnswer(self.limits.write_seconds)
        self.receives: Literal["headers", "body"] | None = None

    @property
    def address(self) -> str:
        """Of the client; empty for a Unix socket."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and expect the headers."""
        super().connection_made(transport)
        if self.opened.add(self.address):
            self._expect("headers")
        else:
            fault = ConnectionError(f"one of {self.address or 'a socket'} is one too many")
            outage_log.report("connections are refused", fault)
            self._refuse(503, "Too many connections. Try again later.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadlines and count it no more."""
        self.reading.stop()
        self.unread.stop()
        self.opened.remove(self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What is sent between two requests begins the next one, whatever it is."""
        was_idle = self.timeout_keep_alive_task is not None
        super().data_received(data)
        is_begun = was_idle and self.timeout_keep_alive_task is None
        if is_begun and self.receives is None and self.cycle.response_complete:
            self._expect("headers")

    def on_message_begin(self) -> None:
        """The first request of a connection is expected since the connection was made."""
        super().on_message_begin()
        if self.receives != "headers":
            self._expect("headers")

    def on_headers_complete(self) -> None:
        """Then the body."""
        super().on_headers_complete()
        self._expect("body")

    def on_message_complete(self) -> None:
        """The request is complete; the answer may take as long as it takes."""
        super().on_message_complete()
        self._expect(None)

    def handle_websocket_upgrade(self) -> None:
        """From here on the other protocol has the connection, and counts it."""
        self._expect(None)
        self.opened.remove(self.address)
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """The client reads more slowly than it is answered."""
        super().pause_writing()
        self.unread.watch(self.transport)

    def resume_writing(self) -> None:
        """It has read something."""
        super().resume_writing()
        self.unread.stop()

    def send_400_response(self, msg: str) -> None:
        """In the form of our other answers."""
        self._refuse(400, msg)

    def _expect(self, part: Literal["headers", "body"] | None) -> None:
        self.receives = part
        if part is None:
            self.reading.stop()
        else:
            limits = self.limits
            seconds = limits.header_seconds if part == "headers" else limits.body_seconds
            self.reading.start(seconds, self._time_out)

    def _time_out(self) -> None:
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            # The application does not read on; that is not the client's delay.
            self._expect(self.receives)
        elif getattr(self.cycle, "response_started", False):
            self.transport.close()
        else:
            self._refuse(408, "The request took too long to arrive.")

    def _refuse(self, status: int, message: str) -> None:
        body = f'{{"error":"{message}"}}'.encode()
        headers = {
            **HEADERS,
            "cache-control": "no-store",
            "content-type": "application/json",
            "content-length": str(len(body)),
            "connection": "close",
        }
        lines = [f"{name}: {value}\r\n".encode() for name, value in headers.items()]
        self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        self.transport.close()


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSockets are counted like other connections; signing in has its deadline in the endpoint."""

    def __init__(self, *args: Any, opened: OpenConnections, **options: Any) -> None:
        super().__init__(*args, **options)
        self.opened = opened
        self.unread = UnreadAnswer(opened.limits.write_seconds)

    @property
    def address(self) -> str:
        """Of the client; empty for a Unix socket."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It was counted before it was upgraded, so it is not one too many."""
        super().connection_made(transport)
        self.opened.add(self.address)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it no more."""
        self.unread.stop()
        self.opened.remove(self.address)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Closing waits for what was written to be read: who never reads is cut off."""
        super().pause_writing()
        self.unread.watch(self.transport)

    def resume_writing(self) -> None:
        """It has read something."""
        super().resume_writing()
        self.unread.stop()
