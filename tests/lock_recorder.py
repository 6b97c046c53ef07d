"""Records which rows a transaction locks, and compares the order with that of `kernel.locks`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Connection, event

from tenure.kernel import locks
from tenure.kernel.db import Base, Database

DOCSTRING = locks.__doc__ or ""
# The numbered list in the docstring of `kernel.locks`: position of each table.
ORDER = {
    table: int(number)
    for number, tables in re.findall(r"^(\d+)\. (.*)$", DOCSTRING, re.MULTILINE)
    for table in re.findall(r"`(\w+)`", tables)
}
# Tables without a position: their rows are locked after the account that they belong to.
OF_ACCOUNT = set(re.findall(r"`(\w+)`", DOCSTRING.partition("Rows of an account")[2]))
# The ids of the current transaction and of its savepoints.
OWN = (
    "SELECT transactionid FROM pg_locks WHERE locktype = 'transactionid'"
    " AND pid = pg_backend_pid() AND mode = 'ExclusiveLock'"
)
TOKEN = re.compile(
    r"[()]"
    r"|\b(?:FROM|JOIN)\s+(?P<source>\w+)(?:\s+AS\s+(?P<alias>\w+))?"
    r"|\bFOR (?P<mode>NO KEY UPDATE|UPDATE|KEY SHARE)"
    r"(?:\s+OF\s+(?P<of>\w+(?:,\s*\w+)*))?(?P<skips>\s+SKIP LOCKED)?"
    r"|(?<!KEY )(?<!FOR )(?<!DO )\bUPDATE\s+(?P<updated>\w+)"
    r"|\bDELETE FROM\s+(?P<deleted>\w+)"
    r"|\bINSERT INTO\s+(?P<inserted>\w+)"
    r"|\bON CONFLICT\b"
)


@cache
def locked_tables(statement: str) -> dict[str, bool]:
    """The tables whose rows a statement locks; true for a lock that waits for other units."""
    found: dict[str, bool] = {}
    sources: list[dict[str, str]] = [{}]
    inserted = ""
    for token in TOKEN.finditer(statement):
        text = token.group()
        if text == "(":
            sources.append({})
        elif text == ")":
            sources.pop()
        elif token["source"]:
            sources[-1][token["alias"] or token["source"]] = token["source"]
        elif token["mode"] == "KEY SHARE" and not token["skips"]:
            continue  # It does not wait for changes, only for a lock FOR UPDATE.
        elif token["mode"]:
            names = re.split(r",\s*", token["of"]) if token["of"] else list(sources[-1])
            found |= {sources[-1][name]: not token["skips"] for name in names}
        elif text == "ON CONFLICT":
            found[inserted] = True
        elif token["inserted"]:
            inserted = token["inserted"]
        elif changed := token["updated"] or token["deleted"]:
            found[changed] = True
    return {table: waits for table, waits in found.items() if table in Base.metadata.tables}


@dataclass(slots=True)
class LockRecorder:
    """The rows that each transaction has locked, by table, and the inversions of the order."""

    known: dict[object, dict[str, set[Any]]] = field(default_factory=dict)
    held: dict[object, set[str]] = field(default_factory=dict)
    inversions: list[str] = field(default_factory=list)

    def know(self, transaction: object, table: str, rows: set[Any]) -> set[Any]:
        """Add rows that a transaction has locked or inserted. Returns those that are new."""
        known = self.known.setdefault(transaction, {}).setdefault(table, set())
        new = rows - known
        known |= new
        return new

    def add(self, transaction: object, table: str, statement: str, *, waits: bool) -> None:
        """Compare with the order: a statement has locked further rows of a table."""
        held = self.held.setdefault(transaction, set())
        if table in OF_ACCOUNT:
            if "account" not in held:
                self.inversions.append(f"{table} without account: {statement}")
            return
        later = sorted(name for name in held if position(name) > position(table))
        if waits and later and not ("deferred_action" in held and table == "bill_unit"):
            self.inversions.append(f"{table} after {', '.join(later)}: {statement}")
        held.add(table)


def position(table: str) -> int:
    """The position of a table in the lock order. Raises LookupError if it has none."""
    if table not in ORDER:
        raise LookupError(f"Add {table} to the lock order in the docstring of kernel.locks.")
    return ORDER[table]


@contextmanager
def recorded_locks(database: Database) -> Iterator[LockRecorder]:
    """The locks that transactions of a PostgreSQL database take during the block."""
    recorder = LockRecorder()
    engine = database.engine.sync_engine

    def before(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        for table in locked_tables(statement):
            recorder.know(connection.get_transaction(), table, _own_rows(connection, table))

    def after(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        transaction = connection.get_transaction()
        for table, waits in locked_tables(statement).items():
            if recorder.know(transaction, table, _own_rows(connection, table)):
                recorder.add(transaction, table, statement, waits=waits)

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield recorder
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def _own_rows(connection: Connection, table: str) -> set[Any]:
    """The keys of the rows that the current transaction has locked, changed or inserted."""
    key = ", ".join(column.name for column in Base.metadata.tables[table].primary_key)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(f"SELECT {key} FROM {table} WHERE xmax IN ({OWN}) OR xmin IN ({OWN})")
        return {tuple(row) for row in cursor.fetchall()}
    finally:
        cursor.close()
