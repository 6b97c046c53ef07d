"""Keyset pages: every row once, forward and backward, also with equal values of the sort key."""

from typing import Any

import pytest
from sqlalchemy import delete, insert

from tenure.accounts.models import Account, SearchTerm
from tenure.holds.models import Cause
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, global_id

PAGE = """query($sort: AccountSort, $first: Int, $after: String, $last: Int, $before: String) {
  accounts(sort: $sort, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { name } edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
CHILDREN = """query($first: Int, $after: String, $last: Int, $before: String) {
  accounts(sort: NUMBER_ASC, first: 2) { nodes {
    children(first: $first, after: $after, last: $last, before: $before) {
      totalCount nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  } }
}"""
SORTED = {
    "CREATED_DESC": ["Ada 4", "Ada 3", "Ada 2", "Ada 1", "Ada 0"],
    "CREATED_ASC": ["Ada 0", "Ada 1", "Ada 2", "Ada 3", "Ada 4"],
    "NAME_ASC": ["Ada 0", "Ada 1", "Ada 2", "Ada 3", "Ada 4"],
    "NAME_DESC": ["Ada 4", "Ada 3", "Ada 2", "Ada 1", "Ada 0"],
    "NUMBER_ASC": ["Ada 0", "Ada 1", "Ada 2", "Ada 3", "Ada 4"],
}


async def five(runtime: Runtime) -> list[int]:
    """Five accounts that were created in one instant."""
    async with runtime.unit(ANA) as unit:
        return [
            await builders.account(unit, f"Ada {place}", number=f"N-{place}") for place in range(5)
        ]


def names(page: Any) -> list[str]:
    return [node["name"] for node in page["nodes"]]


async def test_a_search_is_counted_up_to_ten_thousand(ask: Caller, runtime: Runtime) -> None:
    """Other lists are counted to their end; by resolvers and statements (`Caller`)."""
    counts = """{ all: accounts { totalCount }
      inactive: accounts(filter: {status: [INACTIVE]}) { totalCount }
      held: accounts(filter: {heldBy: [MANUAL]}) { totalCount }
      found: accounts(filter: {search: "ada"}) { totalCount } }"""
    async with runtime.unit(ANA) as unit:
        template = await unit.session.get_one(Account, await builders.account(unit, "Eve"))
        same = {
            it.key: getattr(template, it.key)
            for it in Account.__table__.c
            if it.key not in ("id", "number", "name", "status", "is_root") and it.computed is None
        }
        template.inactive_holds = same["inactive_holds"] = int(Cause.MANUAL)
        keys = range(100_001, 110_002)
        accounts = [{**same, "id": key, "number": f"N-{key}", "name": "Ada"} for key in keys]
        terms = [{"account_id": key, "term": "ada"} for key in keys]
        await unit.connection.execute(insert(Account), accounts)
        await unit.connection.execute(insert(SearchTerm), terms)
    more, most = {"totalCount": 10_002}, {"totalCount": 10_000}
    assert await ask(counts) == {"all": more, "inactive": more, "held": most, "found": most}
    async with runtime.unit(ANA) as unit:
        of_two = SearchTerm.account_id.in_((keys[0], keys[1]))
        await unit.connection.execute(delete(SearchTerm).where(of_two))
    fewer = {"totalCount": 9_999}
    assert await ask(counts) == {"all": more, "inactive": more, "held": most, "found": fewer}


@pytest.mark.parametrize("sort", SORTED)
async def test_forward_through_equal_sort_keys(ask: Caller, runtime: Runtime, sort: str) -> None:
    await five(runtime)
    seen, after, flags = [], None, []
    for _ in range(3):
        page = (await ask(PAGE, sort=sort, first=2, after=after))["accounts"]
        assert page["totalCount"] == 5
        assert [edge["node"]["name"] for edge in page["edges"]] == names(page)
        seen += names(page)
        after = page["pageInfo"]["endCursor"]
        flags.append((page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]))
    assert seen == SORTED[sort]
    assert flags == [(False, True), (True, True), (True, False)]


@pytest.mark.parametrize("sort", SORTED)
async def test_backward_through_equal_sort_keys(ask: Caller, runtime: Runtime, sort: str) -> None:
    await five(runtime)
    seen: list[str] = []
    before, flags = None, []
    for _ in range(3):
        page = (await ask(PAGE, sort=sort, last=2, before=before))["accounts"]
        seen = names(page) + seen
        before = page["pageInfo"]["startCursor"]
        flags.append((page["pageInfo"]["hasPreviousPage"], page["pageInfo"]["hasNextPage"]))
    assert seen == SORTED[sort]
    assert flags == [(True, False), (True, True), (False, True)]


async def test_names_that_are_equal(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        made = [await builders.account(unit, "Same") for _ in range(4)]
    seen, after = [], None
    for _ in range(4):
        document = (
            "query($a: String) { accounts(sort: NAME_ASC, first: 1, after: $a) { "
            "edges { cursor node { id } } } }"
        )
        [edge] = (await ask(document, a=after))["accounts"]["edges"]
        seen.append(edge["node"]["id"])
        after = edge["cursor"]
    assert seen == [global_id("Account", one) for one in made]


async def test_between_two_cursors(ask: Caller, runtime: Runtime) -> None:
    await five(runtime)
    cursors = [edge["cursor"] for edge in (await ask(PAGE, sort="NUMBER_ASC"))["accounts"]["edges"]]
    page = (await ask(PAGE, sort="NUMBER_ASC", after=cursors[0], before=cursors[4]))["accounts"]
    assert names(page) == ["Ada 1", "Ada 2", "Ada 3"]


async def test_each_parent_has_its_own_page(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        parents = [await builders.account(unit, "Parent", number=f"1{place}") for place in range(2)]
        for place in range(5):
            for parent in parents:
                await builders.child(unit, parent, f"{parents.index(parent)}-{place}", paid=False)

    async def pages(**paging: Any) -> list[Any]:
        return [node["children"] for node in (await ask(CHILDREN, **paging))["accounts"]["nodes"]]

    assert [names(page) for page in await pages(first=2)] == [["0-4", "0-3"], ["1-4", "1-3"]]
    assert [names(page) for page in await pages(last=2)] == [["0-1", "0-0"], ["1-1", "1-0"]]
    after = (await pages(first=2))[0]["pageInfo"]["endCursor"]
    first, second = await pages(first=2, after=after)
    assert names(first) == ["0-2", "0-1"]
    assert names(second) == [
        "1-2",
        "1-1",
    ]  # The cursor is a place in the order; it names the other parent's row.
    assert [page["totalCount"] for page in (first, second)] == [5, 5]
    flags = [page["pageInfo"] for page in await pages(last=2)]
    assert [(it["hasPreviousPage"], it["hasNextPage"]) for it in flags] == [
        (True, False),
        (True, False),
    ]


async def test_empty_pages(ask: Caller, runtime: Runtime) -> None:
    nothing = {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }
    page = (await ask(PAGE))["accounts"]
    assert (page["totalCount"], page["edges"], page["pageInfo"]) == (0, [], nothing)
    await five(runtime)
    page = (await ask(PAGE, first=0))["accounts"]
    assert (page["totalCount"], page["nodes"]) == (5, [])
    assert page["pageInfo"] == nothing | {"hasNextPage": True}


@pytest.mark.parametrize(
    "paging",
    [
        {"first": 101},
        {"last": 101},
        {"first": -1},
        {"last": -1},
        {"first": 1, "last": 1},
        {"after": "nonsense"},
        {"after": "W10="},
        {"before": "WyJ4IiwgMV0="},
        {"after": "WzFd"},
    ],
)
async def test_what_no_page_can_be(ask: Caller, paging: dict[str, Any]) -> None:
    assert await ask.code(PAGE, **paging) == "INVALID"


async def test_a_page_is_25_unless_asked_otherwise(ask: Caller, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        for place in range(26):
            await builders.account(unit, f"Ada {place}")
    page = (await ask(PAGE))["accounts"]
    assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (25, True)
    assert len((await ask(PAGE, first=100))["accounts"]["nodes"]) == 26
