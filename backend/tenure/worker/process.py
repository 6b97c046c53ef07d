"""One process that works, or one that schedules: each waits for what it needs, then goes on until it is cancelled."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from dramatiq import Worker
from dramatiq.common import dq_name

from tenure.kernel.db import Database
from tenure.kernel.gc_tuning import freeze_gc
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import runtime_of
from tenure.worker.broker import OUT_OF_REACH
from tenure.worker.brokered import Brokered
from tenure.worker.scheduler import scheduling

# Milliseconds. A chunk that is not done by then is undone, and another worker takes it up.
PATIENCE = 5_000
# What a worker or a scheduler has besides its pool: it watches the database, and says what is due.
CONNECTIONS_BESIDES = 2

logger = structlog.get_logger(__name__)


async def work(settings: Settings) -> None:
    """Carry out what nudges ask for."""
    brokered = Brokered(settings)
    async with _ready(brokered, settings):
        _leave_outages_to_reach(settings.broker_queue)
        worker = Worker(brokered.broker, worker_threads=1)
        # A nudge that waits behind a run would be heard by nobody.
        worker.queue_prefetch = worker.delay_prefetch = 1
        starting = asyncio.ensure_future(asyncio.to_thread(worker.start))
        try:
            await asyncio.shield(starting)
            await asyncio.Event().wait()
        finally:
            # Who is told to stop at the start starts first: half started, it has threads that nobody would end.
            await starting
            await asyncio.to_thread(worker.stop, PATIENCE)


async def schedule(settings: Settings, *, seconds: float | None = None) -> None:
    """Say each minute what is due; see `scheduling` for `seconds`."""
    brokered = Brokered(settings)
    async with (
        _ready(brokered, settings) as runtime,
        scheduling(runtime, brokered.wake, seconds=seconds),
    ):
        await asyncio.Event().wait()


@asynccontextmanager
async def _ready(brokered: Brokered, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime on this loop, once database and broker have been reached. Both are watched until the end."""
    database = Database(
        settings.database_url, pool_size=CONNECTIONS_BESIDES, timeouts=settings.job_timeouts
    )
    runtime = runtime_of(settings, database)
    try:
        async with brokered.running(runtime) as outside:
            for connectivity in outside:
                await connectivity.once.wait()
            freeze_gc()
            logger.info("ready")
            yield runtime
    finally:
        await database.close()


def _leave_outages_to_reach(queue: str) -> None:
    """Dramatiq tells of a lost broker every three seconds, for each queue; we have said it in one line."""

    def is_news(record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        return "connection error" not in str(record.msg) and not isinstance(fault, OUT_OF_REACH)

    for name in (queue, dq_name(queue)):
        logging.getLogger(f"dramatiq.worker.ConsumerThread({name})").addFilter(is_news)
