"""The servers that are compared: each is started as its operator would, and stopped at the end."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tenure.identity.actions import create_token
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.peers.operations import Operation
from tests.conftest import ANA
from tests.services import REDIS_URL
from tests.shared import ROOT

START_SECONDS, STOP_SECONDS = 60, 10
BIN = Path(sys.executable).parent
POSTGRAPHILE = Path(__file__).with_name("postgraphile")
NODE = POSTGRAPHILE / "node_modules" / "node" / "bin" / "node"


@dataclass(frozen=True, slots=True)
class Server:
    """A process that listens on `port`."""

    pid: int
    port: int


@dataclass(frozen=True, slots=True)
class Peer:
    """A kind of server: its name, how a process is started, and what it is asked.

    `command` takes the port. `in_millionths` says that it returns amounts as the database stores
    them.
    """

    name: str
    command: Callable[[int], Sequence[str | Path]]
    environment: dict[str, str]
    folder: Path
    document: Callable[[Operation], str]
    token: str = ""
    in_millionths: bool = False

    @asynccontextmanager
    async def running(self, processes: int, logs: Path) -> AsyncIterator[list[Server]]:
        """So many processes, each on a port of its own."""
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(self._process(logs / f"{self.name}-{number}.log"))
                for number in range(processes)
            ]

    @asynccontextmanager
    async def _process(self, log: Path) -> AsyncIterator[Server]:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
        with (
            log.open("w") as output,
            subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                self.command(port),
                cwd=self.folder,
                env=own | self.environment | {"PORT": str(port)},
                stdout=output,
                stderr=output,
            ) as process,
        ):
            try:
                await _await_listening(process, port, log)
                yield Server(process.pid, port)
            finally:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()


async def tenure(url: str, folder: Path) -> Peer:
    """`tenure serve`, to which the client signs in by a token."""
    database = Database(url)
    try:
        async with Runtime(database, BusinessReader(clock_settable=True)).unit(ANA) as unit:
            _, token = await create_token(unit, name=f"peers {os.getpid()}", role=Role.ADMIN)
    finally:
        await database.close()
    environment = {
        "TENURE_DATABASE_URL": url,
        "TENURE_BROKER_URL": REDIS_URL,
        "TENURE_SECRET_KEY": "x" * 40,
        "TENURE_CLOCK": "settable",
        # The buckets are measured, but never empty.
        "TENURE_RATE_LIMIT_POINTS": "1000000000",
        "TENURE_RATE_LIMIT_RESTORE": "1000000000",
    }
    return Peer(
        "Tenure",
        lambda port: [BIN / "tenure", "serve", "--port", str(port)],
        environment,
        folder,
        lambda operation: operation.tenure,
        token=token,
    )


def orm(url: str) -> Peer:
    """The server that is written as most Strawberry applications are (orm_server.py)."""
    return Peer(
        "Strawberry + ORM",
        lambda port: [
            *(BIN / "uvicorn", "tests.benchmarks.peers.orm_server:app"),
            *("--port", str(port), "--log-level", "warning"),
        ],
        {"DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:")},
        ROOT,
        lambda operation: operation.tenure,
    )


def postgraphile(url: str) -> Peer | None:
    """PostGraphile on its own Node.js; None if the packages are not installed."""
    if not NODE.exists():
        return None
    return Peer(
        "PostGraphile",
        lambda _port: [NODE, "server.mjs"],
        {"DATABASE_URL": url, "NODE_ENV": "production", "GRAPHILE_ENV": "production"},
        POSTGRAPHILE,
        lambda operation: operation.postgraphile,
        in_millionths=True,
    )


async def _await_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = monotonic() + START_SECONDS
    while monotonic() < until and process.poll() is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError(
        f"A server did not start; its log:\n{await asyncio.to_thread(log.read_text)}"
    )
