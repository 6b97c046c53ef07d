"""Event streams of a running server: new events, the end of a session, the end of the server."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copy
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from tenure.identity.actions import revoke_token
from tenure.kernel.actor import SYSTEM
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.builders import account
from tests.server import served
from tests.waiting import PATIENCE
from tests.web.conftest import EMAIL, PASSWORD

SUBSCRIPTION = {"query": "subscription { events { description account { name } } }"}


class Stream:
    """The lines of an open stream of events."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines

    def event(self) -> tuple[str, Any]:
        """The next event: name and data."""
        name = next(it for it in self.lines if it.startswith("event: ")).removeprefix("event: ")
        data = next(self.lines).removeprefix("data: ")
        return name, json.loads(data) if data else None


def run(folder: Path, operation: Callable[[Unit], Awaitable[Any]]) -> None:
    """Run an operation on the database of the server, like another process."""

    async def run_in_unit() -> None:
        database = Database(f"sqlite:///{folder}/tenure.db")
        try:
            await Runtime(database, BusinessReader()).run_in_unit(SYSTEM, operation)
        finally:
            await database.close()

    asyncio.run(run_in_unit())


@contextmanager
def new_accounts(folder: Path) -> Iterator[None]:
    """Creates accounts during the block: when a subscription begins cannot be seen."""
    is_over = Event()

    async def create(unit: Unit) -> None:
        await account(unit, name="Ada")

    def create_many() -> None:
        while not is_over.wait(0.1):
            run(folder, create)

    creating = Thread(target=create_many)
    creating.start()
    try:
        yield
    finally:
        is_over.set()
        creating.join()


@pytest.fixture
def folder(tmp_path: Path, admin_and_token: tuple[Path, str]) -> Path:
    """The folder of the server, with its database."""
    copy(admin_and_token[0], tmp_path / "tenure.db")
    return tmp_path


async def revoke(unit: Unit) -> None:
    """Revoke the token of the client."""
    await revoke_token(unit, "Shop")


def test_events_until_access_is_lost_or_the_server_stops(
    folder: Path, admin_and_token: tuple[Path, str]
) -> None:
    """A stream does not keep the server from stopping."""
    accept = {"accept": "text/event-stream"}
    by_token = accept | {"authorization": f"Bearer {admin_and_token[1]}"}
    with httpx.Client(timeout=PATIENCE) as client, ExitStack() as opened:
        with served(folder) as address:
            url = f"{address}/graphql"
            with client.stream("POST", url, json=SUBSCRIPTION, headers=by_token) as response:
                assert (response.status_code, response.headers["content-type"]) == (
                    200,
                    "text/event-stream",
                )
                assert response.headers["cache-control"] == "no-store"
                stream = Stream(response.iter_lines())
                with new_accounts(folder):
                    name, answer = stream.event()
                assert (name, answer["data"]["events"]["account"]) == ("next", {"name": "Ada"})
                run(folder, revoke)
                while "errors" not in answer:
                    name, answer = stream.event()
                assert answer["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
                assert stream.event() == ("complete", None)
                assert "".join(stream.lines) == ""
            credentials = {"email": EMAIL, "password": PASSWORD}
            assert client.post(f"{address}/auth/sign-in", json=credentials).status_code == 200
            last = opened.enter_context(
                client.stream("POST", url, json=SUBSCRIPTION, headers=accept)
            )
            with new_accounts(folder):
                open_stream = Stream(last.iter_lines())
                assert open_stream.event()[0] == "next"
        log = (folder / "server.log").read_text()
    assert "timeout graceful shutdown exceeded" not in log
    assert "Traceback" not in log
