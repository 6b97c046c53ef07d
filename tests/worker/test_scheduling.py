"""What is due is started once, carried out, and looked for again; nothing depends on a message."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import EventCommit
from tenure.holds.models import Status
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.unit import Unit, Workplace
from tenure.lifecycle.actions import change_account
from tenure.lifecycle.rules import StatusRequest
from tenure.worker import actors
from tenure.worker.actors import work_off
from tenure.worker.scheduler import scheduling, start_what_is_due
from tests.builders import account
from tests.conftest import ANA, NOON, set_clock


async def test_each_day_has_one_bill_day(workplace: Workplace) -> None:
    """Rules 6.5: whoever looks first starts it, at whatever time of the day, and days that nobody looked at are no runs."""
    assert await start_what_is_due(workplace) is True
    assert await start_what_is_due(workplace) is True
    await work_off(workplace)
    assert await start_what_is_due(workplace) is False
    await set_clock(workplace, NOON + timedelta(days=3))
    await work_off(workplace)
    assert await start_what_is_due(workplace) is False
    async with workplace.database.reading() as session:
        runs = await session.execute(select(JobRun.kind, JobRun.status, JobRun.business_date).order_by(JobRun.id))
        days = [NOON.date(), (NOON + timedelta(days=3)).date()]
        assert [tuple(run) for run in runs] == [(JobKind.BILL_DAY, JobRunStatus.DONE, day) for day in days]


async def test_a_bill_day_that_was_cancelled_is_not_started_again_by_itself(workplace: Workplace) -> None:
    await start_what_is_due(workplace)
    async with workplace.unit(ANA) as unit:
        await cancel(unit, 1)
    assert await start_what_is_due(workplace) is False


async def test_the_bill_day_begins_with_what_is_due(workplace: Workplace) -> None:
    """Rules 4.4 and 6.5: at the start of the day deferred actions are its first step, and no run beside it."""
    await _promise(workplace)
    await set_clock(workplace, NOON + timedelta(days=1))
    await start_what_is_due(workplace)
    assert await _runs(workplace) == []
    await work_off(workplace)
    assert await _states(workplace) == [DeferredStatus.DONE]
    assert await _runs(workplace) == []


async def test_nothing_due_starts_nothing(workplace: Workplace) -> None:
    await _promise(workplace)
    await work_off(workplace)
    assert await start_what_is_due(workplace) is False
    assert await _runs(workplace) == []


async def test_what_is_due_is_one_run_however_often_it_is_looked_for(workplace: Workplace) -> None:
    """Rules 4.6 and 4.10: two schedulers at once double nothing."""
    await _promise(workplace)
    await work_off(workplace)
    await set_clock(workplace, NOON + timedelta(hours=1))
    assert await start_what_is_due(workplace) is True
    assert await start_what_is_due(workplace) is True
    assert await _runs(workplace) == [(JobRunStatus.QUEUED, "scheduler", 0, 0)]
    await work_off(workplace)
    await work_off(workplace)
    assert await _runs(workplace) == [(JobRunStatus.DONE, "scheduler", 1, 0)]
    assert await _states(workplace) == [DeferredStatus.DONE]


async def test_a_worker_starts_what_a_set_clock_made_due(workplace: Workplace) -> None:
    await _promise(workplace)
    await set_clock(workplace, NOON + timedelta(days=3))
    await work_off(workplace)
    assert await _states(workplace) == [DeferredStatus.DONE]


async def test_a_run_that_was_left_behind_is_taken_up(workplace: Workplace) -> None:
    """Rules 4.6: a worker killed at any instant, a message lost."""

    async def ask(unit: Unit) -> None:
        run = await start(unit, kind=JobKind.DEFERRED_ACTIONS)
        run.status = JobRunStatus.RUNNING

    await workplace.carry_out(ANA, ask)
    assert await start_what_is_due(workplace) is True
    await work_off(workplace)
    assert await _runs(workplace) == [(JobRunStatus.DONE, ANA.name, 0, 0)]


async def test_a_run_that_fails_does_not_stop_the_others(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (0, 1):
        day = (NOON - timedelta(days=days)).date()

        async def ask(unit: Unit, day: object = day) -> None:
            await start(unit, kind=JobKind.DEFERRED_ACTIONS, business_date=day)  # type: ignore[arg-type]

        await workplace.carry_out(ANA, ask)
    tried: list[int] = []

    async def fail(_: Workplace, job_run_id: int) -> None:
        tried.append(job_run_id)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actors, "carry_out_run", fail)
    await work_off(workplace)
    # Both, and the bill day of today.
    assert len(tried) == 3


async def _promise(workplace: Workplace) -> None:
    async with workplace.unit(ANA) as unit:
        account_id = await account(unit)
        await change_account(unit, account_id, StatusRequest(to=Status.INACTIVE, defer_until=NOON + timedelta(hours=1)))


async def _runs(workplace: Workplace) -> list[tuple[JobRunStatus, str, int, int]]:
    """The runs between the bill days."""
    async with workplace.database.reading() as session:
        between = select(JobRun).where(JobRun.kind == JobKind.DEFERRED_ACTIONS)
        rows = await session.scalars(between.order_by(JobRun.id))
        return [(run.status, run.requested_by, run.done, run.failed) for run in rows]


async def _states(workplace: Workplace) -> list[DeferredStatus]:
    async with workplace.database.reading() as session:
        return list(await session.scalars(select(DeferredAction.status)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_each_look_assigns_positions_to_commits(workplace: Workplace) -> None:
    """While nobody subscribes, too: the first one to do so need not assign millions."""
    async with workplace.unit(ANA) as unit:
        await account(unit, "Carla")
    async with scheduling(workplace, lambda: None, seconds=60):
        pass
    async with workplace.database.reading() as session:
        unassigned = select(EventCommit).where(EventCommit.position.is_(None))
        assert (await session.scalars(unassigned)).all() == []
        assert (await session.scalars(select(EventCommit))).all() != []
