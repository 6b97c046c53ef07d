"""Claims due actions with all accounts that they touch, so concurrent workers keep the order.

A worker reads the next unlocked due actions and the accounts that their cascades affect, and locks
those accounts that are free. The others belong to an earlier claim: actions that touch them are
blocked, and so are later actions that touch an account of a blocked one. Blocked actions are
released, so the next claim sees them first. Workers claim one at a time
(`kernel.locks.advisory_lock`) and run their claims concurrently.

No action may run before an earlier one that the first read did not see. That read skips locked
actions, whose accounts are locked too, but their worker may die or finish between the read and the
account locks. So the claim is verified once its accounts are locked.
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
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.settings.models import BusinessRow

# Every move needs this lock. It is listed among the accounts, with an id that no account has.
CLAIM_LOCK = 0


@dataclass(frozen=True, slots=True)
class ActionClaim:
    """Locked actions in their order, and the accounts that they affect, also locked."""

    actions: Sequence[Due]
    affected: AffectedAccounts

    @property
    def ids(self) -> Sequence[int]:
        """The ids of the actions."""
        return [action.id for action in self.actions]


async def claimed_actions(unit: Unit, until: datetime, *, limit: int) -> ActionClaim:
    """Locks and returns the next due actions that can run now."""
    async with unit.session.begin_nested() as first_read:
        seen = await unclaimed(unit, until, limit=limit)
        touched = await _touched(unit, seen, await affected_accounts(unit, _accounts(seen)))
        locked = await _locked(unit, set().union(*touched.values()))
        free = runnable([action.id for action in seen], touched, locked)
        if len(free) < len(seen):
            await first_read.rollback()
    if len(free) < len(seen):
        locked = await _locked(unit, set().union(*(touched[action_id] for action_id in free)))
        free = runnable(free, touched, locked)
    if not free:
        return ActionClaim([], {})
    return await _verified(unit, until, seen, set(free), locked)


async def _verified(
    unit: Unit, until: datetime, seen: Sequence[Due], free: set[int], locked: set[int]
) -> ActionClaim:
    """The actions that can still run now that their accounts are locked.

    Between the read and the lock, payers may have changed, a user may have begun to change an
    action, or a dying worker may have released actions that the read skipped. Actions after those
    wait.
    """
    actions = [action for action in seen if action.id in free]
    affected = await affected_accounts(unit, _accounts(actions))
    touched = await _touched(unit, actions, affected)
    still_due = await locked_due(unit, until, free)
    unseen = await released_since(unit, seen)
    earlier = (
        await _touched(unit, unseen, await affected_accounts(unit, _accounts(unseen)))
        if unseen
        else {}
    )
    earlier |= {action_id: touched[action_id] for action_id in free - still_due}
    available = locked.difference(*earlier.values())
    claimed = set(runnable([action.id for action in actions], touched, available))
    return ActionClaim([action for action in actions if action.id in claimed], affected)


async def affected_accounts(unit: Unit, account_ids: Collection[int]) -> AffectedAccounts:
    """For each account, itself and all accounts that a change of its status can affect."""
    paid: dict[int, list[int]] = defaultdict(list)
    for start_id, paid_id in await unit.connection.execute(
        _paid_through(), {"starts": account_ids}
    ):
        paid[start_id].append(paid_id)
    return {account_id: (account_id, *paid.get(account_id, ())) for account_id in account_ids}


@cache
def _paid_through() -> AnySelect:
    """All accounts that each start account pays for, at any level. Built once and cached."""
    first = paying("first_edge")
    edge = paying("down_edge")
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
    """The accounts that each action touches, by action id; for a move also old and new payers."""
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
    """Locks the accounts that are free until the unit ends, and CLAIM_LOCK where it is included."""
    some = select(Account.id).where(in_ids(Account.id, account_ids)).order_by(Account.id)
    free = for_no_key_update(some, skip_locked=True)
    locked = set((await unit.connection.execute(free)).scalars())
    if CLAIM_LOCK in account_ids:
        business = for_no_key_update(select(BusinessRow.id), skip_locked=True)
        if (await unit.session.execute(business)).first() is not None:
            locked.add(CLAIM_LOCK)
    return locked
