"""Runs deferred actions in the caller's unit. A failure does not stop the others (rules 4.7)."""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import select, update

from tenure.accounts.models import Account
from tenure.accounts.queries import lock_account
from tenure.assets.models import PurchasedOffer, Service
from tenure.batch.deferred_actions.queries import affected_accounts
from tenure.batch.deferred_actions.rules import (
    CHANGES_STATUS_OF,
    AffectedAccounts,
    by_change,
    groups,
    rounds,
    target_id,
)
from tenure.billing.charges.rules import amount_text
from tenure.deferred.actions import prepare_run, settle
from tenure.deferred.models import DeferredAction, DeferredStatus, Due
from tenure.deferred.queries import hold_changes, kinds_of, locked_pairs
from tenure.deferred.rules import DONE, ActionResult, Settled
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.queries import lock_hierarchy
from tenure.holds.models import Cause, Status
from tenure.holds.rules import check_not_closed, inapplicable_return, remaining_holds
from tenure.kernel.actor import Role
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.policies.rules import StatusChange
from tenure.receivables.receipts.queries import debts_past_due
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tenure.status.changes.actions import change_status
from tenure.status.entities.queries import held_entities, owner_accounts
from tenure.status.preparation.actions import change_preparer

# The entities of each kind, and the column of a deferred action that names one.
HELD_BY_KIND: dict[Kind, tuple[Any, Any]] = {
    Kind.ACCOUNT: (Account, DeferredAction.account_id),
    Kind.SERVICE: (Service, DeferredAction.service_id),
    Kind.OFFER: (PurchasedOffer, DeferredAction.offer_id),
}


async def run_in_unit(
    unit: Unit, actions: Sequence[Due], affected: AffectedAccounts | None = None
) -> dict[int, Settled]:
    """Runs the actions in order and returns their outcomes.

    `affected` has the affected accounts where they are known already.
    """
    outcomes: dict[int, Settled] = {}
    known = affected
    for is_status, some in groupby(actions, key=lambda action: action.kind in CHANGES_STATUS_OF):
        if not is_status:
            for action in some:
                outcomes[action.id] = await _execute_move(unit, action)
            known = None  # A move changes which accounts are affected.
            continue
        segment = list(some)
        known = known or await affected_accounts(unit, {action.account_id for action in segment})
        for current in rounds(segment, groups(known)):
            outcomes |= await _execute_round(unit, current)
    return outcomes


async def run_by_ids(unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]:
    """Runs actions in the order of their ids, whatever their time, and settles them.

    The same result, error and events for each as if each had been run in a unit of its own: a round
    has one action of each group of accounts, and the next round sees what it has done.
    """
    unit.require(Role.AGENT)
    if not CHANGES_STATUS_OF.keys() >= await kinds_of(unit, action_ids):
        await lock_hierarchy(unit)
    found = await locked_pairs(unit, action_ids)
    results: dict[int, ActionResult] = {}
    places: dict[int, deque[int]] = defaultdict(deque)
    for place, action_id in enumerate(action_ids):
        if action_id in found:
            places[action_id].append(place)
        else:
            results[place] = ActionResult(action_id, NotFoundError("deferred action", ()))
    known = [Due.of(found[action_id]) for action_id in action_ids if action_id in found]
    await _lock_affected(unit, known)
    for is_status, some in groupby(known, key=lambda action: action.kind in CHANGES_STATUS_OF):
        segment = list(some)
        account_ids = {action.account_id for action in segment}
        affected = await affected_accounts(unit, account_ids) if is_status else None
        parts = rounds(segment, groups(affected)) if affected else ([move] for move in segment)
        for part in parts:
            for result in await _run_round(unit, [action.id for action in part], affected):
                results[places[result.action_id].popleft()] = result
    return [results[place] for place in range(len(action_ids))]


async def _lock_affected(unit: Unit, actions: Sequence[Due]) -> None:
    """Locks the accounts that these actions affect, in the order of their ids."""
    parents = {it.new_parent_id for it in actions if it.new_parent_id is not None}
    affected = await affected_accounts(unit, parents | {it.account_id for it in actions})
    accounts = select(Account.id).where(in_ids(Account.id, set().union(*affected.values())))
    await unit.session.execute(for_no_key_update(accounts.order_by(Account.id)))


async def _run_round(
    unit: Unit, action_ids: Sequence[int], affected: AffectedAccounts | None
) -> list[ActionResult]:
    """Runs actions that do not affect each other now, and settles them."""
    due, refused = await prepare_run(unit, action_ids)
    if due:
        await settle(unit, await run_in_unit(unit, due, affected))
    return refused + [ActionResult(action.id) for action in due]


async def _execute_round(unit: Unit, actions: Sequence[Due]) -> dict[int, Settled]:
    """Changes entities that do not affect each other: one set per kind, status and reason."""
    outcomes: dict[int, Settled] = {}
    for (kind, to, reason, login, is_return), some in by_change(actions).items():
        by_target = {target_id(action): action.id for action in some}
        notes = {target_id(action): action.note for action in some}
        if is_return:
            outcomes |= await _run_returns(unit, kind, by_target, reason, notes)
            continue
        owing = await _owing(unit, by_target) if (kind, to) == (Kind.ACCOUNT, Status.ACTIVE) else {}
        targets = [target for target in by_target if target not in owing]
        done = await change_status(
            unit, kind, targets, to, reason=reason, notes=notes, login=login, reopens=False
        )
        refused = owing | done.refused
        for target, action_id in by_target.items():
            outcomes[action_id] = _refused(refused[target]) if target in refused else DONE
        if to is Status.INACTIVE:
            waiting = [action.id for action in some if action.paired_with_id is not None]
            await _link_returns(unit, kind, waiting, done.change_ids)
    return outcomes


async def _owing(unit: Unit, account_ids: Collection[int]) -> dict[int, TenureError]:
    """The error for each account that is held for debt with something past due (rules 4.11)."""
    held = await debts_past_due(unit, account_ids)
    return {
        it.account_id: TenureError(
            ErrorCode.NOT_ALLOWED,
            f"Account {it.number} is held for debt: {amount_text(it.amount, it.currency)} "
            f"{it.currency} is past due. Record a payment, or reactivate the account now.",
            ("status",),
        )
        for it in held
    }


async def _link_returns(
    unit: Unit, kind: Kind, inactivation_ids: Sequence[int], change_ids: Sequence[int]
) -> None:
    """Stores in these inactivations' returns which change set the hold to lift (rules 4.11)."""
    if not inactivation_ids or not change_ids:
        return
    table, key = HELD_BY_KIND[kind]
    hold = select(table.manual_hold_change_id).where(
        table.id == key, table.manual_hold_change_id.in_(change_ids)
    )
    returns = update(DeferredAction).where(in_ids(DeferredAction.paired_with_id, inactivation_ids))
    values = {"hold_change_id": hold.scalar_subquery()}
    is_return = DeferredAction.to_status == Status.ACTIVE
    await unit.session.execute(
        returns.where(is_return).values(values), execution_options={"synchronize_session": False}
    )


async def _run_returns(
    unit: Unit,
    kind: Kind,
    by_target: Mapping[int, int],
    reason: str | None,
    notes: Mapping[int, str | None],
) -> dict[int, Settled]:
    """Lifts the MANUAL holds of these returns and no other, with one cascade (rules 4.11)."""
    ids = list(by_target)
    await unit.session.execute(for_no_key_update(owner_accounts(kind, ids).order_by(Account.id)))
    holds = await hold_changes(unit, by_target.values())
    change = HoldChange(kind, [], lift_inactive=Cause.MANUAL)
    request = StatusChange(Status.ACTIVE, unit.actor.name, unit.now, True, reason, None, None)
    prepare = await change_preparer(unit, kind, ids, change)
    outcomes: dict[int, Settled] = {}
    allowed: dict[str | None, dict[int, str | None]] = {}
    found = await held_entities(unit.session, kind, ids)
    for target, action_id in by_target.items():
        held_entity = found[target]
        try:
            check_not_closed(held_entity, Status.ACTIVE)
            if (reason_not := inapplicable_return(held_entity, holds[action_id])) is not None:
                outcomes[action_id] = Settled(DeferredStatus.NOT_APPLICABLE, reason_not)
                continue
            prepared = prepare(held_entity, replace(request, note=notes[target]))
        except TenureError as refusal:
            outcomes[action_id] = _refused(refusal)
            continue
        allowed.setdefault(prepared.reason, {})[target] = prepared.note
        outcomes[action_id] = Settled(DeferredStatus.DONE, remaining_holds(held_entity))
    for event_reason, event_notes in allowed.items():
        context = EventContext(Cause.MANUAL, unit.now, reason=event_reason)
        change_of_reason = replace(change, ids=list(event_notes))
        await apply(unit, change_of_reason, context.with_notes(event_notes))
    return outcomes


async def _execute_move(unit: Unit, action: Due) -> Settled:
    """Runs a move in a savepoint, so a refused move changes nothing."""
    try:
        async with unit.session.begin_nested():
            await lock_account(unit, action.account_id)
            held_entity = await held_entities(unit.session, Kind.ACCOUNT, [action.account_id])
            check_not_closed(held_entity[action.account_id], Status.ACTIVE)
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
