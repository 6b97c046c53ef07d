"""Rules 3.1 and 10: answers repeat at most 100 characters of an input, no control characters."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
)

from tenure.graphql.http.error_text import shorten
from tenure.graphql.http.schema import schema
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LONG = "x" * 10_000
SCHEMA = schema._schema
VALUES: list[Any] = [
    LONG,
    [LONG],
    {LONG: LONG},
    {"a": LONG, "b": [LONG]},
    7,
    f"a'b\"c {LONG}",
    "; ".join(["x" * 20] * 500),
]


def echoed(answer: object) -> int:
    """How many of the characters that were sent are in it."""
    return str(answer).count("x")


def fields() -> list[tuple[str, str, str]]:
    """Every argument of every mutation: the field, the argument, its type."""
    assert SCHEMA.mutation_type is not None
    return [
        (name, argument, str(it.type))
        for name, field in SCHEMA.mutation_type.fields.items()
        for argument, it in field.args.items()
    ]


def filled(kind: GraphQLInputType, depth: int = 0) -> Any:
    """A value of this type with a text of 10,000 characters wherever there may be a text."""
    if isinstance(kind, GraphQLNonNull):
        return filled(kind.of_type, depth)
    if isinstance(kind, GraphQLList):
        return [filled(kind.of_type, depth)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {name: filled(field.type, depth + 1) for name, field in kind.fields.items()}
    assert isinstance(kind, GraphQLScalarType)
    plain = {
        "Int": 1,
        "Boolean": True,
        "Decimal": "1",
        "Date": "2026-11-01",
        "DateTime": "2027-11-01T00:00:00Z",
    }
    return plain.get(kind.name, LONG)


@ON_SQLITE
async def test_no_mutation_echoes_long_texts(ask: Caller) -> None:
    """Each text of each input is 10,000 characters long; then each field of each input alone is."""
    for name, argument, kind in fields():
        mutations = SCHEMA.mutation_type.fields  # type: ignore[union-attr]
        type_ = mutations[name].args[argument].type
        named = get_named_type(type_)
        document = (
            f"mutation($it: {kind}) {{ {name}({argument}: $it) "
            "{ errors { code message path } } }"
        )
        whole = filled(type_)
        assert echoed(await ask.answer(document, it=whole)) <= 100, name
        for field in named.fields if isinstance(named, GraphQLInputObjectType) else ():
            some = whole[0] if isinstance(whole, list) else whole
            value = some | {field: LONG}
            assert (
                echoed(await ask.answer(document, it=[value] if isinstance(whole, list) else value))
                <= 100
            ), field


@ON_SQLITE
@pytest.mark.parametrize("value", VALUES)
async def test_no_value_of_a_wrong_type_is_echoed(ask: Caller, value: Any) -> None:
    """As a variable of any scalar, enum, list and object."""
    kinds = (
        "ID!",
        "Int",
        "Status!",
        "[Status!]",
        "Decimal",
        "Date",
        "DateTime",
        "Boolean",
        "AccountFilter",
        "CreateAccountInput!",
    )
    for kind in kinds:
        _, errors = await ask.answer(f"query($it: {kind}) {{ clock {{ now }} }}", it=value)
        assert echoed(errors) <= 100, (kind, errors)


DOCUMENTS = [
    "{ %s }",
    "{ clock { %s } }",
    "{ clock { now %s: now } }",
    "{ %s: clock { now } }",
    "query %s { clock { now } }",
    "query($%s: Int) { clock { now } }",
    "query($a: %s) { clock { now } }",
    "{ ...%s }",
    "{ clock { ... on %s { now } } }",
    "{ clock @%s { now } }",
    "{ clock(%s: 1) { now } }",
    '{ account(number: 1, id: "%s") { id } }',
    '{ accounts(first: "%s") { nodes { id } } }',
    "{ accounts(sort: %s) { nodes { id } } }",
    '{ accounts(sort: "%s") { nodes { id } } }',
    "{ accounts(filter: {%s: 1}) { nodes { id } } }",
    '{ accounts(filter: {status: [ACTIVE, "%s"]}) { nodes { id } } }',
    '{ accounts(filter: {status: {a: "%s", b: "%s"}}) { nodes { id } } }',
    '{ accounts(after: "%s") { nodes { id } } }',
    '{ authorizeService(serviceKind: "%s", login: "%s", amount: "%s") { authorized } }',
    'mutation { recordUsage(input: [{login: "%s"}]) { ids } }',
    '{ clock { now } } "%s"',
    "{ clock { now } %s",
    "%s",
]


@ON_SQLITE
@pytest.mark.parametrize("document", DOCUMENTS)
async def test_no_name_or_value_of_a_document_is_echoed(ask: Caller, document: str) -> None:
    data, errors = await ask.answer(document.replace("%s", LONG))
    assert errors
    assert echoed(data) == 0
    assert all(echoed(error) <= 100 for error in errors), errors


@ON_SQLITE
async def test_what_is_taken_or_unknown_is_not_echoed(ask: Caller) -> None:
    """Also for texts of an allowed length: 255 characters of a login or a code."""
    async with ask.runtime.unit(ANA) as unit:
        account = await builders.account(unit)
        await builders.service(unit, account, "x" * 255)
    mutation = (
        "mutation($it: AddServiceInput!) { addService(input: $it) { errors { code message } } }"
    )
    given = {"accountId": global_id("Account", account), "kind": "internet"}
    for more, code in (({"login": "x" * 255}, "TAKEN"), ({"offerCodes": [LONG]}, "NOT_FOUND")):
        answer = (await ask(mutation, it=given | more))["addService"]["errors"]
        assert [error["code"] for error in answer] == [code]
        assert 0 < echoed(answer) <= 100


def test_short_messages_stay_as_they_are() -> None:
    for message in (
        (
            "Variable '$input' got invalid value {'name': 5} at 'input.name'; String cannot "
            "represent a non string value: 5"
        ),
        "Cannot query field 'nope' on type 'Query'. Did you mean 'node'?",
        (
            "Field 'createAccount' argument 'input' of type 'CreateAccountInput!' is required, but "
            "it was not provided."
        ),
    ):
        assert shorten(message) == message


@pytest.mark.parametrize("kind", ["'", '"', "", "; ", " at 'a'; "])
def test_whatever_separates_the_parts_of_a_value(kind: str) -> None:
    message = (
        f"Variable '$it' got invalid value {kind.join(['x' * 9] * 99)} at 'it.name'; Nothing fits."
    )
    assert echoed(shorten(message)) <= 100
    assert shorten(message + "\n\x1b").isprintable()
