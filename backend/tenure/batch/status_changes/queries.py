"""The accounts of status change jobs, and those that can be claimed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.events.models import Event
from tenure.events.queries import is_of_account
from tenure.jobs.models import (
    JobRun,
    StatusChangeJob,
    StatusChangeResult,
    StatusChangeResultStatus,
)
from tenure.jobs.queries import LIVE
from tenure.kernel.dialects import in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit

IS_PENDING = StatusChangeResult.status == StatusChangeResultStatus.PENDING
# Accounts that a job has not changed. Those that are PENDING after its end were cancelled.
IS_NOT_CHANGED = StatusChangeResult.status.in_(
    (StatusChangeResultStatus.FAILED, StatusChangeResultStatus.PENDING)
)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts that a job is to change, and the input field that selects them.

    An expected number of `counted_up_to` stands for any larger number too.
    """

    ids: Select[int]
    path: str
    expected_count: int | None = None
    counted_up_to: int | None = None


@dataclass(frozen=True, slots=True)
class ResultClaim:
    """Locked results of a job, by the ids of their accounts."""

    of_accounts: dict[int, int]

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the results."""
        return list(self.of_accounts.values())


def accounts_of(account_ids: Sequence[int]) -> Select[int]:
    """These accounts."""
    return select(Account.id).where(in_ids(Account.id, account_ids))


async def unknown_accounts(unit: Unit, account_ids: Sequence[int]) -> set[int]:
    """Those of the ids that no account has."""
    return set(account_ids) - set((await unit.session.execute(accounts_of(account_ids))).scalars())


def unchanged_accounts(job_run_id: int) -> Select[int]:
    """The accounts that a job has not changed."""
    return select(StatusChangeResult.account_id).where(
        StatusChangeResult.job_run_id == job_run_id, IS_NOT_CHANGED
    )


async def job_of_run(session: AsyncSession, job_run_id: int) -> StatusChangeJob:
    """The change that a run makes."""
    jobs = select(StatusChangeJob).where(StatusChangeJob.job_run_id == job_run_id)
    return (await session.execute(jobs)).scalar_one()


async def count_pending(session: AsyncSession, job_run_id: int) -> int:
    """The number of accounts that a run has not tried yet."""
    pending = select(func.count()).where(StatusChangeResult.job_run_id == job_run_id, IS_PENDING)
    return int((await session.execute(pending)).scalar_one())


async def count_all_pending(session: AsyncSession) -> int:
    """The number of accounts that live runs have not tried yet."""
    live = select(JobRun.id).where(JobRun.status.in_(LIVE))
    pending = select(func.count()).where(StatusChangeResult.job_run_id.in_(live), IS_PENDING)
    return int((await session.execute(pending)).scalar_one())


async def claimed_results(unit: Unit, job_run_id: int, *, limit: int) -> ResultClaim:
    """Locks the next pending results of the lowest level that has any.

    The accounts of a level wait for those that pay for them, also where another worker has locked
    these: its results are pending until it commits.
    """
    pending = (StatusChangeResult.job_run_id == job_run_id, IS_PENDING)
    lowest = select(func.min(StatusChangeResult.level)).where(*pending).scalar_subquery()
    rows = (
        select(StatusChangeResult.account_id, StatusChangeResult.id)
        .where(*pending, StatusChangeResult.level == lowest)
        .order_by(StatusChangeResult.id)
        .limit(limit)
    )
    locked = for_no_key_update(rows, of=StatusChangeResult, skip_locked=True)
    found = (await unit.session.execute(locked)).all()
    return ResultClaim({row.account_id: row.id for row in found})


async def still_pending(unit: Unit, result_ids: Sequence[int]) -> Sequence[int]:
    """The results that are still pending, locked until the unit ends."""
    pending = select(StatusChangeResult.id).where(
        in_ids(StatusChangeResult.id, result_ids), IS_PENDING
    )
    locked = for_no_key_update(pending.order_by(StatusChangeResult.id))
    return (await unit.session.execute(locked)).scalars().all()


async def changed_targets(unit: Unit, change_ids: Sequence[int]) -> set[int]:
    """The accounts that these changes were made to and that have changed."""
    if not change_ids:
        return set()
    targets = select(Event.account_id).where(
        Event.id >= min(change_ids),
        Event.change_id.in_(change_ids),
        is_of_account(True),
        Event.followed_id.is_(None),
    )
    return set((await unit.session.execute(targets)).scalars())
