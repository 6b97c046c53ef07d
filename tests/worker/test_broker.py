"""Due actions run once, with lost or repeated messages and killed or stopped workers."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.jobs.models import JobRun, JobRunStatus
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.status.changes.actions import change_account
from tenure.status.changes.rules import StatusRequest
from tenure.worker.brokered import Brokered
from tenure.worker.scheduler import start_due_jobs
from tests.builders import account
from tests.conftest import ANA, NOON, set_clock
from tests.waiting import PATIENCE, until
from tests.worker.conftest import forget
from tests.worker.processes import Installation

pytestmark = [pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)]

LATER = NOON + timedelta(hours=1)


async def test_due_actions_are_run_by_a_worker_process(
    runtime: Runtime, installed: Installation
) -> None:
    """Rules 4.4 and 4.6: also actions that fell due while no process ran, without a message."""
    await schedule_inactivations(runtime, 3)
    installed.ready("worker")
    installed.ready("scheduler", "--every", "0.5")
    await asyncio.sleep(1)
    assert await states(runtime) == {DeferredStatus.PENDING: 3}
    await set_clock(runtime, LATER)
    await until_done(runtime, 3)
    assert await changes(runtime) == 3
    assert [process.stop() for process in installed.started] == [0, 0]


@pytest.mark.thorough
async def test_a_change_in_the_server_wakes_a_worker_without_a_scheduler(
    runtime: Runtime, installed: Installation, broker_settings: Settings
) -> None:
    await schedule_inactivations(runtime, 1)
    await set_clock(runtime, LATER)
    installed.ready("worker")
    await _send_wake_ups(runtime, broker_settings, times=1)
    await until_done(runtime, 1)


@pytest.mark.thorough
async def test_a_lost_message_is_sent_again(
    runtime: Runtime, installed: Installation, broker_settings: Settings
) -> None:
    """Rules 4.6: the message of a run is lost; the scheduler sends another one."""
    await schedule_inactivations(runtime, 5)
    await set_clock(runtime, LATER)
    await _send_wake_ups(runtime, broker_settings, times=1)
    await start_due_jobs(runtime)
    forget(broker_settings)
    installed.ready("worker")
    await asyncio.sleep(1)
    assert await states(runtime) == {DeferredStatus.PENDING: 5}
    installed.ready("scheduler", "--every", "0.5")
    await until_done(runtime, 5)
    assert await changes(runtime) == 5


@pytest.mark.thorough
async def test_doubled_messages_change_nothing(
    runtime: Runtime, installed: Installation, broker_settings: Settings
) -> None:
    """Rules 4.6."""
    await schedule_inactivations(runtime, 50)
    await set_clock(runtime, LATER)
    installed.ready("worker")
    installed.ready("worker")
    await _send_wake_ups(runtime, broker_settings, times=10)
    await until_done(runtime, 50)
    await _send_wake_ups(runtime, broker_settings, times=10)
    await asyncio.sleep(1)
    assert await changes(runtime) == 50
    assert sum(await runs(runtime)) == 50


@pytest.mark.thorough
async def test_two_schedulers_do_not_double_the_work(
    runtime: Runtime, installed: Installation
) -> None:
    """Rules 4.6 and 4.10."""
    await schedule_inactivations(runtime, 20)
    for _ in range(2):
        installed.ready("scheduler", "--every", "0.2")
    await set_clock(runtime, LATER)
    await asyncio.sleep(1)
    assert await runs(runtime) == [0]
    installed.ready("worker")
    await until_done(runtime, 20)
    assert await changes(runtime) == 20
    assert sum(await runs(runtime)) == 20


@pytest.mark.thorough
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
async def test_another_worker_finishes_the_run_of_a_stopped_one(
    runtime: Runtime, installed: Installation, by: signal.Signals
) -> None:
    """Rules 4.6: nothing is half done, nothing is done twice."""
    await schedule_inactivations(runtime, 6_000)
    first = installed.ready("worker")
    installed.ready("scheduler", "--every", "0.5")
    async with locked_actions(runtime, after=5_500):
        await set_clock(runtime, LATER)
        await _until(lambda: _some_done(runtime))
        assert first.stop(by) == (0 if by == signal.SIGTERM else -signal.SIGKILL)
    left = (await states(runtime)).get(DeferredStatus.PENDING, 0)
    assert left >= 500
    assert await changes(runtime) == 6_000 - left
    assert "Traceback" not in first.log.read_text()
    installed.ready("worker")
    await until_done(runtime, 6_000)
    assert await changes(runtime) == 6_000
    assert sum(await runs(runtime)) == 6_000


@pytest.mark.thorough
@pytest.mark.parametrize("broker_url", ["redis"], indirect=True)
async def test_a_killed_worker_is_replaced_and_all_stop_with_the_supervisor(
    runtime: Runtime, installed: Installation
) -> None:
    del runtime
    supervise = installed.start("worker", "--processes", "2")
    supervise.until_says('"event": "ready"', 2)
    victim = children_of(supervise.pid)[0]
    os.kill(victim, signal.SIGKILL)
    supervise.until_says('"event": "ready"', 3)
    assert supervise.says(f'"pid": {victim}')
    workers = children_of(supervise.pid)
    assert victim not in workers
    assert supervise.stop() == 0
    assert [pid for pid in workers if alive(pid)] == []
    alone = installed.ready("worker")
    assert alone.stop(signal.SIGINT) == 0


@pytest.mark.thorough
@pytest.mark.parametrize("broker_url", ["rabbitmq"], indirect=True)
async def test_workers_end_if_their_supervisor_is_killed(
    runtime: Runtime, installed: Installation
) -> None:
    del runtime
    supervise = installed.start("worker", "--processes", "2")
    supervise.until_says('"event": "ready"', 2)
    workers = children_of(supervise.pid)
    supervise.stop(signal.SIGKILL)
    until(
        lambda: not any(map(alive, workers)),
        lambda: f"Still there: {[pid for pid in workers if alive(pid)]}",
    )


def children_of(pid: int) -> list[int]:
    """The workers of a supervisor, without the helper process of multiprocessing."""
    with open(f"/proc/{pid}/task/{pid}/children") as listed:  # noqa: PTH123
        children = [int(child) for child in listed.read().split()]
    return [child for child in children if b"spawn_main" in _command(child)]


def alive(pid: int) -> bool:
    """True if the process runs; a zombie does not."""
    return _command(pid) != b""


def _command(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as command:  # noqa: PTH123
            return command.read()
    except OSError:
        return b""


async def schedule_inactivations(runtime: Runtime, count: int) -> None:
    """Create accounts that become inactive at LATER: one by the action, others as copies."""
    async with runtime.unit(ANA) as unit:
        first = await account(unit)
        await change_account(unit, first, StatusRequest(to=Status.INACTIVE, defer_until=LATER))
    async with runtime.database.engine.begin() as connection:
        for table, more in (
            ("account", "number = 'copy-' || n"),
            ("deferred_action", "account_id = 1 + n"),
        ):
            copied = [
                name for (name,) in await connection.exec_driver_sql(_COLUMNS.format(table=table))
            ]
            given = dict([more.split(" = ")]) | {"id": "1 + n"}
            values = ", ".join(given.get(name, f"a.{name}") for name in copied)
            await connection.exec_driver_sql(
                f"INSERT INTO {table} ({', '.join(copied)}) SELECT {values} "
                f"FROM {table} a, generate_series(1, {count - 1}) n WHERE a.id = 1"
            )
    await runtime.database.analyze()


_COLUMNS = (
    "SELECT column_name FROM information_schema.columns "
    "WHERE table_name = '{table}' AND is_generated = 'NEVER'"
)


@asynccontextmanager
async def locked_actions(runtime: Runtime, *, after: int) -> AsyncIterator[None]:
    """Locks the actions after this one, so that the run cannot end during the block."""
    last = select(DeferredAction.id).where(DeferredAction.id > after).with_for_update()
    async with runtime.database.engine.begin() as connection:
        await connection.execute(last)
        yield


async def states(runtime: Runtime) -> dict[DeferredStatus, int]:
    """How many actions are in each state."""
    statement = select(DeferredAction.status, func.count()).group_by(DeferredAction.status)
    async with runtime.database.reading() as session:
        return {row[0]: row[1] for row in await session.execute(statement)}


async def changes(runtime: Runtime) -> int:
    """How many changes of status there have been."""
    async with runtime.database.reading() as session:
        statement = select(func.count()).where(Event.kind == EventKind.STATUS_CHANGE)
        return int((await session.execute(statement)).scalar_one())


async def runs(runtime: Runtime) -> list[int]:
    """What each run has done."""
    async with runtime.database.reading() as session:
        return list(await session.scalars(select(JobRun.done).order_by(JobRun.id)))


async def until_done(runtime: Runtime, count: int) -> None:
    """Wait until every action is done and every run has ended."""

    async def over() -> bool:
        async with runtime.database.reading() as session:
            live = select(func.count()).where(JobRun.status.not_in([JobRunStatus.DONE]))
            running = (await session.execute(live)).scalar_one()
        return await states(runtime) == {DeferredStatus.DONE: count} and not running

    await _until(over)


async def _some_done(runtime: Runtime) -> bool:
    return (await states(runtime)).get(DeferredStatus.DONE, 0) > 0


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.05)


async def _send_wake_ups(runtime: Runtime, settings: Settings, *, times: int) -> None:
    """Send this number of wake-up messages, as a server does."""
    brokered = Brokered(settings)
    async with brokered.running(runtime):
        for _ in range(times):
            brokered.wake_up_sender.send()
