"""Every actor on one page. A message says: look, there may be work. Doubled, late or lost, it changes nothing."""

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
from tenure.deferred.queries import count_due
from tenure.jobs.queries import live_runs
from tenure.kernel.faults import is_resumable
from tenure.kernel.readiness import first_line
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import read_business
from tenure.worker.broker import OUT_OF_REACH
from tenure.worker.scheduler import start_what_is_due

# How many further workers one nudge calls at most. The next nudge, a minute later, calls as many again.
MAX_WORKERS_PER_RUN = 31
# A fault that has not passed by then is left to the next nudge.
SECONDS_OF_PATIENCE = 60

logger = structlog.get_logger(__name__)

T = TypeVar("T")


def declare_actors(
    broker: Broker, settings: Settings, runtime: Callable[[], Runtime]
) -> Callable[[], None]:
    """Put the actors on the broker; `runtime` is that of the worker's own event loop. Answers with the nudge.

    Whoever hears a nudge calls a further worker for each further chunk that is due. Those called call nobody, so the
    number of messages is bounded; those for whom nothing is left are back at once.
    """

    @actor(broker=broker, queue_name=settings.broker_queue, actor_name="look_for_work")
    def look_for_work(*, called: bool = False) -> None:
        try:
            if not (called or settings.embedded):
                for _ in range(async_to_sync(extra_workers)(runtime())):
                    nudge(called=True)
            async_to_sync(work_on_run)(runtime())
        except Shutdown:
            logger.info(
                "stopped in the middle of a run: what was not committed is undone, and others take it up"
            )
        except Exception as fault:
            if not is_resumable(fault):
                raise
            logger.error(
                "no work could be done, the next nudge tries again", fault=first_line(fault)
            )

    def nudge(*, called: bool = False) -> None:
        try:
            look_for_work.send(called=called)
        except OUT_OF_REACH as fault:
            words = "a nudge could not be sent; the scheduler says it again within a minute"
            logger.warning(words, fault=first_line(fault))

    return nudge


async def extra_workers(runtime: Runtime) -> int:
    """How many workers besides the one that asks would find something to do."""
    return await _patiently(_extra_workers, runtime)


async def work_on_run(runtime: Runtime) -> None:
    """Start what is due, and carry out every run that has not ended. One that fails does not stop the others."""
    await _patiently(_work_on_run, runtime)


async def _patiently(do: Callable[[Runtime], Awaitable[T]], runtime: Runtime) -> T:
    tries = AsyncRetrying(
        stop=stop_after_delay(SECONDS_OF_PATIENCE),
        wait=wait_random_exponential(multiplier=0.1, max=10),
        retry=retry_if_exception(is_resumable),
        before_sleep=_tell_once,
        reraise=True,
    )
    return await tries(do, runtime)


async def _extra_workers(runtime: Runtime) -> int:
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
        due = max(
            await count_due(session, business.now),
            await count_bill_units_due(session, business.today),
        )
    return min(MAX_WORKERS_PER_RUN, max(0, due - 1) // CHUNK)


async def _work_on_run(runtime: Runtime) -> None:
    await start_what_is_due(runtime)
    async with runtime.database.reading() as session:
        runs = await live_runs(session)
    for job_run_id in runs:
        try:
            await execute_run(runtime, job_run_id)
        except Exception as fault:
            if is_resumable(fault):
                raise
            logger.exception("job run failed", job_run_id=job_run_id)


def _tell_once(state: RetryCallState) -> None:
    fault = state.outcome.exception() if state.outcome is not None else None
    if state.attempt_number == 1 and fault is not None:
        logger.warning("the database is in the way, trying again", fault=first_line(fault))
