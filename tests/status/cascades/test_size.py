"""The size of a cascade (rules 2.6, 2.8, 6.3).

One transaction, and as many statements for 10 paid accounts as for 1,000.

`make bench` has 10,000.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from time import perf_counter

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill
from tenure.billing.cycle_fees.actions import charge_cycles
from tenure.catalog.models import Offer, OfferKind
from tenure.events.models import Event, EventKind
from tenure.holds.models import Held, Status
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.status.changes.actions import change_account
from tenure.status.changes.rules import StatusRequest
from tests.checks import rows
from tests.conftest import ANA

PAYER = 1
SERVICES, OFFERS = 2, 3
# With what is charged for it, and where there is nothing to charge.
# Statements of a change: with fees given back, with fees charged, without fees.
GIVEN_BACK, CHARGED, NOT_CHARGED = 23, 22, 14
# Far more than on an idle machine; the number of statements is what is checked exactly.
LONGEST_SECONDS = 60
CHUNK = 5_000
FIRST, NEXT = date(2026, 11, 1), date(2026, 12, 1)
START = datetime(2026, 11, 1, tzinfo=UTC)


class Counted:
    """The statements and the commits of a database while it is entered."""

    def __init__(self, database: Database) -> None:
        self.engine = database.engine.sync_engine
        self.statements: list[str] = []
        self.commits = 0

    def __enter__(self) -> "Counted":
        event.listen(self.engine, "before_cursor_execute", self._statement)
        event.listen(self.engine, "commit", self._commit)
        return self

    def __exit__(self, *failure: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._statement)
        event.remove(self.engine, "commit", self._commit)

    def _statement(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)

    def _commit(self, connection: object) -> None:
        self.commits += 1


async def add_payer_of(connection: AsyncConnection, paid: int) -> None:
    """Account 1 and `paid` accounts that it pays for; each has two services and three offers.

    Two of the offers are purchased for the services, the third for the account itself. November is
    about to begin.
    """
    made = {"created_at": START}
    held = made | {"status_changed_at": START}
    numbers = range(PAYER, PAYER + 1 + paid)
    starts = dict.fromkeys(("purchase_start", "usage_start", "cycle_start", "first_start"), START)
    offer = {
        "code": "basic",
        "name": "Basic",
        "kind": OfferKind.CHARGE,
        "currency": "USD",
        "monthly_fee": Decimal(30),
    }
    await connection.execute(insert(Offer).values(offer | {"id": 1} | made))
    accounts = [
        {"id": n, "number": f"A-{n}", "name": "C", "name_key": "c", "currency": "USD", **held}
        for n in numbers
    ]
    bill_units = [
        {
            "id": n,
            "account_id": n,
            "name": "Default",
            "is_default": True,
            "currency": "USD",
            "billing_day_of_month": 1,
            "next_bill_on": FIRST,
            "paying_parent_id": None if n == PAYER else PAYER,
            **made,
        }
        for n in numbers
    ]
    services = [
        {
            "id": SERVICES * n + place,
            "account_id": n,
            "bill_unit_id": n,
            "kind": "tel",
            "name": "Tel",
            "login": f"{n}-{place}",
            "login_key": f"{n}-{place}",
            **held,
        }
        for n in numbers
        for place in range(SERVICES)
    ]
    offers = [
        {
            "id": OFFERS * n + place,
            "account_id": n,
            "bill_unit_id": n,
            "service_id": SERVICES * n + place if place < SERVICES else None,
            "offer_id": 1,
            "name": "Basic",
            "kind": OfferKind.CHARGE,
            "quantity": 1,
            "charged_until": FIRST,
            **held,
            **starts,
        }
        for n in numbers
        for place in range(OFFERS)
    ]
    for table, made_of in (
        (Account, accounts),
        (BillUnit, bill_units),
        (Service, services),
        (PurchasedOffer, offers),
    ):
        for first in range(0, len(made_of), CHUNK):
            await connection.execute(insert(table), made_of[first : first + CHUNK])


async def begin_november(runtime: Runtime) -> None:
    """The fees of the cycle, as the bill day charges them."""
    everybody = [it.id for it in await rows(runtime, BillUnit)]
    async with runtime.unit(ANA) as unit:
        await charge_cycles(unit, everybody, FIRST)
        await unit.session.execute(update(BillUnit).values(next_bill_on=NEXT))


async def posted(runtime: Runtime) -> list[tuple[int, Decimal]]:
    """How many charges of each amount there are, in the order in which they came."""
    async with runtime.database.reading() as session:
        amounts = (
            select(func.count(), Event.amount)
            .where(Event.amount.is_not(None))
            .group_by(Event.amount)
        )
        return [
            (row[0], row[1]) for row in await session.execute(amounts.order_by(func.min(Event.id)))
        ]


async def how_many(runtime: Runtime, table: type[Held], status: Status) -> int:
    """Rows with this status."""
    async with runtime.database.reading() as session:
        statement = select(func.count()).select_from(table).where(table.status == status)
        return int((await session.execute(statement)).scalar_one())


async def recorded_changes(runtime: Runtime) -> tuple[int, int]:
    """The number of recorded status changes, and of those that followed another one."""
    async with runtime.database.reading() as session:
        counts = select(func.count(), func.count(Event.followed_id)).where(
            Event.kind == EventKind.STATUS_CHANGE
        )
        row = (await session.execute(counts)).one()
        return row[0], row[1]


async def change(runtime: Runtime, to: Status, statements: int) -> tuple[int, int, int]:
    """Change the payer's status in one unit. Answers with the accounts, services and offers that
    changed.
    """
    started = perf_counter()
    with Counted(runtime.database) as counted:
        async with runtime.unit(ANA) as unit:
            impact = (await change_account(unit, PAYER, StatusRequest(to))).impact
    seconds = perf_counter() - started
    assert impact is not None
    print(f"{runtime.database.engine.name}: {impact.accounts} accounts {to} in {seconds:.2f} s")
    assert len(counted.statements) == statements, "\n".join(counted.statements)
    assert counted.commits == 1
    assert seconds < LONGEST_SECONDS
    return impact.accounts, impact.services, impact.offers


async def forget_earlier_tests(runtime: Runtime) -> None:
    """Tables that were emptied row by row look to PostgreSQL as if they would always be: it would
    never use an index.
    """
    if not runtime.database.is_sqlite:
        async with runtime.database.engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.exec_driver_sql("VACUUM")


@pytest.mark.thorough
@pytest.mark.timeout(300)
@pytest.mark.parametrize("paid", [10, 1_000, pytest.param(10_000, marks=pytest.mark.bench)])
async def test_payer_of_many(runtime: Runtime, paid: int) -> None:
    """Inactive, active, closed, reopened (2.5: without its offers): all follow, each with one
    event, and are charged.
    """
    await forget_earlier_tests(runtime)
    async with runtime.database.engine.begin() as connection:
        await add_payer_of(connection, paid)
    await begin_november(runtime)
    accounts, services, offers = paid + 1, SERVICES * (paid + 1), OFFERS * (paid + 1)
    recorded = followed = 0
    for to, of_offers, changed, statements in (
        (Status.INACTIVE, Status.INACTIVE, offers, GIVEN_BACK),
        (Status.ACTIVE, Status.ACTIVE, offers, CHARGED),
        (Status.CLOSED, Status.CLOSED, offers, GIVEN_BACK),
        (Status.ACTIVE, Status.CLOSED, 0, NOT_CHARGED),
    ):
        assert await change(runtime, to, statements) == (
            accounts,
            services,
            changed,
        )
        assert await how_many(runtime, Account, to) == accounts
        assert await how_many(runtime, Service, to) == services
        assert await how_many(runtime, PurchasedOffer, of_offers) == offers
        recorded += accounts + services + changed
        followed += accounts + services + changed - 1
        assert await recorded_changes(runtime) == (recorded, followed)
    assert await posted(runtime) == [
        (offers, Decimal(30)),
        (2 * offers, Decimal(-21)),
        (offers, Decimal(21)),
    ]
    assert [(it.current_charges, it.subordinate_charges) for it in await rows(runtime, Bill)] == [
        (30 * OFFERS, 30 * OFFERS * paid),
        (-21 * OFFERS, -21 * OFFERS * paid),
    ]
