"""Migration 0010 on a database with users and tokens, up and down."""

import asyncio
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from tenure.kernel.db import MIGRATIONS, Database, migrations_config
from tests.databases import new_database

BEFORE = str(ScriptDirectory(str(MIGRATIONS)).get_revision("0010").down_revision)
ROWS = (
    (
        "INSERT INTO user_account (id, email, role, password_hash, created_at)"
        " VALUES (1, 'ana@example.com', 'ADMIN', 'hash', '2026-01-01 00:00:00')"
    ),
    (
        "INSERT INTO token (id, name, role, digest, created_at) VALUES"
        " (1, 'shop', 'AGENT', 'd1', '2026-01-01 00:00:00'),"
        " (2, 'old', 'AGENT', 'd2', '2026-01-01 00:00:00')"
    ),
    (
        'INSERT INTO business_change (id, at, actor, "values") VALUES'
        " (1, '2026-01-01 00:00:00', 'eva@example.com',"
        ' \'{"token_created": "shop", "role": "AGENT"}\'),'
        " (2, '2026-01-01 00:00:00', 'eva@example.com', '{\"time_zone\": \"UTC\"}')"
    ),
)


async def executed(url: str, *statements: str) -> list[tuple[object, ...]]:
    """The rows of the last statement; all in one transaction."""
    database = Database(url)
    try:
        async with database.engine.begin() as connection:
            for statement in statements:
                result = await connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_there_is_kept(kind: str, tmp_path: Path) -> None:
    """Users are active, tokens keep their expiry; who is kept out stays out after a downgrade."""
    with new_database(kind, tmp_path) as url:
        up_and_down(url)


def up_and_down(url: str) -> None:
    command.upgrade(migrations_config(url), BEFORE)
    asyncio.run(executed(url, *ROWS))
    command.upgrade(migrations_config(url), "0010")
    assert asyncio.run(executed(url, "SELECT email, name, status, version FROM user_account")) == [
        ("ana@example.com", None, "ACTIVE", 1)
    ]
    columns = "name, prefix, created_by, expires_at, last_used_at, revoked_at"
    assert asyncio.run(executed(url, f"SELECT {columns} FROM token ORDER BY id")) == [
        ("shop", "tenure_", "eva@example.com", None, None, None),
        ("old", "tenure_", "tenure", None, None, None),
    ]
    asyncio.run(
        executed(
            url,
            "UPDATE user_account SET status = 'DISABLED'",
            "UPDATE token SET revoked_at = '2026-02-01 00:00:00' WHERE id = 1",
        )
    )
    command.downgrade(migrations_config(url), BEFORE)
    assert asyncio.run(executed(url, "SELECT password_hash FROM user_account")) == [("",)]
    expiries = asyncio.run(executed(url, "SELECT expires_at FROM token ORDER BY id"))
    assert [expires_at is None for (expires_at,) in expiries] == [False, True]
