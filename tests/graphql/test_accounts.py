"""Reading accounts and what hangs on them: every field, search, filters, orders."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.accounts.models import Rank
from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tests import builders
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

ACCOUNT = """query($id: ID, $number: String) { account(id: $id, number: $number) {
  id number name status holds { effect cause } rank email phone currency createdAt closedAt version
  creditLimit { amount currency } parent { name } ancestors { name } descendantCount
  billUnits {
    name currency billingDayOfMonth nextBillOn version account { name }
    payingParent { account { name } } paymentMethod { label }
  }
  paymentMethods { label isDefault kind brand lastFour expirationMonth expirationYear
  account { name } }
} }"""
FOUND = """query($filter: AccountFilter, $sort: AccountSort) {
  accounts(filter: $filter, sort: $sort) { totalCount nodes { name } }
}"""


async def family(runtime: Runtime) -> list[int]:
    """A root, a child that it pays for, and a grandchild."""
    async with runtime.unit(ANA) as unit:
        root = await builders.account(
            unit, "Root", number="R-1", rank=Rank.GOLD, credit_limit=Decimal("29.85")
        )
        middle = await builders.child(unit, root, "Middle")
        return [root, middle, await builders.child(unit, middle, "Leaf", paid=False)]


async def test_every_field(ask: Caller, runtime: Runtime) -> None:
    root, *_ = await family(runtime)
    async with runtime.unit(ANA) as unit:
        unit.session.add(method(root, PaymentMethodKind.INVOICE, is_default=False))
        unit.session.add(
            method(root, PaymentMethodKind.CREDIT_CARD, brand="Visa", last_four="4242")
        )
    data = (await ask(ACCOUNT, number="R-1"))["account"]
    [bill_unit] = data.pop("billUnits")
    [card, invoice] = data.pop("paymentMethods")
    assert data == {
        "id": global_id("Account", root),
        "number": "R-1",
        "name": "Root",
        "status": "ACTIVE",
        "holds": [],
        "rank": "GOLD",
        "email": None,
        "phone": None,
        "currency": "USD",
        "createdAt": "2026-11-10T12:00:00Z",
        "closedAt": None,
        "version": 1,
        "creditLimit": {"amount": "29.85", "currency": "USD"},
        "parent": None,
        "ancestors": [],
        "descendantCount": 2,
    }
    assert bill_unit == {
        "name": "Default",
        "currency": "USD",
        "billingDayOfMonth": 10,
        "nextBillOn": "2026-12-10",
        "version": 1,
        "account": {"name": "Root"},
        "payingParent": None,
        "paymentMethod": {"label": "Visa ···· 4242"},
    }
    assert (card["label"], card["isDefault"], card["lastFour"]) == ("Visa ···· 4242", True, "4242")
    assert invoice == {
        "label": "Invoice",
        "isDefault": False,
        "kind": "INVOICE",
        "brand": None,
        "lastFour": None,
        "expirationMonth": None,
        "expirationYear": None,
        "account": {"name": "Root"},
    }


def method(
    account_id: int, kind: PaymentMethodKind, *, is_default: bool = True, **more: Any
) -> PaymentMethod:
    return PaymentMethod(
        account_id=account_id, kind=kind, is_default=is_default, created_at=NOON, **more
    )


async def test_what_another_pays_for_has_no_payment_method(ask: Caller, runtime: Runtime) -> None:
    _, middle, leaf = await family(runtime)
    async with runtime.unit(ANA) as unit:
        unit.session.add(method(middle, PaymentMethodKind.DIRECT_DEBIT))
    data = (await ask(ACCOUNT, id=global_id("Account", middle)))["account"]
    assert (data["parent"], data["descendantCount"]) == ({"name": "Root"}, 1)
    assert [it["label"] for it in data["paymentMethods"]] == ["Direct debit"]
    [bill_unit] = data["billUnits"]
    assert bill_unit["paymentMethod"] is None
    assert bill_unit["payingParent"] == {"account": {"name": "Root"}}
    data = (await ask(ACCOUNT, id=global_id("Account", leaf)))["account"]
    assert [it["name"] for it in data["ancestors"]] == ["Middle", "Root"]


async def test_whom_a_bill_unit_pays_for(ask: Caller, runtime: Runtime) -> None:
    await family(runtime)
    document = (
        '{ account(number: "R-1") { billUnits { '
        "pays { totalCount nodes { account { name } } } } } }"
    )
    [bill_unit] = (await ask(document))["account"]["billUnits"]
    assert bill_unit["pays"] == {"totalCount": 1, "nodes": [{"account": {"name": "Middle"}}]}


async def test_by_id_and_number(ask: Caller, runtime: Runtime) -> None:
    root, middle, _ = await family(runtime)
    document = "query($id: ID, $number: String) { account(id: $id, number: $number) { name } }"
    assert await ask(document, id=global_id("Account", root), number="R-1") == {
        "account": {"name": "Root"}
    }
    assert await ask(document, id=global_id("Account", middle), number="R-1") == {"account": None}
    assert await ask.code(document, id=global_id("Service", root)) == "INVALID"
    assert await ask(document, id="unknown") == {"account": None}
    assert await ask(document, number="unknown") == {"account": None}
    assert await ask.code('{ account(number: "\\u0000") { id } }') == "INVALID"
    assert await ask.code(document) == "INVALID"
    assert await ask.code(document, id=None, number=None) == "INVALID"


async def test_holds(ask: Caller, runtime: Runtime) -> None:
    root, middle, _ = await family(runtime)
    for to in (Status.INACTIVE, Status.CLOSED):
        async with runtime.unit(ANA) as unit:
            await builders.set_account(unit, root, to)
    data = (await ask(ACCOUNT, id=global_id("Account", root)))["account"]
    both = [{"effect": "CLOSED", "cause": "MANUAL"}, {"effect": "INACTIVE", "cause": "MANUAL"}]
    assert (data["status"], data["holds"], data["closedAt"]) == (
        "CLOSED",
        both,
        "2026-11-10T12:00:00Z",
    )
    data = (await ask(ACCOUNT, id=global_id("Account", middle)))["account"]
    assert data["holds"] == [{"effect": "CLOSED", "cause": "PARENT"}]


async def found(ask: Caller, **given: Any) -> list[str]:
    data = (await ask(FOUND, filter=given, sort="NAME_ASC"))["accounts"]
    assert data["totalCount"] == len(data["nodes"])
    return [node["name"] for node in data["nodes"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ada", ["Ada Byron", "Ada Lovelace"]),
        ("ADA love", ["Ada Lovelace"]),
        ("love ada", ["Ada Lovelace"]),
        ("lace", []),
        ("straße", ["Straße 1"]),
        ("STRASSE", ["Straße 1"]),
        ("n-7", ["Ada Byron"]),
        ("ada@", ["Ada Byron"]),
        ("byron-login", ["Ada Byron"]),
        ("  ", ["Ada Byron", "Ada Lovelace", "Straße 1"]),
        ("%", []),
        ("a_a", []),
    ],
)
async def test_search(ask: Caller, runtime: Runtime, text: str, names: list[str]) -> None:
    async with runtime.unit(ANA) as unit:
        await builders.account(unit, "Ada Lovelace")
        byron = await builders.account(unit, "Ada Byron", number="N-7", email="ada@example.com")
        await builders.service(unit, byron, "Byron-Login")
        await builders.account(unit, "Straße 1")
    assert await found(ask, search=text) == names


async def test_filters(ask: Caller, runtime: Runtime) -> None:
    root, middle, _ = await family(runtime)
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, root, Status.INACTIVE)
    everyone = ["Leaf", "Middle", "Root"]
    assert await found(ask) == everyone
    assert await found(ask, status=["INACTIVE"]) == ["Middle", "Root"]
    assert await found(ask, status=["ACTIVE", "CLOSED"]) == ["Leaf"]
    assert await found(ask, status=[], rank=None) == everyone
    assert await found(ask, rank=["GOLD", "SILVER"]) == ["Root"]
    assert await found(ask, heldBy=["MANUAL"]) == ["Root"]
    assert await found(ask, heldBy=["MANUAL", "PARENT"]) == ["Middle", "Root"]
    assert await found(ask, heldBy=["DEBT"]) == []
    assert await found(ask, below=global_id("Account", root)) == ["Leaf", "Middle"]
    assert await found(ask, below=global_id("Account", middle), status=["ACTIVE"]) == ["Leaf"]
    assert await found(ask, below="nonsense") == []


async def test_nodes(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        one = await builders.customer(unit)
    ids = {
        "Account": global_id("Account", one.account),
        "Service": global_id("Service", one.service),
        "PurchasedOffer": global_id("PurchasedOffer", one.service_offer),
        "Event": global_id("Event", 1),
        "Offer": global_id("Offer", 1),
        "BillUnit": global_id("BillUnit", 1),
    }
    document = (
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id "
        "... on Asset { name account { name } } } }"
    )
    wrong = [
        "x",
        global_id("Account", 999),
        global_id("Query", 1),
        global_id("BusinessSettings", 1),
    ]
    data = (await ask(document, ids=[*ids.values(), *wrong]))["nodes"]
    assert [(node["__typename"], node["id"]) for node in data[:6]] == list(ids.items())
    assert data[1]["account"] == {"name": "Carla"}
    assert data[6:] == [None] * 4
    for unknown in wrong:
        assert await ask("query($id: ID!) { node(id: $id) { id } }", id=unknown) == {"node": None}


EVENTS = """query($id: ID!, $filter: EventFilter) {
  account(id: $id) { events(filter: $filter) { totalCount nodes {
  kind occurredAt description target { __typename name } service { name } fromStatus toStatus cause
  reason actor change
  followed { description } amount { amount } } } } }"""


async def test_events(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        one = await builders.customer(unit)
    await set_clock(runtime, NOON + timedelta(days=1))
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, one.account, Status.INACTIVE, reason="Asked for it")

    async def events(**given: Any) -> list[Any]:
        data = (await ask(EVENTS, id=global_id("Account", one.account), filter=given))["account"][
            "events"
        ]
        assert data["totalCount"] == len(data["nodes"])
        return list(data["nodes"])

    changes = await events(kind=["STATUS_CHANGE"])
    assert len(changes) == 4
    assert changes[-1] == {
        "kind": "STATUS_CHANGE",
        "occurredAt": "2026-11-11T12:00:00Z",
        "description": changes[-1]["description"],
        "target": None,
        "service": None,
        "fromStatus": "ACTIVE",
        "toStatus": "INACTIVE",
        "cause": "MANUAL",
        "reason": "Asked for it",
        "actor": ANA.name,
        "change": changes[0]["change"],
        "followed": None,
        "amount": None,
    }
    assert {type(it["change"]) for it in changes} == {str}
    assert len({it["change"] for it in changes}) == 1
    assert await events(kind=["STATUS_CHANGE"], ofAccount=True) == changes[-1:]
    assert await events(kind=["STATUS_CHANGE"], ofAccount=False) == changes[:-1]
    followers = [(it["target"]["__typename"], it["cause"]) for it in changes[:3]]
    assert sorted(followers) == [
        ("PurchasedOffer", "ACCOUNT"),
        ("PurchasedOffer", "SERVICE"),
        ("Service", "ACCOUNT"),
    ]
    assert await events(**{"from": "2026-11-11T12:00:00Z"}) == changes
    assert await events(**{"from": "2026-11-11T12:00:01Z"}) == []
    assert len(await events(to="2026-11-11T12:00:00Z")) == len(await events()) - 4
    about = await events(service=global_id("Service", one.service), kind=["STATUS_CHANGE"])
    assert len(about) == 2
    assert {it["service"]["name"] for it in about} == {"Internet"}
    assert await events(service="nonsense") == []


async def test_services_of_an_account_by_words(ask: Caller, runtime: Runtime) -> None:
    """In the name or the login, in any case."""
    async with runtime.unit(ANA) as unit:
        one = await builders.customer(unit)
        await builders.service(unit, one.account, kind="tv")
    document = """query($id: ID!, $search: String) {
      account(id: $id) { services(search: $search) { totalCount nodes { kind } } }
    }"""

    async def kinds(search: str) -> list[str]:
        found = await ask(document, id=global_id("Account", one.account), search=search)
        services = found["account"]["services"]
        assert services["totalCount"] == len(services["nodes"])
        return [it["kind"] for it in services["nodes"]]

    assert await kinds("") == ["tv", "internet"]
    assert await kinds(" INTER ") == ["internet"]
    assert await kinds("tv") == ["tv"]
    assert await kinds("tv internet") == []


async def test_services_and_offers_by_status(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        one = await builders.customer(unit)
        second = await builders.service(unit, one.account, kind="tv")
    async with runtime.unit(ANA) as unit:
        await builders.set_service(unit, second, Status.CLOSED)
        await builders.set_offer(unit, one.account_offer, Status.INACTIVE)
    document = """query($id: ID!, $status: [Status!]) { account(id: $id) {
      services(status: $status) { totalCount
      nodes { kind status login billUnit { name } offers(status: $status) {
        name status offerKind quantity purchaseStart usageStart cycleStart endsAt closedAt version
        service { kind }
        offer { code monthlyFee } billUnit { name } } } }
      offers(status: $status) { name status service { kind } } } }"""
    account_id = global_id("Account", one.account)
    data = (await ask(document, id=account_id))["account"]
    assert [(it["kind"], it["status"]) for it in data["services"]["nodes"]] == [
        ("tv", "CLOSED"),
        ("internet", "ACTIVE"),
    ]
    assert data["offers"] == [{"name": "Flat", "status": "INACTIVE", "service": None}]
    data = (await ask(document, id=account_id, status=["ACTIVE"]))["account"]
    assert (data["services"]["totalCount"], data["offers"]) == (1, [])
    [service] = data["services"]["nodes"]
    assert service.pop("offers") == [
        {
            "name": "Flat",
            "status": "ACTIVE",
            "offerKind": "CHARGE",
            "quantity": "1",
            "purchaseStart": "2026-11-10T12:00:00Z",
            "usageStart": "2026-11-10T12:00:00Z",
            "cycleStart": "2026-11-10T12:00:00Z",
            "endsAt": None,
            "closedAt": None,
            "version": 1,
            "service": {"kind": "internet"},
            "offer": {"code": "flat", "monthlyFee": None},
            "billUnit": {"name": "Default"},
        }
    ]
    assert service == {
        "kind": "internet",
        "status": "ACTIVE",
        "login": "carla",
        "billUnit": {"name": "Default"},
    }
