"""Claiming due actions together with every account that they touch, so that workers side by side keep the order.

A worker looks at the next due actions that nobody has in hand, which accounts their cascades reach, and which of those
are free. What is not belongs to somebody who came before: actions that touch it wait, and so do those that touch what
a waiting one touches. What waits is let go again, so that it stands first in line for whoever looks next. Workers
claim one after the other (`kernel.dialects.one_at_a_time`), and carry out side by side.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.accounts.queries import paying
from tenure.deferred.models import DeferredAction
from tenure.deferred.queries import to_carry_out, unclaimed
from tenure.execution.rules import CHANGES_STATUS_OF, Reach, unhindered
from tenure.kernel.business import BusinessRow
from tenure.kernel.unit import Unit

# The turn that every move needs stands among the accounts as one that nobody has.
THE_TURN = 0


async def claimed(unit: Unit, until: datetime, *, limit: int) -> Sequence[DeferredAction]:
    """The next due actions that can be carried out now, in their order; they and their accounts are ours."""
    look = await unit.session.begin_nested()
    actions = await unclaimed(unit, until, limit=limit)
    touched = await _touched(unit, actions)
    in_order = [action.id for action in actions]
    free = unhindered(in_order, touched, await _locked(unit, set().union(*touched.values())))
    await look.rollback()
    if not free:
        return []
    ours = await _locked(unit, set().union(*(touched[action_id] for action_id in free)))
    return await to_carry_out(unit, unhindered(free, touched, ours))


async def reach_of(unit: Unit, account_ids: Collection[int]) -> Reach:
    """For each of these accounts itself and all accounts that a change of its status can reach."""
    start = select(Account.id.label("start_id"), Account.id.label("id")).where(Account.id.in_(account_ids))
    edge, here = paying("down_edge"), start.cte("down", recursive=True)
    down = here.union(select(here.c.start_id, edge.c.payee_id).join(edge, edge.c.payer_id == here.c.id))
    reach: dict[int, list[int]] = defaultdict(list)
    for start_id, reached_id in await unit.session.execute(select(down.c.start_id, down.c.id)):
        reach[start_id].append(reached_id)
    return reach


async def _touched(unit: Unit, actions: Sequence[DeferredAction]) -> dict[int, set[int]]:
    """The accounts of each action, by its id: what its change reaches, and for a move also who pays, then and now."""
    moves = [action for action in actions if action.kind not in CHANGES_STATUS_OF]
    parents = {action.new_parent_id for action in moves if action.new_parent_id is not None}
    payers = await _payers_of(unit, parents | {action.account_id for action in moves})
    reach = await reach_of(unit, {action.account_id for action in actions})
    touched = {action.id: set(reach[action.account_id]) for action in actions}
    for action in moves:
        touched[action.id] |= {THE_TURN} | payers[action.account_id]
        if action.new_parent_id is not None:
            touched[action.id] |= {action.new_parent_id} | payers[action.new_parent_id]
    return touched


async def _payers_of(unit: Unit, account_ids: Collection[int]) -> dict[int, set[int]]:
    edge = paying("payer_edge")
    payers: dict[int, set[int]] = defaultdict(set)
    if account_ids:
        rows = select(edge.c.payee_id, edge.c.payer_id).where(edge.c.payee_id.in_(account_ids)).distinct()
        for paid_id, payer_id in await unit.session.execute(rows):
            payers[paid_id].add(payer_id)
    return payers


async def _locked(unit: Unit, account_ids: set[int]) -> set[int]:
    """Those of the accounts that are free, locked until the unit ends; the turn among them where it is asked for."""
    some = select(Account.id).where(Account.id.in_(account_ids)).order_by(Account.id)
    ours = set((await unit.session.execute(some.with_for_update(skip_locked=True, key_share=True))).scalars())
    if THE_TURN in account_ids:
        turn = select(BusinessRow.id).with_for_update(skip_locked=True)
        if (await unit.session.execute(turn)).first() is not None:
            ours.add(THE_TURN)
    return ours
