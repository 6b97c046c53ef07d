"""The database of the comparison, built by set-based SQL; a flag keeps it for later runs."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import asyncpg

from tenure.kernel.db import Database
from tests.services import POSTGRES, POSTGRES_URL

DATA = Path(__file__).with_name("data.sql")
READY = f"complete data of the comparison {sha256(DATA.read_bytes()).hexdigest()[:16]}"


@asynccontextmanager
async def comparison_database(accounts: int, *, keep: bool) -> AsyncIterator[str]:
    """The URL of a database with so many accounts.

    With `keep` it stays for the next run with `keep`, under a name that says its size. An
    incomplete one, and one of other data, is built again.
    """
    POSTGRES.need()
    name = f"tenure_peers_{accounts}" if keep else f"tenure_peers_{uuid.uuid4().hex[:12]}"
    server = await asyncpg.connect(f"{POSTGRES_URL}/postgres")
    try:
        if not await _is_complete(server, name):
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await server.execute(f"CREATE DATABASE {name}")
            started = perf_counter()
            await _fill(f"{POSTGRES_URL}/{name}", accounts)
            await server.execute(f"COMMENT ON DATABASE {name} IS '{READY}'")
            print(f"{accounts:,} accounts built in {perf_counter() - started:.0f} seconds")
        await _migrate(f"{POSTGRES_URL}/{name}")
        yield f"{POSTGRES_URL}/{name}"
    finally:
        if not keep:
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.close()


async def _is_complete(server: asyncpg.Connection, name: str) -> bool:
    comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
    return await server.fetchval(comment, name) == READY


async def _migrate(url: str) -> None:
    """Bring the schema up to date, also that of a database which was kept."""
    database = Database(url)
    try:
        await database.migrate()
    finally:
        await database.close()


async def _fill(url: str, accounts: int) -> None:
    """Fill the tables without their secondary indexes, which are built afterwards.

    As a replica: foreign keys and triggers are not checked, the rows are right by construction.
    """
    await _migrate(url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("SET synchronous_commit = off")
        await connection.execute("SET maintenance_work_mem = '512MB'")
        await connection.execute("SET work_mem = '256MB'")
        indexes = await connection.fetch(SECONDARY_INDEXES)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        for statement in DATA.read_text().format(accounts=accounts).rstrip(";\n").split(";\n"):
            await connection.execute(statement)
        for index in indexes:
            await connection.execute(index["definition"])
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


SECONDARY_INDEXES = """
SELECT indexname AS name, indexdef AS definition
FROM pg_indexes
WHERE tablename IN (
    'account', 'search_term', 'service', 'purchased_offer', 'bill', 'bill_item', 'event',
    'payment', 'payment_method', 'dispute', 'deferred_action'
)
    AND schemaname = 'public'
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexname::regclass)
"""
