"""Records, claims and settles deliveries. The row of the webhook is locked meanwhile.

Deliveries live in real time, not in that of the business clock: actions take it as `now`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction, AuditOperation
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.kernel.expiry import delete_expired
from tenure.kernel.unit import Unit
from tenure.webhooks.deliveries import rules
from tenure.webhooks.deliveries.models import (
    LONGEST_ERROR,
    Webhook,
    WebhookDelivery,
    WebhookDeliveryStatus,
    WebhookStatus,
)
from tenure.webhooks.deliveries.queries import (
    IS_PENDING,
    accounts_with_pending,
    earliest_pending,
    events_after,
    events_with_subjects,
    free_places,
    is_due,
    locked_webhook,
    of_account_in_flight,
)
from tenure.webhooks.deliveries.rules import AttemptResult, ClaimedDelivery


@dataclass(frozen=True, slots=True)
class Round:
    """What a round of a worker has claimed. `has_more`: more events wait to be recorded."""

    claimed: Sequence[ClaimedDelivery]
    has_more: bool


async def run_round(
    unit: Unit,
    webhook_id: int,
    results: Sequence[AttemptResult],
    *,
    newest_position: int,
    now: datetime,
    claims: bool = True,
) -> Round:
    """Settles the results of attempts, records new events, and claims deliveries that are due.

    One transaction for all of it: a worker that is killed leaves nothing half done. A worker that
    stops passes `claims=False`, and only settles.
    """
    webhook = await locked_webhook(unit, webhook_id, with_deleted=True)
    await settle(unit, webhook, results, now=now)
    if webhook.deleted_at is not None or not claims:
        return Round((), has_more=False)
    has_more = await record_deliveries(unit, webhook, newest_position, now=now)
    return Round(await claim(unit, webhook, now=now), has_more)


async def record_deliveries(
    unit: Unit, webhook: Webhook, newest_position: int, *, now: datetime
) -> bool:
    """Records the deliveries of the next events, in the order of their commits.

    At most a chunk of them; returns true if more are left.
    """
    if webhook.position >= newest_position:
        return False
    page = await events_after(unit.session, webhook, newest_position)
    if page.events:
        account_ids = {account_id for _, account_id in page.events}
        waiting = await accounts_with_pending(unit, webhook.id, account_ids)
        rows = []
        for event_id, account_id in page.events:
            is_first = account_id not in waiting
            waiting.add(account_id)
            rows.append(
                {
                    "webhook_id": webhook.id,
                    "event_id": event_id,
                    "account_id": account_id,
                    "created_at": now,
                    "next_attempt_at": now if is_first else None,
                }
            )
        await unit.session.execute(insert_rows(WebhookDelivery), rows)
    webhook.position, webhook.event_id = page.position, page.event_id
    await unit.session.flush()
    return not page.is_last


async def claim(unit: Unit, webhook: Webhook, *, now: datetime) -> list[ClaimedDelivery]:
    """Claims deliveries that are due, as many as there are places for attempts."""
    if webhook.status is not WebhookStatus.ACTIVE:
        return []
    if webhook.retry_at is not None and webhook.retry_at > now:
        return []
    places = await free_places(unit, webhook.id, now, rules.MAX_IN_FLIGHT)
    due = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id, *is_due(now))
    in_order = due.order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id).limit(places)
    deliveries = (await unit.session.scalars(in_order)).all() if places else []
    if not deliveries:
        return []
    events = await events_with_subjects(unit.session, [it.event_id for it in deliveries])
    secrets = rules.secrets_at(webhook, now)
    claimed = []
    for delivery in deliveries:
        delivery.attempts += 1
        delivery.last_attempt_at = now
        delivery.claimed_until = now + rules.LEASE
        claimed.append(
            ClaimedDelivery(
                delivery_id=delivery.id,
                attempt=delivery.attempts,
                url=webhook.url,
                secrets=secrets,
                message_id=rules.message_id_of(delivery),
                body=rules.event_message(*events[delivery.event_id]),
            )
        )
    await unit.session.flush()
    return claimed


async def settle(
    unit: Unit, webhook: Webhook, results: Sequence[AttemptResult], *, now: datetime
) -> None:
    """Stores the results of attempts, and lets the next deliveries of their accounts follow.

    A result is ignored if it is settled already, or if its lease has ended and another attempt has
    begun.
    """
    if not results:
        return
    by_id = {result.delivery_id: result for result in results}
    found = select(WebhookDelivery).where(in_ids(WebhookDelivery.id, list(by_id)), IS_PENDING)
    deliveries = [
        delivery
        for delivery in await unit.session.scalars(found.order_by(WebhookDelivery.id))
        if delivery.attempts == by_id[delivery.id].attempt and delivery.claimed_until is not None
    ]
    answered = [it for it in deliveries if not by_id[it.id].was_stopped]
    failed = sum(by_id[it.id].error is not None for it in answered)
    webhook.failed_attempts += failed
    webhook.succeeded_attempts += len(answered) - failed
    if failed < len(answered):
        webhook.failing_since = None
    elif failed:
        webhook.failing_since = webhook.failing_since or now
    retries = [it for it in (by_id[found.id].retry_at for found in answered) if it is not None]
    webhook.retry_at = max(retries, default=webhook.retry_at)
    is_gone = any(by_id[it.id].is_gone for it in answered)
    since = webhook.failing_since
    is_failing = is_gone or (since is not None and rules.has_failed_for_long(since, now))
    for delivery in deliveries:
        _store_result(delivery, by_id[delivery.id], now, gives_up=not is_failing)
    await unit.session.flush()
    await follow_order(unit, webhook.id, {it.account_id for it in deliveries}, now=now)
    if is_failing and webhook.status is WebhookStatus.ACTIVE:
        await _stop_sending(unit, webhook, is_gone=is_gone)


def _store_result(
    delivery: WebhookDelivery, result: AttemptResult, now: datetime, *, gives_up: bool
) -> None:
    """Stores a result. Without `gives_up` the delivery stays PENDING after its last attempt.

    A webhook that fails altogether keeps its deliveries until an admin resumes it.
    """
    delivery.claimed_until = None
    if result.was_stopped:
        return
    delivery.response_status = result.response_status
    delivery.error = result.error and result.error[:LONGEST_ERROR]
    if result.error is None:
        delivery.status, delivery.next_attempt_at = WebhookDeliveryStatus.DELIVERED, None
        return
    delivery.failures += 1
    delivery.next_attempt_at = rules.next_attempt_at(delivery.failures, now)
    if delivery.next_attempt_at is None and gives_up:
        delivery.status = WebhookDeliveryStatus.FAILED
    elif delivery.next_attempt_at is not None and result.retry_at is not None:
        delivery.next_attempt_at = max(delivery.next_attempt_at, result.retry_at)


async def _stop_sending(unit: Unit, webhook: Webhook, *, is_gone: bool) -> None:
    webhook.status = WebhookStatus.FAILING
    webhook.version += 1
    operation, reason = (
        (AuditOperation.WEBHOOK_GONE, "it answered 410 Gone")
        if is_gone
        else (AuditOperation.WEBHOOK_FAILING, "every attempt has failed for three days")
    )
    summary = f"Stopped webhook {webhook.url}: {reason}."
    changes = {"status": (WebhookStatus.ACTIVE, WebhookStatus.FAILING)}
    values = {"operation": operation, "webhook": webhook.url}
    await record_audit(unit, AuditAction.WEBHOOK_CHANGED, summary, changes, values)


async def follow_order(
    unit: Unit, webhook_id: int, account_ids: Collection[int], *, now: datetime
) -> None:
    """Schedules the earliest pending delivery of each account, and no other one.

    An attempt in progress keeps its place until it has ended, then this is called again. Rows that
    the session has loaded are not refreshed.
    """
    if not account_ids:
        return
    in_flight = select(WebhookDelivery.account_id).where(
        of_account_in_flight(webhook_id, account_ids, now)
    )
    busy = set(await unit.session.scalars(in_flight))
    idle = [account_id for account_id in account_ids if account_id not in busy]
    is_earliest = earliest_pending(webhook_id, idle)
    of_accounts = (
        WebhookDelivery.webhook_id == webhook_id,
        IS_PENDING,
        in_ids(WebhookDelivery.account_id, idle),
    )
    scheduled = WebhookDelivery.next_attempt_at
    later = update(WebhookDelivery).where(*of_accounts, scheduled.is_not(None), ~is_earliest)
    first = update(WebhookDelivery).where(*of_accounts, scheduled.is_(None), is_earliest)
    options = {"synchronize_session": False}
    await unit.session.execute(later.values(next_attempt_at=None), execution_options=options)
    await unit.session.execute(first.values(next_attempt_at=now), execution_options=options)


async def resume(unit: Unit, webhook: Webhook, *, now: datetime) -> None:
    """Begins the schedule of retries anew for every pending delivery of the webhook."""
    webhook.failing_since = None
    webhook.retry_at = None
    pending = update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id, IS_PENDING)
    options = {"synchronize_session": False}
    await unit.session.execute(
        pending.where(WebhookDelivery.failures > 0).values(failures=0), execution_options=options
    )
    scheduled = pending.where(WebhookDelivery.next_attempt_at > now)
    await unit.session.execute(scheduled.values(next_attempt_at=now), execution_options=options)


async def redeliver(unit: Unit, delivery_id: int, *, now: datetime) -> WebhookDelivery:
    """Sends the event again, under the same message id, or a pending one now instead of later.

    If an earlier event of its account is pending, that one is sent first. Raises NOT_FOUND, and
    NOT_ALLOWED unless the webhook is ACTIVE.
    """
    unit.require(Role.ADMIN)
    found = await unit.session.get(WebhookDelivery, delivery_id)
    if found is None:
        raise NotFoundError("delivery", ("delivery_id",))
    webhook = await locked_webhook(unit, found.webhook_id, "delivery_id")
    rules.check_may_redeliver(webhook)
    webhook.retry_at = None
    delivery = await unit.session.get_one(WebhookDelivery, delivery_id, populate_existing=True)
    if delivery.claimed_until is None or delivery.claimed_until <= now:
        delivery.status = WebhookDeliveryStatus.PENDING
        delivery.failures = 0
        delivery.claimed_until = None
        delivery.next_attempt_at = None
        await unit.session.flush()
        await follow_order(unit, webhook.id, {delivery.account_id}, now=now)
    summary = f"Requested delivery {delivery.id} to webhook {webhook.url} again."
    operation = AuditOperation.DELIVERY_REQUESTED
    values = {"operation": operation, "webhook": webhook.url, "delivery": delivery.id}
    await record_audit(unit, AuditAction.WEBHOOK_CHANGED, summary, values=values)
    return delivery


async def delete_old_deliveries(unit: Unit, *, now: datetime) -> int:
    """Deletes a chunk of the deliveries that are older than 30 days, and returns their number."""
    is_expired = WebhookDelivery.created_at <= now - rules.RETENTION
    return await delete_expired(unit, WebhookDelivery, (WebhookDelivery.id,), is_expired=is_expired)


async def delete_old_webhooks(unit: Unit, *, now: datetime) -> int:
    """Deletes webhooks that an admin deleted 30 days ago; their deliveries are older."""
    is_expired = Webhook.deleted_at <= now - rules.RETENTION
    return await delete_expired(unit, Webhook, (Webhook.id,), is_expired=is_expired)
