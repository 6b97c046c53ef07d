"""A copy of a large database for the measurements of the page, and a hierarchy of 10,000 in it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from tests.benchmarks.peers.database import comparison_database
from tests.services import POSTGRES_URL

LOADS = 10
CHILDREN = 10_000
MOVE = """
UPDATE account SET parent_id = {head}
  WHERE id IN (SELECT id FROM account WHERE id <> {head} ORDER BY id LIMIT {children});
UPDATE search_term SET is_root = false
  WHERE account_id IN (SELECT id FROM account WHERE parent_id = {head}) AND is_root;
UPDATE bill_unit SET paying_parent_id =
    (SELECT id FROM bill_unit WHERE account_id = {head} AND is_default)
  WHERE is_default AND paying_parent_id IS NULL
    AND account_id IN (SELECT id FROM account WHERE parent_id = {head} AND id % 2 = 0);
INSERT INTO paid_period (bill_unit_id, payer_unit_id, starts_at)
  SELECT paid.id, payer.id, paid.created_at FROM bill_unit paid
  JOIN bill_unit payer ON payer.id = paid.paying_parent_id AND payer.account_id = {head}
  WHERE NOT EXISTS (SELECT FROM paid_period WHERE bill_unit_id = paid.id AND ends_at IS NULL)
"""
HEADS = """SELECT number FROM account head WHERE id < $1
    AND EXISTS (SELECT FROM account child WHERE child.parent_id = head.id)
  ORDER BY id DESC LIMIT $2"""
SEARCHED = """SELECT number, split_part(name, '-', 1), split_part(email, '@', 1), phone
  FROM account WHERE id >= $1 / 2 ORDER BY id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Subjects:
    """The accounts that are opened: with children, with 10,000 of them; and texts to search."""

    numbers: Sequence[str]
    head: str
    texts: Sequence[str]


async def prepare(url: str) -> Subjects:
    """Move accounts below the last one, half of them paid by it; and choose the subjects."""
    connection = await asyncpg.connect(url)
    try:
        head, number = await connection.fetchrow(
            "UPDATE account SET parent_id = NULL WHERE id = (SELECT max(id) FROM account)"
            " RETURNING id, number"
        )
        for statement in MOVE.split(";"):
            await connection.execute(statement.format(head=head, children=CHILDREN))
        await connection.execute("VACUUM ANALYZE account, bill_unit, search_term")
        numbers = await connection.fetch(HEADS, head, LOADS)
        searched = await connection.fetchrow(SEARCHED, head)
    finally:
        await connection.close()
    texts = [text.lower() for text in searched if text]
    return Subjects([it["number"] for it in numbers], number, texts)


@asynccontextmanager
async def copied(accounts: int, database: str | None) -> AsyncIterator[str]:
    """The URL of a copy of the database, which is dropped at the end."""
    if database is None:
        async with comparison_database(accounts, keep=True) as url:
            database = url.rpartition("/")[2]
    server = await asyncpg.connect(f"{POSTGRES_URL}/postgres")
    name = f"tenure_page_loads_{uuid4().hex[:12]}"
    try:
        await server.execute(f"CREATE DATABASE {name} TEMPLATE {database}")
        yield f"{POSTGRES_URL}/{name}"
    finally:
        await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.close()
