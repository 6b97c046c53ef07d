"""Rules 4.4 and 4.10: a run of the job for a business day, also one that was missed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tenure.business.actions import update_settings
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.jobs.actions import begin, cancel, count_on, start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Workplace
from tenure.wiring import carry_out_run
from tests.builders import account, run_job, set_account
from tests.checks import ABE, MIA, VIC, account_stands, action, forbidden, nothing_written, refused, row, rows
from tests.conftest import ANA, NOON, set_clock

TODAY = date(2026, 11, 10)
DONE, PENDING = DeferredStatus.DONE, DeferredStatus.PENDING


async def asked_for(workplace: Workplace, business_date: date | None = None) -> int:
    """The id of the run that asking for one answers with."""
    async with workplace.unit(MIA) as unit:
        return (await start(unit, kind=JobKind.DEFERRED_ACTIONS, business_date=business_date)).id


async def promised(workplace: Workplace, *times: datetime) -> list[int]:
    """Promises for these times, each on an account of its own."""
    async with workplace.unit(ANA) as unit:
        made = [
            await set_account(unit, await account(unit, f"Of {time}"), Status.INACTIVE, defer_until=time)
            for time in times
        ]
    return [it.deferred_action_id for it in made if it.deferred_action_id is not None]


async def become(workplace: Workplace, action_ids: list[int]) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(workplace, it)).status for it in action_ids]


async def test_asking_twice_answers_the_same_run(workplace: Workplace) -> None:
    """Rules 4.10: while it has not ended, with and without its date; another day has another run."""
    first = await asked_for(workplace)
    async with nothing_written(workplace):
        assert await asked_for(workplace) == first
        assert await asked_for(workplace, TODAY) == first
    assert await asked_for(workplace, TODAY - timedelta(days=1)) != first
    found = await row(workplace, JobRun, first)
    assert (found.status, found.business_date, found.requested_by) == (JobRunStatus.QUEUED, TODAY, MIA.name)


async def test_ended_run_is_followed_by_a_new_one(workplace: Workplace) -> None:
    """Rules 4.10: for the same date."""
    first = await run_job(workplace)
    assert (await row(workplace, JobRun, first)).status == JobRunStatus.DONE
    assert await asked_for(workplace) != first


async def test_date_in_the_future(workplace: Workplace) -> None:
    """Rules 4.10: OUT_OF_RANGE."""
    async with refused(workplace, ErrorCode.OUT_OF_RANGE, "business_date"):
        await asked_for(workplace, TODAY + timedelta(days=1))


async def test_business_day_is_that_of_the_time_zone(workplace: Workplace) -> None:
    """Rules 1: at noon in UTC, the next day has begun in Auckland."""
    async with workplace.unit(ANA) as unit:
        await update_settings(unit, time_zone="Pacific/Auckland")
    run_id = await asked_for(workplace)
    assert (await row(workplace, JobRun, run_id)).business_date == TODAY + timedelta(days=1)


async def test_missed_days_are_caught_up(workplace: Workplace) -> None:
    """Rules 4.4: one run carries out everything that is due, also of days ago; what is not due stays."""
    days = [NOON + timedelta(days=day) for day in (1, 2, 3, 10)]
    ids = await promised(workplace, *days)
    await set_clock(workplace, NOON + timedelta(days=9))
    run_id = await run_job(workplace)
    assert await become(workplace, ids) == [DONE, DONE, DONE, PENDING]
    found = await row(workplace, JobRun, run_id)
    assert (found.status, found.total, found.done, found.failed) == (JobRunStatus.DONE, 3, 3, 0)
    assert (found.started_at, found.finished_at) == (NOON + timedelta(days=9), NOON + timedelta(days=9))


async def test_due_at_a_time_of_day(workplace: Workplace) -> None:
    """Rules 4.4: between days too; at that very instant, not before."""
    [promise] = await promised(workplace, NOON + timedelta(hours=1))
    await set_clock(workplace, NOON + timedelta(hours=1) - timedelta(microseconds=1))
    await run_job(workplace)
    assert await become(workplace, [promise]) == [PENDING]
    await set_clock(workplace, NOON + timedelta(hours=1))
    await run_job(workplace)
    assert await become(workplace, [promise]) == [DONE]


@pytest.mark.parametrize(
    ("time_zone", "midnight"),
    [("UTC", datetime(2026, 11, 11, tzinfo=UTC)), ("America/New_York", datetime(2026, 11, 11, 5, tzinfo=UTC))],
)
async def test_run_for_a_past_day_takes_what_came_due_on_it(
    workplace: Workplace, time_zone: str, midnight: datetime
) -> None:
    """Reading of rules 1 and 4.4: until that business day's end, half open; the rest is left to later runs."""
    async with workplace.unit(ANA) as unit:
        await update_settings(unit, time_zone=time_zone)
    ids = await promised(workplace, midnight - timedelta(microseconds=1), midnight)
    await set_clock(workplace, NOON + timedelta(days=5))
    run_id = await run_job(workplace, TODAY)
    assert await become(workplace, ids) == [DONE, PENDING]
    assert (await row(workplace, JobRun, run_id)).business_date == TODAY
    await run_job(workplace)
    assert await become(workplace, ids) == [DONE, DONE]


async def test_nothing_due(workplace: Workplace) -> None:
    """A run that finds nothing ends as well."""
    found = await row(workplace, JobRun, await run_job(workplace))
    assert (found.status, found.total, found.done, found.failed) == (JobRunStatus.DONE, 0, 0, 0)


async def test_progress_is_told(workplace: Workplace) -> None:
    """Done, failed and total after each chunk."""
    ids = await promised(workplace, *[NOON + timedelta(hours=1)] * 3)
    await set_clock(workplace, NOON + timedelta(days=1))
    seen: list[tuple[int, int, int]] = []
    await carry_out_run(workplace, await asked_for(workplace), lambda *counts: seen.append(counts))
    assert seen == [(3, 0, 3)]
    assert await become(workplace, ids) == [DONE] * 3


async def test_asking_wakes_the_workers(workplace: Workplace) -> None:
    """Once it is committed, so that they find it; not where it is refused."""
    woken: list[Any] = []
    place = Workplace(workplace.database, clock_settable=True, wake_workers=lambda: woken.append(1))
    await asked_for(place)
    assert len(woken) == 1
    async with refused(place, ErrorCode.OUT_OF_RANGE, "business_date"):
        await asked_for(place, TODAY + timedelta(days=1))
    assert len(woken) == 1


async def test_cancelled_run_has_ended(workplace: Workplace) -> None:
    """What it counted stays; who cancelled it is kept; a late message changes nothing, and the next run does the rest."""
    ids = await promised(workplace, *[NOON + timedelta(hours=1)] * 3)
    await set_clock(workplace, NOON + timedelta(days=1))
    run_id = await asked_for(workplace)
    async with workplace.unit(ANA) as unit:
        step_id = await begin(
            unit, await unit.session.get_one(JobRun, run_id), step="deferred actions", on=TODAY, total=3
        )
        await count_on(unit, run_id, step_id=step_id, done=1, failed=0)
    async with workplace.unit(MIA) as unit:
        await cancel(unit, run_id)
    found = await row(workplace, JobRun, run_id)
    assert (found.status, found.finished_at, found.step) == (JobRunStatus.CANCELLED, NOON + timedelta(days=1), None)
    assert (found.total, found.done, found.failed, found.failure) == (3, 1, 0, f"Cancelled by {MIA.name}.")
    async with nothing_written(workplace):
        await carry_out_run(workplace, run_id)
    assert await become(workplace, ids) == [PENDING] * 3
    assert await run_job(workplace) != run_id
    assert await become(workplace, ids) == [DONE] * 3


async def test_queued_run_is_cancelled(workplace: Workplace) -> None:
    """Before anybody has begun it; then the same day can be asked for anew."""
    run_id = await asked_for(workplace)
    async with workplace.unit(MIA) as unit:
        await cancel(unit, run_id)
    assert (await row(workplace, JobRun, run_id)).status == JobRunStatus.CANCELLED
    assert await asked_for(workplace) != run_id


async def test_ended_and_unknown_runs_are_not_cancelled(workplace: Workplace) -> None:
    """NOT_ALLOWED, also for one that was cancelled; NOT_FOUND."""
    done, cancelled = await run_job(workplace), await asked_for(workplace)
    async with workplace.unit(MIA) as unit:
        await cancel(unit, cancelled)
    for run_id in (done, cancelled):
        async with refused(workplace, ErrorCode.NOT_ALLOWED, "job_run_id"), workplace.unit(MIA) as unit:
            await cancel(unit, run_id)
    async with refused(workplace, ErrorCode.NOT_FOUND, "job_run_id"), workplace.unit(MIA) as unit:
        await cancel(unit, 4711)


@pytest.mark.parametrize("actor", [VIC, ABE])
async def test_jobs_need_a_manager(workplace: Workplace, actor: Any) -> None:
    """Rules 10: neither a viewer nor an agent starts or cancels one."""
    async with forbidden(workplace), workplace.unit(actor) as unit:
        await start(unit, kind=JobKind.DEFERRED_ACTIONS)
    assert await rows(workplace, JobRun) == []
    run_id = await asked_for(workplace)
    async with forbidden(workplace), workplace.unit(actor) as unit:
        await cancel(unit, run_id)


async def test_effects_are_those_of_a_change_by_hand(workplace: Workplace) -> None:
    """Rules 4.2: the same mutation, later."""
    [promise] = await promised(workplace, NOON + timedelta(hours=1))
    await set_clock(workplace, NOON + timedelta(days=1))
    await run_job(workplace)
    owner = (await action(workplace, promise)).account_id
    assert await account_stands(workplace, owner) == "INACTIVE (INACTIVE MANUAL)"
