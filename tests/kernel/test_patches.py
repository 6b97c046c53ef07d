"""The private attributes of libraries that `kernel.patches` uses still exist."""

import threading
from datetime import date
from pathlib import Path

from aiosqlite import Connection
from sqlalchemy import Date, bindparam, column, select
from sqlalchemy.dialects import sqlite

from tenure.kernel.patches.aiosqlite_cursor import connect
from tenure.kernel.patches.sqlalchemy_statements import bind_processors, cache_key, has_limit


async def test_aiosqlite_has_the_attributes(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "new.db"))
    assert callable(Connection._execute)
    assert isinstance(connection._thread, threading.Thread)
    assert connection._connection is None
    await connection
    assert connection._conn is connection._connection is not None
    assert not any(hasattr(Connection, name) for name in ("run_in_thread", "call"))
    await connection.close()


def test_sqlalchemy_has_the_attributes() -> None:
    first, second, other = (
        cache_key(it) for it in (column("a") == 1, column("a") == 2, column("b") == 1)
    )
    assert first is not None
    assert second is not None
    assert other is not None
    assert first[0] == second[0] != other[0]
    assert [it.value for it in second[1]] == [2]
    statement = select(column("a"))
    assert (has_limit(statement), has_limit(statement.limit(1))) == (False, True)
    day = select(bindparam("day", type_=Date())).compile(dialect=sqlite.dialect())
    assert bind_processors(day)["day"](date(2026, 11, 10)) == "2026-11-10"
