"""A cursor of aiosqlite that makes one round trip to the thread of its connection per statement.

SQLAlchemy creates a cursor, executes, fetches and closes; with aiosqlite each is a round trip,
which takes longer than most statements. This cursor executes and fetches in one. It uses `_conn`,
`_connection`, `_execute` and `_thread` of `aiosqlite.Connection`, which have no public counterpart.

It can be removed when aiosqlite or SQLAlchemy executes and fetches in one call.
`tests/kernel/test_patches.py` fails if these attributes change.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import aiosqlite

Cell: TypeAlias = str | int | float | bytes | None
Row: TypeAlias = tuple[Cell, ...]


class Cursor:
    """The methods of a cursor that SQLAlchemy calls. The rows are fetched on execution."""

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
        """Executes a statement and fetches its rows."""
        await self.connection.run_in_thread(
            lambda sync: self._store(sync.execute(statement, parameters))
        )

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Cell]]) -> None:
        """Executes a statement for each of the parameters."""
        await self.connection.run_in_thread(
            lambda sync: self._store(sync.executemany(statement, parameters))
        )

    async def fetchall(self) -> list[Row]:
        """The rows of the last statement."""
        return self.rows

    async def close(self) -> None:
        """Does nothing: the cursor of sqlite3 is closed on execution."""

    def _store(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self.rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class Connection(aiosqlite.Connection):
    """A connection whose cursors make one round trip per statement."""

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor, without a round trip."""
        return Cursor(self)

    def __del__(self) -> None:
        """Stops the thread of a connection that was not closed.

        SQLAlchemy drops a connection whose preparation was cancelled, for example at the end of a
        program. Without this, aiosqlite warns.
        """
        if self._connection is not None:
            self.stop()

    async def run_in_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Calls `work` in the thread. Raises its errors, and ValueError if closed.

        If the caller is cancelled, the statement is interrupted.
        """
        try:
            await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            if self._connection is not None:
                self._connection.interrupt()
            raise


def connect(path: str, *, timeout: float = 5, check_same_thread: bool = True) -> Connection:
    """A connection that is opened when it is awaited, like that of `aiosqlite.connect`.

    `timeout`: the seconds that a writer waits for another one.
    """
    opened = partial(sqlite3.connect, path, timeout=timeout, check_same_thread=check_same_thread)
    connection = Connection(opened, iter_chunk_size=64)
    # As in SQLAlchemy: open connections do not keep a program from ending.
    connection._thread.daemon = True
    return connection
