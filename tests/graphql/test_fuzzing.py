"""Random requests to every mutation and query, on both databases, cause no internal error.

TENURE_TEST_FUZZ is the number of requests for each database: 120 by default, 1,000 with CI=true.
TENURE_TEST_SEED is the seed. A request that causes an internal error is printed.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputObjectType, get_named_type
from starlette.requests import HTTPConnection

from tenure.graphql.http.app import graphql_app
from tenure.graphql.http.schema import schema
from tenure.kernel.actor import Actor
from tenure.kernel.unit import Runtime
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tests import bill_rows, builders
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import declared_codes
from tests.graphql.inputs import Inputs, Request
from tests.repetitions import repetitions
from tests.waiting import PATIENCE

REQUESTS = repetitions("TENURE_TEST_FUZZ", 120, 1000)
SEED = int(os.environ.get("TENURE_TEST_SEED") or 9)
# After so many requests the ids that exist are read again.
ROUND = 100
# The field of the input that each kind of row is named by.
ROWS = {
    "accounts": ["accountId", "accountIds", "parentId", "account", "below", "id", "target"],
    "billUnits": ["billUnitId", "payingParentId"],
    "services": ["assetId", "serviceId", "service", "target"],
    "purchased": ["assetId", "target"],
    "bills": ["billId", "id"],
    "items": ["itemId"],
    "events": ["eventId", "ids"],
    "disputes": ["disputeId"],
    "methods": ["paymentMethodId"],
    "actions": ["ids", "id"],
    "runs": ["jobRunId", "retryJobRunId", "id"],
    "users": ["userId", "id"],
    "tokens": ["tokenId", "id"],
    "codes": ["offerCode", "offerCodes"],
    "logins": ["login"],
    "kinds": ["serviceKind", "kind"],
    "numbers": ["number", "search"],
}
READ = """{
  accounts(first: 50) { nodes { id number billUnits { id } offers { id }
    services { nodes { id login kind offers { id } } }
    bills(first: 5) { nodes { id disputes { id } } }
    events(first: 5) { nodes { id item { id } } } paymentMethods { id } } }
  deferredActions(first: 50) { nodes { id } } jobRuns { nodes { id } } offers { nodes { code } }
  users { nodes { id } } tokens { nodes { id } }
}"""


async def customers(runtime: Runtime) -> None:
    """Two customers with everything, one of whom owes money, so that most ids lead somewhere."""
    async with runtime.unit(ANA) as unit:
        ada = await builders.customer(unit, "Ada", login="ada")
        bo = await builders.customer(unit, "Bo", login="bo")
        await builders.child(unit, bo.account)
        payer = await builders.default_bill_unit_id(unit, ada.account)
        bill = await bill_rows.bill(unit, payer, current_charges=Decimal(20))
        item = await bill_rows.item(unit, bill, payer, service_id=ada.service)
        await bill_rows.charge(unit, item, "20")
        await bill_rows.set_balance(unit, payer, "20")
        await add_payment_method(
            unit, NewPaymentMethod(ada.account, kind=PaymentMethodKind.INVOICE)
        )
        await builders.set_account(
            unit, bo.account, builders.Status.CLOSED, defer_until=NOON + timedelta(days=5)
        )


async def authenticate(_: HTTPConnection) -> Actor:
    """Ana sends everything."""
    return ANA


async def values(client: httpx.AsyncClient) -> dict[str, list[str]]:
    """What exists, by the names of the fields that take it."""
    data = (await client.post("/", json={"query": READ})).json()["data"]
    found: dict[str, list[Any]] = {name: [] for name in ROWS}
    for account in data["accounts"]["nodes"]:
        services, events, bills = (account[it]["nodes"] for it in ("services", "events", "bills"))
        found["accounts"].append(account["id"])
        found["numbers"].append(account["number"])
        found["billUnits"] += [it["id"] for it in account["billUnits"]]
        found["services"] += [it["id"] for it in services]
        found["logins"] += [it["login"] for it in services if it["login"]]
        found["kinds"] += [it["kind"] for it in services]
        found["purchased"] += [it["id"] for owner in (account, *services) for it in owner["offers"]]
        found["bills"] += [it["id"] for it in bills]
        found["disputes"] += [it["id"] for bill in bills for it in bill["disputes"]]
        found["events"] += [it["id"] for it in events]
        found["items"] += [it["item"]["id"] for it in events if it["item"]]
        found["methods"] += [it["id"] for it in account["paymentMethods"]]
    found["actions"] = [it["id"] for it in data["deferredActions"]["nodes"]]
    found["runs"] = [it["id"] for it in data["jobRuns"]["nodes"]]
    for kind in ("users", "tokens"):
        found[kind] = [it["id"] for it in data[kind]["nodes"]]
    found["codes"] = [it["code"] for it in data["offers"]["nodes"]]
    by_field: dict[str, list[str]] = {}
    for row, names in ROWS.items():
        for name in names:
            by_field.setdefault(name, []).extend(found[row])
    return by_field


def faults(request: Request, response: httpx.Response) -> Sequence[str]:
    """Raise AssertionError for a status or code of an internal error, or a path to no field."""
    answer = response.json()
    found = [f"HTTP {response.status_code}"] if response.status_code >= 500 else []
    found += [
        str(it) for it in answer.get("errors") or () if it["extensions"]["code"] == "INTERNAL"
    ]
    payload = (answer.get("data") or {}).get(request.field)
    mistakes = payload.get("errors") or () if isinstance(payload, dict) else ()
    return [
        *found,
        *(f"no such field: {it}" for it in mistakes if not _leads_somewhere(request, it["path"])),
        *(
            f"not in the description: {it}"
            for it in mistakes
            if it["code"] not in declared_codes(request.field)
        ),
    ]


def outcome(request: Request, response: httpx.Response) -> str:
    """How it went: done, the code of the first mistake, or the code of the first error."""
    answer = response.json()
    payload = (answer.get("data") or {}).get(request.field)
    errors = payload.get("errors") if isinstance(payload, dict) else None
    if errors:
        return f"{errors[0]['code']} {'.'.join(errors[0]['path'][1:2])}"
    return str(answer["errors"][0]["extensions"]["code"]) if answer.get("errors") else "done"


def _leads_somewhere(request: Request, path: list[str]) -> bool:
    root = schema._schema.mutation_type
    assert root is not None
    arguments = root.fields[request.field].args
    if not path:
        return True
    argument = arguments.get(path[0])
    kind = get_named_type(argument.type) if argument else None
    names = [it for it in path[1:] if not it.isdigit()]
    if isinstance(kind, GraphQLInputObjectType):
        return all(it in kind.fields for it in names)
    return argument is not None and not names


@pytest.mark.timeout(7200)
async def test_no_request_is_a_fault_of_ours(runtime: Runtime) -> None:
    await customers(runtime)
    found: list[tuple[Sequence[str], Request]] = []
    statuses: set[int] = set()
    answers: Counter[tuple[str, str]] = Counter()
    inputs = Inputs(schema._schema, Random(SEED), {})
    requests = inputs.requests()
    transport = httpx.ASGITransport(graphql_app(runtime, authenticate))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://tenure", timeout=PATIENCE
    ) as client:
        for place in range(REQUESTS):
            if place % ROUND == 0:
                inputs.known = await values(client)
            request = next(requests)
            body = json.dumps({"query": request.document, "variables": request.variables})
            response = await client.post(
                "/", content=body, headers={"content-type": "application/json"}
            )
            statuses.add(response.status_code)
            answers[request.field, outcome(request, response)] += 1
            if wrong := faults(request, response):
                found.append((wrong, request))
            if request.field == "setClock":
                await set_clock(runtime, NOON)
    for wrong, request in found:
        print(
            request.field,
            *wrong,
            request.document[:1500],
            str(request.variables)[:1500],
            sep="\n  ",
        )
    if os.environ.get("TENURE_TEST_FUZZ"):
        print(
            *(f"{count:6} {field}: {how}" for (field, how), count in sorted(answers.items())),
            sep="\n",
        )
    assert len(found) == 0
    assert statuses <= {200, 400}
