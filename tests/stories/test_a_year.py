"""One year of five accounts, day by day: each bill is compared with manually computed amounts.

Paola pays for Carlo, Chiara and Cesare, who are below her; Sara is below her too and pays for
herself. All are billed on the first of the month, in UTC, with a payment term of thirty days.
LINE is a telephone line: 20.00 purchase fee, 30.00 a month, 0.10 a minute, 50.00 cancel fee. NET
costs 45.00 a month. CARE is a discount of 10% on the monthly fee of a line and 20% on its calls.
Operations of a day are executed at noon, after the bill day of that day (rules 6, 7, 8).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill, BillItem, BillItemKind, BillStatus
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.disputes.actions import adjust, open_dispute, settle_dispute
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Status
from tenure.jobs.models import JobKind
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.actions import add_service, purchase_offer
from tenure.purchases.rules import NewPurchase, NewService
from tenure.receivables.receipts.actions import record_payment
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import RecordedUsage, UsageLine
from tests import builders
from tests.conftest import ANA, set_clock
from tests.shared import IN_CI
from tests.sums import check_sums

FIRST, LAST = date(2027, 1, 1), date(2028, 1, 1)
# On SQLite each day up to this one has a bill day; with CI=true each day of the year has one.
DAILY_UNTIL = LAST if IN_CI else date(2027, 4, 1)
DAY = timedelta(days=1)

# The amounts of a bill: current charges, subordinate charges, previous balance, payments,
# adjustments, disputed amount, total due, open amount.
Amounts: TypeAlias = tuple[str, ...]


@dataclass(slots=True)
class Family:
    """The accounts, their services and purchased offers, by name."""

    runtime: Runtime
    accounts: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    offers: dict[str, int] = field(default_factory=dict)
    dispute: int = 0

    async def create_account(
        self, unit: Unit, name: str, parent: str | None = None, *, paid: bool = False
    ) -> None:
        """Create an account, optionally below a parent."""
        if parent is None:
            self.accounts[name] = await builders.account(unit, name, billing_day_of_month=1)
        else:
            self.accounts[name] = await builders.child(unit, self.accounts[parent], name, paid=paid)

    async def add_service(self, unit: Unit, name: str, code: str, kind: str) -> None:
        """Add a service with an offer."""
        service = await add_service(
            unit, NewService(self.accounts[name], kind=kind, login=f"{name}-{kind}")
        )
        self.services[name] = service.id
        self.offers[name] = (
            await purchase_offer(
                unit, NewPurchase(self.accounts[name], offer_code=code, service_id=service.id)
            )
        ).id

    async def record_call(self, unit: Unit, name: str, minutes: int, on: date) -> None:
        """Record usage of the telephone line."""
        at = datetime(on.year, on.month, on.day, 11, tzinfo=UTC)
        line = UsageLine(
            "telephony", f"{name}-telephony", Decimal(minutes), "minute", at, f"{name}-{on}"
        )
        assert [type(answer) for answer in await record_usage(unit, [line])] == [RecordedUsage]

    async def pay(self, unit: Unit, name: str, amount: str, bill: str | None = None) -> None:
        """Record a payment, optionally for the bill that was made in the given month."""
        bill_id = None if bill is None else (await self.bill(unit, name, bill)).id
        await record_payment(
            unit,
            self.accounts[name],
            amount=Decimal(amount),
            reference=f"{name} {unit.now}",
            bill_id=bill_id,
        )

    async def bill(self, unit: Unit, name: str, month: str) -> Bill:
        """The bill that was made on the first of a month, for example 2027-03."""
        rows = select(Bill).where(
            Bill.account_id == self.accounts[name],
            Bill.billed_on == date.fromisoformat(f"{month}-01"),
        )
        return (
            await unit.session.execute(rows.execution_options(populate_existing=True))
        ).scalar_one()

    async def statements(self, name: str) -> dict[str, Amounts]:
        """The current amounts of each bill, by the month in which it was made."""
        async with self.runtime.database.reading() as session:
            of_account = select(Bill).where(
                Bill.account_id == self.accounts[name], Bill.billed_on.is_not(None)
            )
            rows = of_account.order_by(Bill.billed_on)
            return {
                f"{bill.billed_on:%Y-%m}": _amounts_of(bill)
                for bill in (await session.execute(rows)).scalars()
            }

    async def status(self, name: str) -> Status:
        """The status of the account."""
        async with self.runtime.database.reading() as session:
            return (await session.get_one(Account, self.accounts[name])).status


def _amounts_of(bill: Bill) -> Amounts:
    columns = (
        bill.current_charges,
        bill.subordinate_charges,
        bill.previous_balance,
        bill.payments,
        bill.adjustments,
        bill.disputed,
        bill.total_due,
        bill.open_amount,
    )
    return tuple(f"{amount:.2f}" for amount in columns)


def amounts(text: str) -> Amounts:
    """The amounts of a bill from a text with eight numbers."""
    return tuple(text.split())


async def catalog(unit: Unit) -> None:
    """Create the three offers."""
    charge, discount = OfferKind.CHARGE, OfferKind.DISCOUNT
    line: dict[str, Any] = {
        "purchase_fee": Decimal(20),
        "monthly_fee": Decimal(30),
        "cancel_fee": Decimal(50),
        "usage_rate": Decimal("0.10"),
        "usage_unit": "minute",
    }
    await create_offer(unit, code="LINE", name="Line", kind=charge, **line)
    await create_offer(unit, code="NET", name="Net", kind=charge, monthly_fee=Decimal(45))
    care: dict[str, Any] = {
        "monthly_percent_off": Decimal(10),
        "usage_percent_off": Decimal(20),
    }
    await create_offer(unit, code="CARE", name="Care", kind=discount, **care)


async def new_year(family: Family, unit: Unit) -> None:
    """1 January: all accounts are created."""
    await catalog(unit)
    await family.create_account(unit, "Paola")
    for name in ("Carlo", "Chiara", "Cesare"):
        await family.create_account(unit, name, "Paola", paid=True)
    await family.create_account(unit, "Sara", "Paola")
    await add_payment_method(
        unit, NewPaymentMethod(family.accounts["Paola"], kind=PaymentMethodKind.INVOICE)
    )
    await add_payment_method(
        unit,
        NewPaymentMethod(
            family.accounts["Sara"], kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok"
        ),
    )
    await family.add_service(unit, "Paola", "NET", "internet")
    await family.add_service(unit, "Sara", "NET", "internet")
    await family.add_service(unit, "Carlo", "LINE", "telephony")
    await family.add_service(unit, "Cesare", "LINE", "telephony")
    await purchase_offer(
        unit,
        NewPurchase(
            family.accounts["Cesare"], offer_code="CARE", service_id=family.services["Cesare"]
        ),
    )


async def dispute_a_call(family: Family, unit: Unit) -> None:
    """5 April: Paola disputes Carlo's calls of February, 10.00 on the bill of March."""
    bill = await family.bill(unit, "Paola", "2027-03")
    calls = select(BillItem.id).where(
        BillItem.bill_id == bill.id, BillItem.kind == BillItemKind.USAGE
    )
    item_id = (
        await unit.session.execute(calls.where(BillItem.account_id == family.accounts["Carlo"]))
    ).scalar_one()
    family.dispute = (await open_dispute(unit, item_id=item_id, reason="Nobody was at home")).id


async def end_payer(family: Family, unit: Unit) -> None:
    """10 March: Carlo pays for himself from now on, also for his call of 5 March (rules 5.3)."""
    bill_unit = select(BillUnit.id).where(BillUnit.account_id == family.accounts["Carlo"])
    await change_payer(
        unit, (await unit.session.execute(bill_unit)).scalar_one(), paying_parent_id=None
    )


# The operations of each day.
Operation: TypeAlias = Callable[[Family, Unit], Awaitable[object]]
OPERATIONS: dict[date, Operation] = {
    date(2027, 1, 1): new_year,
    date(2027, 1, 19): lambda family, unit: family.add_service(unit, "Chiara", "LINE", "telephony"),
    date(2027, 2, 10): lambda family, unit: family.record_call(
        unit, "Carlo", 100, date(2027, 2, 10)
    ),
    # A call of the day before.
    date(2027, 2, 12): lambda family, unit: family.record_call(
        unit, "Cesare", 50, date(2027, 2, 11)
    ),
    date(2027, 2, 15): lambda family, unit: builders.set_account(
        unit, family.accounts["Chiara"], Status.INACTIVE
    ),
    date(2027, 2, 20): lambda family, unit: family.pay(unit, "Paola", "306.58"),
    date(2027, 2, 22): lambda family, unit: builders.set_account(
        unit, family.accounts["Chiara"], Status.ACTIVE
    ),
    date(2027, 3, 5): lambda family, unit: family.record_call(unit, "Carlo", 20, date(2027, 3, 5)),
    date(2027, 3, 10): end_payer,
    date(2027, 4, 5): dispute_a_call,
    date(2027, 4, 12): lambda family, unit: settle_dispute(
        unit, family.dispute, granted=Decimal(4)
    ),
    date(2027, 4, 20): lambda family, unit: family.pay(unit, "Paola", "236.50"),
    date(2027, 5, 3): lambda family, unit: add_payment_method(
        unit,
        NewPaymentMethod(
            family.accounts["Sara"], kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_expired"
        ),
    ),
    date(2027, 5, 20): lambda family, unit: family.pay(unit, "Paola", "102"),
    date(2027, 6, 10): lambda family, unit: family.pay(unit, "Sara", "45"),
    date(2027, 6, 11): lambda family, unit: add_payment_method(
        unit,
        NewPaymentMethod(
            family.accounts["Sara"], kind=PaymentMethodKind.DIRECT_DEBIT, token="tok_ok"
        ),
    ),
    date(2027, 6, 15): lambda family, unit: adjust(
        unit, account_id=family.accounts["Paola"], amount=Decimal(-5), reason="Goodwill"
    ),
    date(2027, 6, 20): lambda family, unit: family.pay(unit, "Paola", "102"),
    date(2027, 6, 21): lambda family, unit: builders.set_account(
        unit,
        family.accounts["Chiara"],
        Status.CLOSED,
        defer_until=datetime(2027, 7, 15, tzinfo=UTC),
    ),
    date(2027, 7, 20): lambda family, unit: family.pay(unit, "Paola", "97"),
    date(2027, 8, 10): lambda family, unit: builders.set_account(
        unit, family.accounts["Paola"], Status.INACTIVE
    ),
    date(2027, 8, 19): lambda family, unit: family.pay(unit, "Paola", "105.55"),
    date(2027, 8, 20): lambda family, unit: builders.set_account(
        unit, family.accounts["Paola"], Status.ACTIVE
    ),
    date(2027, 9, 5): lambda family, unit: family.pay(unit, "Paola", "100"),
    date(2027, 10, 2): lambda family, unit: family.pay(unit, "Carlo", "212"),
    date(2027, 10, 15): lambda family, unit: builders.set_account(
        unit, family.accounts["Carlo"], Status.CLOSED, backdate_to=date(2027, 10, 12)
    ),
    date(2027, 10, 20): lambda family, unit: family.pay(unit, "Paola", "20.77"),
    date(2027, 12, 5): lambda family, unit: family.pay(unit, "Paola", "144", "2027-12"),
}

# The expected bills at the end of a day, by account and month.
BILLS: dict[date, dict[tuple[str, str], Amounts]] = {
    # Paola: NET for January and February. Carlo: purchase fee 20, January and February 30 each.
    # Chiara: 20, 13 of 31 days of January (30 × 13/31 = 12.58), February 30. Cesare: 20, and twice
    # 30 less 10%. Subordinate charges: 80 + 62.58 + 74.
    date(2027, 2, 1): {
        ("Paola", "2027-02"): amounts("90.00 216.58 0.00 0.00 0.00 0.00 306.58 306.58"),
        # Sara: twice 45, collected at once.
        ("Sara", "2027-02"): amounts("90.00 0.00 0.00 -90.00 0.00 0.00 0.00 0.00"),
    },
    date(2027, 2, 20): {
        ("Paola", "2027-02"): amounts("90.00 216.58 0.00 -306.58 0.00 0.00 0.00 0.00"),
    },
    # NET 45. Carlo: 100 minutes 10, March 30. Chiara: 14 of 28 days credited (-15.00), 7 charged
    # again (7.50), March 30. Cesare: 50 minutes 5 less 1, March 27. 40 + 22.50 + 31.
    date(2027, 3, 1): {
        ("Paola", "2027-03"): amounts("45.00 93.50 0.00 0.00 0.00 0.00 138.50 138.50"),
    },
    # NET 45; Chiara 30, Cesare 27; March is not paid. Carlo: 20 minutes 2, April 30.
    date(2027, 4, 1): {
        ("Paola", "2027-04"): amounts("45.00 57.00 138.50 0.00 0.00 0.00 240.50 102.00"),
        ("Carlo", "2027-04"): amounts("32.00 0.00 0.00 0.00 0.00 0.00 32.00 32.00"),
    },
    # 10 are disputed on the bill of March, so also on the bill of April, which carries it over.
    date(2027, 4, 5): {
        ("Paola", "2027-03"): amounts("45.00 93.50 0.00 0.00 0.00 10.00 128.50 128.50"),
        ("Paola", "2027-04"): amounts("45.00 57.00 138.50 0.00 0.00 10.00 230.50 102.00"),
    },
    # 4 of them are granted; 6 are due again.
    date(2027, 4, 12): {
        ("Paola", "2027-03"): amounts("45.00 93.50 0.00 0.00 -4.00 0.00 134.50 134.50"),
        ("Paola", "2027-04"): amounts("45.00 57.00 138.50 0.00 -4.00 0.00 236.50 102.00"),
    },
    # Paola pays the total of the newest bill: 134.50 for March, 102 for April.
    date(2027, 4, 20): {
        ("Paola", "2027-03"): amounts("45.00 93.50 0.00 -134.50 -4.00 0.00 0.00 0.00"),
        ("Paola", "2027-04"): amounts("45.00 57.00 138.50 -236.50 -4.00 0.00 0.00 0.00"),
    },
    date(2027, 5, 1): {
        ("Paola", "2027-05"): amounts("45.00 57.00 0.00 0.00 0.00 0.00 102.00 102.00"),
        ("Carlo", "2027-05"): amounts("30.00 0.00 32.00 0.00 0.00 0.00 62.00 30.00"),
    },
    # Sara's new payment method has expired: the collection fails, and she is inactive from 1 June.
    date(2027, 6, 1): {
        ("Paola", "2027-06"): amounts("45.00 57.00 0.00 0.00 0.00 0.00 102.00 102.00"),
        ("Sara", "2027-06"): amounts("45.00 0.00 0.00 0.00 0.00 0.00 45.00 45.00"),
    },
    # Sara: June credited (-45), from 10 June charged again (21 of 30 days: 31.50), July 45;
    # collected from the new method. Paola: an adjustment of -5 paid a part of June's bill, so her
    # payment of it is 5 too much.
    date(2027, 7, 1): {
        ("Paola", "2027-07"): amounts("45.00 57.00 -5.00 0.00 0.00 0.00 97.00 97.00"),
        ("Sara", "2027-07"): amounts("31.50 0.00 0.00 -31.50 0.00 0.00 0.00 0.00"),
    },
    # Chiara is closed on 15 July: 17 of 31 days credited (30 × 14/31 = 13.55 remain, so -16.45),
    # cancel fee 50. Cesare 27.
    date(2027, 8, 1): {
        ("Paola", "2027-08"): amounts("45.00 60.55 0.00 0.00 0.00 0.00 105.55 105.55"),
    },
    # Paola was inactive from 10 to 20 August, Cesare with her. NET: 9 of 31 days are 13.06, so
    # -31.94; with the last 12 days 30.48, so 17.42; September 45. Cesare: 8.71 (-21.29), CARE 0.87
    # (2.13); 20.32 (11.61), CARE 2.03 (-1.16); September 27. She paid while she was inactive.
    date(2027, 9, 1): {
        ("Paola", "2027-08"): amounts("45.00 60.55 0.00 -105.55 0.00 0.00 0.00 0.00"),
        ("Paola", "2027-09"): amounts("30.48 18.29 0.00 0.00 0.00 0.00 48.77 48.77"),
    },
    # Paola paid 100 for 48.77: 51.23 are a credit, which is applied to the next bill.
    date(2027, 10, 1): {
        ("Paola", "2027-09"): amounts("30.48 18.29 0.00 -100.00 0.00 0.00 -51.23 0.00"),
        ("Paola", "2027-10"): amounts("45.00 27.00 -51.23 0.00 0.00 0.00 20.77 20.77"),
        # Carlo has paid nothing since April: 32 and five times 30 before this one.
        ("Carlo", "2027-10"): amounts("30.00 0.00 182.00 0.00 0.00 0.00 212.00 30.00"),
    },
    # Carlo was closed on 15 October, backdated to 12 October: 11 of 31 days are 10.65, so -19.35;
    # cancel fee 50.
    date(2027, 11, 1): {
        ("Paola", "2027-11"): amounts("45.00 27.00 0.00 0.00 0.00 0.00 72.00 72.00"),
        ("Carlo", "2027-10"): amounts("30.00 0.00 182.00 -212.00 0.00 0.00 0.00 0.00"),
        ("Carlo", "2027-11"): amounts("30.65 0.00 0.00 0.00 0.00 0.00 30.65 30.65"),
    },
    date(2027, 12, 1): {
        ("Paola", "2027-12"): amounts("45.00 27.00 72.00 0.00 0.00 0.00 144.00 72.00"),
    },
    # 144 for the bill of December: 72 pay it, the rest pays the bill of November.
    date(2027, 12, 5): {
        ("Paola", "2027-11"): amounts("45.00 27.00 0.00 -72.00 0.00 0.00 0.00 0.00"),
        ("Paola", "2027-12"): amounts("45.00 27.00 72.00 -144.00 0.00 0.00 0.00 0.00"),
    },
    date(2028, 1, 1): {
        ("Paola", "2028-01"): amounts("45.00 27.00 0.00 0.00 0.00 0.00 72.00 72.00"),
    },
}

STATUSES = {
    date(2027, 6, 1): ("Sara", Status.INACTIVE),
    date(2027, 6, 10): ("Sara", Status.ACTIVE),
    date(2027, 7, 15): ("Chiara", Status.CLOSED),
    date(2027, 8, 10): ("Cesare", Status.INACTIVE),
    date(2027, 8, 20): ("Cesare", Status.ACTIVE),
}


@pytest.mark.thorough
async def test_year_of_bills(runtime: Runtime) -> None:
    """A bill day catches up missed ones: PostgreSQL misses more of them (rules 6.5)."""
    family, day = Family(runtime), FIRST
    while day <= LAST:
        await set_clock(runtime, datetime(day.year, day.month, day.day, tzinfo=UTC))
        daily = runtime.database.is_sqlite and day <= DAILY_UNTIL
        if daily or day.day == 1 or day in OPERATIONS or day in STATUSES:
            await builders.run_job(runtime, kind=JobKind.BILL_DAY)
        await set_clock(runtime, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        if day in OPERATIONS:
            async with runtime.unit(ANA) as unit:
                await OPERATIONS[day](family, unit)
        for (name, month), expected in BILLS.get(day, {}).items():
            assert (day, name, (await family.statements(name))[month]) == (day, name, expected)
        if day in STATUSES:
            name, status = STATUSES[day]
            assert (day, await family.status(name)) == (day, status)
        if day in OPERATIONS or day.day == 1:
            await check_sums(runtime)
        day += DAY
    # Carlo's last bill is the final one (rules 6.8). Accounts that never paid have no bills.
    assert list(await family.statements("Carlo")) == [f"2027-{month:02}" for month in range(4, 12)]
    assert [await family.statements(name) for name in ("Chiara", "Cesare")] == [{}, {}]
    assert list(await family.statements("Sara")) == [
        *(f"2027-{month:02}" for month in range(2, 13)),
        "2028-01",
    ]
    async with runtime.unit(ANA) as unit:
        open_bills = select(Bill.account_id, Bill.open_amount).where(Bill.status == BillStatus.OPEN)
        left = {tuple(row) for row in await unit.session.execute(open_bills)}
    assert left == {
        (family.accounts["Paola"], Decimal(72)),
        (family.accounts["Carlo"], Decimal("30.65")),
    }
