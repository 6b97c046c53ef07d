"""A TCP proxy before PostgreSQL that loses answers to COMMIT, or the COMMIT itself.

It follows the messages of the wire protocol: a type byte and a length, but for the first message
of a connection, which has no type. A program that commits sends the simple query `COMMIT;`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

QUERY, READY = b"Q", b"Z"


class Loss(StrEnum):
    """What happens to a COMMIT."""

    NONE = "none"
    # The server has committed and answered; the answer is dropped and the connection cut.
    ANSWER = "answer"
    # The connection to the program is cut after the COMMIT was sent: the server may be busy.
    CUT_AT_ONCE = "cut at once"
    # The COMMIT does not arrive, and both connections are cut.
    COMMIT = "commit"
    # The COMMIT does not arrive, and the server does not learn that the program is gone.
    STALL = "stall"


@dataclass(slots=True)
class CommitProxy:
    """Listens on `port`; `choose` decides the fate of each `statement`, `losses` counts.

    While it `is_down`, it closes each new connection. If it `keeps_open` the connections of the
    program, that reads the last message of a server that ends a connection, and not the end.
    """

    host: str
    behind: int
    choose: Callable[[], Loss] = lambda: Loss.NONE
    losses: Counter[Loss] = field(default_factory=Counter)
    port: int = 0
    is_down: bool = False
    keeps_open: bool = False
    statement: bytes = b"COMMIT"
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, program: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        """One connection of the program."""
        if self.is_down:
            answers.close()
            return
        server, requests = await asyncio.open_connection(self.host, self.behind)
        self.open |= {answers, requests}
        back = asyncio.create_task(self._copy(server, answers))
        try:
            await _pass_on_startup(program, requests)
            while True:
                kind, body = await _message(program)
                loss = (
                    self.choose()
                    if kind == QUERY and body.startswith(self.statement)
                    else Loss.NONE
                )
                self.losses[loss] += kind == QUERY and body.startswith(self.statement)
                if loss is Loss.NONE:
                    requests.write(kind + _sized(body))
                    await requests.drain()
                    continue
                await _stop(back)
                await _lose(loss, (kind, body), server, requests)
                if loss is Loss.STALL:
                    answers.close()
                    return
                break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        for writer in (answers, requests):
            writer.close()
        await _stop(back)

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while some := await source.read(65536):
                target.write(some)
                await target.drain()
        if not self.keeps_open:
            target.close()


@asynccontextmanager
async def commit_proxy(url: str) -> AsyncIterator[tuple[CommitProxy, str]]:
    """A proxy before the server of this URL, and the URL through the proxy."""
    parts = urlsplit(url)
    proxy = CommitProxy(parts.hostname or "127.0.0.1", parts.port or 5432)
    listening = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    user = parts.netloc.rpartition("@")[0]
    try:
        yield proxy, urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}"))
    finally:
        listening.close()
        for writer in proxy.open:
            writer.close()
        await listening.wait_closed()


async def _lose(
    loss: Loss,
    message: tuple[bytes, bytes],
    server: asyncio.StreamReader,
    requests: asyncio.StreamWriter,
) -> None:
    if loss in (Loss.COMMIT, Loss.STALL):
        return
    kind, body = message
    requests.write(kind + _sized(body))
    await requests.drain()
    while loss is Loss.ANSWER and (await _message(server))[0] != READY:
        pass


async def _pass_on_startup(program: asyncio.StreamReader, requests: asyncio.StreamWriter) -> None:
    size = await program.readexactly(4)
    requests.write(size + await program.readexactly(int.from_bytes(size) - 4))
    await requests.drain()


async def _message(source: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind = await source.readexactly(1)
    size = int.from_bytes(await source.readexactly(4))
    return kind, await source.readexactly(size - 4)


def _sized(body: bytes) -> bytes:
    return (len(body) + 4).to_bytes(4) + body


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
