"""Job runs, the amounts of their totals, and when their steps finished."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenure.jobs.models import JobKind, JobRun, JobRunStatus, JobStep, JobTotal, QuarantinedAccount
from tenure.kernel.locks import for_key_share
from tenure.kernel.sums import exact_parts
from tenure.kernel.unit import Unit

LIVE = (JobRunStatus.QUEUED, JobRunStatus.RUNNING)
DONE = (JobRunStatus.DONE, JobRunStatus.DONE_WITH_FAILURES)

_next = aliased(JobStep)
_NEXT_STARTED_AT = (
    select(_next.started_at)
    .where(_next.job_run_id == JobStep.job_run_id, _next.place > JobStep.place)
    .order_by(_next.place)
    .limit(1)
    .correlate(JobStep)
    .scalar_subquery()
)
_RUN_DONE_AT = (
    select(JobRun.finished_at)
    .where(JobRun.id == JobStep.job_run_id, JobRun.status.in_(DONE))
    .correlate(JobStep)
    .scalar_subquery()
)
# A step finishes when the next one begins; the last step with the run.
STEP_FINISHED_AT = func.coalesce(_NEXT_STARTED_AT, _RUN_DONE_AT)
_failed_run = aliased(JobRun)
_later_run = aliased(JobRun)
_RETRY = select(_later_run.id).where(
    _later_run.id > _failed_run.id,
    _later_run.kind == JobKind.BILL_DAY,
    _later_run.status.in_(DONE),
    _later_run.business_date >= _failed_run.business_date,
)
_NOT_RETRIED = select(_failed_run.id).where(_failed_run.kind == JobKind.BILL_DAY, ~_RETRY.exists())
_quarantined = aliased(QuarantinedAccount)
_LAST_FAILURES = (
    select(func.max(_quarantined.id))
    .where(_quarantined.job_run_id.in_(_NOT_RETRIED))
    .group_by(_quarantined.account_id)
)
# The last failure of an account until a run of that date or a later one is completed. A run of an
# earlier date, or one that is cancelled, retries not all accounts.
AWAITS_RETRY: ColumnElement[bool] = QuarantinedAccount.id.in_(_LAST_FAILURES)
TOTAL_AMOUNT = exact_parts(JobTotal.millions, JobTotal.amount)


async def live_runs(session: AsyncSession) -> Sequence[int]:
    """The ids of live runs, in the order in which they are executed; see `gives_way`."""
    order = (precedence(JobRun), JobRun.id)
    runs = select(JobRun.id).where(JobRun.status.in_(LIVE)).order_by(*order)
    return (await session.execute(runs)).scalars().all()


def precedence(run: type[JobRun]) -> ColumnElement[int]:
    """Runs with a greater number give way to those with a smaller one, between two chunks.

    Status changes and imports may take long, and what is due at a time does not wait for them.
    """
    return case((run.kind == JobKind.STATUS_CHANGE, 1), (run.kind == JobKind.IMPORT, 2), else_=0)


def gives_way(run: type[JobRun], *, today: date | None = None) -> ColumnElement[bool]:
    """True while a live run is executed before this one; with `today`, one that can begin now."""
    first = aliased(JobRun)
    is_first = precedence(first) < precedence(run)
    found = select(first.id).where(first.status.in_(LIVE), is_first)
    if today is not None:
        found = found.where(first.business_date <= today)
    return found.correlate(run).exists()


async def must_give_way(unit: Unit, run_id: int) -> bool:
    """True if a run that is executed before this one is live, and its business date has begun."""
    statement = select(gives_way(JobRun, today=unit.today)).where(JobRun.id == run_id)
    return bool((await unit.session.execute(statement)).scalar_one())


async def newest_run(session: AsyncSession) -> int:
    """The id of the most recently requested run, or 0."""
    return (await session.execute(select(func.max(JobRun.id)))).scalar_one() or 0


async def live_watched_or_new(
    session: AsyncSession, watched: Collection[int], newest: int
) -> Sequence[JobRun]:
    """Live runs, watched runs, and runs after the `newest` one, oldest first."""
    selected = or_(JobRun.status.in_(LIVE), JobRun.id.in_(watched), JobRun.id > newest)
    return (
        (await session.execute(select(JobRun).where(selected).order_by(JobRun.id))).scalars().all()
    )


async def live_run_of(unit: Unit, kind: JobKind, business_date: date) -> JobRun | None:
    """The live run of that kind and date, if any."""
    statement = select(JobRun).where(
        JobRun.kind == kind, JobRun.business_date == business_date, JobRun.status.in_(LIVE)
    )
    return (await unit.session.execute(statement)).scalar_one_or_none()


async def is_live(unit: Unit, run_id: int) -> bool:
    """True while the run is live. It can be cancelled meanwhile, but not `end` before the unit."""
    statement = select(JobRun.id).where(JobRun.id == run_id, JobRun.status.in_(LIVE))
    return (await unit.session.execute(for_key_share(statement))).first() is not None


async def last_done(session: AsyncSession, kind: JobKind) -> date | None:
    """The latest business date for which a run of this kind finished."""
    done = select(func.max(JobRun.business_date)).where(
        JobRun.kind == kind, JobRun.status.in_(DONE)
    )
    return (await session.execute(done)).scalar_one()


async def latest_begun_date(session: AsyncSession, run_id: int) -> date | None:
    """The latest date of which the run has begun a step; None if it has begun none."""
    begun = select(func.max(JobStep.business_date)).where(JobStep.job_run_id == run_id)
    return (await session.execute(begun)).scalar_one()


async def newest_run_of(session: AsyncSession, kind: JobKind, business_date: date) -> JobRun | None:
    """The most recently requested run of that kind and date, in any status."""
    runs = select(JobRun).where(JobRun.kind == kind, JobRun.business_date == business_date)
    return (await session.execute(runs.order_by(JobRun.id.desc()).limit(1))).scalar_one_or_none()


async def quarantined_accounts(session: AsyncSession, run_id: int) -> Sequence[int]:
    """The accounts that a run has quarantined."""
    return (
        (
            await session.execute(
                select(QuarantinedAccount.account_id).where(QuarantinedAccount.job_run_id == run_id)
            )
        )
        .scalars()
        .all()
    )
