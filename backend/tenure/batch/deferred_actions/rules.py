"""In which order and in which sets actions are carried out (rules 4.5)."""

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
# The last says whether it is a return.
Wording: TypeAlias = tuple[Kind, Status, str | None, str | None, str | None, bool]
AffectedAccounts: TypeAlias = Mapping[int, Collection[int]]


def runnable(
    action_ids: Sequence[int], touched: Mapping[int, Collection[int]], ours: Collection[int]
) -> list[int]:
    """The actions whose accounts are all ours, and that follow none that has to wait for an account that is not.

    `touched` has the accounts of each action. One that waits bars its accounts to those behind it.
    """
    free, blocked = [], set[int]()
    for action_id in action_ids:
        accounts = touched[action_id]
        if blocked.isdisjoint(accounts) and all(account in ours for account in accounts):
            free.append(action_id)
        else:
            blocked.update(accounts)
    return free


def groups(affected: AffectedAccounts) -> dict[int, int]:
    """For each account the group that it belongs to: two share one where their cascades reach one account.

    Accounts of different groups can be changed in any order, and together. Ten thousand that are paid by one are ten
    thousand groups.
    """
    group = {account: account for account in affected}
    first: dict[int, int] = {}

    def root(account: int) -> int:
        while group[account] != account:
            group[account] = group[group[account]]
            account = group[account]
        return account

    for account, reached in affected.items():
        for touched in reached:
            group[root(account)] = root(first.setdefault(touched, account))
    return {account: root(account) for account in affected}


def rounds(actions: Sequence[Due], groups: Mapping[int, int]) -> Iterator[list[Due]]:
    """The actions in rounds: of each group of accounts that touch each other, one action a round, in their order."""
    waiting: dict[int, list[Due]] = {}
    for action in actions:
        waiting.setdefault(groups[action.account_id], []).append(action)
    rounds = max(len(queue) for queue in waiting.values())
    for place in range(rounds):
        yield [queue[place] for queue in waiting.values() if place < len(queue)]


def alike(actions: Sequence[Due]) -> dict[Wording, list[Due]]:
    """The actions by what is to be done and in which words: each list can be one set."""
    alike: dict[Wording, list[Due]] = {}
    for action in actions:
        assert action.to_status is not None
        kind, words = CHANGES_STATUS_OF[action.kind], (action.reason, action.note, action.login)
        alike.setdefault((kind, action.to_status, *words, action.is_return), []).append(action)
    return alike


def target_id(action: Due) -> int:
    """The id of the entity whose status is to change."""
    return action.offer_id or action.service_id or action.account_id
