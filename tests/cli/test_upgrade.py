"""Upgrades as an operator makes them: real processes of two versions on one database."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from alembic import command
from sqlalchemy import text

from tenure.kernel.compatibility import newest_revision, schema_state
from tenure.kernel.db import Database, migrations_config
from tests.cli.installations import (
    KEY,
    newer_migrations,
    start,
    tenure,
)
from tests.databases import new_database
from tests.server import served
from tests.waiting import PATIENCE

ACCOUNTS = {"query": "{ accounts(first: 1) { edges { node { number } } } }"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    with new_database(request.param, tmp_path) as made:
        yield made


def test_several_migrations_at_once_wait_for_one_another(url: str) -> None:
    """One applies all migrations, the others nothing, and each ends with 0."""
    processes = [start(url, "migrate") for _ in range(3)]
    ended = [process.ended() for process in processes]
    assert [code for code, _, _ in ended] == [0, 0, 0]
    said = sorted(output for _, output, _ in ended)
    beginning = f"The database is at schema {newest_revision()}; "
    assert [words.removeprefix(beginning).split()[0] for words in said][1:] == ["nothing"] * 2
    assert said[0].endswith("migrations were applied.\n")


def test_a_migration_does_not_hold_up_readers_behind_a_long_transaction(tmp_path: Path) -> None:
    """It gives its place in the queue up after two seconds, says why, and tries again."""
    newer = newer_migrations(tmp_path, x1=True)
    with new_database("postgresql", tmp_path) as url:
        assert tenure(url, "migrate").returncode == 0
        waits, slowest = asyncio.run(_migrated_behind_a_reader(url, newer))
    assert "The migration waits for tables that other sessions hold. The oldest" in waits
    assert "is that of process" in waits
    # The migration waits two seconds for the tables; the transaction would last for ever.
    assert slowest < 60


async def _migrated_behind_a_reader(url: str, newer: Path) -> tuple[str, float]:
    """What the migration logged first, and the longest that another reader waited meanwhile."""
    holder, reader = await asyncpg.connect(url), await asyncpg.connect(url)
    slowest = 0.0
    async with asyncio.timeout(200):
        transaction = holder.transaction()
        await transaction.start()
        await holder.fetch("SELECT id FROM account")
        process = start(url, "migrate", migrations=newer)
        line = asyncio.create_task(asyncio.to_thread(process.first_error))
        while not line.done():
            begun = asyncio.get_running_loop().time()
            await reader.fetch("SELECT id FROM account")
            slowest = max(slowest, asyncio.get_running_loop().time() - begun)
            await asyncio.sleep(0.05)
        await transaction.rollback()
        code, output, _ = await asyncio.to_thread(process.ended)
    await holder.close()
    await reader.close()
    assert (code, output) == (
        0,
        "The database is at schema x1; 1 migration was applied.\n",
    )
    return line.result(), slowest


@pytest.mark.thorough
def test_an_older_server_stays_ready_while_the_schema_is_compatible(
    url: str, tmp_path: Path
) -> None:
    """It answers during and after a compatible migration; another one makes it not ready."""
    first = newer_migrations(tmp_path, x1=True)
    second = newer_migrations(tmp_path, x1=True, x2=False)
    assert tenure(url, "migrate").returncode == 0
    token = tenure(url, "token", "create", "probe", "--role", "AGENT").stdout.strip()
    settings = {"TENURE_DATABASE_URL": url, "TENURE_SECRET_KEY": KEY}
    with served(tmp_path, **settings) as address:
        answers = _answers_during(address, token, url, first)
        assert set(answers) == {(200, 200, False)}
        assert len(answers) > 1
        ready = httpx.get(f"{address}/readyz", timeout=PATIENCE)
        newer = f"The database is at schema x1, newer than this program ({newest_revision()})"
        notice = f"{newer} and compatible with it: install the newer version here as well."
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "problems": [notice]})
        check, again = tenure(url, "check"), tenure(url, "migrate")
        assert check.returncode == 0, check.stderr
        assert f"ok     schema    {notice}" in check.stdout
        assert (again.returncode, again.stdout) == (0, f"{notice} Nothing was changed.\n")
        assert start(url, "migrate", migrations=second).ended()[0] == 0
        ready = httpx.get(f"{address}/readyz", timeout=PATIENCE)
    refusal = (
        f"{newer.replace('x1', 'x2')} and not compatible with it: install the version "
        "that migrated it, or a newer one."
    )
    assert (ready.status_code, ready.json()) == (503, {"ready": False, "problems": [refusal]})
    check, again = tenure(url, "check"), tenure(url, "migrate")
    assert (check.returncode, f"WRONG  schema    {refusal}" in check.stderr) == (1, True)
    assert (again.returncode, again.stderr) == (1, f"tenure: {refusal}\n")


def _answers_during(
    address: str, token: str, url: str, migrations: Path
) -> list[tuple[int, int, bool]]:
    """The statuses of `/readyz` and of a query, and whether it failed, until the migration ends."""
    answers: list[tuple[int, int, bool]] = []
    over = threading.Event()

    def ask() -> None:
        with httpx.Client(timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"}) as client:
            while True:
                last = over.is_set()
                answer = client.post(f"{address}/graphql", json=ACCOUNTS)
                ready = client.get(f"{address}/readyz").status_code
                answers.append((ready, answer.status_code, "errors" in answer.json()))
                if last:
                    return

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        assert start(url, "migrate", migrations=migrations).ended()[0] == 0
    finally:
        over.set()
        asking.join()
    return answers


def test_a_downgrade_takes_the_oldest_program_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/down.db"
    config = migrations_config(url)
    config.set_main_option(
        "script_location", str(newer_migrations(tmp_path, x1=True, x2=False, x3=True))
    )
    command.upgrade(config, "x1")
    before = asyncio.run(_oldest_program(url))
    command.upgrade(config, "head")
    assert asyncio.run(_oldest_program(url)) == "x2"
    command.downgrade(config, "x1")
    assert asyncio.run(_oldest_program(url)) == before != "x2"


async def _oldest_program(url: str) -> str:
    database = Database(url)
    try:
        state = await schema_state(database)
        async with database.connection() as connection:
            row = await connection.execute(text("SELECT oldest_program FROM schema_compatibility"))
            oldest = str(row.scalar_one())
    finally:
        await database.close()
    assert state.oldest_program == oldest
    return oldest
