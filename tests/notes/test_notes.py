"""Notes about accounts: written, changed, pinned, deleted, and searched."""

from datetime import timedelta

from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests import builders
from tests.checks import ABE, MIA
from tests.conftest import ANA, NOON, set_clock
from tests.graphql.caller import Caller, check_refused, global_id

NOTE = "note { id text isPinned createdBy createdAt changedBy changedAt version }"
NOTES = """query($id: ID!, $search: String, $first: Int, $after: String) { account(id: $id) {
  notes(search: $search, first: $first, after: $after) {
    totalCount nodes { text isPinned } pageInfo { endCursor hasNextPage } }
  events { nodes { description actor details } } } }"""


async def an_account(runtime: Runtime) -> str:
    """The global id of a new account."""
    async with runtime.unit(ANA) as unit:
        return global_id("Account", await builders.account(unit))


async def test_a_note_from_its_first_text_to_its_end(runtime: Runtime) -> None:
    """Each change has an event, which does not contain the text."""
    account = await an_account(runtime)
    abe, mia = Caller(runtime, ABE), Caller(runtime, MIA)
    added = await abe.change("addNote", "AddNoteInput", NOTE, accountId=account, text=" Call\nher ")
    note = added["note"]
    assert (note | {"id": ""}, added["errors"]) == (
        {
            "id": "",
            "text": "Call\nher",
            "isPinned": False,
            "createdBy": ABE.name,
            "createdAt": "2026-11-10T12:00:00Z",
            "changedBy": None,
            "changedAt": None,
            "version": 1,
        },
        [],
    )
    await set_clock(runtime, NOON + timedelta(hours=1))
    same = {"noteId": note["id"], "text": "Call\nher", "isPinned": False, "expectedVersion": 1}
    unchanged = (await mia.change("updateNote", "UpdateNoteInput", NOTE, **same))["note"]
    assert unchanged == note
    pinned = await mia.change("updateNote", "UpdateNoteInput", NOTE, **same | {"isPinned": True})
    assert pinned["note"] == note | {"isPinned": True, "version": 2}
    text = {"noteId": note["id"], "text": "Call him", "expectedVersion": 2}
    changed = (await mia.change("updateNote", "UpdateNoteInput", NOTE, **text))["note"]
    assert (changed["text"], changed["changedBy"], changed["changedAt"]) == (
        *("Call him", MIA.name, "2026-11-10T13:00:00Z"),
    )
    delete = (
        "mutation($id: ID!, $version: Int) { deleteNote(noteId: $id, expectedVersion: $version)"
    )
    delete += " { account { notes { totalCount } } errors { code path } } }"
    for actor, version, refused in (
        (MIA, None, ("NOT_ALLOWED", ["noteId"])),
        (ABE, 0, ("CONFLICT", ["expectedVersion"])),
        (ABE, 2, ("CONFLICT", ["expectedVersion"])),
    ):
        answer = await Caller(runtime, actor)(delete, id=note["id"], version=version)
        [error] = answer["deleteNote"]["errors"]
        assert (error["code"], error["path"]) == refused
    answer = (await abe(delete, id=note["id"], version=3))["deleteNote"]
    assert answer == {"account": {"notes": {"totalCount": 0}}, "errors": []}
    events = (await abe(NOTES, id=account))["account"]["events"]["nodes"]
    assert [(it["description"], it["actor"]) for it in events][:-1] == [
        ("Deleted a note", ABE.name),
        ("Changed a note", MIA.name),
        ("Pinned a note", MIA.name),
        ("Added a note", ABE.name),
    ]
    assert [it["details"] for it in events[:-1]] == [
        {"operation": f"NOTE_{operation}", "note": 1}
        for operation in ("DELETED", "CHANGED", "PINNED", "ADDED")
    ]


async def test_an_admin_deletes_notes_of_others(runtime: Runtime) -> None:
    account = await an_account(runtime)
    added = await Caller(runtime, ABE).change(
        "addNote", "AddNoteInput", "note { id }", accountId=account, text="x"
    )
    delete = "mutation($id: ID!) { deleteNote(noteId: $id) { errors { code } } }"
    admin = Caller(runtime, Actor("root@example.com", Role.ADMIN))
    for errors in ([], [{"code": "NOT_FOUND"}]):
        answer = await admin(delete, id=added["note"]["id"])
        assert answer["deleteNote"]["errors"] == errors


async def test_pinned_notes_are_first_and_words_find_notes(runtime: Runtime) -> None:
    account, other = await an_account(runtime), await an_account(runtime)
    abe = Caller(runtime, ABE)
    for number, (text, pinned) in enumerate(
        (("Old router", True), ("New ROUTER sent", False), ("Invoice by post", False))
    ):
        await set_clock(runtime, NOON + timedelta(minutes=number))
        given = {"text": text, "isPinned": pinned}
        await abe.change("addNote", "AddNoteInput", "", accountId=account, **given)
    await abe.change("addNote", "AddNoteInput", "", accountId=other, text="router")
    listed = ["Old router", "Invoice by post", "New ROUTER sent"]
    for search, expected in (
        (None, listed),
        ("router", ["Old router", "New ROUTER sent"]),
        ("sent rout", ["New ROUTER sent"]),
        ("%", []),
    ):
        found = (await abe(NOTES, id=account, search=search))["account"]["notes"]
        assert (search, [it["text"] for it in found["nodes"]]) == (search, expected)
        assert found["totalCount"] == len(expected)
    texts, after = [], None
    for _ in listed:
        page = (await abe(NOTES, id=account, first=1, after=after))["account"]["notes"]
        texts += [it["text"] for it in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (texts, page["pageInfo"]["hasNextPage"]) == (listed, False)


async def test_refused_notes(runtime: Runtime) -> None:
    account = await an_account(runtime)
    abe = Caller(runtime, ABE)
    for text, error in (
        (" ", "REQUIRED input.text"),
        ("x" * 2001, "OUT_OF_RANGE input.text"),
        ("a\x07", "INVALID input.text"),
    ):
        await check_refused(abe, "addNote", {"accountId": account, "text": text}, error)
    unknown = global_id("Account", 99)
    await check_refused(
        abe, "addNote", {"accountId": unknown, "text": "x"}, "NOT_FOUND input.accountId"
    )
    await check_refused(abe, "updateNote", {"noteId": account}, "INVALID input.noteId")
