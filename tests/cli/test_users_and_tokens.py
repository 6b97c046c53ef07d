"""`tenure user` and `tenure token`, called in this process: output and effects."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest
from typer.testing import CliRunner

from tenure.cli import reading
from tenure.cli.commands import app
from tenure.kernel import logs
from tenure.kernel.errors import NotFoundError, TenureError

Say = Callable[..., str]


@pytest.fixture
def say(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command on its own database; returns its output, raises its exception."""
    copy(migrated_sqlite, tmp_path / "tenure.db")
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


def test_present_names_of_commands_work(peopled: Say) -> None:
    """Running.md: `create` is `add`."""
    for kind, name in (("user", "eva@example.com"), ("token", "shop")):
        assert peopled(kind, "create", name, "--role", "AGENT") != ""
        other = f"other {name}" if kind == "token" else f"other-{name}"
        assert peopled(kind, "add", other, "--role", "AGENT") != ""


def test_changes_are_printed_as_json(peopled: Say) -> None:
    """One document for programs, with the keys of the lists."""
    ben = "ben@example.com"
    listed = json.loads(peopled("user", "list", "--json"))[1]
    assert json.loads(peopled("user", "role", ben, "--role", "AGENT", "--json")) == listed | {
        "role": "AGENT"
    }
    disabled = json.loads(peopled("user", "disable", ben, "--json"))
    assert disabled["status"] == "DISABLED"
    assert json.loads(peopled("user", "enable", ben, "--json"))["status"] == "ACTIVE"
    made = json.loads(peopled("user", "add", "eva@example.com", "--role", "VIEWER", "--json"))
    assert (made["user"]["email"], len(made["password"])) == ("eva@example.com", 19)
    given = json.loads(
        peopled("user", "password", ben, "--password-stdin", "--json", given="correct horse 77\n")
    )
    assert (given["user"]["email"], given["password"]) == (ben, None)
    ended = peopled("user", "sessions", "end", ben.upper(), "--json")
    assert json.loads(ended) == {"email": ben, "ended": 0}
    assert peopled("user", "sessions", "end", ben) == f"Ended sessions of {ben}: 0.\n"
    token = json.loads(peopled("token", "add", "shop", "--role", "AGENT", "--json"))
    assert token["secret"].startswith(token["token"]["prefix"])
    assert json.loads(peopled("token", "list", "--json")) == [token["token"]]
    assert json.loads(peopled("token", "revoke", "shop", "--json"))["state"] == "REVOKED"


def test_the_audit_log_is_listed(peopled: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Newest first, with filters; details have the names of the API."""
    peopled("token", "add", "shop", "--role", "AGENT", "--days", "0")
    entries = json.loads(peopled("audit", "list", "--json"))
    assert [(it["actor"], it["action"]) for it in entries] == [
        ("tenure", "TOKEN_CREATED"),
        ("tenure", "USER_CREATED"),
        ("tenure", "USER_CREATED"),
    ]
    details = {"name": [None, "shop"], "role": [None, "AGENT"], "expiresAt": [None, None]}
    assert entries[0]["details"] == details
    assert entries[0].keys() == {"at", "actor", "action", "summary", "details"}
    created = ("audit", "list", "--action", "user_created", "--actor", "TENURE", "--json")
    assert json.loads(peopled(*created)) == entries[1:]
    assert json.loads(peopled(*created, "--limit", "1")) == entries[1:2]
    assert json.loads(peopled("audit", "list", "--to", "2026-01-01", "--json")) == []
    assert json.loads(peopled("audit", "list", "--from", "2026-01-01", "--json")) == entries
    monkeypatch.setattr(reading, "PAGE", 2)
    assert json.loads(peopled("audit", "list", "--all", "--json")) == entries
    assert json.loads(peopled("audit", "list", "--limit", "3", "--json")) == entries
    header, newest, *_ = peopled("audit", "list").splitlines()
    assert header.split() == ["AT", "ACTOR", "ACTION", "SUMMARY", "DETAILS"]
    assert "Created token shop as AGENT." in newest
