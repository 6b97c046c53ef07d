"""Rules 2.12 and 2.13: what the two settings of the business change, each of them on and off."""

from datetime import timedelta

import pytest

from tenure.assets.models import PurchasedOffer
from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tenure.settings.actions import update_settings
from tests.builders import Customer, customer, purchased_offer, set_account, set_offer, set_service
from tests.checks import events, offer_state, refused, row, service_state
from tests.conftest import ANA, NOON, set_clock

LATER = NOON + timedelta(days=1)


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer with one of each."""
    async with runtime.unit(ANA) as unit:
        return await customer(unit)


async def allow_active_services(runtime: Runtime) -> None:
    """Services may be active under an inactive account from now on."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, allow_active_service_with_inactive_account=True)


async def test_off_no_active_service_under_an_inactive_account(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.12, off (the default): NOT_ALLOWED, and the message says why."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    async with (
        refused(runtime, ErrorCode.NOT_ALLOWED, "status") as refusal,
        runtime.unit(ANA) as unit,
    ):
        await set_service(unit, carla.service, Status.ACTIVE)
    assert "its account is inactive" in refusal.value.message


async def test_off_also_where_no_hold_of_the_account_rests_on_it(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.12, off: the account's status counts, not the hold. It was inactivated while the
    setting was on.
    """
    await allow_active_services(runtime)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, allow_active_service_with_inactive_account=False)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)


async def test_on_inactive_account_leaves_its_services_alone(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.12, on: no ACCOUNT hold on services and their offers. Reading: the account's own
    offers are held.
    """
    await allow_active_services(runtime)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert await offer_state(runtime, carla.service_offer) == "ACTIVE"
    assert await offer_state(runtime, carla.account_offer) == "INACTIVE (INACTIVE ACCOUNT)"
    assert [event.service_id for event in await events(runtime)] == [None, None]


async def test_on_service_held_from_before_is_made_active_by_hand(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.12, on: that lifts the ACCOUNT hold, also from its offers."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    await allow_active_services(runtime)
    assert await service_state(runtime, carla.service) == "INACTIVE (INACTIVE ACCOUNT)"
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert await offer_state(runtime, carla.service_offer) == "ACTIVE"


async def test_on_service_is_switched_by_hand_under_an_inactive_account(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.12, on: as under an active one."""
    await allow_active_services(runtime)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
        await set_service(unit, carla.service, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "ACTIVE"


async def test_on_closing_an_account_closes_its_services(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.12, on: always; nor is a service active under a closed account."""
    await allow_active_services(runtime)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.CLOSED)
    assert await service_state(runtime, carla.service) == "CLOSED (CLOSED ACCOUNT)"
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)


async def test_on_account_comes_back_from_before(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3 and 2.12: a hold from before the setting goes with the account's return as well."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    await allow_active_services(runtime)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert await offer_state(runtime, carla.service_offer) == "ACTIVE"


@pytest.mark.parametrize("anew", [True, False])
async def test_offer_that_comes_back_starts_anew(
    runtime: Runtime, carla: Customer, anew: bool
) -> None:
    """Rules 2.13: on, all three starts become that moment; off, they stay. Also by a cascade."""
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, change_start_time_on_activation=anew)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    for offer_id in (carla.service_offer, carla.account_offer):
        found = await row(runtime, PurchasedOffer, offer_id)
        starts = {found.purchase_start, found.usage_start, found.cycle_start}
        assert starts == ({LATER} if anew else {NOON})


@pytest.mark.parametrize("anew", [True, False])
async def test_offer_whose_start_lies_ahead_keeps_its_times(
    runtime: Runtime, carla: Customer, anew: bool
) -> None:
    """Rules 2.13: in either case."""
    ahead = LATER + timedelta(days=1)
    async with runtime.unit(ANA) as unit:
        await update_settings(unit, change_start_time_on_activation=anew)
        future = await purchased_offer(unit, carla.account, carla.service, start_at=ahead)
        await set_service(unit, carla.service, Status.INACTIVE)
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    found = await row(runtime, PurchasedOffer, future)
    assert {found.purchase_start, found.usage_start, found.cycle_start} == {ahead}


async def test_offer_that_stays_held_does_not_start(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.13: when an offer becomes ACTIVE again, not when one of its holds goes; and
    inactivating starts nothing.
    """
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.INACTIVE)
        await set_service(unit, carla.service, Status.INACTIVE)
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    assert (await row(runtime, PurchasedOffer, carla.service_offer)).purchase_start == NOON
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.ACTIVE)
    assert (await row(runtime, PurchasedOffer, carla.service_offer)).purchase_start == LATER
