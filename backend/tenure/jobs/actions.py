"""The life of a job run: asked for, begun, counted on with each chunk, ended."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import case, insert, select, update

from tenure.jobs.models import JobKind, JobRun, JobRunStatus, SetAside
from tenure.jobs.queries import LIVE, accounts_aside, live_run_of
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.unit import Unit

# A lock that waits for nobody who is at a chunk of the run (see `is_live`).
AMONG_WORKERS = {"key_share": True}


async def start(unit: Unit, *, kind: JobKind, business_date: date | None = None) -> JobRun:
    """Ask for a run, or get the one of that kind and date that has not ended (rules 4.10). Raises OUT_OF_RANGE."""
    unit.require(Role.MANAGER)
    day = business_date or unit.business.today
    if day > unit.business.today:
        words = f"The business day is {unit.business.today}: a job cannot run for a later one."
        raise TenureError(ErrorCode.OUT_OF_RANGE, words, ("business_date",))
    unit.wakes_workers = True
    live = await live_run_of(unit, kind, day)
    if live is not None:
        return live
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


async def cancel(unit: Unit, run_id: int) -> JobRun:
    """End a run before its work is done. What was carried out stays so, and what is pending stays pending.

    Raises NOT_FOUND, and NOT_ALLOWED where the run has ended.
    """
    unit.require(Role.MANAGER)
    run = await unit.session.get(JobRun, run_id, with_for_update=AMONG_WORKERS, populate_existing=True)
    if run is None:
        raise NotFoundError("job run", ("job_run_id",))
    if run.status not in LIVE:
        raise TenureError(ErrorCode.NOT_ALLOWED, f"The job run has ended: it is {run.status}.", ("job_run_id",))
    run.status, run.finished_at, run.step = JobRunStatus.CANCELLED, unit.now, None
    run.failure = f"Cancelled by {unit.actor.name}."
    await unit.session.flush()
    return run


async def begin(unit: Unit, run: JobRun, *, step: str, total: int) -> None:
    """The run works now; one that was picked up again keeps what it had counted."""
    run.status, run.step = JobRunStatus.RUNNING, step
    run.started_at = run.started_at or unit.now
    run.total = run.done + run.failed + total
    run.heartbeat_at = real_now()
    await unit.session.flush()


async def count_on(unit: Unit, run_id: int, *, done: int, failed: int) -> None:
    """Progress, committed together with the chunk that it counts."""
    statement = update(JobRun).where(JobRun.id == run_id)
    counted: dict[str, object] = {"done": JobRun.done + done, "failed": JobRun.failed + failed}
    at_least = JobRun.done + JobRun.failed + done + failed
    counted |= {"total": case((JobRun.total < at_least, at_least), else_=JobRun.total), "heartbeat_at": real_now()}
    await unit.session.execute(statement.values(counted), execution_options={"synchronize_session": False})


async def set_aside(unit: Unit, run_id: int, *, step: str, reasons: Mapping[int, str]) -> int:
    """Leave these accounts out of the rest of the run, each with the reason why. Answers with how many are new."""
    known = set(await accounts_aside(unit.session, run_id))
    rows = [
        {"job_run_id": run_id, "account_id": account_id, "step": step, "reason": reason, "at": unit.now}
        for account_id, reason in reasons.items()
        if account_id not in known
    ]
    if rows:
        await unit.session.execute(insert(SetAside), rows)
    return len(rows)


async def end(unit: Unit, run_id: int) -> None:
    """The run has nothing more to do; where others are still at a chunk of it, the last of them ends it.

    Where it counted less or more than was due at first, the total follows.
    """
    statement = select(JobRun).where(JobRun.id == run_id, JobRun.status.in_(LIVE)).with_for_update(skip_locked=True)
    run = (await unit.session.execute(statement)).scalar_one_or_none()
    if run is not None:
        run.status = JobRunStatus.DONE_WITH_FAILURES if run.failed else JobRunStatus.DONE
        run.finished_at, run.step = unit.now, None
        run.total = run.done + run.failed
        await unit.session.flush()
