"""Who has not signed in learns the schema and nothing else; readers change nothing."""

import pytest

from tenure.graphql.schema import schema
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Workplace
from tests.checks import nothing_written
from tests.documents import documents
from tests.graphql.asking import Caller, counted

EVERY = [(operation, name, document) for operation, name, document in documents(schema._schema)]
VIEWER = Actor("vic", Role.VIEWER)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "document"), [(name, document) for _, name, document in EVERY])
async def test_anonymous_is_refused(ask: Caller, name: str, document: str) -> None:
    nobody = ask.acting_as(None)
    with counted(ask.workplace.database) as sent:
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
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_anonymous_finds_no_way_around(ask: Caller, document: str) -> None:
    assert await ask.acting_as(None).code(document) == "UNAUTHENTICATED"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_anonymous_may_read_the_schema(ask: Caller) -> None:
    data = await ask.acting_as(None)('{ __typename __type(name: "Money") { name } }')
    assert data == {"__typename": "Query", "__type": {"name": "Money"}}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "document"), [(name, it) for kind, name, it in EVERY if kind == "mutation"])
async def test_a_viewer_changes_nothing(ask: Caller, workplace: Workplace, name: str, document: str) -> None:
    async with nothing_written(workplace):
        assert (name, await ask.acting_as(VIEWER).code(document)) == (name, "FORBIDDEN")


# These say so where there is nothing with the id.
OF_SOMETHING = {"account", "bill", "accountStatusImpact", "assetStatusImpact", "scheduleConflicts"}
READS = [(name, it) for kind, name, it in EVERY if kind == "query" and name not in OF_SOMETHING]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "document"), READS)
async def test_a_viewer_reads_everything(ask: Caller, name: str, document: str) -> None:
    assert name in await ask.acting_as(VIEWER)(document)
