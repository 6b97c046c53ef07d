"""Stored files and their runs, and a process that is killed while it executes one."""

import asyncio
import os
import signal
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from tenure.batch import execute_run, import_job
from tenure.importing.models import ImportFile, ImportMode, ImportRun, ImportRunLine, LineState
from tenure.importing.starting import start_import
from tenure.importing.stored_files import PART_SIZE, add_part, begin_upload, end_upload
from tenure.jobs.models import JobRun
from tenure.kernel.actor import Actor, Role
from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.programs import FORKING

ADMIN = Actor("ada@example.com", Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Ended:
    """A run after its execution, with what it does with the file, and its rejected lines."""

    job: JobRun
    run: ImportRun
    reasons: dict[int, str | None]

    @property
    def counts(self) -> tuple[int, int, int]:
        """New accounts, existing ones, and rejected lines."""
        return self.run.accounts, self.run.existing, self.run.rejected


async def stored(runtime: Runtime, content: bytes, name: str = "accounts.jsonl") -> int:
    """The id of a file with this content."""
    run = partial(runtime.run_in_unit, ADMIN)
    file: ImportFile = await run(partial(begin_upload, name=name))
    for place, start in enumerate(range(0, len(content), PART_SIZE)):
        part = content[start : start + PART_SIZE]
        await run(partial(add_part, file_id=file.id, place=place, content=part))
    lines = len(content.splitlines())
    await run(partial(end_upload, file_id=file.id, size=len(content), lines=lines))
    return file.id


async def started(runtime: Runtime, file_id: int, mode: ImportMode = ImportMode.IMPORT) -> int:
    """The id of the job run."""

    async def start(unit: Unit) -> int:
        return (await start_import(unit, file_id=file_id, mode=mode)).id

    return await runtime.run_in_unit(ADMIN, start)


async def ended(runtime: Runtime, job_run_id: int) -> Ended:
    """The run as it is now."""
    async with runtime.database.reading() as session:
        job = await session.get_one(JobRun, job_run_id)
        of_job = select(ImportRun).where(ImportRun.job_run_id == job_run_id)
        run = (await session.execute(of_job)).scalar_one()
        rejected = (
            select(ImportRunLine.line, ImportRunLine.reason)
            .where(ImportRunLine.import_run_id == run.id)
            .where(ImportRunLine.state == LineState.REJECTED)
            .order_by(ImportRunLine.line)
        )
        reasons = dict((await session.execute(rejected)).all())
    return Ended(job, run, reasons)


async def executed(runtime: Runtime, file_id: int, mode: ImportMode = ImportMode.IMPORT) -> Ended:
    """Starts and executes a run."""
    job_run_id = await started(runtime, file_id, mode)
    assert await execute_run(runtime, job_run_id)
    return await ended(runtime, job_run_id)


def exit_code_of_killed(url: str, job_run_id: int, chunk: int) -> int | None:
    """The exit code of a worker that is killed before it commits this chunk; counted from 1."""
    process = FORKING.Process(target=_die_in_chunk, args=(url, job_run_id, chunk))
    process.start()
    process.join()
    return process.exitcode


def _die_in_chunk(url: str, job_run_id: int, chunk: int) -> None:
    judge = import_job.judge
    seen: list[int] = []

    async def judge_and_die(*given: object) -> object:
        judged = await judge(*given)  # type: ignore[arg-type]
        seen.append(1)
        if len(seen) == chunk:
            os.kill(os.getpid(), signal.SIGKILL)
        return judged

    import_job.judge = judge_and_die  # type: ignore[assignment]
    import_job.CHUNK_SIZE = 4
    runtime = Runtime(Database(url), BusinessReader(clock_settable=True))
    asyncio.run(_execute(runtime, job_run_id))


async def _execute(runtime: Runtime, job_run_id: int) -> None:
    await execute_run(runtime, job_run_id)
