"""The same work as most applications would do it: objects, a session, and a transaction for each action."""

from datetime import UTC, datetime

from sqlalchemy import Sequence, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.batch.deferred_actions_job import JOB_ACTOR
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.events.models import Event, EventKind
from tenure.holds.models import Cause, Held, Status
from tenure.kernel.db import Database


async def carry_out_one_by_one(database: Database, job_run_id: int, *, limit: int) -> None:
    """The first actions that are due, each in a transaction of its own."""
    order = (
        select(DeferredAction.id)
        .order_by(DeferredAction.scheduled_for, DeferredAction.id)
        .limit(limit)
    )
    async with AsyncSession(database.engine) as session:
        ids = (await session.scalars(order)).all()
    for action_id in ids:
        async with AsyncSession(database.engine) as session, session.begin():
            await _carry_out(session, action_id, job_run_id)


async def _carry_out(session: AsyncSession, action_id: int, job_run_id: int) -> None:
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
    told = {
        None: _held(
            account, Cause.MANUAL, f"Account {account.number}", now, cause=Cause.MANUAL, **change
        )
    }
    session.add(told[None])
    await session.flush()
    above = {"followed_id": told[None].id}
    for service in services:
        words = f"Service {service.name}"
        event = _held(
            service,
            Cause.ACCOUNT,
            words,
            now,
            cause=Cause.ACCOUNT,
            service_id=service.id,
            **above,
            **change,
        )
        told[service.id] = event
        session.add(event)
    await session.flush()
    for offer in offers:
        cause = Cause.ACCOUNT if offer.service_id is None else Cause.SERVICE
        about = {
            "service_id": offer.service_id,
            "offer_id": offer.id,
            "followed_id": told[offer.service_id].id,
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
    """Hold the entity, which is active, and tell of it."""
    entity.inactive_holds |= holds
    entity.status_changed_at = now
    entity.version += 1
    standing = {
        "from_status": Status.ACTIVE,
        "to_status": Status.INACTIVE,
        "inactive_holds": holds,
        "closed_holds": 0,
    }
    words = f"{label} is now INACTIVE"
    return _event(EventKind.STATUS_CHANGE, now, words, account_id, cause=cause, **standing, **more)


def _event(kind: EventKind, now: datetime, words: str, account_id: int, **more: object) -> Event:
    when = {"occurred_at": now, "recorded_at": now}
    return Event(
        kind=kind, account_id=account_id, description=words, actor=JOB_ACTOR.name, **when, **more
    )
