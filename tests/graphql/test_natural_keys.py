"""Natural keys in place of global ids: `account:A-1`, `bill:B-1`, `service:tv/Bob`, `offer:flat`.

Each query is answered by the resolvers and by a compiled statement (`Caller`).
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tenure.assets.models import Service
from tenure.assets.rules import exact_key
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests import bill_rows, builders
from tests.checks import nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id, sent_statements
from tests.graphql.compiled.comparing import BothWays

FORMS = "account:NUMBER, bill:NUMBER, offer:CODE or service:KIND/LOGIN"
MALFORMED = ["account:", "account: ", "service:tv", "service:tv/", "service:/bob", "Account:A-1"]
DAYS = 'from: "2026-11-10", to: "2027-01-01"'
LATER = "2030-01-01T00:00:00Z"


@pytest.fixture
async def keys(runtime: Runtime) -> Mapping[str, str]:
    """The natural keys of Ada, her child Bob, Bob's service, Ada's bill, and an offer."""
    async with runtime.unit(ANA) as unit:
        ada = await builders.account(unit, "Ada", number="A-1")
        bob = await builders.account(unit, "Bob", number="B/2: x")
        service = await builders.service(unit, bob, kind="TV", login="Bob")
        await builders.catalog_offer(unit, "flat")
        bill_unit = await builders.default_bill_unit_id(unit, ada)
        bill = await bill_rows.bill(
            unit, bill_unit, date(2026, 10, 10), number="B-1", current_charges=Decimal(10)
        )
    return {
        "account:A-1": global_id("Account", ada),
        "account:B/2: x": global_id("Account", bob),
        "service:tv/Bob": global_id("Service", service),
        "bill:B-1": global_id("Bill", bill),
        "offer:flat": global_id("Offer", 1),
    }


@pytest.mark.parametrize(
    ("document", "natural"),
    [
        ("it: account(id: $id) { id }", "account:A-1"),
        ("it: account(id: $id) { id }", "account:B/2: x"),
        ('it: account(id: $id, number: "A-1") { id }', "account:B/2: x"),
        ("it: bill(id: $id) { id }", "bill:B-1"),
        ("it: service(id: $id) { id }", "service:tv/Bob"),
        ("it: offer(id: $id) { id }", "offer:flat"),
        ("it: node(id: $id) { id __typename }", "account:A-1"),
        ("it: node(id: $id) { id __typename }", "service:tv/Bob"),
        ("it: nodes(ids: [$id, $id]) { id __typename }", "bill:B-1"),
        ("it: accounts(filter: {below: $id}) { nodes { id } }", "account:A-1"),
        ("it: events(account: $id) { nodes { id } }", "account:A-1"),
        ("it: events(filter: {service: $id}) { nodes { id } }", "service:tv/Bob"),
        ("it: bills(filter: {account: $id}) { nodes { id } }", "account:A-1"),
        ("it: services(filter: {account: $id}) { totalCount }", "account:B/2: x"),
        ("it: deferredActions(filter: {account: $id}) { totalCount }", "account:A-1"),
        ("it: accountStatusImpact(accountId: $id, status: CLOSED) { services }", "account:B/2: x"),
        ("it: assetStatusImpact(assetId: $id, status: CLOSED) { services }", "service:tv/Bob"),
        (f'it: scheduleConflicts(target: $id, at: "{LATER}") {{ id }}', "service:tv/Bob"),
        (f"it: deferredActionDays({DAYS}, filter: {{account: $id}}) {{ date }}", "account:B/2: x"),
    ],
)
async def test_a_query_takes_the_natural_key(
    ask: Caller, keys: Mapping[str, str], document: str, natural: str
) -> None:
    child = {"accountId": "account:B/2: x", "parentId": "account:A-1"}
    await ask.change("changeHierarchy", "ChangeHierarchyInput", "", **child)
    given = {
        "accountId": "account:B/2: x",
        "status": "CLOSED",
        "deferUntil": "2026-12-01T00:00:00Z",
    }
    await ask.change("changeAccountStatus", "ChangeAccountStatusInput", "", **given)
    query = f"query($id: ID!) {{ {document} }}"
    expected = await ask(query, id=keys[natural])
    assert await ask(query, id=natural) == expected
    inline = document.replace("$id", f'"{natural}"')
    assert await ask(f"{{ {inline} }}") == expected


async def test_kinds_and_logins_ignore_case_and_spaces(
    ask: Caller, keys: Mapping[str, str]
) -> None:
    """Rules 3.1. Numbers and codes are compared exactly, as by `account(number:)`."""
    query = "query($id: ID!) { node(id: $id) { id } service(id: $id) { id } }"
    for natural in ("service:TV/bob", "service: tv / BOB "):
        found = {"id": keys["service:tv/Bob"]}
        assert await ask(query, id=natural) == {"node": found, "service": found}
    for natural in ("account:a-1", "account: A-1", "offer:FLAT", "service:tv/bo"):
        assert await ask("query($id: ID!) { node(id: $id) { id } }", id=natural) == {"node": None}


async def test_an_ambiguous_login_is_found_as_it_is_spelled(
    ask: Caller, runtime: Runtime, keys: Mapping[str, str]
) -> None:
    """Its key is that of the exact spelling, as for `authorizeService`."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Eve")
        other = await builders.service(unit, account, kind="tv", login="eve")
        (await unit.session.get_one(Service, other)).login = "BOB"
        (await unit.session.get_one(Service, other)).login_key = exact_key("tv", "BOB")
    query = "query($id: ID!) { node(id: $id) { id } service(id: $id) { id } }"
    for login, expected in {
        "BOB": global_id("Service", other),
        "bob": keys["service:tv/Bob"],
    }.items():
        found = {"id": expected}
        assert await ask(query, id=f"service:tv/{login}") == {"node": found, "service": found}
        assert (
            await ask(
                query.replace("node(id: $id)", "node: nodes(ids: [$id])"), id=f"service:tv/{login}"
            )
        )["node"] == [found]


async def test_mixed_lists_take_one_statement_for_each_type(
    ask: Caller, runtime: Runtime, keys: Mapping[str, str]
) -> None:
    given = [*keys, *keys.values(), "account:unknown", "service:tv/unknown"]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    with sent_statements(runtime.database) as sent:
        nodes = (await ask(query, ids=given))["nodes"]
    found = [{"id": value} for value in keys.values()]
    assert nodes == [*found, *found, None, None]
    # Four types: each by its natural keys, then by its ids.
    assert len(sent) == 8
    assert (await ask(query, ids=given))["nodes"] == nodes


async def test_lists_of_one_type_are_compiled_and_never_outdated(
    runtime: Runtime, keys: Mapping[str, str]
) -> None:
    """A plan is kept for the next request; the keys of natural keys are not."""
    both = BothWays(runtime)
    query = 'query { nodes(ids: ["service:tv/Bob", "service:tv/eve"]) { id } }'
    found = keys["service:tv/Bob"].encode()
    assert b'{"nodes":[{"id":"%s"},null]}' % found in await both.equal(query)
    async with runtime.unit(ANA) as unit:
        row = (await unit.session.scalars(select(Service))).one()
        row.login = row.login_key = "eve"
    assert b'{"nodes":[null,{"id":"%s"}]}' % found in await both.equal(query)
    assert (both.compiled.compiled, both.compiled.fallbacks) == (2, {})


@pytest.mark.parametrize("natural", [*MALFORMED, "x:y", ":", "account"])
async def test_a_malformed_key_says_what_to_do(
    ask: Caller, keys: Mapping[str, str], natural: str
) -> None:
    """A text without a colon is an unknown global id, which finds nothing."""
    assert keys
    message = f": {natural} is no key. Use a global id, {FORMS}."
    for document, field, nothing in (
        ("node(id: $id) { id }", "id", None),
        ("nodes(ids: [$id]) { id }", "ids", [None]),
        ("account(id: $id) { id }", "id", None),
        ("accounts(filter: {below: $id}) { nodes { id } }", "below", {"nodes": []}),
    ):
        query = f"query($id: ID!) {{ it: {document} }}"
        if ":" not in natural:
            assert await ask(query, id=natural) == {"it": nothing}
            continue
        _, [error] = await ask.answer(query, id=natural)
        assert (error["message"], error["path"]) == (field + message, ["it"])
        assert error["extensions"] == {"code": "INVALID"}


ADA, BOB, TV, BILL = "account:A-1", "account:B/2: x", "service:TV/bob", "bill:B-1"
AMOUNT = "event { amount { amount } }"
CHANGES: list[tuple[str, dict[str, Any], str]] = [
    ("updateAccount", {"accountId": ADA, "name": "Eve"}, "account { ADA name }"),
    ("changeAccountStatus", {"accountId": ADA, "status": "INACTIVE"}, "account { ADA }"),
    ("changeAssetStatus", {"assetId": TV, "status": "INACTIVE"}, "asset { TV }"),
    ("changeHierarchy", {"accountId": BOB, "parentId": ADA}, "account { BOB parent { ADA } }"),
    ("createAccount", {"name": "Eve", "parentId": ADA}, "account { parent { ADA } }"),
    ("addBillUnit", {"accountId": ADA, "name": "Two"}, "billUnit { account { ADA } }"),
    ("addService", {"accountId": ADA, "kind": "tv"}, "service { account { ADA } }"),
    (
        "purchaseOffer",
        {"accountId": BOB, "serviceId": TV, "offerCode": "flat"},
        "offer { service { TV } account { BOB } }",
    ),
    (
        "addPaymentMethod",
        {"accountId": ADA, "kind": "INVOICE"},
        "paymentMethod { account { ADA } }",
    ),
    (
        "recordPayment",
        {"accountId": ADA, "billId": BILL, "amount": "5", "reference": "r"},
        f"account {{ ADA }} {AMOUNT}",
    ),
    ("openDispute", {"billId": BILL, "reason": "wrong"}, "dispute { bill { BILL } }"),
    ("adjust", {"accountId": ADA, "amount": "5", "reason": "r"}, AMOUNT),
    ("adjust", {"billId": BILL, "amount": "5", "reason": "r"}, AMOUNT),
]
PLACES = {"ADA": ADA, "BOB": BOB, "TV": "service:tv/Bob", "BILL": BILL}


@pytest.mark.parametrize(("mutation", "given", "payload"), CHANGES)
async def test_a_mutation_takes_natural_keys(
    ask: Caller, keys: Mapping[str, str], mutation: str, given: dict[str, Any], payload: str
) -> None:
    """An unknown one is NOT_FOUND as an unknown global id is, with the same path."""
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    for field in [name for name in given if name.endswith("Id")]:
        answers = []
        natural = given[field]
        type_name = natural.partition(":")[0]
        for unknown in (f"{type_name}:tv/unknown", global_id(type_name.title(), 99)):
            async with nothing_written(ask.runtime):
                answers.append(await ask.change(mutation, kind, "", **given | {field: unknown}))
        assert answers[0] == answers[1]
        assert answers[0]["errors"][0].startswith("NOT_FOUND input"), answers
        document = f"mutation($i: {kind}!) {{ {mutation}(input: $i) {{ errors {{ code }} }} }}"
        viewer = ask.acting_as(Actor("vic", Role.VIEWER))
        assert await viewer.code(document, i=given | {field: "account:"}) == "FORBIDDEN"
        async with nothing_written(ask.runtime):
            it = await ask.change(mutation, kind, "", **given | {field: f"{type_name}:"})
        assert it == {"errors": [f"INVALID input.{field}"]}
    selected = [name for name in re.findall(r"\w+", payload) if name in PLACES]
    selection = re.sub("|".join(PLACES), "id", payload)
    answer = await ask.change(mutation, kind, selection, **given)
    assert answer["errors"] == []
    found = re.findall(r"'id': '(.*?)'", str(answer))
    assert found == [keys[PLACES[name]] for name in selected]


async def test_ids_of_bulk_changes_name_the_type(ask: Caller, keys: Mapping[str, str]) -> None:
    """Deferred actions have no natural key."""
    assert keys
    document = """mutation($ids: [ID!]!) {
      it: cancelDeferredActions(input: {ids: $ids}) { errors { code message path } }
    }"""
    async with nothing_written(ask.runtime):
        answer = await ask(document, ids=["account:A-1", "account:"])
    paths = [["input", "ids", "0"], ["input", "ids", "1"]]
    messages = [
        "ids.0 is an Account; expected a DeferredAction.",
        f"ids.1: account: is no key. Use a global id, {FORMS}.",
    ]
    assert answer["it"]["errors"] == [
        {"code": "INVALID", "message": message, "path": path}
        for message, path in zip(messages, paths, strict=True)
    ]


async def test_a_note_that_looks_like_a_key_is_kept(ask: Caller, keys: Mapping[str, str]) -> None:
    given = {"accountId": keys["account:A-1"], "name": "account:A-1"}
    answer = await ask.change("updateAccount", "UpdateAccountInput", "account { name }", **given)
    assert answer == {"account": {"name": "account:A-1"}, "errors": []}
