"""A bill as a PDF: who gets it, what is on it, and that its lines add up."""

import asyncio
import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
from pypdfium2 import raw as pdfium

from tenure.billing.bills.models import Bill, BillItemKind
from tenure.contacts.actions import add_contact
from tenure.contacts.models import Contact, ContactKind
from tenure.contacts.rules import ContactFields, NewContact
from tenure.kernel.db import Database
from tenure.kernel.unit import Unit
from tenure.web import bills
from tests import bill_rows, builders
from tests.conftest import ANA
from tests.web.conftest import Served


@pytest.fixture
def made(served: Served) -> str:
    """The number of a bill of Łódź Ltd: 11 items of its own, 9 of another account."""

    async def create_bills(unit: Unit) -> str:
        account = await builders.account(unit, "Łódź Ltd", number="P-1")
        payer = await builders.default_bill_unit_id(unit, account)
        for name, is_primary in (("First", False), ("Hana", True)):
            fields = ContactFields(
                ContactKind.BILLING, name, city="Łódź", country="PL", is_primary=is_primary
            )
            await add_contact(unit, NewContact(account, fields))
        child = await builders.default_bill_unit_id(
            unit, await builders.account(unit, "Chris", number="A-1")
        )
        sums = {
            "current_charges": Decimal(11),
            "subordinate_charges": Decimal(9),
            "previous_balance": Decimal(-3),
        }
        bill = await bill_rows.bill(
            unit, payer, **sums, adjustments=Decimal(-1), disputed=Decimal("2.5")
        )
        await bill_rows.item(unit, bill, child, "9", name="Usage", kind=BillItemKind.USAGE)
        await bill_rows.item(unit, bill, payer, "10", name="Monthly fees · DSL")
        await bill_rows.item(
            unit, bill, payer, "1", name="Purchase fees", kind=BillItemKind.PURCHASE
        )
        await bill_rows.item(
            unit, bill, payer, "0", adjusted=Decimal(-1), kind=BillItemKind.ADJUSTMENT
        )
        await bill_rows.bill(unit, payer, bill_rows.JANUARY, made=False, number="pending")
        return (await unit.session.get_one(Bill, bill)).number

    return served.run(create_bills, ANA)


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
    assert (
        served.client.get(
            f"/bills/{made}.pdf", headers={"authorization": "Bearer wrong"}
        ).status_code
        == 401
    )


@pytest.mark.parametrize(
    "number", ["unknown", "pending", "%00", "..%2f..%2fetc%2fpasswd", "x" * 5000]
)
def test_there_is_no_such_bill(served: Served, made: str, number: str) -> None:
    """One that still collects charges is not made yet."""
    served.sign_in()
    answer = served.client.get(f"/bills/{number}.pdf")
    assert answer.status_code == 404
    assert served.client.post(f"/bills/{made}.pdf").status_code == 405


async def printed(served: Served, number: str) -> bills.PrintedBill:
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
    """It is addressed to the primary contact. Own items come first; adjustments are in the
    statement; sums of zero are omitted.
    """
    assert bills.texts(asyncio.run(printed(served, made))) == {
        "number": made,
        "name": "Łódź Ltd",
        "account": "P-1",
        "address": ["Hana", "Łódź", "POLAND"],
        "currency": "USD",
        "dates": [
            ("From", "2026-11-10"),
            ("To", "2026-12-09"),
            ("Billed", "2026-12-10"),
            ("Due", "2027-01-09"),
        ],
        "statement": [
            ("Charges", "11.00"),
            ("Charges of accounts it pays for", "9.00"),
            ("Previous balance", "-3.00"),
            ("Adjustments", "-1.00"),
            ("Disputed", "-2.50"),
        ],
        "total": "13.50",
        "carried_over": [],
        "charges": [
            ("Monthly fees · DSL", "P-1", "10.00"),
            ("Purchase fees", "P-1", "1.00"),
            ("Usage", "A-1", "9.00"),
        ],
    }


def test_the_name_of_the_account_is_printed_once(served: Served, made: str) -> None:
    """The contact of a customer is often the customer."""
    bill = asyncio.run(printed(served, made))
    contact = Contact(name="Łódź Ltd", city="Łódź", country="PL")
    assert bills.texts(replace(bill, contact=contact))["address"] == ["Łódź", "POLAND"]


def test_what_does_not_fit_is_one_sum(
    served: Served, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what is printed adds up."""
    monkeypatch.setattr(bills, "MAX_ITEMS", 1)
    shown = bills.texts(asyncio.run(printed(served, made)))
    assert shown["charges"] == [
        ("Monthly fees · DSL", "P-1", "10.00"),
        ("2 more items", "", "10.00"),
    ]


def test_what_a_customer_is_called_is_no_markup(served: Served, made: str) -> None:
    """Neither Typst's, nor paths: a name is shown as it is, in any script that the fonts have."""
    it = asyncio.run(printed(served, made))
    it.account.name = '#panic("no") $x$ #read("/etc/passwd") \\ *_` Ωμέγα Привет'
    assert bills.typeset(it)[:5] == b"%PDF-"


def pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    """The pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    yield from document
    document.close()


def shown_fonts(pdf: bytes) -> dict[str, str]:
    """The characters of the first page by font. Characters without a font are drawn as a box."""
    found: dict[str, str] = defaultdict(str)
    text = next(pages(pdf)).get_textpage()
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    for place in range(text.count_chars()):
        pdfium.FPDFText_GetFontInfo(text.raw, place, name, len(name), flags)
        found[name.value.decode().partition("+")[2]] += chr(
            pdfium.FPDFText_GetUnicode(text.raw, place)
        )
    return found


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Łódź Ωμέγα Привет Việt", "NotoSans-Regular"),
        ("주식회사한빛", "NotoSansCJK"),
        ("株式会社田中ひらがな", "NotoSansCJK"),
        ("北京有限公司繁體", "NotoSansCJK"),
        ("สยาม", "NotoSansThai"),
        ("شركة", "NotoSansArabic"),
        ("חברת", "NotoSansHebrew"),
        ("कपनल", "NotoSansDevanagari"),
        ("☕⚡✅", "NotoEmoji"),
    ],
)
def test_every_script_has_a_font(served: Served, made: str, name: str, font: str) -> None:
    """All fonts come from the packages, and no character is drawn as a box."""
    it = asyncio.run(printed(served, made))
    it.account.name = name
    fonts = shown_fonts(bills.typeset(it))
    assert all(used.startswith("Noto") for used in fonts if used), sorted(fonts)
    drawn = {
        character
        for used, characters in fonts.items()
        if used.startswith(font)
        for character in characters
    }
    missing = set(name) - drawn - {" "}
    # Arabic letters are drawn as ligatures and forms, which are read back as other characters.
    assert not missing or (font == "NotoSansArabic" and drawn)


@pytest.mark.parametrize("letter", ["W", "한", "ก", "ш", "م"])
def test_long_words_stay_on_the_paper(served: Served, made: str, letter: str) -> None:
    """An account and an item with names of 255 letters stay within the margins."""
    it = asyncio.run(printed(served, made))
    it.account.name = letter * 255
    line = bills.BillLine(letter * 255, "N" * 64, Decimal("999999999.99"))
    it.lines[0] = line  # type: ignore[index]
    pdf = bills.typeset(it)
    margin = 2.2 / 2.54 * 72
    shown = 0
    for page in pages(pdf):
        text, width = page.get_textpage(), page.get_width()
        for place in range(text.count_chars()):
            character = chr(pdfium.FPDFText_GetUnicode(text.raw, place))
            if character.isspace() or character == "\u200b":
                continue
            left, _, right, _ = text.get_charbox(place)
            assert margin - 1 <= left <= right <= width - margin + 1, (character, left, right)
            shown += character == letter
    # Letters that are joined are read back as other characters.
    assert shown == 510 or letter == "م"


def test_earlier_bills_that_owe_the_total(served: Served) -> None:
    """Rules 6.6: a bill that is paid says what was carried over, and which bills owe it."""

    async def create_bills(unit: Unit) -> str:
        payer = await builders.default_bill_unit_id(unit, await builders.account(unit))
        await bill_rows.bill(unit, payer, number="B-1", current_charges=Decimal(76))
        paid = {"current_charges": Decimal(20), "paid": Decimal(-20), "payments": Decimal(-20)}
        await bill_rows.bill(
            unit, payer, bill_rows.JANUARY, number="B-2", **paid, previous_balance=Decimal(76)
        )
        return "B-2"

    it = asyncio.run(printed(served, served.run(create_bills, ANA)))
    shown = bills.texts(it)
    assert (it.bill.status, shown["total"]) == ("PAID", "76.00")
    assert shown["carried_over"] == [("Bill B-1", "2027-01-09", "76.00")]
    text = next(pages(bills.typeset(it))).get_textpage().get_text_range()
    assert "Carried over from earlier bills" in text
    assert "Bill B-1" in text
