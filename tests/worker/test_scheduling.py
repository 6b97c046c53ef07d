"""Due jobs are started once and run, also without a wake-up message."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import EventCommit
from tenure.holds.models import Status
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.unit import Runtime, Unit
from tenure.status.changes.actions import change_account
from tenure.status.changes.rules import StatusRequest
from tenure.worker import actors
from tenure.worker.actors import run_due_jobs
from tenure.worker.scheduler import scheduling, start_due_jobs
from tests.builders import account
from tests.conftest import ANA, NOON, set_clock


async def test_each_day_has_one_bill_day(runtime: Runtime) -> None:
    """Rules 6.5: the first check of a day starts it; days without a check have no run."""
    assert await start_due_jobs(runtime) is True
    assert await start_due_jobs(runtime) is True
    await run_due_jobs(runtime)
    assert await start_due_jobs(runtime) is False
    await set_clock(runtime, NOON + timedelta(days=3))
    await run_due_jobs(runtime)
    assert await start_due_jobs(runtime) is False
    async with runtime.database.reading() as session:
        runs = await session.execute(
            select(JobRun.kind, JobRun.status, JobRun.business_date).order_by(JobRun.id)
        )
        days = [NOON.date(), (NOON + timedelta(days=3)).date()]
        assert [tuple(run) for run in runs] == [
            (JobKind.BILL_DAY, JobRunStatus.DONE, day) for day in days
        ]


async def test_a_bill_day_that_was_cancelled_is_not_started_again_by_itself(
    runtime: Runtime,
) -> None:
    await start_due_jobs(runtime)
    async with runtime.unit(ANA) as unit:
        await cancel(unit, 1)
    assert await start_due_jobs(runtime) is False


async def test_the_bill_day_begins_with_what_is_due(runtime: Runtime) -> None:
    """Rules 4.4 and 6.5: deferred actions are its first step, without another run."""
    await _schedule_inactivation(runtime)
    await set_clock(runtime, NOON + timedelta(days=1))
    await start_due_jobs(runtime)
    assert await _runs(runtime) == []
    await run_due_jobs(runtime)
    assert await _states(runtime) == [DeferredStatus.DONE]
    assert await _runs(runtime) == []


async def test_nothing_due_starts_nothing(runtime: Runtime) -> None:
    await _schedule_inactivation(runtime)
    await run_due_jobs(runtime)
    assert await start_due_jobs(runtime) is False
    assert await _runs(runtime) == []


async def test_what_is_due_is_one_run_however_often_it_is_looked_for(runtime: Runtime) -> None:
    """Rules 4.6 and 4.10: two schedulers at once double nothing."""
    await _schedule_inactivation(runtime)
    await run_due_jobs(runtime)
    await set_clock(runtime, NOON + timedelta(hours=1))
    assert await start_due_jobs(runtime) is True
    assert await start_due_jobs(runtime) is True
    assert await _runs(runtime) == [(JobRunStatus.QUEUED, "scheduler", 0, 0)]
    await run_due_jobs(runtime)
    await run_due_jobs(runtime)
    assert await _runs(runtime) == [(JobRunStatus.DONE, "scheduler", 1, 0)]
    assert await _states(runtime) == [DeferredStatus.DONE]


async def test_a_worker_starts_what_a_set_clock_made_due(runtime: Runtime) -> None:
    await _schedule_inactivation(runtime)
    await set_clock(runtime, NOON + timedelta(days=3))
    await run_due_jobs(runtime)
    assert await _states(runtime) == [DeferredStatus.DONE]


async def test_a_run_that_was_left_behind_is_taken_up(runtime: Runtime) -> None:
    """Rules 4.6: a worker killed at any instant, a message lost."""

    async def ask(unit: Unit) -> None:
        run = await start(unit, kind=JobKind.DEFERRED_ACTIONS)
        run.status = JobRunStatus.RUNNING

    await runtime.run_in_unit(ANA, ask)
    assert await start_due_jobs(runtime) is True
    await run_due_jobs(runtime)
    assert await _runs(runtime) == [(JobRunStatus.DONE, ANA.name, 0, 0)]


async def test_a_run_that_fails_does_not_stop_the_others(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (0, 1):
        day = (NOON - timedelta(days=days)).date()

        async def ask(unit: Unit, day: object = day) -> None:
            kind = JobKind.DEFERRED_ACTIONS
            await start(unit, kind=kind, business_date=day)  # type: ignore[arg-type]

        await runtime.run_in_unit(ANA, ask)
    tried: list[int] = []

    async def fail(_: Runtime, job_run_id: int) -> None:
        tried.append(job_run_id)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actors, "execute_run", fail)
    await run_due_jobs(runtime)
    # Both, and the bill day of today.
    assert len(tried) == 3


async def _schedule_inactivation(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        account_id = await account(unit)
        await change_account(
            unit,
            account_id,
            StatusRequest(to=Status.INACTIVE, defer_until=NOON + timedelta(hours=1)),
        )


async def _runs(runtime: Runtime) -> list[tuple[JobRunStatus, str, int, int]]:
    """The runs between the bill days."""
    async with runtime.database.reading() as session:
        between = select(JobRun).where(JobRun.kind == JobKind.DEFERRED_ACTIONS)
        rows = await session.scalars(between.order_by(JobRun.id))
        return [(run.status, run.requested_by, run.done, run.failed) for run in rows]


async def _states(runtime: Runtime) -> list[DeferredStatus]:
    async with runtime.database.reading() as session:
        return list(await session.scalars(select(DeferredAction.status)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_each_look_assigns_positions_to_commits(runtime: Runtime) -> None:
    """While nobody subscribes, too: the first one to do so need not assign millions."""
    async with runtime.unit(ANA) as unit:
        await account(unit, "Carla")
    async with scheduling(runtime, lambda: None, seconds=60):
        pass
    async with runtime.database.reading() as session:
        unassigned = select(EventCommit).where(EventCommit.position.is_(None))
        assert (await session.scalars(unassigned)).all() == []
        assert (await session.scalars(select(EventCommit))).all() != []
