"""Rules 4.1 to 4.3, 4.9: what can be deferred, and operations on deferred actions."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tenure.accounts.models import Account
from tenure.deferred.actions import cancel, reschedule
from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.events.models import EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime, Unit
from tests.builders import (
    account,
    child,
    customer,
    run_job,
    run_now,
    scheduled_move,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import ABE, VIC, account_state, action, events, forbidden, refused, row
from tests.conftest import ANA, NOON, set_clock

LATER = NOON + timedelta(days=1)
Promise = Callable[[Unit, dict[str, int]], Awaitable[int | None]]


async def put_off(unit: Unit, account_id: int, to: Status = Status.INACTIVE, **more: object) -> int:
    """A deferred change of an account's status, a day from now; returns its id."""
    made = (
        await set_account(unit, account_id, to, **{"defer_until": LATER, **more})
    ).deferred_action_id
    assert made is not None
    return made


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account."""
    async with runtime.unit(ANA) as unit:
        return await account(unit)


async def statuses(runtime: Runtime, *action_ids: int) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(runtime, it)).status for it in action_ids]


async def outcome_events(runtime: Runtime) -> list[tuple[str, str]]:
    """Actor and first word of each DEFERRED_ACTION event."""
    found = await events(runtime, EventKind.DEFERRED_ACTION)
    return [(event.actor, event.description.split()[0].rstrip(":")) for event in found]


async def test_every_kind_of_status_change(runtime: Runtime) -> None:
    """Rules 4.1: of an account, a service, an offer; nothing happens before its time, then all of
    it.
    """
    async with runtime.unit(ANA) as unit:
        made = await customer(unit)
        ids = [
            (
                await set_offer(unit, made.account_offer, Status.CLOSED, defer_until=LATER)
            ).deferred_action_id,
            (
                await set_service(unit, made.service, Status.CLOSED, defer_until=LATER)
            ).deferred_action_id,
            await put_off(unit, made.account),
        ]
    assert await events(runtime) == []
    found = [await action(runtime, it) for it in ids]
    assert [(it.kind, it.to_status, it.status) for it in found] == [
        (DeferredKind.CHANGE_OFFER_STATUS, Status.CLOSED, DeferredStatus.PENDING),
        (DeferredKind.CHANGE_SERVICE_STATUS, Status.CLOSED, DeferredStatus.PENDING),
        (DeferredKind.CHANGE_ACCOUNT_STATUS, Status.INACTIVE, DeferredStatus.PENDING),
    ]
    assert {(it.created_by, it.created_at, it.account_id) for it in found} == {
        (ANA.name, NOON, made.account)
    }
    of_account = "Carla (A-1001)"
    assert [it.summary for it in found] == [
        f"Close Flat of {of_account}",
        f"Close Internet of {of_account}",
        f"Inactivate {of_account}",
    ]
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert [(await action(runtime, it)).status for it in ids] == [DeferredStatus.DONE] * 3
    assert await account_state(runtime, made.account) == "INACTIVE (INACTIVE MANUAL)"


async def test_every_kind_of_move(runtime: Runtime) -> None:
    """Rules 4.1: add to a hierarchy, move between hierarchies, remove, in this order."""
    async with runtime.unit(ANA) as unit:
        first, second = await account(unit, "First"), await account(unit, "Second")
        added, moved, removed = (
            await account(unit),
            await child(unit, first),
            await child(unit, first),
        )
        ids = [
            await scheduled_move(unit, added, parent_id=first, defer_until=LATER),
            await scheduled_move(
                unit, moved, parent_id=second, parent_pays=True, defer_until=LATER
            ),
            await scheduled_move(unit, removed, parent_id=None, defer_until=LATER),
        ]
    found = [await action(runtime, it) for it in ids]
    assert [it.kind for it in found] == [
        DeferredKind.ADD_TO_HIERARCHY,
        DeferredKind.MOVE_IN_HIERARCHY,
        DeferredKind.REMOVE_FROM_HIERARCHY,
    ]
    assert [(await row(runtime, Account, it)).parent_id for it in (added, moved, removed)] == [
        None,
        first,
        first,
    ]
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert [(await action(runtime, it)).status for it in ids] == [DeferredStatus.DONE] * 3
    assert [(await row(runtime, Account, it)).parent_id for it in (added, moved, removed)] == [
        first,
        second,
        None,
    ]


async def test_what_could_never_work_is_refused_at_once(runtime: Runtime, carla: int) -> None:
    """Rules 4.2: with the same error as now."""
    async with runtime.unit(ANA) as unit:
        below, euro = await child(unit, carla), await account(unit, "Euro", currency="EUR")
    later = {"defer_until": LATER}
    async with refused(runtime, ErrorCode.CYCLE, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, carla, parent_id=below, **later)
    async with refused(runtime, ErrorCode.INVALID, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, euro, parent_id=carla, parent_pays=True, **later)
    async with refused(runtime, ErrorCode.NOT_FOUND, "parent_id"), runtime.unit(ANA) as unit:
        await change_parent(unit, carla, parent_id=987654321, **later)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "defer_until"), runtime.unit(ANA) as unit:
        await change_parent(unit, euro, parent_id=carla, defer_until=NOON)


async def test_cancelled_stays_readable_and_does_not_fire(runtime: Runtime, carla: int) -> None:
    """Rules 4.3: with who cancelled it and when."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
    async with runtime.unit(ABE) as unit:
        await cancel(unit, action_id)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    found = await action(runtime, action_id)
    assert (found.status, found.cancelled_by, found.cancelled_at) == (
        DeferredStatus.CANCELLED,
        ABE.name,
        NOON,
    )
    assert (found.executed_at, found.attempts) == (None, 0)
    assert await account_state(runtime, carla) == "ACTIVE"


async def test_run_at_once(runtime: Runtime, carla: int) -> None:
    """Rules 4.3 and 4.6: before its time; the job does not do it again."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
    await run_now(runtime, ABE, action_id)
    found = await action(runtime, action_id)
    assert (found.status, found.executed_at, found.attempts, found.job_run_id) == (
        DeferredStatus.DONE,
        NOON,
        1,
        None,
    )
    assert await account_state(runtime, carla) == "INACTIVE (INACTIVE MANUAL)"
    assert [event.actor for event in await events(runtime)] == [ABE.name]
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert len(await events(runtime)) == 1


async def test_rescheduled(runtime: Runtime, carla: int) -> None:
    """Rules 4.3: not at the former time, but at the new one."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
        await reschedule(unit, action_id, scheduled_for=LATER + timedelta(hours=1))
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert await statuses(runtime, action_id) == [DeferredStatus.PENDING]
    await set_clock(runtime, LATER + timedelta(hours=1))
    await run_job(runtime)
    assert await statuses(runtime, action_id) == [DeferredStatus.DONE]


async def test_reschedules_into_the_future_only(runtime: Runtime, carla: int) -> None:
    """Rules 4.2: the past is OUT_OF_RANGE."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "scheduled_for"), runtime.unit(ANA) as unit:
        await reschedule(unit, action_id, scheduled_for=NOON)


async def failed(runtime: Runtime, account_id: int) -> tuple[int, int]:
    """A deferred action that failed, as the account's payer held it; and that payer."""
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        await change_parent(unit, account_id, parent_id=payer, parent_pays=True)
        action_id = await put_off(unit, account_id, Status.ACTIVE)
        await set_account(unit, payer, Status.INACTIVE)
    await run_now(runtime, ANA, action_id)
    return action_id, payer


async def test_failed_is_run_again(runtime: Runtime, carla: int) -> None:
    """Rules 4.3: with what it counted, and its failure gone."""
    action_id, payer = await failed(runtime, carla)
    found = await action(runtime, action_id)
    assert (found.status, found.attempts) == (DeferredStatus.FAILED, 1)
    assert found.failure is not None
    assert "PARENT" in found.failure
    async with runtime.unit(ANA) as unit:
        await set_account(unit, payer, Status.ACTIVE)
    await run_now(runtime, ANA, action_id)
    found = await action(runtime, action_id)
    assert (found.status, found.attempts, found.failure) == (DeferredStatus.DONE, 2, None)


async def test_failed_is_rescheduled(runtime: Runtime, carla: int) -> None:
    """Rules 4.3: pending again; but not cancelled, and the job does not take it up by itself."""
    action_id, _ = await failed(runtime, carla)
    async with refused(runtime, ErrorCode.NOT_ALLOWED), runtime.unit(ANA) as unit:
        await cancel(unit, action_id)
    await set_clock(runtime, LATER)
    await run_job(runtime)
    assert (await action(runtime, action_id)).attempts == 1
    async with runtime.unit(ANA) as unit:
        await reschedule(unit, action_id, scheduled_for=LATER + timedelta(days=1))
    found = await action(runtime, action_id)
    assert (found.status, found.failure, found.executed_at) == (DeferredStatus.PENDING, None, None)


@pytest.mark.parametrize("state", ["DONE", "CANCELLED", "NOT_APPLICABLE"])
async def test_other_states_are_final(runtime: Runtime, carla: int, state: str) -> None:
    """Rules 4.3: neither run nor rescheduled nor cancelled."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
        if state == "CANCELLED":
            await cancel(unit, action_id)
        elif state == "NOT_APPLICABLE":
            await set_account(unit, carla, Status.CLOSED)
    if state != "CANCELLED":
        await run_now(runtime, ANA, action_id)
    assert await statuses(runtime, action_id) == [DeferredStatus(state)]
    async with refused(runtime, ErrorCode.NOT_ALLOWED):
        await run_now(runtime, ANA, action_id)
    async with refused(runtime, ErrorCode.NOT_ALLOWED), runtime.unit(ANA) as unit:
        await reschedule(unit, action_id, scheduled_for=LATER)
    async with refused(runtime, ErrorCode.NOT_ALLOWED), runtime.unit(ANA) as unit:
        await cancel(unit, action_id)


async def test_each_step_leaves_an_event(runtime: Runtime, carla: int) -> None:
    """Rules 4.9: scheduling, rescheduling, cancelling, running manually, and the outcome."""
    async with runtime.unit(ANA) as unit:
        done, dropped = await put_off(unit, carla), await put_off(unit, carla, note="perhaps")
    async with runtime.unit(ABE) as unit:
        await reschedule(unit, done, scheduled_for=LATER + timedelta(hours=1))
        await cancel(unit, dropped)
    await run_now(runtime, ABE, done)
    assert await outcome_events(runtime) == [
        (ANA.name, "Scheduled"),
        (ANA.name, "Scheduled"),
        (ABE.name, "Rescheduled"),
        (ABE.name, "Cancelled"),
        (ABE.name, "Run"),
        (ABE.name, "Done"),
    ]
    assert {event.account_id for event in await events(runtime, EventKind.DEFERRED_ACTION)} == {
        carla
    }


async def test_unknown_ids(runtime: Runtime) -> None:
    """NOT_FOUND."""
    async with refused(runtime, ErrorCode.NOT_FOUND):
        await run_now(runtime, ANA, 987654321)
    async with refused(runtime, ErrorCode.NOT_FOUND), runtime.unit(ANA) as unit:
        await cancel(unit, 987654321)
    async with refused(runtime, ErrorCode.NOT_FOUND), runtime.unit(ANA) as unit:
        await reschedule(unit, 987654321, scheduled_for=LATER)


async def test_viewers_change_nothing(runtime: Runtime, carla: int) -> None:
    """Rules 10; agents do all of it, see above."""
    async with runtime.unit(ANA) as unit:
        action_id = await put_off(unit, carla)
    async with forbidden(runtime):
        await run_now(runtime, VIC, action_id)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await cancel(unit, action_id)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await reschedule(unit, action_id, scheduled_for=LATER)
    async with forbidden(runtime), runtime.unit(VIC) as unit:
        await change_parent(unit, carla, parent_id=None, defer_until=LATER)
