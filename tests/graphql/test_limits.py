"""The limits of a document; fragments, aliases and cycles do not circumvent them."""

from typing import Any

import pytest
from graphql import get_introspection_query

from tenure.graphql.http.context import Context
from tenure.graphql.http.limits import ALIASES, CHARACTERS, TOKENS
from tenure.graphql.http.request_limits import FIELDS, ITEMS, LEVELS, LISTS
from tenure.graphql.http.schema import schema
from tests.graphql.caller import Caller

TOO_COMPLEX = "QUERY_TOO_COMPLEX"


def test_the_limits_are_the_contracts() -> None:
    assert (TOKENS, LEVELS, ALIASES, FIELDS, ITEMS, LISTS) == (2_000, 15, 30, 5_000, 20_000, 3)


def nested(levels: int) -> str:
    """A document of exactly so many levels: the last one is `id`."""
    return '{ account(number: "x") ' + "{ parent " * (levels - 2) + "{ id }" + " }" * (levels - 1)


async def test_levels(ask: Caller) -> None:
    assert await ask(nested(15)) == {"account": None}
    assert await ask.code(nested(16)) == TOO_COMPLEX


async def test_levels_behind_fragments(ask: Caller) -> None:
    within = "{ parent " * 6 + "{ id }" + " }" * 6
    fragments = f"fragment A on Account {{ parent {{ ...B }} }} fragment B on Account {within}"
    assert await ask(f'{{ account(number: "x") {{ parent {{ ...A }} }} }} {fragments}') == {
        "account": None
    }
    deep = (
        f'{{ account(number: "x") {{ parent {within.replace("{ id }", "{ ...A }")} }} }} '
        f"{fragments}"
    )
    assert await ask.code(deep) == TOO_COMPLEX


async def test_hundreds_of_levels(ask: Caller) -> None:
    assert await ask.code(nested(600)) == TOO_COMPLEX


async def test_tokens(ask: Caller) -> None:
    """Twelve tokens are not ids."""
    assert len((await ask("{ nodes(ids: [" + '"x" ' * 1988 + "]) { id } }"))["nodes"]) == 1988
    assert await ask.code("{ nodes(ids: [" + '"x" ' * 1989 + "]) { id } }") == TOO_COMPLEX


async def test_a_field_repeated_without_end(ask: Caller) -> None:
    assert await ask.code("{ viewer { " + "name " * 1990 + "} }") == TOO_COMPLEX


async def test_aliases(ask: Caller) -> None:
    aliases = [f"n{place}: name" for place in range(31)]
    assert len((await ask("{ viewer { " + " ".join(aliases[:30]) + " } }"))["viewer"]) == 30
    assert await ask.code("{ viewer { " + " ".join(aliases) + " } }") == TOO_COMPLEX
    divided = "{ viewer { ...A } } fragment A on Viewer { " + " ".join(aliases) + " }"
    assert await ask.code(divided) == TOO_COMPLEX


async def test_fragments_that_double(ask: Caller) -> None:
    """Thirteen fragments, each spread twice in the one before it: 8,192 accounts in 130 words."""
    fragments = [
        (
            f"fragment F{place} on Account {{ a: parent {{ ...F{place + 1} }} "
            f"b: parent {{ ...F{place + 1} }} }}"
        )
        for place in range(12)
    ]
    document = (
        '{ account(number: "x") { ...F0 } } '
        + " ".join(fragments)
        + " fragment F12 on Account { id }"
    )
    assert await ask.code(document) == TOO_COMPLEX
    chain = [
        f"fragment G{place} on Account {{ ...G{place + 1} ...G{place + 1} }}"
        for place in range(200)
    ]
    endless = (
        '{ account(number: "x") { ...G0 } } ' + " ".join(chain) + " fragment G200 on Account { id }"
    )
    assert await ask.code(endless) == TOO_COMPLEX


async def test_fragments_in_a_circle(ask: Caller) -> None:
    circle = "fragment A on Account { parent { ...B } } fragment B on Account { parent { ...A } }"
    assert await ask.code(f'{{ account(number: "x") {{ ...A }} }} {circle}') == "INVALID"


CONNECTIONS = (
    "query($n: Int) {{ accounts(first: {}) {{ "
    "nodes {{ services(first: {}) {{ nodes {{ id }} }} {} }} }} }}"
)


@pytest.mark.parametrize(
    ("first", "second", "more", "n", "code"),
    [
        ("100", "$n", "", 100, None),
        ("100", "$n", "children(first: 98) { nodes { id } }", 100, None),
        ("100", "$n", "children(first: 100) { nodes { id } }", 100, TOO_COMPLEX),
        ("100", "$n", "children { nodes { events { nodes { id } } } }", 1, TOO_COMPLEX),
        ("10", "$n", "billUnits { pays(first: 100) { nodes { id } } }", 1, None),
        ("30", "$n", "billUnits { pays(first: 100) { nodes { id } } }", 1, TOO_COMPLEX),
    ],
)
async def test_items(
    ask: Caller, first: str, second: str, more: str, n: int, code: str | None
) -> None:
    document = CONNECTIONS.format(first, second, more)
    if code is None:
        assert await ask(document, n=n) == {"accounts": {"nodes": []}}
    else:
        assert await ask.code(document, n=n) == code


async def test_plain_lists_within_one_another(ask: Caller) -> None:
    three = "billUnits { account { billUnits { account { billUnits { account { id } } } } } }"
    assert await ask(f'{{ account(number: "x") {{ {three} }} }}') == {"account": None}
    four = three.replace("account { id }", "account { holds { cause } }")
    assert await ask.code(f'{{ account(number: "x") {{ {four} }} }}') == TOO_COMPLEX


async def test_the_other_operations_of_a_document_count_too(ask: Caller) -> None:
    document = "query A { viewer { name } } query B " + nested(16)
    assert await ask.code(document) == TOO_COMPLEX


async def test_many_ids(ask: Caller) -> None:
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await ask(document, ids=["x"] * 20_000) == {"nodes": [None] * 20_000}
    assert await ask.code(document, ids=["x"] * 20_001) == TOO_COMPLEX


async def test_graphiql_can_introspect(ask: Caller) -> None:
    document = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert (await ask(document))["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}


async def test_introspection_has_a_limit_too(ask: Caller) -> None:
    deep = (
        "{ __schema { types { fields { type { "
        "fields { type { fields { type { name } } } } } } } } }"
    )
    assert await ask.code(deep) == TOO_COMPLEX


async def test_introspection_counts_items(ask: Caller) -> None:
    """Two whole introspections are answered; with more of them an answer would be megabytes."""
    document = get_introspection_query(input_value_deprecation=True)
    inside = (
        document[document.index("__schema") : document.index("fragment FullType")]
        .rstrip()
        .rstrip("}")
    )
    fragments = document[document.index("fragment FullType") :]
    two, many = [
        "{ " + " ".join(f"a{it}: {inside}" for it in range(n)) + " } " + fragments for n in (2, 8)
    ]
    assert set(await ask(two)) == {"a0", "a1"}
    assert await ask.code(many) == TOO_COMPLEX
    small = (
        "{ "
        + " ".join(
            f"a{it}: __schema {{ types {{ name fields {{ name args {{ name }} }} }} }}"
            for it in range(25)
        )
        + " }"
    )
    assert await ask.code(small) == TOO_COMPLEX


PAGES = (
    "accounts(first: 100) { nodes { children(%s: %s) { "
    "nodes { services(first: 100) { nodes { id } } } } } }"
)


@pytest.mark.parametrize(
    ("declared", "argument", "value", "variables"),
    [
        ("($n: Int = 100)", "first", "$n", {}),
        ("($n: Int = 100)", "last", "$n", {}),
        ("($n: Int)", "first", "$n", {"n": 100.0}),
        ("($n: Int)", "last", "$n", {"n": 100.0}),
        ("($n: Int)", "first", "$n", {"n": 100}),
        ("($n: Int! = 100)", "first", "$n", {}),
        ("", "last", "100", {}),
        ("", "first", "null last: 100", {}),
    ],
)
async def test_items_are_counted_after_coercion(
    ask: Caller, declared: str, argument: str, value: str, variables: dict[str, Any]
) -> None:
    """What is multiplied is what would be executed: defaults and whole floats too."""
    document = f"query{declared} {{ {PAGES % (argument, value)} }}"
    assert await ask.code(document, **variables) == TOO_COMPLEX
    if variables:
        assert await ask(document, n=1) == {"accounts": {"nodes": []}}


async def test_a_fragment_is_counted_with_the_variables_of_each_operation(ask: Caller) -> None:
    fragment = "fragment F on Query { " + PAGES % ("first", "$n") + " }"
    small, large = "query A($n: Int = 1) { ...F }", "query B($n: Int = 100) { ...F }"
    assert await ask(f"{small} {fragment}") == {"accounts": {"nodes": []}}
    for document in (
        f"{large} {fragment}",
        f"{small} {large} {fragment}",
        f"{large} {small} {fragment}",
    ):
        result = await schema.execute(
            document, {}, Context(ask.runtime, ask.actor), operation_name="B"
        )
        assert [dict(it.extensions or {}) for it in result.errors or ()] == [{"code": TOO_COMPLEX}]


async def test_ids_count_after_coercion(ask: Caller) -> None:
    document = "query($ids: [ID!]! = [{}]) {{ nodes(ids: $ids) {{ id }} }}".format('"x" ' * 1900)
    assert len((await ask(document))["nodes"]) == 1900
    wide = "{ nodes(ids: [%s]) { ... on Account { children(first: 100) { nodes { id } } } } }" % (
        '"x" ' * 300
    )
    assert await ask.code(wide) == TOO_COMPLEX


async def test_the_length_of_a_text(ask: Caller) -> None:
    document = "{ viewer { name } } #"
    assert await ask(document.ljust(CHARACTERS, "x")) == {"viewer": {"name": "ana@example.com"}}
    assert await ask.code(document.ljust(CHARACTERS + 1, "x")) == TOO_COMPLEX


async def test_operations(ask: Caller) -> None:
    def document(count: int) -> str:
        return " ".join(f"query Q{place} {{ viewer {{ name }} }}" for place in range(count))

    for count, expected in ((50, None), (51, [{"code": TOO_COMPLEX}])):
        result = await schema.execute(
            document(count), {}, Context(ask.runtime, ask.actor), operation_name="Q7"
        )
        assert (result.errors and [dict(it.extensions or {}) for it in result.errors]) == expected
