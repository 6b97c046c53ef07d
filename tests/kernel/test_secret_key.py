"""The key that signs sessions: created atomically, long enough, readable by its owner only."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tenure.cli.checks import findings
from tenure.kernel import secret_key
from tenure.kernel.db import Database
from tenure.kernel.errors import ConfigurationError
from tenure.kernel.secret_key import stored_key
from tenure.kernel.settings import Settings
from tenure.web.app import create_app


def mode_of(path: Path) -> int:
    """The permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def modes_in(folder: Path) -> dict[str, int]:
    """Of each file."""
    return {it.name: mode_of(it) for it in folder.iterdir()}


def settings_in(folder: Path, **more: str) -> Settings:
    """On a database in this folder."""
    url = f"sqlite:///{folder}/tenure.db"
    return Settings(_env_file=None, database_url=url, **more)  # type: ignore[arg-type]


def test_it_is_created_once_and_stays(tmp_path: Path) -> None:
    key = settings_in(tmp_path).session_key()
    assert len(key) == 64
    assert settings_in(tmp_path).session_key() == key
    assert [it.name for it in tmp_path.iterdir()] == ["tenure.db.key"]
    assert mode_of(tmp_path / "tenure.db.key") == 0o600


def test_many_processes_agree_on_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has its file ready before any of them is put in place."""
    link, ready = os.link, Barrier(8)

    def link_when_all_are_ready(source: str, target: Path) -> None:
        ready.wait(20)
        link(source, target)

    monkeypatch.setattr(os, "link", link_when_all_are_ready)
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: stored_key(tmp_path / "tenure.db.key"), range(8)))
    assert keys == {(tmp_path / "tenure.db.key").read_text()}
    assert len(list(tmp_path.iterdir())) == 1


def test_a_process_that_dies_in_between_leaves_no_empty_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At no moment is there a key file that is not whole: the disk being full is such a moment."""

    def full(handle: int) -> None:
        assert not (tmp_path / "tenure.db.key").exists()
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        stored_key(tmp_path / "tenure.db.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"short", b" " * 64, b"x" * 31 + b"\n", b"\xff" * 40])
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty key signed sessions that anybody could forge."""
    path = tmp_path / "tenure.db.key"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as refusal:
        create_app(settings_in(tmp_path))
    message = (
        f"The key file {path} is damaged: it has fewer than 32 bytes. "
        "Put it back from a backup, or delete it: "
        "a new one is created at the next start, and everybody signs in again."
    )
    assert str(refusal.value) == message
    assert path.read_bytes() == content


@pytest.mark.parametrize("key", ["\N{SNOWMAN}", "x" * 31, "\N{GRINNING FACE}" * 7])
@pytest.mark.parametrize("url", ["sqlite:///{}/tenure.db", "postgresql://nobody@127.0.0.1:1/x"])
@pytest.mark.parametrize("padding", ["", " " * 40])
def test_a_short_key_is_refused(tmp_path: Path, key: str, url: str, padding: str) -> None:
    """Blanks around a key do not make it longer."""
    padded = padding + key + padding
    url = url.format(tmp_path)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=url,
        secret_key=padded,
    )
    with pytest.raises(ConfigurationError) as refusal:
        create_app(settings)
    size = len(key.encode())
    assert str(refusal.value) == (
        f"TENURE_SECRET_KEY has {size} bytes, a secret key has at least 32: "
        "`openssl rand -hex 32` makes one."
    )
    assert key not in repr(settings)


async def test_check_says_so(tmp_path: Path) -> None:
    found = await findings(settings_in(tmp_path, secret_key="x" * 31))
    [session] = [finding for finding in found if finding.subject == "sessions"]
    assert (session.is_ok, session.message[:32]) == (False, "TENURE_SECRET_KEY has 31 bytes, ")
    (tmp_path / "tenure.db.key").touch()
    found = await findings(settings_in(tmp_path))
    [session] = [finding for finding in found if finding.subject == "sessions"]
    assert (session.is_ok, "is damaged" in session.message) == (False, True)


def test_a_key_file_of_an_earlier_version_is_restricted(tmp_path: Path) -> None:
    path = tmp_path / "tenure.db.key"
    path.write_text("k" * 64)
    path.chmod(0o644)
    assert stored_key(path) == "k" * 64
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("existed", [False, True])
async def test_the_database_is_for_its_owner_alone(tmp_path: Path, existed: bool) -> None:
    """With its journals; also one that an earlier version created."""
    path = tmp_path / "tenure.db"
    if existed:
        path.touch(mode=0o644)
    umask = os.umask(0o022)
    try:
        database = Database(f"sqlite:///{path}")
        async with database.engine.begin() as connection:
            await connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
            modes = modes_in(tmp_path)
        await database.close()
    finally:
        os.umask(umask)
    assert modes == dict.fromkeys(
        ("tenure.db", "tenure.db-wal", "tenure.db-shm"), secret_key.OWNER_ONLY
    )
