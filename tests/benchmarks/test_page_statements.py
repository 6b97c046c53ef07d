"""The program that times the statements of the page."""

import pytest
from graphql import NonNullTypeNode

from tenure.graphql.reads.mapping import MAPPINGS
from tests.benchmarks.page_statements import variables_of
from tests.page_queries import document_of, queries

KEYS = dict.fromkeys(MAPPINGS, 7)
NUMBERS = {"account": "A-7", "bill": "B-7"}


@pytest.mark.parametrize("name", sorted(queries()))
def test_every_required_variable_has_a_value(name: str) -> None:
    """Otherwise the program ends at this query."""
    operation = queries()[name]
    given = dict(variables_of(operation, document_of(operation), KEYS, NUMBERS))
    required = {
        it.variable.name.value
        for it in operation.variable_definitions or ()
        if isinstance(it.type, NonNullTypeNode) and it.default_value is None
    }
    assert required <= given.keys()
