"""The load client: HTTP/1.1 over kept connections, one request under way on each.

It only finds the end of an answer and checks its beginning, so that it takes a small part of the
time that a server takes.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from time import perf_counter, process_time
from typing import cast

END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"content-length:"
ANSWER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What was sent in some seconds, and how long each answer took, in seconds, sorted."""

    seconds: float
    latencies: Sequence[float]
    client_cpu: float

    @property
    def requests(self) -> int:
        """The number of answers."""
        return len(self.latencies)

    def percentile(self, share: float) -> float:
        """The latency in seconds that such a share of the answers does not exceed."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


class _Connection(asyncio.Protocol):
    """Sends the requests one after the other until the time is over."""

    def __init__(
        self, requests: Iterator[bytes], until: float, is_good: Callable[[bytes], bool]
    ) -> None:
        self.requests, self.until, self.is_good = requests, until, is_good
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.latencies: list[float] = []
        self.received = b""
        self.length = 0  # Of the whole answer; 0 until its headers have been received.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collect the answer; at its end send the next request."""
        self.received += data
        if not self.length:
            head, found, _ = self.received.partition(END_OF_HEADERS)
            if not found:
                return
            self.length = len(head) + len(END_OF_HEADERS) + _content_length(head)
        if len(self.received) >= self.length:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that closes before the end has failed."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("The server closed the connection."))

    def _send(self) -> None:
        request = next(self.requests, None)
        self.sent = perf_counter()
        if request is None or self.sent >= self.until:
            self.done.set_result(None)
            self.transport.close()
            return
        self.received, self.length = b"", 0
        self.transport.write(request)

    def _answered(self) -> None:
        self.latencies.append(perf_counter() - self.sent)
        if self.is_good(self.received):
            self._send()
        else:
            self.done.set_exception(AssertionError(self.received.decode(errors="replace")))
            self.transport.close()


def has_data(answer: bytes) -> bool:
    """True for the answer of a read without errors."""
    return answer.startswith(b"HTTP/1.1 200") and b'"errors"' not in answer


def http_request(body: bytes, token: str = "") -> bytes:
    """The bytes of a POST to /graphql."""
    headers = [
        "POST /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        "Accept: application/json",
        f"Content-Length: {len(body)}",
    ]
    if token:
        headers.append(f"Authorization: Bearer {token}")
    return "\r\n".join(headers).encode() + END_OF_HEADERS + body


async def run_load(
    requests: dict[int, Sequence[bytes]],
    *,
    connections: int,
    seconds: float,
    is_good: Callable[[bytes], bool] = has_data,
    once: bool = False,
) -> Load:
    """Send the requests of each port over so many connections for each, again and again.

    With `once` each request is sent once. Raises AssertionError with the first answer that is not
    good, TimeoutError where a server does not answer.
    """
    loop, began, cpu = asyncio.get_running_loop(), perf_counter(), process_time()
    opened = []
    for port, of_port in requests.items():
        shared = iter(of_port)
        for number in range(connections):
            mine = shared if once else islice(cycle(of_port), number * 17, None)
            protocol = partial(_Connection, mine, began + seconds, is_good)
            _, connection = await loop.create_connection(protocol, "127.0.0.1", port)
            opened.append(connection)
    async with asyncio.timeout(seconds + ANSWER_SECONDS):
        await asyncio.gather(*(it.done for it in opened))
    latencies = sorted(latency for it in opened for latency in it.latencies)
    return Load(perf_counter() - began, latencies, process_time() - cpu)


def _content_length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    for line in lines:
        if line.startswith(LENGTH):
            return int(line[len(LENGTH) :])
    raise AssertionError(f"The server does not say the length of its answer: {head!r}")
