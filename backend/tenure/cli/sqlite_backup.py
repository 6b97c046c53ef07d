"""Backups of SQLite: a copy of the database made in one read transaction, with a checksum.

The checksum is in `user_version` of the header, which Tenure does not use otherwise, so SQLite can
open a backup. `integrity_check` alone does not detect damage inside a text.
"""

import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from tenure.cli.new_file import new_file
from tenure.kernel.compatibility import SchemaState, read_state
from tenure.kernel.errors import ConfigurationError

# Positions of `user_version` and `application_id` in the header, four bytes each.
USER_VERSION, APPLICATION_ID = 60, 68
SIGNATURE = b"TNRB"
BLOCK = 1024 * 1024

# Raises ConfigurationError if a backup of this schema must not be restored.
StateCheck: TypeAlias = Callable[[SchemaState, Path], None]
JOURNALS = ("-wal", "-shm", "-journal")


def write_sqlite(source: Path, draft: Path) -> None:
    """Copy the database, which may be in use, without delaying others."""
    with (
        closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        ) as database,
        closing(sqlite3.connect(draft)) as copy,
    ):
        database.backup(copy)
        # With a write-ahead log, opening the backup would create a second file.
        copy.execute("PRAGMA journal_mode=DELETE")
    with draft.open("r+b") as file:
        file.seek(APPLICATION_ID)
        file.write(SIGNATURE)
    checksum = _checksum(draft)
    with draft.open("r+b") as file:
        file.seek(USER_VERSION)
        file.write(checksum)


def restore_sqlite(file: Path, target: Path, *, check: StateCheck) -> SchemaState:
    """Restore a checked copy of the backup, if the database is missing or empty.

    Raises ConfigurationError.
    """
    if any(Path(f"{file}{suffix}").exists() for suffix in JOURNALS):
        raise ConfigurationError(
            f"{file} has a journal beside it: it is a database in use, or a copy of one that may "
            "lack its last changes. Restore a file of `tenure backup`."
        )
    replace = _check_empty(target)
    with new_file(target, replace=replace) as draft:
        shutil.copyfile(file, draft)
        _remove_checksum(draft, file)
        state = check_sqlite(draft, file)
        check(state, file)
    return state


def check_sqlite(copy: Path, file: Path) -> SchemaState:
    """The schema of a backup. Raises ConfigurationError if it is damaged or has none."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            result = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as fault:
        raise damaged(file, str(fault)) from None
    if result != "ok" or orphan is not None:
        raise damaged(
            file, str(result).splitlines()[0] if result != "ok" else "a reference to a missing row"
        )
    engine = create_engine(URL.create("sqlite", database=str(copy)))
    try:
        with engine.connect() as connection:
            return read_state(connection)
    except SQLAlchemyError as fault:
        raise damaged(file, str(getattr(fault, "orig", fault))) from None
    finally:
        engine.dispose()


def damaged(file: Path, reason: str) -> ConfigurationError:
    """The error for a damaged backup."""
    return ConfigurationError(
        f"{file} is damaged ({reason}). Nothing was changed. Use another backup."
    )


def _check_empty(target: Path) -> bool:
    """True if the target exists and is empty, False if it is missing.

    Raises ConfigurationError.
    """
    if not target.absolute().parent.is_dir():
        raise ConfigurationError(
            f"The folder {target.absolute().parent} does not exist. Create it."
        )
    exists = target.exists()
    if exists and (tables := _tables_in(target)):
        raise ConfigurationError(
            f"The database {target} is not empty (it has {tables} tables): stop the processes that "
            "use it and move it away, or name a new file in TENURE_DATABASE_URL."
        )
    if any(Path(f"{target}{suffix}").exists() for suffix in JOURNALS):
        raise ConfigurationError(
            f"There is a journal of another database beside {target}: stop its processes, and move "
            f"{target.name}-wal, {target.name}-shm and {target.name}-journal away."
        )
    return exists


def _tables_in(target: Path) -> int:
    try:
        with closing(sqlite3.connect(target)) as connection:
            return int(
                connection.execute(
                    "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view')"
                ).fetchone()[0]
            )
    except sqlite3.DatabaseError as fault:
        raise ConfigurationError(
            f"{target} is not an empty database ({fault}): move it away, or name a new file in "
            "TENURE_DATABASE_URL."
        ) from None


def _remove_checksum(draft: Path, file: Path) -> None:
    """Compare and remove the checksum. A database without one was not made by `tenure backup`."""
    with draft.open("r+b") as header:
        start = header.read(100)
        if start[APPLICATION_ID : APPLICATION_ID + 4] != SIGNATURE:
            return
        if start[USER_VERSION : USER_VERSION + 4] != _checksum(draft):
            raise damaged(file, "its checksum is wrong, or it is incomplete")
        for place in (USER_VERSION, APPLICATION_ID):
            header.seek(place)
            header.write(bytes(4))


def _checksum(path: Path) -> bytes:
    """A checksum of four bytes over all others of the file."""
    checksum = 0
    for block in _blocks(path):
        checksum = zlib.crc32(block, checksum)
    return checksum.to_bytes(4)


def _blocks(path: Path) -> Iterator[bytes]:
    """The file, with zeros in place of its checksum."""
    with path.open("rb") as file:
        first = file.read(BLOCK)
        yield first[:USER_VERSION] + bytes(4) + first[USER_VERSION + 4 :]
        yield from iter(lambda: file.read(BLOCK), b"")
