"""An import as a whole: what it puts in, twice, in any order, and the real set."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from tenure.accounts.models import Account, BillUnit, SearchTerm
from tenure.accounts.rules import card_term
from tenure.assets.models import PurchasedOffer, Service
from tenure.catalog.models import Offer
from tenure.contacts.models import Contact
from tenure.events.models import Event, EventKind
from tenure.holds.models import Cause, Status
from tenure.importing import run
from tenure.kernel.unit import Runtime
from tenure.notes.models import Note
from tenure.payments.models import PaymentMethod
from tenure.settings.models import BusinessRow
from tests.conftest import ANA, NOON
from tests.importing.conftest import Put, imported, reasons
from tests.shared import shared

FULL = {
    "number": "7590-VHVEG",
    "name": "Ada Example",
    "rank": "GOLD",
    "email": "Ada@Example.com",
    "phone": None,
    "currency": "USD",
    "created_on": "2025-10-01",
    "billing_day_of_month": 31,
    "credit_limit": "100.00",
    "status": "ACTIVE",
    "parent": None,
    "parent_pays": False,
    "payment_method": {
        "kind": "CREDIT_CARD",
        "token": "tok_ok",
        "brand": "visa",
        "last_four": "4242",
        "expiration_month": 12,
        "expiration_year": 2030,
    },
    "services": [
        {
            "kind": "internet",
            "name": "DSL",
            "login": "7590-VHVEG",
            "status": "ACTIVE",
            "offers": [{"code": "DSL", "name": "DSL line", "monthly_fee": "25.00"}],
        }
    ],
    "offers": [],
}


async def test_a_line_becomes_an_account_with_all_it_has(runtime: Runtime, put: Put) -> None:
    assert await imported(runtime, put(FULL)) == (1, 0, 0)
    async with runtime.database.reading() as session:
        account = (await session.execute(select(Account))).scalar_one()
        assert (account.number, account.name, account.rank, account.email) == (
            *("7590-VHVEG", "Ada Example", "GOLD", "Ada@Example.com"),
        )
        assert (account.credit_limit, account.created_at.isoformat()) == (
            Decimal(100),
            "2025-10-01T00:00:00+00:00",
        )
        unit = (await session.execute(select(BillUnit))).scalar_one()
        assert (unit.is_default, unit.billing_day_of_month, unit.next_bill_on.isoformat()) == (
            True,
            31,
            "2026-11-30",
        )
        service = (await session.execute(select(Service))).scalar_one()
        assert (service.kind, service.name, service.login, service.login_key) == (
            *("internet", "DSL", "7590-VHVEG", "7590-vhveg"),
        )
        offer = (await session.execute(select(Offer))).scalar_one()
        assert (offer.code, offer.name, offer.monthly_fee, offer.service_kind) == (
            "DSL",
            "DSL line",
            Decimal(25),
            None,
        )
        bought = (await session.execute(select(PurchasedOffer))).scalar_one()
        assert (bought.service_id, bought.offer_id, bought.monthly_fee) == (
            service.id,
            offer.id,
            None,
        )
        assert (
            bought.cycle_start == bought.purchase_start == bought.usage_start == account.created_at
        )
        assert (bought.first_start, bought.charged_until, unit.balance) == (
            account.created_at,
            unit.next_bill_on,
            0,
        )
        method = (await session.execute(select(PaymentMethod))).scalar_one()
        assert (method.kind, method.token, method.last_four, method.is_default) == (
            "CREDIT_CARD",
            "tok_ok",
            "4242",
            True,
        )
        terms = set(await session.scalars(select(SearchTerm.term)))
        assert terms == {
            *("7590-vhveg", "vhveg", "ada example", "ada", "example"),
            *("ada@example.com", "example.com", card_term("4242")),
        }
        event = (await session.execute(select(Event))).scalar_one()
        assert (event.kind, event.actor, event.account_id) == (
            EventKind.ACCOUNT_CHANGE,
            "import",
            account.id,
        )
        assert event.description == "Account 7590-VHVEG was imported"


async def test_contacts_and_notes_are_imported(runtime: Runtime, put: Put) -> None:
    """With author and day of the note; a line with an invalid contact is rejected as a whole."""
    hana = {"kind": "BILLING", "name": "Hana", "is_primary": True, "country": "jp"}
    note = {"text": "Call her", "is_pinned": True, "created_by": "Bo", "created_on": "2026-11-01"}
    line = {"number": "N-1", "name": "Ada", "contacts": [hana], "notes": [note, {"text": "Later"}]}
    assert await imported(runtime, put(line)) == (1, 0, 0)
    for wrong in (
        {"contacts": [hana, hana]},
        {"contacts": [hana | {"country": "XX"}]},
        {"notes": [{"text": " "}]},
    ):
        assert await imported(runtime, put(line | {"number": "N-2"} | wrong)) == (0, 0, 1)
    async with runtime.database.reading() as session:
        contact = (await session.execute(select(Contact))).scalar_one()
        notes = (await session.execute(select(Note).order_by(Note.id))).scalars().all()
        found = await session.scalars(select(SearchTerm.term).where(SearchTerm.term == "hana"))
        assert list(found) == ["hana"]
    assert (contact.name, contact.country, contact.is_primary) == ("Hana", "JP", True)
    assert [(it.text, it.pinned, it.created_by, it.created_at.day) for it in notes] == [
        ("Call her", 1, "Bo", 1),
        ("Later", 0, "import", NOON.day),
    ]


async def test_importing_twice_changes_nothing(runtime: Runtime, put: Put) -> None:
    assert await imported(runtime, put(FULL)) == (1, 0, 0)
    said_otherwise = {
        key: value for key, value in reversed(FULL.items()) if value is not None and value != []
    }
    assert await imported(runtime, put(said_otherwise | {"credit_limit": "100.0"})) == (0, 1, 0)
    async with runtime.unit(ANA) as unit:
        await unit.session.execute(update(Account).values(name="Renamed since"))
    assert await imported(runtime, put(FULL, FULL)) == (0, 2, 0)
    other = put(FULL | {"name": "Ada Other"})
    assert await imported(runtime, other) == (0, 0, 1)
    assert reasons(other) == {1: "There is an account 7590-VHVEG already, with different content."}
    async with runtime.database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(Account))).scalar_one() == 1
        assert (await session.execute(select(func.count()).select_from(Event))).scalar_one() == 1


async def test_parents_come_after_their_children_over_many_chunks(
    runtime: Runtime, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = 40
    lines = [
        {"number": f"N{n}", "name": f"n{n}", "parent": f"N{n + 1}", "parent_pays": n % 2 == 0}
        for n in range(depth)
    ]
    monkeypatch.setattr(run, "CHUNK_SIZE", 3)
    file = put(*lines, {"number": f"N{depth}", "name": "the root"})
    assert await imported(runtime, file) == (depth + 1, 0, 0)
    assert await imported(runtime, file) == (0, depth + 1, 0)
    async with runtime.database.reading() as session:
        rows = (await session.execute(select(Account.number, Account.id, Account.parent_id))).all()
        ids = {number: account_id for number, account_id, _ in rows}
        parents = {number: parent_id for number, _, parent_id in rows}
        assert parents.pop(f"N{depth}") is None
        assert parents == {f"N{n}": ids[f"N{n + 1}"] for n in range(depth)}
        paying = select(BillUnit.paying_parent_id, BillUnit.account_id)
        units = {account_id: payer for payer, account_id in await session.execute(paying)}
        assert [units[ids[f"N{n}"]] is not None for n in range(depth)] == [
            n % 2 == 0 for n in range(depth)
        ]
        nonpaying = select(func.count()).where(
            BillUnit.paying_parent_id.in_(
                select(BillUnit.id).where(BillUnit.paying_parent_id.is_not(None))
            )
        )
        assert (await session.execute(nonpaying)).scalar_one() == 0


async def test_a_different_fee_is_the_customers_own_price(runtime: Runtime, put: Put) -> None:
    fees = ["25.00", "25", None, "19.5"]
    lines = [
        {"number": f"{n}", "name": "x", "offers": [{"code": "DSL", "monthly_fee": fee}]}
        for n, fee in enumerate(fees)
    ]
    assert await imported(runtime, put(*lines)) == (4, 0, 0)
    async with runtime.database.reading() as session:
        own = list(
            await session.scalars(
                select(PurchasedOffer.monthly_fee).order_by(PurchasedOffer.account_id)
            )
        )
        assert own == [None, None, None, Decimal("19.5")]
        assert (await session.execute(select(Offer.monthly_fee))).scalar_one() == Decimal(25)


async def test_holds_are_what_the_verbs_would_have_given(runtime: Runtime, put: Put) -> None:
    """Rules 2.3, 2.4 and 2.6: ACCOUNT and SERVICE holds below, PARENT holds from a payer that is
    not active.
    """
    tv = {"kind": "tv", "offers": [{"code": "TV"}]}
    lines = [
        {
            "number": "inactive",
            "name": "x",
            "status": "INACTIVE",
            "services": [tv],
            "offers": [{"code": "TV"}],
        },
        {
            "number": "closed",
            "name": "x",
            "status": "CLOSED",
            "services": [tv | {"status": "CLOSED"}],
        },
        {"number": "paused", "name": "x", "services": [tv | {"status": "INACTIVE"}, tv]},
        {
            "number": "both",
            "name": "x",
            "status": "INACTIVE",
            "services": [tv | {"status": "CLOSED"}],
        },
        {
            "number": "paid",
            "name": "x",
            "parent": "inactive",
            "parent_pays": True,
            "services": [tv],
        },
        {"number": "alone", "name": "x", "parent": "inactive"},
    ]
    assert await imported(runtime, put(*lines)) == (6, 0, 0)
    by_hand, account, service = int(Cause.MANUAL), int(Cause.ACCOUNT), int(Cause.SERVICE)
    both = account | service
    expected = {
        "inactive": ([(by_hand, 0)], [(account, 0)], [(account, 0), (both, 0)]),
        "closed": ([(0, by_hand)], [(0, account)], [(0, both)]),
        "paused": ([(0, 0)], [(by_hand, 0), (0, 0)], [(service, 0), (0, 0)]),
        "both": ([(by_hand, 0)], [(account, by_hand)], [(account, service)]),
        "paid": ([(int(Cause.PARENT), 0)], [(account, 0)], [(both, 0)]),
        "alone": ([(0, 0)], [], []),
    }
    async with runtime.database.reading() as session:
        for number, holds in expected.items():
            found = []
            for table in (Account, Service, PurchasedOffer):
                owner = Account.id if table is Account else table.account_id
                statement = select(table.inactive_holds, table.closed_holds).order_by(table.id)
                statement = statement.where(
                    owner == select(Account.id).where(Account.number == number).scalar_subquery()
                )
                found.append([tuple(row) for row in await session.execute(statement)])
            assert tuple(found) == holds, number
        closed = (
            await session.execute(select(Account).where(Account.number == "closed"))
        ).scalar_one()
        assert (closed.status, closed.closed_at) == (Status.CLOSED, closed.status_changed_at)


async def test_the_login_of_a_closed_service_is_free_where_a_prefix_is_set(
    runtime: Runtime, put: Put
) -> None:
    """Rules 3.2."""
    async with runtime.unit(ANA) as unit:
        await unit.session.execute(update(BusinessRow).values(closed_login_prefix="#CLOSED#"))
    service = {"kind": "tv", "login": "Ada"}
    lines = [
        {"number": str(n), "name": "x", "status": s, "services": [service]}
        for n, s in enumerate(["CLOSED"] * 2 + ["ACTIVE"])
    ]
    assert await imported(runtime, put(*lines)) == (3, 0, 0)
    async with runtime.database.reading() as session:
        rows = (
            await session.execute(select(Service.login, Service.former_login).order_by(Service.id))
        ).all()
    assert [former for _, former in rows] == ["Ada", "Ada", None]
    assert rows[2].login == "Ada"
    assert rows[0].login.startswith("#CLOSED#")
    assert rows[0].login != rows[1].login


async def test_csv_has_the_same_keys_as_columns(runtime: Runtime, put: Put) -> None:
    text = (
        "\ufeffnumber,name,rank,created_on,billing_day_of_month,parent,parent_pays,services,"
        "payment_method\r\n"
        '1,"Ada, called the Countess",,,,2,true,,\r\n'
        "\r\n"
        '2,Ben,GOLD,2025-01-02,7,,,"[{""kind"": ""tv"",\n""login"": ""ben""}]",'
        '"{""kind"": ""INVOICE""}"\r\n'
        "3,too,few\r\n"
        "4,Cem,SILVER,,x,,,,\r\n"
    )
    file = put(text, name="accounts.CSV")
    assert await imported(runtime, file) == (2, 0, 2)
    assert reasons(file) == {
        6: "The line has 3 cells, the header has 9.",
        7: "billing_day_of_month: Give a whole number.",
    }
    async with runtime.database.reading() as session:
        names = dict((await session.execute(select(Account.number, Account.name))).all())
        assert names == {"1": "Ada, called the Countess", "2": "Ben"}
        days = set(await session.scalars(select(BillUnit.billing_day_of_month)))
        assert days == {7}


@pytest.fixture
def telco(tmp_path: Path) -> Path:
    """The public sample in the format of the import."""
    script, data = shared("contract/telco.py"), shared("data/telco-customer-churn.csv")
    file = tmp_path / "telco.jsonl"
    with file.open("w") as output:
        subprocess.run([sys.executable, script, data], stdout=output, check=True)
    return file


@pytest.mark.thorough
@pytest.mark.timeout(
    600
)  # Some 15 seconds of work, twice; the processors may be shared with much else.
async def test_the_real_set(runtime: Runtime, telco: Path) -> None:
    """What is known of it from outside: see contract/import.md."""
    assert await imported(runtime, telco) == (7043, 0, 0)
    async with runtime.database.reading() as session:
        counted = await session.execute(
            select(Account.status, func.count()).group_by(Account.status)
        )
        assert dict(counted.all()) == {Status.ACTIVE: 5174, Status.CLOSED: 1869}
        fee = func.coalesce(PurchasedOffer.monthly_fee, Offer.monthly_fee)
        monthly = select(fee).join(Offer, Offer.id == PurchasedOffer.offer_id)
        active = monthly.where(PurchasedOffer.status == Status.ACTIVE)
        assert sum(await session.scalars(active)) == Decimal("316985.75")
        assert set(await session.scalars(select(BillUnit.next_bill_on))) == {date(2026, 12, 1)}
    assert await imported(runtime, telco) == (0, 7043, 0)
