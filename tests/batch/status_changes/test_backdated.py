"""Jobs that are backdated, and jobs that cancel conflicting actions (rules 2.11, 4.8)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tenure.batch.status_changes.actions import preview, start_status_change
from tenure.batch.status_changes.queries import Accounts, accounts_of
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.jobs.models import JobRunStatus, StatusChangeJob
from tenure.kernel.dry_run import dry_run
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.status.changes.rules import StatusRequest
from tests import builders
from tests.batch.status_changes.jobs_of_accounts import (
    new_accounts,
    results,
    run_status_job,
    start_job,
)
from tests.checks import ABE, account_state, audited, events, refused, rows
from tests.conftest import ANA, NOON, set_clock

FIRST, LATER, LAST = (NOON + timedelta(days=days) for days in (2, 5, 9))
DAY = date(2026, 11, 15)
AT = datetime(2026, 11, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BY_HAND = "INACTIVE (INACTIVE MANUAL)"


@pytest.mark.parametrize("to", [Status.INACTIVE, Status.CLOSED])
async def test_backdated_as_each_by_itself(runtime: Runtime, to: Status) -> None:
    """The events and the money are those of `changeAccountStatus`, of the paid accounts too."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        pairs = []
        for _ in range(4):
            payer = await builders.account(unit, "Payer", billing_day_of_month=1)
            paid = await builders.child(unit, payer, "Paid")
            for account in (payer, paid):
                await builders.purchased_offer(unit, account)
            pairs.append((payer, paid))
    await set_clock(runtime, NOW)
    async with runtime.unit(ANA) as unit:
        for payer, _ in pairs[:2]:
            await builders.set_account(unit, payer, to, backdate_to=DAY)
    in_job = [payer for payer, _ in pairs[2:]]
    run = await run_status_job(runtime, in_job, to, backdate_to=DAY)
    assert (run.status, run.done) == (JobRunStatus.DONE, 2)

    async def recorded(pair: tuple[int, int]) -> list[tuple[object, ...]]:
        found = [
            (pair.index(it.account_id), it.kind, it.occurred_at, it.amount, it.to_status, it.cause)
            for kind in (EventKind.STATUS_CHANGE, EventKind.CYCLE_FEE, EventKind.TRANSFER)
            for it in await events(runtime, kind)
            if it.account_id in pair
        ]
        return sorted(found, key=repr)

    single = await recorded(pairs[0])
    assert AT in [it[2] for it in single if it[1] is EventKind.STATUS_CHANGE]
    assert any(isinstance(it[3], Decimal) and it[3] < 0 for it in single)
    for pair in pairs[1:]:
        assert await recorded(pair) == single
    summary = {Status.INACTIVE: "inactivate", Status.CLOSED: "close"}[to]
    assert (await audited(runtime))[-1][2] == (
        f"Started a job: {summary} 2 accounts, backdated to 2026-11-15."
    )


async def test_too_early_for_some(runtime: Runtime) -> None:
    """Each account has its own limit: its creation, its last change, its last bill."""
    async with runtime.unit(ANA) as unit:
        fine, changed = await new_accounts(unit, 2)
    await set_clock(runtime, datetime(2026, 11, 17, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        [new] = await new_accounts(unit, 1)
        await builders.set_account(unit, changed, Status.CLOSED)
        await builders.set_account(unit, changed, Status.ACTIVE)
    await set_clock(runtime, NOW)
    run = await run_status_job(runtime, [fine, changed, new], Status.INACTIVE, backdate_to=DAY)
    assert await results(runtime, run.id) == {
        fine: "DONE",
        changed: "FAILED OUT_OF_RANGE",
        new: "FAILED OUT_OF_RANGE",
    }
    states = [await account_state(runtime, it) for it in (fine, changed, new)]
    assert states == [BY_HAND, "ACTIVE", "ACTIVE"]
    assert [it.occurred_at for it in await events(runtime, account_id=fine)] == [AT]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"backdate_to": DAY, "defer_until": LATER}, ErrorCode.INVALID),
        ({"backdate_to": NOON.date() + timedelta(days=1)}, ErrorCode.OUT_OF_RANGE),
        ({"backdate_to": date(9999, 12, 31)}, ErrorCode.OUT_OF_RANGE),
    ],
)
async def test_backdating_is_refused_at_the_start(
    runtime: Runtime, more: dict[str, date], code: ErrorCode
) -> None:
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 1)
    async with refused(runtime, code, "backdate_to"):
        await start_job(runtime, chosen, Status.INACTIVE, **more)


async def scheduled(runtime: Runtime, account_ids: list[int], at: datetime) -> list[int]:
    """Inactivations at a time; returns their ids."""
    async with runtime.unit(ANA) as unit:
        made = [
            await builders.set_account(unit, it, Status.INACTIVE, defer_until=at)
            for it in account_ids
        ]
    return [it.deferred_action_id or 0 for it in made]


async def still_pending(runtime: Runtime) -> set[int]:
    """The ids of pending actions."""
    return {it.id for it in await rows(runtime, DeferredAction, status=DeferredStatus.PENDING)}


@pytest.mark.parametrize("cancels", [True, False])
async def test_conflicts_are_cancelled_with_the_changes(runtime: Runtime, cancels: bool) -> None:
    """Rules 4.8: also of paid accounts; none of an account that is refused, or of another one."""
    async with runtime.unit(ANA) as unit:
        payer, other, away = await new_accounts(unit, 3)
        paid = await builders.child(unit, payer, "Paid")
    await scheduled(runtime, [payer, paid], LATER)
    kept = await scheduled(runtime, [other, away], LATER)
    # Too early for `other`, which is changed after the date.
    await set_clock(runtime, NOON + timedelta(days=1))
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, other, Status.INACTIVE)
    await set_clock(runtime, FIRST)
    more = {"cancel_conflicts": cancels, "backdate_to": NOON.date() + timedelta(days=1)}
    run = await run_status_job(runtime, [payer, other], Status.CLOSED, **more)
    assert await results(runtime, run.id) == {payer: "DONE", other: "FAILED OUT_OF_RANGE"}
    pending = await still_pending(runtime)
    assert pending >= set(kept)
    assert len(pending) == (2 if cancels else 4)
    [job] = await rows(runtime, StatusChangeJob, job_run_id=run.id)
    assert (job.cancels_conflicts, job.cancelled_actions) == (cancels, 2 if cancels else 0)


async def test_conflicts_of_scheduled_changes(runtime: Runtime) -> None:
    """Only actions that are scheduled later; none because of an account that is closed already."""
    async with runtime.unit(ANA) as unit:
        first, closed = await new_accounts(unit, 2)
        payer = await builders.account(unit, "Payer")
    [before] = await scheduled(runtime, [first], FIRST)
    [after] = await scheduled(runtime, [first], LAST)
    async with runtime.unit(ANA) as unit:
        under = await builders.scheduled_move(
            unit, payer, parent_id=closed, parent_pays=True, defer_until=LAST
        )
        await builders.set_account(unit, closed, Status.CLOSED)
    more = {"cancel_conflicts": True, "defer_until": LATER}
    run = await run_status_job(runtime, [first, closed], Status.CLOSED, **more)
    assert await results(runtime, run.id) == {first: "DONE", closed: "DONE"}
    pending = await still_pending(runtime)
    assert (before in pending, after in pending, under in pending) == (True, False, True)


@pytest.mark.parametrize(("at", "count"), [(None, 2), (LATER, 1)])
async def test_preview_tells_conflicts(runtime: Runtime, at: datetime | None, count: int) -> None:
    """It counts what the job would cancel, and cancels nothing."""
    async with runtime.unit(ANA) as unit:
        chosen = await new_accounts(unit, 2)
    for time in (FIRST, LAST):
        await scheduled(runtime, chosen[:1], time)
    request = StatusRequest(Status.CLOSED, defer_until=at, cancel_conflicts=True)
    pending = select(DeferredAction.id).where(DeferredAction.status == DeferredStatus.PENDING)
    async with dry_run(runtime) as rolled_back, rolled_back.unit(ABE) as unit:
        accounts = Accounts(accounts_of(chosen), "account_ids")
        run = await start_status_change(unit, request, accounts)
        impact = await preview(unit, run)
        assert (impact.conflicting_count, len(impact.conflicting)) == (count, count)
        scheduled_here = 0 if at is None else 2
        assert len((await unit.session.execute(pending)).all()) == 2 + scheduled_here
