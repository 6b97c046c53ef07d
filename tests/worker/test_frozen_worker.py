"""A worker freezes in a chunk of a bill day: another one takes over, and the problem is reported.

`TENURE_TEST_DEFAULTS=1` runs it with the default timeout and interval; it prints its figures.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import asyncpg
import httpx
import pytest
from sqlalchemy import func, select, update

from tenure.batch.heartbeat import Heartbeat, heartbeat, log_silent_workers, stuck_jobs
from tenure.billing.bills.models import Bill
from tenure.cli.checks import findings
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus, JobWorker
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.settings import Settings
from tenure.kernel.timeouts import Timeouts
from tenure.kernel.unit import Runtime
from tenure.web import create_app
from tests import builders
from tests.checks import row
from tests.conftest import ANA, set_clock
from tests.sums import check_sums
from tests.waiting import PATIENCE, wait_for
from tests.worker.processes import Installation, Process

pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

DEFAULTS = bool(os.environ.get("TENURE_TEST_DEFAULTS"))
WORKER_TIMEOUT = 30 if DEFAULTS else 5
SCHEDULER = ("scheduler",) if DEFAULTS else ("scheduler", "--every", "0.5")
ACCOUNTS = 40
# The timeout of workers in one process with the test.
SILENT = 2
DECEMBER = date(2026, 12, 1)
FROZEN, WOKEN = "a worker is frozen or dead", "this worker was frozen"
# Whoever writes a bill waits here while the test holds the lock.
BARRIER = """
CREATE FUNCTION test_barrier() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
CREATE TRIGGER test_barrier AFTER UPDATE ON bill FOR EACH STATEMENT EXECUTE FUNCTION test_barrier()
"""
WAITING = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
)


@asynccontextmanager
async def barrier(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that holds up whoever changes a bill, until it unlocks 4711."""
    connection = await asyncpg.connect(url.partition("?")[0], ssl=False)
    await connection.execute(BARRIER)
    try:
        await connection.execute("SELECT pg_advisory_lock(4711)")
        yield connection
    finally:
        await connection.execute("SELECT pg_advisory_unlock_all()")
        await connection.execute("DROP TRIGGER test_barrier ON bill")
        await connection.execute("DROP FUNCTION test_barrier")
        await connection.close()


async def until_waiting(connection: asyncpg.Connection, worker: Process) -> None:
    """Wait until somebody is held up."""
    await wait_for(
        lambda: connection.fetchval(WAITING), PATIENCE, f"Nobody waits; see {worker.log}."
    )


async def billed_on_the_first(runtime: Runtime) -> int:
    """Customers with a plan, the clock on the day of their bills, and the run that makes them."""
    async with runtime.unit(ANA) as unit:
        await builders.catalog_offer(unit, monthly_fee=Decimal(30))
        for place in range(ACCOUNTS):
            owner = await builders.account(unit, f"C{place}", billing_day_of_month=1)
            await builders.purchased_offer(unit, owner)
    await set_clock(runtime, datetime(2026, 12, 1, 1, tzinfo=UTC))
    async with runtime.unit(ANA) as unit:
        return (await start(unit, kind=JobKind.BILL_DAY, business_date=DECEMBER)).id


async def until_ended(runtime: Runtime, run_id: int, worker: Process) -> JobRun:
    """The run as it ended."""

    async def ended() -> JobRun | None:
        run = await row(runtime, JobRun, run_id)
        return run if run.finished_at else None

    return await wait_for(ended, PATIENCE, f"The run has not ended; see {worker.log}.")


@pytest.mark.thorough
@pytest.mark.timeout(600)
async def test_another_worker_takes_over_a_frozen_one(
    runtime: Runtime, installed: Installation, broker_settings: Settings, database_url: str
) -> None:
    """Rules 4.6 and 6.5: the run ends without it, and every bill is made once."""
    settings = broker_settings.model_copy(update={"worker_timeout": WORKER_TIMEOUT})
    installed.settings["TENURE_WORKER_TIMEOUT"] = str(WORKER_TIMEOUT)
    run_id = await billed_on_the_first(runtime)
    async with barrier(database_url) as connection:
        frozen = installed.ready("worker")
        installed.ready(*SCHEDULER)
        await until_waiting(connection, frozen)
        frozen.it.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        try:
            await connection.execute("SELECT pg_advisory_unlock(4711)")
            await connection.execute("SELECT pg_advisory_lock(4711)")
            other = installed.ready("worker")
            await until_waiting(connection, other)
            taken_over = time.monotonic() - begun
            problems = [await until_reported(settings), await until_wrong(settings)]
            await connection.execute("SELECT pg_advisory_unlock(4711)")
            run = await until_ended(runtime, run_id, other)
            took = time.monotonic() - begun
        finally:
            frozen.it.send_signal(signal.SIGCONT)
        frozen.until_says(WOKEN)
    print(f"\ntaken over after {taken_over:.1f} s, the run ended {took:.1f} s after the freeze")
    assert (run.status, run.failed) == (JobRunStatus.DONE, 0)
    who = f"is frozen or dead: it has not reported on job run {run_id} for "
    assert [(who in problem, f":{frozen.pid} " in problem) for problem in problems] == [
        (True, True)
    ] * 2
    assert [process.stop() for process in installed.started] == [0, 0, 0]
    logs = [process.log.read_text() for process in installed.started]
    assert sum(log.count(FROZEN) for log in logs) == 1
    assert [log for log in logs if "Traceback" in log] == []
    assert await bills_made(runtime) == {1: ACCOUNTS}
    await check_sums(runtime)


async def until_reported(settings: Settings) -> str:
    """The problem that `/readyz` reports; the server stays ready."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://tenure.test") as client,
    ):

        async def reported() -> list[str]:
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["ready"]) == (200, True)
            return [it for it in answer.json()["problems"] if it.startswith("Worker")]

        [problem] = await wait_for(reported, PATIENCE, "/readyz reports no frozen worker.")
    return problem


async def until_wrong(settings: Settings) -> str:
    """What `tenure check` finds wrong with the jobs."""
    [found] = [it for it in await findings(settings) if it.subject == "jobs"]
    assert not found.is_ok
    return found.message


async def bills_made(runtime: Runtime) -> dict[int, int]:
    """How many accounts have so many bills of this day."""
    made = select(func.count()).where(Bill.billed_on == DECEMBER).group_by(Bill.account_id)
    async with runtime.database.reading() as session:
        counts = list((await session.execute(made)).scalars())
    return {count: counts.count(count) for count in set(counts)}


async def test_a_run_without_any_worker_is_told_of(runtime: Runtime, database: Database) -> None:
    """A worker that reports, one that has ended and a run that has ended are no problem."""
    run_id = await billed_on_the_first(runtime)
    assert await stuck_jobs(database, 30) == []
    long_ago = real_now() - timedelta(minutes=10)
    status = update(JobRun).values(status=JobRunStatus.RUNNING, heartbeat_at=long_ago)
    async with database.engine.begin() as connection:
        await connection.execute(status)
    [problem] = await stuck_jobs(database, 30)
    assert problem.startswith(f"Job run {run_id} has made no progress for 60")
    beat = Heartbeat(database, run_id, 30)
    await beat.begin()
    assert await stuck_jobs(database, 30) == []
    async with database.engine.begin() as connection:
        await connection.execute(update(JobWorker).values(reported_at=long_ago))
    assert [it.split()[0] for it in await stuck_jobs(database, 30)] == ["Worker", "Job"]
    await beat.end()
    assert [it.split()[0] for it in await stuck_jobs(database, 30)] == ["Job"]
    async with database.engine.begin() as connection:
        await connection.execute(update(JobRun).values(status=JobRunStatus.DONE))
    assert await stuck_jobs(database, 30) == []


async def test_silence_is_logged_once(
    runtime: Runtime, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By whichever process finds it first; a worker that reports again may be logged again."""
    run_id = await billed_on_the_first(runtime)
    database = Database(database_url, pool_size=3, timeouts=Timeouts(idle=SILENT))
    try:
        silent = Heartbeat(database, run_id, SILENT)
        await silent.begin()
        async with heartbeat(database, run_id):
            await asyncio.sleep(1.5 * SILENT)
        await log_silent_workers(database, SILENT)
        assert capsys.readouterr().out.count(FROZEN) == 1
        reporting = asyncio.create_task(silent.keep_reporting())
        columns = select(JobWorker.silence_logged, JobWorker.ended_at.is_(None))
        expected = [(False, True), (False, False)]

        async def reports_again() -> bool:
            async with database.reading() as session:
                rows = await session.execute(columns.order_by(JobWorker.id))
            return [tuple(row) for row in rows] == expected

        await wait_for(reports_again, PATIENCE, "The worker does not report again.")
        reporting.cancel()
    finally:
        await database.close()


async def test_frozen_worker_says_so_even_if_its_work_has_ended(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its transaction was ended and the run is done: its work ends before it can report."""
    woken = Heartbeat(database, 0, timeout=0.1)
    reporting = asyncio.create_task(woken.keep_reporting())
    await asyncio.sleep(0)
    time.sleep(0.2)  # noqa: ASYNC251 - all of the process is frozen
    reporting.cancel()
    await asyncio.wait([reporting])
    assert capsys.readouterr().out.count(WOKEN) == 1
