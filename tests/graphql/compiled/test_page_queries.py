"""Every query of the page, the README and the partner guide is compiled, and answered equally."""

import re
from collections.abc import Iterator
from itertools import islice, product
from random import Random
from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    parse,
    print_ast,
)
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.graphql.reads.resolved_field import UNCOMPILED
from tenure.graphql.types.ids import global_id
from tenure.kernel.unit import Runtime
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays, keep_plans
from tests.graphql.compiled.random_rows import add_random_rows
from tests.graphql.test_mapping import NODES
from tests.page_queries import document_of, is_query, queries, root_fields
from tests.partners.collection import REQUEST
from tests.partners.guide import GUIDE, blocks
from tests.repetitions import repetitions
from tests.shared import ROOT

pytestmark = IGNORE_UNAWAITED
# Of each query.
REQUESTS = repetitions("TENURE_TEST_REQUESTS", 6, 14)


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
        sizes = [2] if kind == "Int!" else [2, None]
        values.append(sizes if names[-1] == "first" else by_type.get(kind, [None]))
        if names[-1] == "last":
            values[-1] = [2] if kind == "Int!" else [None]
        if names[-1] == "to" and kind == "Date!":
            values[-1] = ["2026-12-13", "2026-11-01"]
    for given in islice(product(*values), REQUESTS):
        yield dict(zip(names, given, strict=True))


@pytest.fixture
async def both(runtime: Runtime) -> BothWays:
    """Both ways on random rows."""
    await add_random_rows(runtime.database, Random(3))
    made = BothWays(runtime)
    keep_plans(made.compiled)
    return made


async def test_every_query_of_the_page_is_compiled(both: BothWays) -> None:
    async with both.runtime.database.reading() as session:
        texts = {
            "account": list((await session.execute(select(Account.number).limit(6))).scalars()),
            "bill": list((await session.execute(select(Bill.number).limit(6))).scalars()),
        }
    for name, operation in queries().items():
        document = document_of(operation)
        for variables in requests(operation, texts):
            await both.equal(document, variables, name)
        check_compiled(both, operation, f"query {name} of the page")


async def test_every_query_of_the_documents_is_compiled(both: BothWays) -> None:
    for place, document in documented():
        for operation in parse(document).definitions:
            if isinstance(operation, OperationDefinitionNode) and is_query(operation):
                await both.equal(document, {"search": "a"}, operation.name and operation.name.value)
                check_compiled(both, operation, f"a query of {place}:\n{document}")


def check_compiled(both: BothWays, operation: OperationDefinitionNode, title: str) -> None:
    """At least one request was compiled, unless the root fields have reasons why not.

    Those that fail with the random arguments have the reason "error".
    """
    compiled, reasons = both.compiled.compiled, dict(both.compiled.fallbacks)
    both.compiled.compiled = 0
    both.compiled.fallbacks.clear()
    if root_fields(operation) <= UNCOMPILED.keys():
        assert reasons.keys() <= {"resolver", "error"}
        assert reasons
        return
    assert compiled, (
        f"Only resolvers answer {title} (reasons: {reasons}; docs/decisions/14-compiled-reads.md "
        "explains them). Declare each field that it selects by a function of "
        "tenure.graphql.reads.declarations; if no statement can answer a root field, declare the "
        "reason by `uncompiled_field` and add it to the decision."
    )


def documented() -> Iterator[tuple[str, str]]:
    """The operations in the README, the partner guide, and the files for its example clients."""
    [example] = re.findall(r'--data \'{"query": "(.*)"}\'', (ROOT / "README.md").read_text())
    yield "README.md", example.replace('\\"', '"')
    for block in blocks():
        for _, document in REQUEST.findall(block.text):
            yield "docs/partners.md", document.replace("$ACTION", global_id("DeferredAction", 2))
    yield "docs/examples", (GUIDE.parent / "examples" / "operations.graphql").read_text()


def test_the_decision_lists_what_no_statement_answers() -> None:
    decision = (ROOT / "docs" / "decisions" / "14-compiled-reads.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| a root field: (.*) \|$", decision, re.MULTILINE)
    assert dict(rows) == UNCOMPILED
