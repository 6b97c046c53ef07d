"""`expectedVersion` stands in every input that changes a thing with a version."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_snake_case

from tenure.graphql.http.schema import schema
from tenure.graphql.types.ids import EXPECTED_TYPES
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id

# Ids of things with a version in inputs without `expectedVersion`, and why they need none.
ADDS = "It adds something to the thing, whose version stays."
REFERS = "It refers to the thing, which does not change."
EXEMPT = {
    ("addBillUnit", "accountId"): ADDS,
    ("addBillUnit", "payingParentId"): REFERS,
    ("addContact", "accountId"): ADDS,
    ("addNote", "accountId"): ADDS,
    ("addPaymentMethod", "accountId"): ADDS,
    ("addService", "accountId"): ADDS,
    ("addService", "billUnitId"): REFERS,
    ("adjust", "accountId"): ADDS,
    ("cancelDeferredActions", "ids"): "A set: each action may have changed since it was listed.",
    ("collectPayment", "accountId"): ADDS,
    ("createAccount", "parentId"): REFERS,
    ("endSessions", "userId"): "It ends sessions; the user stays.",
    ("purchaseOffer", "accountId"): ADDS,
    ("purchaseOffer", "serviceId"): ADDS,
    ("recordPayment", "accountId"): ADDS,
    ("rescheduleDeferredActions", "ids"): "A set, as above.",
    ("resetPassword", "userId"): "The new password counts, whatever the user was before.",
    ("runDeferredActions", "ids"): "A set, as above.",
    ("startStatusChangeJob", "accountIds"): "A set, as above.",
}


def versioned_types() -> set[str]:
    """The names of the object types with a version."""
    types = schema._schema.type_map.values()
    return {it.name for it in types if isinstance(it, GraphQLObjectType) and "version" in it.fields}


def test_every_change_of_a_versioned_thing_takes_its_version() -> None:
    """An entry in EXEMPT needs a reason."""
    mutations = schema._schema.mutation_type
    assert mutations is not None
    versioned = versioned_types()
    assert {"Account", "BillUnit", "Service", "PurchasedOffer", "DeferredAction"} <= versioned
    without = set()
    for mutation, field in mutations.fields.items():
        kind = get_named_type(field.args["input"].type) if "input" in field.args else None
        if not isinstance(kind, GraphQLInputObjectType) or "expectedVersion" in kind.fields:
            continue
        for name in kind.fields:
            if versioned & set(EXPECTED_TYPES.get(to_snake_case(name), ())):
                without.add((mutation, name))
    assert without == EXEMPT.keys()


@pytest.fixture
async def ids(runtime: Runtime) -> dict[str, str]:
    """Ada's account, bill unit, service and purchased offer, and another account."""
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, "Ada")
        other = await builders.account(unit, "Bob")
        service = await builders.service(unit, account)
        await builders.catalog_offer(unit, "flat")
        offer = await builders.purchased_offer(unit, account, service_id=service)
        units = [await builders.default_bill_unit_id(unit, it) for it in (account, other)]
    return {
        "account": global_id("Account", account),
        "other": global_id("Account", other),
        "unit": global_id("BillUnit", units[0]),
        "other unit": global_id("BillUnit", units[1]),
        "service": global_id("Service", service),
        "offer": global_id("PurchasedOffer", offer),
    }


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("updateAccount", {"accountId": "account", "name": "Eve"}),
        ("changeAccountStatus", {"accountId": "account", "status": "INACTIVE"}),
        ("changeAssetStatus", {"assetId": "service", "status": "INACTIVE"}),
        ("changeAssetStatus", {"assetId": "offer", "status": "INACTIVE"}),
        ("changeHierarchy", {"accountId": "account", "parentId": "other"}),
        ("changePayer", {"billUnitId": "unit", "payingParentId": "other unit"}),
    ],
)
async def test_another_version_is_a_conflict(
    ask: Caller, ids: dict[str, str], mutation: str, given: dict[str, Any]
) -> None:
    """Nothing is written. The version that was read is accepted, once."""
    values = {name: ids.get(it, it) for name, it in given.items()}
    conflict = "CONFLICT input.expectedVersion"
    await check_refused(ask, mutation, values | {"expectedVersion": 7}, conflict)
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    answer = await ask.change(mutation, kind, "", **values, expectedVersion=1)
    assert answer == {"errors": []}
    await check_refused(ask, mutation, values | {"expectedVersion": 1}, conflict)
