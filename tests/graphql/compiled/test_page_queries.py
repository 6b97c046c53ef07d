"""Every query of the page and of the README is compiled, and answered as by resolvers."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from random import Random
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    print_ast,
)
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.graphql.types.ids import global_id
from tenure.kernel.unit import Runtime
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays
from tests.graphql.compiled.random_rows import add_random_rows
from tests.graphql.test_mapping import NODES
from tests.shared import ROOT

pytestmark = IGNORE_UNAWAITED
# Queries of root fields that a business function answers: nothing of them is a statement's work.
RESOLVED = {"AccountStatusImpact", "AssetStatusImpact", "DeferredCalendar", "ScheduleConflicts"}
REQUESTS = 14


@cache
def page() -> DocumentNode:
    """All documents of the page."""
    files = sorted((ROOT / "frontend" / "src").rglob("*.graphql"))
    return parse("\n".join(file.read_text() for file in files))


def queries() -> dict[str, OperationDefinitionNode]:
    """The queries of the page by their names."""
    return {
        it.name.value: it
        for it in page().definitions
        if isinstance(it, OperationDefinitionNode)
        and it.operation is OperationType.QUERY
        and it.name
    }


def document_of(operation: OperationDefinitionNode) -> str:
    """The query with the fragments that it uses."""
    fragments = {
        it.name.value: print_ast(it)
        for it in page().definitions
        if isinstance(it, FragmentDefinitionNode)
    }
    texts = [print_ast(operation)]
    for text in texts:
        for name in re.findall(r"\.\.\.\s?(\w+)", text):
            if name in fragments and fragments[name] not in texts:
                texts.append(fragments[name])
    return "\n".join(texts)


def requests(
    operation: OperationDefinitionNode, texts: dict[str, list[str]]
) -> Iterator[dict[str, Any]]:
    """Variables of requests. `texts` are values of required texts by the name of the root field."""
    ids = [global_id(kind, key) for kind in sorted(NODES) for key in (2, 9)]
    number = texts["bill" if "bill(number" in print_ast(operation) else "account"]
    by_type: dict[str, list[Any]] = {
        "ID!": ids,
        "[ID!]!": [[], [ids[8], ids[9], global_id("DeferredAction", 999)], ids[:4]],
        "String!": number,
        "Int!": [5],
        "Int": [None, 2],
        "DateTime!": ["2026-11-01T00:00:00Z"],
        "Date!": ["2026-11-01"],
        "Status!": ["INACTIVE"],
    }
    names, values = [], []
    for variable in operation.variable_definitions or ():
        names.append(variable.variable.name.value)
        kind = print_ast(variable.type)
        values.append([2, None] if names[-1] == "first" else by_type.get(kind, [None]))
        if names[-1] == "last":
            values[-1] = [None]
    for given in islice(product(*values), REQUESTS):
        yield dict(zip(names, given, strict=True))


@pytest.fixture
async def both(runtime: Runtime) -> BothWays:
    """Both ways on random rows."""
    await add_random_rows(runtime.database, Random(3))
    return BothWays(runtime)


async def test_every_query_of_the_page_is_compiled(both: BothWays) -> None:
    async with both.runtime.database.reading() as session:
        texts = {
            "account": list((await session.execute(select(Account.number).limit(6))).scalars()),
            "bill": list((await session.execute(select(Bill.number).limit(6))).scalars()),
        }
    not_compiled = {}
    for name, operation in queries().items():
        document = document_of(operation)
        before = both.compiled.compiled
        for variables in requests(operation, texts):
            await both.equal(document, variables, name)
        if both.compiled.compiled == before:
            not_compiled[name] = set(both.compiled.fallbacks)
        both.compiled.fallbacks.clear()
    assert not_compiled == {name: {"resolver"} for name in RESOLVED}


async def test_the_example_of_the_readme_is_compiled(both: BothWays) -> None:
    [example] = re.findall(r'--data \'{"query": "(.*)"}\'', (ROOT / "README.md").read_text())
    await both.equal(example.replace('\\"', '"'))
    assert (both.compiled.compiled, both.compiled.fallbacks) == (1, {})
