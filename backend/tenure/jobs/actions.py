"""The life of a job run: asked for, begun, counted on with each chunk, ended."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import case, func, insert, literal, select, true, update
from sqlalchemy.dialects.postgresql import (
    insert as insert_or_update,  # SQLite says it in the same words.
)

from tenure.jobs.models import JobKind, JobRun, JobRunStatus, JobStep, JobTotal, QuarantinedAccount
from tenure.jobs.queries import LIVE, live_run_of, quarantined_accounts
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import AnySelect
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.unit import Unit

# A lock that waits for nobody who is at a chunk of the run (see `is_live`).
AMONG_WORKERS = {"key_share": True}
# A run that could not be carried out so often is FAILED. Workers try it again at their next wake-up.
MAX_ATTEMPTS = 3


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
    run = await unit.session.get(
        JobRun, run_id, with_for_update=AMONG_WORKERS, populate_existing=True
    )
    if run is None:
        raise NotFoundError("job run", ("job_run_id",))
    if run.status not in LIVE:
        raise TenureError(
            ErrorCode.NOT_ALLOWED, f"The job run has ended: it is {run.status}.", ("job_run_id",)
        )
    run.status, run.finished_at, run.step = JobRunStatus.CANCELLED, unit.now, None
    run.failure = f"Cancelled by {unit.actor.name}."
    await unit.session.flush()
    return run


async def fail(unit: Unit, run_id: int, reason: str, *, undone: int = 0) -> None:
    """End a live run as FAILED, for a reason that a person understands. What was carried out stays so.

    `undone` entries were counted as done in the current step, and are not.
    """
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=AMONG_WORKERS, populate_existing=True
    )
    if run.status in LIVE:
        await count_on(unit, run_id, step_id=await _step_id(unit, run), done=-undone, failed=0)
        await unit.session.refresh(run)
        step = f"Step “{run.step}”: " if run.step else ""
        run.status, run.finished_at, run.step = JobRunStatus.FAILED, unit.now, None
        run.failure = f"{step}{reason}"
        await unit.session.flush()


async def count_failed_attempt(unit: Unit, run_id: int, reason: str) -> int:
    """A worker had to give up the run as a whole; after MAX_ATTEMPTS it is FAILED. Answers with the number of attempts."""
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=AMONG_WORKERS, populate_existing=True
    )
    run.failed_attempts += 1
    await unit.session.flush()
    if run.failed_attempts >= MAX_ATTEMPTS:
        await fail(
            unit, run_id, f"It could not be carried out in {run.failed_attempts} attempts. {reason}"
        )
    return run.failed_attempts


async def wait_for_date(unit: Unit, run_id: int) -> None:
    """A live run whose date has not begun any more is QUEUED until it has."""
    run = await unit.session.get_one(
        JobRun, run_id, with_for_update=AMONG_WORKERS, populate_existing=True
    )
    if run.status is JobRunStatus.RUNNING:
        run.status, run.step = JobRunStatus.QUEUED, None
        await unit.session.flush()


async def begin(unit: Unit, run: JobRun, *, step: str, on: date, total: int) -> int:
    """The run works now; one that was picked up again keeps what it had counted. Answers with the id of the step."""
    run.status, run.step = JobRunStatus.RUNNING, step
    run.started_at = run.started_at or unit.now
    run.total = run.done + run.failed + total
    run.heartbeat_at = real_now()
    await unit.session.flush()
    return await _begin_step(unit, run.id, step=step, on=on, total=total)


async def _step_id(unit: Unit, run: JobRun) -> int | None:
    """The step that the run is at."""
    current = select(JobStep.id).where(JobStep.job_run_id == run.id, JobStep.name == run.step)
    return (await unit.session.execute(current)).scalar()


async def _begin_step(unit: Unit, run_id: int, *, step: str, on: date, total: int) -> int:
    """Who comes late to a step, or takes up a run that was cut off, finds it begun: it keeps its place and its start."""
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


async def count_on(unit: Unit, run_id: int, *, step_id: int | None, done: int, failed: int) -> None:
    """Progress of the run and of its step, committed together with the chunk that it counts."""
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


async def add_up(unit: Unit, run_id: int, made: AnySelect) -> None:
    """Add what was made to the totals of the run, in the transaction that made it.

    `made` yields kind, currency, count, and the sum in two parts: millions of the currency, and the rest. To be called after `count_on`, behind whose lock the adders queue.
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
    """Leave these accounts out of the rest of the run, each with the reason why. Answers with how many are new."""
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
    """The run has nothing more to do; where others are still at a chunk of it, the last of them ends it.

    Where it counted less or more than was due at first, the total follows.
    """
    statement = (
        select(JobRun)
        .where(JobRun.id == run_id, JobRun.status.in_(LIVE))
        .with_for_update(skip_locked=True)
    )
    run = (await unit.session.execute(statement)).scalar_one_or_none()
    if run is not None:
        run.status = JobRunStatus.DONE_WITH_FAILURES if run.failed else JobRunStatus.DONE
        run.finished_at, run.step = unit.now, None
        run.total = run.done + run.failed
        await unit.session.flush()
