"""A database with the demonstration data, built once for all processes of a test run."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tenure.demo import company
from tenure.identity.actions import create_token
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.conftest import ANA
from tests.databases import build_once
from tests.server import served


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A server with the demonstration data: address, database, and a token of each role."""

    address: str
    database: Path
    tokens: dict[Role, str]


def copy_demo_database(folder: Path, factory: pytest.TempPathFactory) -> Path:
    """A copy of the database, as `tenure.db` in `folder`."""
    built = build_once(factory, "demonstration.db", _build)
    return Path(shutil.copyfile(built, folder / "tenure.db"))


@contextmanager
def demo_served(
    factory: pytest.TempPathFactory, name: str, **settings: str
) -> Iterator[DemoServer]:
    """Runs `tenure serve` on a copy of the database in a new folder."""
    folder = factory.mktemp(name)
    database = copy_demo_database(folder, factory)
    tokens = asyncio.run(_create_tokens(database))
    with served(folder, **settings) as address:
        yield DemoServer(address, database, tokens)


async def _build(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    await company.build_company(Runtime(database, BusinessReader(clock_settable=True)))
    await database.close()


async def _create_tokens(path: Path) -> dict[Role, str]:
    database = Database(f"sqlite:///{path}")
    async with Runtime(database, BusinessReader()).unit(ANA) as unit:
        tokens = {
            role: (await create_token(unit, name=f"{role.lower()} of the tests", role=role))[1]
            for role in Role
        }
    await database.close()
    return tokens
