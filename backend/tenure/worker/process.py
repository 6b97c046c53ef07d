"""A worker process and a scheduler process.

Each waits until database and broker can be reached, then runs until it is cancelled.
"""

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
from tenure.worker.broker import BROKER_ERRORS
from tenure.worker.brokered import Brokered
from tenure.worker.scheduler import scheduling
from tenure.worker.webhook_deliveries import delivering

# A chunk that takes longer after a stop is rolled back, and another worker claims it.
STOP_MILLISECONDS = 5_000
# For monitoring the database and for the scheduler, besides the pool of the worker's runtime.
MONITOR_CONNECTIONS = 2

logger = structlog.get_logger(__name__)


async def work(settings: Settings) -> None:
    """Run a worker: execute due jobs whenever a wake-up message arrives, and deliver webhooks."""
    brokered = Brokered(settings)
    async with _ready(brokered, settings), delivering(settings):
        _silence_outages(settings.broker_queue)
        worker = Worker(brokered.broker, worker_threads=1)
        # A prefetched message would wait for the end of this run instead of waking another worker.
        worker.queue_prefetch = worker.delay_prefetch = 1
        starting = asyncio.ensure_future(asyncio.to_thread(worker.start))
        try:
            await asyncio.shield(starting)
            await asyncio.Event().wait()
        finally:
            # A worker that is stopped while it starts has threads that `stop` would not end.
            await starting
            await asyncio.to_thread(worker.stop, STOP_MILLISECONDS)


async def schedule(settings: Settings, *, seconds: float | None = None) -> None:
    """Run a scheduler; `seconds` replaces its interval of a minute (see `scheduling`)."""
    brokered = Brokered(settings)
    async with (
        _ready(brokered, settings) as runtime,
        scheduling(runtime, brokered.wake, seconds=seconds),
    ):
        await asyncio.Event().wait()


@asynccontextmanager
async def _ready(brokered: Brokered, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime on this loop, once database and broker were reached. Both are monitored."""
    database = Database(
        settings.database_url, pool_size=MONITOR_CONNECTIONS, timeouts=settings.job_timeouts
    )
    runtime = runtime_of(settings, database)
    try:
        async with brokered.running(runtime) as dependencies:
            for dependency in dependencies:
                await dependency.was_reached.wait()
            freeze_gc()
            logger.info("ready")
            yield runtime
    finally:
        await database.close()


def _silence_outages(queue: str) -> None:
    """Drop Dramatiq's log lines about a lost broker, one per queue every three seconds.

    `Connectivity` logs one line instead.
    """

    def is_other_fault(record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        return "connection error" not in str(record.msg) and not isinstance(fault, BROKER_ERRORS)

    for name in (queue, dq_name(queue)):
        logging.getLogger(f"dramatiq.worker.ConsumerThread({name})").addFilter(is_other_fault)
