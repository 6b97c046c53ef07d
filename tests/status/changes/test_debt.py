"""Rules 2.2 for the DEBT hold: setting ACTIVE by hand lifts it beside the MANUAL one. Who puts it
there is billing.
"""

import pytest

from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tests.builders import account, customer, paid_unit, set_account, set_offer, set_service
from tests.checks import account_state, events, refused, service_state
from tests.conftest import ANA, NOON


async def put_debt(runtime: Runtime, account_id: int, *, closing: bool = False) -> None:
    """A payment failed."""
    kinds = {"add_closed" if closing else "add_inactive": Cause.DEBT}
    async with runtime.unit(ANA) as unit:
        await apply(
            unit, HoldChange(Kind.ACCOUNT, [account_id], **kinds), EventContext(Cause.DEBT, NOON)
        )


@pytest.mark.parametrize("closing", [False, True])
async def test_active_lifts_manual_and_debt_of_both_effects(
    runtime: Runtime, closing: bool
) -> None:
    """Rules 2.2."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_account(unit, carla.account, Status.INACTIVE)
    await put_debt(runtime, carla.account, closing=closing)
    expected = (
        "CLOSED (CLOSED DEBT, INACTIVE MANUAL)"
        if closing
        else "INACTIVE (INACTIVE MANUAL, INACTIVE DEBT)"
    )
    assert await account_state(runtime, carla.account) == expected
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await account_state(runtime, carla.account) == "ACTIVE"
    assert await service_state(runtime, carla.service) == "ACTIVE"


async def test_debt_is_told_with_its_cause(runtime: Runtime) -> None:
    """Rules 2.8: the cause of the change; what follows it bears its own."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
    await put_debt(runtime, carla.account)
    recorded = await events(runtime)
    assert [event.cause for event in recorded[:2]] == [Cause.DEBT, Cause.ACCOUNT]
    assert len(recorded) == 4


async def test_inactive_by_debt_is_suspended_by_hand_too(runtime: Runtime) -> None:
    """Rules 2.1 and 2.2: one hold of each cause."""
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
    await put_debt(runtime, owner)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owner, Status.INACTIVE)
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL, INACTIVE DEBT)"


async def test_offer_of_an_inactive_service(runtime: Runtime) -> None:
    """Rules 2.2 and 2.4: NOT_ALLOWED, and the message says that its service holds it."""
    async with runtime.unit(ANA) as unit:
        carla = await customer(unit)
        await set_offer(unit, carla.service_offer, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "status") as refusal,
        runtime.unit(ANA) as unit,
    ):
        await set_offer(unit, carla.service_offer, Status.ACTIVE)
    assert "SERVICE" in refusal.value.message
    assert "MANUAL" not in refusal.value.message


async def test_account_that_pays_for_its_own_second_bill_unit(runtime: Runtime) -> None:
    """Rules 2.6, reading: an account is not its own payer, so it carries no PARENT hold because of
    itself.
    """
    async with runtime.unit(ANA) as unit:
        owner = await account(unit)
        await paid_unit(unit, owner, owner)
        await set_account(unit, owner, Status.INACTIVE)
    assert await account_state(runtime, owner) == "INACTIVE (INACTIVE MANUAL)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, owner, Status.ACTIVE)
    assert await account_state(runtime, owner) == "ACTIVE"
