"""Changes deferred actions by their ids: as one set, and one by one where the set fails."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import structlog

from tenure.deferred.rules import ActionResult
from tenure.kernel.actor import Actor
from tenure.kernel.errors import ForbiddenError, TenureError
from tenure.kernel.faults import is_resumable
from tenure.kernel.unit import Runtime, Unit

log = structlog.get_logger()


class ChangeActions(Protocol):
    """Changes actions in the unit, in order. The results are in the order of the ids."""

    async def __call__(self, unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]: ...


async def change_actions(
    runtime: Runtime, actor: Actor, action_ids: Sequence[int], change: ChangeActions
) -> list[ActionResult]:
    """Changes the actions in one unit. Returns a result for each id, in order.

    If a fault undoes the set, each action gets its own unit. A fault that is not an error of one
    action is then raised; the actions before it stay changed.
    """
    if len(action_ids) > 1:
        try:
            return await runtime.run_in_unit(actor, partial(change, action_ids=action_ids))
        except Exception as fault:
            if is_resumable(fault) or isinstance(fault, ForbiddenError):
                raise
            log.exception("deferred actions are changed one by one", actions=len(action_ids))
    results: list[ActionResult] = []
    also_changed: set[int] = set()
    for action_id in action_ids:
        if action_id in also_changed:
            results.append(ActionResult(action_id))
            continue
        result = await _change_one(runtime, actor, action_id, change)
        also_changed.update(result.also_changed)
        results.append(result)
    return results


async def _change_one(
    runtime: Runtime, actor: Actor, action_id: int, change: ChangeActions
) -> ActionResult:
    try:
        [result] = await runtime.run_in_unit(actor, partial(change, action_ids=[action_id]))
    except TenureError as error:
        return ActionResult(action_id, error)
    return result
