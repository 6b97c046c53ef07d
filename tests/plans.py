"""Which tables the statements of a block scan from their first row to the last (PostgreSQL)."""

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
        scanned: set[str] = set()
        async with self.database.engine.begin() as connection:
            for statement, parameters in self.sent:
                plan = await connection.exec_driver_sql(
                    f"EXPLAIN (FORMAT JSON) {statement}", parameters
                )
                scanned.update(_scanned(plan.scalar_one()[0]["Plan"]))
        return scanned


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


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for child in plan.get("Plans", []):
        yield from _scanned(child)
