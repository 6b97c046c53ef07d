"""Worker and scheduler in the server: they start and stop with it, and are woken at once."""

import asyncio
import threading
from datetime import timedelta

from sqlalchemy import select

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tenure.status.changes.actions import change_account
from tenure.status.changes.rules import StatusRequest
from tenure.worker.embedded import Embedded
from tests.builders import account
from tests.conftest import ANA, NOON, set_clock
from tests.waiting import PATIENCE


async def test_work_is_done_at_start_and_on_a_wake_up_and_all_threads_end(
    runtime: Runtime, database_url: str
) -> None:
    threads = threading.active_count()
    await _schedule_inactivation(runtime, hours=1)
    await set_clock(runtime, NOON + timedelta(hours=2))
    embedded = Embedded(Settings(_env_file=None, database_url=database_url, clock="settable"))
    awake = Runtime(
        runtime.database, BusinessReader(clock_settable=True), wake_workers=embedded.wake
    )
    async with embedded.running(awake):
        await _until_done(runtime, 1)
        await _schedule_inactivation(runtime, hours=3)
        await set_clock(runtime, NOON + timedelta(hours=4))
        embedded.wake()
        await _until_done(runtime, 2)
    assert threading.active_count() <= threads + 2, [
        thread.name for thread in threading.enumerate()
    ]


async def _schedule_inactivation(runtime: Runtime, hours: int) -> None:
    async with runtime.unit(ANA) as unit:
        account_id = await account(unit)
        later = NOON + timedelta(hours=hours)
        await change_account(unit, account_id, StatusRequest(to=Status.INACTIVE, defer_until=later))


async def _until_done(runtime: Runtime, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            async with runtime.database.reading() as session:
                states = list(await session.scalars(select(DeferredAction.status)))
            if states == [DeferredStatus.DONE] * count:
                return
            await asyncio.sleep(0.05)
