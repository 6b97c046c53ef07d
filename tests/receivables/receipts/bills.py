"""Bills to be paid: charged and made without waiting for the bill day, on the 1st of a month."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tenure.accounts.models import Account, BillUnit
from tenure.batch.bill_day.actions import make_bills
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.actions import post
from tenure.billing.bills.models import Bill
from tenure.billing.bills.rules import Charge
from tenure.events.models import Event, EventKind
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tests.builders import account, default_bill_unit_id
from tests.checks import events, row, rows
from tests.conftest import ANA, set_clock

DECEMBER = date(2026, 12, 1)
JANUARY = date(2027, 1, 1)


def noon(day: date) -> datetime:
    """12:00 UTC of a day."""
    return datetime.combine(day, time(12), UTC)


async def payer(unit: Unit, name: str = "Carla", *, token: str | None = None, **more: Any) -> int:
    """An account that is billed on the 1st; with a token it pays by card."""
    made = await account(unit, name, billing_day_of_month=1, **more)
    if token is not None:
        kind = PaymentMethodKind.CREDIT_CARD
        card: dict[str, Any] = {
            "brand": "Visa",
            "last_four": "4242",
            "expiration_month": 12,
            "expiration_year": 2030,
        }
        await add_payment_method(unit, NewPaymentMethod(made, kind=kind, token=token, **card))
    return made


async def charge(
    unit: Unit, account_id: int, amount: str, day: date, *, bill_unit_id: int | None = None
) -> None:
    """Something that the account owes, on a day."""
    charged = Charge(
        account_id=account_id,
        bill_unit_id=bill_unit_id or await default_bill_unit_id(unit, account_id),
        kind=EventKind.CYCLE_FEE,
        amount=Decimal(amount),
        currency=(await unit.session.get_one(Account, account_id)).currency,
        description="Monthly fee",
        occurred_at=unit.now,
        day=day,
    )
    await post(unit, [charged])


async def billed(runtime: Runtime, account_id: int, amount: str, on: date = DECEMBER) -> int:
    """A bill of the account over that amount, made on the 1st of a month; the clock stands there
    then.
    """
    await set_clock(runtime, noon(on))
    async with runtime.unit(ANA) as unit:
        await charge(unit, account_id, amount, on - timedelta(days=1))
        return (
            await make_bills(
                unit, [await default_bill_unit_id(unit, account_id)], BusinessDate(on, "UTC")
            )
        )[0]


async def open_amounts(runtime: Runtime, account_id: int) -> list[str]:
    """What is open of each of the account's bills."""
    bills = sorted(
        await rows(runtime, Bill, account_id=account_id), key=lambda bill: bill.period_end
    )
    return [str(bill.open_amount.normalize()) for bill in bills]


async def balance(runtime: Runtime, account_id: int) -> Decimal:
    """The balance of the account: that of its bill units, which is the sum of its events' money
    (rules 6.9).
    """
    kept = [unit.balance for unit in await rows(runtime, BillUnit, account_id=account_id)]
    recorded = [
        event.amount or Decimal(0) for event in await rows(runtime, Event, account_id=account_id)
    ]
    assert sum(kept) == sum(recorded)
    return sum(kept, Decimal(0))


async def payment_texts(runtime: Runtime, account_id: int) -> list[str]:
    """The descriptions of the account's PAYMENT events."""
    return [
        event.description
        for event in await events(runtime, EventKind.PAYMENT, account_id=account_id)
    ]


async def number_of(runtime: Runtime, bill_id: int) -> str:
    """What the bill is called."""
    return (await row(runtime, Bill, bill_id)).number
