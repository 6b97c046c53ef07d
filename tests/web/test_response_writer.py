"""The head of a response is written with its body, that of a stream at once."""

import asyncio
from typing import Any

from tenure.web.response_writer import CONTINUE, ResponseWriter


class Recorded(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[Any] = []

    def write(self, data: Any) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.writes.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.writes


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def written(*parts: bytes) -> list[Any]:
    """What is written for these parts of a response."""
    transport = Recorded()
    writer = ResponseWriter(transport)
    for part in parts:
        writer.write(part)
    return transport.writes


def test_head_and_body_are_one_write() -> None:
    assert written(HEAD, b"body", b"", b"more") == [HEAD + b"body", b"", b"more"]
    assert written(HEAD, b"") == [HEAD]
    assert written(CONTINUE, HEAD, b"body") == [CONTINUE, HEAD + b"body"]


def test_the_head_of_a_stream_is_written_at_once() -> None:
    """Its body may come much later, and may look like a head."""
    assert written(STREAM) == [STREAM]
    assert written(STREAM, HEAD, b"0") == [STREAM, HEAD, b"0"]


def test_a_head_is_written_before_the_end() -> None:
    """A response without its body is cut off, unless the client is gone."""
    for is_gone in (False, True):
        transport = Recorded()
        writer = ResponseWriter(transport)
        writer.write(HEAD)
        if is_gone:
            transport.close()
        writer.close()
        assert writer.is_closing()
        assert transport.writes == ["closed" if is_gone else HEAD, "closed"]
