"""Rules 7.3: what becomes due again later is collected on the next bill day, and from there by the
same days.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from tenure.disputes.actions import adjust, open_dispute, settle_dispute
from tenure.kernel.unit import Runtime
from tenure.payments.models import Payment
from tenure.policies import PaymentOutcome
from tests.checks import MIA, rows
from tests.conftest import ANA, set_clock
from tests.receivables.collection.bank import Bank, collect, days, opened
from tests.receivables.receipts.bills import DECEMBER, billed, noon, open_amounts, payer

LONG_AFTER = 45


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    """The gateway."""
    return opened(monkeypatch)


@pytest.fixture
async def carla(runtime: Runtime) -> int:
    """An account that pays by card; whether it can, its token says."""
    async with runtime.unit(ANA) as unit:
        return await payer(unit, token="tok_carla")


async def tried(runtime: Runtime) -> list[int]:
    """So many days after the bill was made a payment was tried."""
    return [(payment.business_date - DECEMBER).days for payment in await rows(runtime, Payment)]


async def disputed(runtime: Runtime, bill_id: int, amount: str) -> int:
    """A dispute of this much of the bill."""
    async with runtime.unit(MIA) as unit:
        return (
            await open_dispute(unit, bill_id=bill_id, amount=Decimal(amount), reason="Wrong")
        ).id


async def settled(runtime: Runtime, dispute_id: int, granted: str, after: int) -> None:
    """The dispute ends so many days after the bill was made."""
    await set_clock(runtime, noon(DECEMBER + timedelta(days=after)))
    async with runtime.unit(MIA) as unit:
        await settle_dispute(unit, dispute_id, granted=Decimal(granted))


async def test_a_dispute_denied(runtime: Runtime, carla: int, bank: Bank) -> None:
    """Collected on the next bill day, though every day of the bill has passed."""
    dispute = await disputed(runtime, await billed(runtime, carla, "25.00"), "25.00")
    await days(runtime, *range(LONG_AFTER))
    assert bank.taken == []
    await settled(runtime, dispute, "10.00", LONG_AFTER)
    await days(runtime, LONG_AFTER + 1)
    assert [amount for _, amount in bank.taken] == [Decimal(15)]
    assert await open_amounts(runtime, carla) == ["0"]


async def test_and_from_there_by_the_same_days(runtime: Runtime, carla: int, bank: Bank) -> None:
    """3, 7 and 14 days after the bill day that was the first to collect it again."""
    dispute = await disputed(runtime, await billed(runtime, carla, "25.00"), "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, *range(LONG_AFTER))
    await settled(runtime, dispute, "0", LONG_AFTER)
    await days(runtime, *range(LONG_AFTER + 2, LONG_AFTER + 40))
    assert await tried(runtime) == [47, 50, 54, 61]


async def test_on_a_day_that_has_tried_it_the_next_one_does(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """The rest was tried, and the dispute denied, on one day: the gateway knows a payment by its
    bill and day.
    """
    dispute = await disputed(runtime, await billed(runtime, carla, "25.00"), "5.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, 0)
    await settled(runtime, dispute, "0", 0)
    await days(runtime, 0, *range(1, 40))
    assert await tried(runtime) == [0, 1, 4, 8, 15, 30]
    assert {payment.amount for payment in (await rows(runtime, Payment))[1:]} == {Decimal(25)}


async def test_granted_in_full_nothing_is_due_again(
    runtime: Runtime, carla: int, bank: Bank
) -> None:
    """The rest of the bill keeps its days."""
    dispute = await disputed(runtime, await billed(runtime, carla, "25.00"), "5.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, 0, 1)
    await settled(runtime, dispute, "5.00", 1)
    await days(runtime, *range(2, 40))
    assert await tried(runtime) == [0, 3, 7, 14, 30]


async def test_charged_to_a_bill_that_was_paid(runtime: Runtime, carla: int, bank: Bank) -> None:
    """A charge by hand makes it due again."""
    bill_id = await billed(runtime, carla, "25.00")
    await days(runtime, 0)
    await set_clock(runtime, noon(DECEMBER + timedelta(days=LONG_AFTER)))
    async with runtime.unit(MIA) as unit:
        await adjust(unit, bill_id=bill_id, amount=Decimal(4), reason="A letter")
    await days(runtime, LONG_AFTER, LONG_AFTER + 1)
    assert [amount for _, amount in bank.taken] == [Decimal(25), Decimal(4)]


async def test_the_last_try_that_failed_later(runtime: Runtime, carla: int, bank: Bank) -> None:
    """No answer on the last day of collection, and a failure when it was asked again: the days
    count anew.
    """
    await billed(runtime, carla, "25.00")
    bank.outcomes["tok_carla"] = PaymentOutcome.INSUFFICIENT_FUNDS
    await days(runtime, 0, 3, 7, 14)
    bank.is_silent = True
    await days(runtime, 30)
    bank.is_silent = False
    bank.outcomes.clear()
    await collect(runtime, DECEMBER + timedelta(days=31))
    assert bank.taken == []
    await collect(runtime, DECEMBER + timedelta(days=32))
    assert [amount for _, amount in bank.taken] == [Decimal(25)]
