"""The program as an operator calls it: what it prints, where, and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tenure.kernel.compatibility import newest_revision
from tests import programs
from tests.waiting import PATIENCE

COMMANDS = [
    *(
        "serve",
        "worker",
        "scheduler",
        "migrate",
        "backup",
        "restore",
        "demo",
        "import",
        "import-usage",
        "job",
        "account",
        "deferred",
        "user",
        "token",
        "audit",
    ),
    *("schema", "check"),
]

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Runs `tenure` in a folder of its own; keywords are settings."""

    def run(*arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("TENURE_")}
        own |= {f"TENURE_{name.upper()}": value for name, value in more.items()}
        return programs.run(
            *arguments, environment=own, folder=tmp_path, given=given, timeout=PATIENCE
        )

    return run


@pytest.fixture
def migrated(call: Call) -> Call:
    """The same, on a migrated database."""
    assert call("migrate").stdout.startswith(f"The database is at schema {newest_revision()}; ")
    return call


def test_help_names_every_command(call: Call) -> None:
    run = call("--help")
    assert (run.returncode, run.stderr) == (0, "")
    assert [name for name in COMMANDS if f" {name} " not in run.stdout] == []


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (["nothing"], {}, 2, "No such command 'nothing'"),
        (["user", "create", "a@b.c"], {}, 2, "Missing option '--role'"),
        (["import", "nothing.jsonl"], {}, 2, "does not exist"),
        (["job", "deferred-actions", "--date", "tomorrow"], {}, 2, "does not match the format"),
        (
            ["demo"],
            {},
            1,
            (
                f"The database is at schema none, this version needs {newest_revision()}: "
                "run `tenure migrate`."
            ),
        ),
        (
            ["migrate"],
            {"clock": "fast"},
            1,
            "TENURE_CLOCK is 'fast': it must be 'real' or 'settable'.",
        ),
        (
            ["migrate"],
            {"database_url": "mysql://x"},
            1,
            "TENURE_DATABASE_URL must be sqlite:///PATH or postgresql://",
        ),
        (
            ["migrate"],
            {"database_url": "sqlite:////nowhere/x.db"},
            1,
            "unable to open database file",
        ),
        (["migrate"], {"database_url": "postgresql://127.0.0.1:1/x"}, 1, "Connect call failed"),
        (
            ["serve"],
            {"broker_url": "kafka://127.0.0.1"},
            1,
            "TENURE_BROKER_URL must be redis://HOST:PORT/DATABASE or",
        ),
        (
            ["worker"],
            {},
            1,
            "TENURE_BROKER_URL is empty: without a broker `tenure serve` runs all jobs itself.",
        ),
        (
            ["scheduler"],
            {},
            1,
            "TENURE_BROKER_URL is empty: without a broker `tenure serve` runs all jobs itself.",
        ),
        (
            ["worker", "--processes", "0"],
            {"broker_url": "redis://127.0.0.1"},
            2,
            "Invalid value for '--processes'",
        ),
        (
            ["serve"],
            {"secret_key": "short"},
            1,
            "TENURE_SECRET_KEY has 5 bytes, a secret key has at least 32",
        ),
        (
            ["serve"],
            {"trusted_proxies": "*"},
            1,
            "TENURE_TRUSTED_PROXIES is '*': it must be networks or addresses",
        ),
        (["serve", "--host", "256.0.0.1"], {}, 1, "Choose another one with --port"),
    ],
)
def test_what_goes_wrong_is_said_without_a_traceback(
    call: Call, arguments: list[str], settings: dict[str, str], code: int, words: str
) -> None:
    run = call(*arguments, **settings)
    assert (run.returncode, run.stdout) == (code, "")
    assert words in " ".join(run.stderr.replace("│", " ").split())
    assert "Traceback" not in run.stderr
    assert code == 2 or run.stderr.count("\n") == 1


def test_users_and_tokens(migrated: Call) -> None:
    given = migrated(
        "user",
        "create",
        "Ana@example.com",
        "--role",
        "admin",
        "--password-stdin",
        given="correct horse 1\n",
    )
    assert (given.returncode, given.stdout) == (0, "Done.\n")
    made = migrated("user", "create", "ben@example.com", "--role", "VIEWER")
    assert made.stdout.startswith("The password is ")
    again = migrated("user", "create", "ana@example.com", "--role", "VIEWER")
    assert (again.returncode, again.stderr) == (
        1,
        "tenure: email: There is a user ana@example.com already.\n",
    )
    short = migrated(
        "user", "create", "c@example.com", "--role", "VIEWER", "--password-stdin", given="short\n"
    )
    assert (short.returncode, short.stderr) == (
        2,
        "tenure: password: Provide a password of 12 to 1024 characters.\n",
    )
    assert migrated("user", "password", "ben@example.com").stdout.startswith("The password is ")
    token = migrated("token", "create", "shop", "--role", "AGENT", "--days", "30")
    assert (token.returncode, token.stderr) == (0, "")
    assert token.stdout.startswith("tenure_")
    assert len(token.stdout.split()) == 1
    listing = migrated("token", "list")
    assert listing.stdout.splitlines()[0].startswith("NAME  ROLE   STATE   PREFIX")
    assert token.stdout.strip() not in listing.stdout
    last = migrated("user", "disable", "ana@example.com")
    refusal = (
        "tenure: status: ana@example.com is the last active ADMIN: "
        "make somebody else ADMIN first.\n"
    )
    assert (last.returncode, last.stdout, last.stderr) == (1, "", refusal)


def test_import_ends_with_1_where_a_line_was_rejected(migrated: Call, tmp_path: Path) -> None:
    good, bad = '{"number": "1", "name": "One"}\n', '{"number": "2"}\n'
    (tmp_path / "a.jsonl").write_text(good + bad)
    run = migrated("import", "a.jsonl")
    assert (run.returncode, run.stdout) == (1, "1 imported, 0 existed, 1 rejected.\n")
    assert "tenure: 1 lines were rejected; the reasons are in a.jsonl.rejected." in run.stderr
    rejected = (tmp_path / "a.jsonl.rejected").read_text()
    assert json.loads(rejected) == {"line": 2, "number": "2", "reason": "name: This is required."}
    (tmp_path / "a.jsonl").write_text(good)
    run = migrated("import", "a.jsonl")
    assert (run.returncode, run.stdout) == (0, "0 imported, 1 existed, 0 rejected.\n")
    assert not (tmp_path / "a.jsonl.rejected").exists()


def test_import_usage_ends_with_1_where_a_line_was_rejected(migrated: Call, tmp_path: Path) -> None:
    customer = {"number": "1", "name": "One", "services": [{"kind": "internet", "login": "one"}]}
    (tmp_path / "a.jsonl").write_text(json.dumps(customer))
    assert migrated("import", "a.jsonl").returncode == 0
    header = "service_kind,login,quantity,unit,occurred_at,reference"
    (tmp_path / "u.csv").write_text(f"{header}\ninternet,one,1,MB,2026-11-10T12:00:00Z,r-1\n")
    run = migrated("import-usage", "u.csv")
    assert (run.returncode, run.stdout) == (1, "0 imported, 0 existed, 1 rejected.\n")
    assert "tenure: 1 lines were rejected; the reasons are in u.csv.rejected." in run.stderr
    rejected = json.loads((tmp_path / "u.csv.rejected").read_text())
    assert (rejected["line"], rejected["reference"]) == (2, "r-1")
    (tmp_path / "u.csv").write_text(f"{header}\n")
    run = migrated("import-usage", "u.csv")
    assert (run.returncode, run.stdout) == (0, "0 imported, 0 existed, 0 rejected.\n")
    assert not (tmp_path / "u.csv.rejected").exists()


@pytest.mark.thorough
def test_demo_and_jobs(migrated: Call) -> None:
    assert migrated("demo").stdout == "40 accounts were created.\n"
    again = migrated("demo")
    assert again.returncode == 1
    assert "The demo company needs an empty database, but accounts exist." in again.stderr
    assert migrated("demo", "--accounts", "20").stdout == "20 accounts were created.\n"
    assert migrated("job", "deferred-actions").stdout.endswith(": 0 done, 0 failed.\n")
    assert migrated("job", "bill-day").stdout.endswith(" failed.\n")
    future = migrated("job", "deferred-actions", "--date", "2999-01-01")
    assert future.returncode == 2
    assert "A job can't run for a later date" in future.stderr


def test_check_says_what_is_wrong(call: Call) -> None:
    run = call("check")
    assert run.returncode == 1
    assert "WRONG  schema    The database is at schema none" in run.stderr
    call("migrate")
    run = call("check")
    assert "WRONG" not in run.stderr.replace("WRONG  page", "")
    assert [line.split()[1] for line in run.stdout.splitlines()][:6] == [
        *("database", "schema", "clock", "webhooks", "sessions", "broker"),
    ]
    run = call("check", database_url="postgresql://127.0.0.1:1/x", broker_url="amqp://x")
    assert run.returncode == 1
    assert len([line for line in run.stderr.splitlines() if line.startswith("WRONG")]) >= 3


def test_importing_the_program_is_quick(call: Call) -> None:
    code = (
        "import sys, tenure.cli; print([name for name in ('sqlalchemy', 'strawberry', 'starlette') "
        "if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
