"""Delivers events to webhooks in every worker process, independently of the jobs and the broker.

The database is the queue (docs/decisions/17-webhooks-follow-commits.md). A task for each webhook
with work claims deliveries and attempts them concurrently, so that a slow endpoint delays no other.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tenure.events.queries import newest_position
from tenure.kernel.actor import Actor, Role
from tenure.kernel.clock import real_now
from tenure.kernel.db import Database
from tenure.kernel.errors import NotFoundError
from tenure.kernel.faults import OutcomeUnknownError
from tenure.kernel.outages import outage_log, outage_of
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime
from tenure.settings.queries import runtime_of
from tenure.webhooks.deliveries.actions import Round, run_round
from tenure.webhooks.deliveries.queries import has_webhooks, webhooks_with_work
from tenure.webhooks.deliveries.rules import AttemptResult, ClaimedDelivery, retry_at_of
from tenure.webhooks.sending.client import WebhookClient
from tenure.webhooks.sending.messages import send_signed

# How often a worker looks for new events and due deliveries.
POLL_SECONDS = 1.0
# For attempts in progress when the worker stops. Others are repeated by another worker.
STOP_SECONDS = 2.0
# Each task of a webhook uses one at a time, for milliseconds.
CONNECTIONS = 4
DELIVERY = Actor("webhooks", Role.ADMIN)
FAULTS = (SQLAlchemyError, OSError, OutcomeUnknownError)

logger = structlog.get_logger(__name__)


@asynccontextmanager
async def delivering(settings: Settings) -> AsyncIterator[None]:
    """Deliver during the block, over database connections of its own."""
    pool = max(2, min(CONNECTIONS, settings.pool_size))
    database = Database(settings.database_url, pool_size=pool, timeouts=settings.job_timeouts)
    runtime = runtime_of(settings, database)
    try:
        async with WebhookClient(allow_private=settings.webhook_allow_private) as client:
            worker = asyncio.create_task(WebhookWorker(runtime, client).run())
            try:
                yield
            finally:
                worker.cancel()
                with suppress(asyncio.CancelledError):
                    await worker
    finally:
        await database.close()


class WebhookWorker:
    """The tasks of one process: at most one for each webhook, and one for each attempt."""

    def __init__(self, runtime: Runtime, client: WebhookClient) -> None:
        self.runtime = runtime
        self.client = client
        self.webhooks: dict[int, asyncio.Task[None]] = {}
        self.attempts: set[asyncio.Task[AttemptResult]] = set()
        self.newest_position = 0
        self.stopping = False

    async def run(self) -> None:
        """Deliver until cancelled. Then attempts in progress have two seconds to end."""
        try:
            while True:
                try:
                    await self._start_tasks()
                except FAULTS as fault:
                    outage_log.report(outage_of(fault) or "webhooks could not be read", fault)
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await self._stop()

    async def _start_tasks(self) -> None:
        async with self.runtime.database.reading() as session:
            if not await has_webhooks(session):
                return
        async with self.runtime.database.connection() as connection:
            self.newest_position = await newest_position(connection)
        async with self.runtime.database.reading() as session:
            found = await webhooks_with_work(session, self.newest_position, real_now())
        for webhook_id in found:
            if webhook_id not in self.webhooks:
                task = asyncio.create_task(self._deliver(webhook_id))
                self.webhooks[webhook_id] = task
                task.add_done_callback(partial(self._ended, webhook_id))

    def _ended(self, webhook_id: int, task: asyncio.Task[None]) -> None:
        del self.webhooks[webhook_id]
        if not task.cancelled() and (fault := task.exception()) is not None:
            logger.error("the deliveries of a webhook stopped", webhook=webhook_id, exc_info=fault)

    async def _deliver(self, webhook_id: int) -> None:
        """Rounds until nothing is due and no attempt is in progress."""
        attempts: set[asyncio.Task[AttemptResult]] = set()
        results: list[AttemptResult] = []
        while True:
            found = await self._round(webhook_id, results)
            if found is not None:
                results = []
                attempts |= {self._begin(claimed) for claimed in found.claimed}
                if not attempts and not found.has_more:
                    return
            if not attempts:
                # The next events, or another try after a fault of the database.
                await asyncio.sleep(POLL_SECONDS if found is None else 0)
                continue
            done, attempts = await asyncio.wait(
                attempts, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            results += [task.result() for task in done]

    async def _round(self, webhook_id: int, results: list[AttemptResult]) -> Round | None:
        """One transaction of `run_round`; None if the database could not be used."""
        operation = partial(
            run_round,
            webhook_id=webhook_id,
            results=results,
            newest_position=self.newest_position,
            now=real_now(),
            claims=not self.stopping,
        )
        try:
            return await self.runtime.run_in_unit(DELIVERY, operation)
        except NotFoundError:
            return Round((), has_more=False)
        except FAULTS as fault:
            outage_log.report(outage_of(fault) or "deliveries could not be stored", fault)
            return None

    def _begin(self, claimed: ClaimedDelivery) -> asyncio.Task[AttemptResult]:
        task = asyncio.create_task(self._attempt(claimed))
        self.attempts.add(task)
        task.add_done_callback(self.attempts.discard)
        return task

    async def _attempt(self, claimed: ClaimedDelivery) -> AttemptResult:
        try:
            answer = await send_signed(
                self.runtime,
                self.client,
                url=claimed.url,
                secrets=claimed.secrets,
                message_id=claimed.message_id,
                body=claimed.body,
            )
        except asyncio.CancelledError:
            return AttemptResult(claimed.delivery_id, claimed.attempt, was_stopped=True)
        retry_at = retry_at_of(answer.retry_after, real_now())
        return AttemptResult(
            claimed.delivery_id, claimed.attempt, answer.status, answer.error, retry_at
        )

    async def _stop(self) -> None:
        """Settle what ends in time, and let other workers repeat the rest at once."""
        self.stopping = True
        if self.attempts:
            await asyncio.wait(self.attempts, timeout=STOP_SECONDS)
        for attempt in self.attempts:
            attempt.cancel()
        if self.webhooks:
            await asyncio.wait(self.webhooks.values(), timeout=STOP_SECONDS)
        unfinished = list(self.webhooks.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
