"""The comparison with normal execution finds faults that are seeded in the compiler."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.sql.operators import desc_op

from tenure.graphql.compiled import (
    connections,
    filters,
    objects,
    operations,
    pages,
    selections,
    values,
)
from tenure.graphql.http.schema import schema
from tenure.kernel import json_text
from tenure.kernel.statements import CompiledStatement
from tenure.kernel.unit import Runtime
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays
from tests.graphql.compiled.random_operations import RandomOperations
from tests.graphql.compiled.random_rows import add_random_rows

pytestmark = IGNORE_UNAWAITED
OPERATIONS = 60
# Of accounts by time, and of items or assets.
CURSORS = [
    urlsafe_b64encode(text).decode() for text in (b'["2026-11-10T12:00:00+00:00",9]', b"[9]")
]


def returning(value: object) -> Callable[..., Any]:
    """A function that always returns this."""
    return lambda *_, **__: value


def reversed_columns(original: Callable[..., Any]) -> Callable[..., Any]:
    """A sorting in the other direction."""

    def sorting(page: Any, rows: Any) -> Any:
        return [
            it.element.asc() if it.modifier is desc_op else it.element.desc()
            for it in original(page, rows)
        ]

    return sorting


# What random operations rarely select.
FIXED = [
    "{ accounts(first: 30) { nodes { holds { effect cause } } } }",
    "{ accounts(first: 30) { nodes { ancestors { number } } } }",
    (
        "{ accounts(first: 30) { nodes { events(first: 30) { "
        "nodes { amount { amount currency } } } } } }"
    ),
    '{ accounts(filter: {search: "a"}) { totalCount nodes { number } } }',
    '{ accounts(first: 5, filter: {below: "QWNjb3VudDox"}) { totalCount nodes { number } } }',
    "{ accounts(first: 30) { nodes { bills(first: 30) { nodes { number } } offers { name } } } }",
    "{ accounts(first: 30) { nodes { descendantCount } } }",
    "{ bills(first: 40) { nodes { openAmount { amount } items { nodes { due { amount } } } } } }",
    "{ deferredActions(first: 40) { nodes { target { name ... on Service { login } } } } }",
]
STATUS = "query($status: [Status!]) { accounts(filter: {status: $status}) { totalCount } }"
SEARCH = """query($text: String) {
  accounts(filter: {search: $text}) { totalCount nodes { number ...@include(if: true) { id } } }
}"""
# Where the fault is: module or class, attribute, and what replaces it.
FAULTS: dict[str, tuple[object, str, Callable[[Any], Any]]] = {
    "null of a type": (values, "null_of", lambda _: returning(json_text.constant("null"))),
    "decimals with millionths": (values, "decimal_digits", lambda _: json_text.plain_text),
    "texts without escapes": (
        values,
        "WRITERS",
        lambda old: {**old, "String": json_text.json_plain_string},
    ),
    "holds never listed": (values, "holds", lambda _: returning(json_text.constant("[]"))),
    "causes in another order": (values, "Cause", lambda it: list(reversed(it))),
    "conditions of pages": (
        connections.PageWriter,
        "_matching",
        lambda old: lambda page, rows: old(page, rows)[:1],
    ),
    "order of lists": (
        objects.Writer,
        "listed",
        lambda old: (
            lambda w, it, model, rows, ordered: old(w, it, model, rows, ordered.order_by(None))
        ),
    ),
    "order of pages": (connections.PageWriter, "_sorting", reversed_columns),
    "cursors": (
        pages,
        "cursor",
        lambda old: lambda keys: func.coalesce(json_text.constant('"x"'), old(keys)),
    ),
    "bounds": (connections.PageWriter, "_bounds", lambda _: returning([])),
    "more rows": (connections.PageWriter, "_asks_for_more", lambda _: returning(False)),
    "total count": (connections.PageWriter, "_count", lambda _: returning(json_text.constant("1"))),
    "skip and include": (selections.Collector, "_is_included", lambda _: returning(True)),
    "type conditions": (selections.Collector, "_applies", lambda _: returning(True)),
    "filters": (filters, "_renamed", lambda _: lambda condition, _names: condition == condition),
    "members of an enum": (
        filters,
        "_written_values",
        lambda old: lambda bind: old(bind)[:1],
    ),
    "parameters": (
        CompiledStatement,
        "bound",
        lambda old: (
            lambda it, given: old(
                it, {name: None if "search" in name else value for name, value in given.items()}
            )
        ),
    ),
    "first of two relations": (
        objects.Writer,
        "_one",
        lambda old: (
            lambda w, it, relation, rows: (
                old(w, it, relation, rows)
                if relation.model.__name__ != "Service"
                else json_text.constant("null")
            )
        ),
    ),
    "ancestors": (objects.Writer, "_ancestors", lambda _: returning([json_text.constant("[]")])),
    "descendants": (
        objects.Writer,
        "_descendant_count",
        lambda _: returning(json_text.constant("0")),
    ),
}

# PostgreSQL reads lists and some pages in its own way, and stored amounts without computing others.
OF_POSTGRESQL: dict[str, tuple[object, str, Callable[[Any], Any]]] = {
    "order of lists": (
        objects.Writer,
        "texts_of",
        lambda old: lambda w, ordered, text: old(w, ordered.order_by(None), text),
    ),
    "order of pages": FAULTS["order of pages"],
    "rows of arrays": (
        pages,
        "joined_first",
        lambda old: lambda text, size: old(text, size - pages.ONE),
    ),
    "cursors of arrays": (
        pages,
        "value_of_row",
        lambda old: lambda column, place: old(column, place - pages.ONE),
    ),
    "more rows after arrays": (
        pages.Arrays,
        "info",
        lambda old: lambda page: {**old(page), "hasNextPage": "true"},
    ),
    "amounts that are not stored": (operations, "MISSING", lambda _: "\x02"),
}
FIXED_OF_POSTGRESQL = [
    *FIXED,
    "{ bills(first: 40) { nodes { totalDue { amount currency } payments { amount } } } }",
    "{ accounts(first: 5) { nodes { number } pageInfo { hasNextPage startCursor endCursor } } }",
    "{ accounts(first: 99) { edges { node { id } } pageInfo { hasNextPage endCursor } } }",
    "{ accounts(first: 9) { nodes { events(first: 2) { nodes { id } pageInfo { endCursor } } } } }",
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_fault_is_found(runtime: Runtime) -> None:
    random = RandomOperations(schema._schema, Random(11), cursors=CURSORS)
    sent: list[Any] = [(document, {}) for document in FIXED]
    sent += [(SEARCH, {"text": text}) for text in ("a", "l")]
    lists = (["ACTIVE"], ["CLOSED"], ["INACTIVE"], ["ACTIVE", "CLOSED", "INACTIVE"])
    sent += [(STATUS, {"status": it}) for it in lists]
    sent += [random.operation() for _ in range(OPERATIONS)]
    assert await _not_found(runtime, FAULTS, sent) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_each_fault_of_postgresql_is_found(runtime: Runtime) -> None:
    sent: list[Any] = [(document, {}) for document in FIXED_OF_POSTGRESQL]
    assert await _not_found(runtime, OF_POSTGRESQL, sent) == []


async def _not_found(
    runtime: Runtime,
    faults: Mapping[str, tuple[object, str, Callable[[Any], Any]]],
    sent: list[tuple[str, dict[str, Any]]],
) -> list[str]:
    """The names of the faults with which all operations are answered as by resolvers."""
    await add_random_rows(runtime.database, Random(5))
    answers = [(*it, await BothWays(runtime).by_resolvers(*it)) for it in sent]
    for document, variables, answer in answers:
        assert await BothWays(runtime).by_statement(document, variables) == answer
    not_found = []
    for name, (place, attribute, fault) in faults.items():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place, attribute, fault(getattr(place, attribute)))
            filters._read_filter.cache_clear()
            if not await _is_found(runtime, answers):
                not_found.append(name)
    filters._read_filter.cache_clear()
    return not_found


async def _is_found(runtime: Runtime, answers: list[tuple[str, dict[str, Any], bytes]]) -> bool:
    both = BothWays(runtime)
    for document, variables, answer in answers:
        compiled = await both.by_statement(document, variables)
        # A statement that fails is counted, and is no silent fault.
        if compiled != answer or both.compiled.fallbacks["fault"]:
            return True
    return False
