"""Finding deferred actions: those that are due, in the order in which they take place (rules 4.5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit


def is_due(until: datetime) -> ColumnElement[bool]:
    """Pending actions whose time has come by `until`."""
    return and_(DeferredAction.status == DeferredStatus.PENDING, DeferredAction.scheduled_for <= until)


async def count_due(session: AsyncSession, until: datetime) -> int:
    """How many actions are due by `until`."""
    return int((await session.execute(select(func.count()).where(is_due(until)))).scalar_one())


async def unclaimed(unit: Unit, until: datetime, *, limit: int) -> Sequence[DeferredAction]:
    """The next due actions that no other worker has in hand, in their order; locked."""
    return await _locked(unit, select(DeferredAction).where(is_due(until)).limit(limit))


async def to_carry_out(unit: Unit, action_ids: Sequence[int]) -> Sequence[DeferredAction]:
    """Those of the actions that are still pending, in their order; locked until the unit ends: nobody cancels them."""
    pending = DeferredAction.status == DeferredStatus.PENDING
    return await _locked(unit, select(DeferredAction).where(DeferredAction.id.in_(action_ids), pending))


async def still_pending(unit: Unit, action_ids: Sequence[int]) -> Sequence[int]:
    """Those of the actions that nobody has settled or cancelled; locked until the unit ends."""
    pending = DeferredAction.status == DeferredStatus.PENDING
    statement = select(DeferredAction.id).where(DeferredAction.id.in_(action_ids), pending).with_for_update()
    return (await unit.session.execute(statement.order_by(DeferredAction.id))).scalars().all()


async def action_to_change(unit: Unit, action_id: int) -> DeferredAction:
    """The action, locked until the unit ends. Raises NOT_FOUND."""
    action = await unit.session.get(DeferredAction, action_id, with_for_update=True, populate_existing=True)
    if action is None:
        raise NotFoundError("deferred action", ())
    return action


async def _locked(unit: Unit, actions: Select[DeferredAction]) -> Sequence[DeferredAction]:
    """In the order in which they take place; without those that somebody else has locked."""
    ordered = actions.order_by(DeferredAction.scheduled_for, DeferredAction.id).with_for_update(skip_locked=True)
    return (await unit.session.execute(ordered.execution_options(populate_existing=True))).scalars().all()
