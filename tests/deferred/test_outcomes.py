"""Rules 4.6 to 4.8: what becomes of an action whose time has come, each exactly once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.deferred.models import DeferredStatus
from tenure.events.models import EventKind
from tenure.execution import actions as execution
from tenure.hierarchy.actions import change_parent
from tenure.holds.models import Cause, Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Workplace
from tenure.lifecycle.actions import change_status
from tenure.wiring import carry_out_run, deferred, runs
from tests.builders import account, bought, catalog_offer, run_job, service, set_account, set_offer, set_service
from tests.checks import account_stands, action, events, nothing_written, offer_stands, row, service_stands
from tests.conftest import ANA, NOON, set_clock

LATER = NOON + timedelta(days=1)
DONE, FAILED, NOT_APPLICABLE = DeferredStatus.DONE, DeferredStatus.FAILED, DeferredStatus.NOT_APPLICABLE


async def promises(workplace: Workplace, count: int) -> tuple[list[int], list[int]]:
    """So many accounts, each with a promise to inactivate it; the clock stands at the time of the promises."""
    async with workplace.unit(ANA) as unit:
        owners = [await account(unit, f"Owner {place}") for place in range(count)]
        ids = [(await set_account(unit, it, Status.INACTIVE, defer_until=LATER)).deferred_action_id for it in owners]
    await set_clock(workplace, LATER)
    return owners, [it for it in ids if it is not None]


async def become(workplace: Workplace, *action_ids: int | None) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(workplace, it)).status for it in action_ids]


async def started(workplace: Workplace) -> int:
    """A run that has been asked for."""
    async with workplace.unit(ANA) as unit:
        return (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id


async def test_done_says_when_and_in_which_run(workplace: Workplace) -> None:
    """Rules 4.6 and 4.9: effects by the job, with the reason that was given when it was asked for."""
    async with workplace.unit(ANA) as unit:
        owner = await account(unit)
        more = {"defer_until": LATER, "reason": "moves abroad", "note": "by letter"}
        promise = (await set_account(unit, owner, Status.CLOSED, **more)).deferred_action_id
    await set_clock(workplace, LATER + timedelta(days=2))
    run_id = await run_job(workplace)
    found = await action(workplace, promise)
    assert (found.status, found.attempts, found.job_run_id) == (DONE, 1, run_id)
    assert (found.executed_at, found.failure) == (LATER + timedelta(days=2), None)
    [event] = await events(workplace)
    assert (event.actor, event.reason, event.cause) == (deferred.THE_JOB.name, "moves abroad", Cause.MANUAL)
    assert event.details == {"note": "by letter"}
    outcome = (await events(workplace, EventKind.DEFERRED_ACTION))[-1]
    assert (outcome.actor, outcome.account_id) == (deferred.THE_JOB.name, owner)
    assert outcome.description == f"Done: {found.summary}"


async def test_closed_in_between(workplace: Workplace) -> None:
    """Rules 4.8: NOT_APPLICABLE, for every kind of target, and nothing is reopened; to close it is DONE."""
    async with workplace.unit(ANA) as unit:
        code = await catalog_offer(unit)
        owner, elsewhere = await account(unit), await account(unit, "Elsewhere")
        line = await service(unit, owner)
        offer = await bought(unit, owner, line, code=code)
        ids = [
            (await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_account(unit, owner, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_service(unit, line, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            (await set_offer(unit, offer, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            await change_parent(unit, owner, parent_id=elsewhere, defer_until=LATER),
            (await set_account(unit, owner, Status.CLOSED, defer_until=LATER)).deferred_action_id,
            (await set_service(unit, line, Status.CLOSED, defer_until=LATER)).deferred_action_id,
            (await set_offer(unit, offer, Status.CLOSED, defer_until=LATER)).deferred_action_id,
        ]
        await set_account(unit, owner, Status.CLOSED)
    await set_clock(workplace, LATER)
    run_id = await run_job(workplace)
    assert await become(workplace, *ids) == [NOT_APPLICABLE] * 5 + [DONE] * 3
    assert await account_stands(workplace, owner) == "CLOSED (CLOSED MANUAL)"
    assert (await row(workplace, Account, owner)).parent_id is None
    assert (await action(workplace, ids[0])).failure is not None
    run = await row(workplace, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 8, 8, 0)


async def test_closing_what_is_closed_changes_nothing_more(workplace: Workplace) -> None:
    """Rules 4.8: DONE with nothing to do, where somebody closed it by hand."""
    async with workplace.unit(ANA) as unit:
        line = await service(unit, await account(unit))
        promise = (await set_service(unit, line, Status.CLOSED, defer_until=LATER)).deferred_action_id
        await set_service(unit, line, Status.CLOSED)
    await set_clock(workplace, LATER)
    await run_job(workplace)
    assert await become(workplace, promise) == [DONE]
    assert len(await events(workplace)) == 1
    assert (await row(workplace, Service, line)).closed_at == NOON


async def test_closing_what_its_account_has_closed(workplace: Workplace) -> None:
    """Rules 4.8 with 2.2, reading: DONE, and the MANUAL hold is added, so that it does not come back with its account."""
    async with workplace.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner)
        promise = (await set_service(unit, line, Status.CLOSED, defer_until=LATER)).deferred_action_id
        await set_account(unit, owner, Status.CLOSED)
    await set_clock(workplace, LATER)
    await run_job(workplace)
    assert await become(workplace, promise) == [DONE]
    async with workplace.unit(ANA) as unit:
        await set_account(unit, owner, Status.ACTIVE)
    assert await service_stands(workplace, line) == "CLOSED (CLOSED MANUAL)"


async def test_closed_and_reopened_in_between(workplace: Workplace) -> None:
    """Rules 4.8: what counts is how it stands when the time has come."""
    async with workplace.unit(ANA) as unit:
        owner = await account(unit)
        promise = (await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)).deferred_action_id
        await set_account(unit, owner, Status.CLOSED)
        await set_account(unit, owner, Status.ACTIVE)
    await set_clock(workplace, LATER)
    await run_job(workplace)
    assert await become(workplace, promise) == [DONE]
    assert await account_stands(workplace, owner) == "INACTIVE (INACTIVE MANUAL)"


async def test_one_that_fails_does_not_stop_the_others(workplace: Workplace) -> None:
    """Rules 4.7: FAILED with a sentence that says why, counted in the run; the moves leave nothing behind."""
    async with workplace.unit(ANA) as unit:
        owner, payer = await account(unit), await account(unit, "Payer")
        code = await catalog_offer(unit)
        line = await service(unit, owner)
        offer = await bought(unit, owner, line, code=code)
        ids = [
            (await set_offer(unit, offer, Status.ACTIVE, defer_until=LATER)).deferred_action_id,
            await change_parent(unit, owner, parent_id=payer, parent_pays=True, defer_until=LATER),
            (await set_account(unit, owner, Status.INACTIVE, defer_until=LATER)).deferred_action_id,
        ]
        await set_service(unit, line, Status.INACTIVE)
        await set_account(unit, payer, Status.CLOSED)
    await set_clock(workplace, LATER)
    run_id = await run_job(workplace)
    assert await become(workplace, *ids) == [FAILED, FAILED, DONE]
    held, closed, _ = [(await action(workplace, it)).failure for it in ids]
    assert held is not None
    assert "SERVICE" in held
    assert closed == "The account that would pay is CLOSED."
    assert (await row(workplace, Account, owner)).parent_id is None
    assert await offer_stands(workplace, offer) == "INACTIVE (INACTIVE ACCOUNT, INACTIVE SERVICE)"
    run = await row(workplace, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE_WITH_FAILURES, 3, 1, 2)
    told = [event.description for event in await events(workplace, EventKind.DEFERRED_ACTION)][-3:]
    assert [words.split(":")[0] for words in told] == ["Failed", "Failed", "Done"]
    assert str(closed) in told[1]


async def test_move_that_became_a_cycle(workplace: Workplace) -> None:
    """Rules 4.8: fails for any other reason: FAILED."""
    async with workplace.unit(ANA) as unit:
        one, two = await account(unit, "One"), await account(unit, "Two")
        promise = await change_parent(unit, one, parent_id=two, defer_until=LATER)
        await change_parent(unit, two, parent_id=one)
    await set_clock(workplace, LATER)
    await run_job(workplace)
    assert await become(workplace, promise) == [FAILED]
    assert (await row(workplace, Account, one)).parent_id is None


def faulty(monkeypatch: pytest.MonkeyPatch, fault: Callable[[list[int]], None]) -> None:
    """Each change of statuses by the job first calls `fault` with the ids of what it changes."""
    verb: Callable[..., Awaitable[Any]] = change_status

    async def change(unit: Any, kind: Any, ids: list[int], *rest: Any, **more: Any) -> Any:
        fault(ids)
        return await verb(unit, kind, ids, *rest, **more)

    monkeypatch.setattr(execution, "change_status", change)


async def test_unforeseen_fault_fails_only_its_own_action(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.7: whatever it is, and wherever among the others."""
    owners, ids = await promises(workplace, 3)

    def fault(changed: list[int]) -> None:
        if owners[1] in changed:
            raise ZeroDivisionError

    faulty(monkeypatch, fault)
    run_id = await run_job(workplace)
    assert await become(workplace, *ids) == [DONE, FAILED, DONE]
    assert await account_stands(workplace, owners[1]) == "ACTIVE"
    assert "ZeroDivisionError" in str((await action(workplace, ids[1])).failure)
    run = await row(workplace, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE_WITH_FAILURES, 3, 2, 1)
    assert len(await events(workplace)) == 2


async def test_fault_of_a_plugin_that_looks_like_a_lost_connection(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 4.7, 9: it is no fault of the database, so its action fails at once and the run ends."""
    owners, ids = await promises(workplace, 2)

    def fault(changed: list[int]) -> None:
        if owners[0] in changed:
            raise ConnectionResetError("the plug-in's own service")

    faulty(monkeypatch, fault)
    await run_job(workplace)
    assert await become(workplace, *ids) == [FAILED, DONE]
    assert "ConnectionResetError" in str((await action(workplace, ids[0])).failure)


async def test_passing_fault_is_retried(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.7: a lost connection fails nothing."""
    _, ids = await promises(workplace, 2)
    faults = [DatabaseUnreachableError("lost")]

    def fault(changed: list[int]) -> None:
        if faults:
            raise faults.pop()

    faulty(monkeypatch, fault)
    await run_job(workplace)
    assert await become(workplace, *ids) == [DONE, DONE]
    assert [(await action(workplace, it)).attempts for it in ids] == [1, 1]


async def test_worker_killed_between_effects_and_outcome(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.6: nothing of it has happened; the next worker does it, once, and the run ends."""
    owners, ids = await promises(workplace, 2)
    run_id = await started(workplace)
    with monkeypatch.context() as dying:

        async def die(*_: object) -> None:
            raise asyncio.CancelledError

        dying.setattr(deferred, "settle", die)
        with pytest.raises(asyncio.CancelledError):
            await carry_out_run(workplace, run_id)
    assert await become(workplace, *ids) == [DeferredStatus.PENDING] * 2
    assert await account_stands(workplace, owners[0]) == "ACTIVE"
    await carry_out_run(workplace, run_id)
    assert await become(workplace, *ids) == [DONE, DONE]
    run = await row(workplace, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 2, 2, 0)
    assert len(await events(workplace)) == 2


async def test_message_that_comes_twice(workplace: Workplace) -> None:
    """Rules 4.6: a run that has ended does nothing a second time."""
    _, ids = await promises(workplace, 2)
    run_id = await run_job(workplace)
    async with nothing_written(workplace):
        await carry_out_run(workplace, run_id)
    assert [(await action(workplace, it)).attempts for it in ids] == [1, 1]


async def test_two_workers_at_one_run(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.6: in chunks of two, at the same time; each action is carried out once and the run counts each once."""
    monkeypatch.setattr(runs, "CHUNK", 2)
    _, ids = await promises(workplace, 7)
    run_id = await started(workplace)
    await asyncio.gather(carry_out_run(workplace, run_id), carry_out_run(workplace, run_id))
    assert [(await action(workplace, it)).attempts for it in ids] == [1] * 7
    assert len(await events(workplace)) == 7
    run = await row(workplace, JobRun, run_id)
    assert (run.status, run.total, run.done, run.failed) == (JobRunStatus.DONE, 7, 7, 0)
