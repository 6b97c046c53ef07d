"""Rules 4.6 to 4.8: what becomes of an action whose time has come, each exactly once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.batch import deferred_actions_job as deferred
from tenure.batch import execute_run, runs
from tenure.batch.deferred_actions import actions as execution
from tenure.deferred.models import DeferredStatus
from tenure.events.models import EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Cause, Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Runtime
from tenure.status.changes.actions import change_status
from tests.builders import (
    account,
    catalog_offer,
    purchased_offer,
    run_job,
    scheduled_move,
    service,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import (
    account_state,
    action,
    events,
    nothing_written,
    offer_state,
    row,
    service_state,
)
from tests.conftest import ANA, NOON, set_clock

LATER = NOON + timedelta(days=1)
DONE, FAILED, NOT_APPLICABLE = (
    DeferredStatus.DONE,
    DeferredStatus.FAILED,
    DeferredStatus.NOT_APPLICABLE,
)


async def scheduled_inactivations(runtime: Runtime, count: int) -> tuple[list[int], list[int]]:
    """Accounts, each with a deferred inactivation that is due now; returns the ids of both."""
    async with runtime.unit(ANA) as unit:
        owners = [await account(unit, f"Owner {place}") for place in range(count)]
        ids = [
            (await set_account(unit, it, Status.INACTIVE, defer_until=LATER)).deferred_action_id
            for it in owners
        ]
    await set_clock(runtime, LATER)
    return owners, [it for it in ids if it is not None]


async def become(runtime: Runtime, *action_ids: int | None) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(runtime, it)).status for it in action_ids]


async def started(runtime: Runtime) -> int:
    """A run that has been asked for."""
    async with runtime.unit(ANA) as unit:
        return (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id


async def test_done_says_when_and_in_which_run(runtime: Runtime) -> None:
    """Rules 4.6, 4.9: the job makes the change, with the reason of the request."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        more = {"defer_until": LATER, "reason": "moves abroad", "note": "by letter"}
        action_id = (await set_account(unit, owner, Status.CLOSED, **more)).deferred_action_id
    await set_clock(runtime, LATER + timedelta(days=2))
    run_id = await run_job(runtime)
    found = await action(runtime, action_id)
    assert (found.status, found.attempts, found.job_run_id) == (DONE, 1, run_id)
    assert (found.executed_at, found.failure) == (LATER + timedelta(days=2), None)
    [event] = await events(runtime)
    assert (event.actor, event.reason, event.cause) == (
        deferred.JOB_ACTOR.name,
        "moves abroad",
        Cause.MANUAL,
    )
    assert event.details == {"note": "by letter"}
    outcome = (await events(runtime, EventKind.DEFERRED_ACTION))[-1]
    assert (outcome.actor, outcome.account_id) == (deferred.JOB_ACTOR.name, owner)
    assert outcome.description == f"Done: {found.summary}"


async def test_closed_in_between(runtime: Runtime) -> None:
    """Rules 4.8: NOT_APPLICABLE, for every kind of target, and nothing is reopened; to close it is
    DONE.
    """
    async with runtime.unit(ANA) as unit:
        code = await catalog_offer(unit)
        owner, brokered = await account(unit), await account(unit, "Elsewhere")
        line = await service(unit, owner)
        offer = await purchased_offer(unit, owner, line, code=code)
        ids = [
            (await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_account(unit, owner, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_service(unit, line, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_offer(unit, offer, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            await scheduled_move(unit, owner, parent_id=brokered, defer_until=LATER),
            (await set_account(unit, owner, Status.CLOSED, defer_until=LATER)).deferred_action_id,
            (await set_service(unit, line, Status.CLOSED, defer_until=LATER)).deferred_action_id,
            (await set_offer(unit, offer, Status.CLOSED, defer_until=LATER)).deferred_action_id,
        ]
        await set_account(unit, owner, Status.CLOSED)
    await set_clock(runtime, LATER)
    run_id = await run_job(runtime)
    assert await become(runtime, *ids) == [NOT_APPLICABLE] * 5 + [DONE] * 3
    assert await account_state(runtime, owner) == "CLOSED (CLOSED MANUAL)"
    assert (await row(runtime, Account, owner)).parent_id is None
    assert (await action(runtime, ids[0])).failure is not None
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 8, 8, 0)


async def test_closing_what_is_closed_changes_nothing_more(runtime: Runtime) -> None:
    """Rules 4.8: DONE with nothing to do, where somebody closed it by hand."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, await account(unit))
        action_id = (
            await set_service(unit, line, Status.CLOSED, defer_until=LATER)
        ).deferred_action_id
        await set_service(unit, line, Status.CLOSED)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert await become(runtime, action_id) == [DONE]
    assert len(await events(runtime)) == 1
    assert (await row(runtime, Service, line)).closed_at == NOON


async def test_closing_what_its_account_has_closed(runtime: Runtime) -> None:
    """Rules 4.8 with 2.2, reading: DONE, and the MANUAL hold is added, so that it does not come
    back with its account.
    """
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner)
        action_id = (
            await set_service(unit, line, Status.CLOSED, defer_until=LATER)
        ).deferred_action_id
        await set_account(unit, owner, Status.CLOSED)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert await become(runtime, action_id) == [DONE]
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owner, Status.ACTIVE)
    assert await service_state(runtime, line) == "CLOSED (CLOSED MANUAL)"


async def test_closed_and_reopened_in_between(runtime: Runtime) -> None:
    """Rules 4.8: what counts is how it stands when the time has come."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        action_id = (
            await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)
        ).deferred_action_id
        await set_account(unit, owner, Status.CLOSED)
        await set_account(unit, owner, Status.ACTIVE)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert await become(runtime, action_id) == [DONE]
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL)"


async def test_one_that_fails_does_not_stop_the_others(runtime: Runtime) -> None:
    """Rules 4.7: FAILED with a sentence that says why, counted in the run; the moves leave nothing
    behind.
    """
    async with runtime.unit(ANA) as unit:
        owner, payer = await account(unit), await account(unit, "Payer")
        code = await catalog_offer(unit)
        line = await service(unit, owner)
        offer = await purchased_offer(unit, owner, line, code=code)
        ids = [
            (await set_offer(unit, offer, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            await scheduled_move(unit, owner, parent_id=payer, parent_pays=True, defer_until=LATER),
            (await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)).deferred_action_id,
        ]
        await set_service(unit, line, Status.INACTIVE)
        await set_account(unit, payer, Status.CLOSED)
    await set_clock(runtime, LATER)
    run_id = await run_job(runtime)
    assert await become(runtime, *ids) == [FAILED, FAILED, DONE]
    held, closed, _ = [(await action(runtime, it)).failure for it in ids]
    assert held is not None
    assert "SERVICE" in held
    assert closed == "The paying account is closed."
    assert (await row(runtime, Account, owner)).parent_id is None
    assert await offer_state(runtime, offer) == "INACTIVE (INACTIVE ACCOUNT, INACTIVE SERVICE)"
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (
        JobRunStatus.DONE_WITH_FAILURES,
        3,
        1,
        2,
    )
    recorded = [event.description for event in await events(runtime, EventKind.DEFERRED_ACTION)][
        -3:
    ]
    assert [words.split(":")[0] for words in recorded] == ["Failed", "Failed", "Done"]
    assert str(closed) in recorded[1]


async def test_move_that_became_a_cycle(runtime: Runtime) -> None:
    """Rules 4.8: fails for any other reason: FAILED."""
    async with runtime.unit(ANA) as unit:
        one, two = await account(unit, "One"), await account(unit, "Two")
        action_id = await scheduled_move(unit, one, parent_id=two, defer_until=LATER)
        await change_parent(unit, two, parent_id=one)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert await become(runtime, action_id) == [FAILED]
    assert (await row(runtime, Account, one)).parent_id is None


def faulty(monkeypatch: pytest.MonkeyPatch, fault: Callable[[list[int]], None]) -> None:
    """Each change of statuses by the job first calls `fault` with the ids of what it changes."""
    original: Callable[..., Awaitable[Any]] = change_status

    async def change(unit: Any, kind: Any, ids: list[int], *rest: Any, **more: Any) -> Any:
        fault(ids)
        return await original(unit, kind, ids, *rest, **more)

    monkeypatch.setattr(execution, "change_status", change)


async def test_unforeseen_fault_fails_only_its_own_action(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.7: whatever it is, and wherever among the others."""
    owners, ids = await scheduled_inactivations(runtime, 3)

    def fault(changed: list[int]) -> None:
        if owners[1] in changed:
            raise ZeroDivisionError

    faulty(monkeypatch, fault)
    run_id = await run_job(runtime)
    assert await become(runtime, *ids) == [DONE, FAILED, DONE]
    assert await account_state(runtime, owners[1]) == "ACTIVE"
    assert "ZeroDivisionError" in str((await action(runtime, ids[1])).failure)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (
        JobRunStatus.DONE_WITH_FAILURES,
        3,
        2,
        1,
    )
    assert len(await events(runtime)) == 2


async def test_fault_of_a_plugin_that_looks_like_a_lost_connection(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.7, 9: not a transient fault, so the action fails at once and the run ends."""
    owners, ids = await scheduled_inactivations(runtime, 2)

    def fault(changed: list[int]) -> None:
        if owners[0] in changed:
            raise ConnectionResetError("the plug-in's own service")

    faulty(monkeypatch, fault)
    await run_job(runtime)
    assert await become(runtime, *ids) == [FAILED, DONE]
    assert "ConnectionResetError" in str((await action(runtime, ids[0])).failure)


async def test_passing_fault_is_retried(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.7: a lost connection fails nothing."""
    _, ids = await scheduled_inactivations(runtime, 2)
    faults = [DatabaseUnreachableError("lost")]

    def fault(changed: list[int]) -> None:
        if faults:
            raise faults.pop()

    faulty(monkeypatch, fault)
    await run_job(runtime)
    assert await become(runtime, *ids) == [DONE, DONE]
    assert [(await action(runtime, it)).attempts for it in ids] == [1, 1]


async def test_worker_killed_between_effects_and_outcome(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.6: nothing of it has happened; the next worker does it, once, and the run ends."""
    owners, ids = await scheduled_inactivations(runtime, 2)
    run_id = await started(runtime)
    with monkeypatch.context() as dying:

        async def die(*_: object) -> None:
            raise asyncio.CancelledError

        dying.setattr(deferred, "settle", die)
        with pytest.raises(asyncio.CancelledError):
            await execute_run(runtime, run_id)
    assert await become(runtime, *ids) == [DeferredStatus.PENDING] * 2
    assert await account_state(runtime, owners[0]) == "ACTIVE"
    await execute_run(runtime, run_id)
    assert await become(runtime, *ids) == [DONE, DONE]
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 2, 2, 0)
    assert len(await events(runtime)) == 2


async def test_message_that_comes_twice(runtime: Runtime) -> None:
    """Rules 4.6: a run that has ended does nothing a second time."""
    _, ids = await scheduled_inactivations(runtime, 2)
    run_id = await run_job(runtime)
    async with nothing_written(runtime):
        await execute_run(runtime, run_id)
    assert [(await action(runtime, it)).attempts for it in ids] == [1, 1]


async def test_two_workers_at_one_run(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.6: in chunks of two, at the same time; each action is carried out once and the run
    counts each once.
    """
    monkeypatch.setattr(runs, "CHUNK", 2)
    _, ids = await scheduled_inactivations(runtime, 7)
    run_id = await started(runtime)
    await asyncio.gather(execute_run(runtime, run_id), execute_run(runtime, run_id))
    assert [(await action(runtime, it)).attempts for it in ids] == [1] * 7
    assert len(await events(runtime)) == 7
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 7, 7, 0)
