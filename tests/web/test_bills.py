"""A bill as a PDF: who gets it, what is on it, and that its lines add up."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from tenure.billing.models import Bill, BillItemKind
from tenure.kernel.db import Database
from tenure.kernel.unit import Unit, Workplace
from tenure.web import bills
from tests import builders, ledger
from tests.conftest import ANA
from tests.web.conftest import Served


@pytest.fixture
def made(served: Served) -> str:
    """The number of a bill of Łódź Ltd, with 11 of its own and 9 of another account; behind it one that is pending."""

    async def verb(unit: Unit) -> str:
        account = await builders.account(unit, "Łódź Ltd", number="P-1")
        payer = await builders.default_unit(unit, account)
        child = await builders.default_unit(unit, await builders.account(unit, "Chris", number="A-1"))
        sums = {"current_charges": Decimal(11), "subordinate_charges": Decimal(9), "previous_balance": Decimal(-3)}
        bill = await ledger.bill(unit, payer, **sums, adjustments=Decimal(-1), disputed=Decimal("2.5"))
        await ledger.item(unit, bill, child, "9", name="Usage", kind=BillItemKind.USAGE)
        await ledger.item(unit, bill, payer, "10", name="Monthly fees · DSL")
        await ledger.item(unit, bill, payer, "1", name="Purchase fees", kind=BillItemKind.PURCHASE)
        await ledger.item(unit, bill, payer, "0", adjusted=Decimal(-1), kind=BillItemKind.ADJUSTMENT)
        await ledger.bill(unit, payer, ledger.JANUARY, made=False, number="pending")
        return (await unit.session.get_one(Bill, bill)).number

    return asyncio.run(on(served, verb))


async def on(served: Served, verb: Callable[[Unit], Awaitable[str]]) -> str:
    """Carry out a verb on the server's database."""
    database = Database(served.settings.database_url)
    try:
        return await Workplace(database).carry_out(ANA, verb)
    finally:
        await database.close()


def test_it_is_a_pdf(served: Served, made: str) -> None:
    """For people and for partner systems, whatever their role."""
    by_token = {"authorization": f"Bearer {served.token}"}
    answer = served.client.get(f"/bills/{made}.pdf", headers=by_token)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="{made}.pdf"'
    assert (answer.content[:5], answer.headers["cache-control"]) == (b"%PDF-", "no-store")
    served.sign_in()
    assert served.client.get(f"/bills/{made}.pdf").content[:5] == b"%PDF-"
    lines = served.client.get("/metrics").text.splitlines()
    assert 'tenure_http_requests_total{method="GET",path="/bills",status="200"} 2.0' in lines


def test_nobody_gets_it(served: Served, made: str) -> None:
    answer = served.client.get(f"/bills/{made}.pdf")
    assert (answer.status_code, answer.json()) == (401, {"error": "Sign in first."})
    assert served.client.get(f"/bills/{made}.pdf", headers={"authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize("number", ["unknown", "pending", "%00", "..%2f..%2fetc%2fpasswd", "x" * 5000])
def test_there_is_no_such_bill(served: Served, made: str, number: str) -> None:
    """One that still collects charges is not made yet."""
    served.sign_in()
    answer = served.client.get(f"/bills/{number}.pdf")
    assert answer.status_code == 404
    assert served.client.post(f"/bills/{made}.pdf").status_code == 405


async def printed(served: Served, number: str) -> bills.Printed:
    """What is read for the page."""
    database = Database(served.settings.database_url)
    try:
        async with database.reading() as session:
            found = await bills.read(session, number)
    finally:
        await database.close()
    assert found is not None
    return found


def test_what_is_on_it(served: Served, made: str) -> None:
    """Its own items first; what only adjusts is in the statement; a sum that is zero is left out of it."""
    assert bills.texts(asyncio.run(printed(served, made))) == {
        "number": made,
        "name": "Łódź Ltd",
        "account": "P-1",
        "currency": "USD",
        "dates": [("From", "2026-11-10"), ("To", "2026-12-09"), ("Billed", "2026-12-10"), ("Due", "2027-01-09")],
        "statement": [
            ("Charges", "11.00"),
            ("Charges of others that it pays for", "9.00"),
            ("Previous balance", "-3.00"),
            ("Adjustments", "-1.00"),
            ("Disputed", "-2.50"),
        ],
        "total": "13.50",
        "charges": [("Monthly fees · DSL", "P-1", "10.00"), ("Purchase fees", "P-1", "1.00"), ("Usage", "A-1", "9.00")],
    }


def test_what_does_not_fit_is_one_sum(served: Served, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is printed adds up."""
    monkeypatch.setattr(bills, "MOST_ITEMS", 1)
    shown = bills.texts(asyncio.run(printed(served, made)))
    assert shown["charges"] == [("Monthly fees · DSL", "P-1", "10.00"), ("2 more items", "", "10.00")]


def test_what_a_customer_is_called_is_no_markup(served: Served, made: str) -> None:
    """Neither Typst's, nor paths: a name is shown as it is, in any script that the fonts have."""
    it = asyncio.run(printed(served, made))
    it.account.name = '#panic("no") $x$ #read("/etc/passwd") \\ *_` Ωμέγα Привет'
    assert bills.typeset(it)[:5] == b"%PDF-"
