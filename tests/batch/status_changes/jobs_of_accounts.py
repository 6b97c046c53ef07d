"""Starts and executes status change jobs, and reads their results."""

from collections.abc import Sequence
from typing import Any

from tenure.accounts.actions import create_accounts
from tenure.accounts.rules import NewAccount
from tenure.batch import execute_run
from tenure.batch.status_changes.actions import start_status_change
from tenure.batch.status_changes.queries import Accounts, accounts_of
from tenure.holds.models import Status
from tenure.jobs.models import JobRun, StatusChangeResult
from tenure.kernel.actor import Actor
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.status.changes.rules import StatusRequest
from tests.checks import ABE, row, rows


async def new_accounts(unit: Unit, count: int) -> list[int]:
    """The ids of new accounts, created as one set."""
    created = await create_accounts(unit, [NewAccount(name=f"Of {n}") for n in range(count)])
    return [it.id for it in created if not isinstance(it, TenureError)]


async def start_job(
    runtime: Runtime,
    account_ids: Sequence[int],
    to: Status,
    *,
    actor: Actor = ABE,
    expected_count: int | None = None,
    **more: Any,
) -> int:
    """The id of a new run; `more` are further fields of the StatusRequest."""
    accounts = Accounts(accounts_of(account_ids), "account_ids", expected_count)
    async with runtime.unit(actor) as unit:
        return (await start_status_change(unit, StatusRequest(to, **more), accounts)).id


async def run_status_job(
    runtime: Runtime, account_ids: Sequence[int], to: Status, **more: Any
) -> JobRun:
    """A run that has been executed."""
    run_id = await start_job(runtime, account_ids, to, **more)
    await execute_run(runtime, run_id)
    return await row(runtime, JobRun, run_id)


async def results(runtime: Runtime, run_id: int) -> dict[int, str]:
    """The result of each account, with the code of its error."""
    return {
        it.account_id: " ".join(filter(None, (it.status, it.error_code)))
        for it in await rows(runtime, StatusChangeResult, job_run_id=run_id)
    }
