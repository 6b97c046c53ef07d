"""The number of SQL statements of named operations is fixed: it does not grow with the page."""

from datetime import date

import pytest

from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests import bill_rows, builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id, sent_statements

# Account, bill units, payment methods, parent, ancestors, descendants; children and their count;
# services with their offers, catalog offers and bill units; the account's own offers; events with
# targets (services, offers) and the events they followed; deferred actions.
ACCOUNT_PAGE = """query AccountPage($id: ID!) { account(id: $id) {
  name status holds { effect cause } creditLimit { amount currency }
  parent { name } ancestors { name } descendantCount
  children { totalCount nodes { name status } }
  billUnits { name payingParent { account { name } } paymentMethod { label } }
  services { nodes { name billUnit { name } offers { name offer { code monthlyFee } } } }
  offers { name offer { code } }
  events { nodes { kind description target { __typename name } followed { id } } }
  deferredActions { nodes { summary } }
  paymentMethods { label }
} }"""
ACCOUNT_LIST = """query AccountList($first: Int) { accounts(first: $first) { totalCount nodes {
  name parent { name } billUnits { name } services { nodes { name offers { name } } }
  offers { name }
} } }"""
EVENTS_PAGE = """query EventsPage($id: ID!, $first: Int) { account(id: $id) {
  events(first: $first) {
    totalCount
    nodes {
      kind account { name } service { login } offer { name } target { name status }
      followed { kind }
    }
  }
} }"""

# Account; its balance, the overdue amount (and the business day) and since when; bill units; bills
# with the total of the pending one, their items; services with their offers; events.
MONEY_PAGE = """query MoneyPage($id: ID!) { account(id: $id) {
  name balance { amount } overdue { amount } overdueSince creditLimit { amount }
  billUnits { name balance { amount } }
  bills(first: 12) { nodes {
    number status periodEnd dueOn totalDue { amount currency } openAmount { amount }
    items(first: 10) { nodes { kind name total { amount } due { amount } } }
  } }
  services { nodes { name offers { name } } }
  events { nodes { kind occurredAt description amount { amount } } }
} }"""
# Bill; account and bill unit; five sums of the statement if it is pending; items with account and
# service; events with offers; disputes.
BILL_PAGE = """query BillPage($id: ID!) { bill(id: $id) {
  number status account { name } billUnit { name }
  currentCharges { amount } subordinateCharges { amount } previousBalance { amount }
  payments { amount } adjustments { amount } disputed { amount } totalDue { amount }
  items(first: 100) { nodes {
    kind name account { name } service { login } total { amount } due { amount }
    events(first: 100) { nodes { kind description amount { amount } rate quantity offer { name } } }
  } }
  disputes { amount { amount } status }
} }"""


async def customers(runtime: Runtime, count: int) -> tuple[int, list[int]]:
    """A parent, and below it so many customers with two services and offers each."""
    async with runtime.unit(ANA) as unit:
        parent = await builders.account(unit, "Parent")
        made = []
        for place in range(count):
            one = await builders.customer(unit, f"Customer {place}", login=f"login {place}")
            await builders.service(unit, one.account, kind="tv")
            await builders.change_parent(unit, one.account, parent_id=parent, parent_pays=True)
            made.append(one.account)
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, parent, Status.INACTIVE)
    return parent, made


@pytest.mark.parametrize("count", [3, 30])
async def test_account_page(ask: Caller, runtime: Runtime, count: int) -> None:
    parent, made = await customers(runtime, count)
    with sent_statements(runtime.database) as sent:
        data = await ask(ACCOUNT_PAGE, id=global_id("Account", made[0]))
    assert [it["name"] for it in data["account"]["ancestors"]] == ["Parent"]
    assert len(data["account"]["services"]["nodes"]) == 2
    assert len(sent) == 21
    with sent_statements(runtime.database) as sent:
        data = await ask(ACCOUNT_PAGE, id=global_id("Account", parent))
    assert data["account"]["descendantCount"] == data["account"]["children"]["totalCount"] == count
    assert len(sent) == 11


@pytest.mark.parametrize("count", [3, 30])
async def test_account_list(ask: Caller, runtime: Runtime, count: int) -> None:
    await customers(runtime, count)
    with sent_statements(runtime.database) as sent:
        data = await ask(ACCOUNT_LIST, first=100)
    assert (data["accounts"]["totalCount"], len(data["accounts"]["nodes"])) == (
        count + 1,
        count + 1,
    )
    assert all(len(node["services"]["nodes"]) == 2 for node in data["accounts"]["nodes"][:count])
    assert len(sent) == 7


@pytest.mark.parametrize("first", [3, 30])
async def test_events_page(ask: Caller, runtime: Runtime, first: int) -> None:
    async with runtime.unit(ANA) as unit:
        one = await builders.customer(unit)
    for to in (Status.INACTIVE, Status.ACTIVE) * 5:
        async with runtime.unit(ANA) as unit:
            await builders.set_account(unit, one.account, to)
    with sent_statements(runtime.database) as sent:
        data = await ask(EVENTS_PAGE, id=global_id("Account", one.account), first=first)
    assert len(data["account"]["events"]["nodes"]) == first
    assert len(sent) == 9


async def billed(runtime: Runtime, months: int, items: int) -> tuple[int, int]:
    """The ids of an account and its pending bill; each bill has items of three events."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Paula")
        payer = await builders.default_bill_unit_id(unit, account)
        ends = [date(2025 + month // 12, month % 12 + 1, 10) for month in range(months + 1)]
        for end in ends:
            bill = await bill_rows.bill(unit, payer, end, made=end != ends[-1])
            await bill_rows.dispute(unit, bill)
            for place in range(items):
                line = await builders.service(unit, account, f"line {end} {place}")
                item = await bill_rows.item(unit, bill, payer, service_id=line)
                for _ in range(3):
                    await bill_rows.charge(unit, item)
    return account, bill


@pytest.mark.parametrize("months", [2, 12])
async def test_money_page(ask: Caller, runtime: Runtime, months: int) -> None:
    account, _ = await billed(runtime, months, 2)
    with sent_statements(runtime.database) as sent:
        data = (await ask(MONEY_PAGE, id=global_id("Account", account)))["account"]
    assert [len(it["items"]["nodes"]) for it in data["bills"]["nodes"]] == [2] * min(12, months + 1)
    assert len(sent) == 12


@pytest.mark.parametrize("items", [2, 10])
async def test_bill_page(ask: Caller, runtime: Runtime, items: int) -> None:
    _, bill = await billed(runtime, 1, items)
    with sent_statements(runtime.database) as sent:
        data = (await ask(BILL_PAGE, id=global_id("Bill", bill)))["bill"]
    assert [len(it["events"]["nodes"]) for it in data["items"]["nodes"]] == [3] * items
    assert len(sent) == 13


async def test_nothing_is_counted_that_nobody_asked_for(ask: Caller, runtime: Runtime) -> None:
    await customers(runtime, 3)
    with sent_statements(runtime.database) as sent:
        await ask("{ accounts { nodes { name } } }")
    assert len(sent) == 1
    with sent_statements(runtime.database) as sent:
        await ask("{ accounts { totalCount } }")
    assert len(sent) == 1
