"""`tenure account show` and `tenure deferred`, called in this process."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tenure.cli import reading
from tenure.cli.commands import app
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.holds.models import Status
from tenure.kernel import logs
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import builders
from tests.conftest import ANA

Run = Callable[..., Result]
LATER = timedelta(days=30)


@pytest.fixture(scope="module")
def built(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the account A-1001, which is to be inactivated."""
    path = Path(copy(migrated_sqlite, tmp_path_factory.mktemp("accounts")))
    asyncio.run(build(f"sqlite:///{path}"))
    return path


@pytest.fixture
def run(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a database of its own."""
    copy(built, tmp_path / "tenure.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure_logs", lambda _: None)
    return lambda *arguments: CliRunner().invoke(app, arguments)


async def build(url: str) -> None:
    database = Database(url)
    runtime = Runtime(database, BusinessReader())
    async with runtime.unit(ANA) as unit:
        ada = await builders.customer(unit, "Ada", login="ada")
        await builders.child(unit, ada.account)
        for days in (2, 1):
            later = real_now() + LATER * days
            await builders.set_account(unit, ada.account, Status.INACTIVE, defer_until=later)
    await database.close()


def document(result: Result) -> object:
    """The JSON on standard output, which has nothing else."""
    assert (result.exit_code, result.stderr) == (0, ""), result.exception
    return json.loads(result.stdout)


def test_an_account_is_shown(run: Run) -> None:
    shown = run("account", "show", "A-1001")
    assert shown.exit_code == 0
    lines = [line.split(maxsplit=1) for line in shown.stdout.splitlines()]
    assert lines[0] == ["A-1001", "Ada"]
    assert ["status", "ACTIVE"] in lines
    found = document(run("account", "show", "A-1001", "--json"))
    assert isinstance(found, dict)
    assert (found["number"], found["status"], found["holds"]) == ("A-1001", "ACTIVE", [])
    assert [it["login"] for it in found["services"]] == ["ada"]
    assert found["descendant_count"] == 1
    assert len(found["deferred_actions"]) == 2


def test_an_unknown_account_is_not_found(run: Run) -> None:
    for command in (("account", "show", "A-1"), ("deferred", "list", "--account", "A-1")):
        shown = run(*command)
        assert (shown.exit_code, shown.stdout) == (1, "")
        assert isinstance(shown.exception, NotFoundError)
        assert shown.exception.path == ("number",)


def test_actions_are_listed_soonest_first(run: Run) -> None:
    """PENDING ones by default; the ids are those that `run` and `cancel` take."""
    found = document(run("deferred", "list", "--json"))
    assert isinstance(found, list)
    assert [(it["id"], it["account"], it["status"]) for it in found] == [
        (2, "A-1001", "PENDING"),
        (1, "A-1001", "PENDING"),
    ]
    assert found == document(run("deferred", "list", "--account", "A-1001", "--json"))
    assert document(run("deferred", "list", "--account", "A-1002", "--json")) == []
    assert document(run("deferred", "list", "--status", "failed", "--json")) == []
    assert document(run("deferred", "list", "--limit", "1", "--json")) == found[:1]
    header, first, _ = run("deferred", "list").stdout.splitlines()
    assert header.split()[:3] == ["ID", "SCHEDULED", "FOR"]
    assert first.split()[0] == "2"
    wrong = run("deferred", "list", "--status", "soon")
    assert wrong.exit_code == 2
    assert "SOON is none of PENDING, DONE" in wrong.stderr


def test_lists_of_several_pages(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The API answers with a page at a time; the order is that of a single page."""
    listed = ("deferred", "list", "--json")
    shown = ("account", "show", "A-1001", "--json")
    actions, account = document(run(*listed)), document(run(*shown))
    assert isinstance(actions, list)
    monkeypatch.setattr(reading, "PAGE", 1)
    assert document(run(*listed)) == document(run(*listed, "--all")) == actions
    assert document(run(*listed, "--limit", "1", "--all")) == actions
    assert document(run(*listed, "--limit", "1")) == actions[:1]
    assert document(run(*shown)) == account


def test_an_action_is_run_and_another_cancelled(run: Run) -> None:
    """A result for each id. An id that cannot be changed does not stop the others: exit code 1."""
    done = run("deferred", "run", "2", "99", "--json")
    assert done.exit_code == 1
    ran, unknown = json.loads(done.stdout)
    assert ran == {"id": 2, "status": "DONE", "failure": None, "error": None}
    assert (unknown["id"], unknown["status"]) == (99, None)
    assert unknown["error"] == "There is no such deferred action."
    cancelled = run("deferred", "cancel", "1")
    assert (cancelled.exit_code, cancelled.stdout) == (0, "1: CANCELLED\n")
    again = run("deferred", "cancel", "1")
    assert again.exit_code == 1
    assert again.stdout.startswith("1: ")
    assert "CANCELLED" in again.stdout
    account = document(run("account", "show", "A-1001", "--json"))
    assert isinstance(account, dict)
    assert (account["status"], account["deferred_actions"]) == ("INACTIVE", [])
    assert asyncio.run(statuses()) == {1: DeferredStatus.CANCELLED, 2: DeferredStatus.DONE}


async def statuses() -> dict[int, DeferredStatus]:
    """The status of each action, and that the program itself is the actor."""
    database = Database("sqlite:///tenure.db")
    async with database.reading() as session:
        actions = [await session.get_one(DeferredAction, key) for key in (1, 2)]
    await database.close()
    assert actions[0].cancelled_by == "tenure"
    return {action.id: action.status for action in actions}
