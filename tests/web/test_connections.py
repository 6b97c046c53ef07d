"""Slow clients and too many connections, on real sockets; the limits are short here."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from structlog.testing import capture_logs
from websockets.asyncio.client import connect

from tenure.cli.serving import uvicorn_config
from tenure.web.connections import Limits, OpenConnections
from tenure.web.errors import Errors
from tests.waiting import PATIENCE

SHORT = Limits(
    header_seconds=1,
    body_seconds=1.2,
    idle_seconds=1.5,
    write_seconds=0.5,
    connections=500,
    connections_per_address=480,
)
# For clients that no limit of time may cut off, however busy the machine is.
UNHURRIED = replace(SHORT, header_seconds=60, body_seconds=60, idle_seconds=60, write_seconds=60)
# Another loopback address than that of the honest client.
ATTACKER = "127.0.0.2"
HALF_HEADERS = b"POST /echo HTTP/1.1\r\nHost: tenure.test\r\nContent-Type: appl"
HALF_BODY = b"POST /echo HTTP/1.1\r\nHost: tenure.test\r\nContent-Length: 100\r\n\r\n{"
CHUNKED = (
    b"POST /echo HTTP/1.1\r\nHost: tenure.test\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
)
COMPLETE = b"GET /echo HTTP/1.1\r\nHost: tenure.test\r\n\r\n"
LARGE = b"GET /large HTTP/1.1\r\nHost: tenure.test\r\n\r\n"


async def echo(request: Request) -> Response:
    """How much was sent."""
    return JSONResponse({"bytes": len(await request.body())})


async def large(_: Request) -> Response:
    """More than fits into the buffers of both sides."""
    return Response(b"x" * 50_000_000)


async def hold(websocket: WebSocket) -> None:
    """Stays until the client goes."""
    await websocket.accept()
    await websocket.receive()


class Running:
    """A server, its port, and the connections made to it."""

    def __init__(self, port: int, opened: OpenConnections) -> None:
        self.port = port
        self.opened = opened
        self.writers: list[asyncio.StreamWriter] = []

    async def dial(
        self, data: bytes = b"", address: str = ATTACKER
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect from that address and send this much."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(address, 0)
        )
        self.writers.append(writer)
        writer.write(data)
        return reader, writer

    @property
    def count(self) -> int:
        """Connections that the server holds for the attacker."""
        return self.opened.by_address[ATTACKER]


@asynccontextmanager
async def running(limits: Limits = SHORT) -> AsyncIterator[Running]:
    """A server with these limits, in this event loop."""
    app = Starlette(
        routes=[
            Route("/echo", echo, methods=["GET", "POST"]),
            Route("/large", large),
            WebSocketRoute("/hold", hold),
        ]
    )
    app.add_middleware(Errors)
    config = uvicorn_config(app, limits)
    server, listening = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    connections = config.http.keywords["open_connections"]  # type: ignore[union-attr]
    it = Running(listening.getsockname()[1], connections)
    try:
        yield it
    finally:
        for writer in it.writers:
            writer.close()
        server.should_exit = True
        await serving


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What the server said until it closed the connection."""
    said = b""
    with suppress(ConnectionResetError):
        async with asyncio.timeout(PATIENCE):
            while part := await reader.read(65536):
                said += part
    return said


async def gone(it: Running) -> None:
    """Returns once the server holds no connection for the attacker."""
    async with asyncio.timeout(PATIENCE):
        while it.count:  # noqa: ASYNC110 - the kernel tells the server, not us
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "half", [b"", HALF_HEADERS, HALF_BODY, CHUNKED], ids=["nothing", "headers", "body", "chunks"]
)
async def test_hundreds_of_half_sent_requests_end_while_others_are_served(half: bytes) -> None:
    async with running() as it:
        readers = [(await it.dial(half))[0] for _ in range(300)]
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{it.port}", timeout=PATIENCE
        ) as client:
            while it.count:
                assert (await client.post("/echo", content=b"12")).json() == {"bytes": 2}
                await asyncio.sleep(0.1)
        said = await ended(readers[0])
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert b"\r\nx-content-type-options: nosniff" in head
        assert json.loads(body) == {"error": "The request took too long to arrive."}


@pytest.mark.parametrize(
    "half", [HALF_HEADERS, HALF_BODY, CHUNKED], ids=["headers", "body", "chunks"]
)
async def test_a_trickle_does_not_extend_the_deadline(half: bytes) -> None:
    async with running() as it:
        reader, writer = await it.dial(half)

        async def trickle() -> None:
            with suppress(ConnectionError):
                while True:
                    writer.write(b"1\r\n \r\n" if half is CHUNKED else b"x")
                    await asyncio.sleep(0.05)

        trickling = asyncio.create_task(trickle())
        await gone(it)
        trickling.cancel()
        assert (await ended(reader))[:12] in (b"HTTP/1.1 408", b"")


@pytest.mark.parametrize(
    "then", [b"", b"\r\n", HALF_HEADERS, HALF_BODY], ids=["idle", "blank", "headers", "body"]
)
async def test_a_kept_connection_ends_as_well(then: bytes) -> None:
    """After an answer: idle, or with half of the next request."""
    async with running() as it:
        reader, writer = await it.dial(COMPLETE)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        writer.write(then)
        await gone(it)


async def test_who_does_not_read_its_answer_is_cut_off() -> None:
    async with running() as it:
        small = socket.socket()
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        small.bind((ATTACKER, 0))
        small.connect(("127.0.0.1", it.port))
        try:
            small.sendall(LARGE)
            async with asyncio.timeout(PATIENCE):
                while not it.count:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            await gone(it)
        finally:
            small.close()


async def test_a_slow_reader_that_reads_is_not_cut_off() -> None:
    """It takes longer than the deadline, but something is read before each."""
    async with running(replace(SHORT, write_seconds=3)) as it:
        reader, _ = await it.dial(LARGE)
        count, part = 0, b" "
        async with asyncio.timeout(PATIENCE):
            while part:
                part = await reader.read(65536)
                before, count = count, count + len(part)
                if before // 4_000_000 < count // 4_000_000:
                    await asyncio.sleep(0.3)
        assert count > 50_000_000


async def test_an_honest_client_is_not_cut_off() -> None:
    """A large answer read in time, requests one after the other, two requests sent at once."""
    async with running(UNHURRIED) as it:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{it.port}", timeout=PATIENCE
        ) as client:
            assert len((await client.get("/large")).content) == 50_000_000
            for _ in range(3):
                await asyncio.sleep(0.3)
                assert (await client.post("/echo", content=b"1" * 100_000)).json() == {
                    "bytes": 100_000
                }
        reader, _ = await it.dial(COMPLETE + COMPLETE)
        for _ in range(2):
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
            await reader.readuntil(b'{"bytes":0}')


async def test_one_address_has_a_limit_and_others_are_served() -> None:
    async with running(replace(UNHURRIED, connections_per_address=20)) as it:
        readers = [(await it.dial(HALF_HEADERS))[0] for _ in range(25)]
        said = [await ended(reader) for reader in readers[20:]]
        assert [it[:12] for it in said] == [b"HTTP/1.1 503"] * 5
        assert it.count == 20
        reader, _ = await it.dial(COMPLETE, "127.0.0.1")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")


async def test_all_connections_together_have_a_limit() -> None:
    async with running(replace(UNHURRIED, connections=20)) as it:
        for number in range(20):
            await it.dial(HALF_HEADERS, f"127.0.1.{number + 1}")
        reader, _ = await it.dial(COMPLETE)
        assert (await ended(reader)).startswith(b"HTTP/1.1 503 ")


async def test_websockets_count_as_connections() -> None:
    """Once each, as long as they are open, and longer than the deadlines of a request."""
    limits = replace(SHORT, idle_seconds=60, connections_per_address=3)
    async with running(limits) as it:
        address = f"ws://127.0.0.1:{it.port}/hold"
        async with (
            connect(address, local_addr=(ATTACKER, 0)),
            connect(address, local_addr=(ATTACKER, 0)) as second,
        ):
            await asyncio.sleep(1.5)
            assert it.count == 2
            await second.ping()
            reader, writer = await it.dial(COMPLETE)
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
            refused, _ = await it.dial(COMPLETE)
            assert (await ended(refused)).startswith(b"HTTP/1.1 503 ")
            writer.close()
        await gone(it)


async def test_a_client_that_hangs_up_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as it:
        with caplog.at_level(logging.WARNING), capture_logs() as logged:
            for half in (HALF_HEADERS, HALF_BODY, CHUNKED, LARGE):
                _, writer = await it.dial(half)
                await writer.drain()
                await asyncio.sleep(0.05)
                writer.transport.abort()
            await gone(it)
        assert (caplog.records, logged) == ([], [])


async def test_what_is_no_http_is_refused_with_the_headers() -> None:
    async with running() as it:
        reader, _ = await it.dial(b"\x16\x03\x01 hello\r\n\r\n")
        head, _, body = (await ended(reader)).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert b"\r\nx-frame-options: DENY" in head
        assert json.loads(body) == {"error": "Invalid HTTP request received."}
