"""Cancels the deferred actions that a status change leaves with nothing to do (rules 4.8)."""

from collections.abc import Sequence
from datetime import datetime

from tenure.deferred.actions import cancel_all
from tenure.deferred.queries import locked_pairs
from tenure.holds.models import Status
from tenure.kernel.unit import Unit
from tenure.status.cascades.rules import Kind
from tenure.status.conflicts.queries import conflicts_of_request


async def lock_conflicts(
    unit: Unit, kind: Kind, ids: Sequence[int], to: Status, *, after: datetime | None
) -> Sequence[int]:
    """Locks the actions that conflict with a change of these entities, before their accounts.

    See `kernel.locks` for the order. `after` is the time of a scheduled change. Returns their ids.
    One that is scheduled meanwhile by somebody else is left out, and stays pending.
    """
    found = await conflicts_of_request(unit, kind, ids, to, after=after)
    if found:
        await locked_pairs(unit, found)
    return found


async def cancel_conflicts(unit: Unit, action_ids: Sequence[int]) -> int:
    """Cancels locked actions; returns how many. One that has ended meanwhile stays as it is."""
    if not action_ids:
        return 0
    results = await cancel_all(unit, action_ids)
    return sum(result.error is None for result in results)
