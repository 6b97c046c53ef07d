"""Filters that may match few rows of a large table: which branch a list takes, and its plan."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import literal_column, text, update

from tenure.accounts.models import Account
from tenure.graphql.compiled import candidates, connections
from tenure.graphql.reads import statements
from tenure.holds.models import Cause
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import bill_rows, builders
from tests.benchmarks.page_statements import Recorder, explained
from tests.conftest import ANA
from tests.graphql.compiled.comparing import BothWays
from tests.plans import nodes_of
from tests.waiting import PATIENCE, wait_for

TODAY = date(2026, 11, 10)
PAGE = """query($filter: AccountFilter, $first: Int, $after: String, $last: Int,
    $sort: AccountSort) {
  accounts(filter: $filter, sort: $sort, first: $first, after: $after, last: $last) {
    totalCount nodes { name } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } }
}"""
BILLS = """query($first: Int, $after: String) {
  bills(filter: {isOverdue: true}, first: $first, after: $after) {
    totalCount nodes { number } pageInfo { hasNextPage endCursor } } }"""
OVERDUE = {"hasOverdue": True}
# The names that each filter finds, in the order of creation and of names.
FOUND: list[tuple[dict[str, Any], list[str]]] = [
    (OVERDUE, ["Ada North", "Cid North", "Eve South"]),
    ({**OVERDUE, "status": ["ACTIVE"]}, ["Ada North", "Eve South"]),
    ({**OVERDUE, "search": "nor"}, ["Ada North", "Cid North"]),
    ({"search": "north"}, ["Ada North", "Bob North", "Cid North"]),
    ({"search": "so", "status": ["ACTIVE"]}, ["Dan South", "Eve South"]),
    ({"search": "cid nor"}, ["Cid North"]),
    ({"search": "n c"}, ["Cid North"]),
    ({"search": "s x"}, []),
    ({"heldBy": ["MANUAL"]}, ["Bob North", "Cid North"]),
    ({"heldBy": ["PARENT", "DEBT", "MANUAL"], "search": "nor"}, ["Bob North", "Cid North"]),
    ({"heldBy": ["DEBT"], **OVERDUE}, ["Cid North"]),
    ({"heldBy": ["MANUAL"], "status": ["INACTIVE"]}, ["Bob North"]),
    ({"heldBy": ["PARENT"]}, []),
]
HELD = {
    1: {Account.inactive_holds: int(Cause.MANUAL)},
    2: {Account.inactive_holds: int(Cause.DEBT), Account.closed_holds: int(Cause.MANUAL)},
}
# What lists of all accounts and of one account have as their length if the limit is 1.
COUNTS = {
    "bills { totalCount }": 1,
    "bills(filter: {isOverdue: true}) { totalCount }": 1,
    "events { totalCount }": 1,
    "payments { totalCount }": 0,
    "services { totalCount }": 0,
    'accounts(filter: {search: "north"}) { totalCount }': 1,
    'accounts(filter: {search: "north", status: ACTIVE}) { totalCount }': 1,
    'accounts(filter: {search: "xyz"}) { totalCount }': 0,
    "accounts { totalCount }": 5,
    "accounts(filter: {status: ACTIVE}) { totalCount }": 3,
    'accounts(filter: {search: "cid"}) { nodes { bills { totalCount } } }': 2,
}
# The answers of the resolvers, which have no branches: the tests of all branches share them.
BY_RESOLVERS: dict[tuple[bool, str, bytes], bytes] = {}
MANY = 3_000
# Each account has a paid bill and one that is due later; of the oldest three that is overdue, and
# they have a hold for the debt.
FILL = f"""
INSERT INTO account (id, number, name, name_key, currency, inactive_holds, closed_holds, created_at,
    status_changed_at, version)
  SELECT n, 'A-' || n, 'C', 'c', 'USD', CASE WHEN n <= 3 THEN 2 ELSE 0 END, 0,
    timestamptz '2020-01-01' + n * interval '1 hour', now(), 1
  FROM generate_series(1, {MANY}) n;
INSERT INTO bill_unit (id, account_id, name, is_default, currency, billing_day_of_month,
    next_bill_on, balance, created_at, version)
  SELECT id, id, 'Main', true, 'USD', 1, '2100-01-01', 0, now(), 1 FROM account;
INSERT INTO bill (id, number, account_id, bill_unit_id, currency, period_start, period_end,
    billed_on, due_on, current_charges, subordinate_charges, adjusted, paid, held,
    previous_balance, payments, adjustments, disputed, created_at)
  SELECT month * {MANY} + id, 'B-' || id || '-' || month, id, id, 'USD', '2020-01-01',
    date '2020-01-01' + month, '2020-01-01',
    CASE WHEN month = 0 OR id <= 3 THEN date '2020-02-01' ELSE '2100-01-01' END, 10, 0, 0,
    CASE month WHEN 0 THEN -10 ELSE 0 END, 0, 0, 0, 0, 0, now()
  FROM account, generate_series(0, 1) month;
INSERT INTO search_term (term, account_id) SELECT 'c', id FROM account"""

ALL_VISIBLE = """SELECT bool_and(relallvisible = relpages)
  FROM pg_class WHERE oid IN ('account'::regclass, 'bill'::regclass)"""


async def three_overdue(runtime: Runtime) -> None:
    """Five accounts: the first, the third (with two bills) and the last one are overdue.

    The second one has a hold of an agent, the third one that and one for the debt.
    """
    names = ("Ada North", "Bob North", "Cid North", "Dan South", "Eve South")
    async with runtime.unit(ANA) as unit:
        for place, name in enumerate(names):
            account = await builders.account(unit, name)
            bill_unit = await builders.default_bill_unit_id(unit, account)
            due = TODAY if place % 2 else TODAY - timedelta(days=1)
            for month in range(1 + (place == 2)):
                end = TODAY - timedelta(days=30 * month + place)
                await bill_rows.bill(
                    unit, bill_unit, end, due_on=due, current_charges=Decimal(10), number=f"{end}"
                )
            if place in HELD:
                held = update(Account).where(Account.id == account)
                await unit.session.execute(held.values(HELD[place]))


async def answer(both: BothWays, document: str, **variables: Any) -> Any:
    """The data of the response, which is the same both ways."""
    key = (both.runtime.database.is_sqlite, document, orjson.dumps(variables))
    if key not in BY_RESOLVERS:
        BY_RESOLVERS[key] = await both.by_resolvers(document, variables)
    response = await both.by_statement(document, variables)
    assert response == BY_RESOLVERS[key], (document, variables)
    return orjson.loads(response)["data"]


async def pages(both: BothWays, document: str, field: str, **variables: Any) -> list[Any]:
    """The nodes of all pages of two, with the total count of each page."""
    found, after = [], None
    while True:
        page = (await answer(both, document, first=2, after=after, **variables))[field]
        found += [(page["totalCount"], *node.values()) for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize(
    ("most", "near"),
    [(10, 10), (4, 10), (3, 10), (0, 10), (0, 2), (0, 0)],
    ids=["few", "just few", "near", "all near", "near and all", "all"],
)
async def test_each_branch_finds_the_same(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, most: int, near: int
) -> None:
    """Rules 7.3. Three accounts have four overdue bills."""
    monkeypatch.setattr(candidates, "MAX_KEYS", most)
    monkeypatch.setattr(candidates, "NEAR", near)
    await three_overdue(runtime)
    both = BothWays(runtime)
    for filter_, names in FOUND:
        counted = [(len(names), name) for name in names]
        for sort, expected in (("CREATED_ASC", counted), ("NAME_DESC", counted[::-1])):
            found = await pages(both, PAGE, "accounts", filter=filter_, sort=sort)
            assert found == expected, (filter_, sort)
            found = await answer(both, PAGE, last=2, filter=filter_, sort=sort)
            last = found["accounts"]["nodes"]
            assert [it["name"] for it in last] == [name for _, name in expected][-2:]
    ends = [TODAY - timedelta(days=days) for days in (0, 2, 4, 32)]
    assert await pages(both, BILLS, "bills") == [(4, f"{end}") for end in ends]
    assert both.compiled.fallbacks == {}


async def test_counts_of_more_candidates_than_are_read(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without other conditions, all candidates of one word match, and count as so many rows."""
    monkeypatch.setattr(candidates, "MAX_KEYS", 1)
    monkeypatch.setattr(candidates, "COUNTED_KEYS", 1)
    await three_overdue(runtime)
    both = BothWays(runtime)
    for filter_, names in FOUND:
        if len(filter_) > 1 or " " in filter_.get("search", ""):
            found = await answer(both, PAGE, filter=filter_)
            assert found["accounts"]["totalCount"] == len(names)


async def test_the_whole_list_is_read_where_too_many_candidates_are_not_near(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("MAX_KEYS", 0), ("NEAR", 1), ("COUNTED_KEYS", 0)):
        monkeypatch.setattr(candidates, name, number)
    await three_overdue(runtime)
    both = BothWays(runtime)
    document = PAGE.replace("totalCount", "")
    for filter_, names in FOUND:
        for sort, expected in (("CREATED_ASC", names), ("NAME_DESC", names[::-1])):
            found = await answer(both, document, first=5, filter=filter_, sort=sort)
            assert [it["name"] for it in found["accounts"]["nodes"]] == expected, (filter_, sort)


@pytest.mark.parametrize("some", [0, 10], ids=["all keys", "some keys"])
async def test_lists_of_all_accounts_are_counted_up_to_a_limit(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, some: int
) -> None:
    """Bills, payments, services, events and what a search finds; others have their exact length."""
    monkeypatch.setattr(candidates, "SOME_KEYS", some)
    monkeypatch.setattr(connections, "COUNTED", literal_column("1"))
    monkeypatch.setattr(statements, "MAX_COUNT", 1)
    await three_overdue(runtime)
    both = BothWays(runtime)
    for field, count in COUNTS.items():
        response = await both.equal(f"{{ {field} }}")
        assert f'"totalCount":{count}' in response.decode(), field
    assert both.compiled.fallbacks == {}


async def vacuumed(database: Database) -> bool:
    """Whether all pages are visible to all, which an index-only scan needs.

    Not while another transaction of the database is open, such as one of autovacuum. The rows of
    earlier tests stay in the indexes, and their pages are not visible, unless they are cleaned up.
    """
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(
            text("VACUUM (ANALYZE, INDEX_CLEANUP ON) account, bill, search_term")
        )
        return bool(await connection.scalar(text(ALL_VISIBLE)))


async def explained_list(database_url: str, field: str) -> tuple[bytes, dict[str, Any]]:
    """The response of a list in the filled database, and the executed plan of its statement."""
    database = Recorder(database_url)
    try:
        async with database.engine.begin() as connection:
            for statement in FILL.split(";"):
                await connection.execute(text(statement))
        await wait_for(partial(vacuumed, database), PATIENCE, "VACUUM leaves pages not visible.")
        both = BothWays(Runtime(database, BusinessReader(clock_settable=True)))
        response = await both.by_statement(f"{{ {field} }}")
        async with database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            return response, await explained(raw.driver_connection, *database.sent[-1])
    finally:
        await database.close()


def rows_read(plan: dict[str, Any]) -> list[tuple[str, int]]:
    """The table of each node of an executed plan that has one, and how many rows it has read."""
    return [
        (
            str(node["Relation Name"]),
            node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0),
        )
        for node in nodes_of(plan)
        if "Relation Name" in node
    ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_page_of_a_common_word_does_not_read_all_its_terms(
    runtime: Runtime, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All accounts have the word: its terms are read until they are not few."""
    del runtime  # Its database is empty now.
    monkeypatch.setattr(candidates, "MAX_KEYS", 10)
    field = 'accounts(filter: {search: "c"}, first: 5) { nodes { id } }'
    response, plan = await explained_list(database_url, field)
    assert response.count(b'"id"') == 5
    assert sum(rows for table, rows in rows_read(plan) if table == "search_term") <= 11 + 5, plan


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("field", "only_by_index"),
    [
        ("accounts(filter: {hasOverdue: true})", set()),
        ("accounts(filter: {heldBy: [DEBT, PARENT]})", set()),
        ("bills(filter: {isOverdue: true})", {"ix_bill_due_on"}),
    ],
)
async def test_few_rows_are_found_by_index(
    runtime: Runtime, database_url: str, field: str, only_by_index: set[str]
) -> None:
    """Of the accounts and open bills only those are read that are overdue or held.

    The ids of bills are read from the index of due dates alone.
    """
    del runtime  # Its database is empty now.
    response, plan = await explained_list(database_url, f"{field} {{ totalCount nodes {{ id }} }}")
    assert b'"totalCount":3' in response
    found = {it["Index Name"] for it in nodes_of(plan) if it["Node Type"] == "Index Only Scan"}
    assert found >= only_by_index
    read = rows_read(plan)
    assert [it for it in read if it[1] > 3] == [], read
