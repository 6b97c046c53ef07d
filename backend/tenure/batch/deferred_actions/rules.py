"""The order and the sets in which deferred actions run (rules 4.5)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeAlias

from tenure.deferred.models import DeferredKind, Due
from tenure.holds.models import Status
from tenure.status.cascades.rules import Kind

CHANGES_STATUS_OF = {
    DeferredKind.CHANGE_ACCOUNT_STATUS: Kind.ACCOUNT,
    DeferredKind.CHANGE_SERVICE_STATUS: Kind.SERVICE,
    DeferredKind.CHANGE_OFFER_STATUS: Kind.OFFER,
}
# Kind, status, reason, login, and whether it is a paired reactivation.
ChangeKey: TypeAlias = tuple[Kind, Status, str | None, str | None, bool]
AffectedAccounts: TypeAlias = Mapping[int, Collection[int]]


def runnable(
    action_ids: Sequence[int], touched: Mapping[int, Collection[int]], locked: Collection[int]
) -> list[int]:
    """The actions whose accounts are all locked by us, and not needed by an earlier blocked action.

    `touched` has the accounts of each action. A blocked action blocks its accounts for later ones.
    """
    free: list[int] = []
    blocked: set[int] = set()
    for action_id in action_ids:
        accounts = touched[action_id]
        if blocked.isdisjoint(accounts) and all(account in locked for account in accounts):
            free.append(action_id)
        else:
            blocked.update(accounts)
    return free


def groups(affected: AffectedAccounts) -> dict[int, int]:
    """The group of each account; accounts whose cascades affect a common account share a group.

    Accounts of different groups can change together, in any order. Ten thousand accounts with the
    same payer are ten thousand groups.
    """
    group = {account: account for account in affected}
    first: dict[int, int] = {}

    def root(account: int) -> int:
        while group[account] != account:
            group[account] = group[group[account]]
            account = group[account]
        return account

    for account, account_ids in affected.items():
        for touched in account_ids:
            group[root(account)] = root(first.setdefault(touched, account))
    return {account: root(account) for account in affected}


def rounds(actions: Sequence[Due], groups: Mapping[int, int]) -> Iterator[list[Due]]:
    """The actions in rounds: of each group, one action per round, in their order."""
    waiting: dict[int, list[Due]] = {}
    for action in actions:
        waiting.setdefault(groups[action.account_id], []).append(action)
    count = max(len(queue) for queue in waiting.values())
    for place in range(count):
        yield [queue[place] for queue in waiting.values() if place < len(queue)]


def by_change(actions: Sequence[Due]) -> dict[ChangeKey, list[Due]]:
    """The actions grouped by the change that they make: each group can be one set.

    Their notes may differ.
    """
    grouped: dict[ChangeKey, list[Due]] = {}
    for action in actions:
        assert action.to_status is not None
        key = (
            CHANGES_STATUS_OF[action.kind],
            action.to_status,
            action.reason,
            action.login,
            action.is_return,
        )
        grouped.setdefault(key, []).append(action)
    return grouped


def target_id(action: Due) -> int:
    """The id of the entity whose status is to change."""
    return action.offer_id or action.service_id or action.account_id
