"""Rules 4.11 (with 2.2 and 2.10): a return belongs to its inactivation."""

from datetime import date, timedelta

import pytest

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred.actions import cancel, cancel_all, reschedule
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.deferred.rules import ActionResult
from tenure.events.models import EventKind
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.receivables.receipts.actions import hold_for_debt
from tests.builders import (
    Customer,
    account,
    customer,
    paid_unit,
    run_job,
    run_now,
    set_account,
    set_offer,
    set_service,
)
from tests.checks import ABE, account_state, action, entity_state, events, refused
from tests.conftest import ANA, NOON, set_clock
from tests.receivables.receipts.bills import DECEMBER, billed, noon, payer

ACTIVE, INACTIVE = Status.ACTIVE, Status.INACTIVE
DAY = timedelta(days=1)
MONDAY, RETURN = NOON + 2 * DAY, NOON + 9 * DAY
DONE, FAILED = DeferredStatus.DONE, DeferredStatus.FAILED
PENDING, CANCELLED = DeferredStatus.PENDING, DeferredStatus.CANCELLED
NOT_APPLICABLE = DeferredStatus.NOT_APPLICABLE
CHANGES = {"account": set_account, "service": set_service, "offer": set_offer}
TABLES = {"account": Account, "service": Service, "offer": PurchasedOffer}


@pytest.fixture(params=["account", "service", "offer"])
def kind(request: pytest.FixtureRequest) -> str:
    """What is inactivated for a while."""
    return str(request.param)


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer."""
    async with runtime.unit(ANA) as unit:
        return await customer(unit)


def target(carla: Customer, kind: str) -> int:
    """The customer's account, service, or account offer."""
    by_kind = {"account": carla.account, "service": carla.service, "offer": carla.account_offer}
    return by_kind[kind]


async def for_a_while(
    runtime: Runtime, kind: str, target_id: int, *, deferred: bool = True
) -> tuple[int, int]:
    """An inactivation on Monday (or now) with its return: their ids, 0 for what is done already."""
    more = {"defer_until": MONDAY} if deferred else {}
    async with runtime.unit(ABE) as unit:
        made = await CHANGES[kind](unit, target_id, INACTIVE, reactivate_on=RETURN, **more)
    assert made.reactivation_id is not None
    return made.deferred_action_id or 0, made.reactivation_id


async def become(runtime: Runtime, *action_ids: int) -> list[DeferredStatus]:
    """What became of these."""
    return [(await action(runtime, it)).status for it in action_ids]


async def on(runtime: Runtime, day: int) -> None:
    """The job of that day of November, at noon."""
    await set_clock(runtime, NOON.replace(day=day))
    await run_job(runtime)


async def test_they_know_each_other(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 4.11: the return of a deferred inactivation knows it, and it knows the return."""
    first, back = await for_a_while(runtime, kind, target(carla, kind))
    assert (await action(runtime, first)).paired_with_id == back
    assert (await action(runtime, back)).paired_with_id == first
    await on(runtime, MONDAY.day)
    assert await become(runtime, first, back) == [DONE, PENDING]
    assert (
        await entity_state(runtime, TABLES[kind], target(carla, kind))
        == "INACTIVE (INACTIVE MANUAL)"
    )
    await on(runtime, RETURN.day)
    assert await become(runtime, first, back) == [DONE, DONE]
    assert await entity_state(runtime, TABLES[kind], target(carla, kind)) == "ACTIVE"


async def test_both_due_at_once(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 4.4 and 4.11: days were missed; both are carried out in one run, in their order."""
    first, back = await for_a_while(runtime, kind, target(carla, kind))
    await on(runtime, RETURN.day + 1)
    assert await become(runtime, first, back) == [DONE, DONE]
    assert await entity_state(runtime, TABLES[kind], target(carla, kind)) == "ACTIVE"


@pytest.mark.parametrize("shift", [timedelta(0), DAY])
async def test_neither_is_rescheduled_past_the_other(
    runtime: Runtime, carla: Customer, shift: timedelta
) -> None:
    """Rules 4.11: OUT_OF_RANGE, at the same moment too; up to the other one is allowed."""
    first, back = await for_a_while(runtime, "account", carla.account)
    for action_id, when in ((first, RETURN + shift), (back, MONDAY - shift)):
        async with (
            refused(runtime, ErrorCode.OUT_OF_RANGE, "scheduled_for"),
            runtime.unit(ANA) as unit,
        ):
            await reschedule(unit, action_id, scheduled_for=when)
    async with runtime.unit(ANA) as unit:
        await reschedule(unit, first, scheduled_for=RETURN - timedelta(minutes=1))
        await reschedule(unit, back, scheduled_for=RETURN + DAY)


async def test_the_return_of_a_past_inactivation_moves_freely(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 4.11: what has taken place, now or by the job, is no bound but the present."""
    _, made_now = await for_a_while(runtime, "service", carla.service, deferred=False)
    _, later = await for_a_while(runtime, "offer", carla.account_offer)
    await on(runtime, MONDAY.day)
    async with runtime.unit(ANA) as unit:
        for action_id in (made_now, later):
            await reschedule(unit, action_id, scheduled_for=MONDAY + timedelta(hours=1))
    await on(runtime, MONDAY.day + 1)
    assert await become(runtime, made_now, later) == [DONE, DONE]


async def test_cancelled_together(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 4.11 and 4.9: with the inactivation its return, with who cancelled both and an event
    for each.
    """
    first, back = await for_a_while(runtime, kind, target(carla, kind))
    async with runtime.unit(ABE) as unit:
        [result] = await cancel_all(unit, [first])
    assert result == ActionResult(first, also_changed=(back,))
    for action_id in (first, back):
        found = await action(runtime, action_id)
        assert (found.status, found.cancelled_by, found.cancelled_at) == (CANCELLED, ABE.name, NOON)
    recorded = [
        it.description.split(":")[0] for it in await events(runtime, EventKind.DEFERRED_ACTION)
    ]
    assert recorded[-2:] == ["Cancelled", "Cancelled with its inactivation"]


async def test_the_return_is_cancelled_alone(runtime: Runtime, carla: Customer) -> None:
    """Rules 4.11: the inactivation stays, and is not bound by it any more."""
    first, back = await for_a_while(runtime, "account", carla.account)
    async with runtime.unit(ANA) as unit:
        assert await cancel_all(unit, [back]) == [ActionResult(back)]
        await reschedule(unit, first, scheduled_for=RETURN + DAY)
    assert await become(runtime, first, back) == [PENDING, CANCELLED]


async def test_a_suspension_for_fraud_stays(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 4.11: the inactivation is cancelled, and another one made by hand: nothing ends that
    one.
    """
    first, back = await for_a_while(runtime, kind, target(carla, kind))
    async with runtime.unit(ANA) as unit:
        await cancel(unit, first)
        await CHANGES[kind](unit, target(carla, kind), INACTIVE, reason="fraud")
    await on(runtime, RETURN.day)
    assert await become(runtime, first, back) == [CANCELLED, CANCELLED]
    assert (
        await entity_state(runtime, TABLES[kind], target(carla, kind))
        == "INACTIVE (INACTIVE MANUAL)"
    )


@pytest.mark.parametrize("deferred", [True, False])
async def test_renewed_by_somebody_since(
    runtime: Runtime, carla: Customer, kind: str, deferred: bool
) -> None:
    """Rules 4.11: NOT_APPLICABLE after a manual reactivation; a new hold is not lifted."""
    _, back = await for_a_while(runtime, kind, target(carla, kind), deferred=deferred)
    await on(runtime, MONDAY.day)
    async with runtime.unit(ANA) as unit:
        await CHANGES[kind](unit, target(carla, kind), ACTIVE)
    async with runtime.unit(ANA) as unit:
        await CHANGES[kind](unit, target(carla, kind), INACTIVE, reason="fraud")
    await on(runtime, RETURN.day)
    found = await action(runtime, back)
    assert found.status is NOT_APPLICABLE
    assert found.failure is not None
    assert found.failure.endswith("has been inactivated again since. That inactivation stays.")
    assert (
        await entity_state(runtime, TABLES[kind], target(carla, kind))
        == "INACTIVE (INACTIVE MANUAL)"
    )


@pytest.mark.parametrize("deferred", [True, False])
async def test_reactivated_by_hand_since(
    runtime: Runtime, carla: Customer, kind: str, deferred: bool
) -> None:
    """Rules 4.11: the MANUAL hold is gone by then: NOT_APPLICABLE, and no event of a status."""
    _, back = await for_a_while(runtime, kind, target(carla, kind), deferred=deferred)
    await on(runtime, MONDAY.day)
    async with runtime.unit(ANA) as unit:
        await CHANGES[kind](unit, target(carla, kind), ACTIVE)
    before = len(await events(runtime))
    await on(runtime, RETURN.day)
    found = await action(runtime, back)
    assert found.status is NOT_APPLICABLE
    assert found.failure is not None
    assert found.failure.endswith(
        "has been reactivated since. There is no inactivation left to end."
    )
    assert len(await events(runtime)) == before


async def test_inactive_by_hand_before_its_inactivation(runtime: Runtime, carla: Customer) -> None:
    """Rules 4.11: somebody else's hold rested already when the inactivation took place: its return
    leaves it.
    """
    first, back = await for_a_while(runtime, "account", carla.account)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, INACTIVE, reason="fraud")
    await on(runtime, RETURN.day)
    assert await become(runtime, first, back) == [DONE, NOT_APPLICABLE]
    assert await account_state(runtime, carla.account) == "INACTIVE (INACTIVE MANUAL)"


async def test_other_holds_stay(runtime: Runtime, carla: Customer) -> None:
    """Rules 4.11: DONE with a remark; DEBT and PARENT stay, and the event says so."""
    async with runtime.unit(ANA) as unit:
        paying = await account(unit, "Payer")
        await paid_unit(unit, carla.account, paying)
    _, back = await for_a_while(runtime, "account", carla.account)
    await set_clock(runtime, MONDAY)
    await run_job(runtime)
    async with runtime.unit(ANA) as unit:
        await hold_for_debt(unit, carla.account, INACTIVE, reason="A payment failed")
        await set_account(unit, paying, INACTIVE)
    await on(runtime, RETURN.day)
    found = await action(runtime, back)
    number = await _number(runtime, carla.account)
    remark = (
        f"Account {number} stays inactive: a payment failed or is overdue (DEBT); an "
        "account that pays for it is not active (PARENT)."
    )
    assert (found.status, found.failure) == (DONE, remark)
    assert (
        await account_state(runtime, carla.account) == "INACTIVE (INACTIVE DEBT, INACTIVE PARENT)"
    )
    recorded = (await events(runtime, EventKind.DEFERRED_ACTION))[-1]
    assert recorded.description == f"Done: {found.summary}. {remark}"


async def test_a_service_under_its_inactive_account(runtime: Runtime, carla: Customer) -> None:
    """Rules 4.11: the ACCOUNT hold stays; when the account comes back, so does the service."""
    _, back = await for_a_while(runtime, "service", carla.service, deferred=False)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, INACTIVE)
    await on(runtime, RETURN.day)
    assert await become(runtime, back) == [DONE]
    assert await entity_state(runtime, Service, carla.service) == "INACTIVE (INACTIVE ACCOUNT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, ACTIVE)
    assert await entity_state(runtime, Service, carla.service) == "ACTIVE"


async def test_closed_in_between(runtime: Runtime, carla: Customer, kind: str) -> None:
    """Rules 4.8 and 4.11: NOT_APPLICABLE, nothing is reopened."""
    _, back = await for_a_while(runtime, kind, target(carla, kind), deferred=False)
    async with runtime.unit(ANA) as unit:
        await CHANGES[kind](unit, target(carla, kind), Status.CLOSED)
    await on(runtime, RETURN.day)
    assert await become(runtime, back) == [NOT_APPLICABLE]
    assert (await entity_state(runtime, TABLES[kind], target(carla, kind))).startswith("CLOSED")


async def test_run_before_its_inactivation(runtime: Runtime, carla: Customer) -> None:
    """Rules 4.3 and 4.11: a return is not run before its inactivation; after it, early, it is."""
    first, back = await for_a_while(runtime, "account", carla.account)
    async with refused(runtime, ErrorCode.NOT_ALLOWED) as refusal:
        await run_now(runtime, ANA, back)
    assert "2026-11-12 12:00 UTC" in refusal.value.message
    await run_now(runtime, ANA, first)
    assert await account_state(runtime, carla.account) == "INACTIVE (INACTIVE MANUAL)"
    await run_now(runtime, ANA, back)
    assert await become(runtime, first, back) == [DONE, DONE]
    assert await account_state(runtime, carla.account) == "ACTIVE"


async def test_an_inactivation_that_failed_until_its_return(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 4.11: its return is NOT_APPLICABLE; it is neither run nor rescheduled behind that any
    more.
    """
    first, back = await for_a_while(runtime, "account", carla.account)
    async with runtime.unit(ANA) as unit:
        (await unit.session.get_one(DeferredAction, first)).status = FAILED
    await on(runtime, RETURN.day)
    found = await action(runtime, back)
    assert found.status is NOT_APPLICABLE
    assert found.failure is not None
    assert found.failure.startswith(
        "The inactivation that this reactivation ends did not inactivate"
    )
    async with refused(runtime, ErrorCode.NOT_ALLOWED):
        await run_now(runtime, ANA, first)
    async with refused(runtime, ErrorCode.OUT_OF_RANGE, "scheduled_for"), runtime.unit(ANA) as unit:
        await reschedule(unit, first, scheduled_for=RETURN + DAY)


async def debtor(runtime: Runtime, scheduled_for: date) -> tuple[int, int]:
    """An account with a bill of 49.80, held by hand and for debt, and its deferred reactivation."""
    async with runtime.unit(ANA) as unit:
        owner = await payer(unit)
    await billed(runtime, owner, "49.80", DECEMBER)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owner, INACTIVE)
        await hold_for_debt(unit, owner, INACTIVE, reason="A payment failed")
        made = await set_account(unit, owner, ACTIVE, defer_until=noon(scheduled_for))
    await set_clock(runtime, noon(scheduled_for))
    await run_job(runtime)
    assert made.deferred_action_id is not None
    return owner, made.deferred_action_id


async def test_a_debtor_is_not_woken(runtime: Runtime) -> None:
    """Rules 4.11: another deferred change to ACTIVE is FAILED while something is past due, with
    what is owed.
    """
    owner, action_id = await debtor(runtime, date(2027, 1, 2))
    found = await action(runtime, action_id)
    number = await _number(runtime, owner)
    assert (found.status, found.failure) == (
        FAILED,
        (
            f"Account {number} is held for debt: 49.80 USD is past due. Record a payment, or "
            "reactivate the account now."
        ),
    )
    await run_now(runtime, ANA, action_id)
    assert await become(runtime, action_id) == [FAILED]
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL, INACTIVE DEBT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owner, ACTIVE)
    assert await account_state(runtime, owner) == "ACTIVE"


async def test_a_debt_that_is_not_past_due_is_lifted(runtime: Runtime) -> None:
    """Rules 2.2 and 4.11: on its due date nothing is past due: MANUAL and DEBT go."""
    owner, action_id = await debtor(runtime, date(2026, 12, 31))
    assert await become(runtime, action_id) == [DONE]
    assert await account_state(runtime, owner) == "ACTIVE"


async def test_many_at_once(runtime: Runtime) -> None:
    """Rules 4.5 and 4.11: a set of returns, each by its own hold: done, renewed and gone side by
    side.
    """
    async with runtime.unit(ANA) as unit:
        owners = [await account(unit, f"Owner {place}") for place in range(6)]
    pairs = [await for_a_while(runtime, "account", owner) for owner in owners]
    await on(runtime, MONDAY.day)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owners[0], ACTIVE)
        await set_account(unit, owners[1], ACTIVE)
        await set_account(unit, owners[1], INACTIVE)
        await set_account(unit, owners[2], Status.CLOSED)
    await on(runtime, RETURN.day)
    assert await become(runtime, *(back for _, back in pairs)) == [NOT_APPLICABLE] * 3 + [DONE] * 3
    assert [await account_state(runtime, owner) for owner in owners[:2]] == [
        "ACTIVE",
        "INACTIVE (INACTIVE MANUAL)",
    ]
    lifted = [
        it for it in await events(runtime) if it.account_id in owners[3:] and it.to_status is ACTIVE
    ]
    assert [it.cause for it in lifted] == [Cause.MANUAL] * 3


async def _number(runtime: Runtime, account_id: int) -> str:
    async with runtime.database.reading() as session:
        return (await session.get_one(Account, account_id)).number
