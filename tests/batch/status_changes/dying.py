"""A process that is killed in the transaction of a chunk of a status change job."""

import asyncio
import os
import signal

from tenure.batch import execute_run, runs
from tenure.jobs import actions as jobs
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.programs import FORKING


def exit_code(url: str, run_id: int, chunk: int) -> int | None:
    """The exit code of the process; negative for a signal. A chunk has two accounts."""
    process = FORKING.Process(target=_run, args=(url, run_id, chunk))
    process.start()
    process.join()
    return process.exitcode


def _run(url: str, run_id: int, chunk: int) -> None:
    count = jobs.add_progress
    seen: list[int] = []

    async def add_progress(unit: Unit, run_id: int, **counts: int) -> None:
        await count(unit, run_id, **counts)
        seen.append(run_id)
        if len(seen) == chunk:
            os.kill(os.getpid(), signal.SIGKILL)

    jobs.add_progress = add_progress  # type: ignore[assignment]
    runs.CHUNK = 2
    runs.CONCURRENCY = 1
    runtime = Runtime(Database(url), BusinessReader(clock_settable=True))
    asyncio.run(execute_run(runtime, run_id))
