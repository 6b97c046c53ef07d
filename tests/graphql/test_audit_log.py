"""The audit log by the API: order, pages, filters, who may read it, and that it is fast."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from tenure.audit.models import AuditAction, AuditEntry
from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.kernel.unit import Runtime
from tests.checks import MIA
from tests.graphql.caller import Caller, global_id, sent_statements
from tests.plans import planned_statements

START = datetime(2026, 11, 1, tzinfo=UTC)
ACTORS = ("Ana@example.com", "Shop", "Élodie")


async def add_entries(runtime: Runtime, count: int) -> None:
    """Entries of three actors in turn, two a minute."""
    entries = [
        {
            "at": START + timedelta(minutes=place // 2),
            "actor": ACTORS[place % 3],
            "actor_key": ACTORS[place % 3].casefold(),
            "action": list(AuditAction)[place % 5],
            "summary": f"Entry {place}.",
            "details": {"place": [None, place]},
        }
        for place in range(count)
    ]
    async with runtime.database.engine.begin() as connection:
        await connection.execute(insert(AuditEntry), entries)


async def summaries(ask: Caller, arguments: str) -> list[int]:
    """The numbers of the entries of a page."""
    answer = await ask(f"{{ auditLog({arguments}) {{ nodes {{ summary }} }} }}")
    return [int(it["summary"][6:-1]) for it in answer["auditLog"]["nodes"]]


async def test_entries_are_read_newest_first(ask: Caller, runtime: Runtime) -> None:
    await add_entries(runtime, 3)
    answer = await ask("{ auditLog { totalCount nodes { id at actor action summary details } } }")
    assert answer["auditLog"]["totalCount"] == 3
    newest = answer["auditLog"]["nodes"][0]
    assert newest | {"id": None} == {
        "id": None,
        "at": "2026-11-01T00:01:00Z",
        "actor": "Élodie",
        "action": "SIGNED_OUT",
        "summary": "Entry 2.",
        "details": {"place": [None, 2]},
    }
    assert [it["summary"] for it in answer["auditLog"]["nodes"]] == [
        "Entry 2.",
        "Entry 1.",
        "Entry 0.",
    ]
    document = "query($id: ID!) { node(id: $id) { ... on AuditEntry { summary } } }"
    assert (await ask(document, id=newest["id"]))["node"] == {"summary": "Entry 2."}


async def test_pages_go_both_ways(ask: Caller, runtime: Runtime) -> None:
    """Two entries have the same time: none is skipped or repeated."""
    await add_entries(runtime, 7)
    document = """query($after: String, $before: String, $first: Int, $last: Int) {
        auditLog(after: $after, before: $before, first: $first, last: $last) {
            nodes { summary } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }"""
    seen, cursor = [], None
    while True:
        page = (await ask(document, first=3, after=cursor))["auditLog"]
        seen += [it["summary"] for it in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"Entry {place}." for place in range(6, -1, -1)]
    back = (await ask(document, last=3, before=page["pageInfo"]["startCursor"]))["auditLog"]
    assert [it["summary"] for it in back["nodes"]] == ["Entry 3.", "Entry 2.", "Entry 1."]
    assert back["pageInfo"]["hasPreviousPage"]


async def test_filters(ask: Caller, runtime: Runtime) -> None:
    """The actor by the whole name in any case; times are half-open."""
    await add_entries(runtime, 12)
    assert await summaries(ask, 'filter: {actor: "ÉLODIE"}') == [11, 8, 5, 2]
    assert await summaries(ask, 'filter: {actor: "ana"}') == []
    assert await summaries(ask, "filter: {action: [SIGNED_IN, USER_CHANGED]}") == [10, 9, 5, 4, 0]
    assert await summaries(ask, 'filter: {search: "ENTRY 1"}') == [11, 10, 1]
    assert await summaries(ask, 'filter: {search: "1 _"}') == []
    period = 'from: "2026-11-01T00:01:00Z", to: "2026-11-01T00:03:00Z"'
    assert await summaries(ask, f"filter: {{{period}}}") == [5, 4, 3, 2]
    both = f'filter: {{{period}, actor: "shop", action: [USER_CHANGED]}}'
    assert await summaries(ask, both) == [4]


async def test_only_an_admin_reads_it(ask: Caller, runtime: Runtime) -> None:
    """Rules 10. Nothing is read from the database."""
    await add_entries(runtime, 1)
    manager = ask.acting_as(MIA)
    document = "{ viewer { name } auditLog { nodes { summary } } }"
    with sent_statements(runtime.database) as sent:
        data, [error] = await manager.answer(document)
    assert (data, error["path"], sent) == (None, ["auditLog"], [])
    assert error["extensions"] == {"code": "FORBIDDEN"}
    document = "query($id: ID!) { node(id: $id) { ... on AuditEntry { summary } } }"
    assert await manager.code(document, id=global_id("AuditEntry", 1)) == "FORBIDDEN"
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on AuditEntry { summary } } }"
    assert await manager.code(document, ids=[global_id("AuditEntry", 1)]) == "FORBIDDEN"


async def test_compiled_reads_check_the_role(runtime: Runtime, ask: Caller) -> None:
    """A plan that was made for an admin does not answer others."""
    await add_entries(runtime, 1)
    compiled = CompiledReads(schema)
    ids = {"ids": [global_id("AuditEntry", 1)]}
    for document, given in (
        ("{ auditLog { nodes { summary } } }", {}),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { ... on AuditEntry { summary } } }", ids),
    ):
        for actor, fallbacks in ((ask.actor, 0), (MIA, 1)):
            before = compiled.fallbacks["forbidden"]
            context = Context(runtime, actor, compiled=compiled)
            result = await schema.execute(document, dict(given), context)
            assert compiled.fallbacks["forbidden"] - before == fallbacks
            assert (result.errors is None) == (fallbacks == 0)
    assert compiled.compiled == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "index"),
    [
        ("first: 5", "ix_audit_entry_at_id"),
        ('filter: {from: "2026-11-02T00:00:00Z"}, last: 5', "ix_audit_entry_at_id"),
        ('filter: {actor: "Rare"}', "ix_audit_entry_actor_key_at_id"),
        ("filter: {action: [WEBHOOK_CHANGED]}", "ix_audit_entry_action_at_id"),
    ],
)
async def test_an_index_finds_the_page(
    ask: Caller, runtime: Runtime, arguments: str, index: str
) -> None:
    await add_entries(runtime, 5000)
    await runtime.database.analyze()
    with planned_statements(runtime.database) as statements:
        await ask(f"{{ auditLog({arguments}) {{ nodes {{ summary }} }} }}")
    assert await statements.used_indexes() == {index}
    assert await statements.scanned_tables() == set()
