"""Limits on connections: how long a client may take, and how many one address may hold.

uvicorn limits idle connections only. Its protocol classes are extended here, because only they see
a connection before its request is complete: a deadline for the headers, for the body and for
reading the response. When uvicorn has such settings, this module can go.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tenure.graphql.http.sse import STREAM_SCOPE
from tenure.kernel.logs import request_log
from tenure.kernel.outages import outage_log
from tenure.web.defences import HEADERS
from tenure.web.response_writer import ResponseWriter


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits, from the first byte to the last, and limits of open connections."""

    header_seconds: float = 10
    body_seconds: float = 60
    idle_seconds: int = 15
    # Without any progress of the client in reading its response.
    write_seconds: float = 30
    connections: int = 900
    connections_per_address: int = 200


@dataclass(slots=True)
class OpenConnections:
    """The numbers of open connections, in total and by address."""

    limits: Limits
    # The limit per address does not apply to proxies.
    is_proxy: Callable[[str], bool] = lambda _: False
    by_address: Counter[str] = field(default_factory=Counter)

    def add(self, address: str) -> bool:
        """Count a connection. False if it exceeds a limit; it must be removed in any case."""
        self.by_address[address] += 1
        if self.by_address.total() > self.limits.connections:
            return False
        return self.is_proxy(address) or (
            self.by_address[address] <= self.limits.connections_per_address
        )

    def remove(self, address: str) -> None:
        """Stop counting a closed connection."""
        self.by_address[address] -= 1
        if self.by_address[address] <= 0:
            del self.by_address[address]


class Deadline:
    """A timer that can be restarted."""

    def __init__(self) -> None:
        self.handle: asyncio.TimerHandle | None = None

    def start(self, seconds: float, action: Callable[[], None]) -> None:
        """Call `action` after this time, unless stopped or started again before."""
        self.stop()
        self.handle = asyncio.get_running_loop().call_later(seconds, action)

    def stop(self) -> None:
        """Cancel the timer."""
        if self.handle is not None:
            self.handle.cancel()
            self.handle = None


class WriteTimeout:
    """Closes the connection of a client that reads nothing of its response for some time.

    A client that reads slowly is not disconnected.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = Deadline()

    def start(self, transport: asyncio.WriteTransport) -> None:
        """Start the timer. The write buffer of the transport must shrink before it ends."""
        unsent = transport.get_write_buffer_size()

        def check() -> None:
            if transport.get_write_buffer_size() < unsent:
                self.start(transport)
            else:
                transport.abort()

        self.deadline.start(self.seconds, check)

    def stop(self) -> None:
        """Stop the timer: enough has been read, or the connection is closed."""
        self.deadline.stop()


class HttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 with deadlines. A client that misses one is answered 408 if possible."""

    def __init__(self, *args: Any, open_connections: OpenConnections, **options: Any) -> None:
        super().__init__(*args, **options)
        self.access_logger = request_log()  # type: ignore[assignment]
        self.open_connections = open_connections
        self.limits = open_connections.limits
        self.timeout_keep_alive = self.limits.idle_seconds
        self.reading = Deadline()
        self.write_timeout = WriteTimeout(self.limits.write_seconds)
        self.receives: Literal["headers", "body"] | None = None
        self.is_new_part = False

    @property
    def address(self) -> str:
        """The address of the client; empty for a Unix socket."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, and expect the headers."""
        super().connection_made(transport)
        if self.open_connections.add(self.address):
            self._expect("headers")
            self._start_deadline()
        else:
            fault = ConnectionError(
                f"too many connections, the last from {self.address or 'a socket'}"
            )
            outage_log.report("connections are refused", fault)
            self._refuse(503, "Too many connections. Try again later.")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadlines, and stop counting the connection."""
        self.reading.stop()
        self.write_timeout.stop()
        self.open_connections.remove(self.address)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes after a request start the next one, even if they are not a request.

        Most requests arrive at once, and need no timer.
        """
        was_idle = self.timeout_keep_alive_task is not None
        super().data_received(data)
        is_begun = was_idle and self.timeout_keep_alive_task is None
        if is_begun and self.receives is None and self.cycle.response_complete:
            self._expect("headers")
        self._start_deadline()

    def on_message_begin(self) -> None:
        """Expect the headers, unless `connection_made` has done so for the first request."""
        super().on_message_begin()
        if self.receives != "headers":
            self._expect("headers")

    def on_headers_complete(self) -> None:
        """Expect the body. A response with a body is written by `ResponseWriter`."""
        previous = self.cycle
        super().on_headers_complete()
        if self.cycle is not previous and self.scope["method"] != "HEAD":
            self.cycle.transport = ResponseWriter(self.transport)  # type: ignore[assignment]
        self._expect("body")

    def on_message_complete(self) -> None:
        """The request is complete. The response has no deadline here."""
        super().on_message_complete()
        self._expect(None)

    def shutdown(self) -> None:
        """The server stops: end a stream of events, which has no end of its own."""
        super().shutdown()
        if getattr(self.cycle, "scope", {}).get(STREAM_SCOPE):
            self.transport.close()

    def handle_websocket_upgrade(self) -> None:
        """Stop counting: the WebSocket protocol takes over the connection and counts it."""
        self._expect(None)
        self.open_connections.remove(self.address)
        super().handle_websocket_upgrade()

    def pause_writing(self) -> None:
        """Called when the write buffer is full: start the timer."""
        super().pause_writing()
        self.write_timeout.start(self.transport)

    def resume_writing(self) -> None:
        """Called when the write buffer has room again: stop the timer."""
        super().resume_writing()
        self.write_timeout.stop()

    def send_400_response(self, msg: str) -> None:
        """Refuse in the form of the other error responses."""
        self._refuse(400, msg)

    def _expect(self, part: Literal["headers", "body"] | None) -> None:
        self.receives = part
        self.is_new_part = True

    def _start_deadline(self) -> None:
        """Start the deadline of the part that is received, unless it runs already."""
        if not self.is_new_part:
            return
        self.is_new_part = False
        if self.receives is None:
            self.reading.stop()
        else:
            is_head, limits = self.receives == "headers", self.limits
            seconds = limits.header_seconds if is_head else limits.body_seconds
            self.reading.start(seconds, self._time_out)

    def _time_out(self) -> None:
        if self.transport.is_closing():
            return
        if self.flow.read_paused:
            # The application does not read, so the delay is not the client's.
            self._expect(self.receives)
            self._start_deadline()
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
    """WebSockets. They are counted like other connections; the endpoint limits the sign-in time."""

    def __init__(self, *args: Any, open_connections: OpenConnections, **options: Any) -> None:
        super().__init__(*args, **options)
        self.open_connections = open_connections
        self.write_timeout = WriteTimeout(open_connections.limits.write_seconds)

    @property
    def address(self) -> str:
        """The address of the client; empty for a Unix socket."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection. The limit was checked before the upgrade."""
        super().connection_made(transport)
        self.open_connections.add(self.address)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop counting the connection."""
        self.write_timeout.stop()
        self.open_connections.remove(self.address)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Called when the write buffer is full: start the timer.

        Closing the connection waits for the client otherwise.
        """
        super().pause_writing()
        self.write_timeout.start(self.transport)

    def resume_writing(self) -> None:
        """Called when the write buffer has room again: stop the timer."""
        super().resume_writing()
        self.write_timeout.stop()
