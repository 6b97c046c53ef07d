"""Several workers that execute one job run."""

import asyncio

from tenure.batch import execute_run
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests.waiting import PATIENCE


async def execute_with_workers(url: str, run_id: int, workers: int) -> None:
    """Execute the run with this number of workers, each with a database of its own."""
    databases = [Database(url) for _ in range(workers)]
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(
                *(
                    execute_run(Runtime(database, BusinessReader(clock_settable=True)), run_id)
                    for database in databases
                )
            )
    finally:
        for database in databases:
            await database.close()


def url_of(database: Database) -> str:
    """The URL of a database as an operator writes it, without the name of the driver."""
    url = database.url.render_as_string(hide_password=False)
    return url.replace("+asyncpg", "").replace("+aiosqlite", "")
