"""Schedules status changes of a set of entities, and the reactivations that end them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tenure.deferred.models import DeferredKind
from tenure.deferred.rules import ActionColumns
from tenure.deferred.scheduling.actions import pair_all, schedule_all
from tenure.holds.models import Status
from tenure.holds.rules import HeldEntity, check_may_be_scheduled
from tenure.kernel.errors import TenureError
from tenure.kernel.unit import Unit
from tenure.status.cascades.rules import Kind
from tenure.status.changes.rules import StatusRequest, summary
from tenure.status.entities.queries import held_entities

DEFERRED_KINDS = {
    Kind.ACCOUNT: DeferredKind.CHANGE_ACCOUNT_STATUS,
    Kind.SERVICE: DeferredKind.CHANGE_SERVICE_STATUS,
    Kind.OFFER: DeferredKind.CHANGE_OFFER_STATUS,
}


@dataclass(frozen=True, slots=True)
class ScheduledSet:
    """The deferred actions of a set, and the errors of refused entities, by entity id."""

    action_ids: Mapping[int, int]
    reactivation_ids: Mapping[int, int]
    refused: Mapping[int, TenureError]


async def schedule_changes(
    unit: Unit, kind: Kind, owners: Mapping[int, int], request: StatusRequest
) -> ScheduledSet:
    """Schedules the change for `defer_until`, paired with its reactivation if it has one.

    `owners` has the account of each entity, by the entity's id. Each entity is checked by itself
    (rules 2.9, 4.2, 4.11).
    """
    assert request.defer_until is not None
    found = await held_entities(unit.session, kind, list(owners))
    refused: dict[int, TenureError] = {}
    for entity_id in owners:
        try:
            check_may_be_scheduled(found[entity_id], request.to)
        except TenureError as refusal:
            refused[entity_id] = refusal
    allowed = [found[entity_id] for entity_id in owners if entity_id not in refused]
    changes = [
        _action(kind, it, owners[it.id], request, to=request.to, login=request.login)
        for it in allowed
    ]
    scheduled = await _schedule(unit, allowed, changes, at=request.defer_until, note=request.note)
    if request.reactivate_on is None:
        return ScheduledSet(scheduled, {}, refused)
    returns = [_action(kind, it, owners[it.id], request, to=Status.ACTIVE) for it in allowed]
    returning = await _schedule(unit, allowed, returns, at=request.reactivate_on, note=request.note)
    await pair_all(unit, [(scheduled[it.id], returning[it.id]) for it in allowed])
    return ScheduledSet(scheduled, returning, refused)


async def schedule_reactivations(
    unit: Unit, kind: Kind, owners: Mapping[int, int], request: StatusRequest
) -> dict[int, int]:
    """Schedules the reactivations of entities that were just inactivated, if any are requested.

    Each stores which change set the hold to lift (rules 4.11). Returns their ids by entity id.
    """
    if request.reactivate_on is None or not owners:
        return {}
    found = await held_entities(unit.session, kind, list(owners))
    inactivated = [found[entity_id] for entity_id in owners]
    returns = [
        _action(
            kind,
            it,
            owners[it.id],
            request,
            to=Status.ACTIVE,
            hold_change_id=it.manual_hold_change_id,
        )
        for it in inactivated
    ]
    return await _schedule(unit, inactivated, returns, at=request.reactivate_on, note=request.note)


async def _schedule(
    unit: Unit,
    entities: list[HeldEntity],
    changes: list[ActionColumns],
    *,
    at: datetime,
    note: str | None,
) -> dict[int, int]:
    ids = await schedule_all(unit, changes, scheduled_for=at, note=note)
    return {it.id: action_id for it, action_id in zip(entities, ids, strict=True)}


def _action(
    kind: Kind,
    held_entity: HeldEntity,
    account_id: int,
    request: StatusRequest,
    *,
    to: Status,
    login: str | None = None,
    hold_change_id: int | None = None,
) -> ActionColumns:
    return {
        "kind": DEFERRED_KINDS[kind],
        "account_id": account_id,
        "to_status": to,
        "summary": summary(held_entity, to),
        "reason": request.reason,
        "login": login,
        "hold_change_id": hold_change_id,
        "service_id": held_entity.id if kind is Kind.SERVICE else None,
        "offer_id": held_entity.id if kind is Kind.OFFER else None,
    }
