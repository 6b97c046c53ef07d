"""Starts status change jobs, previews them, and changes the accounts of a claim."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from sqlalchemy import Select, insert, literal, select, update

from tenure.accounts.models import Account
from tenure.batch.deferred_actions.queries import affected_accounts
from tenure.batch.status_changes.queries import (
    Accounts,
    ResultClaim,
    changed_targets,
    claimed_results,
    job_of_run,
    unchanged_accounts,
)
from tenure.batch.status_changes.rules import (
    DONE,
    MAX_ACCOUNTS,
    UNCHANGED,
    ChangeOutcome,
    audit_summary,
    audit_values,
    check_count,
    failed,
    levels,
)
from tenure.batch.steps import StepResult
from tenure.events.queries import new_change
from tenure.jobs import actions as jobs
from tenure.jobs.models import (
    JobKind,
    JobRun,
    StatusChangeJob,
    StatusChangeResult,
    StatusChangeResultStatus,
)
from tenure.jobs.queries import LIVE
from tenure.kernel.actor import Role
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit
from tenure.status.cascades.rules import Kind
from tenure.status.changes.actions import change_status
from tenure.status.changes.rules import StatusRequest, checked_request, effective_instant
from tenure.status.changes.scheduling.actions import schedule_changes, schedule_reactivations
from tenure.status.conflicts.actions import cancel_conflicts, lock_conflicts
from tenure.status.conflicts.queries import conflicts_of_changes, conflicts_of_request
from tenure.status.impact.queries import Impact, impact_since

# Accounts that a preview changes before it is rolled back. With their services and offers it took 3
# to 4 seconds on two busy processors; as long, they are locked.
MAX_PREVIEWED = 2000
NOT_SYNCHRONIZED = {"synchronize_session": False}
# The results of accounts, and how to find the deferred actions that conflict with their changes.
_Changed: TypeAlias = tuple[dict[int, ChangeOutcome], Callable[[], Awaitable[Collection[int]]]]


async def start_status_change(unit: Unit, request: StatusRequest, accounts: Accounts) -> JobRun:
    """Starts a job that changes these accounts, which are fixed now.

    Raises CONFLICT for another number of accounts than expected, NOT_FOUND for none, OUT_OF_RANGE
    for too many, and the errors of `checked_request` and `effective_instant`.
    """
    unit.require(Role.AGENT)
    checked = checked_request(request, unit.now)
    if checked.backdate_to is not None:
        effective_instant(checked.backdate_to, unit.now, unit.time_zone)
    run = await jobs.add_run(unit, JobKind.STATUS_CHANGE, unit.today)
    unit.session.add(
        StatusChangeJob(
            job_run_id=run.id,
            to_status=checked.to,
            reason=checked.reason,
            note=checked.note,
            defer_until=checked.defer_until,
            backdate_to=checked.backdate_to,
            reactivate_on=checked.reactivate_on,
            cancels_conflicts=checked.cancel_conflicts,
        )
    )
    run.total = await _add_results(unit, run.id, accounts)
    await unit.session.flush()
    values = audit_values(checked, run.total)
    await jobs.record_start(unit, audit_summary(checked, run.total), values)
    return run


async def accounts_to_retry(unit: Unit, job_run_id: int) -> Select[int]:
    """The accounts that an ended job has not changed.

    Raises NOT_FOUND, and NOT_ALLOWED for a live run or one of another kind.
    """
    path = "retry_job_run_id"
    run = await unit.session.get(JobRun, job_run_id)
    if run is None:
        raise NotFoundError("job run", (path,))
    if run.kind is not JobKind.STATUS_CHANGE:
        message = f"This job run is of kind {run.kind}; expected STATUS_CHANGE."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, (path,))
    if run.status in LIVE:
        message = f"The job run is {run.status}. Wait for its end, or cancel it first."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, (path,))
    return unchanged_accounts(run.id)


async def preview(unit: Unit, run: JobRun) -> Impact:
    """Changes the first MAX_PREVIEWED accounts of the job in this unit, which is not committed.

    Returns what that affects, as if a deferred change took place now. The run has the counts, and
    each of these accounts its result. No conflicting action is cancelled, so the impact has them.
    """
    job = await job_of_run(unit.session, run.id)
    first_change = await new_change(unit)
    tried = 0
    deferred: list[list[int]] = []
    while tried < min(run.total, MAX_PREVIEWED):
        claim = await claimed_results(unit, run.id, limit=MAX_PREVIEWED - tried)
        result = await change_claimed(unit, job, claim, cancels_conflicts=False)
        await jobs.add_progress(unit, run.id, step_id=None, done=result.done, failed=result.failed)
        deferred.append(list(claim.of_accounts))
        tried += len(claim.of_accounts)
    if job.defer_until is None:
        return await impact_since(unit.session, first_change)
    async with unit.session.begin_nested() as as_if_now:
        for account_ids in deferred:
            await change_status(unit, Kind.ACCOUNT, account_ids, job.to_status)
        impact = await impact_since(unit.session, first_change, at=job.defer_until)
        await as_if_now.rollback()
    return replace(impact, posted=None)


async def change_claimed(
    unit: Unit, job: StatusChangeJob, claim: ResultClaim, *, cancels_conflicts: bool
) -> StepResult:
    """Changes the accounts of a claim, or schedules their changes, and stores their results.

    With `cancels_conflicts`, the deferred actions that conflict with the changes are cancelled in
    the same unit. The accounts that are affected are locked first, in the order of their ids, so
    that two workers do not wait for each other.
    """
    account_ids = list(claim.of_accounts)
    conflicts: Sequence[int] = ()
    if cancels_conflicts:
        conflicts = await lock_conflicts(
            unit, Kind.ACCOUNT, account_ids, job.to_status, after=job.defer_until
        )
    affected = await affected_accounts(unit, account_ids)
    accounts = select(Account.id).where(in_ids(Account.id, set().union(*affected.values())))
    await unit.session.execute(for_no_key_update(accounts.order_by(Account.id)))
    request = StatusRequest(
        job.to_status,
        reason=job.reason,
        note=job.note,
        defer_until=job.defer_until,
        backdate_to=job.backdate_to,
        reactivate_on=job.reactivate_on,
    )
    change = _change if job.defer_until is None else _schedule
    outcomes, find_conflicts = await change(unit, account_ids, request)
    if conflicts:
        remaining = set(await find_conflicts())
        await _cancel(unit, job, [it for it in conflicts if it in remaining])
    return await settle_results(unit, claim, outcomes)


async def settle_results(
    unit: Unit, claim: ResultClaim, outcomes: Mapping[int, ChangeOutcome]
) -> StepResult:
    """Stores the results of accounts, in the transaction of their changes."""
    columns = {
        "result_id": StatusChangeResult.id.type,
        "status": StatusChangeResult.status.type,
        "code": StatusChangeResult.error_code.type,
        "message": StatusChangeResult.message.type,
    }
    rows: list[dict[str, object]] = [
        {
            "result_id": claim.of_accounts[account_id],
            "status": outcome.status,
            "code": outcome.code,
            "message": outcome.message,
        }
        for account_id, outcome in outcomes.items()
    ]
    settled = rows_as_table(unit.session, "settled", columns, rows)
    statement = (
        update(StatusChangeResult)
        .where(StatusChangeResult.id == settled.c.result_id)
        .values(
            status=settled.c.status,
            error_code=settled.c.code,
            message=settled.c.message,
            at=unit.now,
        )
    )
    await unit.session.execute(statement, execution_options=NOT_SYNCHRONIZED)
    count = sum(it.status is StatusChangeResultStatus.FAILED for it in outcomes.values())
    return StepResult(len(outcomes) - count, count)


async def _change(unit: Unit, account_ids: Sequence[int], request: StatusRequest) -> _Changed:
    """Changes the accounts now, as one set, and schedules the reactivations."""
    notes = dict.fromkeys(account_ids, request.note)
    done = await change_status(
        unit,
        Kind.ACCOUNT,
        account_ids,
        request.to,
        backdate_to=request.backdate_to,
        reason=request.reason,
        notes=notes,
    )
    changed = await changed_targets(unit, done.change_ids)
    owners = {it: it for it in account_ids if it not in done.refused}
    changed |= (await schedule_reactivations(unit, Kind.ACCOUNT, owners, request)).keys()
    outcomes = {it: DONE if it in changed else UNCHANGED for it in owners}
    refused = {it: failed(refusal) for it, refusal in done.refused.items()}
    return outcomes | refused, partial(conflicts_of_changes, unit, done.change_ids)


async def _schedule(unit: Unit, account_ids: Sequence[int], request: StatusRequest) -> _Changed:
    owners = {it: it for it in account_ids}
    scheduled = await schedule_changes(unit, Kind.ACCOUNT, owners, request)
    refused = {it: failed(refusal) for it, refusal in scheduled.refused.items()}
    allowed = list(scheduled.action_ids)
    find_conflicts = partial(
        conflicts_of_request, unit, Kind.ACCOUNT, allowed, request.to, after=request.defer_until
    )
    return dict.fromkeys(allowed, DONE) | refused, find_conflicts


async def _cancel(unit: Unit, job: StatusChangeJob, action_ids: Sequence[int]) -> None:
    """Cancels locked actions and counts them."""
    count = await cancel_conflicts(unit, action_ids)
    statement = update(StatusChangeJob).where(StatusChangeJob.id == job.id)
    await unit.session.execute(
        statement.values(cancelled_actions=StatusChangeJob.cancelled_actions + count),
        execution_options=NOT_SYNCHRONIZED,
    )


async def _add_results(unit: Unit, job_run_id: int, accounts: Accounts) -> int:
    """Stores the accounts of a job with their levels. Returns their number."""
    selected = accounts.ids.limit(MAX_ACCOUNTS + 1).subquery("selected")
    [account_id] = selected.c
    values = {
        "job_run_id": literal(job_run_id, StatusChangeResult.job_run_id.type),
        "account_id": account_id,
        "level": literal(0, StatusChangeResult.level.type),
        "status": literal(StatusChangeResultStatus.PENDING, StatusChangeResult.status.type),
    }
    rows = select(*values.values()).order_by(account_id)
    await unit.session.execute(insert(StatusChangeResult).from_select(list(values), rows))
    of_run = StatusChangeResult.job_run_id == job_run_id
    stored = select(StatusChangeResult.account_id).where(of_run)
    account_ids = (await unit.session.execute(stored)).scalars().all()
    check_count(
        len(account_ids),
        expected=accounts.expected_count,
        path=accounts.path,
        counted_up_to=accounts.counted_up_to,
    )
    found = levels(await affected_accounts(unit, account_ids))
    if found:
        columns = dict.fromkeys(("account_id", "level"), StatusChangeResult.id.type)
        dependent = rows_as_table(
            unit.session,
            "dependent",
            columns,
            [{"account_id": it, "level": level} for it, level in found.items()],
        )
        is_dependent = StatusChangeResult.account_id == dependent.c.account_id
        statement = update(StatusChangeResult).where(of_run, is_dependent)
        await unit.session.execute(
            statement.values(level=dependent.c.level), execution_options=NOT_SYNCHRONIZED
        )
    return len(account_ids)
