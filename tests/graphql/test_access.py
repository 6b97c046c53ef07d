"""Who has not signed in learns nothing at all; readers change nothing."""

from unittest.mock import AsyncMock, Mock

import pytest
from graphql import is_non_null_type
from strawberry.schema import schema as strawberrys

from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tests.checks import nothing_written
from tests.documents import documents
from tests.graphql.caller import Caller, required_role, sent_statements

EVERY = [(operation, name, document) for operation, name, document in documents(schema._schema)]
VIEWER = Actor("vic", Role.VIEWER)
# Mutations that concern only the caller, whatever the role.
OF_ONESELF = {"changePassword", "endSessions"}
# Lists that require role ADMIN.
OF_ADMINS = {"users", "tokens", "auditLog", "webhooks"}
OF_AGENTS = {"home"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "document"), [(name, document) for _, name, document in EVERY])
async def test_anonymous_is_refused(ask: Caller, name: str, document: str) -> None:
    nobody = ask.acting_as(None)
    with sent_statements(ask.runtime.database) as sent:
        data, [error] = await nobody.answer(document)
    assert (name, data, error["message"]) == (name, None, "Sign in first.")
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}
    assert sent == []


@pytest.mark.parametrize(
    "document",
    [
        "{ __typename viewer { name } }",
        "{ ... { viewer { name } } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { viewer { name } }",
        "query A { __typename } query B { viewer { name } }",
        '{ __typename __type(name: "Money") { name } }',
        "{ __schema { types { name } } }",
        "{ nonsense }",
        "{",
        "",
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_anonymous_finds_no_way_around(ask: Caller, document: str) -> None:
    assert await ask.acting_as(None).code(document) == "UNAUTHENTICATED"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nothing_is_parsed_for_the_anonymous(
    ask: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules 10: first who asks, then what."""
    monkeypatch.setattr(strawberrys, "parse", Mock(side_effect=AssertionError("parsed")))
    assert await ask.acting_as(None).code("{ viewer { name } }") == "UNAUTHENTICATED"
    context = Context(ask.runtime, identify=AsyncMock(return_value=None))
    results = await schema.stream("{ viewer { name } }", {}, context)
    assert [
        [dict(it.extensions or {}) for it in result.errors or ()] async for result in results
    ] == [[{"code": "UNAUTHENTICATED"}]]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "document"),
    [(name, it) for kind, name, it in EVERY if kind == "mutation" and name not in OF_ONESELF],
)
async def test_a_viewer_changes_nothing(
    ask: Caller, runtime: Runtime, name: str, document: str
) -> None:
    async with nothing_written(runtime):
        assert (name, await ask.acting_as(VIEWER).code(document)) == (name, "FORBIDDEN")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_mutation_requires_the_role_that_its_description_names(ask: Caller) -> None:
    """Rules 10. The role below it is refused, the role itself is not."""
    for kind, name, document in EVERY:
        if kind != "mutation":
            continue
        required = list(Role).index(required_role(name))
        for index, role in enumerate(Role):
            _, errors = await ask.acting_as(Actor("vic", role)).answer(document)
            codes = [error["extensions"]["code"] for error in errors]
            assert (name, role, "FORBIDDEN" in codes) == (name, role, index < required)


# These say so where there is nothing with the id.
OF_SOMETHING = {
    "account",
    "bill",
    "offer",
    "service",
    "accountStatusImpact",
    "assetStatusImpact",
    "scheduleConflicts",
}
READS = [
    (name, it)
    for kind, name, it in EVERY
    if kind == "query" and name not in OF_SOMETHING | OF_ADMINS | OF_AGENTS
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "document"), READS)
async def test_a_viewer_reads_everything(ask: Caller, name: str, document: str) -> None:
    assert name in await ask.acting_as(VIEWER)(document)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_list_requires_the_role_that_its_description_names(ask: Caller) -> None:
    """Rules 10: users, tokens and the audit log are read by ADMIN alone."""
    assert schema._schema.query_type is not None
    fields = schema._schema.query_type.fields
    named = {name for name, it in fields.items() if "Requires role ADMIN." in str(it.description)}
    assert named == OF_ADMINS
    for kind, name, document in EVERY:
        if kind == "query" and name in OF_ADMINS:
            for role in (Role.VIEWER, Role.AGENT, Role.MANAGER):
                assert await ask.acting_as(Actor("vic", role)).code(document) == "FORBIDDEN"
            assert name in await ask.acting_as(Actor("vic", Role.ADMIN))(document)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_home_page_is_for_agents(ask: Caller) -> None:
    """Rules 10: what needs somebody is for those who can do it."""
    assert schema._schema.query_type is not None
    fields = schema._schema.query_type.fields
    named = {name for name, it in fields.items() if "Requires role AGENT." in str(it.description)}
    assert named == OF_AGENTS
    for kind, name, document in EVERY:
        if kind == "query" and name in OF_AGENTS:
            assert await ask.acting_as(VIEWER).code(document) == "FORBIDDEN"
            assert name in await ask.acting_as(Actor("abe", Role.AGENT))(document)


def test_every_mutation_is_nullable() -> None:
    """A mutation that is not allowed is null in the data; the others have their results."""
    assert schema._schema.mutation_type is not None
    fields = schema._schema.mutation_type.fields
    assert [name for name, it in fields.items() if is_non_null_type(it.type)] == []
