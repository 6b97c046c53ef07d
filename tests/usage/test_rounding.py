"""Rules 6.3: the usage of one offer on one item is rounded once, in total."""

import asyncio
from decimal import Decimal

import pytest

from tenure.billing.bills.models import BillItem
from tenure.billing.rating.rules import add_to_rounded
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests.builders import catalog_offer, purchased_offer, set_offer
from tests.checks import events, rows
from tests.conftest import ANA, set_clock
from tests.sums import check_sums
from tests.usage.conftest import User, at, discount, line, record


@pytest.fixture
async def cheap_calls(runtime: Runtime, carla: User) -> User:
    """A customer who pays a tenth of a cent for a call."""
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "call", usage_rate=Decimal("0.001"), usage_unit="call")
        await purchased_offer(unit, carla.account, carla.service, code="call")
    return carla


async def total(runtime: Runtime, kind: EventKind) -> Decimal:
    """The sum of the events of this kind."""
    return sum((it.amount or Decimal(0) for it in await events(runtime, kind)), Decimal(0))


async def test_a_thousand_uses(runtime: Runtime, cheap_calls: User) -> None:
    """1,000 uses of 0.001 cost 1.00, in lists and one by one, less a discount."""
    async with runtime.unit(ANA) as unit:
        await purchased_offer(
            unit, cheap_calls.account, code=await discount(unit, "third", "33.333333")
        )
    await record(runtime, *(line(f"a-{number}", "1", unit="call") for number in range(990)))
    for number in range(10):
        await record(runtime, line(f"b-{number}", "1", unit="call"))
    assert await total(runtime, EventKind.USAGE) == Decimal("1.00")
    assert await total(runtime, EventKind.DISCOUNT) == Decimal("-0.33")
    assert [item.total for item in await rows(runtime, BillItem)] == [Decimal("0.67")]
    await check_sums(runtime)


async def test_each_event_has_what_it_adds(runtime: Runtime, cheap_calls: User) -> None:
    """Half a cent is rounded up: the fifth use costs a cent, then the fifteenth."""
    await record(runtime, *(line(str(number), "1", unit="call") for number in range(1, 21)))
    costs = [it.amount for it in await events(runtime, EventKind.USAGE)]
    assert [place for place, amount in enumerate(costs, start=1) if amount] == [5, 15]
    assert sum(costs) == Decimal("0.02")


async def test_two_offers_and_two_cycles_are_rounded_apart(
    runtime: Runtime, cheap_calls: User
) -> None:
    """Another offer or the bill of another cycle has its own rounding."""
    async with runtime.unit(ANA) as unit:
        other = await purchased_offer(unit, cheap_calls.account, cheap_calls.service, code="call")
    await record(runtime, *(line(f"a-{number}", "1", unit="call") for number in range(4)))
    async with runtime.unit(ANA) as unit:
        await set_offer(unit, other, Status.CLOSED)
    await set_clock(runtime, at(12))
    lines = [line(f"b-{number}", "1", unit="call", occurred_at=at(12)) for number in range(4)]
    await record(runtime, *lines)
    assert await total(runtime, EventKind.USAGE) == 0


async def test_refused_lines_leave_nothing(runtime: Runtime, cheap_calls: User) -> None:
    """A refused line adds no fraction."""
    wrong = [line(f"w-{number}", "1", unit="pages") for number in range(9)]
    await record(runtime, *wrong, *(line(f"a-{number}", "1", unit="call") for number in range(4)))
    assert await total(runtime, EventKind.USAGE) == 0


async def test_side_by_side(runtime: Runtime, cheap_calls: User) -> None:
    """Concurrent lists lose no fraction of each other."""

    async def send(name: int) -> None:
        await record(runtime, *(line(f"{name}-{it}", "1", unit="call") for it in range(33)))

    await asyncio.gather(*(send(name) for name in range(6)))
    assert await total(runtime, EventKind.USAGE) == Decimal("0.20")
    await check_sums(runtime)


def test_added() -> None:
    """Exact for both signs, for a currency without cents, and for many digits."""
    rest, sums = Decimal(0), Decimal(0)
    for exact in ("0.005", "0.0000000001", "-0.0050000001", "0.4999", "-0.4999"):
        amount, rest = add_to_rounded(Decimal(exact), rest, "USD")
        sums += amount
    assert (sums, rest) == (0, 0)
    assert add_to_rounded(Decimal("0.5"), Decimal(0), "JPY") == (1, Decimal("-0.5"))
    assert add_to_rounded(Decimal(0), Decimal("-0.5"), "JPY") == (0, Decimal("-0.5"))
    assert add_to_rounded(Decimal("999999999999.123456789012"), Decimal("0.001"), "USD") == (
        Decimal("999999999999.12"),
        Decimal("0.004456789012"),
    )
