"""Settings that cannot work are refused at start, and each setting is in the README."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tenure.cli import commands
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.builders import account, run_job, set_account
from tests.checks import action
from tests.conftest import ANA, NOON, set_clock

COMMANDS = [
    ["serve"],
    ["worker"],
    ["worker", "--processes", "2"],
    ["scheduler"],
    ["migrate"],
    ["check"],
    ["demo"],
    ["job", "deferred-actions"],
    ["job", "bill-day"],
    ["import", "lines.jsonl"],
    ["import-usage", "lines.jsonl"],
    ["user", "create", "a@b.example", "--role", "VIEWER"],
    ["token", "create", "shop", "--role", "VIEWER"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_pool_of_one_connection_is_refused_by_every_command(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A job needs two: one for its transaction, one for the lock under which it claims work."""
    monkeypatch.chdir(tmp_path)
    Path("lines.jsonl").touch()
    monkeypatch.setenv("TENURE_POOL_SIZE", "1")
    monkeypatch.setattr(sys, "argv", ["tenure", *command])
    with pytest.raises(SystemExit) as exit_:
        commands.main()
    assert exit_.value.code == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == (
        "",
        "tenure: TENURE_POOL_SIZE is '1': it must be greater than or equal to 2.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["lines.jsonl"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("pool_size", [2, 3, 4])
async def test_the_smallest_pools_carry_out_deferred_actions(
    runtime: Runtime, database_url: str, pool_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.4: so many chunks at once as there are pairs of connections."""
    monkeypatch.setattr("tenure.batch.runs.CHUNK", 1)
    database = Database(database_url, pool_size=pool_size)
    database.engine.pool._timeout = 1  # type: ignore[attr-defined]
    action_ids = []
    async with runtime.unit(ANA) as unit:
        for _ in range(4):
            later = NOON + timedelta(hours=1)
            outcome = await set_account(
                unit, await account(unit), Status.INACTIVE, defer_until=later
            )
            action_ids.append(outcome.deferred_action_id)
    await set_clock(runtime, NOON + timedelta(hours=2))
    try:
        await run_job(Runtime(database, BusinessReader(clock_settable=True)))
    finally:
        await database.close()
    assert [(await action(runtime, action_id)).status for action_id in action_ids] == [
        DeferredStatus.DONE
    ] * 4
