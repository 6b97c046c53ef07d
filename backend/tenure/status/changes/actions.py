"""Changes a status, now or later: of an account, a service, a purchased offer, or a set of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from tenure.accounts.models import Account
from tenure.accounts.queries import lock_account
from tenure.assets.queries import locked_offer, locked_service
from tenure.holds.models import Cause, Status
from tenure.holds.rules import HeldEntity, check_may_become, check_not_closed
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version
from tenure.policies.rules import StatusChange
from tenure.settings.queries import settings_of
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, Kind, manual_hold_change
from tenure.status.changes.rules import (
    StatusRequest,
    check_backdating,
    checked_request,
    effective_instant,
)
from tenure.status.changes.scheduling.actions import schedule_changes, schedule_reactivations
from tenure.status.conflicts.actions import cancel_conflicts, lock_conflicts
from tenure.status.entities.queries import (
    EntityRow,
    backdating_limits,
    entity_rows,
    held_entities,
    owner_accounts,
)
from tenure.status.impact.queries import Impact, change_impact
from tenure.status.logins.actions import check_closing_login, reserve_login, rewrite_logins
from tenure.status.preparation.actions import change_preparer

NO_NOTES: Mapping[int, str | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a request: deferred actions, or a change with its impact.

    `cancelled` is the number of conflicting deferred actions that were cancelled.
    """

    deferred_action_id: int | None = None
    reactivation_id: int | None = None
    impact: Impact | None = None
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class SetOutcome:
    """The result for a set: the id of each change, and the error of each refused entity."""

    change_ids: Sequence[int]
    refused: dict[int, TenureError]


@dataclass(slots=True)
class _CheckedSet:
    """The entities of a set that may change, with their logins, and those that may not.

    `allowed` has the notes of the entities by reason: one reason is one change.
    """

    allowed: dict[str | None, dict[int, str | None]] = field(default_factory=dict)
    logins: dict[int, str] = field(default_factory=dict)
    refused: dict[int, TenureError] = field(default_factory=dict)


async def change_account(unit: Unit, account_id: int, request: StatusRequest) -> Outcome:
    """Changes an account's status with its cascade. On an error nothing has changed (rules 2)."""
    unit.require(Role.AGENT)
    conflicts = await _lock_conflicts(unit, Kind.ACCOUNT, account_id, request)
    account = await lock_account(unit, account_id, expected_version=request.expected_version)
    if request.login is not None:
        raise TenureError(ErrorCode.INVALID, "An account has no login.", ("login",))
    outcome = await _change(unit, Kind.ACCOUNT, account, account.id, request)
    return await _with_cancelled(unit, outcome, conflicts)


async def change_service(unit: Unit, service_id: int, request: StatusRequest) -> Outcome:
    """Changes a service's status. Reopening can set a new login (rules 3.3)."""
    unit.require(Role.AGENT)
    conflicts = await _lock_conflicts(unit, Kind.SERVICE, service_id, request)
    owner = owner_accounts(Kind.SERVICE, [service_id])
    await unit.session.execute(for_no_key_update(owner))
    service = await locked_service(unit, service_id)
    check_version(service.version, request.expected_version)
    reopens = request.to is Status.ACTIVE and service.status is Status.CLOSED
    if request.login is not None and not reopens:
        message = "A new login can only be set when reopening a service."
        raise TenureError(ErrorCode.INVALID, message, ("login",))
    outcome = await _change(unit, Kind.SERVICE, service, service.account_id, request)
    return await _with_cancelled(unit, outcome, conflicts)


async def change_offer(unit: Unit, offer_id: int, request: StatusRequest) -> Outcome:
    """Changes a purchased offer's status. A closed offer cannot be reopened (rules 2.5)."""
    unit.require(Role.AGENT)
    conflicts = await _lock_conflicts(unit, Kind.OFFER, offer_id, request)
    owner = owner_accounts(Kind.OFFER, [offer_id])
    await unit.session.execute(for_no_key_update(owner))
    offer = await locked_offer(unit, offer_id)
    check_version(offer.version, request.expected_version)
    if request.login is not None:
        raise TenureError(ErrorCode.INVALID, "An offer has no login.", ("login",))
    outcome = await _change(unit, Kind.OFFER, offer, offer.account_id, request)
    return await _with_cancelled(unit, outcome, conflicts)


async def change_status(
    unit: Unit,
    kind: Kind,
    ids: Sequence[int],
    to: Status,
    *,
    effective_at: datetime | None = None,
    backdate_to: date | None = None,
    reason: str | None = None,
    notes: Mapping[int, str | None] = NO_NOTES,
    login: str | None = None,
    reopens: bool = True,
) -> SetOutcome:
    """Sets the status of a set of entities manually, with one cascade for all (rules 2.2 to 2.8).

    `notes` has the notes of the entities by id; where one is missing, it has none.

    Each entity is checked by itself, also whether it may be backdated (`backdate_to`). No entity
    may be in the cascade of another one of the set: their order would be lost. Without `reopens`,
    closed entities are refused with CLOSED_IS_FINAL (rules 4.8).
    """
    unit.require(Role.AGENT)
    owners = owner_accounts(kind, ids).order_by(Account.id)
    await unit.session.execute(for_no_key_update(owners))
    at, too_early = effective_at or unit.now, dict[int, TenureError]()
    if backdate_to is not None:
        entities = await entity_rows(unit.session, kind, ids)
        at, too_early = await _backdated(unit, kind, entities, backdate_to)
    request = StatusChange(to, unit.actor.name, at, not reopens, reason, None, login)
    note_of_each = {it: notes.get(it) for it in ids if it not in too_early}
    done = await _set_status(unit, kind, note_of_each, request, reopens=reopens)
    return SetOutcome(done.change_ids, done.refused | too_early)


async def _backdated(
    unit: Unit, kind: Kind, entities: Sequence[EntityRow], backdate_to: date
) -> tuple[datetime, dict[int, TenureError]]:
    """When a change takes effect, and the errors of entities for which that is too early.

    Raises OUT_OF_RANGE for a date that is possible for none (rules 2.11).
    """
    effective = effective_instant(backdate_to, unit.now, unit.time_zone)
    refused: dict[int, TenureError] = {}
    for entity_id, limit in (await backdating_limits(unit.session, kind, entities)).items():
        try:
            check_backdating(effective, backdate_to, limit)
        except TenureError as refusal:
            refused[entity_id] = refusal
    return effective, refused


async def _set_status(
    unit: Unit,
    kind: Kind,
    notes: Mapping[int, str | None],
    request: StatusChange,
    *,
    reopens: bool,
) -> SetOutcome:
    """`change_status` of the entities that have an entry in `notes`; their accounts are locked."""
    ids = list(notes)
    allow = settings_of(unit).allow_active_service_with_inactive_account
    change = manual_hold_change(kind, [], request.to, allow_active=allow)
    prepare = await change_preparer(unit, kind, ids, change)
    checked = _CheckedSet()
    found = await held_entities(unit.session, kind, ids)
    for entity_id in filter(found.__contains__, ids):
        held_entity = found[entity_id]
        try:
            if not reopens:
                check_not_closed(held_entity, request.to)
            check_may_become(held_entity, request.to, allow_active=allow)
            prepared = prepare(held_entity, replace(request, note=notes[entity_id]))
            await _check_login(unit, held_entity, prepared, checked.logins)
            checked.allowed.setdefault(prepared.reason, {})[entity_id] = prepared.note
        except TenureError as refusal:
            checked.refused[entity_id] = refusal
    change_ids = []
    for reason, event_notes in checked.allowed.items():
        context = EventContext(Cause.MANUAL, request.effective_at, reason=reason)
        change_of_reason = replace(change, ids=list(event_notes))
        change_ids.append(await apply(unit, change_of_reason, context.with_notes(event_notes)))
    if checked.logins:
        await rewrite_logins(unit, checked.logins)
    return SetOutcome(change_ids, checked.refused)


async def _check_login(
    unit: Unit, held_entity: HeldEntity, prepared: StatusChange, logins: dict[int, str]
) -> None:
    """Reserves the login of a reopened service; adds that of a closed one to `logins`."""
    is_closed = held_entity.status is Status.CLOSED
    if held_entity.is_service and prepared.to is Status.ACTIVE and is_closed:
        await reserve_login(unit, held_entity.id, prepared.login)
    elif prepared.login is not None and prepared.to is Status.CLOSED:
        await check_closing_login(unit, held_entity.id, prepared.login, logins.values())
        logins[held_entity.id] = prepared.login


async def _lock_conflicts(
    unit: Unit, kind: Kind, entity_id: int, request: StatusRequest
) -> Sequence[int]:
    """The deferred actions to cancel with the change, locked before any account."""
    if not request.cancel_conflicts:
        return ()
    return await lock_conflicts(unit, kind, [entity_id], request.to, after=request.defer_until)


async def _with_cancelled(unit: Unit, outcome: Outcome, conflicts: Sequence[int]) -> Outcome:
    return replace(outcome, cancelled=await cancel_conflicts(unit, conflicts))


async def _change(
    unit: Unit,
    kind: Kind,
    entity: EntityRow,
    account_id: int,
    request: StatusRequest,
) -> Outcome:
    """Makes or schedules the change, then schedules the reactivation that goes with it."""
    checked = checked_request(request, unit.now)
    if checked.defer_until is not None:
        return await _defer(unit, kind, entity.id, account_id, checked)
    effective = unit.now
    if checked.backdate_to is not None:
        effective, too_early = await _backdated(unit, kind, [entity], checked.backdate_to)
        for refusal in too_early.values():
            raise refusal
    change = StatusChange(
        checked.to,
        unit.actor.name,
        effective,
        False,
        checked.reason,
        checked.note,
        checked.login,
    )
    done = await _set_status(unit, kind, {entity.id: checked.note}, change, reopens=True)
    for refusal in done.refused.values():
        raise refusal
    [change_id] = done.change_ids
    reactivations = await schedule_reactivations(unit, kind, {entity.id: account_id}, checked)
    impact = await change_impact(unit.session, change_id)
    return Outcome(None, reactivations.get(entity.id), impact)


async def _defer(
    unit: Unit, kind: Kind, entity_id: int, account_id: int, request: StatusRequest
) -> Outcome:
    """Schedules the change, and the reactivation that ends it."""
    scheduled = await schedule_changes(unit, kind, {entity_id: account_id}, request)
    for refusal in scheduled.refused.values():
        raise refusal
    return Outcome(scheduled.action_ids[entity_id], scheduled.reactivation_ids.get(entity_id))
