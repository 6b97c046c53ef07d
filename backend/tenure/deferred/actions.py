"""Cancels, reschedules and settles deferred actions; `scheduling` creates them.

Each operation records a DEFERRED_ACTION event (rules 4.9).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Executable, bindparam, case, insert, literal, select, update

from tenure.deferred.models import DeferredAction, DeferredStatus, Due
from tenure.deferred.queries import locked_pairs, new_parent_number, new_parent_numbers
from tenure.deferred.rules import (
    CANCELLED,
    CANCELLED_WITH_INACTIVATION,
    EVENT_COLUMNS,
    MAY_BE_CANCELLED,
    OUTCOMES,
    RUN_MANUALLY,
    ActionResult,
    DeferredStep,
    Settled,
    check_may,
    check_may_reschedule,
    check_may_run_now,
    rescheduled,
    step_event,
)
from tenure.events.actions import record_all
from tenure.events.models import Event, EventKind
from tenure.kernel.actor import Role
from tenure.kernel.db import Instant
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.errors import NotFoundError, TenureError
from tenure.kernel.json_values import boolean_in_json, json_object
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit

# A changed action, and what happened to it.
ActionStep: TypeAlias = tuple[DeferredAction, DeferredStep]

# Parameters of the statements of `settle`.
IDS = bindparam("param_ids", type_=IdList())
NOW = bindparam("param_now", type_=Instant())


async def cancel(unit: Unit, action_id: int) -> None:
    """Cancels one action. Raises NOT_FOUND, and NOT_ALLOWED unless it is PENDING."""
    [result] = await cancel_all(unit, [action_id])
    if result.error is not None:
        raise result.error


async def cancel_all(unit: Unit, action_ids: Sequence[int]) -> list[ActionResult]:
    """Cancels actions in order, and with an inactivation its reactivation (rules 4.11).

    A reactivation that was cancelled with its inactivation counts as changed.
    """
    unit.require(Role.AGENT)
    actions = await locked_pairs(unit, action_ids)
    results: dict[int, ActionResult] = {}
    steps: list[ActionStep] = []
    also_changed: set[int] = set()
    for place, action_id in enumerate(action_ids):
        if action_id in also_changed:
            results[place] = ActionResult(action_id)
            continue
        try:
            cancelled = _cancel(unit, *_pair(actions, action_id))
        except TenureError as error:
            results[place] = ActionResult(action_id, error)
            continue
        steps += cancelled
        partners = tuple(action.id for action, _ in cancelled[1:])
        also_changed.update(partners)
        results[place] = ActionResult(action_id, also_changed=partners)
    await _record_steps(unit, steps)
    return list(results.values())


async def reschedule(unit: Unit, action_id: int, *, scheduled_for: datetime) -> None:
    """Reschedules one action. Raises NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE."""
    [result] = await reschedule_all(unit, [action_id], scheduled_for=scheduled_for)
    if result.error is not None:
        raise result.error


async def reschedule_all(
    unit: Unit, action_ids: Sequence[int], *, scheduled_for: datetime
) -> list[ActionResult]:
    """Moves actions to another time, in order. A FAILED one becomes PENDING again."""
    unit.require(Role.AGENT)
    actions = await locked_pairs(unit, action_ids)
    results: list[ActionResult] = []
    steps: list[ActionStep] = []
    for action_id in action_ids:
        try:
            action, partner = _pair(actions, action_id)
            _reschedule(unit, action, partner, scheduled_for)
        except TenureError as error:
            results.append(ActionResult(action_id, error))
            continue
        steps.append((action, rescheduled(scheduled_for)))
        results.append(ActionResult(action_id))
    await _record_steps(unit, steps)
    return results


async def prepare_run(
    unit: Unit, action_ids: Sequence[int]
) -> tuple[list[Due], list[ActionResult]]:
    """Locks actions that are to run now, whatever their time; without duplicates and pairs.

    Returns those that may run, and the results of the others: NOT_FOUND, or NOT_ALLOWED where the
    status is final or the pair forbids it (rules 4.11).
    """
    unit.require(Role.AGENT)
    actions = await locked_pairs(unit, action_ids)
    refused: list[ActionResult] = []
    allowed: list[DeferredAction] = []
    for action_id in action_ids:
        try:
            action, partner = _pair(actions, action_id)
            check_may_run_now(action, partner, unit.now)
        except TenureError as error:
            refused.append(ActionResult(action_id, error))
            continue
        allowed.append(action)
    await _record_steps(unit, [(action, RUN_MANUALLY) for action in allowed])
    return [Due.of(action) for action in allowed], refused


async def settle(unit: Unit, outcomes: Mapping[int, Settled]) -> None:
    """Stores the outcomes of actions, in the transaction of their effects (rules 4.6).

    One UPDATE per distinct outcome, one INSERT for all events.
    """
    by_outcome: dict[Settled, list[int]] = {}
    for action_id, outcome in outcomes.items():
        by_outcome.setdefault(outcome, []).append(action_id)
    of_unit: dict[str, object] = {
        "param_now": unit.now,
        "param_actor": unit.actor.name,
        "param_job_run": unit.job_run_id,
    }
    for outcome, ids in by_outcome.items():
        of_outcome = {"param_status": outcome.status, "param_failure": outcome.failure}
        of_ids = {IDS.key: ids}
        await execute(unit.connection, _update_outcomes(), of_unit | of_outcome | of_ids)
    of_all = {IDS.key: list(outcomes)}
    await execute(unit.connection, _insert_outcome_events(), of_unit | of_all)


def _pair(
    actions: Mapping[int, DeferredAction], action_id: int
) -> tuple[DeferredAction, DeferredAction | None]:
    """The action and its partner. Raises NOT_FOUND."""
    if action_id not in actions:
        raise NotFoundError("deferred action", ())
    action = actions[action_id]
    return action, actions.get(action.paired_with_id or 0)


def _cancel(unit: Unit, action: DeferredAction, partner: DeferredAction | None) -> list[ActionStep]:
    """Cancels the action, then its reactivation. Raises NOT_ALLOWED unless it is PENDING."""
    check_may(action.status, MAY_BE_CANCELLED, "cancelled")
    steps = [(action, CANCELLED)]
    if partner is not None and partner.is_return and partner.status in MAY_BE_CANCELLED:
        steps.append((partner, CANCELLED_WITH_INACTIVATION))
    for cancelled, _ in steps:
        cancelled.status = DeferredStatus.CANCELLED
        cancelled.cancelled_by = unit.actor.name
        cancelled.cancelled_at = unit.now
        cancelled.version += 1
    return steps


def _reschedule(
    unit: Unit,
    action: DeferredAction,
    partner: DeferredAction | None,
    scheduled_for: datetime,
) -> None:
    """Moves the action to another time. Raises NOT_ALLOWED or OUT_OF_RANGE."""
    check_may_reschedule(action, partner, scheduled_for, unit.now)
    action.scheduled_for = scheduled_for
    action.status = DeferredStatus.PENDING
    action.failure = None
    action.executed_at = None
    action.job_run_id = None
    action.version += 1


async def _record_steps(unit: Unit, steps: Sequence[ActionStep]) -> None:
    """Records an event for each step."""
    actions = [{name: getattr(action, name) for name in EVENT_COLUMNS} for action, _ in steps]
    numbers = await new_parent_numbers(unit, actions)
    rows = [
        step_event(step, action, numbers) for (_, step), action in zip(steps, actions, strict=True)
    ]
    await record_all(unit, EventKind.DEFERRED_ACTION, rows)


@cache
def _update_outcomes() -> Executable:
    """Sets the outcome of actions. Built once and cached."""
    statement = update(DeferredAction).where(in_ids(DeferredAction.id, IDS))
    return statement.values(
        status=bindparam("param_status", type_=DeferredAction.status.type),
        failure=bindparam("param_failure", type_=DeferredAction.failure.type),
        executed_at=NOW,
        attempts=DeferredAction.attempts + 1,
        version=DeferredAction.version + 1,
        job_run_id=bindparam("param_job_run", type_=DeferredAction.job_run_id.type),
    )


@cache
def _insert_outcome_events() -> Executable:
    """One event per action, with its outcome as description. Built once and cached."""
    outcome = _of_outcome({status: f"{words}: " for status, (_, words) in OUTCOMES.items()})
    failure = case(
        (DeferredAction.failure.is_(None), ""), else_=literal(". ").concat(DeferredAction.failure)
    )
    columns = {
        "kind": literal(EventKind.DEFERRED_ACTION, Event.kind.type),
        "account_id": DeferredAction.account_id,
        "service_id": DeferredAction.service_id,
        "offer_id": DeferredAction.offer_id,
        "occurred_at": NOW,
        "recorded_at": NOW,
        "description": outcome.concat(DeferredAction.summary).concat(failure),
        "reason": DeferredAction.reason,
        "actor": bindparam("param_actor", type_=Event.actor.type),
        "details": _outcome_details(),
    }
    rows = (
        select(*columns.values()).where(in_ids(DeferredAction.id, IDS)).order_by(DeferredAction.id)
    )
    return insert(Event).from_select(list(columns), rows)


def _outcome_details() -> ColumnElement[Any]:
    """The details of the event of an outcome, with the change as `step_event` has it."""
    operations = {status: str(operation) for status, (operation, _) in OUTCOMES.items()}
    outcome = ("deferredAction", DeferredAction.id, "operation", _of_outcome(operations))
    failure = ("failure", DeferredAction.failure)
    status_change = json_object(*outcome, *failure, "toStatus", DeferredAction.to_status)
    number, pays = new_parent_number(), boolean_in_json(DeferredAction.parent_pays)
    move = json_object(*outcome, *failure, "newParentNumber", number, "parentPays", pays)
    return case((DeferredAction.to_status.is_not(None), status_change), else_=move)


def _of_outcome(texts: Mapping[DeferredStatus, str]) -> ColumnElement[str]:
    """The text for the status of an action that has run."""
    return case(texts, value=DeferredAction.status)
