"""The private attributes of aiosqlite that `kernel.patches` uses still exist."""

import threading
from pathlib import Path

from aiosqlite import Connection

from tenure.kernel.patches.aiosqlite_cursor import connect


async def test_aiosqlite_has_the_attributes(tmp_path: Path) -> None:
    connection = connect(str(tmp_path / "new.db"))
    assert callable(Connection._execute)
    assert isinstance(connection._thread, threading.Thread)
    assert connection._connection is None
    await connection
    assert connection._conn is connection._connection is not None
    assert not any(hasattr(Connection, name) for name in ("run_in_thread", "call"))
    await connection.close()
