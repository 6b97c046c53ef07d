"""The commands `tenure backup` and `tenure restore`: kinds of file, and checks before a change."""

from pathlib import Path

from tenure.cli.new_file import check_replaceable, new_file
from tenure.cli.postgresql_backup import check_archive, restore_postgresql, write_postgresql
from tenure.cli.sqlite_backup import check_sqlite, restore_sqlite, write_sqlite
from tenure.kernel.compatibility import SchemaState, newest_revision, schema_state
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError

MAGIC = {b"SQLite format 3\0": "SQLite", b"PGDMP": "PostgreSQL"}
URLS = {"SQLite": "sqlite:///PATH", "PostgreSQL": "postgresql://USER@HOST:PORT/NAME"}


async def back_up(url: str, file: Path, *, force: bool) -> str:
    """Back up the database, which may be in use. Returns a message. Raises ConfigurationError."""
    database = Database(url)
    try:
        _check_target(database, file, force=force)
        if (await schema_state(database)).revision is None:
            raise ConfigurationError("The database is empty. There is nothing to back up.")
        with new_file(file, replace=force) as draft:
            if database.is_sqlite:
                write_sqlite(_path_of(database), draft)
                state = check_sqlite(draft, file)
            else:
                await write_postgresql(database, url, draft)
                state = await check_archive(draft)
    finally:
        await database.close()
    return (
        f"{file}: {_megabytes(file):,.1f} MB, a backup of {_kind_of(database)} "
        f"at schema {state.revision}. "
        "It contains personal data, but not the secret key: keep both safe."
    )


async def restore(url: str, file: Path) -> str:
    """Restore a backup into the empty database. Returns a message. Raises ConfigurationError."""
    database = Database(url)
    kind = _kind_of(database)
    try:
        found = _kind_in(file)
        if found != kind:
            raise ConfigurationError(
                f"{file} is a backup of {found}, but the database is {kind}. Backups are not "
                f"converted: restore it with TENURE_DATABASE_URL={URLS[found]}."
            )
        if database.is_sqlite:
            state = restore_sqlite(file, _path_of(database), check=_check_state)
        else:
            state = await restore_postgresql(database, url, file, check=_check_state)
    finally:
        await database.close()
    advice = "" if state.revision == newest_revision() else f" {state.message}"
    return f"The database was restored from {file}; it is at schema {state.revision}.{advice}"


def _check_state(state: SchemaState, file: Path) -> None:
    """Raises ConfigurationError if this program cannot use the schema of the backup."""
    if state.revision is None:
        raise ConfigurationError(f"{file} is not a backup of Tenure: it has no schema of Tenure.")
    if state.is_newer and not state.is_usable:
        raise ConfigurationError(
            f"{file} is at schema {state.revision}, newer than this program "
            f"({newest_revision()}). Restore it with the version that created it, or a newer one."
        )


def _check_target(database: Database, file: Path, *, force: bool) -> None:
    """Raises ConfigurationError if the backup would overwrite a file that must be kept."""
    if database.is_sqlite:
        path = _path_of(database)
        if not path.exists():
            raise ConfigurationError(
                f"There is no database at {path}. Correct TENURE_DATABASE_URL."
            )
        own = [
            Path(f"{path}{suffix}").resolve() for suffix in ("", "-wal", "-shm", "-journal", ".key")
        ]
        if file.resolve() in own or (file.exists() and file.samefile(path)):
            raise ConfigurationError(f"{file} belongs to the database itself. Name another file.")
    check_replaceable(file, force=force)


def _kind_in(file: Path) -> str:
    with file.open("rb") as opened:
        start = opened.read(16)
    for magic, kind in MAGIC.items():
        if start.startswith(magic):
            return kind
    raise ConfigurationError(f"{file} is not a file of `tenure backup`. Nothing was changed.")


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1_000_000


def _kind_of(database: Database) -> str:
    return "SQLite" if database.is_sqlite else "PostgreSQL"


def _path_of(database: Database) -> Path:
    """The file of an SQLite database. Raises ConfigurationError for one in memory."""
    path = database.url.database or ":memory:"
    if path == ":memory:" or path.startswith("file:"):
        raise ConfigurationError("TENURE_DATABASE_URL must name a file: sqlite:///PATH.")
    return Path(path)
