"""`tenure job change-status`, called in this process."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tenure.cli import job
from tenure.cli.commands import app
from tenure.holds.models import Status
from tenure.kernel import logs
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import builders
from tests.conftest import ANA

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a database with A-1001 and A-1002, which are active, and A-1003, closed.

    A-1001 pays for A-1004.
    """
    asyncio.run(build(f"sqlite:///{tmp_path}/tenure.db"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure_logs", lambda _: None)
    monkeypatch.setattr(job, "POLL_SECONDS", 0.01)
    return lambda *arguments: CliRunner().invoke(app, ["job", "change-status", *arguments])


async def build(url: str) -> None:
    database = Database(url)
    await database.migrate()
    runtime = Runtime(database, BusinessReader())
    async with runtime.unit(ANA) as unit:
        first, _, third = [await builders.account(unit, name) for name in ("Ada", "Ben", "Cid")]
        await builders.child(unit, first, "Dee")
        await builders.set_account(unit, third, Status.CLOSED)
    await database.close()


def shown(number: str) -> dict[str, Any]:
    """The account, as another command shows it."""
    found = CliRunner().invoke(app, ["account", "show", number, "--json"])
    return dict(json.loads(found.stdout))


def states() -> list[str]:
    """The status of each account."""
    return [shown(f"A-{number}")["status"] for number in range(1001, 1005)]


def test_accounts_of_a_file_and_of_options(run: Run, tmp_path: Path) -> None:
    """Each account has its result; one that fails makes the command fail."""
    (tmp_path / "numbers").write_text("A-1002\n\n A-1003 \nA-1001\n")
    done = run("inactive", "--file", "numbers", "--account", "A-1001", "--reason", "Fraud")
    assert done.exit_code == 1, done.exception
    assert done.stdout.splitlines() == [
        "A-1003: Account A-1003 is closed and can't be inactivated. Reopen it first.",
        "0 pending, 2 done, 0 unchanged, 1 failed, 0 deferred actions cancelled.",
    ]
    assert states() == ["INACTIVE", "INACTIVE", "CLOSED", "INACTIVE"]
    again = run("INACTIVE", "--account", "A-1001", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout) == {
        "status": "DONE",
        "counts": {
            "pending": 0,
            "done": 0,
            "unchanged": 1,
            "failed": 0,
            "deferred_actions_cancelled": 0,
        },
        "failures": [],
    }


def test_dry_run_changes_nothing(run: Run) -> None:
    found = run("CLOSED", "--account", "A-1001", "--account", "A-1002", "--dry-run", "--json")
    assert found.exit_code == 0, found.exception
    assert json.loads(found.stdout) == {
        "status": None,
        "counts": {"accounts": 3, "services": 0, "offers": 0, "deferred_actions_in_conflict": 0},
        "failures": [],
    }
    assert states() == ["ACTIVE", "ACTIVE", "CLOSED", "ACTIVE"]


def test_scheduled_with_reactivation_then_cancelled_by_a_closing(run: Run) -> None:
    day = f"{real_now():%Y}"
    on, back = f"{int(day) + 1}-01-05", f"{int(day) + 1}-01-07T08:30"
    assert (
        run("INACTIVE", "--account", "A-1002", "--on", on, "--reactivate-on", back).exit_code == 0
    )
    scheduled = [it["scheduled_for"] for it in shown("A-1002")["deferred_actions"]]
    assert sorted(scheduled) == [f"{on}T00:00:00Z", f"{back}:00Z"]
    closed = run("CLOSED", "--account", "A-1002", "--cancel-conflicts")
    assert closed.exit_code == 0
    assert closed.stdout.endswith("0 failed, 2 deferred actions cancelled.\n")
    assert shown("A-1002")["deferred_actions"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ACTIVE"], 2, "Name accounts with --account or --file."),
        (["PAUSED", "--account", "A-1001"], 2, "PAUSED is none of"),
        (["ACTIVE", "--account", "A-9"], 1, "No account has the number A-9."),
        (["INACTIVE", "--account", "A-1001", "--backdate-to", "9000-01-01"], 1, "future"),
    ],
)
def test_refusals(run: Run, arguments: list[str], code: int, message: str) -> None:
    """Nothing is changed."""
    refused = run(*arguments)
    assert refused.exit_code == code
    assert message in refused.stderr + str(refused.exception)
    assert states()[0] == "ACTIVE"
