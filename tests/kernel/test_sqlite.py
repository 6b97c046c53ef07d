"""The driver of SQLite: one round trip to its thread per statement, with correct results."""

from pathlib import Path
from unittest.mock import Mock

import aiosqlite
import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from tenure.identity.models import Token
from tenure.kernel.actor import Role
from tenure.kernel.db import Database
from tenure.kernel.patches.aiosqlite_cursor import connect
from tests.conftest import NOON

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def token(name: str) -> dict[str, object]:
    """A row."""
    stored = {"digest": name, "prefix": "tenure_", "created_by": "x", "created_at": NOON}
    return {"name": name, "role": Role.VIEWER, **stored}


async def test_a_statement_is_one_trip(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    trips, go = Mock(), aiosqlite.Connection._execute

    async def counted(connection: aiosqlite.Connection, *work: object) -> object:
        trips()
        return await go(connection, *work)  # type: ignore[no-untyped-call]

    async with database.engine.connect() as connection:
        await connection.execute(insert(Token), [token("a"), token("b")])
        monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
        for place, statement in enumerate(
            (select(Token.name), update(Token).values(role=Role.ADMIN).returning(Token.id)), 1
        ):
            assert len((await connection.execute(statement)).all()) == 2
            assert trips.call_count == place


async def test_what_it_answers(database: Database) -> None:
    async with database.engine.connect() as connection:
        many = await connection.execute(insert(Token), [token("a"), token("b")])
        one = await connection.execute(insert(Token).values(token("c")))
        changed = await connection.execute(update(Token).values(role=Role.ADMIN))
        found = await connection.execute(select(Token.name).order_by(Token.name))
        assert (many.rowcount, one.inserted_primary_key, changed.rowcount) == (2, (3,), 3)
        assert (found.keys(), found.scalars().all()) == (["name"], ["a", "b", "c"])
        assert (await connection.execute(select(Token.name).where(Token.id == 9))).first() is None


async def test_what_fails_there_fails_here(database: Database) -> None:
    async with database.engine.connect() as connection:
        await connection.execute(insert(Token).values(token("a")))
        with pytest.raises(IntegrityError, match="UNIQUE"):
            await connection.execute(insert(Token).values(token("a")))
        with pytest.raises(DBAPIError, match="no such table"):
            await connection.execute(text("SELECT * FROM nowhere"))
        assert (await connection.execute(select(Token.name))).scalars().all() == ["a"]


async def test_a_connection_that_was_closed_says_so(database: Database, tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "x.db"))
    await connection.close()
    with pytest.raises(ValueError, match="closed"):
        await connection.cursor().execute("SELECT 1")
