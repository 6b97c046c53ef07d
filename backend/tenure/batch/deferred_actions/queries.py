"""Claiming due actions together with every account that they touch, so that workers side by side keep the order.

A worker looks at the next due actions that nobody has in hand, which accounts their cascades reach, and which of those
are free. What is not belongs to somebody who came before: actions that touch it wait, and so do those that touch what
a waiting one touches. What waits is let go again, so that it stands first in line for whoever looks next. Workers
claim one after the other (`kernel.locks.advisory_lock`), and carry out side by side.

Nothing may overtake what a look did not see. It passes over what is in hand, and the accounts of that are locked as
well; but whoever had it in hand may die, or come to an end, between a look and a lock. So what was found is verified
when it is locked.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam, select

from tenure.accounts.models import Account
from tenure.accounts.queries import paying
from tenure.batch.deferred_actions.rules import CHANGES_STATUS_OF, AffectedAccounts, runnable
from tenure.deferred.models import Due
from tenure.deferred.queries import locked_due, released_since, unclaimed
from tenure.kernel.business import BusinessRow
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.unit import Unit

# The turn that every move needs stands among the accounts as one that nobody has.
CLAIM_LOCK = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Actions that are ours, in their order, and what their accounts reach, which is ours too."""

    actions: Sequence[Due]
    affected: AffectedAccounts


async def claimed(unit: Unit, until: datetime, *, limit: int) -> Claim:
    """The next due actions that can be carried out now."""
    async with unit.session.begin_nested() as look:
        seen = await unclaimed(unit, until, limit=limit)
        touched = await _touched(unit, seen, await affected_accounts(unit, _accounts(seen)))
        ours = await _locked(unit, set().union(*touched.values()))
        free = runnable([action.id for action in seen], touched, ours)
        if len(free) < len(seen):
            await look.rollback()
    if len(free) < len(seen):
        ours = await _locked(unit, set().union(*(touched[action_id] for action_id in free)))
        free = runnable(free, touched, ours)
    if not free:
        return Claim([], {})
    return await _verified(unit, until, seen, set(free), ours)


async def _verified(
    unit: Unit, until: datetime, seen: Sequence[Due], free: set[int], ours: set[int]
) -> Claim:
    """What holds of these now that the accounts are ours, and nobody can change any more what they reach.

    Between the look and the lock somebody may have changed who pays for whom, have begun to change an action by hand, or
    have died and let go actions that the look did not see: what is behind those waits.
    """
    actions = [action for action in seen if action.id in free]
    affected = await affected_accounts(unit, _accounts(actions))
    touched = await _touched(unit, actions, affected)
    taken = await locked_due(unit, until, free)
    unseen = await released_since(unit, seen)
    first = (
        await _touched(unit, unseen, await affected_accounts(unit, _accounts(unseen)))
        if unseen
        else {}
    )
    first |= {action_id: touched[action_id] for action_id in free - taken}
    in_hand = set(
        runnable([action.id for action in actions], touched, ours.difference(*first.values()))
    )
    return Claim([action for action in actions if action.id in in_hand], affected)


async def affected_accounts(unit: Unit, account_ids: Collection[int]) -> AffectedAccounts:
    """For each of these accounts itself and all accounts that a change of its status can reach."""
    connection = await unit.session.connection()
    reached: dict[int, list[int]] = defaultdict(list)
    for start_id, reached_id in await connection.execute(_paid_through(), {"starts": account_ids}):
        reached[start_id].append(reached_id)
    return {account_id: (account_id, *reached.get(account_id, ())) for account_id in account_ids}


@cache
def _paid_through() -> AnySelect:
    """Who is paid by each of some accounts, through any number of levels. Put together once."""
    first, edge = paying("first_edge"), paying("down_edge")
    paid = select(first.c.payer_id.label("start_id"), first.c.payee_id.label("id"))
    here = paid.where(in_ids(first.c.payer_id, bindparam("starts", type_=IdList()))).cte(
        "down", recursive=True
    )
    down = here.union(
        select(here.c.start_id, edge.c.payee_id).join(edge, edge.c.payer_id == here.c.id)
    )
    return select(down.c.start_id, down.c.id)


def _accounts(actions: Sequence[Due]) -> set[int]:
    return {action.account_id for action in actions}


async def _touched(
    unit: Unit, actions: Sequence[Due], affected: AffectedAccounts
) -> dict[int, set[int]]:
    """The accounts of each action, by its id: what its change reaches, and for a move also who pays, then and now."""
    moves = [action for action in actions if action.kind not in CHANGES_STATUS_OF]
    parents = {action.new_parent_id for action in moves if action.new_parent_id is not None}
    payers = await _payers_of(unit, parents | _accounts(moves))
    touched = {action.id: set(affected[action.account_id]) for action in actions}
    for action in moves:
        touched[action.id] |= {CLAIM_LOCK} | payers[action.account_id]
        if action.new_parent_id is not None:
            touched[action.id] |= {action.new_parent_id} | payers[action.new_parent_id]
    return touched


async def _payers_of(unit: Unit, account_ids: Collection[int]) -> dict[int, set[int]]:
    edge = paying("payer_edge")
    payers: dict[int, set[int]] = defaultdict(set)
    if account_ids:
        rows = (
            select(edge.c.payee_id, edge.c.payer_id)
            .where(in_ids(edge.c.payee_id, account_ids))
            .distinct()
        )
        for paid_id, payer_id in await unit.session.execute(rows):
            payers[paid_id].add(payer_id)
    return payers


async def _locked(unit: Unit, account_ids: set[int]) -> set[int]:
    """Those of the accounts that are free, locked until the unit ends; the turn among them where it is asked for."""
    some = select(Account.id).where(in_ids(Account.id, account_ids)).order_by(Account.id)
    free = some.with_for_update(skip_locked=True, key_share=True)
    ours = set((await (await unit.session.connection()).execute(free)).scalars())
    if CLAIM_LOCK in account_ids:
        turn = select(BusinessRow.id).with_for_update(skip_locked=True)
        if (await unit.session.execute(turn)).first() is not None:
            ours.add(CLAIM_LOCK)
    return ours
