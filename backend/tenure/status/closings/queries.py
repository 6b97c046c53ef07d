"""Pending actions that close an entity before a change that is to be scheduled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account
from tenure.accounts.queries import paying_for
from tenure.assets.models import PurchasedOffer
from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.holds.models import Status
from tenure.kernel.errors import NotFoundError
from tenure.status.cascades.rules import Kind
from tenure.status.entities.queries import owner_of

MAX_CLOSINGS = 100


async def scheduled_closings(
    session: AsyncSession, kind: Kind, entity_id: int, at: datetime
) -> Sequence[int]:
    """The first 100 pending actions that close the entity by `at`, in order (rules 2.3 to 2.6).

    They close the entity, the service of an offer, its account, or an account that currently pays
    for that account. An action that is scheduled now runs after those that were scheduled before
    for the same moment (rules 4.5). Raises NOT_FOUND.
    """
    key = literal(entity_id, Account.id.type)
    if (await session.execute(owner_of(kind, key))).scalar_one_or_none() is None:
        raise NotFoundError(str(kind), ("target",))
    rows = closings(kind, key, literal(at, DeferredAction.scheduled_for.type))
    return (await session.execute(rows.with_only_columns(DeferredAction.id))).scalars().all()


def closings(kind: Kind, key: ColumnElement[int], at: ColumnElement[datetime]) -> Select[Any]:
    """The rows of `scheduled_closings`."""
    above = paying_for(owner_of(kind, key).cte())
    closes = [DeferredAction.kind == DeferredKind.CHANGE_ACCOUNT_STATUS]
    if kind is Kind.SERVICE:
        closes.append(DeferredAction.service_id == key)
    if kind is Kind.OFFER:
        service_id = select(PurchasedOffer.service_id).where(PurchasedOffer.id == key)
        closes += [DeferredAction.offer_id == key, DeferredAction.service_id.in_(service_id)]
    of_accounts = DeferredAction.account_id.in_(select(above.c.id))
    pending = and_(
        DeferredAction.status == DeferredStatus.PENDING, DeferredAction.scheduled_for <= at
    )
    rows = select(*DeferredAction.__table__.c).where(
        of_accounts, pending, DeferredAction.to_status == Status.CLOSED, or_(*closes)
    )
    return rows.order_by(DeferredAction.scheduled_for, DeferredAction.id).limit(MAX_CLOSINGS)
