"""Random operations on random rows are answered equally by compiled statements and by resolvers.

`TENURE_TEST_OPERATIONS` sets the number of operations for each database: 80 by default, 1,000 with
CI=true. More than 250 are divided into parts with rows and seeds of their own, which `-k` selects
and several processes share. An operation whose arguments have variables is sent with a second set
of values.
"""

import math
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
COUNT = repetitions("TENURE_TEST_OPERATIONS", 80, 1000)
PARTS = math.ceil(COUNT / 250)
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
@pytest.mark.parametrize("part", range(PARTS), ids="part{}".format)
async def test_answers_are_equal(runtime: Runtime, part: int) -> None:
    seed = SEED + part
    await add_random_rows(runtime.database, Random(seed))
    both = BothWays(runtime)
    keys = await natural_keys(runtime.database)
    operations = RandomOperations(schema._schema, Random(seed), keys)
    requests = 0
    for _ in range(COUNT // PARTS):
        document, variables = operations.operation()
        response = await both.equal(document, variables)
        others = operations.other_variables()
        if others != variables:
            await both.equal(document, others)
        requests += 1 + (others != variables)
        operations.cursors = (
            operations.cursors + [it.decode() for it in CURSOR.findall(response)]
        )[-50:]
    assert both.compiled.compiled > requests * 0.6
    assert set(both.compiled.fallbacks) <= EXPECTED
