"""A running application on a database of its own, with one admin and one token."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import TypeVar

import pytest

from tenure.batch import execute_run
from tenure.identity.actions import create_token, create_user
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.actor import SYSTEM, Actor, Role
from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tenure.web import create_app
from tests.web.client import TestClient

T = TypeVar("T")

EMAIL, PASSWORD = "ben@example.com", "correct horse battery"


@dataclass(frozen=True, slots=True)
class Served:
    """A running application, with a client for it."""

    client: TestClient
    settings: Settings
    token: str

    def sign_in(self, password: str = PASSWORD, email: str = EMAIL) -> int:
        """The status of the answer."""
        return self.client.post(
            "/auth/sign-in", json={"email": email, "password": password}
        ).status_code

    def run(self, operation: Callable[[Unit], Awaitable[T]], actor: Actor = SYSTEM) -> T:
        """Run an operation on the database of the application, like another process."""

        async def run_in_unit() -> T:
            database = Database(self.settings.database_url)
            try:
                return await Runtime(database, BusinessReader()).run_in_unit(actor, operation)
            finally:
                await database.close()

        return asyncio.run(run_in_unit())

    @contextmanager
    def at_address(self, address: str) -> Iterator["Served"]:
        """The same running application, for a browser at another address."""
        client = TestClient(self.client.app, str(self.client.base_url), client=(address, 1))
        # The same event loop, as in one server.
        client.portal = self.client.portal
        yield Served(client, self.settings, self.token)

    def asked(self, **headers: str | bytes) -> str:
        """What `viewer` answers: the name, or the code of the error."""
        answer = self.client.post(
            "/graphql", json={"query": "{ viewer { name } }"}, headers=headers
        ).json()
        return str(
            answer["errors"][0]["extensions"]["code"]
            if "errors" in answer
            else answer["data"]["viewer"]["name"]
        )


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture(scope="session")
def admin_and_token(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> tuple[Path, str]:
    """A database with an admin and a token to copy, and the secret of the token."""
    path = Path(copy(migrated_sqlite, tmp_path_factory.mktemp("admin_and_token")))
    return path, asyncio.run(_create_admin_and_token(f"sqlite:///{path}"))


@pytest.fixture
def serve(admin_and_token: tuple[Path, str], tmp_path: Path) -> Serve:
    """Starts the application with these settings besides."""
    path, token = admin_and_token
    copy(path, tmp_path / "tenure.db")
    url = f"sqlite:///{tmp_path}/tenure.db"

    @contextmanager
    def started(base_url: str = "http://tenure.test", **more: str) -> Iterator[Served]:
        settings = Settings(_env_file=None, database_url=url, **more)
        with TestClient(create_app(settings), base_url=base_url) as client:
            yield Served(client, settings, token)

    return started


@pytest.fixture
def served(serve: Serve) -> Iterator[Served]:
    """The application with the default settings."""
    with serve() as it:
        yield it


async def _create_admin_and_token(url: str) -> str:
    async def create(unit: Unit) -> str:
        await create_user(unit, email=EMAIL, role=Role.ADMIN, password=PASSWORD)
        return (await create_token(unit, name="Shop", role=Role.VIEWER))[1]

    database = Database(url)
    try:
        runtime = Runtime(database, BusinessReader())
        # Otherwise the scheduler of each application would start the bill day of today.
        async with runtime.unit(SYSTEM) as unit:
            bill_day = await start(unit, kind=JobKind.BILL_DAY)
        await execute_run(runtime, bill_day.id)
        return await runtime.run_in_unit(SYSTEM, create)
    finally:
        await database.close()
