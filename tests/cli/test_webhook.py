"""`tenure webhook`, called in this process: output and effects."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import pytest
from sqlalchemy import update
from standardwebhooks import Webhook as Verifier
from typer import BadParameter
from typer.testing import CliRunner

from tenure.cli.checks import findings
from tenure.cli.commands import app
from tenure.kernel import logs
from tenure.kernel.actor import SYSTEM
from tenure.kernel.db import Database
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.settings import Settings
from tenure.settings.queries import runtime_of
from tenure.webhooks.deliveries.models import Webhook, WebhookStatus
from tests import builders
from tests.webhooks.receiver import Answer, receiving

Say = Callable[..., str]
URL = "https://example.com/tenure"


@pytest.fixture
def say(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Runs a command on its own database; returns its output, raises its exception."""
    copy(migrated_sqlite, tmp_path / "tenure.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure_logs", lambda _: None)

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["webhook", *arguments], standalone_mode=False)
        if isinstance(result.exception, Exception):
            raise result.exception
        # Without the standalone mode, the code of typer.Exit is the result of the command.
        assert (result.return_value or 0) == code, result.output
        return result.stdout

    return run


def test_add_and_list(say: Say) -> None:
    """The secret is printed once."""
    made = json.loads(say("add", URL, "--kind", "usage", "--description", "Shop", "--json"))
    assert made.pop("secret").startswith("whsec_")
    created_at = made["created_at"]
    assert made == {
        "id": 1,
        "url": URL,
        "event_kinds": ["USAGE"],
        "description": "Shop",
        "status": "ACTIVE",
        "failing_since": None,
        "created_by": "tenure",
        "created_at": created_at,
    }
    [listed] = json.loads(say("list", "--json"))
    figures = {"pending": 0, "oldest_pending_at": None}
    attempts = {"succeeded_attempts": 0, "failed_attempts": 0}
    assert listed == made | figures | attempts
    assert say("add", URL).startswith("Webhook 2 was created. Its secret is whsec_")
    assert "whsec" not in say("list")
    assert say("list").splitlines()[1].split() == ["1", "ACTIVE", URL, "0", "-", "-"]


def test_pause_and_resume(say: Say) -> None:
    say("add", URL)
    assert say("pause", "1") == "Webhook 1 is PAUSED.\n"
    assert json.loads(say("pause", "1", "--json"))["status"] == "PAUSED"
    assert say("resume", "1") == "Webhook 1 is ACTIVE.\n"


def test_errors(say: Say) -> None:
    with pytest.raises(TenureError) as error:
        say("add", "http://localhost/")
    assert (error.value.code, error.value.path) == (ErrorCode.INVALID, ("url",))
    with pytest.raises(BadParameter, match="NOTHING is none of PURCHASE_FEE, "):
        say("add", URL, "--kind", "NOTHING")
    for command in ("pause", "resume", "test"):
        with pytest.raises(NotFoundError):
            say(command, "7")
    with pytest.raises(NotFoundError):
        say("redeliver", "7")
    assert json.loads(say("list", "--json")) == []


def test_test_message(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signed, sent at once, and what was answered is printed."""
    monkeypatch.setenv("TENURE_WEBHOOK_ALLOW_PRIVATE", "true")
    with receiving() as receiver:
        secret = json.loads(say("add", receiver.url, "--json"))["secret"]
        assert say("test", "1") == "The endpoint answered: 204\n"
        receiver.answer = lambda _: Answer(500, b"No")
        failed = json.loads(say("test", "1", "--json", code=1))
    assert failed == {"id": 1, "response_status": 500, "error": "The endpoint answered: 500 No"}
    [received, _] = receiver.requests
    message = Verifier(secret).verify(received.body, received.headers)
    assert (message["type"], message["data"]) == ("test", {"webhook": receiver.url})
    monkeypatch.setenv("TENURE_SECRET_KEY", "another key " * 3)
    assert "another TENURE_SECRET_KEY" in say("test", "1", code=1)


def test_redeliver(say: Say) -> None:
    from tenure.webhooks.deliveries.actions import run_round  # noqa: PLC0415
    from tests.conftest import NOON  # noqa: PLC0415

    say("add", URL)

    async def deliver() -> int:
        database = Database("sqlite:///tenure.db")
        runtime = runtime_of(Settings(_env_file=None), database)
        async with runtime.unit(SYSTEM) as unit:
            await builders.account(unit, "Carla")
        async with runtime.unit(SYSTEM) as unit:
            found = await run_round(unit, 1, (), newest_position=9, now=NOON)
        await database.close()
        return found.claimed[0].delivery_id

    delivery = str(asyncio.run(deliver()))
    assert say("redeliver", delivery) == f"Delivery {delivery} is PENDING.\n"
    assert json.loads(say("redeliver", delivery, "--json")) == {
        "id": int(delivery),
        "webhook_id": 1,
        "event_id": 1,
        "status": "PENDING",
        "attempts": 1,
    }


def test_check_names_failing_webhooks(say: Say) -> None:
    settings = Settings(_env_file=None)

    def found() -> list[tuple[str, bool]]:
        return [
            (it.message, it.is_ok)
            for it in asyncio.run(findings(settings))
            if it.subject == "webhooks"
        ]

    assert found() == [("none", True)]
    say("add", URL)
    assert found() == [("1, none is FAILING", True)]

    async def fail() -> None:
        database = Database("sqlite:///tenure.db")
        async with runtime_of(settings, database).unit(SYSTEM) as unit:
            await unit.session.execute(update(Webhook).values(status=WebhookStatus.FAILING))
        await database.close()

    asyncio.run(fail())
    message = (
        f"1 ({URL}) is FAILING with 0 pending: repair the endpoint, then `tenure webhook resume 1`"
    )
    assert found() == [(message, False)]
