"""A full disk on a small mounted file system: /readyz, `tenure check`, refused changes."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any

from structlog.testing import capture_logs

from tenure.cli.checks import Finding, findings
from tenure.kernel.compatibility import newest_revision
from tenure.kernel.db import Database
from tenure.kernel.disk import FULL, disk_problems
from tenure.kernel.outages import outage_log
from tenure.kernel.readiness import what_is_wrong
from tenure.kernel.settings import Settings
from tenure.web import create_app
from tests.server import free_port
from tests.services import listens
from tests.shared import absent
from tests.waiting import PATIENCE, until
from tests.web.client import TestClient
from tests.web.conftest import EMAIL, PASSWORD

# Where Debian puts the server's programs.
POSTGRESQL = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
BEN = {"email": EMAIL, "password": PASSWORD}
EMPTY = [
    f"The database is at schema none, this version needs {newest_revision()}: run `tenure migrate`."
]
CREATE = 'mutation { createAccount(input: {name: "%s"}) { account { name } errors { code } } }'


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of this size. Only root may mount one."""
    folder.mkdir()
    size = ["-o", f"size={megabytes}m,mode=0777"]
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", *size, "tenure-test", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        absent("A file system cannot be mounted here: run the tests as root.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Use up what is left."""
    filling = folder / "filling"
    with filling.open("wb", buffering=0) as it:
        try:
            while it.write(b"x" * 4096):
                pass
        except OSError:
            pass
    return filling


def test_a_full_disk_under_sqlite(tmp_path: Path, admin_and_token: tuple[Path, str]) -> None:
    """Reads continue; a change is UNAVAILABLE without effect; all works once there is space."""
    original, _ = admin_and_token
    outage_log.last_line.clear()
    outage_log.left_out.clear()
    with small_disk(tmp_path / "disk", 8) as disk:
        copy(original, disk / "tenure.db")
        settings = Settings(
            _env_file=None, database_url=f"sqlite:///{disk}/tenure.db", secret_key="k" * 40
        )
        with TestClient(create_app(settings)) as client:
            assert client.post("/auth/sign-in", json=BEN).status_code == 200

            def ask(query: str) -> dict[str, Any]:
                answer: dict[str, Any] = client.post("/graphql", json={"query": query}).json()
                return answer

            assert client.get("/readyz").status_code == 200
            filling = fill(disk)
            with capture_logs() as logged:
                for _ in range(3):
                    answer = client.get("/readyz")
                    assert (answer.status_code, answer.json()["problems"]) == (503, [FULL])
                # Some room may be left in the log of SQLite: it takes a few changes to use it up.
                refused = next(
                    it for it in (ask(CREATE % ("x" * 200)) for _ in range(40)) if "errors" in it
                )
                assert refused["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
                ask(CREATE % "Ada")
            assert ask("{ viewer { name } }")["data"] == {"viewer": {"name": EMAIL}}
            full = [line for line in logged if line["event"] == "the disk of the database is full"]
            assert [(line["log_level"], line["left_out"]) for line in full] == [("error", 0)]
            filling.unlink()
            assert client.get("/readyz").status_code == 200
            assert "errors" not in ask(CREATE % "Ada")


async def test_check_says_that_the_disk_is_full(tmp_path: Path, migrated_sqlite: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        copy(migrated_sqlite, disk / "tenure.db")
        settings = Settings(
            _env_file=None, database_url=f"sqlite:///{disk}/tenure.db", secret_key="k" * 40
        )
        filling = fill(disk)
        assert Finding("disk", FULL, is_ok=False) in await findings(settings)
        filling.unlink()
        assert [it for it in await findings(settings) if it.subject == "disk"] == []


async def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    [problem] = await disk_problems(Database(f"sqlite:///{tmp_path}/gone/tenure.db"))
    assert problem.startswith("The folder of the database cannot be written to: ")


@contextmanager
def postgresql(disk: Path, folder: Path) -> Iterator[str]:
    """A server with its data on `disk`, and its write-ahead log in `folder`."""
    if not POSTGRESQL:
        absent("PostgreSQL's programs are missing: apt-get install postgresql.")
    data = disk / "data"
    data.mkdir()
    for owned in (data, folder):
        shutil.chown(owned, "postgres")
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    options = ["-A", "trust", "-U", "postgres", "--no-sync", "-X", folder, "-D", data]
    subprocess.run(
        [*as_postgres, POSTGRESQL[-1] / "initdb", *options], check=True, capture_output=True
    )
    port = free_port()
    options = ["-p", str(port), "-k", "", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    command = [*as_postgres, POSTGRESQL[-1] / "postgres", "-D", data, *options]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        until(lambda: listens(url), lambda: "PostgreSQL did not start.")
        yield f"{url}?ssl=disable"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(PATIENCE)


def test_a_full_disk_under_postgresql() -> None:
    # Not below pytest's own folder, which the server's user may not enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        log = folder / "log"
        log.mkdir()
        with small_disk(folder / "disk", 64) as disk, postgresql(disk, log) as url:
            asyncio.run(fill_and_empty(url, disk))


async def fill_and_empty(url: str, disk: Path) -> None:
    """What is said before, while and after the disk is full."""
    database = Database(url)
    async with asyncio.timeout(PATIENCE):
        while await what_is_wrong(database) != EMPTY:  # noqa: ASYNC110 - it starts up
            await asyncio.sleep(0.1)
    assert await disk_problems(database) == []
    filling = fill(disk)
    assert await disk_problems(database) == [FULL]
    filling.unlink()
    assert await disk_problems(database) == []
    await database.close()
