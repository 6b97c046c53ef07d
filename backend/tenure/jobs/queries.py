"""Finding job runs."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.unit import Unit

LIVE = (JobRunStatus.QUEUED, JobRunStatus.RUNNING)


async def live_runs(session: AsyncSession) -> Sequence[int]:
    """The ids of the runs that have not ended, oldest first."""
    return (await session.execute(select(JobRun.id).where(JobRun.status.in_(LIVE)).order_by(JobRun.id))).scalars().all()


async def live_run_of(unit: Unit, kind: JobKind, business_date: date) -> JobRun | None:
    """The run of that kind and date that has not ended, if there is one."""
    statement = select(JobRun).where(
        JobRun.kind == kind, JobRun.business_date == business_date, JobRun.status.in_(LIVE)
    )
    return (await unit.session.execute(statement)).scalar_one_or_none()


async def is_live(unit: Unit, run_id: int) -> bool:
    """True while the run has not ended: somebody may cancel it at any time."""
    statement = select(JobRun.id).where(JobRun.id == run_id, JobRun.status.in_(LIVE))
    return (await unit.session.execute(statement)).first() is not None
