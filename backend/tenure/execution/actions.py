"""Carrying out deferred actions in the caller's unit. Those that cannot be done say why; the others go on (rules 4.7)."""

from collections.abc import Sequence
from itertools import groupby

from tenure.accounts.queries import account_to_change
from tenure.cascades.rules import Kind
from tenure.deferred.actions import DONE, Settled
from tenure.deferred.models import DeferredStatus, Due
from tenure.execution.queries import reach_of
from tenure.execution.rules import CHANGES_STATUS_OF, Reach, alike, groups, target_id, turns
from tenure.hierarchy.actions import change_parent
from tenure.holds.models import Status
from tenure.holds.rules import check_not_closed
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit
from tenure.lifecycle.actions import change_status
from tenure.lifecycle.queries import standings


async def carry_out(unit: Unit, actions: Sequence[Due], reach: Reach | None = None) -> dict[int, Settled]:
    """What becomes of each of these actions, in their order. `reach` is that of their accounts, where it is known."""
    outcomes: dict[int, Settled] = {}
    for is_status, some in groupby(actions, key=lambda action: action.kind in CHANGES_STATUS_OF):
        if not is_status:
            for action in some:
                outcomes[action.id] = await _carry_out_move(unit, action)
            reach = None
            continue
        segment = list(some)
        reach = reach or await reach_of(unit, {action.account_id for action in segment})
        for turn in turns(segment, groups(reach)):
            outcomes |= await _carry_out_turn(unit, turn)
    return outcomes


async def _carry_out_turn(unit: Unit, actions: Sequence[Due]) -> dict[int, Settled]:
    """Change the status of entities that do not touch each other: one set for each kind, status and wording."""
    outcomes: dict[int, Settled] = {}
    for (kind, to, reason, note, login), some in alike(actions).items():
        by_target = {target_id(action): action.id for action in some}
        done = await change_status(
            unit, kind, list(by_target), to, reason=reason, note=note, login=login, reopens=False
        )
        for target, action_id in by_target.items():
            refusal = done.refused.get(target)
            outcomes[action_id] = DONE if refusal is None else _refused(refusal)
    return outcomes


async def _carry_out_move(unit: Unit, action: Due) -> Settled:
    """A move that is refused leaves nothing behind: it is undone to where it began."""
    try:
        async with unit.session.begin_nested():
            await account_to_change(unit, action.account_id)
            standing = await standings(unit.session, Kind.ACCOUNT, [action.account_id])
            check_not_closed(standing[action.account_id], Status.ACTIVE)
            await change_parent(
                unit,
                action.account_id,
                parent_id=action.new_parent_id,
                parent_pays=action.parent_pays,
                children_stay=action.children_stay,
                note=action.note,
            )
    except TenureError as refusal:
        return _refused(refusal)
    return DONE


def _refused(refusal: TenureError) -> Settled:
    not_applicable = refusal.code is ErrorCode.CLOSED_IS_FINAL
    status = DeferredStatus.NOT_APPLICABLE if not_applicable else DeferredStatus.FAILED
    return Settled(status, refusal.message)
