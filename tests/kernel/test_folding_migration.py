"""The migration that folds logins, on a database with data (rules 3.1)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tenure.accounts.models import Account
from tenure.accounts.queries import matches_search
from tenure.kernel.database_url import async_url
from tenure.kernel.db import Database, migrations_config
from tenure.usage.authorization.queries import authorize
from tests.databases import new_database

BEFORE = "0004"
NOW = "'2026-01-01 00:00:00+00'"
LOGINS = [
    ("Internet", "ada", "ada"),
    ("internet", "ADA", "ada"),
    ("internet", "a\u200bda", "a\u200bda"),
    ("TV", "Ünal", "ünal"),
    ("tv", None, None),
    ("tv", "\u200b", "\u200b"),
]

SPELLINGS = [
    *("internet/ada", "INTERNET/ada", "Internet/ada", "Internet/ADA"),
    *("internet/a\u200bda", "internet/a\u2060da"),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database at the revision before."""
    with new_database(request.param, tmp_path) as created:
        yield created


@pytest.mark.thorough
def test_existing_rows_are_folded(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """Rules 3.1: of logins that become equal, one service has the key; the others are exact."""
    config = migrations_config(url)
    command.upgrade(config, BEFORE)
    asyncio.run(_fill(url))
    with caplog.at_level("WARNING", logger="tenure.migrations"):
        command.upgrade(config, "head")
    said = [record.getMessage() for record in caplog.records if record.name == "tenure.migrations"]
    template = (
        "Service {}: its login {!r} now belongs to another service. "
        "It is found by kind {!r} and this exact spelling."
    )
    assert said == [
        template.format(1, "ada", "Internet"),
        template.format(3, "a\u200bda", "internet"),
    ]
    assert asyncio.run(_found(url)) == {
        "internet/ada": 2,
        "INTERNET/ada": 2,
        "Internet/ada": 1,
        "Internet/ADA": 2,
        "internet/a\u200bda": 3,
        "internet/a\u2060da": 2,
        "ünal": 4,
        "elodie": [1],
        "Élodie": [1],
    }
    command.downgrade(config, BEFORE)
    command.upgrade(config, "head")
    assert asyncio.run(_found(url))["Internet/ada"] == 1


async def _fill(url: str) -> None:
    engine = create_async_engine(async_url(url))
    held = "inactive_holds, closed_holds, created_at, status_changed_at, version"
    values = f"0, 0, {NOW}, {NOW}, 1"
    async with engine.begin() as connection:
        account = (
            f"INSERT INTO account (id, number, name, name_key, currency, {held})"
            f" VALUES (1, 'A', 'É', 'é', 'USD', {values})"
        )
        await connection.execute(text(account))
        bill_unit = (
            "INSERT INTO bill_unit (id, account_id, name, is_default, currency,"
            " billing_day_of_month, next_bill_on, balance, created_at, version)"
            f" VALUES (1, 1, 'D', true, 'USD', 1, '2026-02-01', 0, {NOW}, 1)"
        )
        await connection.execute(text(bill_unit))
        await connection.execute(text("INSERT INTO search_term VALUES ('élodie', 1), ('a', 1)"))
        service = (
            "INSERT INTO service"
            f" (id, account_id, bill_unit_id, kind, name, login, login_key, {held})"
            f" VALUES (:id, 1, 1, :kind, 'x', :login, :key, {values})"
        )
        for place, (kind, login, key) in enumerate(LOGINS, 1):
            await connection.execute(
                text(service), {"id": place, "kind": kind, "login": login, "key": key}
            )
    await engine.dispose()


async def _found(url: str) -> dict[str, object]:
    database = Database(url)
    found: dict[str, object] = {}
    for used in SPELLINGS:
        kind, login = used.split("/")
        found[used] = (await authorize(database, service_kind=kind, login=login)).service_id
    found["ünal"] = (await authorize(database, service_kind="tv", login="ÜNAL")).service_id
    async with database.reading() as session:
        for name in ("elodie", "Élodie"):
            statement = (
                Account.__table__.select().with_only_columns(Account.id).where(matches_search(name))
            )
            found[name] = list(await session.scalars(statement))
    await database.close()
    return found
