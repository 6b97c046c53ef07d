"""Rules 2.11: usage in a period that becomes inactive by a backdated change is credited."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests.builders import catalog_offer, purchased_offer, set_account, set_offer, set_service
from tests.checks import default_bill_unit, events, nothing_written
from tests.conftest import ANA, set_clock
from tests.sums import check_sums
from tests.usage.conftest import User, at, discount, line, record

Change: Any = Callable[..., Awaitable[Any]]


async def record_usage_on(runtime: Runtime, *days: int) -> list[Any]:
    """Ten MB for 0.50 on each of these days, recorded on the 20th."""
    await set_clock(runtime, at(20))
    return await record(runtime, *(line(str(day), occurred_at=at(day)) for day in days))


async def backdate_inactivation(runtime: Runtime, change: Change, entity_id: int, day: int) -> None:
    """Inactivate now, backdated to the beginning of that day."""
    async with runtime.unit(ANA) as unit:
        await change(unit, entity_id, Status.INACTIVE, backdate_to=at(day).date())


async def usage_events(runtime: Runtime) -> list[tuple[int | None, str]]:
    """The cause and the amount of each USAGE event."""
    return [(it.followed_id, f"{it.amount:.2f}") for it in await events(runtime, EventKind.USAGE)]


@pytest.mark.parametrize("whose", ["account", "service", "offer"])
async def test_by_hand_and_by_cascade(runtime: Runtime, carla: User, whose: str) -> None:
    """Usage of the 16th and the 19th is credited, that of the 14th is not."""
    ids = await record_usage_on(runtime, 14, 16, 19)
    change = {"account": set_account, "service": set_service, "offer": set_offer}[whose]
    await backdate_inactivation(runtime, change, getattr(carla, whose), 15)
    costs = [(None, "0.50")] * 3
    assert await usage_events(runtime) == [*costs, (ids[1], "-0.50"), (ids[2], "-0.50")]
    last = (await events(runtime, EventKind.USAGE))[-1]
    assert (last.quantity, last.rate, last.unit) == (Decimal(-10), Decimal("0.05"), "MB")
    assert last.description == "Credit for inactive time: 10 MB at 0.05"
    assert (await default_bill_unit(runtime, carla.account)).balance == Decimal("0.50")
    await check_sums(runtime)


async def test_once_however_it_is_toggled(runtime: Runtime, carla: User) -> None:
    """First the offer from the 17th, then its service from the 15th: credited once each."""
    ids = await record_usage_on(runtime, 14, 16, 18)
    await backdate_inactivation(runtime, set_offer, carla.offer, 17)
    assert (await usage_events(runtime))[3:] == [(ids[2], "-0.50")]
    await backdate_inactivation(runtime, set_service, carla.service, 15)
    assert (await usage_events(runtime))[3:] == [(ids[2], "-0.50"), (ids[1], "-0.50")]
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, carla.offer, Status.INACTIVE)
    assert len(await usage_events(runtime)) == 5
    async with nothing_written(runtime):
        assert await record(runtime, line("16", occurred_at=at(16))) == [ids[1]]
    await check_sums(runtime)


async def test_with_its_discounts_and_fractions(runtime: Runtime, carla: User) -> None:
    """Discounts are reversed too, and fractions leave no cent, billed or not."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "call", usage_rate=Decimal("0.001"), usage_unit="call")
        await purchased_offer(unit, carla.account, carla.service, code="call")
        await purchased_offer(unit, carla.account, code=await discount(unit, "half", "50"))
    await set_clock(runtime, at(20))
    lines = [line(f"c-{number}", "1", unit="call", occurred_at=at(16)) for number in range(100)]
    await record(runtime, *lines, line("m", occurred_at=at(16)))
    assert (await default_bill_unit(runtime, carla.account)).balance == Decimal("0.30")
    await backdate_inactivation(runtime, set_service, carla.service, 15)
    assert (await default_bill_unit(runtime, carla.account)).balance == 0
    assert sum(it.amount or 0 for it in await events(runtime, EventKind.DISCOUNT)) == 0
    await check_sums(runtime)


async def test_a_change_of_now_gives_nothing_back(runtime: Runtime, carla: User) -> None:
    """Earlier usage stays charged."""
    await record_usage_on(runtime, 14, 20)
    async with runtime.unit(ANA) as unit:
        await set_service(unit, carla.service, Status.INACTIVE)
    assert await usage_events(runtime) == [(None, "0.50"), (None, "0.50")]
