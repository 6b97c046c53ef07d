"""Points of operations: one for each object that may be returned, and more for mutations."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    OperationType,
    get_introspection_query,
    parse,
    print_ast,
)

from tenure.graphql.http.context import QueryRequest
from tenure.graphql.http.patches import graphql_schema
from tenure.graphql.http.request_limits import request_cost
from tenure.graphql.http.schema import schema
from tenure.kernel.pages import DEFAULT_SIZE
from tests.page_queries import document_of, page

CREATE = 'createAccount(input: {name: "Ada"}) { account { id } errors { code } }'

PARENT = "fragment P on Account { parent { id } }"


def points(
    text: str, name: str | None = None, variables: Mapping[str, Any] = MappingProxyType({})
) -> int:
    """The points of an operation."""
    return request_cost(
        graphql_schema(schema), parse(text), QueryRequest(text, name, dict(variables))
    ).points


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ viewer { name } }", 1),
        ("{ __typename }", 1),
        ('{ account(id: "x") { name balance { amount } holds { effect } } }', 1),
        ('{ a: account(id: "x") { id } b: account(id: "y") { id } }', 2),
        ("{ accounts { nodes { id } } }", 25),
        ("{ accounts { edges { node { id } cursor } pageInfo { endCursor } } }", 25),
        ("{ accounts(first: 7) { totalCount nodes { id } } }", 7),
        ("{ accounts(first: 1000) { nodes { id } } }", 100),
        ("{ accounts(first: 0) { nodes { id } } }", 1),
        ("{ accounts { totalCount } }", 1),
        ("{ accounts(first: 3) { nodes { events(last: 5) { nodes { id } } } } }", 3 + 15),
        ("{ accounts(first: 3) { nodes { billUnits { id } } } }", 3 + 30),
        ("{ accounts(first: 3) { nodes { ...P ...P } } } " + PARENT, 9),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
        (f"mutation {{ {CREATE} }}", 11),
        (f"mutation {{ a: {CREATE} b: {CREATE} }}", 22),
        ("mutation { ...M } fragment M on Mutation { " + CREATE + " }", 11),
        ("subscription { events { id account { id } } }", 2),
        ("{ __schema { queryType { name } } }", 1),
        ("{ nothing { id } }", 1),
    ],
)
def test_points(text: str, expected: int) -> None:
    assert points(text) == expected


def test_the_whole_schema_costs_little() -> None:
    """It grows with the schema: a point for each 1,000 objects of it."""
    assert 10 < points(get_introspection_query()) < 200


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, 9), ({"n": 4}, 4), ({"n": None}, 25), ({"n": "x"}, 25), ({"n": 500}, 100)],
)
def test_page_sizes_are_those_that_are_executed(
    variables: dict[str, object], expected: int
) -> None:
    text = "query($n: Int = 9) { accounts(first: $n) { nodes { id } } }"
    assert points(text, variables=variables) == expected


def test_only_the_executed_operation_is_paid_for() -> None:
    text = "query A { accounts { nodes { id } } } query B { viewer { name } }"
    assert (points(text, "A"), points(text, "B")) == (25, 1)


# Of the required variables. Without them, each page size would count as the default.
REQUIRED = {"String!": "x", "ID!": "x", "Int!": DEFAULT_SIZE}


def values(operation: OperationDefinitionNode) -> dict[str, Any]:
    """The required variables of an operation of the page, and its usual page size."""
    kinds = {
        it.variable.name.value: print_ast(it.type) for it in operation.variable_definitions or ()
    }
    required = {name: REQUIRED.get(kind, []) for name, kind in kinds.items() if kind[-1] == "!"}
    return {"first": DEFAULT_SIZE} | required


def test_no_view_of_the_page_costs_more_than_documented() -> None:
    """docs/operations.md, "Rate limits"."""
    costs = {
        it.name.value: points(document_of(it), it.name.value, values(it))
        for it in page().definitions
        if isinstance(it, OperationDefinitionNode)
        and it.name
        and it.operation is OperationType.QUERY
    }
    assert 700 < max(costs.values()) <= 800, max(costs, key=costs.__getitem__)
