"""Databases of their own for tests that migrate, copy or serve one."""

import asyncio
import fcntl
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tenure.kernel.db import Database
from tests.services import POSTGRES, POSTGRES_URL
from tests.waiting import PATIENCE


@contextmanager
def new_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, sqlite or postgresql, which is dropped at the end."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/{uuid4().hex}.db"
        return
    POSTGRES.need()
    name = f"tenure_new_{uuid4().hex}"
    execute_on_server(f"CREATE DATABASE {name}")
    try:
        yield f"{POSTGRES_URL}/{name}"
    finally:
        execute_on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def build_once(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Path], Coroutine[None, None, None]]
) -> Path:
    """A file that the first process of the test run builds, for all of them to copy.

    Call it in a fixture that is not async.
    """
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    built = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            unfinished = shared / f"unfinished-{name}"
            asyncio.run(build(unfinished))
            unfinished.rename(built)
    return built


async def migrate(path: Path) -> None:
    """Creates a SQLite database with the schema of this version."""
    database = Database(f"sqlite:///{path}")
    await database.migrate()
    await database.close()


def execute_on_server(statement: str) -> None:
    """Execute a statement that no transaction may hold, in the database `postgres`."""
    asyncio.run(_execute(statement))


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(f"{POSTGRES_URL}/postgres", timeout=PATIENCE)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
