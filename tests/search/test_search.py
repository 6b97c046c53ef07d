"""What a text finds, best match first: accounts, services by login, bills by number."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account, SearchTerm
from tenure.accounts.queries import matches_search
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill
from tenure.catalog.models import Offer
from tenure.hierarchy.parents.actions import change_parent
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.search.queries import best_accounts, best_bills, best_offers, best_services
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller


async def names_of(runtime: Runtime, text: str, limit: int = 10) -> Sequence[str]:
    """The names of the accounts that `text` finds, in order."""
    async with runtime.database.reading() as session:
        found = await best_accounts(session, text, limit=limit)
        rows = await session.execute(select(Account.id, Account.name))
    names = dict(rows.all())
    return [names[account_id] for account_id in found]


async def filtered(runtime: Runtime, text: str) -> set[str]:
    """The names of the accounts in a list that is filtered by `text`."""
    async with runtime.database.reading() as session:
        return set(await session.scalars(select(Account.name).where(matches_search(text))))


# Texts as they are pasted or written elsewhere, with the only account that each finds.
PASTED = {
    "Card": (
        *("Visa 4242", "visa ···· 4242", "Visa •••• 4242", "*4242", "•••• 4242", "···· 4242"),
        *("xxxx 4242", "**** **** **** 4242", "424242******4242", "Visa ending in 4242"),
        *("Mastercard-4242", "American Express 4242", "Karte 4242", "Kreditkarte: 4242", "…4242"),
        *("card ending 4242", "XXXX-XXXX-XXXX-4242", "VISA\u00a0••••\u00a04242,"),
    ),
    "Numbered": (
        *("A 1027", "a1027", "A-1027", "#1027", "(A-1027)", "A-1027.", "A–1027", "A\u20111027"),
        *("A/1027", "a_1027", "a:1027", "Konto A-1027", "account #1027", "Nr. A1027", "No. 1027"),
        *(
            '"A-1027"',
            "„A-1027“",
            "  a-1027 ",
            "Numbered (A-1027)",
            "Numbered · A-1027",
            "Numbered,",
        ),
        *("NUMBERED!", "<a1027>", "[A-1027]"),
    ),
    "Imported": ("7590 VHVEG", "7590vhveg", "7590-VHVEG;", "7590/vhveg", "7590"),
    "Undashed": ("C9001", "c-9001", "c 9001", "#c9001"),
    "Trunk zero": (
        *("(030) 9018", "tel:+4930901820", "Tel. (030) 9018", "tel: +49 30 901820", "030–9018"),
        *("Telefon: 030/901820", "+49 30 901820.", "callto:+4930901820", "Phone +49 (0)30 9018"),
    ),
    "Ada King-Lovelace": (
        *("mailto:ada.king@example.org", "MAILTO:Ada.King@Example.org?subject=Bill", "ádá king"),
        *("<ada.king@example.org>", "Ada King-Lovelace <ada.king@example.org>", "LOVELACE,"),
        *("E-Mail: ada.king@example.org", "ada.king@example.org;", "“Ada King”", "king – lovelace"),
    ),
    "Müller & Söhne": (
        "müller",
        "MULLER",
        "Mu\u0308ller",
        "Söhne · Müller",
        "sohne & muller",
        "ＭÜＬＬＥＲ",
    ),
}
PASTED_IN_VAIN = (
    *(
        "lovelace 4242",
        "Visa 424",
        "Visa 42421",
        "*4243",
        "Visa",
        "xxxx",
        "••••",
        "#",
        "()",
        "mailto:",
    ),
    *(
        "tel:",
        "A 10270",
        "a102",
        "Numbered 1028",
        "king & 4242",
        "x\ud7ff",
        "Ada * 4242",
        "Tel. Ada",
    ),
)

# One text for each way to find an account, and texts that find nothing.
FOUND = {
    "+44 20 7946 0000": {"British"},
    "0044 20 7946": {"British"},
    "020 7946 0000": {"British"},
    "020-79": {"British"},
    "(020) 7946 0000": {"British"},
    "442079": {"British"},
    "0000": {"British"},
    "6 0000": {"British"},
    "000": set(),
    "60001": set(),
    "0151 23": {"German"},
    "4711": {"German", "Phone login"},
    "0171/99": {"Phone login"},
    "30 4711": {"German", "Phone login"},
    "+49 30 9018": {"Trunk zero"},
    "0049 30 9018": {"Trunk zero"},
    "+49 (0)30 9018": {"Trunk zero"},
    "0049 (0) 30 9018": {"Trunk zero"},
    "030 9018": {"Trunk zero"},
    "49309018": {"Trunk zero"},
    "1820": {"Trunk zero"},
    "+49 (0)151 23": {"German"},
    "1027": {"Numbered"},
    "a-1027": {"Numbered"},
    "4242": {"Card"},
    "424": set(),
    "lovelace": {"Ada King-Lovelace"},
    "ada.king@": {"Ada King-Lovelace"},
    "king": {"Ada King-Lovelace"},
    "example.org": {"Ada King-Lovelace"},
    "analytical": {"Login"},
    "engine-2": {"Login"},
    "king lovelace": {"Ada King-Lovelace"},
    "lovelace 4242": set(),
    "-": set(),
    "nobody": set(),
}


@pytest.fixture
async def customers(runtime: Runtime) -> Runtime:
    """Accounts, each found by something else."""
    async with runtime.unit(ANA) as unit:
        await builders.account(unit, "British", number="x1", phone="+44 20 7946-0000")
        await builders.account(unit, "German", number="x2", phone="+49 151 2304711")
        await builders.account(unit, "Trunk zero", number="x7", phone="+49 (0)30 901820")
        login = await builders.account(unit, "Phone login", number="x3")
        await builders.service(unit, login, "0171 99304711", kind="mobile")
        await builders.account(unit, "Numbered", number="A-1027")
        card = await builders.account(unit, "Card", number="x4")
        method = NewPaymentMethod(
            card,
            kind=PaymentMethodKind.CREDIT_CARD,
            token="tok_ok",
            last_four="4242",
            expiration_month=12,
            expiration_year=2030,
        )
        await add_payment_method(unit, method)
        await builders.account(unit, "Ada King-Lovelace", number="x5", email="ada.king@example.org")
        engine = await builders.account(unit, "Login", number="x6")
        await builders.service(unit, engine, "Analytical.Engine-2")
    return runtime


async def test_an_account_is_found_by_any_of_its_texts(customers: Runtime) -> None:
    """By digits in any punctuation, endings, national form, card, and each word."""
    assert {text: set(await names_of(customers, text)) for text in FOUND} == FOUND
    assert {text: await filtered(customers, text) for text in FOUND} == FOUND


@pytest.mark.parametrize("name", PASTED)
async def test_an_account_is_found_by_a_pasted_text(customers: Runtime, name: str) -> None:
    """Numbers with other separators, cards, links, labels, brackets, ends of sentences."""
    async with customers.unit(ANA) as unit:
        await builders.account(unit, "Imported", number="7590-VHVEG")
        await builders.account(unit, "Undashed", number="C9001")
        await builders.account(unit, "Müller & Söhne", number="x8")
    texts = PASTED[name]
    assert {text: await names_of(customers, text) for text in texts} == {it: [name] for it in texts}
    assert {text: await filtered(customers, text) for text in texts} == {it: {name} for it in texts}


async def test_a_pasted_text_does_not_find_more(customers: Runtime) -> None:
    found = {text: await names_of(customers, text) for text in PASTED_IN_VAIN}
    assert found == {it: [] for it in PASTED_IN_VAIN} | {"a102": ["Numbered"]}
    long = ("x." * 200_000 + "9", "tel" + " " * 200_000 + "x", "1 " * 200_000, "b" + "-" * 200_000)
    for text in long:
        async with customers.database.reading() as session:
            assert await best_bills(session, text, limit=10) == []


async def test_the_best_match_is_first(runtime: Runtime) -> None:
    """A whole word, then its beginning, then endings; roots before children, then the newest."""
    async with runtime.unit(ANA) as unit:
        top = await builders.account(unit, "Northwind Ltd")
        store = await builders.child(unit, top, "Northwind Store")
        await builders.account(unit, "Northwinds")
        other = await builders.account(unit, "Northwind Trust")
        await builders.account(unit, "Ending", phone="555 0199 1999")
        await builders.account(unit, "Whole", number="B-1999")
        await builders.account(unit, "Beginning", number="B-19995")
    assert await names_of(runtime, "northwind") == [
        *("Northwind Trust", "Northwind Ltd", "Northwind Store", "Northwinds"),
    ]
    assert await names_of(runtime, "northwind", limit=1) == ["Northwind Trust"]
    assert await names_of(runtime, "1999") == ["Whole", "Beginning", "Ending"]
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, store, parent_id=None)
        await change_parent(unit, other, parent_id=top)
    assert await names_of(runtime, "northwind") == [
        *("Northwind Store", "Northwind Ltd", "Northwind Trust", "Northwinds"),
    ]


async def test_terms_know_the_roots(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A root is found however many accounts below it match."""
    monkeypatch.setattr("tenure.search.queries.CANDIDATES", 2)
    async with runtime.unit(ANA) as unit:
        top = await builders.account(unit, "Acme Group")
        middle = await builders.child(unit, top, "Acme Middle")
        for place in range(3):
            await builders.child(unit, middle, f"Acme Shop {place}")
    assert (await names_of(runtime, "acme"))[0] == "Acme Group"
    async with runtime.unit(ANA) as unit:
        await change_parent(unit, middle, parent_id=None, children_stay=True)
        await change_parent(unit, top, parent_id=middle)
    async with runtime.database.reading() as session:
        roots = select(SearchTerm.account_id, SearchTerm.is_root).distinct()
        marked = set((await session.execute(roots)).all())
        accounts = select(Account.id, Account.parent_id.is_(None))
        assert marked == set((await session.execute(accounts)).all())
    assert (await names_of(runtime, "acme"))[0] == "Acme Middle"


async def test_services_are_found_by_login(customers: Runtime) -> None:
    for text, logins in {
        "analyt": ["Analytical.Engine-2"],
        "4711": ["0171 99304711"],
        "0171 993": ["0171 99304711"],
        "Login": [],
    }.items():
        async with customers.database.reading() as session:
            found = await best_services(session, text, limit=10)
            services = select(Service.login).where(Service.id.in_(found))
            assert (text, list(await session.scalars(services))) == (text, logins)


async def test_bills_are_found_by_parts_of_their_number(runtime: Runtime) -> None:
    numbers = ("B-1-20261001", "B-1-20261101", "B-2-20261101")
    async with runtime.unit(ANA) as unit:
        for name in ("One", "Two"):
            await builders.account(unit, name)
        for number in numbers:
            _, bill_unit, day = number.split("-")
            end = date.fromisoformat(day)
            bill = Bill(
                number=number,
                account_id=int(bill_unit),
                bill_unit_id=int(bill_unit),
                currency="USD",
                period_start=end.replace(day=1),
                period_end=end,
                billed_on=end,
                created_at=unit.now,
            )
            unit.session.add(bill)
    first, second, third = numbers
    for text, expected in {
        "B-1-20261001": [first],
        "b-1": [second, first],
        "1-2026": [second, first],
        "1-20261101": [second],
        "2": [third],
        "20261101": [third, second],
        "202610": [first],
        "20261301": [],
        "B-": [],
        "B-3": [],
        "99999999999999999999": [],
        "B 1 2026": [second, first],
        "b1": [second, first],
        "B-1-2": [second, first],
        "1 2026 1": [second, first],
        "1 2026 11 1": [second],
        "bill 2": [third],
        "Bill B-1-20261001.": [first],
        "Rechnung Nr. B-1-20261001": [first],
        "(B–1–20261001)": [first],
        "INV 2026 10": [first],
        "invoice #2": [third],
        "2026-11": [third, second],
        "2026/11/1": [third, second],
        "b-2026-10": [],
        "bill": [],
        "inv 2026 13": [],
    }.items():
        async with runtime.database.reading() as session:
            found = await best_bills(session, text, limit=10)
            rows = dict((await session.execute(select(Bill.id, Bill.number))).all())
        assert (text, [rows[it] for it in found]) == (text, expected)


async def test_offers_are_found_by_code_and_name(runtime: Runtime) -> None:
    """The code itself first, then what begins with the text, then the newest."""
    offers = {
        "DSL": "Basic line",
        "DSL-50": "Line of fifty",
        "NET": "DSL for shops",
        "VDSL": "Fast 100% line",
        "TV": "Television",
    }
    async with runtime.unit(ANA) as unit:
        for code, name in offers.items():
            await builders.catalog_offer(unit, code, name=name)
    for text, expected in {
        "dsl": ["DSL", "NET", "DSL-50", "VDSL"],
        "DSL-50": ["DSL-50"],
        "line dsl": ["VDSL", "DSL-50", "DSL"],
        "100%": ["VDSL"],
        "%": ["VDSL"],
        "_": [],
        "": [],
        "DSL-50,": ["DSL-50"],
        '"dsl-50"': ["DSL-50"],
        "nothing": [],
    }.items():
        async with runtime.database.reading() as session:
            found = await best_offers(session, text, limit=10)
            rows = dict((await session.execute(select(Offer.id, Offer.code))).all())
            assert await best_offers(session, text, limit=1) == found[:1]
        assert (text, [rows[it] for it in found]) == (text, expected)


async def test_the_field_search(customers: Runtime) -> None:
    ask = Caller(customers, ANA)
    document = """query($text: String!, $first: Int!) { search(text: $text) {
      accounts(first: $first) { name } services { login account { name } } bills { number }
    } }"""
    assert await ask(document, text="0171", first=3) == {
        "search": {
            "accounts": [{"name": "Phone login"}],
            "services": [{"login": "0171 99304711", "account": {"name": "Phone login"}}],
            "bills": [],
        }
    }
    assert await ask(document, text=" ", first=3) == {
        "search": {"accounts": [], "services": [], "bills": []}
    }
    for first in (-1, 51):
        assert await ask.code(document, text="a", first=first) == "OUT_OF_RANGE"
