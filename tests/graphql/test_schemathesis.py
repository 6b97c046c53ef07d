"""Schemathesis generates documents from the schema: none of them causes an internal error."""

import json

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import deferred, sampled_from
from schemathesis.graphql import nodes

from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.schema import schema
from tenure.kernel.unit import Runtime
from tests.graphql.inputs import DAYS, INSTANTS, NUMBERS
from tests.graphql.test_fuzzing import SEED, authenticate
from tests.repetitions import repetitions
from tests.waiting import PATIENCE

DOCUMENTS = repetitions("TENURE_TEST_FUZZ", 40, 200)
VALUES = {"Decimal": NUMBERS, "DateTime": INSTANTS, "Date": DAYS}
for name, values in VALUES.items():
    schemathesis.graphql.scalar(
        name, sampled_from([it for it in values if isinstance(it, str)]).map(nodes.String)
    )
# Deferred, because every process of the test run imports this module.
CASES = deferred(lambda: schemathesis.graphql.from_file(schema.as_str()).as_strategy())


@pytest.mark.thorough
@pytest.mark.timeout(7200)
@seed(SEED)
@settings(
    max_examples=DOCUMENTS,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(case=CASES)
async def test_no_document_is_a_fault_of_ours(runtime: Runtime, case: schemathesis.Case) -> None:
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    body = json.dumps({"query": case.body})
    async with httpx.AsyncClient(
        transport=transport, base_url="http://tenure", timeout=PATIENCE
    ) as client:
        response = await client.post(
            "/", content=body, headers={"content-type": "application/json"}
        )
    assert response.status_code in (200, 400)
    assert "INTERNAL" not in {
        it["extensions"]["code"] for it in response.json().get("errors") or ()
    }
