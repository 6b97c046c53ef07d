"""Executes due actions as most applications do: ORM objects and a transaction for each action."""

from datetime import UTC, datetime

from sqlalchemy import Sequence, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.batch.deferred_actions_job import JOB_ACTOR
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import Event, EventKind, EventOperation
from tenure.holds.models import Cause, Held, Status
from tenure.kernel.db import Database


async def execute_one_by_one(database: Database, job_run_id: int, *, limit: int) -> None:
    """Execute the first due actions, each in its own transaction."""
    order = (
        select(DeferredAction.id)
        .order_by(DeferredAction.scheduled_for, DeferredAction.id)
        .limit(limit)
    )
    async with AsyncSession(database.engine) as session:
        ids = (await session.scalars(order)).all()
    for action_id in ids:
        async with AsyncSession(database.engine) as session, session.begin():
            await _execute(session, action_id, job_run_id)


async def _execute(session: AsyncSession, action_id: int, job_run_id: int) -> None:
    now = datetime.now(UTC)
    action = await session.get_one(DeferredAction, action_id, with_for_update=True)
    account = await session.get_one(Account, action.account_id, with_for_update=True)
    services = (
        await session.scalars(select(Service).where(Service.account_id == account.id))
    ).all()
    offers = (
        await session.scalars(select(PurchasedOffer).where(PurchasedOffer.account_id == account.id))
    ).all()
    change = {
        "change_id": await session.scalar(Sequence("event_id_seq")),
        "account_id": account.id,
        "reason": action.reason,
    }
    events = {
        None: _held(
            account, Cause.MANUAL, f"Account {account.number}", now, cause=Cause.MANUAL, **change
        )
    }
    session.add(events[None])
    await session.flush()
    cause_event = {"followed_id": events[None].id}
    for service in services:
        description = f"Service {service.name}"
        event = _held(
            service,
            Cause.ACCOUNT,
            description,
            now,
            cause=Cause.ACCOUNT,
            service_id=service.id,
            **cause_event,
            **change,
        )
        events[service.id] = event
        session.add(event)
    await session.flush()
    for offer in offers:
        cause = Cause.ACCOUNT if offer.service_id is None else Cause.SERVICE
        about = {
            "service_id": offer.service_id,
            "offer_id": offer.id,
            "followed_id": events[offer.service_id].id,
        }
        session.add(
            _held(
                offer,
                Cause.ACCOUNT | cause,
                f"Offer {offer.name}",
                now,
                cause=cause,
                **about,
                **change,
            )
        )
    action.status, action.executed_at, action.job_run_id = DeferredStatus.DONE, now, job_run_id
    action.attempts += 1
    action.version += 1
    session.add(
        _event(
            EventKind.DEFERRED_ACTION,
            now,
            f"Done: {action.summary}",
            account.id,
            reason=action.reason,
            details={
                "deferredAction": action.id,
                "operation": EventOperation.ACTION_DONE,
                "failure": None,
                "toStatus": action.to_status,
            },
        )
    )


def _held(
    entity: Held,
    holds: Cause,
    label: str,
    now: datetime,
    *,
    account_id: int,
    cause: Cause,
    **more: object,
) -> Event:
    """Add holds to an active entity; returns the event."""
    entity.inactive_holds |= holds
    entity.status_changed_at = now
    entity.version += 1
    status_change = {
        "from_status": Status.ACTIVE,
        "to_status": Status.INACTIVE,
        "inactive_holds": holds,
        "closed_holds": 0,
    }
    description = f"{label} is now INACTIVE"
    return _event(
        EventKind.STATUS_CHANGE, now, description, account_id, cause=cause, **status_change, **more
    )


def _event(
    kind: EventKind, now: datetime, description: str, account_id: int, **more: object
) -> Event:
    when = {"occurred_at": now, "recorded_at": now}
    return Event(
        kind=kind,
        account_id=account_id,
        description=description,
        actor=JOB_ACTOR.name,
        **when,
        **more,
    )
