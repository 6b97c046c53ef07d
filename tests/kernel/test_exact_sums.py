"""Sums of money are exact; a change that would make one inexact is refused (rules 6.9)."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Executable, func, select, update

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.credits.queries import _debt_free_accounts
from tenure.disputes.actions import adjust
from tenure.events.models import Event
from tenure.hierarchy.payers.actions import add_bill_unit
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import Millionths, millionths
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.sums import exact_sum
from tenure.kernel.unit import Runtime
from tenure.receivables.receipts.actions import record_payment
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

LARGE = Decimal("999999999999.99")


@pytest.mark.parametrize("sign", [-1, 1])
async def test_twelve_large_credits_are_exact_or_refused(runtime: Runtime, sign: int) -> None:
    """Rules 6.9: the balance is always the sum of the amounts; a refused change has no effect."""
    account = await new_account(runtime)
    taken, refusals = 0, []
    for _ in range(12):
        try:
            async with runtime.unit(ANA) as unit:
                await adjust(unit, account_id=account, amount=sign * LARGE, reason="large")
            taken += 1
        except TenureError as refusal:
            refusals.append(refusal.code)
        await _adds_up(runtime, sign * taken * LARGE)
    assert (taken, refusals) == (4, [ErrorCode.OUT_OF_RANGE] * 8)
    answer = await Caller(runtime, ANA)(
        "query($id: ID!) { account(id: $id) { balance { amount } } }",
        id=global_id("Account", account),
    )
    assert Decimal(answer["account"]["balance"]["amount"]) == sign * taken * LARGE


async def test_large_payments_are_refused_with_nothing_changed(runtime: Runtime) -> None:
    """Rules 6.9: also the payment itself, which is written before the balance."""
    account = await new_account(runtime)
    for place in range(4):
        async with runtime.unit(ANA) as unit:
            await record_payment(unit, account, amount=LARGE, reference=f"p{place}")
    async with nothing_written(runtime):
        with pytest.raises(TenureError) as refusal:
            async with runtime.unit(ANA) as unit:
                await record_payment(unit, account, amount=LARGE, reference="p5")
    assert refusal.value.code == ErrorCode.OUT_OF_RANGE


async def test_the_balance_of_many_bill_units_is_exact(runtime: Runtime) -> None:
    """Rules 6.9: three of them owe more than 64 bits hold; a fourth has a credit."""
    account = await new_account(runtime)
    for place in range(3):
        async with runtime.unit(ANA) as unit:
            await add_bill_unit(unit, account, name=f"more {place}")
    owed = [Decimal("3999999999999.999999")] * 3 + [Decimal("-0.000001")]
    async with runtime.unit(ANA) as unit:
        ids = (
            (await unit.session.execute(select(BillUnit.id).order_by(BillUnit.id))).scalars().all()
        )
        for bill_unit_id, balance in zip(ids, owed, strict=True):
            await unit.session.execute(
                update(BillUnit).where(BillUnit.id == bill_unit_id).values(balance=balance)
            )
    answer = await Caller(runtime, ANA)(
        "query($id: ID!) { account(id: $id) { balance { amount } } }",
        id=global_id("Account", account),
    )
    assert answer["account"]["balance"]["amount"] == "11999999999999.999996"
    async with runtime.unit(ANA) as unit:
        assert await _debt_free_accounts(unit, {account}) == set()
    async with runtime.database.reading() as session:
        found = select(exact_sum(BillUnit.balance)).where(BillUnit.account_id == account)
        assert (await session.execute(found)).scalar_one() == sum(owed)


@pytest.mark.parametrize(
    "column",
    [
        "current_charges",
        "subordinate_charges",
        "adjusted",
        "paid",
        "held",
        "previous_balance",
        "payments",
    ],
)
async def test_no_amount_of_a_bill_becomes_a_float(runtime: Runtime, column: str) -> None:
    """Rules 6.9: every column of sums refuses a sum outside the range of 64 bits."""
    account = await new_account(runtime)
    async with runtime.unit(ANA) as unit:
        await adjust(unit, account_id=account, amount=Decimal(1), reason="a bill")
    amounts: Any = {column: getattr(Bill, column) + Decimal(5_000_000_000_000)}
    async with nothing_written(runtime):
        with pytest.raises(TenureError) as refusal:
            await _execute(runtime, *[update(Bill).values(amounts)] * 2)
    assert refusal.value.code == ErrorCode.OUT_OF_RANGE


async def test_a_sum_that_overflows_is_refused(runtime: Runtime) -> None:
    """Rules 6.9: SQLite's sum() fails, PostgreSQL's result does not fit where it is stored."""
    account = await new_account(runtime)
    async with runtime.unit(ANA) as unit:
        await adjust(unit, account_id=account, amount=Decimal(1), reason="a bill")
    rows = [{"amount": Decimal(4_000_000_000_000)}] * 3
    async with nothing_written(runtime):
        async with runtime.database.reading() as session:
            table = rows_as_table(session, "some", {"amount": Millionths()}, rows)
        total = select(func.sum(table.c.amount)).scalar_subquery()
        with pytest.raises(TenureError) as refusal:
            await _execute(runtime, update(BillItem).values(total=total))
    assert refusal.value.code == ErrorCode.OUT_OF_RANGE


async def test_millionths_refuses_what_it_cannot_keep(runtime: Runtime) -> None:
    """Rules 6.9: columns and tables of parameters refuse more than six decimals."""
    assert millionths(Decimal("-0.000001")) == -1
    assert millionths(Decimal("9223372036854.775807")) == 2**63 - 1
    too_fine, too_large = Decimal("0.0000001"), Decimal("9223372036854.775808")
    async with runtime.database.reading() as session:
        for value, fault in ((too_fine, ValueError), (too_large, TenureError)):
            with pytest.raises(fault):
                rows_as_table(session, "some", {"amount": Millionths()}, [{"amount": value}])
            with pytest.raises(fault):
                Millionths().process_bind_param(value, session.get_bind().dialect)
            with pytest.raises(
                TenureError if fault is TenureError else Exception, match=r"six decimals|too large"
            ):
                await session.execute(select(BillUnit.id).where(BillUnit.balance == value))


async def new_account(runtime: Runtime) -> int:
    """An account with its default bill unit."""
    async with runtime.unit(ANA) as unit:
        return await builders.account(unit)


async def _execute(runtime: Runtime, *statements: Executable) -> None:
    async with runtime.unit(ANA) as unit:
        for statement in statements:
            await unit.session.execute(statement)


async def _adds_up(runtime: Runtime, balance: Decimal) -> None:
    async with runtime.database.reading() as session:
        assert (await session.execute(select(BillUnit.balance))).scalar_one() == balance
        assert (
            sum(
                (
                    await session.execute(select(Event.amount).where(Event.amount.is_not(None)))
                ).scalars()
            )
            == balance
        )
        adjusted = (
            await session.execute(select(Bill.adjusted, BillItem.adjusted).join(BillItem))
        ).all()
        assert adjusted in ([], [(balance, balance)])
