"""Webhooks as admins see them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.webhooks.deliveries.models import Webhook
from tenure.webhooks.deliveries.queries import EXISTING


async def webhooks(session: AsyncSession) -> Sequence[Webhook]:
    """All webhooks in the order of their creation."""
    statement = select(Webhook).where(EXISTING).order_by(Webhook.id)
    return (await session.scalars(statement)).all()


async def count_webhooks(session: AsyncSession) -> int:
    """The number of webhooks."""
    statement = select(func.count(Webhook.id)).where(EXISTING)
    return int((await session.execute(statement)).scalar_one())
