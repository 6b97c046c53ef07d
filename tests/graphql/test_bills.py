"""Reading bills, their items and events, disputes, payments, and the balances of an account."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.billing.bills.models import BillItemKind
from tenure.disputes.models import DisputeStatus
from tenure.events.models import EventKind
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, QuarantinedAccount
from tenure.kernel.unit import Runtime
from tenure.payments.models import Payment, PaymentMethod, PaymentMethodKind, PaymentStatus
from tests import bill_rows, builders
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

BILL = """query($id: ID, $number: String) { bill(id: $id, number: $number) {
  id number account { name } billUnit { name } status periodStart periodEnd billedOn dueOn
  currentCharges { amount currency } subordinateCharges { amount } previousBalance { amount }
  payments { amount }
  adjustments { amount } disputed { amount } totalDue { amount currency } openAmount { amount }
} }"""


@dataclass(frozen=True, slots=True)
class Payer:
    """An account that pays for another one: their ids and those of their bill units."""

    account: int
    unit: int
    child: int
    child_unit: int


@pytest.fixture
async def payer(runtime: Runtime) -> Payer:
    """Paula pays for Chris."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Paula", number="P-1")
        child = await builders.child(unit, account, "Chris")
        units = [await builders.default_bill_unit_id(unit, it) for it in (account, child)]
    return Payer(account, units[0], child, units[1])


def amounts(bill: dict[str, Any]) -> list[str]:
    """All amounts of its statement, and its open amount."""
    names = (
        "currentCharges subordinateCharges previousBalance payments adjustments disputed totalDue "
        "openAmount"
    ).split()
    return [bill[name]["amount"] for name in names]


def add_up(bill: dict[str, Any]) -> bool:
    """The contract's sum."""
    *parts, disputed, total, _ = map(Decimal, amounts(bill))
    return sum(parts) - disputed == total


async def test_every_field_of_a_made_bill(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    charges = {
        "current_charges": Decimal("20.5"),
        "subordinate_charges": Decimal(10),
        "paid": Decimal(-4),
    }
    stated = {"previous_balance": Decimal(-1), "payments": Decimal(-4), "adjustments": Decimal(-2)}
    own = {"adjusted": Decimal(-2), "held": Decimal(5), "disputed": Decimal(6)}
    async with runtime.unit(ANA) as unit:
        made = await bill_rows.bill(unit, payer.unit, **charges, **stated, **own)
    bill = (await ask(BILL, number=f"B-{payer.unit}-20261210"))["bill"]
    assert amounts(bill) == ["20.5", "10", "-1", "-4", "-2", "6", "17.5", "19.5"]
    assert add_up(bill)
    assert {name: value for name, value in bill.items() if not isinstance(value, dict)} == {
        "id": global_id("Bill", made),
        "number": f"B-{payer.unit}-20261210",
        "status": "OPEN",
        "periodStart": "2026-11-10",
        "periodEnd": "2026-12-10",
        "billedOn": "2026-12-10",
        "dueOn": "2027-01-09",
    }
    assert (bill["account"], bill["billUnit"]) == ({"name": "Paula"}, {"name": "Default"})
    assert bill["totalDue"]["currency"] == bill["currentCharges"]["currency"] == "USD"


async def test_a_bill_by_id_and_number(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    async with runtime.unit(ANA) as unit:
        first, other = [
            await bill_rows.bill(unit, payer.unit, end)
            for end in (bill_rows.DECEMBER, bill_rows.JANUARY)
        ]
    number = f"B-{payer.unit}-20261210"
    assert (await ask(BILL, id=global_id("Bill", first), number=number))["bill"]["number"] == number
    assert await ask(BILL, id=global_id("Bill", other), number=number) == {"bill": None}
    assert await ask.code(BILL, id=global_id("Account", first)) == "INVALID"
    assert await ask(BILL, id="unknown") == {"bill": None}
    assert await ask(BILL, number="unknown") == {"bill": None}
    assert await ask.code('{ bill(number: "\\u0000") { id } }') == "INVALID"
    assert await ask.code(BILL) == "INVALID"
    document = "query($id: ID!) { node(id: $id) { __typename id } }"
    assert await ask(document, id=global_id("Bill", first)) == {
        "node": {"__typename": "Bill", "id": global_id("Bill", first)}
    }


async def test_a_pending_bill_states_what_it_would_if_it_were_made_now(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    """Its previous balance is that of the bill unit without the items of the bill itself.

    The amounts of earlier open disputes are subtracted.

    The balance: 100 from before, 20 own charges, 3 credited. Of the 8 of Chris only the
    adjustment of 2 has been transferred to it.
    """
    sums = {
        "current_charges": Decimal(20),
        "subordinate_charges": Decimal(8),
        "adjusted": Decimal(-1),
    }
    async with runtime.unit(ANA) as unit:
        await bill_rows.set_balance(unit, payer.unit, "119")
        await bill_rows.bill(
            unit, payer.unit, date(2026, 11, 10), held=Decimal(7), disputed=Decimal(7)
        )
        made = await bill_rows.bill(unit, payer.unit, made=False, **sums, held=Decimal(1))
        await bill_rows.item(unit, made, payer.unit, "20", adjusted=Decimal(-3))
        await bill_rows.item(
            unit, made, payer.child_unit, "8", adjusted=Decimal(2), transferred=Decimal(2)
        )
    bill = (await ask(BILL, id=global_id("Bill", made)))["bill"]
    assert (bill["status"], bill["billedOn"], bill["dueOn"]) == ("PENDING", None, None)
    assert amounts(bill) == ["20", "8", "100", "0", "-1", "8", "119", "0"]
    assert add_up(bill)


async def test_a_pending_bill_takes_an_earlier_one_as_made(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    """If a bill day is late, two bills collect charges: the first is carried over to the second."""
    async with runtime.unit(ANA) as unit:
        await bill_rows.set_balance(unit, payer.unit, "35")
        late = await bill_rows.bill(
            unit,
            payer.unit,
            made=False,
            current_charges=Decimal(20),
            subordinate_charges=Decimal(8),
        )
        await bill_rows.item(unit, late, payer.unit, "20")
        await bill_rows.item(unit, late, payer.child_unit, "8")
        next_one = await bill_rows.bill(
            unit, payer.unit, bill_rows.JANUARY, made=False, current_charges=Decimal(10)
        )
        await bill_rows.item(unit, next_one, payer.unit, "10")
    first, second = [(await ask(BILL, id=global_id("Bill", it)))["bill"] for it in (late, next_one)]
    assert amounts(first) == ["20", "8", "5", "0", "0", "0", "33", "0"]
    assert amounts(second) == ["10", "0", "33", "0", "0", "0", "43", "0"]


async def test_bills_of_an_account(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    """Newest first; a pending one shows once it has an item."""
    ends = [date(2026, month, 10) for month in (8, 9, 10, 11)]
    async with runtime.unit(ANA) as unit:
        for end in ends:
            await bill_rows.bill(unit, payer.unit, end)
        empty = await bill_rows.bill(unit, payer.unit, made=False)
    document = """query($id: ID!, $first: Int, $after: String, $last: Int) { account(id: $id) {
      bills(first: $first, after: $after, last: $last) { totalCount nodes { periodEnd status }
        pageInfo { hasNextPage endCursor } } } }"""

    async def page(**more: Any) -> Any:
        return (await ask(document, id=global_id("Account", payer.account), **more))["account"][
            "bills"
        ]

    found = await page()
    assert [it["periodEnd"] for it in found["nodes"]] == [
        "2026-11-10",
        "2026-10-10",
        "2026-09-10",
        "2026-08-10",
    ]
    assert found["totalCount"] == 4
    async with runtime.unit(ANA) as unit:
        await bill_rows.item(unit, empty, payer.child_unit)
    first = await page(first=2)
    assert [(it["periodEnd"], it["status"]) for it in first["nodes"]] == [
        ("2026-12-10", "PENDING"),
        ("2026-11-10", "PAID"),
    ]
    assert first["pageInfo"]["hasNextPage"]
    second = await page(first=2, after=first["pageInfo"]["endCursor"])
    assert [it["periodEnd"] for it in second["nodes"]] == ["2026-10-10", "2026-09-10"]
    assert [it["periodEnd"] for it in (await page(last=1))["nodes"]] == ["2026-08-10"]
    other = (await ask("{ accounts { edges { cursor } } }"))["accounts"]["edges"][0]["cursor"]
    assert (
        await ask.code(document, id=global_id("Account", payer.account), after=other) == "INVALID"
    )
    assert await page() == await page(first=100)
    children = (await ask(document, id=global_id("Account", payer.child)))["account"]["bills"]
    assert (children["totalCount"], children["nodes"]) == (0, [])


async def test_items_and_their_events(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    """Rules 6.6: from the bill to its items and events, and back; items keep their account."""
    async with runtime.unit(ANA) as unit:
        line = await builders.service(unit, payer.child, "chris")
        made = await bill_rows.bill(unit, payer.unit)
        await bill_rows.item(
            unit, made, payer.unit, "20", kind=BillItemKind.PURCHASE, name="Purchase fees"
        )
        of_child = await bill_rows.item(
            unit,
            made,
            payer.child_unit,
            "8",
            service_id=line,
            adjusted=Decimal(-1),
            held=Decimal(3),
        )
        fee = await bill_rows.charge(unit, of_child, "9", service_id=line)
        off = {
            "kind": EventKind.DISCOUNT,
            "followed_id": fee,
            "occurred_at": NOON + timedelta(hours=1),
        }
        await bill_rows.charge(unit, of_child, "-1", **off)
    document = """query($id: ID!, $filter: EventFilter) { bill(id: $id) { items { totalCount nodes {
      kind name account { name } service { login } bill { number }
      total { amount } adjusted { amount } disputed { amount } due { amount currency }
      events(filter: $filter) { totalCount
      nodes { kind amount { amount } followed { kind } item { kind } } }
    } } } }"""
    found = (await ask(document, id=global_id("Bill", made)))["bill"]["items"]
    assert found["totalCount"] == 2
    child, own = found["nodes"]
    assert (own["kind"], own["account"], own["service"], own["events"]["nodes"]) == (
        "PURCHASE",
        {"name": "Paula"},
        None,
        [],
    )
    assert child == {
        "kind": "CYCLE",
        "name": "Monthly fees",
        "account": {"name": "Chris"},
        "service": {"login": "chris"},
        "bill": {"number": f"B-{payer.unit}-20261210"},
        "total": {"amount": "8"},
        "adjusted": {"amount": "-1"},
        "disputed": {"amount": "3"},
        "due": {"amount": "4", "currency": "USD"},
        "events": {
            "totalCount": 2,
            "nodes": [
                {
                    "kind": "DISCOUNT",
                    "amount": {"amount": "-1"},
                    "followed": {"kind": "CYCLE_FEE"},
                    "item": {"kind": "CYCLE"},
                },
                {
                    "kind": "CYCLE_FEE",
                    "amount": {"amount": "9"},
                    "followed": None,
                    "item": {"kind": "CYCLE"},
                },
            ],
        },
    }
    narrowed = await ask(document, id=global_id("Bill", made), filter={"kind": ["DISCOUNT"]})
    assert [it["events"]["totalCount"] for it in narrowed["bill"]["items"]["nodes"]] == [1, 0]


async def test_where_the_charges_of_a_nonpaying_bill_unit_are(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    """Rules 6.7: its own account page shows which bill."""
    async with runtime.unit(ANA) as unit:
        await bill_rows.set_balance(unit, payer.child_unit, "8.25")
        await bill_rows.item(unit, await bill_rows.bill(unit, payer.unit), payer.child_unit, "8")
    document = """query($id: ID!) { account(id: $id) { billUnits { balance { amount currency }
      items { totalCount nodes { total { amount } bill { number account { name } } } } } } }"""
    [found] = (await ask(document, id=global_id("Account", payer.child)))["account"]["billUnits"]
    number = f"B-{payer.unit}-20261210"
    assert found == {
        "balance": {"amount": "8.25", "currency": "USD"},
        "items": {
            "totalCount": 1,
            "nodes": [
                {"total": {"amount": "8"}, "bill": {"number": number, "account": {"name": "Paula"}}}
            ],
        },
    }


async def test_disputes(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    """Of a bill, an item, an event; of the account by status."""
    async with runtime.unit(ANA) as unit:
        made = await bill_rows.bill(unit, payer.unit)
        of = await bill_rows.item(unit, made, payer.unit)
        event = await bill_rows.charge(unit, of)
        await bill_rows.dispute(unit, made)
        settled = {
            "status": DisputeStatus.PARTLY_GRANTED,
            "granted": Decimal(2),
            "note": "Half",
            "settled_at": NOON,
        }
        await bill_rows.dispute(unit, made, item_id=of, **settled, settled_by="mia@example.com")
        await bill_rows.dispute(unit, made, item_id=of, event_id=event)
    document = """query($id: ID!, $status: [DisputeStatus!]) { account(id: $id) {
      disputes(status: $status) { totalCount nodes {
        bill { number } item { kind } event { amount { amount } } amount { amount currency } reason
        status openedAt openedBy
        settledAt settledBy granted { amount } note account { name } } }
      bills { nodes { disputes { status } } } } }"""
    account_id = global_id("Account", payer.account)
    data = (await ask(document, id=account_id))["account"]
    assert data["bills"]["nodes"] == [
        {"disputes": [{"status": it} for it in ("OPEN", "PARTLY_GRANTED", "OPEN")]}
    ]
    of_event, of_item, of_bill = data["disputes"]["nodes"]
    assert (of_event["event"], of_event["item"]) == (
        {"amount": {"amount": "10"}},
        {"kind": "CYCLE"},
    )
    assert (of_item["event"], of_item["granted"], of_item["note"]) == (
        None,
        {"amount": "2"},
        "Half",
    )
    assert (of_item["settledAt"], of_item["settledBy"]) == (
        "2026-11-10T12:00:00Z",
        "mia@example.com",
    )
    assert of_bill == {
        "bill": {"number": f"B-{payer.unit}-20261210"},
        "item": None,
        "event": None,
        "amount": {"amount": "5", "currency": "USD"},
        "reason": "Never used",
        "status": "OPEN",
        "openedAt": "2026-11-10T12:00:00Z",
        "openedBy": "ana@example.com",
        "settledAt": None,
        "settledBy": None,
        "granted": None,
        "note": None,
        "account": {"name": "Paula"},
    }
    assert (await ask(document, id=account_id, status=["OPEN"]))["account"]["disputes"][
        "totalCount"
    ] == 2


async def test_payments(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    """Every attempt, also one that failed."""
    async with runtime.unit(ANA) as unit:
        made = await bill_rows.bill(unit, payer.unit)
        kind = PaymentMethodKind.DIRECT_DEBIT
        unit.session.add(
            PaymentMethod(account_id=payer.account, kind=kind, is_default=True, created_at=NOON)
        )
        await unit.session.flush()
        paid = {
            "account_id": payer.account,
            "bill_unit_id": payer.unit,
            "currency": "USD",
            "created_at": NOON,
        }
        day = {"business_date": bill_rows.DECEMBER}
        asked = {
            "bill_id": made,
            "payment_method_id": 1,
            "result": "insufficient_funds",
            "settled_at": NOON,
        }
        unit.session.add(
            Payment(key="a", amount=Decimal(9), status=PaymentStatus.FAILED, **paid, **day, **asked)
        )
        await unit.session.flush()
        unit.session.add(
            Payment(
                key="b",
                amount=Decimal(3),
                status=PaymentStatus.PENDING,
                reference="R",
                **paid,
                **day,
            )
        )
    document = """query($id: ID!) { account(id: $id) { payments { totalCount nodes {
      amount { amount currency } status result reference businessDate bill { number }
      paymentMethod { label }
      event { id } createdAt settledAt account { name } } } } }"""
    found = (await ask(document, id=global_id("Account", payer.account)))["account"]["payments"]
    newest, oldest = found["nodes"]
    assert (newest["status"], newest["reference"], newest["bill"], newest["paymentMethod"]) == (
        "PENDING",
        "R",
        None,
        None,
    )
    assert oldest == {
        "amount": {"amount": "9", "currency": "USD"},
        "status": "FAILED",
        "result": "insufficient_funds",
        "reference": None,
        "businessDate": "2026-12-10",
        "bill": {"number": f"B-{payer.unit}-20261210"},
        "paymentMethod": {"label": "Direct debit"},
        "event": None,
        "createdAt": "2026-11-10T12:00:00Z",
        "settledAt": "2026-11-10T12:00:00Z",
        "account": {"name": "Paula"},
    }


STANDING = """query($id: ID!) { account(id: $id) {
  balance { amount currency } overdue { amount currency } overdueSince } }"""
OVERDUE = (
    "query($filter: AccountFilter) { accounts(filter: $filter, sort: NUMBER_ASC) { totalCount "
    "nodes { name } } }"
)


async def test_overdue_counts_from_the_day_after(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    """Rules 7.3 and 8.1: the open amounts of bills past their due date, without disputed ones."""
    async with runtime.unit(ANA) as unit:
        # Due on 9 January and 9 February 2027; 4 of the second are disputed, and all of the third.
        await bill_rows.bill(unit, payer.unit, current_charges=Decimal(20), paid=Decimal("-0.5"))
        await bill_rows.bill(
            unit, payer.unit, bill_rows.JANUARY, current_charges=Decimal(10), held=Decimal(4)
        )
        await bill_rows.bill(
            unit, payer.unit, date(2026, 10, 10), current_charges=Decimal(3), held=Decimal(3)
        )

    async def on(day: date) -> tuple[str, str | None, list[str]]:
        await set_clock(runtime, NOON.replace(year=day.year, month=day.month, day=day.day))
        found = (await ask(STANDING, id=global_id("Account", payer.account)))["account"]
        late = (await ask(OVERDUE, filter={"hasOverdue": True}))["accounts"]
        assert late["totalCount"] == len(late["nodes"])
        return (
            found["overdue"]["amount"],
            found["overdueSince"],
            [it["name"] for it in late["nodes"]],
        )

    assert await on(date(2027, 1, 9)) == ("0", None, [])
    assert await on(date(2027, 1, 10)) == ("19.5", "2027-01-10", ["Paula"])
    assert await on(date(2027, 2, 10)) == ("25.5", "2027-01-10", ["Paula"])
    assert [
        it["name"] for it in (await ask(OVERDUE, filter={"hasOverdue": False}))["accounts"]["nodes"]
    ] == ["Chris"]
    assert len((await ask(OVERDUE, filter={"hasOverdue": None}))["accounts"]["nodes"]) == 2
    both = {"hasOverdue": True, "status": ["CLOSED"]}
    assert (await ask(OVERDUE, filter=both))["accounts"] == {"totalCount": 0, "nodes": []}


async def test_balance_is_that_of_all_bill_units(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    async with runtime.unit(ANA) as unit:
        second = await builders.paid_unit(unit, payer.account, payer.child)
        await bill_rows.set_balance(unit, payer.unit, "29.85")
        await bill_rows.set_balance(unit, second, "-30")
    found = (await ask(STANDING, id=global_id("Account", payer.account)))["account"]
    assert found == {
        "balance": {"amount": "-0.15", "currency": "USD"},
        "overdue": {"amount": "0", "currency": "USD"},
        "overdueSince": None,
    }


async def test_what_a_job_run_set_aside(ask: Caller, runtime: Runtime, payer: Payer) -> None:
    """Rules 6.5: an account that fails is set aside with its reason."""
    async with runtime.unit(ANA) as unit:
        run = JobRun(
            kind=JobKind.BILL_DAY,
            status=JobRunStatus.DONE_WITH_FAILURES,
            business_date=bill_rows.DECEMBER,
            requested_by="tenure",
            created_at=NOON,
        )
        unit.session.add(run)
        await unit.session.flush()
        said = {"step": "bills", "reason": "The bill unit has two currencies.", "at": NOON}
        unit.session.add(QuarantinedAccount(job_run_id=run.id, account_id=payer.account, **said))
    document = """{ jobRuns { nodes { kind quarantined { totalCount nodes {
      step reason at account { number } jobRun { businessDate } } } } } }"""
    assert await ask(document) == {
        "jobRuns": {
            "nodes": [
                {
                    "kind": "BILL_DAY",
                    "quarantined": {
                        "totalCount": 1,
                        "nodes": [
                            {
                                "step": "bills",
                                "reason": "The bill unit has two currencies.",
                                "at": "2026-11-10T12:00:00Z",
                                "account": {"number": "P-1"},
                                "jobRun": {"businessDate": "2026-12-10"},
                            }
                        ],
                    },
                }
            ]
        }
    }


async def test_a_paid_bill_names_the_bills_that_owe_its_total(
    ask: Caller, runtime: Runtime, payer: Payer
) -> None:
    """Rules 6.6: the open amounts of earlier bills, oldest first, and its own sum to the total."""
    carried = {"period_start": date(2026, 8, 10), "previous_balance": Decimal(0)}
    async with runtime.unit(ANA) as unit:
        await bill_rows.bill(
            unit, payer.unit, date(2026, 8, 10), current_charges=Decimal(9), paid=Decimal(-9)
        )
        await bill_rows.bill(
            unit, payer.unit, date(2026, 9, 10), current_charges=Decimal(50), paid=Decimal(-10)
        )
        await bill_rows.bill(
            unit,
            payer.unit,
            date(2026, 10, 10),
            current_charges=Decimal(40),
            held=Decimal(4),
            **carried,
        )
        paid = {"current_charges": Decimal(20), "paid": Decimal(-20), "payments": Decimal(-20)}
        await bill_rows.bill(
            unit,
            payer.unit,
            date(2026, 11, 10),
            **paid,
            previous_balance=Decimal(80),
            disputed=Decimal(4),
        )
        await bill_rows.bill(
            unit, payer.unit, current_charges=Decimal(7), previous_balance=Decimal(80)
        )
        await bill_rows.bill(unit, payer.child_unit, date(2026, 9, 10), current_charges=Decimal(3))
    document = """query($number: String!) { bill(number: $number) {
      status totalDue { amount } openAmount { amount }
      carriedOver { bill { number } amount { amount currency } }
    } }"""
    bill = (await ask(document, number=f"B-{payer.unit}-20261110"))["bill"]
    assert (bill["status"], bill["totalDue"]["amount"], bill["openAmount"]["amount"]) == (
        "PAID",
        "76",
        "0",
    )
    assert [(it["bill"]["number"], it["amount"]) for it in bill["carriedOver"]] == [
        (f"B-{payer.unit}-20260910", {"amount": "40", "currency": "USD"}),
        (f"B-{payer.unit}-20261010", {"amount": "36", "currency": "USD"}),
    ]
    first = await ask(document, number=f"B-{payer.unit}-20260910")
    assert first["bill"]["carriedOver"] == []
