"""SQLite with one trip to its thread for each statement.

A connection of aiosqlite lives in a thread of its own. SQLAlchemy makes a cursor, executes, fetches and closes, each a trip
there and back; and a trip takes longer than most statements. Here a cursor goes there once and brings all rows along.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import aiosqlite

Cell: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Cell, ...]


class Cursor:
    """What SQLAlchemy asks of a cursor of aiosqlite. It exists in the thread only while a statement is executed."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self.description: tuple[Row, ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1
        self.rows: list[Row] = []

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Sequence[Cell] = ()) -> None:
        """One statement, and whatever rows it gives."""
        await self.connection.visit(lambda sync: self._keep(sync.execute(statement, parameters)))

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Cell]]) -> None:
        """One statement for each of these parameters."""
        await self.connection.visit(
            lambda sync: self._keep(sync.executemany(statement, parameters))
        )

    async def fetchall(self) -> list[Row]:
        """The rows, which are here already."""
        return self.rows

    async def close(self) -> None:
        """The thread has nothing left of it."""

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one trip."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor; nothing happens yet."""
        return Cursor(self)

    def __del__(self) -> None:
        """Stop the thread of a connection that nobody has closed.

        SQLAlchemy drops a connection whose preparation was cancelled, as at the end of a program;
        aiosqlite would warn of it.
        """
        if self._connection is not None:
            self.stop()

    async def visit(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Let the thread do this. Raises what it raises there, and ValueError where the connection is closed."""
        await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]


def connect(path: str, *, timeout: float = 5, check_same_thread: bool = True) -> Connection:
    """A connection that is opened when it is awaited, as `aiosqlite.connect` answers with.

    `timeout`: so many seconds a writer waits for another one.
    """
    opened = partial(sqlite3.connect, path, timeout=timeout, check_same_thread=check_same_thread)
    connection = Connection(opened, iter_chunk_size=64)
    # As SQLAlchemy wants it: a program may end while connections are kept open.
    connection._thread.daemon = True
    return connection
