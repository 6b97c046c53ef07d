"""The limit of request bodies: no header of a request evades it."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from tenure.web.bodies import BodyLimit

LIMIT = 10


async def read_body(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that reads the whole body."""
    body = await Request(scope, receive).body()
    await Response(f"{len(body)} bytes")(scope, receive, send)


@pytest.mark.parametrize(
    ("headers", "size", "status"),
    [
        ([(b"content-length", b"10")], 10, 200),
        ([(b"content-length", b"11")], 11, 413),
        ([], 10, 200),
        ([], 11, 413),
        ([(b"transfer-encoding", b"chunked")], 11, 413),
        ([(b"content-length", b"5"), (b"transfer-encoding", b"chunked")], 11, 413),
        ([(b"content-length", b"5"), (b"content-length", b"11")], 11, 413),
        ([(b"content-length", b"-1")], 11, 413),
        ([(b"content-length", b"\xb2")], 11, 413),
    ],
)
async def test_the_length_of_a_body(
    headers: list[tuple[bytes, bytes]], size: int, status: int
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"x" * size, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    await BodyLimit(read_body, max_body_size=LIMIT)(scope, receive, send)
    assert sent[0]["status"] == status
