"""Backups of SQLite: a database file that was copied in one read transaction, sealed with a checksum.

The checksum is in the header's `user_version`, which Tenure does not use otherwise, so that a backup remains a database
that SQLite can open. `integrity_check` alone would not find damage inside of a text.
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

# Where the header of a file has `user_version` and `application_id`, of four bytes each.
USER_VERSION, APPLICATION_ID = 60, 68
SEAL = b"TNRB"
BLOCK = 1024 * 1024

# Raises ConfigurationError where a backup of this schema is not to be restored.
StateCheck: TypeAlias = Callable[[SchemaState, Path], None]
JOURNALS = ("-wal", "-shm", "-journal")


def write_sqlite(source: Path, draft: Path) -> None:
    """Copy the database while others write to it; they do not wait."""
    with (
        closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        ) as database,
        closing(sqlite3.connect(draft)) as copy,
    ):
        database.backup(copy)
        # Without this a backup would need a second file as soon as somebody opens it.
        copy.execute("PRAGMA journal_mode=DELETE")
    with draft.open("r+b") as file:
        file.seek(APPLICATION_ID)
        file.write(SEAL)
    checksum = _checksum(draft)
    with draft.open("r+b") as file:
        file.seek(USER_VERSION)
        file.write(checksum)


def restore_sqlite(file: Path, target: Path, *, check: StateCheck) -> SchemaState:
    """Put a checked copy of the backup where the database is missing or empty. Raises ConfigurationError."""
    if any(Path(f"{file}{suffix}").exists() for suffix in JOURNALS):
        raise ConfigurationError(
            f"{file} has a journal beside it: it is a database in use, or a copy of one that may lack its last "
            "changes. Restore a file that `tenure backup` made."
        )
    replace = _check_empty(target)
    with new_file(target, replace=replace) as draft:
        shutil.copyfile(file, draft)
        _unseal(draft, file)
        state = check_sqlite(draft, file)
        check(state, file)
    return state


def check_sqlite(copy: Path, file: Path) -> SchemaState:
    """The schema of a backup. Raises ConfigurationError where it is damaged or has none."""
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
    """The refusal of a damaged backup."""
    return ConfigurationError(
        f"{file} is damaged ({reason}): nothing was changed. Use another backup."
    )


def _check_empty(target: Path) -> bool:
    """True where an empty database is to be replaced, False where there is none. Raises ConfigurationError."""
    if not target.absolute().parent.is_dir():
        raise ConfigurationError(
            f"The folder {target.absolute().parent} does not exist: create it."
        )
    exists = target.exists()
    if exists and (tables := _tables_in(target)):
        raise ConfigurationError(
            f"The database {target} is not empty (it has {tables} tables): stop what uses it and move it away, or "
            "name a new file in TENURE_DATABASE_URL."
        )
    if any(Path(f"{target}{suffix}").exists() for suffix in JOURNALS):
        raise ConfigurationError(
            f"There is a journal of another database beside {target}: stop what uses it, and move "
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
            f"{target} is not an empty database ({fault}): move it away, or name a new file in TENURE_DATABASE_URL."
        ) from None


def _unseal(draft: Path, file: Path) -> None:
    """Compare the checksum and take it out. A database without one was not made by `tenure backup`, but may be whole."""
    with draft.open("r+b") as header:
        start = header.read(100)
        if start[APPLICATION_ID : APPLICATION_ID + 4] != SEAL:
            return
        if start[USER_VERSION : USER_VERSION + 4] != _checksum(draft):
            raise damaged(file, "its checksum is wrong, or a part of it is missing")
        for place in (USER_VERSION, APPLICATION_ID):
            header.seek(place)
            header.write(bytes(4))


def _checksum(path: Path) -> bytes:
    """Four bytes from all others of the file."""
    checksum = 0
    for block in _blocks(path):
        checksum = zlib.crc32(block, checksum)
    return checksum.to_bytes(4)


def _blocks(path: Path) -> Iterator[bytes]:
    """The file with zeros where its checksum is."""
    with path.open("rb") as file:
        first = file.read(BLOCK)
        yield first[:USER_VERSION] + bytes(4) + first[USER_VERSION + 4 :]
        yield from iter(lambda: file.read(BLOCK), b"")
