"""Times and plans of the statements of the page on a large database of PostgreSQL.

`python -m tests.benchmarks.page_statements DATABASE_URL` prints for each query of the page, and for
the list of accounts with several filters, the time of its statement, the blocks of 8 kB that it
reads, and the tables that it scans as a whole. With `--plan NAME` it prints the plan of one.
`make peers ARGS="--accounts 1000000 --keep"` builds such a database.
"""

import argparse
import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import asyncpg
import orjson
from graphql import OperationDefinitionNode, print_ast

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.graphql.reads.mapping import MAPPINGS
from tenure.graphql.reads.resolved_field import UNCOMPILED
from tenure.graphql.types.ids import global_id
from tenure.kernel.db import Database
from tenure.kernel.postgresql import server_settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.tables import show
from tests.conftest import ANA
from tests.page_queries import document_of, queries, root_fields

REPEATED = 3
# Tables with few rows are scanned as a whole, which is no fault.
SMALL_TABLE = 10_000
VALUES: dict[str, Any] = {
    "at": "2027-02-01T00:00:00Z",
    "from": "2026-12-01",
    "to": "2027-01-12",
    "status": "INACTIVE",
    "settled": 5,
    "first": 25,
    "search": "garcia",
}
LIST = "query($filter: AccountFilter) { accounts(first: 25, filter: $filter) { %s } }"
ROWS = "nodes { id number name status rank } pageInfo { hasNextPage endCursor }"
FILTERS: dict[str, dict[str, Any]] = {
    "number": {"search": "A-0000123"},
    "first and last name": {"search": "ana garcia"},
    "last name": {"search": "garcia"},
    "one letter": {"search": "a"},
    "no match": {"search": "xyzzy"},
    "active": {"status": ["ACTIVE"]},
    "inactive": {"status": ["INACTIVE"]},
    "gold and inactive": {"rank": ["GOLD"], "status": ["INACTIVE"]},
    "held manually": {"heldBy": ["MANUAL"]},
    "overdue": {"hasOverdue": True},
}


@dataclass(frozen=True, slots=True)
class Request:
    """A document with variables."""

    name: str
    document: str
    variables: Mapping[str, Any]


class Recorder(Database):
    """A database that keeps what is sent to it by compiled reads."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sent: list[tuple[str, Sequence[object]]] = []

    async def fetch_row(self, statement: str, parameters: Sequence[object]) -> Sequence[object]:
        """The row, as for any database."""
        self.sent.append((statement, tuple(parameters)))
        return await super().fetch_row(statement, parameters)


async def page_requests(connection: asyncpg.Connection) -> list[Request]:
    """The queries of the page about existing rows, and the lists of accounts."""
    keys: dict[str, int] = {}
    for name, mapped in MAPPINGS.items():
        if mapped.model is not None and "id" in mapped.fields:
            newest = f"SELECT max(id) FROM {mapped.model.__tablename__}"
            keys[name] = await connection.fetchval(newest) or 0
    numbers = {
        table: await connection.fetchval(f"SELECT number FROM {table} ORDER BY id DESC LIMIT 1")
        for table in ("account", "bill")
    }
    pages = [
        Request(name, document, dict(_variables(it, document, keys, numbers)))
        for name, it in sorted(queries().items())
        for document in [document_of(it)]
        if not root_fields(it) <= UNCOMPILED.keys()
    ]
    lists = [
        Request(f"{title}: {name}", LIST % selection, {"filter": filter_})
        for title, selection in (("Accounts", ROWS), ("totalCount", "totalCount"))
        for name, filter_ in FILTERS.items()
    ]
    return [*pages, *lists]


def _variables(
    operation: OperationDefinitionNode,
    document: str,
    keys: Mapping[str, int],
    numbers: Mapping[str, str],
) -> Iterator[tuple[str, Any]]:
    """The values of the required variables, and of those that VALUES has."""
    conditions = [it for it in re.findall(r"\.\.\. on (\w+)", document) if it in keys]
    type_name = conditions[0] if "node(id" in document and conditions else "Account"
    for variable in operation.variable_definitions or ():
        name, kind = variable.variable.name.value, print_ast(variable.type)
        if kind == "ID!":
            yield name, global_id(type_name, keys[type_name])
        elif kind == "[ID!]!":
            yield name, [global_id("Account", keys["Account"] - place) for place in range(25)]
        elif name in ("number", "bill"):
            yield name, numbers["bill" if "bill(number" in document else "account"]
        elif name in VALUES:
            value = VALUES[name]
            if kind == "DateTime!" and name != "at":
                value = f"{value}T00:00:00Z"
            yield name, [value] if kind.startswith("[") else value


async def measured(connection: asyncpg.Connection, database: Recorder, it: Request) -> list[str]:
    """The row of the table for a request."""
    statement, parameters = await _statement(database, it)
    times = []
    prepared = await connection.prepare(statement)
    for _ in range(REPEATED):
        began = perf_counter()
        await prepared.fetchrow(*parameters)
        times.append(1000 * (perf_counter() - began))
    plan = await explained(connection, statement, parameters)
    nodes = list(_nodes(plan))
    scans = {
        node["Relation Name"]
        for node in nodes
        if node["Node Type"] == "Seq Scan"
        and (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) >= SMALL_TABLE
    }
    blocks = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return [it.name, f"{min(times):.1f}", f"{blocks:,}", ", ".join(sorted(scans))]


async def explained(
    connection: asyncpg.Connection, statement: str, parameters: Sequence[object]
) -> dict[str, Any]:
    """The executed plan, with its times and blocks."""
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    [answer] = orjson.loads(await connection.fetchval(explain, *parameters))
    plan: dict[str, Any] = answer["Plan"]
    return plan


async def _statement(database: Recorder, it: Request) -> tuple[str, Sequence[object]]:
    database.sent.clear()
    compiled = CompiledReads(schema)
    context = Context(
        Runtime(database, BusinessReader(clock_settable=True)), ANA, compiled=compiled
    )
    result = await schema.execute(it.document, dict(it.variables), context)
    if not compiled.compiled:
        raise RuntimeError(f"{it.name} is not compiled: {dict(compiled.fallbacks)} {result.errors}")
    return database.sent[-1]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.page_statements")
    parser.add_argument("url", help="of the database, postgresql://…")
    parser.add_argument("--plan", metavar="NAME", help="print the plan of this query only")
    asked = parser.parse_args()
    database = Recorder(asked.url)
    connection = await asyncpg.connect(
        asked.url, server_settings=server_settings(database.timeouts)
    )
    try:
        wanted = await page_requests(connection)
        if asked.plan:
            [it] = [it for it in wanted if it.name == asked.plan]
            statement, parameters = await _statement(database, it)
            rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", *parameters)
            print("\n".join(row[0] for row in rows))
            return
        rows = [await measured(connection, database, it) for it in wanted]
        titles = ["query", "ms", "blocks", "scanned as a whole"]
        show("Statements of the page", titles, rows)
    finally:
        await connection.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
