"""`tenure job` returns when the run has ended, on whatever worker, and reports the result."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import pytest

from tenure.batch import start as wired_start
from tenure.cli import job
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.jobs.queries import live_run_of
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Runtime, Unit
from tests import builders
from tests.checks import row, rows
from tests.conftest import ANA, NOON, set_clock
from tests.waiting import PATIENCE

TODAY = NOON.date()
Ending = Callable[[Unit, int], Awaitable[object]]


@pytest.fixture(autouse=True)
def polls_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests wait for hundredths of a second."""
    monkeypatch.setattr(job, "POLL_SECONDS", 0.01)


async def run(runtime: Runtime, shown: list[tuple[int, int, int]]) -> str:
    """What the command answers with."""
    async with asyncio.timeout(PATIENCE):
        return await job.run_job(
            runtime, JobKind.DEFERRED_ACTIONS, None, lambda *counts: shown.append(counts)
        )


async def another_worker(
    runtime: Runtime, shown: list[tuple[int, int, int]], ending: Ending, *, done: int, failed: int
) -> None:
    """Has begun the run; counts once the command shows it, and ends the run once that is shown."""
    async with runtime.unit(ANA) as unit:
        run = await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)
        step_id = await jobs.begin(unit, run, step="deferred actions", on=TODAY, total=9)
    async with asyncio.timeout(PATIENCE):
        while (0, 0, 9) not in shown:  # noqa: ASYNC110 - what is shown is polled
            await asyncio.sleep(0.01)
        async with runtime.unit(ANA) as unit:
            await jobs.add_progress(unit, run.id, step_id=step_id, done=done, failed=failed)
        while (done, failed, 9) not in shown:  # noqa: ASYNC110 - what is shown is polled
            await asyncio.sleep(0.01)
        async with runtime.unit(ANA) as unit:
            await ending(unit, run.id)


async def together(
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    ending: Ending,
    *,
    done: int = 9,
    failed: int = 0,
) -> str:
    """The command, which finds nothing left to do itself, and another worker."""

    async def nothing(*_: object) -> None:
        pass

    monkeypatch.setattr(job, "execute_run", nothing)
    shown: list[tuple[int, int, int]] = []
    working = asyncio.create_task(another_worker(runtime, shown, ending, done=done, failed=failed))
    async with asyncio.timeout(PATIENCE):
        while not await rows(  # noqa: ASYNC110 - There is no event for it.
            runtime, JobRun, status=JobRunStatus.RUNNING
        ):
            await asyncio.sleep(0.01)
    try:
        return await run(runtime, shown)
    finally:
        await working


async def test_it_waits_for_another_worker(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the progress of that worker."""
    assert await together(runtime, monkeypatch, jobs.end) == "2026-11-10: 9 done, 0 failed."
    assert [it.status for it in await rows(runtime, JobRun)] == [JobRunStatus.DONE]


@pytest.mark.parametrize(
    ("ending", "failed", "message"),
    [
        (jobs.end, 2, "2026-11-10: 7 done, 2 failed. The page of the run has the reasons."),
        (
            jobs.cancel,
            0,
            f"The deferred actions run of 2026-11-10 ended as CANCELLED: Cancelled by {ANA.name}.",
        ),
        (
            partial(jobs.fail, reason="The disk is full."),
            0,
            (
                "The deferred actions run of 2026-11-10 ended as FAILED: "
                "Step “deferred actions”: The disk is full."
            ),
        ),
    ],
)
async def test_it_says_how_the_run_ended(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, ending: Ending, failed: int, message: str
) -> None:
    """What is raised is a line on standard error, and exit code 1."""
    with pytest.raises(TenureError) as raised:
        await together(runtime, monkeypatch, ending, done=7, failed=failed)
    assert raised.value.message == message


async def test_it_takes_up_the_run_of_a_worker_that_is_gone(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has committed nothing for long."""
    monkeypatch.setattr(job, "HEARTBEAT_TIMEOUT", timedelta(0))
    async with runtime.unit(ANA) as unit:
        left = await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)
        await jobs.begin(unit, left, step="deferred actions", on=TODAY, total=0)
    assert await run(runtime, []) == "2026-11-10: 0 done, 0 failed."
    assert (await row(runtime, JobRun, left.id)).status is JobRunStatus.DONE


async def test_it_tries_again_until_the_run_has_failed(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no worker runs."""

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(wired_start, "installed", fail)
    with pytest.raises(TenureError) as raised:
        await run(runtime, [])
    ended = (
        "The deferred actions run of 2026-11-10 ended as FAILED: "
        "It could not be carried out in 3 attempts."
    )
    assert (
        raised.value.message
        == f"{ended} Unexpected error: RuntimeError. The worker's log has its details."
    )


async def test_it_does_not_wait_for_a_date_that_has_not_begun(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is given back after the run was started."""
    started = jobs.start

    async def start(unit: Unit, **asked: object) -> JobRun:
        made = await started(unit, **asked)  # type: ignore[arg-type]
        made.business_date = TODAY + timedelta(days=1)
        await unit.session.flush()
        return made

    monkeypatch.setattr(job, "start", start)
    with pytest.raises(TenureError) as raised:
        await run(runtime, [])
    assert raised.value.message == "The run waits for 2026-11-11: the business day is 2026-11-10."
    async with runtime.unit(ANA) as unit:
        assert (
            await live_run_of(unit, JobKind.DEFERRED_ACTIONS, TODAY + timedelta(days=1)) is not None
        )
    await set_clock(runtime, NOON + timedelta(days=1))
    assert await builders.run_job(runtime) == 1
