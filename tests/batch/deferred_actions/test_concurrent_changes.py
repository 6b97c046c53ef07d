"""Users change deferred actions and their targets while the job runs them: one transaction is
first, and the other one sees its result.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from tenure.accounts.queries import locked_account
from tenure.batch import deferred_actions_job as deferred
from tenure.batch import execute_run, runs
from tenure.batch.deferred_actions import queries
from tenure.deferred.actions import cancel, reschedule
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.jobs import actions as jobs
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, paid_unit, set_account
from tests.checks import account_state, action, events, row
from tests.conftest import ANA, NOON, set_clock
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

LATER = NOON + timedelta(days=1)
PENDING, DONE, CANCELLED = DeferredStatus.PENDING, DeferredStatus.DONE, DeferredStatus.CANCELLED
NOT_APPLICABLE = DeferredStatus.NOT_APPLICABLE
MANY = 90


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many claims, and short pauses."""
    monkeypatch.setattr(runs, "CHUNK", 3)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    monkeypatch.setattr(runs, "PAUSE", 0.01)


class Held:
    """The job stops while it has claimed these actions, until it is released."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *action_ids: int) -> None:
        self.reached, self.released_since = asyncio.Event(), asyncio.Event()
        run_in_unit: Callable[..., Awaitable[Any]] = deferred.run_in_unit

        async def hold(unit: Unit, actions: Sequence[Any], *affected: Any) -> Any:
            if {it.id for it in actions} & set(action_ids):
                self.reached.set()
                await self.released_since.wait()
            return await run_in_unit(unit, actions, *affected)

        monkeypatch.setattr(deferred, "run_in_unit", hold)


async def scheduled(
    runtime: Runtime, *requests: Sequence[Status], at: Sequence[Any] = ()
) -> list[tuple[int, int]]:
    """An account for each request, with these deferred changes at LATER in order. Returns pairs of
    account and action.
    """
    made = []
    async with runtime.unit(ANA) as unit:
        for place, request in enumerate(requests):
            owner = await account(unit)
            for to in request:
                when = at[place] if at else LATER
                action_id = (
                    await set_account(unit, owner, to, defer_until=when)
                ).deferred_action_id
                assert action_id is not None
                made.append((owner, action_id))
    await set_clock(runtime, LATER)
    return made


async def started(runtime: Runtime) -> int:
    """A run that has been asked for."""
    async with runtime.unit(ANA) as unit:
        return (await jobs.start(unit, kind=JobKind.DEFERRED_ACTIONS)).id


@asynccontextmanager
async def running(runtime: Runtime, *, workers: int = 1) -> AsyncIterator[int]:
    """The job runs while the block does, and has come to its end behind it. Gives the run's id."""
    run_id = await started(runtime)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(execute_run(runtime, run_id))
        yield run_id
    run = await row(runtime, JobRun, run_id)
    assert run.status is JobRunStatus.DONE
    assert run.total == run.done


async def test_cancelled_while_the_job_has_it_in_hand(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever cancels waits, and hears that it has been done."""
    [(owner, action_id)] = await scheduled(runtime, [Status.INACTIVE])
    held = Held(monkeypatch, action_id)
    async with running(runtime):
        await held.reached.wait()
        cancelling = asyncio.create_task(
            runtime.run_in_unit(ANA, lambda unit: cancel(unit, action_id))
        )
        await until_somebody_waits(runtime)
        held.released_since.set()
        with pytest.raises(TenureError) as refusal:
            await cancelling
    assert refusal.value.code is ErrorCode.NOT_ALLOWED
    assert (await action(runtime, action_id)).status is DONE
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL)"


@pytest.mark.parametrize("kept", [True, False], ids=["cancelled", "thought better of it"])
async def test_cancelled_while_the_job_looks(runtime: Runtime, kept: bool) -> None:
    """The job waits for whoever cancels, with all that stands behind it in the order; the others go
    on.
    """
    made = await scheduled(runtime, [Status.INACTIVE, Status.CLOSED], [Status.INACTIVE])
    (owner, first), (_, second), (other, third) = made
    is_cancelled = asyncio.Event()

    async def cancel_slowly() -> None:
        async with runtime.unit(ANA) as unit:
            await cancel(unit, first)
            is_cancelled.set()
            await until_stands(runtime, other, "INACTIVE (INACTIVE MANUAL)")
            became = [(await action(runtime, it)).status for it in (second, third)]
            assert became == [PENDING, DONE]
            if not kept:
                raise LookupError

    cancelling = asyncio.create_task(cancel_slowly())
    await is_cancelled.wait()
    async with running(runtime):
        with suppress(LookupError):
            await cancelling
    became = [(await action(runtime, it)).status for it in (first, second)]
    assert became == [CANCELLED if kept else DONE, DONE]
    expected = "CLOSED (CLOSED MANUAL)" if kept else "CLOSED (CLOSED MANUAL, INACTIVE MANUAL)"
    assert await account_state(runtime, owner) == expected


async def test_let_go_between_look_and_claim(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.5: a worker that dies leaves its action to whoever comes next, and nothing behind it
    overtakes it.
    """
    monkeypatch.setattr(runs, "CHUNK", 1)
    (owner, first), (_, second) = await scheduled(runtime, [Status.INACTIVE, Status.CLOSED])
    held = Held(monkeypatch, first)
    run_id = await started(runtime)
    async with asyncio.timeout(PATIENCE):
        dying = asyncio.create_task(execute_run(runtime, run_id))
        await held.reached.wait()
        look = queries.unclaimed

        async def look_while_it_dies(unit: Unit, *rest: Any, **more: Any) -> Any:
            monkeypatch.setattr(queries, "unclaimed", look)
            seen = await look(unit, *rest, **more)
            dying.cancel()
            await asyncio.wait([dying])
            held.released_since.set()
            return seen

        monkeypatch.setattr(queries, "unclaimed", look_while_it_dies)
        await execute_run(runtime, run_id)
    assert [(await action(runtime, it)).status for it in (first, second)] == [DONE, DONE]
    assert await account_state(runtime, owner) == "CLOSED (CLOSED MANUAL, INACTIVE MANUAL)"


async def test_who_pays_changes_between_look_and_claim(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.5: what the cascade will touch by then has to be free as well."""
    [(payer, action_id)] = await scheduled(runtime, [Status.INACTIVE])
    async with runtime.unit(ANA) as unit:
        paid = await account(unit, "Paid")
    lock, holding, looked_again = queries._locked, asyncio.Event(), asyncio.Event()

    async def somebody() -> None:
        async with runtime.unit(ANA) as unit:
            await locked_account(unit, paid)
            holding.set()
            await looked_again.wait()
            assert (await action(runtime, action_id)).status is PENDING

    async def lock_late(unit: Unit, account_ids: set[int]) -> set[int]:
        if holding.is_set():
            looked_again.set()
        else:
            async with runtime.unit(ANA) as other:
                await paid_unit(other, paid, payer)
            others.create_task(somebody())
            await holding.wait()
        return await lock(unit, account_ids)

    monkeypatch.setattr(queries, "_locked", lock_late)
    async with asyncio.TaskGroup() as others, running(runtime):
        pass
    assert await account_state(runtime, paid) == "INACTIVE (INACTIVE PARENT)"


async def test_rescheduled_between_look_and_claim(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is pending still, but its time is another."""
    [(owner, action_id)] = await scheduled(runtime, [Status.INACTIVE])
    claim = queries.locked_due
    tomorrow = LATER + timedelta(days=1)

    async def change(unit: Unit, *rest: Any) -> set[int]:
        monkeypatch.setattr(queries, "locked_due", claim)
        await runtime.run_in_unit(
            ANA, lambda unit: reschedule(unit, action_id, scheduled_for=tomorrow)
        )
        return await claim(unit, *rest)

    monkeypatch.setattr(queries, "locked_due", change)
    async with running(runtime):
        pass
    found = await action(runtime, action_id)
    assert (found.status, found.scheduled_for) == (PENDING, tomorrow)
    assert await account_state(runtime, owner) == "ACTIVE"


async def test_cancelling_races_the_job(runtime: Runtime) -> None:
    """Cancelled and without effect, or refused and done; never both, never neither."""
    made = await scheduled(runtime, *[[Status.INACTIVE]] * MANY)
    refused: dict[int, ErrorCode] = {}

    async def cancel_all(some: Sequence[tuple[int, int]]) -> None:
        for _, action_id in some:
            try:
                await runtime.run_in_unit(ANA, partial(cancel, action_id=action_id))
            except TenureError as refusal:
                refused[action_id] = refusal.code

    shuffled = random.Random(0).sample(made, MANY)
    async with running(runtime, workers=2):
        await asyncio.gather(cancel_all(shuffled[::2]), cancel_all(shuffled[1::2]))
    changed = [event.account_id for event in await events(runtime)]
    assert set(refused.values()) <= {ErrorCode.NOT_ALLOWED}
    for owner, action_id in made:
        became = (await action(runtime, action_id)).status
        assert (became, changed.count(owner)) == (
            (DONE, 1) if action_id in refused else (CANCELLED, 0)
        )


async def test_closing_by_hand_races_a_reactivation(runtime: Runtime) -> None:
    """Rules 4.8: whichever comes first, it is closed in the end, and nothing reopens it."""
    made = await scheduled(runtime, *[[Status.ACTIVE]] * MANY)
    async with runtime.unit(ANA) as unit:
        for owner, _ in made:
            await set_account(unit, owner, Status.INACTIVE)

    async def close(some: Sequence[tuple[int, int]]) -> None:
        for owner, _ in some:
            close = partial(set_account, account_id=owner, to=Status.CLOSED)
            await runtime.run_in_unit(ANA, close)

    shuffled = random.Random(0).sample(made, MANY)
    async with running(runtime, workers=2):
        await asyncio.gather(close(shuffled[::2]), close(shuffled[1::2]))
    for owner, action_id in made:
        became = (await action(runtime, action_id)).status
        assert became in (DONE, NOT_APPLICABLE)
        left = "" if became is DONE else ", INACTIVE MANUAL"
        assert await account_state(runtime, owner) == f"CLOSED (CLOSED MANUAL{left})"


async def test_a_run_is_ended_by_the_last_who_is_at_it(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.6: a run that began later finds more due actions; its chunk is still counted."""
    an_hour_later = LATER + timedelta(hours=1)
    requests = ([Status.INACTIVE], [Status.INACTIVE])
    (_, first), (_, second) = await scheduled(runtime, *requests, at=[LATER, an_hour_later])
    earlier, later = Held(monkeypatch, first), Held(monkeypatch, second)
    run_id = await started(runtime)
    async with asyncio.timeout(PATIENCE):
        one = asyncio.create_task(execute_run(runtime, run_id))
        await earlier.reached.wait()
        await set_clock(runtime, an_hour_later)
        other = asyncio.create_task(execute_run(runtime, run_id))
        await later.reached.wait()
        earlier.released_since.set()
        await one
        assert (await row(runtime, JobRun, run_id)).status is JobRunStatus.RUNNING
        later.released_since.set()
        await other
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 2, 2, 0)


async def test_a_run_that_is_cancelled_waits_for_nobody(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Claimed actions are executed and counted, all others stay pending."""
    made = await scheduled(runtime, *[[Status.INACTIVE]] * 4)
    held = Held(monkeypatch, made[0][1])
    run_id = await started(runtime)
    async with asyncio.timeout(PATIENCE):
        working = asyncio.create_task(execute_run(runtime, run_id))
        await held.reached.wait()
        await runtime.run_in_unit(ANA, lambda unit: jobs.cancel(unit, run_id))
        held.released_since.set()
        await working
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done) == (JobRunStatus.CANCELLED, 3)
    assert [(await action(runtime, action_id)).status for _, action_id in made] == [
        DONE,
        DONE,
        DONE,
        PENDING,
    ]


async def until_stands(runtime: Runtime, account_id: int, expected: str) -> None:
    """Wait until the account has this status and these holds."""
    while await account_state(runtime, account_id) != expected:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def until_somebody_waits(runtime: Runtime) -> None:
    """Wait until a transaction waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while True:
        async with runtime.database.reading() as session:
            if (await session.execute(waiting)).scalar_one():
                return
        await asyncio.sleep(0.01)
