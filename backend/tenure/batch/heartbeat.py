"""The heartbeat of workers, and what is said of those that have none.

A worker that is frozen in a chunk (SIGSTOP, a paused machine) keeps its transaction open, and with
it the locks that others wait for. PostgreSQL ends such a session after TENURE_WORKER_TIMEOUT
(`idle_in_transaction_session_timeout`), and another worker claims the work. So that somebody learns
of it, each worker reports every few seconds that it works on a run, and looks for others that do
not report. On SQLite the worker is part of the one server, and there is no heartbeat.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from tenure.jobs.models import JobRun, JobRunStatus, JobWorker
from tenure.jobs.queries import LIVE, gives_way
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.readiness import first_line

REPORTS_PER_TIMEOUT = 6
# A worker may freeze right after a report, a pause after its last statement: it is silent for less
# than the timeout when its session is ended.
SILENCE_OF_TIMEOUT = 2 / 3
# A run that works with nobody reporting for so many timeouts is told of: no worker is left. It may
# also have given way to another run, which is told of in its place.
TIMEOUTS_WITHOUT_WORKER = 4

log = structlog.get_logger()

NOW = func.clock_timestamp()


@dataclass(slots=True)
class Heartbeat:
    """The reports of this process about one run. `timeout` in seconds: see `silent`."""

    database: Database
    job_run_id: int
    timeout: float
    worker_id: int = 0

    async def begin(self) -> None:
        """The first report."""
        name = f"{socket.gethostname()}:{os.getpid()}"
        row = insert(JobWorker).values(job_run_id=self.job_run_id, name=name, reported_at=NOW)
        async with self.database.connection() as connection:
            self.worker_id = (await connection.execute(row.returning(JobWorker.id))).scalar_one()

    async def keep_reporting(self) -> None:
        """Until cancelled. A report that fails is repeated with the next one."""
        while True:
            last = real_now()
            try:
                await asyncio.sleep(self.timeout / REPORTS_PER_TIMEOUT)
                await self._report()
            finally:
                # Also if the work has ended before the report of a worker that was frozen.
                self._log_gap((real_now() - last).total_seconds())

    async def end(self) -> None:
        """This process works on the run no more."""
        await self._write(ended_at=NOW)

    async def _report(self) -> None:
        try:
            await self._write(reported_at=NOW, silence_logged=False)
            await log_silent_workers(self.database, self.timeout)
        except (SQLAlchemyError, OSError) as fault:
            log.debug("a heartbeat could not be written", fault=first_line(fault))

    def _log_gap(self, seconds: float) -> None:
        if seconds > self.timeout:
            log.warning(
                "this worker was frozen: its uncommitted work was undone and is done by others",
                job_run_id=self.job_run_id,
                seconds=round(seconds),
            )

    async def _write(self, **values: object) -> None:
        mine = update(JobWorker).where(JobWorker.id == self.worker_id).values(values)
        async with self.database.connection() as connection:
            await connection.execute(mine)


@asynccontextmanager
async def heartbeat(database: Database, job_run_id: int) -> AsyncIterator[None]:
    """Reports that this process works on the run, while the block runs."""
    timeout = database.timeouts.idle
    if database.is_sqlite or timeout is None:
        yield
        return
    beat = Heartbeat(database, job_run_id, timeout)
    await beat.begin()
    reporting = asyncio.create_task(beat.keep_reporting())
    try:
        yield
    finally:
        reporting.cancel()
        await asyncio.gather(reporting, return_exceptions=True)
        try:
            # The run has not ended yet: who was silent until now is logged, however soon it ends.
            await log_silent_workers(database, timeout)
            await beat.end()
        except (SQLAlchemyError, OSError) as fault:
            log.debug("the last heartbeat could not be written", fault=first_line(fault))


async def log_silent_workers(database: Database, seconds: float) -> None:
    """One line for each worker that has become silent, by whichever process finds it first."""
    found = (
        update(JobWorker)
        .where(silent(seconds), JobWorker.silence_logged.is_(False))
        .values(silence_logged=True)
        .returning(JobWorker.name, JobWorker.job_run_id, NOW - JobWorker.reported_at)
    )
    async with database.connection() as connection:
        rows = (await connection.execute(found)).all()
    for name, job_run_id, silence in rows:
        log.error(
            "a worker is frozen or dead: its transaction is ended, others go on with its work",
            worker=name,
            job_run_id=job_run_id,
            silent_seconds=round(silence.total_seconds()),
        )


async def stuck_jobs(database: Database, seconds: float) -> Sequence[str]:
    """What a person is told of silent workers, and of runs that nobody works on."""
    if database.is_sqlite:
        return []
    silence = NOW - JobWorker.reported_at
    workers = select(JobWorker.name, JobWorker.job_run_id, silence).where(silent(seconds))
    limit = timedelta(seconds=seconds * TIMEOUTS_WITHOUT_WORKER)
    reporting = select(JobWorker.id).where(
        JobWorker.job_run_id == JobRun.id,
        JobWorker.ended_at.is_(None),
        JobWorker.reported_at > NOW - limit,
    )
    runs = select(JobRun.id, NOW - JobRun.heartbeat_at).where(
        JobRun.status == JobRunStatus.RUNNING,
        JobRun.heartbeat_at < NOW - limit,
        ~reporting.exists(),
        ~gives_way(JobRun),
    )
    async with database.connection() as connection:
        silent_ones = (await connection.execute(workers.order_by(JobWorker.id))).all()
        abandoned = (await connection.execute(runs.order_by(JobRun.id))).all()
    return [
        *(
            f"Worker {name} is frozen or dead: it has not reported on job run {run_id} for "
            f"{since.total_seconds():.0f} s. Other workers go on with its work."
            for name, run_id, since in silent_ones
        ),
        *(
            f"Job run {run_id} has made no progress for {since.total_seconds():.0f} s and no "
            "worker reports on it: is a `tenure worker` running?"
            for run_id, since in abandoned
        ),
    ]


def silent(seconds: float) -> ColumnElement[bool]:
    """True for a worker of a live run whose transaction PostgreSQL ends about now.

    `seconds` is the timeout.
    """
    is_late = JobWorker.reported_at < NOW - timedelta(seconds=seconds * SILENCE_OF_TIMEOUT)
    live_run = select(JobRun.id).where(JobRun.id == JobWorker.job_run_id, JobRun.status.in_(LIVE))
    return JobWorker.ended_at.is_(None) & is_late & live_run.exists()
