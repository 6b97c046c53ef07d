"""How PostgreSQL finds the rows of the statements of a block: table scans and used indexes."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from tenure.kernel.db import Database


@dataclass(slots=True)
class SentStatements:
    """The statements of a block with their parameters."""

    database: Database
    sent: list[tuple[str, Any]] = field(default_factory=list)

    async def scanned_tables(self) -> set[str]:
        """The tables that PostgreSQL would scan as a whole if the statements were sent again.

        It scans small tables in any case: fill them with some thousand rows first.
        """
        return {it["Relation Name"] for it in await self._scans() if it["Node Type"] == "Seq Scan"}

    async def used_indexes(self) -> set[str]:
        """The indexes that PostgreSQL would use."""
        return {it["Index Name"] for it in await self._scans() if "Index Name" in it}

    async def index_conditions(self) -> set[tuple[str, str]]:
        """The indexes that PostgreSQL would use, each with the condition for which it is read."""
        return {
            (it["Index Name"], it.get("Index Cond", ""))
            for it in await self._scans()
            if "Index Name" in it
        }

    async def _scans(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with self.database.engine.begin() as connection:
            for statement, parameters in self.sent:
                plan = await connection.exec_driver_sql(
                    f"EXPLAIN (FORMAT JSON) {statement}", parameters
                )
                found.extend(nodes_of(plan.scalar_one()[0]["Plan"]))
        return found


@contextmanager
def planned_statements(database: Database) -> Iterator[SentStatements]:
    """Collects the SELECT statements, also those that begin with WITH."""
    found = SentStatements(database)

    def note(
        _connection: object, _cursor: object, statement: str, parameters: Any, *_: object
    ) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.sent.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The node and all below it."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes_of(child)


def read_rows(plan: dict[str, Any]) -> dict[str, int]:
    """How many rows an executed plan has read of each table, with those that a filter removed."""
    read: Counter[str] = Counter()
    for node in nodes_of(plan):
        if "Relation Name" in node:
            rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            read[node["Relation Name"]] += rows * node["Actual Loops"]
    return read
