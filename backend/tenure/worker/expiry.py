"""The hourly deletion of expired rows: requests, sign-in counters, sessions, deliveries, files."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog

from tenure.idempotency.actions import delete_expired_requests
from tenure.identity.attempts.actions import delete_expired_limits
from tenure.identity.sessions.actions import delete_old_sessions
from tenure.importing.expiry import (
    delete_expired_accounts,
    delete_expired_lines,
    delete_expired_logins,
    delete_expired_offers,
    delete_expired_parts,
    delete_interrupted_uploads,
)
from tenure.kernel.actor import Actor
from tenure.kernel.clock import real_now
from tenure.kernel.expiry import CHUNK
from tenure.kernel.locks import WRITER_PAUSE_SECONDS
from tenure.kernel.unit import Runtime, Unit
from tenure.webhooks.deliveries.actions import delete_old_deliveries, delete_old_webhooks

logger = structlog.get_logger(__name__)


class DeleteChunk(Protocol):
    """Deletes a chunk of expired rows, and returns their number."""

    def __call__(self, unit: Unit, *, now: datetime) -> Awaitable[int]: ...


EXPIRING: dict[str, DeleteChunk] = {
    "keyed_requests": delete_expired_requests,
    "sign_in_limits": delete_expired_limits,
    "sessions": delete_old_sessions,
    "webhook_deliveries": delete_old_deliveries,
    "webhooks": delete_old_webhooks,
    "import_file_parts": delete_expired_parts,
    "interrupted_uploads": delete_interrupted_uploads,
    "import_run_lines": delete_expired_lines,
    "checked_accounts": delete_expired_accounts,
    "checked_logins": delete_expired_logins,
    "checked_offers": delete_expired_offers,
}


def hourly_expiry(runtime: Runtime, actor: Actor) -> Callable[[], Awaitable[None]]:
    """Return a function to be called each minute, which deletes in the first call of each hour.

    A call that fails is repeated in the next minute. Several processes may do this at once: none
    waits for another.
    """
    done: datetime | None = None

    async def delete_once_an_hour() -> None:
        nonlocal done
        hour = real_now().replace(minute=0, second=0, microsecond=0)
        if done == hour:
            return
        await delete_all_expired(runtime, actor, real_now())
        done = hour

    return delete_once_an_hour


async def delete_all_expired(runtime: Runtime, actor: Actor, now: datetime) -> dict[str, int]:
    """Delete all expired rows, a chunk per transaction, and return their number by kind."""
    counts = dict.fromkeys(EXPIRING, 0)
    for kind, delete_chunk in EXPIRING.items():
        deleted = CHUNK
        while deleted == CHUNK:
            deleted = await runtime.run_in_unit(actor, partial(delete_chunk, now=now))
            counts[kind] += deleted
            # Yields to other writers of SQLite.
            await asyncio.sleep(WRITER_PAUSE_SECONDS if deleted == CHUNK else 0)
    if any(counts.values()):
        logger.info("expired rows were deleted", **counts)
    return counts
