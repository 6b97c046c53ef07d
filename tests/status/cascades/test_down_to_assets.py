"""Rules 2.3 to 2.5: from an account to its services and offers, from a service to its offers."""

import pytest

from tenure.holds.models import Status
from tenure.kernel.errors import ErrorCode
from tenure.kernel.unit import Runtime
from tests.builders import Customer, customer, purchased_offer, set_account, set_offer, set_service
from tests.checks import account_state, offer_state, refused, service_state
from tests.conftest import ANA


@pytest.fixture
async def carla(runtime: Runtime) -> Customer:
    """A customer with one of each."""
    async with runtime.unit(ANA) as unit:
        return await customer(unit)


async def test_inactive_account_holds_all_its_assets(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3 and 2.4: an offer of a service of an inactive account carries both ACCOUNT and
    SERVICE.
    """
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
    assert await account_state(runtime, carla.account) == "INACTIVE (INACTIVE MANUAL)"
    assert await service_state(runtime, carla.service) == "INACTIVE (INACTIVE ACCOUNT)"
    assert (
        await offer_state(runtime, carla.service_offer)
        == "INACTIVE (INACTIVE ACCOUNT, INACTIVE SERVICE)"
    )
    assert await offer_state(runtime, carla.account_offer) == "INACTIVE (INACTIVE ACCOUNT)"


async def test_closed_account_closes_all_its_assets(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3 and 2.4, with closing holds."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.CLOSED)
    assert await account_state(runtime, carla.account) == "CLOSED (CLOSED MANUAL)"
    assert await service_state(runtime, carla.service) == "CLOSED (CLOSED ACCOUNT)"
    assert (
        await offer_state(runtime, carla.service_offer) == "CLOSED (CLOSED ACCOUNT, CLOSED SERVICE)"
    )
    assert await offer_state(runtime, carla.account_offer) == "CLOSED (CLOSED ACCOUNT)"


async def test_account_comes_back_with_all_that_it_held(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3: when the account comes back, that hold goes."""
    for status in (Status.INACTIVE, Status.ACTIVE):
        async with runtime.unit(ANA) as unit:
            await set_account(unit, carla.account, status)
    assert await account_state(runtime, carla.account) == "ACTIVE"
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert await offer_state(runtime, carla.service_offer) == "ACTIVE"
    assert await offer_state(runtime, carla.account_offer) == "ACTIVE"


async def test_service_inactivated_by_hand_stays_inactive(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.3: only the ACCOUNT hold goes."""
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
        await set_account(unit, carla.account, Status.INACTIVE)
    assert (
        await service_state(runtime, carla.service)
        == "INACTIVE (INACTIVE MANUAL, INACTIVE ACCOUNT)"
    )
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "INACTIVE (INACTIVE MANUAL)"
    assert await offer_state(runtime, carla.service_offer) == "INACTIVE (INACTIVE SERVICE)"
    assert await offer_state(runtime, carla.account_offer) == "ACTIVE"


async def test_offer_inactivated_by_hand_stays_inactive(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3 and 2.4: the holds from above come and go beside the offer's own."""
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.INACTIVE)
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await offer_state(runtime, carla.service_offer) == "INACTIVE (INACTIVE MANUAL)"


async def test_service_holds_its_offers_only(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.4: cause SERVICE, for the service's offers; the account and its own offers are
    untouched.
    """
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
    assert await offer_state(runtime, carla.service_offer) == "INACTIVE (INACTIVE SERVICE)"
    assert await offer_state(runtime, carla.account_offer) == "ACTIVE"
    assert await account_state(runtime, carla.account) == "ACTIVE"
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.ACTIVE)
    assert await offer_state(runtime, carla.service_offer) == "ACTIVE"


async def test_account_inactive_then_closed(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3: assets carry the ACCOUNT hold of the effect that the account has, and no other."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.INACTIVE)
        await set_account(unit, carla.account, Status.CLOSED)
    assert await account_state(runtime, carla.account) == "CLOSED (CLOSED MANUAL, INACTIVE MANUAL)"
    assert await service_state(runtime, carla.service) == "CLOSED (CLOSED ACCOUNT)"
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await account_state(runtime, carla.account) == "ACTIVE"
    assert await service_state(runtime, carla.service) == "ACTIVE"


async def test_reopened_account_has_its_services_without_their_offers(
    runtime: Runtime, carla: Customer
) -> None:
    """Rules 2.5: the services that were closed because of the account come back, offers do not."""
    async with runtime.unit(ANA) as unit:
        await set_account(unit, carla.account, Status.CLOSED)
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "ACTIVE"
    assert (
        await offer_state(runtime, carla.service_offer) == "CLOSED (CLOSED ACCOUNT, CLOSED SERVICE)"
    )
    assert await offer_state(runtime, carla.account_offer) == "CLOSED (CLOSED ACCOUNT)"


async def test_service_closed_by_hand_stays_closed(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.3 and 2.5: reopening the account brings back only what was closed because of it."""
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.CLOSED)
        await set_account(unit, carla.account, Status.CLOSED)
        await set_account(unit, carla.account, Status.ACTIVE)
    assert await service_state(runtime, carla.service) == "CLOSED (CLOSED MANUAL)"


@pytest.mark.parametrize("by", ["offer", "service", "account"])
async def test_closed_offer_never_comes_back(runtime: Runtime, carla: Customer, by: str) -> None:
    """Rules 2.5: by whatever cause it was closed; it is bought again instead."""
    async with runtime.unit(ANA) as unit:
        if by == "offer":
            await set_offer(unit, carla.service_offer, Status.CLOSED)
        elif by == "service":
            await set_service(unit, carla.service, Status.CLOSED)
            await set_service(unit, carla.service, Status.ACTIVE)
        else:
            await set_account(unit, carla.account, Status.CLOSED)
            await set_account(unit, carla.account, Status.ACTIVE)
    async with refused(runtime, ErrorCode.NOT_ALLOWED, "status"), runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.ACTIVE)
    async with runtime.unit(ANA) as unit:
        again = await purchased_offer(unit, carla.account, carla.service)
    assert await offer_state(runtime, again) == "ACTIVE"


async def test_closed_offer_does_not_follow_any_more(runtime: Runtime, carla: Customer) -> None:
    """Rules 2.5: what is cancelled keeps the holds that it was cancelled with."""
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.service_offer, Status.CLOSED)
        await set_account(unit, carla.account, Status.INACTIVE)
    assert await offer_state(runtime, carla.service_offer) == "CLOSED (CLOSED MANUAL)"
