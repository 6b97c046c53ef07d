"""What SQL computes for sets equals what the rules compute for one (rules 2.1, 6.3)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, literal, select, update

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.proration.queries import discount_of_cycle, fee_of_cycle
from tenure.billing.proration.rules import (
    CyclePart,
    Discount,
    Fee,
    Span,
    prorated_discounts,
    prorated_fee,
)
from tenure.holds.models import ALL_CAUSES, status_in_sql, status_of
from tenure.kernel.db import Database
from tenure.kernel.money import LARGEST, millionths, rounded, rounded_in_sql
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA

EVERY = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
AMOUNTS = st.decimals(0, LARGEST, places=6)
CURRENCIES = st.sampled_from(["USD", "JPY", "BHD"])
NOVEMBER = CyclePart(Span(date(2026, 11, 1), date(2026, 12, 1)), 30)
MASKS = st.integers(0, int(ALL_CAUSES))


@EVERY
@given(amount=AMOUNTS, percent=st.integers(0, 100), currency=CURRENCIES)
@example(amount=Decimal("0.005"), percent=50, currency="USD")
@example(amount=Decimal("0.01"), percent=50, currency="USD")
@example(amount=Decimal("0.5"), percent=100, currency="JPY")
@example(amount=LARGEST, percent=99, currency="BHD")
async def test_amounts_in_sql_are_those_of_the_rules(
    database: Database, amount: Decimal, percent: int, currency: str
) -> None:
    """Rules 6.3: half up to the minor unit, for each currency, up to the largest amount."""
    active = [NOVEMBER.span]
    fee = Fee(1, "Fee", amount, Decimal(1), currency, active)
    discount = Discount(2, "Discount", Decimal(percent), active)
    price = literal(millionths(amount), BigInteger)
    share = literal(millionths(percent), BigInteger)
    statement = select(
        rounded_in_sql(price, currency),
        fee_of_cycle(price, currency),
        discount_of_cycle(price, share, currency),
    )
    async with database.reading() as session:
        found = tuple((await session.execute(statement)).one())
    assert found == (
        millionths(rounded(amount, currency)),
        millionths(prorated_fee(fee, NOVEMBER).amount),
        -millionths(prorated_discounts(fee, NOVEMBER, [discount])[2].amount),
    )


@EVERY
@given(inactive=MASKS, closed=MASKS)
@example(inactive=0, closed=0)
@example(inactive=1, closed=0)
async def test_a_status_in_sql_is_that_of_the_rules(
    database: Database, inactive: int, closed: int
) -> None:
    """Rules 2.1: CLOSED before INACTIVE before ACTIVE."""
    statement = select(status_in_sql(literal(inactive), literal(closed)))
    async with database.reading() as session:
        assert (await session.execute(statement)).scalar_one() == status_of(inactive, closed)


@pytest.fixture
async def customer(runtime: Runtime) -> builders.Customer:
    """An account with a service and an offer of it."""
    async with runtime.unit(ANA) as unit:
        return await builders.customer(unit)


@EVERY
@given(inactive=MASKS, closed=MASKS)
@example(inactive=0, closed=0)
@example(inactive=1, closed=0)
@example(inactive=0, closed=1)
async def test_the_column_status_is_that_of_the_rules(
    database: Database, customer: builders.Customer, inactive: int, closed: int
) -> None:
    """Rules 2.1: what the database stores for accounts, services and offers."""
    entities = (
        (Account, customer.account),
        (Service, customer.service),
        (PurchasedOffer, customer.service_offer),
    )
    holds = {"inactive_holds": inactive, "closed_holds": closed}
    async with database.engine.begin() as connection:
        for entity, row_id in entities:
            statement = update(entity).where(entity.id == row_id).values(holds)
            found = await connection.execute(statement.returning(entity.status))
            assert found.scalar_one() == status_of(inactive, closed)
