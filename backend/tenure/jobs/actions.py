"""Requests, begins, counts, cancels, fails and ends job runs."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import case, func, insert, literal, select, true, update
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_update,  # SQLite has the same syntax.
)

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction
from tenure.audit.rules import SummaryValues
from tenure.jobs.models import (
    JOBS_OF_A_DATE,
    JobKind,
    JobRun,
    JobRunStatus,
    JobStep,
    JobTotal,
    QuarantinedAccount,
)
from tenure.jobs.queries import LIVE, live_run_of, quarantined_accounts
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import AnySelect
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import NO_KEY_UPDATE, for_update
from tenure.kernel.unit import Unit

# A run that was aborted this often is FAILED. Before, workers retry it at their next wake-up.
MAX_ATTEMPTS = 3


async def start(
    unit: Unit, *, kind: JobKind, business_date: date | None = None, scheduled: bool = False
) -> JobRun:
    """Requests a run, or returns the live one of that kind and date (rules 4.10).

    A `scheduled` run has no audit entry, because nobody requested it. Raises OUT_OF_RANGE for a
    future date, and INVALID for a kind that needs more than a date.
    """
    unit.require(Role.MANAGER)
    if kind not in JOBS_OF_A_DATE:
        message = f"A job of kind {kind} is started by a mutation of its own."
        raise TenureError(ErrorCode.INVALID, message, ("kind",))
    day = business_date or unit.today
    if day > unit.today:
        message = f"The business day is {unit.today}. A job can't run for a later date."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("business_date",))
    live = await live_run_of(unit, kind, day)
    if live is not None:
        unit.wakes_workers = True
        return live
    run = await add_run(unit, kind, day)
    if not scheduled:
        await record_start(unit, f"Started the job {_name_of(run)}.", _values_of(run))
    return run


async def add_run(unit: Unit, kind: JobKind, day: date) -> JobRun:
    """Adds a QUEUED run, for which workers are woken after the commit."""
    unit.wakes_workers = True
    run = JobRun(
        kind=kind,
        status=JobRunStatus.QUEUED,
        business_date=day,
        requested_by=unit.actor.name,
        created_at=unit.now,
    )
    unit.session.add(run)
    await unit.session.flush()
    return run


async def record_start(unit: Unit, summary: str, values: SummaryValues) -> None:
    """Records that the actor has started a job; see `record_audit`."""
    await record_audit(unit, AuditAction.JOB_STARTED, summary, values=values)


def _name_of(run: JobRun) -> str:
    return f"{run.kind.replace('_', ' ').lower()} for {run.business_date}"


def _values_of(run: JobRun) -> SummaryValues:
    return {"kind": run.kind, "date": run.business_date}


async def cancel(unit: Unit, run_id: int) -> JobRun:
    """Cancels a live run. Work that is done is kept; pending work stays pending.

    Needs the role MANAGER; a status change job can also be cancelled by the AGENT who started it.
    Raises NOT_FOUND, and NOT_ALLOWED if the run has ended.
    """
    unit.require(Role.AGENT)
    run = await unit.session.get(
        JobRun, run_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if run is None or run.kind in JOBS_OF_A_DATE or run.requested_by != unit.actor.name:
        unit.require(Role.MANAGER)
    if run is None:
        raise NotFoundError("job run", ("job_run_id",))
    if run.status not in LIVE:
        raise TenureError(
            ErrorCode.NOT_ALLOWED, f"The job run has ended ({run.status}).", ("job_run_id",)
        )
    changes = {"status": (run.status, JobRunStatus.CANCELLED)}
    run.status = JobRunStatus.CANCELLED
    run.finished_at = unit.now
    run.step = None
    run.failure = f"Cancelled by {unit.actor.name}."
    await unit.session.flush()
    summary = f"Cancelled the job {_name_of(run)}."
    await record_audit(unit, AuditAction.JOB_CANCELLED, summary, changes, _values_of(run))
    return run


async def fail(unit: Unit, run_id: int, reason: str, *, done: int = 0, failed: int = 0) -> None:
    """Ends a live run as FAILED, with a reason for users. Work that is done is kept.

    `done` and `failed` are added to the counts of the current step; they are negative for entries
    that were counted but are still due.
    """
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if run.status in LIVE:
        step_id = await _step_id(unit, run)
        await add_progress(unit, run_id, step_id=step_id, done=done, failed=failed)
        await unit.session.refresh(run)
        step = f"Step “{run.step}”: " if run.step else ""
        run.status = JobRunStatus.FAILED
        run.finished_at = unit.now
        run.step = None
        run.failure = f"{step}{reason}"
        await unit.session.flush()


async def count_failed_attempt(unit: Unit, run_id: int, reason: str) -> int:
    """Counts an aborted run; after MAX_ATTEMPTS it is FAILED. Returns the number of attempts."""
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    run.failed_attempts += 1
    await unit.session.flush()
    if run.failed_attempts >= MAX_ATTEMPTS:
        await fail(
            unit, run_id, f"It could not be carried out in {run.failed_attempts} attempts. {reason}"
        )
    return run.failed_attempts


async def wait_for_date(unit: Unit, run_id: int) -> None:
    """Queues a running run again whose date has not begun, after the clock was set back."""
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if run.status is JobRunStatus.RUNNING:
        run.status = JobRunStatus.QUEUED
        run.step = None
        await unit.session.flush()


async def begin(unit: Unit, run: JobRun, *, step: str, on: date, total: int) -> int:
    """Sets the run to RUNNING at a step; a resumed run keeps its counts. Returns the step's id."""
    run.status = JobRunStatus.RUNNING
    run.step = step
    run.started_at = run.started_at or unit.now
    run.total = run.done + run.failed + total
    run.heartbeat_at = real_now()
    await unit.session.flush()
    return await _begin_step(unit, run.id, step=step, on=on, total=total)


async def _step_id(unit: Unit, run: JobRun) -> int | None:
    """The id of the current step."""
    current = select(JobStep.id).where(JobStep.job_run_id == run.id, JobStep.name == run.step)
    return (await unit.session.execute(current)).scalar()


async def _begin_step(unit: Unit, run_id: int, *, step: str, on: date, total: int) -> int:
    """Inserts a step, or finds it where another worker, or an interrupted run, has begun it.

    A step that was begun for this date keeps its place and start; for a later date both are set
    again and its total grows.
    """
    last = select(func.coalesce(func.max(JobStep.place), 0)).where(JobStep.job_run_id == run_id)
    began = {"business_date": on, "place": last.scalar_subquery() + 1, "started_at": unit.now}
    first = insert_or_update(JobStep).values(
        job_run_id=run_id, name=step, total=total, done=0, failed=0, **began
    )
    more = JobStep.done + JobStep.failed + first.excluded.total
    statement = first.on_conflict_do_update(
        index_elements=[JobStep.job_run_id, JobStep.name],
        set_={"total": more, **{name: first.excluded[name] for name in began}},
        where=JobStep.business_date < first.excluded.business_date,
    )
    step_id = (await unit.session.execute(statement.returning(JobStep.id))).scalar()
    if step_id is None:
        known = select(JobStep.id).where(JobStep.job_run_id == run_id, JobStep.name == step)
        step_id = (await unit.session.execute(known)).scalar_one()
    return step_id


async def add_progress(
    unit: Unit, run_id: int, *, step_id: int | None, done: int, failed: int
) -> None:
    """Adds to the counts of the run and its step, in the transaction of the counted chunk."""
    for counter, counter_id, more in (
        (JobRun, run_id, {"heartbeat_at": real_now()}),
        (JobStep, step_id, {}),
    ):
        at_least = counter.done + counter.failed + done + failed
        total = case((counter.total < at_least, at_least), else_=counter.total)
        counted = {
            "done": counter.done + done,
            "failed": counter.failed + failed,
            "total": total,
            **more,
        }
        statement = update(counter).where(counter.id == counter_id).values(counted)
        await unit.session.execute(statement, execution_options={"synchronize_session": False})


async def add_totals(unit: Unit, run_id: int, made: AnySelect) -> None:
    """Adds to the totals of the run, in the transaction of the counted effects.

    `made` yields kind, currency, count, and the sum in two parts: millions of the currency, and the
    rest. Call it after `add_progress`, whose row lock serializes concurrent workers.
    """
    rows = made.subquery("made")
    columns = ["kind", "currency", "count", "millions", "amount"]
    some = select(literal(run_id), *(rows.c[name] for name in columns)).where(true())
    first = insert_or_update(JobTotal).from_select(["job_run_id", *columns], some)
    sums = {
        name: getattr(JobTotal, name) + first.excluded[name]
        for name in ("count", "millions", "amount")
    }
    key = [JobTotal.job_run_id, JobTotal.kind, JobTotal.currency]
    await unit.session.execute(first.on_conflict_do_update(index_elements=key, set_=sums))


async def quarantine(unit: Unit, run_id: int, *, step: str, reasons: Mapping[int, str]) -> int:
    """Excludes accounts from the rest of the run, with a reason each. Returns how many are new."""
    known = set(await quarantined_accounts(unit.session, run_id))
    rows = [
        {
            "job_run_id": run_id,
            "account_id": account_id,
            "step": step,
            "reason": reason,
            "at": unit.now,
        }
        for account_id, reason in reasons.items()
        if account_id not in known
    ]
    if rows:
        await unit.session.execute(insert(QuarantinedAccount), rows)
    return len(rows)


async def end(unit: Unit, run_id: int) -> None:
    """Ends a run without remaining work. Where other workers hold a chunk, the last one ends it.

    The total becomes what was counted, even if that differs from what was due at first.
    """
    statement = for_update(
        select(JobRun).where(JobRun.id == run_id, JobRun.status.in_(LIVE)), skip_locked=True
    )
    run = (await unit.session.execute(statement)).scalar_one_or_none()
    if run is not None:
        run.status = JobRunStatus.DONE_WITH_FAILURES if run.failed else JobRunStatus.DONE
        run.finished_at = unit.now
        run.step = None
        run.total = run.done + run.failed
        await unit.session.flush()
