"""Valid positions in a hierarchy (rules 5.1), the description of a move, and its outcome."""

from collections.abc import Collection
from dataclasses import dataclass

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredKind
from tenure.hierarchy.payers.rules import Reassignment
from tenure.kernel.errors import ErrorCode, TenureError


@dataclass(frozen=True, slots=True)
class MoveOutcome:
    """The result of a requested move: a deferred action, or the event of the move.

    `event_id` is null if the account was there already. `reassignment` is null if no payer changed.
    """

    deferred_action_id: int | None = None
    event_id: int | None = None
    reassignment: Reassignment | None = None


def check_no_cycle(
    account_id: int, parent_and_above: Collection[int], parent_id: int, *, children_stay: bool
) -> None:
    """Raises CYCLE. Without its children an account may move below one of them."""
    if account_id == parent_id or (account_id in parent_and_above and not children_stay):
        raise TenureError(
            ErrorCode.CYCLE, "The account would become its own ancestor.", ("parent_id",)
        )


def deferred_kind(former_parent_id: int | None, new_parent_id: int | None) -> DeferredKind:
    """The kind of a deferred move."""
    if new_parent_id is None:
        return DeferredKind.REMOVE_FROM_HIERARCHY
    return (
        DeferredKind.ADD_TO_HIERARCHY
        if former_parent_id is None
        else DeferredKind.MOVE_IN_HIERARCHY
    )


def move_description(account: Account, parent: Account | None, *, parent_pays: bool) -> str:
    """The account and its destination, to follow `Move` or `Moved`."""
    if parent is None:
        return f"account {account.number} out of its hierarchy"
    return f"account {account.number} below account {parent.number}" + (
        ", which pays for it" if parent_pays else ""
    )
