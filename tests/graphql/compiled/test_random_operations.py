"""Random operations on random rows are answered equally by compiled statements and by resolvers.

`TENURE_TEST_OPERATIONS` sets the number of operations for each database, each sent with two sets of
values: 40 by default, 75 with CI=true.
"""

import os
import re
from random import Random

import pytest

from tenure.graphql.http.schema import schema
from tenure.kernel.unit import Runtime
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays
from tests.graphql.compiled.random_operations import RandomOperations
from tests.graphql.compiled.random_rows import add_random_rows, natural_keys
from tests.repetitions import repetitions

pytestmark = IGNORE_UNAWAITED
COUNT = repetitions("TENURE_TEST_OPERATIONS", 40, 75)
# Why some of the operations are executed normally.
EXPECTED = {
    "invalid arguments",
    "invalid variables",
    "resolver",
    "null",
    # SQLite cannot parse some of them (`operations.PARSER_STACK_OVERFLOW`).
    "too deep",
}
SEED = int(os.environ.get("TENURE_TEST_SEED", "7"))
CURSOR = re.compile(rb'"(?:cursor|startCursor|endCursor|[a-z]\d*)":"([A-Za-z0-9_=-]{12,})"')


@pytest.mark.timeout(1800)
async def test_answers_are_equal(runtime: Runtime) -> None:
    await add_random_rows(runtime.database, Random(SEED))
    both = BothWays(runtime)
    keys = await natural_keys(runtime.database)
    operations = RandomOperations(schema._schema, Random(SEED), keys)
    for _ in range(COUNT):
        document, variables = operations.operation()
        response = await both.equal(document, variables)
        await both.equal(document, operations.other_variables())
        operations.cursors = (
            operations.cursors + [it.decode() for it in CURSOR.findall(response)]
        )[-50:]
    assert both.compiled.compiled > COUNT * 1.2
    assert set(both.compiled.fallbacks) <= EXPECTED
