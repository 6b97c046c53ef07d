"""A pending bill shows what its bill day makes of it (rules 5.3, 6.6, 6.8, 8.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tenure.batch.bill_day.actions import make_bills, transfer
from tenure.batch.bill_day.rules import BusinessDate
from tenure.billing.bills.models import Bill
from tenure.disputes.actions import adjust, open_dispute
from tenure.hierarchy.payers.actions import change_payer
from tenure.kernel.unit import Runtime, Unit
from tenure.receivables.receipts.actions import record_payment
from tests.builders import default_bill_unit_id, paid_unit
from tests.checks import MIA
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id
from tests.receivables.receipts.bills import DECEMBER, JANUARY, charge, payer
from tests.repetitions import repetitions
from tests.sums import check_sums

BILLS = """query($id: ID!) { account(id: $id) { bills { nodes {
  periodEnd status currentCharges { amount } subordinateCharges { amount }
  previousBalance { amount } payments { amount } adjustments { amount } disputed { amount }
  totalDue { amount } } } } }"""
SOME = settings(
    max_examples=repetitions("TENURE_TEST_EXAMPLES", 5, 15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FIRST, SECOND = NOON, NOON + timedelta(days=30)
PAYER, PAID, PAID_TWICE, PAID_ALSO = "payer", "paid", "second unit of paid", "other paid"


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount on the bill of a cycle: of its payer, or of a bill unit that it pays for."""

    kind: str
    owner: str
    amount: int
    cycle: datetime = FIRST


@dataclass(frozen=True, slots=True)
class Family:
    """A payer and the bill units that it pays for, by name; and the accounts of all."""

    accounts: Mapping[str, int]
    bill_units: Mapping[str, int]

    async def enter(self, unit: Unit, entry: Entry) -> None:
        """Enter the amount, in a unit within the cycle."""
        account_id, amount = self.accounts[entry.owner], Decimal(entry.amount)
        match entry.kind:
            case "charge":
                bill_unit_id = self.bill_units[entry.owner]
                day = entry.cycle.date()
                await charge(unit, account_id, str(amount), day, bill_unit_id=bill_unit_id)
            case "adjustment":
                await adjust(unit, account_id=account_id, amount=amount, reason="Goodwill")
            case "dispute":
                of_payer = select(Bill.id).where(Bill.account_id == self.accounts[PAYER])
                newest = of_payer.order_by(Bill.period_end.desc()).limit(1)
                bill_id = (await unit.session.execute(newest)).scalar_one()
                await open_dispute(unit, bill_id=bill_id, amount=amount, reason="Never used")


async def family(runtime: Runtime, paid_ahead: Mapping[str, int]) -> Family:
    """Accounts that have paid these amounts ahead; the payer pays for the others from now on."""
    await set_clock(runtime, FIRST)
    async with runtime.unit(MIA) as unit:
        accounts = {name: await payer(unit, name) for name in (PAYER, PAID, PAID_ALSO)}
        for name, amount in paid_ahead.items():
            if amount:
                reference = f"{accounts[name]} ahead"
                await record_payment(
                    unit, accounts[name], amount=Decimal(amount), reference=reference
                )
        units = {name: await default_bill_unit_id(unit, it) for name, it in accounts.items()}
        for name in (PAID, PAID_ALSO):
            await change_payer(unit, units[name], paying_parent_id=units[PAYER])
        units[PAID_TWICE] = await paid_unit(unit, accounts[PAID], accounts[PAYER])
    return Family(accounts | {PAID_TWICE: accounts[PAID]}, units)


async def statements(ask: Caller, account_id: int) -> dict[str, dict[str, str]]:
    """The amounts of the bills of an account, by the end of their period."""
    found = await ask(BILLS, id=global_id("Account", account_id))
    bills = {bill["periodEnd"]: bill for bill in found["account"]["bills"]["nodes"]}
    return {
        end: {name: value["amount"] for name, value in bill.items() if isinstance(value, dict)}
        for end, bill in bills.items()
    }


async def check_previews(
    ask: Caller, runtime: Runtime, paid_ahead: Mapping[str, int], entries: Sequence[Entry]
) -> None:
    """Makes the pending bills of a payer: their amounts must not change by it.

    The nonpaying bill units come first. When they are done, the bills must still show the same.
    """
    members = await family(runtime, paid_ahead)
    for cycle in (FIRST, SECOND):
        await set_clock(runtime, cycle)
        for entry in entries:
            if entry.cycle == cycle:
                async with runtime.unit(MIA) as unit:
                    await members.enter(unit, entry)
    payer_id, payer_unit = members.accounts[PAYER], members.bill_units[PAYER]
    paid = [bill_unit for bill_unit in members.bill_units.values() if bill_unit != payer_unit]
    shown = await statements(ask, payer_id)
    await set_clock(runtime, datetime(2027, 1, 1, 1, tzinfo=UTC))
    for day in (BusinessDate(DECEMBER, "UTC"), BusinessDate(JANUARY, "UTC")):
        for operation, bill_units in ((transfer, paid), (make_bills, [payer_unit])):
            async with runtime.unit(ANA) as unit:
                await operation(unit, bill_units, day)
            made = await statements(ask, payer_id)
            assert {end: made[end] for end in shown} == shown
    await check_sums(runtime)


CYCLES = st.sampled_from([FIRST, SECOND])
UNITS = st.sampled_from([PAID, PAID_TWICE, PAID_ALSO])
CHARGES = st.builds(Entry, st.just("charge"), UNITS, st.integers(-10, 40), CYCLES)
CREDITS = st.builds(
    Entry, st.just("adjustment"), st.sampled_from([PAID, PAID_ALSO]), st.integers(-40, 20), CYCLES
)
OF_PAYER = st.builds(Entry, st.just("charge"), st.just(PAYER), st.integers(10, 40), CYCLES)
ENTRIES = st.lists(CHARGES | CREDITS | OF_PAYER, max_size=8)
AHEAD = st.fixed_dictionaries({name: st.integers(0, 40) for name in (PAYER, PAID, PAID_ALSO)})


@pytest.mark.thorough
@SOME
@given(paid_ahead=AHEAD, entries=ENTRIES)
@example({PAID: 12}, [Entry("charge", PAID, 20)])
@example({}, [Entry("adjustment", PAID, -30), Entry("charge", PAID, 10)])
@example({}, [Entry("charge", PAYER, 20), Entry("dispute", PAYER, 5)])
@example(
    {}, [Entry("charge", PAYER, 20), Entry("dispute", PAYER, 5), Entry("charge", PAYER, 9, SECOND)]
)
async def test_a_pending_bill_shows_what_its_bill_day_makes(
    ask: Caller, runtime: Runtime, paid_ahead: Mapping[str, int], entries: Sequence[Entry]
) -> None:
    """Rules 5.3, 6.6: also of two pending bills, where a bill day is late."""
    entries = [entry for entry in entries if entry.amount]
    await check_previews(ask, runtime, paid_ahead, entries)
