"""Status changes of many accounts as a job: results, order, workers, cancellation (rules 2)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.batch import execute_run, runs, status_change_job
from tenure.batch.status_changes import actions
from tenure.batch.status_changes.actions import accounts_to_retry, start_status_change
from tenure.batch.status_changes.queries import Accounts
from tenure.batch.status_changes.rules import check_count
from tenure.batch.steps import StepResult
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Cause, Status
from tenure.jobs import actions as jobs
from tenure.jobs.actions import cancel, start
from tenure.jobs.models import (
    JOBS_OF_A_DATE,
    JobKind,
    JobRun,
    JobRunStatus,
    StatusChangeResult,
)
from tenure.kernel.actor import Actor, Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.status.changes.rules import StatusRequest
from tenure.worker.actors import run_due_jobs
from tests import builders
from tests.batch.status_changes.dying import exit_code
from tests.batch.status_changes.jobs_of_accounts import (
    new_accounts,
    results,
    run_status_job,
    start_job,
)
from tests.checks import (
    ABE,
    MIA,
    VIC,
    account_state,
    audited,
    events,
    forbidden,
    refused,
    row,
    rows,
)
from tests.conftest import ANA, NOON, set_clock
from tests.job_workers import execute_with_workers, url_of
from tests.waiting import PATIENCE

LATER, AGAIN = NOON + timedelta(days=2), NOON + timedelta(days=9)
BY_HAND = "INACTIVE (INACTIVE MANUAL)"


async def test_each_account_has_its_result(runtime: Runtime) -> None:
    """Rules 2.2 and 2.8: done, unchanged without an event, and failed with the reason.

    The events bear the user who started the job, with reason and note.
    """
    async with runtime.unit(ANA) as unit:
        active, inactive, closed, other = await new_accounts(unit, 4)
        await builders.set_account(unit, inactive, Status.INACTIVE)
        await builders.set_account(unit, closed, Status.CLOSED)
    before = len(await events(runtime))
    chosen = [active, inactive, closed]
    why = {"reason": "Fraud", "note": "See ticket 7"}
    run = await run_status_job(runtime, chosen, Status.INACTIVE, **why)
    assert (run.status, run.total, run.done, run.failed, run.requested_by) == (
        JobRunStatus.DONE_WITH_FAILURES,
        3,
        2,
        1,
        ABE.name,
    )
    assert await results(runtime, run.id) == {
        active: "DONE",
        inactive: "UNCHANGED",
        closed: "FAILED NOT_ALLOWED",
    }
    [_, _, failed] = await rows(runtime, StatusChangeResult, job_run_id=run.id)
    number = (await row(runtime, Account, closed)).number
    closed_is_final = "is closed and can't be inactivated. Reopen it first."
    assert failed.message == f"Account {number} {closed_is_final}"
    [event] = (await events(runtime))[before:]
    assert (event.account_id, event.actor, event.reason, event.details, event.cause) == (
        active,
        ABE.name,
        "Fraud",
        {"note": "See ticket 7"},
        Cause.MANUAL,
    )
    assert [await account_state(runtime, it) for it in (active, other)] == [BY_HAND, "ACTIVE"]
    assert (await audited(runtime))[-1][:3] == (
        ABE.name,
        "JOB_STARTED",
        "Started a job: inactivate 3 accounts.",
    )


async def test_services_and_offers_follow(runtime: Runtime) -> None:
    """Rules 2.3 and 2.5: as in a change of one account."""
    async with runtime.unit(ANA) as unit:
        customer = await builders.customer(unit)
    run = await run_status_job(runtime, [customer.account], Status.CLOSED)
    assert run.status is JobRunStatus.DONE
    assert len(await events(runtime)) == 4


@pytest.mark.parametrize("chunk", [1, 1000])
async def test_payers_become_active_first(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    """Rules 2.2 and 2.6: whatever their ids, also over an account that is not in the set."""
    monkeypatch.setattr(runs, "CHUNK", chunk)
    async with runtime.unit(ANA) as unit:
        last, middle, payer = await new_accounts(unit, 3)
        await change_parent(unit, middle, parent_id=payer, parent_pays=True)
        await builders.paid_unit(unit, last, middle)
        for account_id in (payer, last):
            await builders.set_account(unit, account_id, Status.INACTIVE)
    run = await run_status_job(runtime, [last, payer], Status.ACTIVE)
    assert await results(runtime, run.id) == {last: "DONE", payer: "DONE"}
    for account_id in (payer, middle, last):
        assert await account_state(runtime, account_id) == "ACTIVE"


async def test_held_by_a_payer_that_stays_inactive(runtime: Runtime) -> None:
    """Rules 2.2: NOT_ALLOWED for it, the message says what holds it; the other one changes."""
    async with runtime.unit(ANA) as unit:
        payer, other = await new_accounts(unit, 2)
        child = await builders.child(unit, payer)
        for account_id in (payer, other, child):
            await builders.set_account(unit, account_id, Status.INACTIVE)
    run = await run_status_job(runtime, [child, other], Status.ACTIVE)
    assert await results(runtime, run.id) == {other: "DONE", child: "FAILED NOT_ALLOWED"}
    failed = (await rows(runtime, StatusChangeResult, account_id=child))[0]
    assert "an account that pays for it is not active (PARENT)." in (failed.message or "")


async def test_all_that_match(runtime: Runtime) -> None:
    """1,204 accounts in two chunks. One that matches after the start does not change."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 1_204)
    active = Accounts(select(Account.id).where(Account.status == Status.ACTIVE), "filter", 1_204)
    async with runtime.unit(ABE) as unit:
        run_id = (await start_status_change(unit, StatusRequest(Status.INACTIVE), active)).id
    async with runtime.unit(ANA) as unit:
        [later] = await new_accounts(unit, 1)
    assert (await row(runtime, JobRun, run_id)).total == 1_204
    await execute_run(runtime, run_id)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done, run.total) == (JobRunStatus.DONE, 1_204, 1_204)
    assert await results(runtime, run_id) == dict.fromkeys(chosen, "DONE")
    assert sorted(it.account_id for it in await events(runtime)) == sorted(chosen)
    assert await account_state(runtime, later) == "ACTIVE"


async def test_another_number_of_accounts(runtime: Runtime) -> None:
    """CONFLICT; NOT_FOUND for none, OUT_OF_RANGE for too many. Nothing is started."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 2)
    async with refused(runtime, ErrorCode.CONFLICT, "expected_count") as error:
        await start_job(runtime, chosen, Status.CLOSED, expected_count=3)
    assert error.value.message == "2 accounts match now, not 3. Check them, then try again."
    async with refused(runtime, ErrorCode.NOT_FOUND, "account_ids"):
        await start_job(runtime, [], Status.CLOSED)


def test_ten_thousand_expected_accounts_stand_for_more() -> None:
    """`totalCount` of a longer list is 10,000 too."""
    check_count(10_000, expected=10_000, path="filter", counted_up_to=10_000)
    check_count(25_000, expected=10_000, path="filter", counted_up_to=10_000)
    for count, expected in ((9_999, 10_000), (25_000, 9_999), (25_000, 10_001)):
        with pytest.raises(TenureError) as error:
            check_count(count, expected=expected, path="filter", counted_up_to=10_000)
        assert error.value.code is ErrorCode.CONFLICT


async def test_too_many_accounts(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """OUT_OF_RANGE, also if that number was expected."""
    monkeypatch.setattr(actions, "MAX_ACCOUNTS", 2)
    monkeypatch.setattr("tenure.batch.status_changes.rules.MAX_ACCOUNTS", 2)
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 3)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "account_ids"):
        await start_job(runtime, chosen, Status.CLOSED, expected_count=3)
    assert (await run_status_job(runtime, chosen[:2], Status.CLOSED)).done == 2


async def test_contradicting_dates(runtime: Runtime) -> None:
    """Rules 2.9 and 2.10: refused at the start, as for one account."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 2)
    for to, more, code, path in (
        (Status.CLOSED, {"reactivate_on": AGAIN}, ErrorCode.CLOSED_IS_FINAL, "reactivate_on"),
        (Status.ACTIVE, {"reactivate_on": AGAIN}, ErrorCode.INVALID, "reactivate_on"),
        (Status.INACTIVE, {"defer_until": NOON}, ErrorCode.OUT_OF_RANGE, "defer_until"),
    ):
        async with refused(runtime, code, path):
            await start_job(runtime, chosen, to, **more)


async def test_deferred_with_reactivation(runtime: Runtime) -> None:
    """Rules 4.2 and 4.11: each account has its pair; what could never work is refused at once."""
    async with runtime.unit(ANA) as unit:
        first, second, closed = await new_accounts(unit, 3)
        await builders.set_account(unit, closed, Status.CLOSED)
    dates = {"defer_until": LATER, "reactivate_on": AGAIN}
    run = await run_status_job(runtime, [first, second, closed], Status.INACTIVE, **dates)
    assert await results(runtime, run.id) == {
        first: "DONE",
        second: "DONE",
        closed: "FAILED NOT_ALLOWED",
    }
    assert await account_state(runtime, first) == "ACTIVE"
    actions_ = await rows(runtime, DeferredAction)
    partners = {it.id: it.paired_with_id for it in actions_}
    assert [(it.account_id, it.to_status, it.scheduled_for) for it in actions_] == [
        (first, Status.INACTIVE, LATER),
        (second, Status.INACTIVE, LATER),
        (first, Status.ACTIVE, AGAIN),
        (second, Status.ACTIVE, AGAIN),
    ]
    assert {partners[partner or 0]: partner for partner in partners.values()} == partners
    assert {it.created_by for it in actions_} == {ABE.name}
    for now, state in ((LATER, BY_HAND), (AGAIN, "ACTIVE")):
        await set_clock(runtime, now)
        await builders.run_job(runtime)
        assert [await account_state(runtime, it) for it in (first, second)] == [state] * 2


async def test_now_with_reactivation(runtime: Runtime) -> None:
    """Rules 4.11: the return lifts the hold of its inactivation, and no later one."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 2)
    await run_status_job(runtime, chosen, Status.INACTIVE, reactivate_on=AGAIN)
    async with runtime.unit(ANA) as unit:
        for to in (Status.ACTIVE, Status.INACTIVE):
            await builders.set_account(unit, chosen[1], to)
    await set_clock(runtime, AGAIN)
    await builders.run_job(runtime)
    assert [await account_state(runtime, it) for it in chosen] == ["ACTIVE", BY_HAND]
    assert [it.status for it in await rows(runtime, DeferredAction)] == [
        DeferredStatus.DONE,
        DeferredStatus.NOT_APPLICABLE,
    ]


async def test_a_fault_fails_one_account(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules 4.7: its result says so, the others change, each once."""
    async with runtime.unit(ANA) as unit:
        first, faulty, last = await new_accounts(unit, 3)
    change_status = actions.change_status

    async def change(unit: Unit, kind: Any, ids: Sequence[int], to: Status, **more: Any) -> Any:
        if faulty in ids:
            raise RuntimeError("the plug-in is gone")
        return await change_status(unit, kind, ids, to, **more)

    monkeypatch.setattr(actions, "change_status", change)
    run = await run_status_job(runtime, [first, faulty, last], Status.CLOSED)
    assert await results(runtime, run.id) == {first: "DONE", faulty: "FAILED", last: "DONE"}
    [failed] = await rows(runtime, StatusChangeResult, account_id=faulty)
    assert failed.message == "Unexpected error (RuntimeError). Try again when it is fixed."
    assert (run.status, run.done, run.failed) == (JobRunStatus.DONE_WITH_FAILURES, 2, 1)
    assert sorted(it.account_id for it in await events(runtime)) == [first, last]


@pytest.mark.parametrize("kind", JOBS_OF_A_DATE)
async def test_job_gives_way_to_what_is_due(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, kind: JobKind
) -> None:
    """Rules 4.4: a bill day does not wait for the end of a long job, which then continues."""
    monkeypatch.setattr(runs, "CHUNK", 2)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 5)
    run_id = await start_job(runtime, chosen, Status.INACTIVE)
    ended: list[JobKind] = []
    end = jobs.end

    async def record_end(unit: Unit, ended_id: int) -> Any:
        ended.append((await unit.session.get_one(JobRun, ended_id)).kind)
        return await end(unit, ended_id)

    async def start_other(_: object) -> None:
        async with runtime.unit(ANA) as unit:
            await start(unit, kind=kind)

    with monkeypatch.context() as patched:
        patched.setattr(runs, "yield_to_writer", start_other)
        assert not await execute_run(runtime, run_id)
    paused = await row(runtime, JobRun, run_id)
    assert (paused.status, paused.done, paused.total) == (JobRunStatus.RUNNING, 2, 5)
    monkeypatch.setattr(jobs, "end", record_end)
    await run_due_jobs(runtime)
    done = await row(runtime, JobRun, run_id)
    assert (done.status, done.done, done.total) == (JobRunStatus.DONE, 5, 5)
    assert ended.index(kind) < ended.index(JobKind.STATUS_CHANGE)
    assert set((await results(runtime, run_id)).values()) == {"DONE"}


@pytest.mark.parametrize("kind", [JobKind.STATUS_CHANGE, JobKind.IMPORT])
async def test_job_does_not_give_way_to_long_ones(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, kind: JobKind
) -> None:
    monkeypatch.setattr(runs, "CHUNK", 2)
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 5)
        await jobs.add_run(unit, kind, unit.today)
    run_id = await start_job(runtime, chosen, Status.INACTIVE)
    assert await execute_run(runtime, run_id)
    assert (await row(runtime, JobRun, run_id)).status is JobRunStatus.DONE


@pytest.mark.parametrize("result", [StepResult(), StepResult(failed=1)])
@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("place", ["first", "last"])
async def test_fault_that_is_not_stored_ends_the_run(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, result: StepResult, size: int, place: str
) -> None:
    """Rules 4.7: an account whose fault no result tells would be tried without end."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, size)
    faulty = chosen[0 if place == "first" else -1]
    change_status = actions.change_status

    async def change(unit: Unit, kind: Any, ids: Sequence[int], to: Status, **more: Any) -> Any:
        if faulty in ids:
            raise RuntimeError("the plug-in is gone")
        return await change_status(unit, kind, ids, to, **more)

    async def store_nothing(*_: object) -> StepResult:
        return result

    monkeypatch.setattr(actions, "change_status", change)
    monkeypatch.setattr(status_change_job.StatusChangesStep, "fail", store_nothing)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    async with asyncio.timeout(PATIENCE):
        run = await run_status_job(runtime, chosen, Status.CLOSED)
    reason = "Step “status changes”: No progress. Still due after 3 attempts: 1."
    assert (run.status, run.failure, run.failed) == (JobRunStatus.FAILED, reason, 0)
    found = await results(runtime, run.id)
    assert (found[faulty], list(found.values()).count("DONE")) == ("PENDING", run.done)


async def test_cancelled_and_retried(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was changed stays. A new job changes the rest, and what had failed."""
    monkeypatch.setattr(runs, "CHUNK", 2)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 5)
        await builders.set_account(unit, chosen[1], Status.CLOSED)
    run_id = await start_job(runtime, chosen, Status.INACTIVE)
    claimed = status_change_job.claimed_results

    async def cancel_after_one(unit: Unit, job_run_id: int, *, limit: int) -> Any:
        async with runtime.database.reading() as session:
            run = await session.get_one(JobRun, job_run_id)
        if run.done:
            await cancel(unit, job_run_id)
        return await claimed(unit, job_run_id, limit=0 if run.done else limit)

    with monkeypatch.context() as cancelling:
        cancelling.setattr(status_change_job, "claimed_results", cancel_after_one)
        await execute_run(runtime, run_id)
    rest = dict.fromkeys(chosen[2:], "PENDING")
    expected = {chosen[0]: "DONE", chosen[1]: "FAILED NOT_ALLOWED"}
    assert await results(runtime, run_id) == expected | rest
    assert (await row(runtime, JobRun, run_id)).status is JobRunStatus.CANCELLED
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, chosen[1], Status.ACTIVE)
    async with runtime.unit(ABE) as unit:
        again = Accounts(await accounts_to_retry(unit, run_id), "retry_job_run_id")
        retried = (await start_status_change(unit, StatusRequest(Status.INACTIVE), again)).id
    await execute_run(runtime, retried)
    assert await results(runtime, retried) == dict.fromkeys(chosen[1:], "DONE")


async def test_who_may_start_and_cancel(runtime: Runtime) -> None:
    """Rules 10: an agent starts one, and cancels it; those of others are cancelled by a manager."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 1)
    async with forbidden(runtime):
        await start_job(runtime, chosen, Status.CLOSED, actor=VIC)
    first, second = [await start_job(runtime, chosen, Status.CLOSED) for _ in range(2)]
    other = Actor("bob@example.com", Role.AGENT)
    for actor in (VIC, other):
        async with forbidden(runtime), runtime.unit(actor) as unit:
            await cancel(unit, first)
    for run_id, actor in ((first, ABE), (second, MIA)):
        async with runtime.unit(actor) as unit:
            assert (await cancel(unit, run_id)).status is JobRunStatus.CANCELLED
    async with (
        refused(runtime, ErrorCode.INVALID, "kind"),
        runtime.unit(MIA) as unit,
    ):
        await start(unit, kind=JobKind.STATUS_CHANGE)


async def test_live_or_other_runs_are_not_retried(runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 1)
    live = await start_job(runtime, chosen, Status.CLOSED)
    other = await builders.run_job(runtime)
    for run_id, code in (
        (live, ErrorCode.NOT_ALLOWED),
        (other, ErrorCode.NOT_ALLOWED),
        (4711, ErrorCode.NOT_FOUND),
    ):
        async with refused(runtime, code, "retry_job_run_id"), runtime.unit(ABE) as unit:
            await accounts_to_retry(unit, run_id)


@pytest.mark.parametrize("to", [Status.ACTIVE, Status.CLOSED])
async def test_many_workers(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, to: Status) -> None:
    """Rules 4.6: three workers, chunks of two, accounts with common payers: each changes once."""
    async with runtime.unit(ANA) as unit:
        children = await new_accounts(unit, 8)
        payers = await new_accounts(unit, 4)
        for place, account_id in enumerate(children):
            payer = payers[place % 4]
            await change_parent(unit, account_id, parent_id=payer, parent_pays=True)
            await builders.paid_unit(unit, account_id, payers[(place + 1) % 4])
        for account_id in children + payers:
            await builders.set_account(unit, account_id, Status.INACTIVE)
    before = len(await events(runtime))
    monkeypatch.setattr(runs, "CHUNK", 2)
    chosen = children + payers
    run_id = await start_job(runtime, chosen, to)
    await execute_with_workers(url_of(runtime.database), run_id, 3)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done, run.failed) == (JobRunStatus.DONE, 12, 0)
    assert await results(runtime, run_id) == dict.fromkeys(chosen, "DONE")
    own = [it.account_id for it in (await events(runtime))[before:] if it.followed_id is None]
    assert sorted(own) == sorted(chosen)
    assert {it.status for it in await rows(runtime, Account)} == {to}


@pytest.mark.parametrize("chunk", [1, 3])
async def test_killed_worker(runtime: Runtime, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """Rules 4.6: its open chunk is undone; another worker changes the rest, nothing twice."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 7)
    run_id = await start_job(runtime, chosen, Status.INACTIVE)
    assert exit_code(url_of(runtime.database), run_id, chunk) == -9
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done) == (JobRunStatus.RUNNING, 2 * (chunk - 1))
    changed = [key for key, it in (await results(runtime, run_id)).items() if it == "DONE"]
    assert changed == chosen[: run.done]
    assert sorted(it.account_id for it in await events(runtime)) == changed
    monkeypatch.setattr(runs, "CHUNK", 2)
    await execute_run(runtime, run_id)
    run = await row(runtime, JobRun, run_id)
    assert (run.status, run.done, run.total) == (JobRunStatus.DONE, 7, 7)
    assert sorted(it.account_id for it in await events(runtime)) == chosen
