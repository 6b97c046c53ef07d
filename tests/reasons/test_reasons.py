"""The list of reasons for status changes, which admins keep."""

from tenure.kernel.unit import Runtime
from tests.checks import VIC
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id

REASON = "reason { id code label appliesTo isRetired version }"
LISTED = """query($retired: Boolean) { reasons(isRetired: $retired) {
  totalCount nodes { code label appliesTo isRetired } } }"""


async def test_a_reason_from_its_creation_to_its_retirement(runtime: Runtime) -> None:
    """Each change is in the audit log; whoever reads accounts reads the reasons."""
    admin, viewer = Caller(runtime, ANA), Caller(runtime, VIC)
    statuses = ["CLOSED", "INACTIVE", "CLOSED"]
    for code, label in (("moved", " Moved away "), ("debt", "Owes money")):
        created = await admin.change(
            *("createReason", "CreateReasonInput", REASON),
            code=code,
            label=label,
            appliesTo=statuses,
        )
        assert created["errors"] == []
    reason = created["reason"]
    assert reason == {
        "id": global_id("StatusReason", 2),
        "code": "debt",
        "label": "Owes money",
        "appliesTo": ["INACTIVE", "CLOSED"],
        "isRetired": False,
        "version": 1,
    }
    update = ("updateReason", "UpdateReasonInput", REASON)
    same = {"reasonId": reason["id"], "label": "Owes money", "appliesTo": None}
    assert (await admin.change(*update, **same))["reason"] == reason
    changes = {"appliesTo": ["ACTIVE"], "isRetired": True, "expectedVersion": 1}
    retired = await admin.change(*update, **same | changes)
    assert retired["reason"] == reason | {"appliesTo": ["ACTIVE"], "isRetired": True, "version": 2}
    both = [
        {"code": "debt", "label": "Owes money", "appliesTo": ["ACTIVE"], "isRetired": True},
        {
            "code": "moved",
            "label": "Moved away",
            "appliesTo": ["INACTIVE", "CLOSED"],
            "isRetired": False,
        },
    ]
    for is_retired, expected in ((None, both), (True, both[:1]), (False, both[1:])):
        found = (await viewer(LISTED, retired=is_retired))["reasons"]
        assert found == {"totalCount": len(expected), "nodes": expected}
    log = await admin(
        "{ auditLog(filter: {action: REASON_CHANGED}) { nodes { summary details } } }"
    )
    assert log["auditLog"]["nodes"] == [
        {
            "summary": "Changed reason debt.",
            "details": {
                "appliesTo": [["INACTIVE", "CLOSED"], ["ACTIVE"]],
                "isRetired": [False, True],
            },
        },
        *(
            {
                "summary": f"Created reason {code}.",
                "details": {
                    "code": [None, code],
                    "label": [None, label],
                    "appliesTo": [None, ["INACTIVE", "CLOSED"]],
                },
            }
            for code, label in (("debt", "Owes money"), ("moved", "Moved away"))
        ),
    ]


async def test_refused_reasons(runtime: Runtime) -> None:
    admin = Caller(runtime, ANA)
    given = {"code": "moved", "label": "Moved away", "appliesTo": ["CLOSED"]}
    created = await admin.change("createReason", "CreateReasonInput", REASON, **given)
    for changes, error in (
        ({}, "TAKEN input.code"),
        ({"code": "moved away"}, "INVALID input.code"),
        ({"code": " "}, "REQUIRED input.code"),
        ({"code": "x" * 65}, "OUT_OF_RANGE input.code"),
        ({"code": "new", "label": ""}, "REQUIRED input.label"),
        ({"code": "new", "appliesTo": []}, "REQUIRED input.appliesTo"),
        ({"code": "new", "appliesTo": ["CLOSED"] * 101}, "OUT_OF_RANGE input.appliesTo"),
    ):
        await check_refused(admin, "createReason", given | changes, error)
    reason = {"reasonId": created["reason"]["id"]}
    stale = reason | {"label": "Moved", "expectedVersion": 2}
    await check_refused(admin, "updateReason", stale, "CONFLICT input.expectedVersion")
    unknown = {"reasonId": global_id("StatusReason", 9)}
    await check_refused(admin, "updateReason", unknown, "NOT_FOUND input.reasonId")
