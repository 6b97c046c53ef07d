"""Migration 0016 on a database with deferred actions and job runs, up and down."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command

from tenure.kernel.db import migrations_config
from tests.databases import new_database
from tests.identity.test_migration import executed

NOW = "'2026-01-01 00:00:00+00'"
HELD = "inactive_holds, closed_holds, created_at, status_changed_at, version"
HELD_VALUES = f"0, 0, {NOW}, {NOW}, 1"
ACTION = (
    "INSERT INTO deferred_action (id, kind, status, account_id, service_id, to_status, summary,"
    " parent_pays, children_stay, scheduled_for, created_by, created_at, attempts, version) VALUES"
)
ACTION_END = f"false, false, {NOW}, 'ana', {NOW}, 0, 1)"
ROWS = (
    (
        f"INSERT INTO account (id, number, name, name_key, currency, {HELD})"
        f" VALUES (7, 'A-7', 'Hana Suzuki', 'hana suzuki', 'USD', {HELD_VALUES})"
    ),
    (
        "INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,"
        " next_bill_on, balance, created_at, version)"
        f" VALUES (7, 7, 'Default', true, 'USD', 1, '2026-02-01', 0, {NOW}, 1)"
    ),
    (
        f"INSERT INTO service (id, account_id, bill_unit_id, kind, name, {HELD})"
        f" VALUES (5, 7, 7, 'tv', 'Mobile', {HELD_VALUES})"
    ),
    (
        f"{ACTION} (1, 'CHANGE_ACCOUNT_STATUS', 'PENDING', 7, NULL, 'CLOSED',"
        f" 'Set account A-7 to CLOSED', {ACTION_END}"
    ),
    (
        f"{ACTION} (2, 'CHANGE_SERVICE_STATUS', 'PENDING', 7, 5, 'ACTIVE',"
        f" 'Set service Mobile of account A-7 to ACTIVE', {ACTION_END}"
    ),
    (
        f"{ACTION} (3, 'CHANGE_ACCOUNT_STATUS', 'DONE', 7, NULL, 'CLOSED',"
        f" 'Set account A-7 to CLOSED', {ACTION_END}"
    ),
    (
        f"{ACTION} (4, 'REMOVE_FROM_HIERARCHY', 'PENDING', 7, NULL, NULL,"
        f" 'Move account A-7 out of its hierarchy', {ACTION_END}"
    ),
    (
        "INSERT INTO job_run (id, kind, status, business_date, step, total, done, failed, failure,"
        " requested_by, created_at) VALUES (1, 'BILL_DAY', 'FAILED', '2026-01-01',"
        f" 'fees of what began', 0, 0, 0, 'Step “fees of what began”: No progress.', 'ana', {NOW})"
    ),
    (
        "INSERT INTO job_step"
        " (job_run_id, name, business_date, place, started_at, total, done, failed)"
        f" VALUES (1, 'fees of what began', '2026-01-01', 1, {NOW}, 0, 0, 0)"
    ),
)
SUMMARIES = "SELECT summary FROM deferred_action ORDER BY id"
STEPS = "SELECT job_run.step, job_run.failure, job_step.name FROM job_run, job_step"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with new_database(request.param, tmp_path) as created:
        yield created


def test_pending_actions_and_steps_are_renamed(url: str) -> None:
    """Pending status changes get the new summary, final ones keep theirs; a downgrade restores."""
    config = migrations_config(url)
    command.upgrade(config, "0015")
    asyncio.run(executed(url, *ROWS))
    before = asyncio.run(executed(url, SUMMARIES)), asyncio.run(executed(url, STEPS))
    command.upgrade(config, "0016")
    assert asyncio.run(executed(url, SUMMARIES)) == [
        ("Close Hana Suzuki (A-7)",),
        ("Reactivate Mobile of Hana Suzuki (A-7)",),
        ("Set account A-7 to CLOSED",),
        ("Move account A-7 out of its hierarchy",),
    ]
    assert asyncio.run(executed(url, STEPS)) == [
        ("purchase fees", "Step “purchase fees”: No progress.", "purchase fees")
    ]
    command.downgrade(config, "0015")
    assert (asyncio.run(executed(url, SUMMARIES)), asyncio.run(executed(url, STEPS))) == before
