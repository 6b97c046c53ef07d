"""startStatusChangeJob: selections of accounts, results, and dry runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from tenure.batch import execute_run
from tenure.batch.status_changes import actions
from tenure.graphql.types.ids import key_of
from tenure.holds.models import Status
from tenure.kernel.dry_run import dry_run
from tenure.kernel.unit import Runtime
from tests import builders
from tests.batch.status_changes.jobs_of_accounts import new_accounts
from tests.checks import ABE, account_state, nothing_written
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id

KIND = "StartStatusChangeJobInput"
FIELD = "startStatusChangeJob"
RESULTS = "results { totalCount nodes { account { number } status errorCode message } }"
RUN = """query($id: ID!, $status: [StatusChangeResultStatus!]) { node(id: $id) { ... on JobRun {
  kind status total done failed
  statusChange { status reason note deferUntil reactivateOn }
  results(status: $status, first: 2) {
    totalCount pageInfo { hasNextPage } nodes { account { number } status errorCode message at }
  }
} } }"""
IMPACT = """impact {
  accounts services offers conflictingDeferredActionCount
  charged { amount currency } givenBack { amount currency }
}"""


@pytest.fixture
def agent(runtime: Runtime) -> Caller:
    """An agent, whose role is enough."""
    return Caller(runtime, ABE)


async def started(agent: Caller, **given: Any) -> str:
    """The global id of a started run."""
    answer = await agent.change(FIELD, KIND, "jobRun { id } impact { accounts }", **given)
    assert (answer["errors"], answer["impact"]) == ([], None)
    return str(answer["jobRun"]["id"])


@asynccontextmanager
async def in_dry_run(caller: Caller) -> AsyncIterator[Caller]:
    """The caller, with the header of a dry run. Nothing is written."""
    async with nothing_written(caller.runtime), dry_run(caller.runtime) as runtime:
        yield Caller(runtime, caller.actor)


async def test_accounts_by_id_and_number(agent: Caller, runtime: Runtime) -> None:
    """An account that is named twice is changed once."""
    async with runtime.unit(ANA) as unit:
        first = await builders.account(unit, number="A-1")
        second = await builders.account(unit, number="A-2")
        await builders.set_account(unit, second, Status.CLOSED)
    ids = [global_id("Account", first), "account:A-1", "account:A-2"]
    run = await started(agent, accountIds=ids, status="INACTIVE", reason="Fraud", note="Ticket 7")
    await execute_run(runtime, key_of(run, "JobRun"))
    node = (await agent(RUN, id=run))["node"]
    nodes = node["results"].pop("nodes")
    assert node == {
        "kind": "STATUS_CHANGE",
        "status": "DONE_WITH_FAILURES",
        "total": 2,
        "done": 1,
        "failed": 1,
        "statusChange": {
            "status": "INACTIVE",
            "reason": "Fraud",
            "note": "Ticket 7",
            "deferUntil": None,
            "reactivateOn": None,
        },
        "results": {"totalCount": 2, "pageInfo": {"hasNextPage": False}},
    }
    at = "2026-11-10T12:00:00Z"
    assert nodes == [
        {
            "account": {"number": "A-1"},
            "status": "DONE",
            "errorCode": None,
            "message": None,
            "at": at,
        },
        {
            "account": {"number": "A-2"},
            "status": "FAILED",
            "errorCode": "NOT_ALLOWED",
            "at": at,
            "message": "Account A-2 is closed and can't be inactivated. Reopen it first.",
        },
    ]
    failed = (await agent(RUN, id=run, status=["FAILED"]))["node"]["results"]
    assert (failed["totalCount"], failed["nodes"]) == (1, nodes[1:])


async def test_all_that_match_a_filter(agent: Caller, runtime: Runtime) -> None:
    """With conditions that need the business date, and natural keys."""
    async with runtime.unit(ANA) as unit:
        top = await builders.account(unit, number="TOP")
        below = [await builders.child(unit, top, f"Child {n}", paid=False) for n in range(3)]
        await builders.set_account(unit, below[2], Status.INACTIVE)
    matching = {"below": "account:TOP", "status": ["ACTIVE"], "hasOverdue": False}
    run = await started(agent, filter=matching, expectedCount=2, status="CLOSED")
    await execute_run(runtime, key_of(run, "JobRun"))
    states = [await account_state(runtime, it) for it in (top, *below)]
    assert [it.split()[0] for it in states] == ["ACTIVE", "CLOSED", "CLOSED", "INACTIVE"]
    again = {"filter": matching, "expectedCount": 2, "status": "CLOSED"}
    await check_refused(agent, FIELD, again, "CONFLICT input.expectedCount")


async def test_a_run_is_retried(agent: Caller, runtime: Runtime) -> None:
    """The accounts that failed; not while the run is live."""
    async with runtime.unit(ANA) as unit:
        closed = await builders.account(unit, number="A-1")
        other = await builders.account(unit, number="A-2")
        await builders.set_account(unit, closed, Status.CLOSED)
    ids = ["account:A-1", "account:A-2"]
    first = await started(agent, accountIds=ids, status="INACTIVE")
    retry = {"retryJobRunId": first, "status": "CLOSED"}
    await check_refused(agent, FIELD, retry, "NOT_ALLOWED input.retryJobRunId")
    await execute_run(runtime, key_of(first, "JobRun"))
    run = await started(agent, **retry, expectedCount=1)
    await execute_run(runtime, key_of(run, "JobRun"))
    [result] = (await agent(RUN, id=run))["node"]["results"]["nodes"]
    assert (result["account"], result["status"]) == ({"number": "A-1"}, "UNCHANGED")
    assert await account_state(runtime, other) == "INACTIVE (INACTIVE MANUAL)"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({}, "INVALID"),
        ({"accountIds": ["account:A-1"], "filter": {}, "expectedCount": 1}, "INVALID"),
        ({"accountIds": []}, "NOT_FOUND input.accountIds"),
        ({"accountIds": ["account:A-1", "account:A-9"]}, "NOT_FOUND input.accountIds.1"),
        ({"accountIds": [global_id("Bill", 1)]}, "INVALID input.accountIds.0"),
        ({"accountIds": ["account:A-1"] * 1001}, "OUT_OF_RANGE input.accountIds"),
        ({"filter": {}}, "REQUIRED input.expectedCount"),
        (
            {"filter": {"below": global_id("Bill", 1)}, "expectedCount": 1},
            "INVALID input.filter.below",
        ),
        (
            {"filter": {"status": ["ACTIVE"] * 101}, "expectedCount": 1},
            "OUT_OF_RANGE input.filter.status",
        ),
        ({"filter": {"search": "nobody"}, "expectedCount": 0}, "NOT_FOUND input.filter"),
        ({"retryJobRunId": global_id("JobRun", 9)}, "NOT_FOUND input.retryJobRunId"),
        ({"retryJobRunId": global_id("Account", 1)}, "INVALID input.retryJobRunId"),
        ({"accountIds": ["account:A-1"], "reason": "x" * 2001}, "OUT_OF_RANGE input.reason"),
        (
            {"accountIds": ["account:A-1"], "reactivateOn": "2027-01-01T00:00:00Z"},
            "CLOSED_IS_FINAL input.reactivateOn",
        ),
    ],
)
async def test_refused(agent: Caller, runtime: Runtime, given: dict[str, Any], error: str) -> None:
    async with runtime.unit(ANA) as unit:
        await builders.account(unit, number="A-1")
    await check_refused(agent, FIELD, {**given, "status": "CLOSED"}, error)


async def test_dry_run(agent: Caller, runtime: Runtime) -> None:
    """What would be changed, charged and refused. A paid account counts once."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30), cancel_fee=Decimal(7))
        payer = await builders.account(unit, number="A-1", billing_day_of_month=1)
        paid = await builders.child(unit, payer)
        line = await builders.service(unit, paid)
        await builders.purchased_offer(unit, paid, line)
        closed = await builders.account(unit, number="A-3")
        await builders.set_account(unit, closed, Status.CLOSED)
    ids = [global_id("Account", it) for it in (payer, paid, closed)]
    async with in_dry_run(agent) as caller:
        document = f"jobRun {{ status total done failed {RESULTS} }} {IMPACT}"
        answer = await caller.change(FIELD, KIND, document, accountIds=ids, status="INACTIVE")
    results = answer["jobRun"].pop("results")
    assert answer == {
        "jobRun": {"status": "QUEUED", "total": 3, "done": 2, "failed": 1},
        "impact": {
            "accounts": 2,
            "services": 1,
            "offers": 1,
            "conflictingDeferredActionCount": 0,
            "charged": [],
            "givenBack": [{"amount": "21", "currency": "USD"}],
        },
        "errors": [],
    }
    assert [it["status"] for it in results["nodes"]] == ["DONE", "DONE", "FAILED"]


async def test_dry_run_of_a_deferred_change(agent: Caller, runtime: Runtime) -> None:
    """The impact is that of a change now, without amounts. A closing ends what is scheduled."""
    async with runtime.unit(ANA) as unit:
        customer = await builders.customer(unit)
        later = {"defer_until": unit.now.replace(year=2027)}
        await builders.set_service(unit, customer.service, Status.INACTIVE, **later)
    async with in_dry_run(agent) as caller:
        answer = await caller.change(
            FIELD,
            KIND,
            f"jobRun {{ done failed }} {IMPACT}",
            accountIds=[global_id("Account", customer.account)],
            status="CLOSED",
            deferUntil="2026-12-01T00:00:00Z",
        )
    assert answer == {
        "jobRun": {"done": 1, "failed": 0},
        "impact": {
            "accounts": 1,
            "services": 1,
            "offers": 2,
            "conflictingDeferredActionCount": 1,
            "charged": None,
            "givenBack": None,
        },
        "errors": [],
    }


async def test_dry_run_is_bounded(
    agent: Caller, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first accounts are tried; the total is that of all."""
    monkeypatch.setattr(actions, "MAX_PREVIEWED", 2)
    async with runtime.unit(ANA) as unit:
        await new_accounts(unit, 5)
    async with in_dry_run(agent) as caller:
        answer = await caller.change(
            FIELD,
            KIND,
            "jobRun { total done } impact { accounts }",
            filter={},
            expectedCount=5,
            status="INACTIVE",
        )
    assert answer == {
        "jobRun": {"total": 5, "done": 2},
        "impact": {"accounts": 2},
        "errors": [],
    }
