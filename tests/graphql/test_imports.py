"""Files and runs of imports in the API: reading, starting, deleting."""

from typing import Any

import pytest

from tenure.batch import execute_run
from tenure.graphql.types.ids import key_of
from tenure.kernel.unit import Runtime
from tests.graphql.caller import Caller, global_id
from tests.importing.jobs import ADMIN, stored
from tests.importing.test_job import MIXED, account, text_of

RUN = """query($id: ID!, $after: String) { node(id: $id) { ... on JobRun {
  kind status done failed total
  importRun {
    mode status accounts existing rejected services purchases paymentMethods contacts notes
    newOffers
    file { name format size lines uploadedBy runs { mode } }
    jobRun { requestedBy }
    rejects(first: 2, after: $after) {
      totalCount pageInfo { endCursor } nodes { line number reason }
    }
    accountPreview(first: 1) {
      totalCount nodes { line number name status rank parent currency services purchases }
    }
    offerPreview { nodes { code name monthlyFee { amount currency } purchaseFee { amount } } }
  }
} } }"""
FILES = "{ importFiles { totalCount nodes { name runs { mode jobRun { status } } } } }"


@pytest.fixture
def admin(ask: Caller) -> Caller:
    """A caller with role ADMIN."""
    return ask.acting_as(ADMIN)


async def start(admin: Caller, file_id: int, mode: str) -> dict[str, Any]:
    """The payload of `startImport`."""
    given = {"fileId": global_id("ImportFile", file_id), "mode": mode}
    answer = await admin.change("startImport", "StartImportInput", "jobRun { id }", **given)
    return dict(answer)


async def test_check_in_the_api(admin: Caller, runtime: Runtime) -> None:
    file_id = await stored(runtime, text_of(*MIXED))
    run_id = (await start(admin, file_id, "CHECK"))["jobRun"]["id"]
    await execute_run(runtime, key_of(run_id, "JobRun"))
    node = (await admin(RUN, id=run_id))["node"]
    read = node.pop("importRun")
    assert node == {
        "kind": "IMPORT",
        "status": "DONE_WITH_FAILURES",
        "done": 9,
        "failed": 10,
        "total": 19,
    }
    rejects, accounts = read.pop("rejects"), read.pop("accountPreview")
    assert read == {
        "mode": "CHECK",
        "status": "DONE_WITH_FAILURES",
        "accounts": 8,
        "existing": 1,
        "rejected": 10,
        "services": 2,
        "purchases": 3,
        "paymentMethods": 1,
        "contacts": 1,
        "notes": 1,
        "newOffers": 1,
        "file": {
            "name": "accounts.jsonl",
            "format": "JSON_LINES",
            "size": len(text_of(*MIXED)),
            "lines": 19,
            "uploadedBy": ADMIN.name,
            "runs": [{"mode": "CHECK"}],
        },
        "jobRun": {"requestedBy": ADMIN.name},
        "offerPreview": {
            "nodes": [
                {
                    "code": "DSL",
                    "name": "DSL line",
                    "monthlyFee": {"amount": "25", "currency": "USD"},
                    "purchaseFee": None,
                }
            ]
        },
    }
    assert (rejects["totalCount"], [it["line"] for it in rejects["nodes"]]) == (10, [1, 4])
    assert rejects["nodes"][1] == {
        "line": 4,
        "number": None,
        "reason": "This is not JSON: Expecting value at character 1.",
    }
    after = rejects["pageInfo"]["endCursor"]
    page = (await admin(RUN, id=run_id, after=after))["node"]["importRun"]["rejects"]["nodes"]
    assert [it["line"] for it in page] == [6, 7]
    assert accounts["totalCount"] == 8
    [first] = accounts["nodes"]
    assert first == {
        "line": 2,
        "number": "A-1",
        "name": "Customer A-1",
        "status": "ACTIVE",
        "rank": None,
        "parent": None,
        "currency": "USD",
        "services": 1,
        "purchases": 1,
    }


async def test_file_in_the_api(admin: Caller, runtime: Runtime) -> None:
    """Start a check, then the import; delete the file."""
    file_id = await stored(runtime, text_of(account("A-1")), "more.csv")
    checked = await start(admin, file_id, "CHECK")
    assert (await start(admin, file_id, "CHECK"))["jobRun"] == checked["jobRun"]
    assert (await start(admin, file_id, "IMPORT"))["errors"] == ["NOT_ALLOWED input.fileId"]
    assert await admin(FILES) == {
        "importFiles": {
            "totalCount": 1,
            "nodes": [
                {"name": "more.csv", "runs": [{"mode": "CHECK", "jobRun": {"status": "QUEUED"}}]}
            ],
        }
    }
    delete = (
        "mutation($id: ID!) { deleteImportFile(fileId: $id) "
        "{ file { name } errors { code path } } }"
    )
    file = global_id("ImportFile", file_id)
    refused = (await admin(delete, id=file))["deleteImportFile"]
    assert refused == {"file": None, "errors": [{"code": "NOT_ALLOWED", "path": ["fileId"]}]}
    cancel = "mutation($id: ID!) { cancelJob(jobRunId: $id) { errors { code } } }"
    await admin(cancel, id=checked["jobRun"]["id"])
    deleted = (await admin(delete, id=file))["deleteImportFile"]
    assert deleted == {"file": {"name": "more.csv"}, "errors": []}
    assert (await start(admin, file_id, "IMPORT"))["errors"] == ["NOT_ALLOWED input.fileId"]
    assert (await start(admin, 99, "IMPORT"))["errors"] == ["NOT_FOUND input.fileId"]


async def test_start_job_refuses_an_import(ask: Caller) -> None:
    answer = await ask.change("startJob", "StartJobInput", "jobRun { id }", kind="IMPORT")
    assert (answer["jobRun"], answer["errors"]) == (None, ["INVALID input.kind"])
