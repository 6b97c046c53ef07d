"""The registry of declarations is complete, so that reads can be compiled from it."""

import pytest
from graphql import GraphQLObjectType

from tenure.graphql.http.schema import schema
from tenure.graphql.reads.mapping import (
    MAPPINGS,
    Column,
    Computed,
    Expression,
    Paged,
    ToMany,
    ToOne,
)
from tenure.graphql.reads.resolved_field import UNCOMPILED

NODES = {
    "Account",
    "AuditEntry",
    "Bill",
    "BillItem",
    "BillUnit",
    "Contact",
    "DeferredAction",
    "Dispute",
    "Event",
    "ImportAccount",
    "ImportFile",
    "ImportOffer",
    "ImportReject",
    "ImportRun",
    "JobRun",
    "Note",
    "Offer",
    "Payment",
    "PaymentMethod",
    "PurchasedOffer",
    "Service",
    "StatusChangeResult",
    "StatusReason",
    "QuarantinedAccount",
    "Token",
    "User",
    "Webhook",
    "WebhookDelivery",
}
# Of a node, and nothing without it: they have no ids.
PARTS = {"CarriedOver", "JobStep", "JobTotal", "StatusChangeJob"}
# Root fields whose rows the ids in their arguments name.
BY_IDS = {"node", "nodes"}


def test_every_node_is_mapped() -> None:
    assert set(MAPPINGS) == NODES | PARTS | {"Query", "BusinessSettings"}


def test_every_field_of_a_mapped_type_is_declared() -> None:
    undeclared = {
        f"{name}.{field}"
        for name in MAPPINGS
        for field, it in schema._schema.type_map[name].fields.items()  # type: ignore[attr-defined]
        if "declaration" not in it.extensions["strawberry-definition"].metadata
    }
    assert undeclared == {f"Query.{field}" for field in BY_IDS | UNCOMPILED.keys()}


@pytest.mark.parametrize("name", sorted(NODES | PARTS | {"BusinessSettings"}))
def test_columns_are_the_models_own(name: str) -> None:
    mapped = MAPPINGS[name]
    for field, it in mapped.fields.items():
        if isinstance(it, Column):
            assert it.attribute.class_ is mapped.model, field
        if isinstance(it, ToOne):
            assert (it.by.class_, it.to.class_) == (mapped.model, it.model), field
        if isinstance(it, ToMany | Paged):
            assert it.by is not None, field
            assert it.by.class_ is it.model, field
        if isinstance(it, Computed):
            own = [
                column for column in (it.currency, it.stored, it.stored_if) if column is not None
            ]
            assert {column.class_ for column in own} <= {mapped.model}, field
            assert (it.stored is None) == (it.stored_if is None), field


def test_every_expression_can_be_said_in_sql() -> None:
    expressions = [
        it
        for mapped in MAPPINGS.values()
        for it in mapped.fields.values()
        if isinstance(it, Expression)
    ]
    assert len(expressions) == 4
    assert all(it.sql is not None for it in expressions)


def test_every_list_that_is_paged_ends_its_order_with_something_unique() -> None:
    lists = [
        it for mapped in MAPPINGS.values() for it in mapped.fields.values() if isinstance(it, Paged)
    ]
    orders = [order for it in lists for order in (it.order, *it.sorts.values())]
    assert len(orders) == 50
    for order in orders:
        last = order.columns[-1].property.columns[0]
        assert last.primary_key or last.unique


def test_everything_in_the_schema_is_described() -> None:
    def silent() -> list[str]:
        found = []
        for name, kind in schema._schema.type_map.items():
            if isinstance(kind, GraphQLObjectType) and name in ("Query", "Mutation"):
                found += [
                    f"{name}.{field}" for field, it in kind.fields.items() if not it.description
                ]
        return found

    assert silent() == []


def test_a_model_is_behind_one_type_only() -> None:
    models = [mapped.model for mapped in MAPPINGS.values() if mapped.model is not None]
    assert len(models) == len(set(models))
