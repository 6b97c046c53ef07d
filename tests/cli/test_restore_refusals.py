"""What `tenure backup` and `tenure restore` refuse, before anything is changed."""
# ruff: noqa: ASYNC240 - small files on a local disk

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from tenure.cli.backup import back_up, restore
from tenure.cli.postgresql_backup import libpq_environment
from tenure.kernel.compatibility import newest_revision, schema_state
from tenure.kernel.db import Database, migrations_config
from tenure.kernel.errors import ConfigurationError
from tenure.tables import ALL_TABLES
from tests.cli.installations import newer_migrations
from tests.databases import new_database
from tests.services import POSTGRES_CLIENT

FAKE_PROGRAM = """#!/bin/sh
if [ "$*" = --version ]; then echo "pg_dump (PostgreSQL) {version}"; exit; fi
echo "$@ $PGHOST $PGPORT $PGUSER $PGDATABASE $PGPASSWORD" > {record}
echo "pg_dump: error: stop here" >&2
exit 1
"""


@pytest.fixture
def live(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database."""
    shutil.copy(migrated_sqlite, tmp_path / "live.db")
    return f"sqlite:///{tmp_path}/live.db"


@pytest.fixture
async def kept(live: str, tmp_path: Path) -> Path:
    """A backup of it."""
    await back_up(live, tmp_path / "kept", force=False)
    return tmp_path / "kept"


@pytest.fixture
def empty_postgresql(tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database on PostgreSQL."""
    POSTGRES_CLIENT.need()
    with new_database("postgresql", tmp_path) as url:
        yield url


async def refusal_of_restore(file: Path, target: str) -> str:
    """Why the file is not restored; fails where anything was changed."""
    with pytest.raises(ConfigurationError) as refused:
        await restore(target, file)
    if target.startswith("sqlite"):
        path = Path(target.removeprefix("sqlite:///"))
        assert not path.exists()
        assert [left.name for left in path.parent.glob(f".{path.name}*")] == []
    else:
        database = Database(target)
        assert (await schema_state(database)).revision is None
        await database.close()
    return str(refused.value)


async def test_a_damaged_sqlite_backup_is_refused(kept: Path, tmp_path: Path) -> None:
    """Truncated anywhere, or changed in one bit that no index and no structure tells of."""
    whole = kept.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    target = f"sqlite:///{tmp_path}/new.db"
    for damaged in (whole[: len(whole) // 2], whole[:-1], whole[:100], bytes(flipped)):
        kept.write_bytes(damaged)
        refusal = await refusal_of_restore(kept, target)
        assert refusal == (
            f"{kept} is damaged (its checksum is wrong, or it is incomplete). "
            "Nothing was changed. Use another backup."
        )
    kept.write_bytes(whole)
    await restore(target, kept)


async def test_a_damaged_archive_is_refused(
    postgres_url: str, empty_postgresql: str, tmp_path: Path
) -> None:
    file = tmp_path / "archive"
    await back_up(postgres_url, file, force=False)
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-200], whole[:20]):
        file.write_bytes(damaged)
        refusal = await refusal_of_restore(file, empty_postgresql)
        assert refusal.startswith(f"{file} is damaged (pg_restore: error: ")
        assert refusal.endswith("). Nothing was changed. Use another backup.")


async def test_a_backup_of_the_other_kind_is_refused(
    kept: Path, postgres_url: str, empty_postgresql: str, tmp_path: Path
) -> None:
    refusal = await refusal_of_restore(kept, empty_postgresql)
    assert refusal == (
        f"{kept} is a backup of SQLite, but the database is PostgreSQL. Backups are not "
        "converted: restore it with TENURE_DATABASE_URL=sqlite:///PATH."
    )
    archive = tmp_path / "archive"
    await back_up(postgres_url, archive, force=False)
    refusal = await refusal_of_restore(archive, f"sqlite:///{tmp_path}/new.db")
    assert refusal.startswith(f"{archive} is a backup of PostgreSQL, but the database is SQLite. ")


async def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    """An empty file, a text, and a database of another application."""
    target = f"sqlite:///{tmp_path}/new.db"
    for content in (b"", b"accounts,names\n" * 100):
        (tmp_path / "file").write_bytes(content)
        refusal = await refusal_of_restore(tmp_path / "file", target)
        assert refusal == (
            f"{tmp_path}/file is not a file of `tenure backup`. Nothing was changed."
        )
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    refusal = await refusal_of_restore(tmp_path / "other.db", target)
    assert refusal.endswith("is not a backup of Tenure: it has no schema of Tenure.")


async def test_only_an_empty_database_is_restored_into(
    kept: Path, live: str, postgres_url: str, tmp_path: Path
) -> None:
    before = (tmp_path / "live.db").read_bytes()
    tables = len(ALL_TABLES.tables) + 1  # With Alembic's own.
    not_empty = rf"live\.db is not empty .it has {tables} tables.: stop"
    with pytest.raises(ConfigurationError, match=not_empty):
        await restore(live, kept)
    assert (tmp_path / "live.db").read_bytes() == before
    archive = tmp_path / "archive"
    await back_up(postgres_url, archive, force=False)
    with pytest.raises(
        ConfigurationError, match=r"is not empty .* create another one with `create"
    ):
        await restore(postgres_url, archive)


async def test_journals_of_another_database_are_refused(
    kept: Path, live: str, tmp_path: Path
) -> None:
    """SQLite would apply a journal beside the restored file; one beside the backup has changes."""
    (tmp_path / "new.db-wal").write_bytes(b"old")
    refusal = await refusal_of_restore(kept, f"sqlite:///{tmp_path}/new.db")
    assert refusal.startswith(f"There is a journal of another database beside {tmp_path}/new.db: ")
    database = Database(live)
    async with database.connection():
        refusal = await refusal_of_restore(tmp_path / "live.db", f"sqlite:///{tmp_path}/other.db")
    await database.close()
    assert refusal.startswith(f"{tmp_path}/live.db has a journal beside it: ")


async def test_nothing_is_overwritten_without_force(kept: Path, live: str, tmp_path: Path) -> None:
    """And the database never, nor its key."""
    before = kept.read_bytes()
    with pytest.raises(ConfigurationError, match=r"kept exists\. Name another file, or replace it"):
        await back_up(live, kept, force=False)
    kept.write_bytes(b"old")
    await back_up(live, kept, force=True)
    assert (kept.read_bytes() == before, kept.stat().st_mode & 0o777) == (True, 0o600)
    (tmp_path / "link").symlink_to(tmp_path / "live.db")
    os.link(tmp_path / "live.db", tmp_path / "hard")
    for name in ("live.db", "live.db-wal", "live.db.key", "link", "hard"):
        with pytest.raises(ConfigurationError, match=f"{name} belongs to the database itself"):
            await back_up(live, tmp_path / name, force=True)
    for path, words in ((tmp_path, "is not a file"), (tmp_path / "no" / "x", "does not exist")):
        with pytest.raises(ConfigurationError, match=words):
            await back_up(live, path, force=True)


async def test_there_must_be_something_to_back_up(tmp_path: Path, empty_postgresql: str) -> None:
    with pytest.raises(ConfigurationError, match=r"There is no database at .*none\.db"):
        await back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "file", force=False)
    with pytest.raises(
        ConfigurationError, match=r"The database is empty\. There is nothing to back"
    ):
        await back_up(empty_postgresql, tmp_path / "file", force=False)
    assert list(tmp_path.iterdir()) == []


async def test_an_older_backup_is_migrated_and_a_newer_one_refused(tmp_path: Path) -> None:
    config = migrations_config(f"sqlite:///{tmp_path}/old.db")
    await asyncio.to_thread(command.upgrade, config, "0005")
    await back_up(f"sqlite:///{tmp_path}/old.db", tmp_path / "old", force=False)
    said = await restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "old")
    assert said.endswith(f"this version needs {newest_revision()}: run `tenure migrate`.")
    database = Database(f"sqlite:///{tmp_path}/new.db")
    await database.migrate()
    assert (await schema_state(database)).message == ""
    await database.close()
    newer = newer_migrations(tmp_path, x1=False)
    config.set_main_option("script_location", str(newer))
    await asyncio.to_thread(command.upgrade, config, "head")
    await back_up(f"sqlite:///{tmp_path}/old.db", tmp_path / "newer", force=False)
    refusal = await refusal_of_restore(tmp_path / "newer", f"sqlite:///{tmp_path}/other.db")
    assert refusal == (
        f"{tmp_path}/newer is at schema x1, newer than this program ({newest_revision()}). "
        "Restore it with the version that created it, or a newer one."
    )


@pytest.mark.parametrize(
    ("version", "words"),
    [("9.6", "is older than the server"), ("99.1", "pg_dump: error: stop here"), ("", "installed")],
)
async def test_pg_dump_must_fit_and_gets_no_password_on_its_command_line(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, words: str
) -> None:
    program, record = tmp_path / "bin" / "pg_dump", tmp_path / "record"
    program.parent.mkdir()
    if version:
        program.write_text(FAKE_PROGRAM.format(version=version, record=record))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}" + (":/bin" if version else ""))
    url = postgres_url.replace("postgres@", "postgres:s3cr%40t@")
    with pytest.raises(ConfigurationError, match=words):
        await back_up(url, tmp_path / "file", force=False)
    assert not (tmp_path / "file").exists()
    if version == "99.1":
        arguments, password = record.read_text().rsplit(maxsplit=1)
        assert arguments.startswith("--no-password --format=custom ")
        assert ("s3cr" in arguments, password) == (False, "s3cr@t")


def test_libpq_is_told_what_the_url_says() -> None:
    assert libpq_environment(
        "postgresql://ada:p%23w@db.example.com:5433/tenure?sslmode=verify-full&sslrootcert=/ca.pem"
    ) == {
        "PGHOST": "db.example.com",
        "PGPORT": "5433",
        "PGUSER": "ada",
        "PGPASSWORD": "p#w",
        "PGDATABASE": "tenure",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/ca.pem",
    }
    assert libpq_environment("postgresql:///tenure?host=/run/postgresql") == {
        "PGHOST": "/run/postgresql",
        "PGDATABASE": "tenure",
    }
