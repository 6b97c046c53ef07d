"""Rules 4.5: by time, then by creation, for one account and whatever its cascades touch."""

from datetime import timedelta

import pytest

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests.builders import (
    account,
    child,
    run_job,
    scheduled_move,
    service,
    set_account,
    set_service,
)
from tests.checks import account_state, action, row, service_state
from tests.conftest import ANA, NOON, set_clock

LATER = NOON + timedelta(days=1)
DONE, FAILED, NOT_APPLICABLE = (
    DeferredStatus.DONE,
    DeferredStatus.FAILED,
    DeferredStatus.NOT_APPLICABLE,
)


async def carried_out(
    runtime: Runtime, *action_ids: int | None, at: object = LATER
) -> list[DeferredStatus]:
    """What became of these after a run at `at`."""
    await set_clock(runtime, at)  # type: ignore[arg-type]
    await run_job(runtime)
    return [(await action(runtime, it)).status for it in action_ids]


@pytest.mark.parametrize(
    ("wanted", "outcomes", "stands"),
    [
        ([Status.INACTIVE, Status.CLOSED], [DONE, DONE], "CLOSED (CLOSED MANUAL, INACTIVE MANUAL)"),
        ([Status.CLOSED, Status.INACTIVE], [DONE, NOT_APPLICABLE], "CLOSED (CLOSED MANUAL)"),
        ([Status.INACTIVE, Status.ACTIVE], [DONE, DONE], "ACTIVE"),
        ([Status.ACTIVE, Status.INACTIVE], [DONE, DONE], "INACTIVE (INACTIVE MANUAL)"),
        ([Status.INACTIVE, Status.INACTIVE], [DONE, DONE], "INACTIVE (INACTIVE MANUAL)"),
    ],
)
async def test_of_the_same_moment_in_the_order_of_creation(
    runtime: Runtime, wanted: list[Status], outcomes: list[DeferredStatus], stands: str
) -> None:
    """Inactivate the service, then close it; and the other way round."""
    async with runtime.unit(ANA) as unit:
        line = await service(unit, await account(unit))
        ids = [
            (await set_service(unit, line, to, defer_until=LATER)).deferred_action_id
            for to in wanted
        ]
    assert await carried_out(runtime, *ids) == outcomes
    assert await service_state(runtime, line) == stands


async def test_time_comes_before_creation(runtime: Runtime) -> None:
    """Created last, due first; carried out by one run, days later."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        second = (
            await set_account(unit, owner, Status.ACTIVE, defer_until=LATER)
        ).deferred_action_id
        sooner = LATER - timedelta(microseconds=1)
        first = (
            await set_account(unit, owner, Status.INACTIVE, defer_until=sooner)
        ).deferred_action_id
    assert await carried_out(runtime, first, second, at=LATER + timedelta(days=9)) == [DONE, DONE]
    assert await account_state(runtime, owner) == "ACTIVE"


@pytest.mark.parametrize("leave_first", [True, False])
async def test_leave_one_hierarchy_then_join_another(runtime: Runtime, leave_first: bool) -> None:
    """Of the same moment, in both orders: the one that was asked for last counts in the end."""
    async with runtime.unit(ANA) as unit:
        former, new = await account(unit, "Former"), await account(unit, "New")
        moved = await child(unit, former)
        ids = [
            await scheduled_move(unit, moved, parent_id=parent, defer_until=LATER)
            for parent in ((None, new) if leave_first else (new, None))
        ]
    assert await carried_out(runtime, *ids) == [DONE, DONE]
    assert (await row(runtime, Account, moved)).parent_id == (new if leave_first else None)


@pytest.mark.parametrize("payer_first", [True, False])
async def test_payer_and_paid_of_the_same_moment(runtime: Runtime, payer_first: bool) -> None:
    """What a cascade touches has its place in the order: the child comes back only behind its
    payer.
    """
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        paid = await child(unit, payer)
        await set_account(unit, paid, Status.INACTIVE)
        await set_account(unit, payer, Status.INACTIVE)
        order = (payer, paid) if payer_first else (paid, payer)
        ids = [
            (await set_account(unit, it, Status.ACTIVE, defer_until=LATER)).deferred_action_id
            for it in order
        ]
    assert await carried_out(runtime, *ids) == ([DONE, DONE] if payer_first else [FAILED, DONE])
    expected = "ACTIVE" if payer_first else "INACTIVE (INACTIVE MANUAL)"
    assert await account_state(runtime, paid) == expected


@pytest.mark.parametrize("account_first", [True, False])
async def test_account_and_its_service_of_the_same_moment(
    runtime: Runtime, account_first: bool
) -> None:
    """Closing the account first, the service has been closed by then."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        line = await service(unit, owner)
        steps = [(set_account, owner, Status.CLOSED), (set_service, line, Status.INACTIVE)]
        ids = [
            (await change(unit, it, to, defer_until=LATER)).deferred_action_id
            for change, it, to in (steps if account_first else reversed(steps))
        ]
    assert await carried_out(runtime, *ids) == (
        [DONE, NOT_APPLICABLE] if account_first else [DONE, DONE]
    )
    expected = (
        "CLOSED (CLOSED ACCOUNT)" if account_first else "CLOSED (CLOSED ACCOUNT, INACTIVE MANUAL)"
    )
    assert await service_state(runtime, line) == expected


@pytest.mark.parametrize("move_first", [True, False])
async def test_move_and_status_of_the_same_moment(runtime: Runtime, move_first: bool) -> None:
    """Leaving the payer that is suspended at the same moment: behind the move, it no longer touches
    the child.
    """
    async with runtime.unit(ANA) as unit:
        payer = await account(unit, "Payer")
        paid = await child(unit, payer)
        await set_account(unit, paid, Status.INACTIVE)
        await set_account(unit, payer, Status.INACTIVE)
        ids = []
        for is_move in (move_first, not move_first):
            if is_move:
                ids.append(await scheduled_move(unit, paid, parent_id=None, defer_until=LATER))
            else:
                ids.append(
                    (
                        await set_account(unit, paid, Status.ACTIVE, defer_until=LATER)
                    ).deferred_action_id
                )
    assert await carried_out(runtime, *ids) == ([DONE, DONE] if move_first else [FAILED, DONE])
    assert await account_state(runtime, paid) == (
        "ACTIVE" if move_first else "INACTIVE (INACTIVE MANUAL)"
    )


async def test_many_accounts_each_in_its_own_order(runtime: Runtime) -> None:
    """Unrelated accounts are done as sets, in rounds; each of them keeps its order, however they
    are mixed.
    """
    async with runtime.unit(ANA) as unit:
        owners = [await account(unit, f"Owner {place}") for place in range(6)]
        ids = []
        for turn in range(3):
            for place, owner in enumerate(owners):
                to = Status.INACTIVE if (turn + place) % 2 else Status.ACTIVE
                ids.append(
                    (await set_account(unit, owner, to, defer_until=LATER)).deferred_action_id
                )
    assert await carried_out(runtime, *ids) == [DONE] * 18
    stands = [await account_state(runtime, owner) for owner in owners]
    assert stands == ["ACTIVE", "INACTIVE (INACTIVE MANUAL)"] * 3
