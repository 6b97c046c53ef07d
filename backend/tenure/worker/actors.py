"""The actor that runs due jobs. Its message has no content: work is stored in the database.

A message that is repeated, late or lost therefore changes nothing.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from dramatiq import Broker, actor
from dramatiq.asyncio import async_to_sync
from dramatiq.middleware import Shutdown
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_delay,
    wait_random_exponential,
)

from tenure.batch import CHUNK, execute_run
from tenure.batch.bill_day.queries import count_bill_units_due
from tenure.batch.status_changes.queries import count_all_pending
from tenure.deferred.queries import count_due
from tenure.jobs.queries import live_runs
from tenure.kernel.faults import is_resumable
from tenure.kernel.readiness import first_line
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business
from tenure.worker.broker import BROKER_ERRORS
from tenure.worker.scheduler import start_due_jobs

# The most extra workers that one wake-up message wakes. The scheduler sends the next one within
# a minute, and that message wakes as many again.
MAX_EXTRA_WORKERS = 31
# A fault that lasts longer is left to the next wake-up message.
RETRY_SECONDS = 60

logger = structlog.get_logger(__name__)

T = TypeVar("T")


def declare_actors(
    broker: Broker, settings: Settings, runtime: Callable[[], Runtime]
) -> Callable[[], None]:
    """Declare the actor on the broker, and return the function that sends a wake-up message.

    `runtime` returns the runtime of the worker's event loop. A worker that receives a message
    wakes an extra worker for each further chunk that is due. Extra workers wake nobody, so the
    number of messages is bounded, and return at once if no chunk is left.
    """

    @actor(broker=broker, queue_name=settings.broker_queue)
    def run_jobs(*, extra: bool = False) -> None:
        try:
            if not (extra or settings.embedded):
                for _ in range(async_to_sync(count_extra_workers)(runtime())):
                    send_wake_up(extra=True)
            async_to_sync(run_due_jobs)(runtime())
        except Shutdown:
            logger.info("stopped during a run: its open chunk is rolled back, others continue it")
        except Exception as fault:
            if not is_resumable(fault):
                raise
            logger.error(
                "due jobs could not be run, the next wake-up message tries again",
                fault=first_line(fault),
            )

    def send_wake_up(*, extra: bool = False) -> None:
        try:
            run_jobs.send(extra=extra)
        except BROKER_ERRORS as fault:
            logger.warning(
                "a wake-up message could not be sent; the scheduler sends another within a minute",
                fault=first_line(fault),
            )

    return send_wake_up


async def count_extra_workers(runtime: Runtime) -> int:
    """The number of workers, besides the one that asks, for which a chunk is due."""
    return await _with_retries(_count_extra_workers, runtime)


async def run_due_jobs(runtime: Runtime) -> None:
    """Start the jobs that are due, and execute every live run.

    A run that fails does not stop the others.
    """
    await _with_retries(_run_due_jobs, runtime)


async def _with_retries(operation: Callable[[Runtime], Awaitable[T]], runtime: Runtime) -> T:
    attempts = AsyncRetrying(
        stop=stop_after_delay(RETRY_SECONDS),
        wait=wait_random_exponential(multiplier=0.1, max=10),
        retry=retry_if_exception(is_resumable),
        before_sleep=_log_first_attempt,
        reraise=True,
    )
    return await attempts(operation, runtime)


async def _count_extra_workers(runtime: Runtime) -> int:
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
        due = max(
            await count_due(session, business.now),
            await count_bill_units_due(session, business.today),
            await count_all_pending(session),
        )
    return min(MAX_EXTRA_WORKERS, max(0, due - 1) // CHUNK)


async def _run_due_jobs(runtime: Runtime) -> None:
    is_complete = False
    while not is_complete:
        await start_due_jobs(runtime)
        async with runtime.database.reading() as session:
            runs = await live_runs(session)
        is_complete = True
        for job_run_id in runs:
            try:
                is_complete &= await execute_run(runtime, job_run_id)
            except Exception as fault:
                if is_resumable(fault):
                    raise
                logger.exception("job run failed", job_run_id=job_run_id)


def _log_first_attempt(state: RetryCallState) -> None:
    fault = state.outcome.exception() if state.outcome is not None else None
    if state.attempt_number == 1 and fault is not None:
        logger.warning("a database fault, trying again", fault=first_line(fault))
