"""Schedules, cancels, reschedules and settles deferred actions.

Each operation records a DEFERRED_ACTION event (rules 4.9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Required, TypedDict, Unpack

from sqlalchemy import Executable, bindparam, case, insert, literal, select, update

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus, Due
from tenure.deferred.queries import locked_pair
from tenure.deferred.rules import (
    MAY_BE_CANCELLED,
    MAY_BE_RUN,
    check_future,
    check_may,
    check_may_run_now,
    check_order,
)
from tenure.events.actions import record
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.db import Instant
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.text import LARGEST_NOTE, optional_text
from tenure.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of an action, and why it was not applied in full, if so."""

    status: DeferredStatus
    failure: str | None = None


# Parameters of the statements of `settle`.
IDS = bindparam("param_ids", type_=IdList())
NOW = bindparam("param_now", type_=Instant())

DONE = Settled(DeferredStatus.DONE)


class ActionColumns(TypedDict, total=False):
    """The change to make; see the columns of `DeferredAction`."""

    kind: Required[DeferredKind]
    account_id: Required[int]
    summary: Required[str]
    service_id: int | None
    offer_id: int | None
    to_status: Status | None
    login: str | None
    new_parent_id: int | None
    parent_pays: bool
    children_stay: bool
    reason: str | None
    paired_with_id: int | None
    hold_change_id: int | None


async def schedule(
    unit: Unit,
    *,
    scheduled_for: datetime,
    path: str,
    note: str | None,
    **columns: Unpack[ActionColumns],
) -> DeferredAction:
    """Schedules the change that `columns` describe. Raises OUT_OF_RANGE for a time in the past."""
    unit.require(Role.AGENT)
    check_future(scheduled_for, unit.now, path=path)
    action = DeferredAction(
        status=DeferredStatus.PENDING,
        scheduled_for=scheduled_for,
        note=optional_text(note, path="note", longest=LARGEST_NOTE),
        created_by=unit.actor.name,
        created_at=unit.now,
        **columns,
    )
    unit.session.add(action)
    await unit.session.flush()
    await _record_step(unit, action, f"Scheduled for {scheduled_for:%Y-%m-%d %H:%M} UTC")
    return action


async def pair(unit: Unit, inactivation_id: int, return_id: int) -> None:
    """Pairs an inactivation with the reactivation that ends it (rules 4.11)."""
    for action_id, partner_id in ((inactivation_id, return_id), (return_id, inactivation_id)):
        action = await unit.session.get_one(DeferredAction, action_id)
        action.paired_with_id = partner_id
    await unit.session.flush()


async def cancel(unit: Unit, action_id: int) -> list[int]:
    """Cancels a pending action, and with an inactivation its reactivation (rules 4.11).

    Returns the ids of the cancelled actions. Raises NOT_FOUND, and NOT_ALLOWED unless PENDING.
    """
    unit.require(Role.AGENT)
    action, partner = await locked_pair(unit, action_id)
    check_may(action.status, MAY_BE_CANCELLED, "cancelled")
    cancelled = [action]
    if partner is not None and partner.is_return and partner.status in MAY_BE_CANCELLED:
        cancelled.append(partner)
    for it in cancelled:
        it.status = DeferredStatus.CANCELLED
        it.cancelled_by = unit.actor.name
        it.cancelled_at = unit.now
        it.version += 1
        step = "Cancelled" if it is action else "Cancelled with its inactivation"
        await _record_step(unit, it, step)
    return [it.id for it in cancelled]


async def reschedule(unit: Unit, action_id: int, *, scheduled_for: datetime) -> DeferredAction:
    """Moves an action to another time. A FAILED one becomes PENDING again.

    Raises NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    action, partner = await locked_pair(unit, action_id)
    check_may(action.status, MAY_BE_RUN, "rescheduled")
    check_future(scheduled_for, unit.now, path="scheduled_for")
    if partner is not None and partner.status is not DeferredStatus.CANCELLED:
        if not action.is_return:
            check_order(scheduled_for, partner.scheduled_for)
        elif partner.status is not DeferredStatus.DONE:
            check_order(partner.scheduled_for, scheduled_for)
    action.scheduled_for = scheduled_for
    action.status = DeferredStatus.PENDING
    action.failure = None
    action.executed_at = None
    action.job_run_id = None
    action.version += 1
    await _record_step(unit, action, f"Rescheduled for {scheduled_for:%Y-%m-%d %H:%M} UTC")
    return action


async def prepare_run(unit: Unit, action_id: int) -> Due:
    """Locks and returns an action that is to run now, whatever its time.

    Raises NOT_FOUND, and NOT_ALLOWED where its status is final or its pair forbids it (rules 4.11).
    """
    unit.require(Role.AGENT)
    action, partner = await locked_pair(unit, action_id)
    check_may(action.status, MAY_BE_RUN, "run")
    check_may_run_now(action, partner, unit.now)
    await _record_step(unit, action, "Run manually")
    return Due(*(getattr(action, name) for name in Due._fields))


async def settle(unit: Unit, outcomes: Mapping[int, Settled]) -> None:
    """Stores the outcomes of actions, in the transaction of their effects (rules 4.6).

    One UPDATE per distinct outcome, one INSERT for all events.
    """
    by_outcome: dict[Settled, list[int]] = {}
    for action_id, outcome in outcomes.items():
        by_outcome.setdefault(outcome, []).append(action_id)
    of_unit = {
        "param_now": unit.now,
        "param_actor": unit.actor.name,
        "param_job_run": unit.job_run_id,
    }
    connection = await unit.session.connection()
    for outcome, ids in by_outcome.items():
        of_outcome = {
            "param_ids": ids,
            "param_status": outcome.status,
            "param_failure": outcome.failure,
        }
        await connection.execute(_update_outcomes(), of_unit | of_outcome)
    await connection.execute(_insert_outcome_events(), of_unit | {"param_ids": list(outcomes)})


async def _record_step(unit: Unit, action: DeferredAction, step: str) -> None:
    await record(
        unit,
        EventKind.DEFERRED_ACTION,
        action.account_id,
        f"{step}: {action.summary}",
        service_id=action.service_id,
        offer_id=action.offer_id,
        reason=action.reason,
        details={"deferredAction": action.id, "note": action.note},
    )


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
    labels = {DeferredStatus.DONE: "Done: ", DeferredStatus.NOT_APPLICABLE: "Not applicable: "}
    label = case(labels, value=DeferredAction.status, else_="Failed: ")
    outcome = label.concat(DeferredAction.summary)
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
        "description": outcome.concat(failure),
        "reason": DeferredAction.reason,
        "actor": bindparam("param_actor", type_=Event.actor.type),
    }
    rows = (
        select(*columns.values()).where(in_ids(DeferredAction.id, IDS)).order_by(DeferredAction.id)
    )
    return insert(Event).from_select(list(columns), rows)
