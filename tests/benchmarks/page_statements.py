"""Times and plans of the statements of the page on a large database of PostgreSQL.

`python -m tests.benchmarks.page_statements DATABASE_URL` prints for each query of the page, and for
lists with several filters, the least time of its statements, the blocks of 8 kB that they read, and
the index by which they read most of these; "all of" a table where one scans it as a whole. A query
that is not compiled has several statements. With `--plan NAME` the program prints the plans of one
query, with `--write` it writes docs/performance.md.
`make peers ARGS="--accounts 1000000 --keep"` builds such a database.
"""

import argparse
import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeAlias

import asyncpg
import orjson
from asyncpg.prepared_stmt import PreparedStatement
from graphql import OperationDefinitionNode, print_ast
from sqlalchemy import event

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.http.context import Context
from tenure.graphql.http.schema import schema
from tenure.graphql.reads.mapping import MAPPINGS
from tenure.graphql.types.ids import global_id
from tenure.kernel.db import Database
from tenure.kernel.postgresql import server_settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.benchmarks.document import markdown, write_section
from tests.benchmarks.tables import show
from tests.conftest import ANA
from tests.page_queries import document_of, queries
from tests.plans import nodes_of

SECTION = "page_statements"
REPEATED = 8
VALUES: dict[str, Any] = {
    "at": "2027-02-01T00:00:00Z",
    "from": "2026-12-01",
    "to": "2027-01-12",
    "status": "INACTIVE",
    "settled": 5,
    "first": 25,
    "search": "garcia",
    "text": "garcia",
    "kind": "internet",
    "login": "login-4711",
}
# VALUES has none for variables of other types with one of these names.
USED_TYPES = {"DateTime", "Date", "Status", "Int", "String"}
LIST = "query($filter: %sFilter) { %s(first: 25, filter: $filter) { %s } }"
ROWS = "nodes { id number name status rank } pageInfo { hasNextPage endCursor }"
OTHER_ROWS = "nodes { id } pageInfo { hasNextPage endCursor }"
FILTERS: dict[str, dict[str, Any]] = {
    "number": {"search": "A-0000123"},
    "digits of a number": {"search": "00123"},
    "first and last name": {"search": "ana garcia"},
    "last name": {"search": "garcia"},
    "rare last name": {"search": "garcia-ab"},
    "e-mail": {"search": "ana.garcia1"},
    "domain": {"search": "example.com"},
    "login": {"search": "login-4711"},
    "telephone number": {"search": "+1 555 0004711"},
    "digits of a telephone number": {"search": "5550004711"},
    "last four digits": {"search": "4711"},
    "one letter": {"search": "a"},
    "no match": {"search": "xyzzy"},
    "none": {},
    "active": {"status": ["ACTIVE"]},
    "inactive": {"status": ["INACTIVE"]},
    "closed": {"status": ["CLOSED"]},
    "platinum": {"rank": ["PLATINUM"]},
    "gold and inactive": {"rank": ["GOLD"], "status": ["INACTIVE"]},
    "held manually": {"heldBy": ["MANUAL"]},
    "held for a debt": {"heldBy": ["DEBT"]},
    "held by a parent": {"heldBy": ["PARENT"]},
    "overdue": {"hasOverdue": True},
    "overdue and gold": {"hasOverdue": True, "rank": ["GOLD"]},
    "not overdue": {"hasOverdue": False},
}
# Lists of all rows by their filters; each has few rows in the comparison.
OTHER_LISTS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("Bill", "overdue", {"isOverdue": True}),
    ("Bill", "open", {"status": ["OPEN"]}),
    ("Dispute", "open", {"status": ["OPEN"]}),
    ("Payment", "failed", {"status": ["FAILED"]}),
    ("DeferredAction", "failed", {"status": ["FAILED"]}),
    ("DeferredAction", "moves", {"kind": ["MOVE_IN_HIERARCHY"]}),
    ("Service", "closed", {"status": ["CLOSED"]}),
)


# A statement with its parameters.
Sent: TypeAlias = tuple[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class Request:
    """A document with variables."""

    name: str
    document: str
    variables: Mapping[str, Any]


class Recorder(Database):
    """A database that keeps the reads that are sent to it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sent: list[Sent] = []
        event.listen(self.engine.sync_engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: object, _cursor: object, statement: str, parameters: Any, *_: object
    ) -> None:
        if statement.startswith(("SELECT", "WITH")):
            self.sent.append((statement, tuple(parameters)))

    async def fetch_row(
        self, statement: str, parameters: Sequence[object]
    ) -> Sequence[object] | None:
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
        Request(name, document, dict(variables_of(it, document, keys, numbers)))
        for name, it in sorted(queries().items())
        for document in [document_of(it)]
    ]
    filters = [("Account", name, filter_) for name, filter_ in FILTERS.items()]
    lists = [
        Request(f"{field}{what}: {name}", LIST % (kind, field, selection), {"filter": filter_})
        for what in ("", ".totalCount")
        for kind, name, filter_ in (*filters, *OTHER_LISTS)
        for field in [f"{kind[0].lower()}{kind[1:]}s"]
        for selection in [what[1:] or (ROWS if kind == "Account" else OTHER_ROWS)]
    ]
    return [*pages, *lists]


def variables_of(
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
        elif kind == "Int!":
            yield name, VALUES.get(name, VALUES["first"])
        elif name in VALUES and kind.strip("[!]") in USED_TYPES:
            value = VALUES[name]
            if kind == "DateTime!" and name != "at":
                value = f"{value}T00:00:00Z"
            yield name, [value] if kind.startswith("[") else value


async def measured(connection: asyncpg.Connection, database: Recorder, it: Request) -> list[str]:
    """The row of the table for a request."""
    milliseconds, blocks = 0.0, 0
    read: Counter[str] = Counter()
    for statement, parameters in await _statements(database, it):
        prepared = await connection.prepare(statement)
        milliseconds += min([await _time(prepared, parameters) for _ in range(REPEATED)])
        plan = await explained(connection, statement, parameters)
        blocks += blocks_of(plan)
        for node in nodes_of(plan):
            read[_read_by(node)] += blocks_of(node) - sum(map(blocks_of, _others(node)))
    del read[""]
    [(most, _), *_] = read.most_common(1) or [("", 0)]
    return [it.name, f"{milliseconds:.1f}", f"{blocks:,}", most]


async def _time(prepared: PreparedStatement, parameters: Sequence[object]) -> float:
    began = perf_counter()
    await prepared.fetch(*parameters)
    return 1000 * (perf_counter() - began)


def blocks_of(node: Mapping[str, Any]) -> int:
    """The blocks that a node and those below it have read."""
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def _read_by(node: Mapping[str, Any]) -> str:
    """The index by which a node reads rows, or the table that it scans."""
    if node["Node Type"] == "Seq Scan":
        return f"all of {node['Relation Name']}"
    if node["Node Type"] == "Bitmap Heap Scan":
        return next((str(it["Index Name"]) for it in nodes_of(node) if "Index Name" in it), "")
    return "" if node["Node Type"] == "Bitmap Index Scan" else str(node.get("Index Name", ""))


def _others(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nodes below, unless they read the index of this one."""
    below: list[dict[str, Any]] = node.get("Plans", [])
    return [it for it in below if not it["Node Type"].startswith("Bitmap")]


async def explained(
    connection: asyncpg.Connection, statement: str, parameters: Sequence[object]
) -> dict[str, Any]:
    """The executed plan, with its times and blocks."""
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    answer = await connection.fetchval(explain, *parameters)
    # SQLAlchemy's connections decode it.
    [it] = orjson.loads(answer) if isinstance(answer, str) else answer
    plan: dict[str, Any] = it["Plan"]
    return plan


async def _statements(database: Recorder, it: Request) -> list[Sent]:
    """The statements of a request. Only the root fields in UNCOMPILED are executed normally."""
    database.sent.clear()
    compiled = CompiledReads(schema)
    context = Context(
        Runtime(database, BusinessReader(clock_settable=True)), ANA, compiled=compiled
    )
    result = await schema.execute(it.document, dict(it.variables), context)
    if result.errors or (not compiled.compiled and compiled.fallbacks.keys() != {"resolver"}):
        raise RuntimeError(f"{it.name} is not compiled: {dict(compiled.fallbacks)} {result.errors}")
    return list(database.sent)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.page_statements")
    parser.add_argument("url", help="of the database, postgresql://…")
    parser.add_argument("--plan", metavar="NAME", help="print the plan of this query only")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    asked = parser.parse_args()
    database = Recorder(asked.url)
    connection = await asyncpg.connect(
        asked.url, server_settings=server_settings(database.timeouts)
    )
    try:
        wanted = await page_requests(connection)
        if asked.plan:
            [it] = [it for it in wanted if it.name == asked.plan]
            for statement, parameters in await _statements(database, it):
                explain = f"EXPLAIN (ANALYZE, BUFFERS) {statement}"
                rows = await connection.fetch(explain, *parameters)
                print(statement, *(row[0] for row in rows), "", sep="\n")
            return
        rows = [await measured(connection, database, it) for it in wanted]
        titles = ["query", "ms", "blocks", "most blocks by"]
        show("Statements of the page", titles, rows)
        if asked.write:
            write_section(SECTION, markdown(titles, rows))
    finally:
        await connection.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(main())
