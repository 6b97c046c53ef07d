"""An id of another type is INVALID in every argument; the message names both types."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type
from strawberry.utils.str_converters import to_snake_case

from tenure.graphql.http.schema import schema
from tenure.graphql.types.ids import EXPECTED_TYPES
from tenure.kernel.actor import Actor, Role
from tests import builders
from tests.checks import nothing_written
from tests.graphql.caller import Caller, global_id

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LATER = "2030-01-01T00:00:00Z"
OFFER = global_id("Offer", 1)
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("createAccount", "parentId", {"name": "Ada"}),
    ("updateAccount", "accountId", {}),
    ("changeAccountStatus", "accountId", {"status": "CLOSED"}),
    ("changeAssetStatus", "assetId", {"status": "CLOSED"}),
    ("changeHierarchy", "accountId", {}),
    ("changeHierarchy", "parentId", {"accountId": "ACCOUNT"}),
    ("addBillUnit", "accountId", {"name": "Second"}),
    ("addBillUnit", "payingParentId", {"accountId": "ACCOUNT", "name": "Second"}),
    ("changePayer", "billUnitId", {}),
    ("changePayer", "payingParentId", {"billUnitId": "BILL_UNIT"}),
    ("addService", "accountId", {"kind": "tv"}),
    ("addService", "billUnitId", {"accountId": "ACCOUNT", "kind": "tv"}),
    ("purchaseOffer", "accountId", {"offerCode": "x"}),
    ("addPaymentMethod", "accountId", {"kind": "INVOICE"}),
    ("updateCardExpiration", "paymentMethodId", {"expirationMonth": 1, "expirationYear": 2030}),
    ("recordPayment", "accountId", {"amount": "1", "reference": "r"}),
    ("recordPayment", "billId", {"accountId": "ACCOUNT", "amount": "1", "reference": "r"}),
    ("collectPayment", "accountId", {}),
    ("collectPayment", "billId", {"accountId": "ACCOUNT"}),
    ("collectPayment", "paymentMethodId", {"accountId": "ACCOUNT"}),
    ("openDispute", "billId", {"reason": "wrong"}),
    ("openDispute", "itemId", {"reason": "wrong"}),
    ("openDispute", "eventId", {"reason": "wrong"}),
    ("settleDispute", "disputeId", {"granted": "0"}),
    ("adjust", "accountId", {"amount": "1", "reason": "r"}),
    ("adjust", "billId", {"amount": "1", "reason": "r"}),
    ("adjust", "itemId", {"amount": "1", "reason": "r"}),
    ("adjust", "eventId", {"amount": "1", "reason": "r"}),
]


@pytest.fixture
async def carla(ask: Caller) -> dict[str, str]:
    """The ids of a customer."""
    async with ask.runtime.unit(Actor("ana", Role.ADMIN)) as unit:
        account = await builders.account(unit, "Carla")
        bill_unit = await builders.default_bill_unit_id(unit, account)
    return {"ACCOUNT": global_id("Account", account), "BILL_UNIT": global_id("BillUnit", bill_unit)}


def expected(field: str, name: str | None = None) -> dict[str, Any]:
    """The error of an offer's id in this field."""
    kinds = {
        "assetId": "a Service or a PurchasedOffer",
        "parentId": "an Account",
        "payingParentId": "a BillUnit",
    }
    kinds |= {"accountId": "an Account", "eventId": "an Event", "itemId": "a BillItem"}
    wanted = kinds.get(field, f"a {field[0].upper()}{field[1:].removesuffix('Id')}")
    return {"code": "INVALID", "message": f"{name or field} is an Offer; expected {wanted}."}


@pytest.mark.parametrize(("mutation", "field", "given"), CASES)
async def test_the_types_are_named(
    ask: Caller, carla: dict[str, str], mutation: str, field: str, given: dict[str, Any]
) -> None:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    errors = "errors { code message path }"
    document = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {errors} }} }}"
    values = {name: carla.get(it, it) for name, it in given.items()} | {field: OFFER}
    async with nothing_written(ask.runtime):
        for offer in (OFFER, "offer:flat"):
            answer = (await ask(document, input=values | {field: offer}))[mutation]
            assert answer == {"errors": [expected(field) | {"path": ["input", field]}]}
    _, [error] = await ask.acting_as(Actor("vic", Role.VIEWER)).answer(document, input=values)
    assert error["extensions"] == {"code": "FORBIDDEN"}


@pytest.mark.parametrize(
    "mutation", ["cancelJob(jobRunId: %s)", "setDefaultPaymentMethod(paymentMethodId: %s)"]
)
async def test_the_types_are_named_without_an_input(ask: Caller, mutation: str) -> None:
    field = mutation.partition("(")[2].partition(":")[0]
    document = (
        f"mutation {{ it: {mutation % repr(OFFER)} {{ errors {{ code message path }} }} }}".replace(
            "'", '"'
        )
    )
    assert await ask(document) == {"it": {"errors": [expected(field) | {"path": [field]}]}}


async def test_the_types_are_named_in_lists(ask: Caller) -> None:
    document = """mutation($ids: [ID!]!, $at: DateTime!) {
      a: runDeferredActions(input: {ids: $ids}) { ...Errors }
      b: cancelDeferredActions(input: {ids: $ids}) { ...Errors }
      c: rescheduleDeferredActions(input: {ids: $ids, scheduledFor: $at}) { ...Errors }
    }
    fragment Errors on DeferredActionsPayload { errors { code message path } }"""
    error = {"code": "INVALID", "path": ["input", "ids", "1"]}
    error["message"] = "ids.1 is an Offer; expected a DeferredAction."
    unknown = {
        "code": "NOT_FOUND",
        "path": ["input", "ids", "0"],
        "message": "There is no such deferred action.",
    }
    answer = await ask(document, ids=["x", OFFER], at=LATER)
    assert answer == {name: {"errors": [unknown, error]} for name in "abc"}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            "accountStatusImpact(accountId: %s, status: CLOSED) { accounts }",
            "accountId is an Offer; expected an Account.",
        ),
        (
            "assetStatusImpact(assetId: %s, status: CLOSED) { accounts }",
            "assetId is an Offer; expected a Service or a PurchasedOffer.",
        ),
        (
            'scheduleConflicts(target: %s, at: "2030-01-01T00:00:00Z") { id }',
            "target is an Offer; expected an Account or a Service or a PurchasedOffer.",
        ),
        ("account(id: %s) { name }", "id is an Offer; expected an Account."),
        ("bill(id: %s) { number }", "id is an Offer; expected a Bill."),
        (
            "accounts(filter: {below: %s}) { totalCount }",
            "below is an Offer; expected an Account.",
        ),
        (
            "deferredActions(filter: {account: %s}) { __typename }",
            "account is an Offer; expected an Account.",
        ),
        (
            (
                'deferredActionDays(from: "2030-01-01", to: "2030-01-01", filter: {account: %s}) '
                "{date}"
            ),
            "account is an Offer; expected an Account.",
        ),
    ],
)
async def test_the_types_are_named_by_queries(ask: Caller, document: str, message: str) -> None:
    for offer in (OFFER, "offer:flat"):
        _, [error] = await ask.answer("{ " + document % f'"{offer}"' + " }")
        assert (error["message"], error["extensions"]) == (message, {"code": "INVALID"})


async def test_the_types_are_named_by_filters_of_a_type(ask: Caller, carla: dict[str, str]) -> None:
    """An unknown id of the right type and a text that is no id still find nothing."""
    document = """query($account: ID!, $service: ID!) {
      account(id: $account) { events(filter: {service: $service}) { totalCount } }
    }"""
    account = carla["ACCOUNT"]
    _, [error] = await ask.answer(document, account=account, service=account)
    assert error["message"] == "service is an Account; expected a Service."
    assert error["path"] == ["account", "events"]
    for unknown in (global_id("Service", 99), "x"):
        assert await ask(document, account=account, service=unknown) == {
            "account": {"events": {"totalCount": 0}}
        }


def test_every_id_of_an_input_has_its_types(database_url: str) -> None:
    """A new field that takes an id is entered in EXPECTED_TYPES."""
    mutations = schema._schema.mutation_type
    assert mutations is not None
    names = set()
    for mutation in mutations.fields.values():
        for name, argument in mutation.args.items():
            kind = get_named_type(argument.type)
            fields = (
                kind.fields.items()
                if isinstance(kind, GraphQLInputObjectType)
                else [(name, argument)]
            )
            names |= {
                to_snake_case(it) for it, field in fields if get_named_type(field.type).name == "ID"
            }
    assert names == EXPECTED_TYPES.keys()
