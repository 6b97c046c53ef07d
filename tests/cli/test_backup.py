"""`tenure backup` under load, and `tenure restore` into an empty database that then works."""
# ruff: noqa: ASYNC240 - small files on a local disk

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from alembic import command
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.kernel.db import Database, migrations_config
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.builders import account, catalog_offer, purchased_offer
from tests.cli.installations import KEY, start, tenure
from tests.conftest import ANA, NOON, set_clock
from tests.databases import new_database
from tests.server import served
from tests.services import POSTGRES_CLIENT
from tests.sums import check_sums
from tests.waiting import PATIENCE


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A database with this version's schema, and an empty one."""
    kind = request.param
    if kind == "postgresql":
        POSTGRES_CLIENT.need()
    with new_database(kind, tmp_path) as source, new_database(kind, tmp_path) as target:
        command.upgrade(migrations_config(source), "head")
        yield source, target


@pytest.mark.thorough
async def test_a_backup_under_load_is_consistent(urls: tuple[str, str], tmp_path: Path) -> None:
    """During writes: the copy has all earlier commits, its sums hold, and it can be served."""
    source, target = urls
    file = tmp_path / "tenure.backup"
    before, after = await _backed_up_under_load(source, file)
    assert len(after) > len(before) > 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [kept.name for kept in tmp_path.glob(".tenure.backup*")] == []
    done = await asyncio.to_thread(tenure, target, "restore", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    database = Database(target)
    try:
        async with database.reading() as session:
            found = set((await session.execute(select(Account.id))).scalars())
        await check_sums(Runtime(database, BusinessReader()))
    finally:
        await database.close()
    assert before <= found
    # A writer commits before it can note the account, so one of each may be missing from `after`.
    assert len(found - after) <= WRITERS
    await asyncio.to_thread(_serves, target, tmp_path)


WRITERS = 2


async def _backed_up_under_load(url: str, file: Path) -> tuple[set[int], set[int]]:
    """The accounts that were committed before the backup began, and when it had ended."""
    database, committed, over = Database(url), set[int](), asyncio.Event()
    runtime = Runtime(database, BusinessReader(clock_settable=True))
    await set_clock(runtime, NOON)
    async with runtime.unit(ANA) as unit:
        await catalog_offer(unit, "flat", purchase_fee=Decimal(10))

    async def write() -> None:
        while not over.is_set():
            async with runtime.unit(ANA) as unit:
                made = await account(unit)
                await purchased_offer(unit, made)
            committed.add(made)
            await asyncio.sleep(0.01)

    try:
        async with asyncio.timeout(200), asyncio.TaskGroup() as tasks:
            for _ in range(WRITERS):
                tasks.create_task(write())
            while len(committed) < 5 * WRITERS:  # noqa: ASYNC110 - the writers cannot tell
                await asyncio.sleep(0.01)
            before = set(committed)
            process = start(url, "backup", str(file))
            code, output, complaints = await asyncio.to_thread(process.ended)
            over.set()
    finally:
        await database.close()
    assert (code, complaints) == (0, "")
    assert output.startswith(f"{file}: ")
    return before, committed


def _serves(url: str, folder: Path) -> None:
    """A server on the restored database is ready and answers with its accounts."""
    token = tenure(url, "token", "create", "probe", "--role", "AGENT").stdout.strip()
    with served(folder, TENURE_DATABASE_URL=url, TENURE_SECRET_KEY=KEY) as address:
        answer = httpx.post(
            f"{address}/graphql",
            json={"query": "{ accounts(first: 1) { edges { node { name } } } }"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE,
        )
    assert answer.json()["data"] == {"accounts": {"edges": [{"node": {"name": "Carla"}}]}}
