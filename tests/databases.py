"""Databases of their own for tests that migrate, copy or serve one."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

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


def execute_on_server(statement: str) -> None:
    """Execute a statement that no transaction may hold, in the database `postgres`."""
    asyncio.run(_execute(statement))


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(f"{POSTGRES_URL}/postgres", timeout=PATIENCE)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
