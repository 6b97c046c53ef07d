"""`tenure user` and `tenure token`, called in this process: output and effects."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest
from typer.testing import CliRunner

from tenure.cli.commands import app
from tenure.kernel import logs
from tenure.kernel.db import Database
from tenure.kernel.errors import NotFoundError, TenureError

Say = Callable[..., str]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy. Not async, because commands start their own event loop."""
    path = tmp_path_factory.mktemp("people") / "tenure.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


async def migrate(url: str) -> None:
    database = Database(url)
    await database.migrate()
    await database.close()


@pytest.fixture
def say(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command on its own database; returns its output, raises its exception."""
    copy(migrated, tmp_path / "tenure.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure_logs", lambda _: None)

    def run(*arguments: str, given: str | None = None) -> str:
        result = CliRunner().invoke(app, arguments, input=given)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def peopled(say: Say) -> Say:
    """With Ana, an ADMIN, and Ben, a VIEWER."""
    arguments = (
        "user",
        "create",
        "ana@example.com",
        "--role",
        "ADMIN",
        "--name",
        "Ana Álvarez",
        "--password-stdin",
    )
    assert say(*arguments, given="correct horse battery\n") == "Done.\n"
    assert say("user", "create", "ben@example.com", "--role", "viewer").startswith(
        "The password is "
    )
    return say


def test_roles_and_status_are_changed(peopled: Say) -> None:
    """Running.md: `tenure user role`, `disable`, `enable`."""
    assert (
        peopled("user", "role", "Ben@example.com", "--role", "agent")
        == "ben@example.com is AGENT.\n"
    )
    assert peopled("user", "disable", "ben@example.com") == "ben@example.com is DISABLED.\n"
    listed = json.loads(peopled("user", "list", "--json"))
    assert [(user["email"], user["name"], user["role"], user["status"]) for user in listed] == [
        ("ana@example.com", "Ana Álvarez", "ADMIN", "ACTIVE"),
        ("ben@example.com", None, "AGENT", "DISABLED"),
    ]
    assert peopled("user", "enable", "ben@example.com") == "ben@example.com is ACTIVE.\n"
    with pytest.raises(TenureError, match="last active ADMIN"):
        peopled("user", "role", "ana@example.com", "--role", "MANAGER")
    with pytest.raises(NotFoundError):
        peopled("user", "disable", "nobody@example.com")


def test_a_user_is_unlinked_from_the_provider(peopled: Say) -> None:
    assert peopled("user", "unlink", "Ben@example.com") == "ben@example.com is not linked.\n"
    with pytest.raises(NotFoundError):
        peopled("user", "unlink", "nobody@example.com")


def test_users_are_listed_in_columns(peopled: Say) -> None:
    header, ana, ben = peopled("user", "list").splitlines()
    assert header.split() == ["EMAIL", "NAME", "ROLE", "STATUS", "CREATED", "LAST", "SIGN", "IN"]
    for title, *values in (
        ("NAME", "Ana", "-"),
        ("ROLE", "ADMIN", "VIEWER"),
        ("STATUS", "ACTIVE", "ACTIVE"),
    ):
        place = header.index(title)
        assert [ana[place:].split()[0], ben[place:].split()[0]] == values


def test_tokens_are_listed_and_revoked(peopled: Say) -> None:
    """Running.md: `tenure token create --days`, `list`, `revoke`; the secret is printed once."""
    secrets = [
        peopled("token", "create", name, "--role", "AGENT", *days).strip()
        for name, days in (("shop", ()), ("switch", ("--days", "0")))
    ]
    assert peopled("token", "revoke", "SHOP") == "shop is revoked.\n"
    for listing in (peopled("token", "list"), peopled("token", "list", "--json")):
        assert [secret for secret in secrets if secret in listing] == []
    shop, switch = json.loads(peopled("token", "list", "--json"))
    assert (shop["state"], shop["prefix"], shop["created_by"]) == (
        "REVOKED",
        secrets[0][:11],
        "tenure",
    )
    assert None not in (shop["expires_at"], shop["revoked_at"])
    assert (switch["state"], switch["expires_at"], switch["revoked_at"]) == ("ACTIVE", None, None)
    header, first, second = peopled("token", "list").splitlines()
    assert header.index("STATE") == first.index("REVOKED") == second.index("ACTIVE")
    with pytest.raises(NotFoundError):
        peopled("token", "revoke", "nobody")
