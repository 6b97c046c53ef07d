"""Promising a change, and what can be done with a promise. Each step leaves a DEFERRED_ACTION event (rules 4.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Required, TypedDict, Unpack

from sqlalchemy import Executable, bindparam, case, insert, literal, select, update

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus, Due
from tenure.deferred.queries import pair_to_change
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
    """What became of an action, with the sentence that says what was not done, and why."""

    status: DeferredStatus
    failure: str | None = None


# What differs from one set of outcomes to the next.
IDS = bindparam("given_ids", type_=IdList())
NOW = bindparam("given_now", type_=Instant())

DONE = Settled(DeferredStatus.DONE)


class Promise(TypedDict, total=False):
    """What will be done; see the columns of `DeferredAction`."""

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
    unit: Unit, *, scheduled_for: datetime, path: str, note: str | None, **columns: Unpack[Promise]
) -> DeferredAction:
    """Write the promise. `columns` say what will be done. Raises OUT_OF_RANGE where the time lies not ahead."""
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
    await _tell(unit, action, f"Put off to {scheduled_for:%Y-%m-%d %H:%M} UTC")
    return action


async def pair(unit: Unit, inactivation_id: int, return_id: int) -> None:
    """Let an inactivation and the reactivation that ends it know each other (rules 4.11)."""
    for action_id, partner_id in ((inactivation_id, return_id), (return_id, inactivation_id)):
        action = await unit.session.get_one(DeferredAction, action_id)
        action.paired_with_id = partner_id
    await unit.session.flush()


async def cancel(unit: Unit, action_id: int) -> list[int]:
    """Cancel a pending action, and with an inactivation its return (rules 4.11). Both stay readable.

    Answers with the ids of what was cancelled. Raises NOT_FOUND, and NOT_ALLOWED where it is not PENDING.
    """
    unit.require(Role.AGENT)
    action, partner = await pair_to_change(unit, action_id)
    check_may(action.status, MAY_BE_CANCELLED, "cancelled")
    cancelled = [action]
    if partner is not None and partner.is_return and partner.status in MAY_BE_CANCELLED:
        cancelled.append(partner)
    for it in cancelled:
        it.status = DeferredStatus.CANCELLED
        it.cancelled_by, it.cancelled_at = unit.actor.name, unit.now
        it.version += 1
        await _tell(unit, it, "Cancelled" if it is action else "Cancelled with its inactivation")
    return [it.id for it in cancelled]


async def reschedule(unit: Unit, action_id: int, *, scheduled_for: datetime) -> DeferredAction:
    """Put it off to another time; a FAILED one is pending again. Raises NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE."""
    unit.require(Role.AGENT)
    action, partner = await pair_to_change(unit, action_id)
    check_may(action.status, MAY_BE_RUN, "rescheduled")
    check_future(scheduled_for, unit.now, path="scheduled_for")
    if partner is not None and partner.status is not DeferredStatus.CANCELLED:
        if not action.is_return:
            check_order(scheduled_for, partner.scheduled_for)
        elif partner.status is not DeferredStatus.DONE:
            check_order(partner.scheduled_for, scheduled_for)
    action.scheduled_for, action.status = scheduled_for, DeferredStatus.PENDING
    action.failure = action.executed_at = action.job_run_id = None
    action.version += 1
    await _tell(unit, action, f"Rescheduled to {scheduled_for:%Y-%m-%d %H:%M} UTC")
    return action


async def run_at_once(unit: Unit, action_id: int) -> Due:
    """The action, to be carried out now whatever its time.

    Raises NOT_FOUND, and NOT_ALLOWED where its state is final or its pair forbids it (rules 4.11).
    """
    unit.require(Role.AGENT)
    action, partner = await pair_to_change(unit, action_id)
    check_may(action.status, MAY_BE_RUN, "run")
    check_may_run_now(action, partner, unit.now)
    await _tell(unit, action, "Run by hand")
    return Due(*(getattr(action, name) for name in Due._fields))


async def settle(unit: Unit, outcomes: Mapping[int, Settled]) -> None:
    """Write what became of these actions, in the transaction of their effects (rules 4.6): one statement per outcome."""
    by_outcome: dict[Settled, list[int]] = {}
    for action_id, outcome in outcomes.items():
        by_outcome.setdefault(outcome, []).append(action_id)
    of_unit = {
        "given_now": unit.now,
        "given_actor": unit.actor.name,
        "given_job_run": unit.job_run_id,
    }
    connection = await unit.session.connection()
    for outcome, ids in by_outcome.items():
        given = {"given_ids": ids, "given_status": outcome.status, "given_failure": outcome.failure}
        await connection.execute(_settled(), of_unit | given)
    await connection.execute(_told_outcomes(), of_unit | {"given_ids": list(outcomes)})


async def _tell(unit: Unit, action: DeferredAction, what: str) -> None:
    await record(
        unit,
        EventKind.DEFERRED_ACTION,
        action.account_id,
        f"{what}: {action.summary}",
        service_id=action.service_id,
        offer_id=action.offer_id,
        reason=action.reason,
        details={"deferredAction": action.id, "note": action.note},
    )


@cache
def _settled() -> Executable:
    """The actions take over an outcome. Put together once, as the other statement of all that are carried out."""
    statement = update(DeferredAction).where(in_ids(DeferredAction.id, IDS))
    return statement.values(
        status=bindparam("given_status", type_=DeferredAction.status.type),
        failure=bindparam("given_failure", type_=DeferredAction.failure.type),
        executed_at=NOW,
        attempts=DeferredAction.attempts + 1,
        version=DeferredAction.version + 1,
        job_run_id=bindparam("given_job_run", type_=DeferredAction.job_run_id.type),
    )


@cache
def _told_outcomes() -> Executable:
    words = {DeferredStatus.DONE: "Done: ", DeferredStatus.NOT_APPLICABLE: "Not applicable: "}
    begun = case(words, value=DeferredAction.status, else_="Failed: ").concat(
        DeferredAction.summary
    )
    why = case(
        (DeferredAction.failure.is_(None), ""), else_=literal(". ").concat(DeferredAction.failure)
    )
    columns = {
        "kind": literal(EventKind.DEFERRED_ACTION, Event.kind.type),
        "account_id": DeferredAction.account_id,
        "service_id": DeferredAction.service_id,
        "offer_id": DeferredAction.offer_id,
        "occurred_at": NOW,
        "recorded_at": NOW,
        "description": begun.concat(why),
        "reason": DeferredAction.reason,
        "actor": bindparam("given_actor", type_=Event.actor.type),
    }
    rows = (
        select(*columns.values()).where(in_ids(DeferredAction.id, IDS)).order_by(DeferredAction.id)
    )
    return insert(Event).from_select(list(columns), rows)
