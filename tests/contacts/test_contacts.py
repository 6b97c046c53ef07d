"""Contacts of accounts: added, changed, removed, and found by the search."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.accounts.queries import matches_search
from tenure.contacts import rules
from tenure.contacts.models import Contact, ContactKind
from tenure.contacts.rules import address_of
from tenure.kernel.countries import COUNTRIES, country_name
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import ABE
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id
from tests.shared import ROOT

FIELDS = """id kind isPrimary name email phone addressLines city region postalCode country
  createdAt version"""
ADDRESS = {
    "addressLines": " 1 Main St \n\n Floor 2",
    "city": "Springfield",
    "region": "IL",
    "postalCode": "62701",
    "country": "us",
}
LISTED = "query($id: ID!) { account(id: $id) { contacts { name isPrimary version } } }"


@pytest.fixture
async def account(runtime: Runtime) -> str:
    """The global id of an account."""
    async with runtime.unit(ANA) as unit:
        return global_id("Account", await builders.account(unit, "Acme"))


@pytest.fixture
def ask(runtime: Runtime) -> Caller:
    """Executes operations as an agent."""
    return Caller(runtime, ABE)


async def add(ask: Caller, account: str, name: str = "Hana Suzuki", **more: Any) -> Any:
    """A new billing contact."""
    given = {"accountId": account, "kind": "BILLING", "name": name} | more
    answer = await ask.change("addContact", "AddContactInput", f"contact {{ {FIELDS} }}", **given)
    assert answer["errors"] == []
    return answer["contact"]


async def change(ask: Caller, contact: Any, **given: Any) -> Any:
    """The contact after a change."""
    payload = f"contact {{ {FIELDS} }}"
    answer = await ask.change(
        "updateContact", "UpdateContactInput", payload, contactId=contact["id"], **given
    )
    assert answer["errors"] == []
    return answer["contact"]


async def test_a_contact_from_its_addition_to_its_removal(ask: Caller, account: str) -> None:
    """Each change has an event, which says nothing about the person."""
    added = await add(ask, account, email=" h@example.com ", phone="+81 3 1234", **ADDRESS)
    assert added == {
        "id": added["id"],
        "kind": "BILLING",
        "isPrimary": False,
        "name": "Hana Suzuki",
        "email": "h@example.com",
        "phone": "+81 3 1234",
        "addressLines": "1 Main St\nFloor 2",
        "city": "Springfield",
        "region": "IL",
        "postalCode": "62701",
        "country": "US",
        "createdAt": "2026-11-10T12:00:00Z",
        "version": 1,
    }
    assert await change(ask, added, name="Hana Suzuki", kind=None, expectedVersion=1) == added
    changed = await change(ask, added, phone=None, city="Chicago", kind="SERVICE")
    assert changed == added | {"phone": None, "city": "Chicago", "kind": "SERVICE", "version": 2}
    remove = """mutation($id: ID!, $version: Int) {
      removeContact(contactId: $id, expectedVersion: $version) {
        account { contacts { id } events { nodes { description details } } } errors { code } } }"""
    for version in (0, 1):
        answer = await ask(remove, id=added["id"], version=version)
        assert answer["removeContact"] == {"account": None, "errors": [{"code": "CONFLICT"}]}
        given = {"contactId": added["id"], "city": "Peoria", "expectedVersion": version}
        refused = await ask.change("updateContact", "UpdateContactInput", "contact { id }", **given)
        assert refused == {"contact": None, "errors": ["CONFLICT input.expectedVersion"]}
    answer = (await ask(remove, id=added["id"], version=2))["removeContact"]
    assert (answer["account"]["contacts"], answer["errors"]) == ([], [])
    contact = answer["account"]["events"]["nodes"][0]["details"]["contact"]
    assert answer["account"]["events"]["nodes"][:-1] == [
        {
            "description": description,
            "details": {"operation": operation, "contact": contact, "kind": kind},
        }
        for description, operation, kind in (
            ("Removed a service contact", "CONTACT_REMOVED", "SERVICE"),
            ("Changed a service contact", "CONTACT_CHANGED", "SERVICE"),
            ("Added a billing contact", "CONTACT_ADDED", "BILLING"),
        )
    ]
    answer = await ask(remove, id=added["id"])
    assert answer["removeContact"]["errors"] == [{"code": "NOT_FOUND"}]


async def test_one_contact_is_the_primary_one(ask: Caller, account: str) -> None:
    """The primary one is listed first; another primary one, or another kind, replaces it."""
    other = await add(ask, account, "Other", kind="OTHER")
    first = await add(ask, account, "First", isPrimary=True)
    second = await add(ask, account, "Second", isPrimary=True)
    assert (await ask(LISTED, id=account))["account"]["contacts"] == [
        {"name": "Second", "isPrimary": True, "version": 1},
        {"name": "First", "isPrimary": False, "version": 2},
        {"name": "Other", "isPrimary": False, "version": 1},
    ]
    assert (await change(ask, first, isPrimary=True))["isPrimary"] is True
    assert (await change(ask, first, kind="SERVICE"))["isPrimary"] is False
    assert (await change(ask, second, isPrimary=False))["isPrimary"] is False
    given = {"contactId": other["id"], "isPrimary": True}
    await check_refused(ask, "updateContact", given, "INVALID input.isPrimary")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_refused_contacts(ask: Caller, account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"accountId": account, "kind": "BILLING", "name": "Hana"}
    for changes, error in (
        ({"name": " "}, "REQUIRED input.name"),
        ({"email": "hana"}, "INVALID input.email"),
        ({"phone": "none"}, "INVALID input.phone"),
        ({"country": "XX"}, "INVALID input.country"),
        ({"addressLines": "1\n2\n3\n4\n5"}, "OUT_OF_RANGE input.addressLines"),
        ({"addressLines": "x" * 256}, "OUT_OF_RANGE input.addressLines"),
        ({"postalCode": "x" * 33}, "OUT_OF_RANGE input.postalCode"),
        ({"city": "a\x07"}, "INVALID input.city"),
        ({"kind": "SERVICE", "isPrimary": True}, "INVALID input.isPrimary"),
        ({"accountId": global_id("Account", 99)}, "NOT_FOUND input.accountId"),
    ):
        await check_refused(ask, "addContact", given | changes, error)
    added = await add(ask, account)
    monkeypatch.setattr("tenure.contacts.actions.MAX_CONTACTS", 1)
    await check_refused(ask, "addContact", given, "NOT_ALLOWED input.accountId")
    named = {"contactId": added["id"], "name": None}
    await check_refused(ask, "updateContact", named, "REQUIRED input.name")


async def test_the_search_finds_contacts(ask: Caller, account: str) -> None:
    """By name, e-mail and telephone number, also after a change."""
    added = await add(ask, account, email="h@example.com", phone="+81 3 1234 5678")
    await change(ask, added, name="Hanako Sato")
    async with ask.runtime.database.reading() as session:
        for text in ("hana suz", "sato", "h@ex", "03 1234", "5678"):
            found = await session.scalars(select(Account.name).where(matches_search(text)))
            assert (text, list(found)) == (text, ["Acme"])


def test_the_lines_of_an_address() -> None:
    """Rules of paper: only what is known, in the order of an envelope."""
    contact = Contact(kind=ContactKind.BILLING, name="Hana")
    assert address_of(contact) == ["Hana"]
    contact.address_lines = "1 Main St\nFloor 2"
    contact.city, contact.region, contact.postal_code = "Springfield", "IL", "62701"
    contact.country = "US"
    lines = ["Hana", "1 Main St", "Floor 2", "Springfield, IL 62701"]
    assert address_of(contact) == [*lines, "UNITED STATES"]
    for code, name in (
        ("DE", "GERMANY"),
        ("GB", "UNITED KINGDOM"),
        ("CI", "CÔTE D’IVOIRE"),
        ("TR", "TÜRKIYE"),
    ):
        contact.country = code
        assert address_of(contact) == [*lines, name]
    assert [it for it in COUNTRIES if country_name(it) == it] == []
    assert rules.checked_country(" ") is None


def test_the_page_offers_the_countries_of_the_server() -> None:
    """The list of the page is its own: the API does not have one."""
    page = (ROOT / "frontend/src/features/contacts/countries.ts").read_text(encoding="utf-8")
    offered = re.findall(r"\b[A-Z]{2}\b", page)
    assert sorted(offered) == sorted(COUNTRIES)
