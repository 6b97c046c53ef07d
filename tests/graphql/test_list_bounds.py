"""Every list that a caller gives has a bound that the schema tells, on both databases."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLObjectType, get_nullable_type

from tenure.graphql.http.schema import schema
from tests.checks import nothing_written
from tests.graphql.caller import Caller

LATER = "2030-01-01T00:00:00Z"


def lists() -> Iterator[tuple[str, str | None]]:
    """Each argument and input field that is a list, with its description."""
    for name, kind in schema._schema.type_map.items():
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for field_name, field in kind.fields.items():
                for argument_name, argument in field.args.items():
                    if isinstance(get_nullable_type(argument.type), GraphQLList):
                        yield f"{name}.{field_name}.{argument_name}", argument.description
        if isinstance(kind, GraphQLInputObjectType):
            for field_name, input_field in kind.fields.items():
                if isinstance(get_nullable_type(input_field.type), GraphQLList):
                    yield f"{name}.{field_name}", input_field.description


def test_every_list_tells_its_bound() -> None:
    found = dict(lists())
    assert len(found) >= 15
    assert [
        name for name, text in found.items() if not re.search(r"[Aa]t most [\d,]+", text or "")
    ] == []


FILTERS = [
    (
        "query($it: [Status!]) { accounts(filter: {status: $it}) { totalCount nodes { id } } }",
        "ACTIVE",
    ),
    ("query($it: [Rank!]) { accounts(filter: {rank: $it}) { totalCount nodes { id } } }", "GOLD"),
    (
        "query($it: [HoldCause!]) { accounts(filter: {heldBy: $it}) { totalCount nodes { id } } }",
        "DEBT",
    ),
    (
        (
            "query($it: [DeferredActionStatus!]) { "
            "deferredActions(filter: {status: $it}) { nodes { id } } }"
        ),
        "DONE",
    ),
    (
        (
            "query($it: [DeferredActionKind!]) { "
            "deferredActions(filter: {kind: $it}) { nodes { id } } }"
        ),
        "CHANGE_OFFER_STATUS",
    ),
    ("query($it: [JobKind!]) { jobRuns(kind: $it) { nodes { id } } }", "BILL_DAY"),
    ("query($it: [JobRunStatus!]) { jobRuns(status: $it) { nodes { id } } }", "DONE"),
]


@pytest.mark.parametrize(("document", "value"), FILTERS)
async def test_a_filter_takes_a_hundred_values(ask: Caller, document: str, value: str) -> None:
    [answer] = (await ask(document, it=[value] * 100)).values()
    assert answer["nodes"] == []
    for count in (101, 40_000):
        _, errors = await ask.answer(document, it=[value] * count)
        assert {it["extensions"]["code"] for it in errors} == {"OUT_OF_RANGE"}
        assert "provide at most 100 values." in errors[0]["message"]


MUTATIONS: list[tuple[str, str, dict[str, Any], str, Any, int]] = [
    ("runDeferredActions", "DeferredActionsInput", {}, "ids", "x", 1000),
    ("cancelDeferredActions", "DeferredActionsInput", {}, "ids", "x", 1000),
    (
        "rescheduleDeferredActions",
        "RescheduleDeferredActionsInput",
        {"scheduledFor": LATER},
        "ids",
        "x",
        1000,
    ),
    (
        "createWebhook",
        "CreateWebhookInput",
        {"url": "https://example.com/"},
        "eventKinds",
        "PAYMENT",
        100,
    ),
    ("addService", "AddServiceInput", {"accountId": "x", "kind": "tv"}, "offerCodes", "x", 100),
]


@pytest.mark.parametrize(("mutation", "kind", "given", "field", "value", "most"), MUTATIONS)
async def test_the_lists_of_mutations(
    ask: Caller, mutation: str, kind: str, given: dict[str, Any], field: str, value: Any, most: int
) -> None:
    async with nothing_written(ask.runtime):
        for count in (most + 1, 40_000):
            answer = await ask.change(mutation, kind, "", **given, **{field: [value] * count})
            assert answer == {"errors": [f"OUT_OF_RANGE input.{field}"]}
