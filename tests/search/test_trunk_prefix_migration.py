"""The migration that finds telephone numbers with a zero in parentheses, with data."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, select

from tenure.accounts.models import Account, SearchTerm
from tenure.accounts.queries import matches_search
from tenure.kernel.db import Database, migrations_config
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import builders
from tests.conftest import ANA
from tests.databases import new_database

BEFORE = "0034"
NUMBER = "+49 (0)30 901820"
TEXTS = ["+49 30 9018", "030 901820", "+49 (0)30 9018"]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    with new_database(request.param, tmp_path) as created:
        yield created


def test_existing_numbers_are_found(url: str) -> None:
    """Of accounts, contacts and services; an account with a parent stays no root."""
    config = migrations_config(url)
    command.upgrade(config, "head")
    asyncio.run(_fill(url))
    command.downgrade(config, BEFORE)
    assert asyncio.run(_found(url)) == {text: set() for text in TEXTS}
    command.upgrade(config, "head")
    assert asyncio.run(_found(url)) == {text: {"Customer", "Login"} for text in TEXTS}


async def _fill(url: str) -> None:
    """The accounts have no terms yet."""
    database = Database(url)
    try:
        runtime = Runtime(database, BusinessReader(clock_settable=True))
        async with runtime.unit(ANA) as unit:
            top = await builders.account(unit, "Customer", phone=NUMBER)
            child = await builders.child(unit, top, "Login")
            await builders.service(unit, child, NUMBER, kind="mobile")
            await unit.session.execute(delete(SearchTerm))
    finally:
        await database.close()


async def _found(url: str) -> dict[str, set[str]]:
    database = Database(url)
    try:
        async with database.reading() as session:
            is_root = select(SearchTerm.account_id, SearchTerm.is_root).distinct()
            marked = set((await session.execute(is_root)).all())
            roots = select(Account.id, Account.parent_id.is_(None))
            assert marked <= set((await session.execute(roots)).all())
            return {
                text: set(await session.scalars(select(Account.name).where(matches_search(text))))
                for text in TEXTS
            }
    finally:
        await database.close()
