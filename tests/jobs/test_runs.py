"""Rules 4.4 and 4.10: a run of the job for a business day, also one that was missed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tenure.batch import execute_run
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.jobs.actions import add_progress, begin, cancel, start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tenure.settings.queries import BusinessReader
from tests.builders import account, run_job, set_account
from tests.checks import (
    ABE,
    MIA,
    VIC,
    account_state,
    action,
    forbidden,
    nothing_written,
    refused,
    row,
    rows,
)
from tests.conftest import ANA, NOON, set_clock

TODAY = date(2026, 11, 10)
DONE, PENDING = DeferredStatus.DONE, DeferredStatus.PENDING


async def asked_for(runtime: Runtime, business_date: date | None = None) -> int:
    """The id of the run that asking for one answers with."""
    async with runtime.unit(MIA) as unit:
        return (await start(unit, kind=JobKind.DEFERRED_ACTIONS, business_date=business_date)).id


async def promised(runtime: Runtime, *times: datetime) -> list[int]:
    """Promises for these times, each on an account of its own."""
    async with runtime.unit(ANA) as unit:
        made = [
            await set_account(
                unit, await account(unit, f"Of {time}"), Status.INACTIVE, defer_until=time
            )
            for time in times
        ]
    return [it.deferred_action_id for it in made if it.deferred_action_id is not None]


async def become(runtime: Runtime, action_ids: list[int]) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(runtime, it)).status for it in action_ids]


async def test_asking_twice_answers_the_same_run(runtime: Runtime) -> None:
    """Rules 4.10: while it is live, with and without its date; another day has another run."""
    first = await asked_for(runtime)
    async with nothing_written(runtime):
        assert await asked_for(runtime) == first
        assert await asked_for(runtime, TODAY) == first
    assert await asked_for(runtime, TODAY - timedelta(days=1)) != first
    found = await row(runtime, JobRun, first)
    assert (found.status, found.business_date, found.requested_by) == (
        JobRunStatus.QUEUED,
        TODAY,
        MIA.name,
    )


async def test_ended_run_is_followed_by_a_new_one(runtime: Runtime) -> None:
    """Rules 4.10: for the same date."""
    first = await run_job(runtime)
    assert (await row(runtime, JobRun, first)).status == JobRunStatus.DONE
    assert await asked_for(runtime) != first


async def test_date_in_the_future(runtime: Runtime) -> None:
    """Rules 4.10: OUT_OF_RANGE."""
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "business_date"):
        await asked_for(runtime, TODAY + timedelta(days=1))


async def test_business_day_is_that_of_the_time_zone(runtime: Runtime) -> None:
    """Rules 1: at noon in UTC, the next day has begun in Auckland."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone="Pacific/Auckland")
    run_id = await asked_for(runtime)
    assert (await row(runtime, JobRun, run_id)).business_date == TODAY + timedelta(days=1)


async def test_missed_days_are_caught_up(runtime: Runtime) -> None:
    """Rules 4.4: one run runs all due actions, also of earlier days, and no others."""
    days = [NOON + timedelta(days=day) for day in (1, 2, 3, 10)]
    ids = await promised(runtime, *days)
    await set_clock(runtime, NOON + timedelta(days=9))
    run_id = await run_job(runtime)
    assert await become(runtime, ids) == [DONE, DONE, DONE, PENDING]
    found = await row(runtime, JobRun, run_id)
    assert (found.status, found.total, found.done, found.failed) == (JobRunStatus.DONE, 3, 3, 0)
    assert (found.started_at, found.finished_at) == (
        NOON + timedelta(days=9),
        NOON + timedelta(days=9),
    )


async def test_due_at_a_time_of_day(runtime: Runtime) -> None:
    """Rules 4.4: between days too; at that very instant, not before."""
    [action_id] = await promised(runtime, NOON + timedelta(hours=1))
    await set_clock(runtime, NOON + timedelta(hours=1) - timedelta(microseconds=1))
    await run_job(runtime)
    assert await become(runtime, [action_id]) == [PENDING]
    await set_clock(runtime, NOON + timedelta(hours=1))
    await run_job(runtime)
    assert await become(runtime, [action_id]) == [DONE]


@pytest.mark.parametrize(
    ("time_zone", "midnight"),
    [
        ("UTC", datetime(2026, 11, 11, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 11, 5, tzinfo=UTC)),
    ],
)
async def test_run_for_a_past_day_takes_what_came_due_on_it(
    runtime: Runtime, time_zone: str, midnight: datetime
) -> None:
    """Rules 1, 4.4: actions until the end of that business day, exclusive."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, time_zone=time_zone)
    ids = await promised(runtime, midnight - timedelta(microseconds=1), midnight)
    await set_clock(runtime, NOON + timedelta(days=5))
    run_id = await run_job(runtime, TODAY)
    assert await become(runtime, ids) == [DONE, PENDING]
    assert (await row(runtime, JobRun, run_id)).business_date == TODAY
    await run_job(runtime)
    assert await become(runtime, ids) == [DONE, DONE]


async def test_nothing_due(runtime: Runtime) -> None:
    """A run that finds nothing ends as well."""
    found = await row(runtime, JobRun, await run_job(runtime))
    assert (found.status, found.total, found.done, found.failed) == (JobRunStatus.DONE, 0, 0, 0)


async def test_progress_is_told(runtime: Runtime) -> None:
    """Done, failed and total after each chunk."""
    ids = await promised(runtime, *[NOON + timedelta(hours=1)] * 3)
    await set_clock(runtime, NOON + timedelta(days=1))
    seen: list[tuple[int, int, int]] = []
    await execute_run(runtime, await asked_for(runtime), lambda *counts: seen.append(counts))
    assert seen == [(3, 0, 3)]
    assert await become(runtime, ids) == [DONE] * 3


async def test_asking_wakes_the_workers(runtime: Runtime) -> None:
    """Once it is committed, so that they find it; not where it is refused."""
    woken: list[Any] = []
    waking = Runtime(
        runtime.database, BusinessReader(clock_settable=True), wake_workers=lambda: woken.append(1)
    )
    await asked_for(waking)
    assert len(woken) == 1
    async with refused(waking, ErrorCode.OUT_OF_RANGE, "business_date"):
        await asked_for(waking, TODAY + timedelta(days=1))
    assert len(woken) == 1


async def test_cancelled_run_has_ended(runtime: Runtime) -> None:
    """Counts and actor stay; a late message has no effect; the next run does the rest."""
    ids = await promised(runtime, *[NOON + timedelta(hours=1)] * 3)
    await set_clock(runtime, NOON + timedelta(days=1))
    run_id = await asked_for(runtime)
    async with runtime.unit(ANA) as unit:
        step_id = await begin(
            unit,
            await unit.session.get_one(JobRun, run_id),
            step="deferred actions",
            on=TODAY,
            total=3,
        )
        await add_progress(unit, run_id, step_id=step_id, done=1, failed=0)
    async with runtime.unit(MIA) as unit:
        await cancel(unit, run_id)
    found = await row(runtime, JobRun, run_id)
    assert (found.status, found.finished_at, found.step) == (
        JobRunStatus.CANCELLED,
        NOON + timedelta(days=1),
        None,
    )
    assert (found.total, found.done, found.failed, found.failure) == (
        3,
        1,
        0,
        f"Cancelled by {MIA.name}.",
    )
    async with nothing_written(runtime):
        await execute_run(runtime, run_id)
    assert await become(runtime, ids) == [PENDING] * 3
    assert await run_job(runtime) != run_id
    assert await become(runtime, ids) == [DONE] * 3


async def test_queued_run_is_cancelled(runtime: Runtime) -> None:
    """Before anybody has begun it; then the same day can be asked for anew."""
    run_id = await asked_for(runtime)
    async with runtime.unit(MIA) as unit:
        await cancel(unit, run_id)
    assert (await row(runtime, JobRun, run_id)).status == JobRunStatus.CANCELLED
    assert await asked_for(runtime) != run_id


async def test_ended_and_unknown_runs_are_not_cancelled(runtime: Runtime) -> None:
    """NOT_ALLOWED, also for one that was cancelled; NOT_FOUND."""
    done, cancelled = await run_job(runtime), await asked_for(runtime)
    async with runtime.unit(MIA) as unit:
        await cancel(unit, cancelled)
    for run_id in (done, cancelled):
        async with refused(runtime, ErrorCode.NOT_ALLOWED, "job_run_id"), runtime.unit(MIA) as unit:
            await cancel(unit, run_id)
    async with refused(runtime, ErrorCode.NOT_FOUND, "job_run_id"), runtime.unit(MIA) as unit:
        await cancel(unit, 4711)


@pytest.mark.parametrize("actor", [VIC, ABE])
async def test_jobs_need_a_manager(runtime: Runtime, actor: Any) -> None:
    """Rules 10: neither a viewer nor an agent starts or cancels one."""
    async with forbidden(runtime), runtime.unit(actor) as unit:
        await start(unit, kind=JobKind.DEFERRED_ACTIONS)
    assert await rows(runtime, JobRun) == []
    run_id = await asked_for(runtime)
    async with forbidden(runtime), runtime.unit(actor) as unit:
        await cancel(unit, run_id)


async def test_effects_are_those_of_a_change_by_hand(runtime: Runtime) -> None:
    """Rules 4.2: the same mutation, later."""
    [action_id] = await promised(runtime, NOON + timedelta(hours=1))
    await set_clock(runtime, NOON + timedelta(days=1))
    await run_job(runtime)
    owner = (await action(runtime, action_id)).account_id
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL)"
