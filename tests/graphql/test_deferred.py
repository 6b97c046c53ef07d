"""Deferred actions: lists, and running, rescheduling and cancelling several at a time."""

from datetime import timedelta
from typing import Any

from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import nothing_written
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, global_id

LATER = "2026-12-01T00:00:00Z"
PAYLOAD = """deferredActions {
  status scheduledFor cancelledBy cancelledAt executedAt failure jobRun { id } account { name }
} """


async def put_off(runtime: Runtime, count: int = 3) -> list[str]:
    """An account that is to be inactivated, activated and closed, a day after another."""
    ids = []
    for place in range(count):
        async with runtime.unit(ANA) as unit:
            account = await builders.account(unit, f"Account {place}")
            due = NOON + timedelta(days=place + 1)
            outcome = await builders.set_account(unit, account, Status.INACTIVE, defer_until=due)
        ids.append(global_id("DeferredAction", outcome.deferred_action_id or 0))
    return ids


async def test_cancel(ask: Caller, runtime: Runtime) -> None:
    ids = await put_off(runtime)

    async def cancel(*ids: str) -> Any:
        return await ask.change(
            "cancelDeferredActions", "DeferredActionsInput", PAYLOAD, ids=list(ids)
        )

    answer = await cancel(ids[1], "nonsense", ids[0], ids[1])
    assert [it["account"]["name"] for it in answer["deferredActions"]] == ["Account 1", "Account 0"]
    assert answer["deferredActions"][0] == {
        "status": "CANCELLED",
        "scheduledFor": "2026-11-12T12:00:00Z",
        "cancelledBy": ANA.name,
        "cancelledAt": "2026-11-10T12:00:00Z",
        "executedAt": None,
        "failure": None,
        "jobRun": None,
        "account": {"name": "Account 1"},
    }
    assert answer["errors"] == ["NOT_FOUND input.ids.1", "NOT_ALLOWED input.ids.3"]
    async with nothing_written(runtime):
        assert await cancel(ids[0]) == {
            "deferredActions": [],
            "errors": ["NOT_ALLOWED input.ids.0"],
        }
        assert await cancel(*["x"] * 1001) == {
            "deferredActions": [],
            "errors": ["OUT_OF_RANGE input.ids"],
        }
        assert await cancel() == {"deferredActions": [], "errors": []}


async def test_a_pair(ask: Caller, runtime: Runtime) -> None:
    """Rules 4.11: an inactivation and its reactivation reference each other; both are cancelled."""
    async with runtime.unit(ANA) as unit:
        owner = await builders.account(unit)
        more = {"defer_until": NOON + timedelta(days=1), "reactivate_on": NOON + timedelta(days=2)}
        made = await builders.set_account(unit, owner, Status.INACTIVE, **more)
    first, back = (
        global_id("DeferredAction", it)
        for it in (made.deferred_action_id, made.reactivation_id)
        if it is not None
    )
    document = (
        "query($ids: [ID!]!) { nodes(ids: $ids) { "
        "... on DeferredAction { toStatus pairedWith { id } } } }"
    )
    assert (await ask(document, ids=[first, back]))["nodes"] == [
        {"toStatus": "INACTIVE", "pairedWith": {"id": back}},
        {"toStatus": "ACTIVE", "pairedWith": {"id": first}},
    ]
    kind, late = "RescheduleDeferredActionsInput", "2026-11-20T00:00:00Z"

    async def reschedule(*ids: str) -> Any:
        return await ask.change(
            "rescheduleDeferredActions", kind, PAYLOAD, ids=list(ids), scheduledFor=late
        )

    async with nothing_written(runtime):
        assert (await reschedule(first))["errors"] == ["OUT_OF_RANGE input.scheduledFor"]
    assert (await reschedule(first, back))["errors"] == ["OUT_OF_RANGE input.ids.0"]
    answer = await ask.change(
        "cancelDeferredActions", "DeferredActionsInput", PAYLOAD, ids=[first, back]
    )
    assert [it["status"] for it in answer["deferredActions"]] == ["CANCELLED", "CANCELLED"]
    assert answer["errors"] == []


async def test_reschedule(ask: Caller, runtime: Runtime) -> None:
    ids = await put_off(runtime)
    kind = "RescheduleDeferredActionsInput"

    async def reschedule(when: str, *ids: str) -> Any:
        return await ask.change(
            "rescheduleDeferredActions", kind, PAYLOAD, ids=list(ids), scheduledFor=when
        )

    answer = await reschedule(LATER, ids[0], "nonsense", ids[2])
    assert [it["scheduledFor"] for it in answer["deferredActions"]] == [LATER, LATER]
    assert answer["errors"] == ["NOT_FOUND input.ids.1"]
    async with nothing_written(runtime):
        answer = await reschedule("2026-01-01T00:00:00Z", ids[0], ids[1])
    assert answer == {"deferredActions": [], "errors": ["OUT_OF_RANGE input.scheduledFor"]}


async def test_run(ask: Caller, runtime: Runtime) -> None:
    ids = await put_off(runtime)
    answer = await ask.change(
        "runDeferredActions", "DeferredActionsInput", PAYLOAD, ids=[ids[2], "x", ids[2], ids[0]]
    )
    assert [(it["status"], it["jobRun"]) for it in answer["deferredActions"]] == [
        ("DONE", None),
        ("DONE", None),
    ]
    assert answer["deferredActions"][0]["executedAt"] == "2026-11-10T12:00:00Z"
    assert answer["errors"] == ["NOT_FOUND input.ids.1", "NOT_ALLOWED input.ids.2"]
    data = await ask(
        "{ accounts(filter: {status: [INACTIVE]}, sort: NAME_ASC) { nodes { name } } }"
    )
    assert data == {"accounts": {"nodes": [{"name": "Account 0"}, {"name": "Account 2"}]}}


async def test_the_list(ask: Caller, runtime: Runtime) -> None:
    ids = await put_off(runtime)
    await ask.change("cancelDeferredActions", "DeferredActionsInput", "", ids=ids[:1])
    document = """query($filter: DeferredActionFilter) {
      deferredActions(filter: $filter) { totalCount nodes { account { name } target { id } } } }"""

    async def listed(**given: Any) -> list[str]:
        data = (await ask(document, filter=given))["deferredActions"]
        assert data["totalCount"] == len(data["nodes"])
        return [node["account"]["name"] for node in data["nodes"]]

    assert await listed() == ["Account 2", "Account 1", "Account 0"]
    assert await listed(status=["PENDING"]) == ["Account 2", "Account 1"]
    assert await listed(status=["CANCELLED", "FAILED"]) == ["Account 0"]
    assert await listed(kind=["MOVE_IN_HIERARCHY"]) == []
    assert await listed(account=global_id("Account", 2)) == ["Account 1"]
    assert await listed(account="nonsense") == []
    assert await listed(scheduledFrom="2026-11-12T12:00:00Z") == ["Account 2", "Account 1"]
    assert await listed(scheduledTo="2026-11-12T12:00:00Z") == ["Account 0"]


async def test_failures_of_a_run(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        payer = await builders.account(unit, "Payer")
        child = await builders.child(unit, payer, "Child")
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, child, Status.INACTIVE)
        await builders.set_account(unit, child, Status.ACTIVE, defer_until=NOON + timedelta(days=1))
        await builders.set_account(unit, payer, Status.INACTIVE)
    await set_clock(runtime, NOON + timedelta(days=2))
    run_id = await builders.run_job(runtime)
    document = """query($id: ID!) { node(id: $id) { ... on JobRun {
      kind status total done failed businessDate finishedAt
      failures { totalCount nodes { status failure jobRun { id } } }
    } } }"""
    run = (await ask(document, id=global_id("JobRun", run_id)))["node"]
    assert (run["status"], run["total"], run["done"], run["failed"]) == (
        "DONE_WITH_FAILURES",
        1,
        0,
        1,
    )
    [failure] = run["failures"]["nodes"]
    assert (failure["status"], failure["jobRun"]) == ("FAILED", {"id": global_id("JobRun", run_id)})
    assert failure["failure"]
    filtered = """query($id: ID!, $kind: [DeferredActionKind!], $search: String) {
      node(id: $id) { ... on JobRun { failures(kind: $kind, search: $search) { totalCount } } }
    }"""
    for conditions, count in (
        ({"kind": ["CHANGE_ACCOUNT_STATUS"]}, 1),
        ({"kind": ["MOVE_IN_HIERARCHY"]}, 0),
        ({"search": f"CHILD {failure['failure'].split()[-1]}"}, 1),
        ({"search": "child unknown"}, 0),
        ({"search": "", "kind": []}, 1),
    ):
        found = await ask(filtered, id=global_id("JobRun", run_id), **conditions)
        assert found["node"]["failures"]["totalCount"] == count, conditions


async def test_runs_by_status(ask: Caller, runtime: Runtime) -> None:
    ended = global_id("JobRun", await builders.run_job(runtime))
    waiting = (
        await ask.change("startJob", "StartJobInput", "jobRun { id }", kind="DEFERRED_ACTIONS")
    )["jobRun"]["id"]

    async def listed(*status: str) -> list[str]:
        document = (
            "query($status: [JobRunStatus!]) { jobRuns(status: $status) { totalCount "
            "nodes { id } } }"
        )
        data = (await ask(document, status=list(status)))["jobRuns"]
        assert data["totalCount"] == len(data["nodes"])
        return [node["id"] for node in data["nodes"]]

    assert await listed() == [waiting, ended]
    assert await listed("QUEUED", "RUNNING") == [waiting]
    assert await listed("DONE") == [ended]
    assert await listed("FAILED") == []
