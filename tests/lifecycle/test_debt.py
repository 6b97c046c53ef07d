"""Rules 2.2 for the DEBT hold: setting ACTIVE by hand lifts it beside the MANUAL one. Who puts it there is billing."""

import pytest

from tenure.cascades.actions import apply
from tenure.cascades.rules import HoldChange, Kind, Telling
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Workplace
from tests.builders import account, customer, paid_unit, set_account, set_offer, set_service
from tests.checks import account_stands, events, refused, service_stands
from tests.conftest import ANA, NOON


async def put_debt(workplace: Workplace, account_id: int, *, closing: bool = False) -> None:
    """A payment failed."""
    kinds = {"add_closed" if closing else "add_inactive": Cause.DEBT}
    async with workplace.unit(ANA) as unit:
        await apply(unit, HoldChange(Kind.ACCOUNT, [account_id], **kinds), Telling(Cause.DEBT, NOON))


@pytest.mark.parametrize("closing", [False, True])
async def test_active_lifts_manual_and_debt_of_both_effects(workplace: Workplace, closing: bool) -> None:
    """Rules 2.2."""
    async with workplace.unit(ANA) as unit:
        carla = await customer(unit)
        await set_account(unit, carla.account, Status.INACTIVE)
    await put_debt(workplace, carla.account, closing=closing)
    expected = "CLOSED (CLOSED DEBT, INACTIVE MANUAL)" if closing else "INACTIVE (INACTIVE MANUAL, INACTIVE DEBT)"
    assert await account_stands(workplace, carla.account) == expected
    async with workplace.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await account_stands(workplace, carla.account) == "ACTIVE"
    assert await service_stands(workplace, carla.service) == "ACTIVE"


async def test_debt_is_told_with_its_cause(workplace: Workplace) -> None:
    """Rules 2.8: the cause of the change; what follows it bears its own."""
    async with workplace.unit(ANA) as unit:
        carla = await customer(unit)
    await put_debt(workplace, carla.account)
    told = await events(workplace)
    assert [event.cause for event in told[:2]] == [Cause.DEBT, Cause.ACCOUNT]
    assert len(told) == 4


async def test_inactive_by_debt_is_suspended_by_hand_too(workplace: Workplace) -> None:
    """Rules 2.1 and 2.2: one hold of each cause."""
    async with workplace.unit(ANA) as unit:
        owner = await account(unit)
    await put_debt(workplace, owner)
    async with workplace.unit(ANA) as unit:
        await set_account(unit, owner, Status.INACTIVE)
    assert await account_stands(workplace, owner) == "INACTIVE (INACTIVE MANUAL, INACTIVE DEBT)"


async def test_offer_of_an_inactive_service(workplace: Workplace) -> None:
    """Rules 2.2 and 2.4: NOT_ALLOWED, and the message says that its service holds it."""
    async with workplace.unit(ANA) as unit:
        carla = await customer(unit)
        await set_offer(unit, carla.service_offer, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
    async with refused(workplace, ErrorCode.NOT_ALLOWED, "status") as refusal, workplace.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.ACTIVE)
    assert "SERVICE" in refusal.value.message
    assert "MANUAL" not in refusal.value.message


async def test_account_that_pays_for_its_own_second_bill_unit(workplace: Workplace) -> None:
    """Rules 2.6, reading: an account is not its own payer, so it carries no PARENT hold because of itself."""
    async with workplace.unit(ANA) as unit:
        owner = await account(unit)
        await paid_unit(unit, owner, owner)
        await set_account(unit, owner, Status.INACTIVE)
    assert await account_stands(workplace, owner) == "INACTIVE (INACTIVE MANUAL)"
    async with workplace.unit(ANA) as unit:
        await set_account(unit, owner, Status.ACTIVE)
    assert await account_stands(workplace, owner) == "ACTIVE"
