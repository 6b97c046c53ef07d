"""Changing a status, now or later: of an account, a service, a purchased offer, or of a whole set of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import case, func, update

from tenure.accounts.actions import add_search_terms
from tenure.accounts.models import Account
from tenure.accounts.queries import check_version, locked_account
from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.queries import locked_offer, locked_service, login_is_taken
from tenure.assets.rules import checked_login
from tenure.deferred.actions import pair, schedule
from tenure.deferred.models import DeferredKind
from tenure.holds.models import Cause, Status
from tenure.holds.rules import (
    HeldEntity,
    check_may_be_scheduled,
    check_may_become,
    check_not_closed,
)
from tenure.kernel.actor import Role
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import excerpt, login_key, search_key
from tenure.kernel.unit import Unit
from tenure.policies.actions import installed
from tenure.policies.rules import StatusChange
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tenure.status.changes.queries import (
    Impact,
    billed_until,
    facts,
    held_entities,
    impact_of,
    last_change,
    owners,
)
from tenure.status.changes.rules import (
    StatusRequest,
    checked_request,
    effective_instant,
    hold_change,
    prepared,
    summary,
)

# Reason and note: entities whose changes bear the same are changed as one set.
Words: TypeAlias = tuple[str | None, str | None]

SCHEDULED_AS = {
    Kind.ACCOUNT: DeferredKind.CHANGE_ACCOUNT_STATUS,
    Kind.SERVICE: DeferredKind.CHANGE_SERVICE_STATUS,
    Kind.OFFER: DeferredKind.CHANGE_OFFER_STATUS,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a request led to: promises, or a change with its impact."""

    deferred_action_id: int | None = None
    reactivation_id: int | None = None
    impact: Impact | None = None


@dataclass(frozen=True, slots=True)
class SetOutcome:
    """What became of a set: an id for each wording of the change, and for each entity that was refused the reason."""

    change_ids: Sequence[int]
    refused: dict[int, TenureError]


async def change_account(unit: Unit, account_id: int, request: StatusRequest) -> Outcome:
    """Change an account's status with all that follows. Raises what `checked_request` and rules 2 say, nothing changed."""
    unit.require(Role.AGENT)
    account = await locked_account(unit, account_id, expected_version=request.expected_version)
    if request.login is not None:
        raise TenureError(ErrorCode.INVALID, "An account has no login.", ("login",))
    return await _change(unit, Kind.ACCOUNT, account, account.id, request)


async def change_service(unit: Unit, service_id: int, request: StatusRequest) -> Outcome:
    """Change a service's status; one that is reopened may be given a new login (rules 3.3)."""
    unit.require(Role.AGENT)
    await unit.session.execute(owners(Kind.SERVICE, [service_id]).with_for_update(key_share=True))
    service = await locked_service(unit, service_id)
    check_version(service.version, request.expected_version)
    if request.login is not None and (
        request.to is not Status.ACTIVE or service.status is not Status.CLOSED
    ):
        raise TenureError(
            ErrorCode.INVALID, "A new login is given to a service that is reopened.", ("login",)
        )
    return await _change(unit, Kind.SERVICE, service, service.account_id, request)


async def change_offer(unit: Unit, offer_id: int, request: StatusRequest) -> Outcome:
    """Change a purchased offer's status. Closing is for good (rules 2.5)."""
    unit.require(Role.AGENT)
    await unit.session.execute(owners(Kind.OFFER, [offer_id]).with_for_update(key_share=True))
    offer = await locked_offer(unit, offer_id)
    check_version(offer.version, request.expected_version)
    if request.login is not None:
        raise TenureError(ErrorCode.INVALID, "An offer has no login.", ("login",))
    return await _change(unit, Kind.OFFER, offer, offer.account_id, request)


async def change_status(
    unit: Unit,
    kind: Kind,
    ids: Sequence[int],
    to: Status,
    *,
    effective_at: datetime | None = None,
    reason: str | None = None,
    note: str | None = None,
    login: str | None = None,
    reopens: bool = True,
) -> SetOutcome:
    """Set the status of a set of entities of one kind by hand, with all that follows (rules 2.2 to 2.8).

    Rules decide for each, one cascade writes for all. The entities may not stand in each other's cascades: the order
    among those that do would be lost. Without `reopens` what is closed is refused with CLOSED_IS_FINAL (rules 4.8).
    """
    unit.require(Role.AGENT)
    await unit.session.execute(
        owners(kind, ids).order_by(Account.id).with_for_update(key_share=True)
    )
    return await _set_status(
        unit, kind, ids, to, effective_at or unit.now, reason, note, login, reopens=reopens
    )


async def _set_status(
    unit: Unit,
    kind: Kind,
    ids: Sequence[int],
    to: Status,
    effective_at: datetime,
    reason: str | None,
    note: str | None,
    login: str | None,
    *,
    reopens: bool,
) -> SetOutcome:
    """`change_status` of entities whose accounts are locked."""
    allow = unit.business.allow_active_service_with_inactive_account
    change = hold_change(kind, [], to, allow_active=allow)
    request = StatusChange(to, unit.actor.name, effective_at, not reopens, reason, note, login)
    prepare = await preparation(unit, kind, ids, change, request)
    refused: dict[int, TenureError] = {}
    allowed: dict[Words, list[int]] = {}
    logins: dict[int, str] = {}
    found = await held_entities(unit.session, kind, ids)
    for entity_id in filter(found.__contains__, ids):
        held_entity = found[entity_id]
        try:
            if not reopens:
                check_not_closed(held_entity, to)
            check_may_become(held_entity, to, allow_active=allow)
            prepared = prepare(held_entity)
            if kind is Kind.SERVICE and to is Status.ACTIVE and held_entity.status is Status.CLOSED:
                await _give_login_back(unit, entity_id, prepared.login)
            elif prepared.login is not None and to is Status.CLOSED:
                await _check_closing_login(unit, entity_id, prepared.login, logins.values())
                logins[entity_id] = prepared.login
            allowed.setdefault((prepared.reason, prepared.note), []).append(entity_id)
        except TenureError as refusal:
            refused[entity_id] = refusal
    change_ids = []
    for (reason, note), some in allowed.items():
        telling = EventContext(
            Cause.MANUAL,
            request.effective_at,
            reason=reason,
            details={"note": note} if note else None,
        )
        change_ids.append(await apply(unit, replace(change, ids=some), telling))
    if logins:
        await _rewrite_logins(unit, logins)
    return SetOutcome(change_ids, refused)


async def preparation(
    unit: Unit, kind: Kind, ids: Sequence[int], change: HoldChange, request: StatusChange
) -> Callable[[HeldEntity], StatusChange]:
    """How plug-ins amend the change of each entity that will change. Where there are none, nothing is read for them."""
    policies = installed()
    if not policies.prepares_status_changes:
        return lambda _: request
    told = await facts(unit.session, kind, ids)

    def prepare(held_entity: HeldEntity) -> StatusChange:
        if change.leaves(held_entity.inactive, held_entity.closed):
            return request
        return prepared(
            held_entity, request, policies.prepare_status_change(told[held_entity.id], request)
        )

    return prepare


async def _change(
    unit: Unit,
    kind: Kind,
    entity: Account | Service | PurchasedOffer,
    account_id: int,
    request: StatusRequest,
) -> Outcome:
    """Do it now, or promise it; then promise the reactivation that goes with it."""
    request = checked_request(request, unit.now)
    if request.defer_until is not None:
        held_entity = (await held_entities(unit.session, kind, [entity.id]))[entity.id]
        check_may_be_scheduled(held_entity, request.to)
        deferred = await _promise(
            unit, held_entity, kind, account_id, request, request.defer_until, login=request.login
        )
        reactivation = await _promise_reactivation(unit, kind, entity.id, account_id, request)
        if reactivation is not None:
            await pair(unit, deferred, reactivation)
        return Outcome(deferred, reactivation)
    effective = unit.now
    if request.backdate_to is not None:
        effective = effective_instant(
            request.backdate_to,
            unit.now,
            unit.business.time_zone,
            created_at=entity.created_at,
            status_changed_at=await last_change(unit.session, kind, entity),
            billed_until=await billed_until(unit.session, kind, entity.id),
        )
    done = await _set_status(
        unit,
        kind,
        [entity.id],
        request.to,
        effective,
        request.reason,
        request.note,
        request.login,
        reopens=True,
    )
    for refusal in done.refused.values():
        raise refusal
    [change_id] = done.change_ids
    reactivation = await _promise_reactivation(unit, kind, entity.id, account_id, request)
    return Outcome(None, reactivation, await impact_of(unit.session, change_id))


async def _promise_reactivation(
    unit: Unit, kind: Kind, entity_id: int, account_id: int, request: StatusRequest
) -> int | None:
    """Schedule the return. Where the inactivation was made now, it knows which change set the hold (rules 4.11)."""
    when, to = request.reactivate_on, Status.ACTIVE
    if when is None:
        return None
    held_entity = (await held_entities(unit.session, kind, [entity_id]))[entity_id]
    hold = held_entity.manual_hold_change_id if request.defer_until is None else None
    path = "reactivate_on"
    return await _promise(
        unit, held_entity, kind, account_id, request, when, to=to, path=path, hold_change_id=hold
    )


async def _promise(
    unit: Unit,
    held_entity: HeldEntity,
    kind: Kind,
    account_id: int,
    request: StatusRequest,
    when: datetime,
    *,
    to: Status | None = None,
    path: str = "defer_until",
    login: str | None = None,
    hold_change_id: int | None = None,
) -> int:
    action = await schedule(
        unit,
        scheduled_for=when,
        path=path,
        note=request.note,
        kind=SCHEDULED_AS[kind],
        account_id=account_id,
        to_status=to or request.to,
        summary=summary(held_entity, to or request.to),
        reason=request.reason,
        login=login,
        hold_change_id=hold_change_id,
        service_id=held_entity.id if kind is Kind.SERVICE else None,
        offer_id=held_entity.id if kind is Kind.OFFER else None,
    )
    return action.id


async def _give_login_back(unit: Unit, service_id: int, new_login: str | None) -> None:
    """See to it that reopening finds a free login: the former one, or a new one. Raises TAKEN (rules 3.3)."""
    service = await locked_service(unit, service_id)
    wanted = checked_login(new_login) or service.former_login
    if wanted is None:
        return
    if await login_is_taken(unit, service.kind, wanted, except_service_id=service.id):
        words = f"The {service.kind} login {excerpt(wanted)} has been taken since: reopen the service with a new one."
        raise TenureError(ErrorCode.TAKEN, words, ("login",))
    service.former_login, service.former_login_key = wanted, login_key(wanted)
    await unit.session.flush()
    await add_search_terms(unit, service.account_id, {search_key(wanted)})


async def _check_closing_login(
    unit: Unit, service_id: int, login: str, others: Iterable[str]
) -> None:
    """A login that a plug-in puts in the place of a closing service's is free as any other. Raises TAKEN."""
    service = await locked_service(unit, service_id)
    is_new = login_key(login) not in map(login_key, others)
    if not is_new or await login_is_taken(unit, service.kind, login, except_service_id=service_id):
        words = f"The {service.kind} login {excerpt(login)} is taken: a plug-in cannot give it to a service that is closed."
        raise TenureError(ErrorCode.TAKEN, words, ("login",))


async def _rewrite_logins(unit: Unit, logins: dict[int, str]) -> None:
    """Put these in the place of closed services' logins; a service keeps its own as the former one (rules 3.2)."""
    keys = {service_id: login_key(login) for service_id, login in logins.items()}
    values = {
        "login": case(logins, value=Service.id),
        "login_key": case(keys, value=Service.id),
        "former_login": func.coalesce(Service.former_login, Service.login),
        "former_login_key": func.coalesce(Service.former_login_key, Service.login_key),
    }
    statement = (
        update(Service).where(in_ids(Service.id, logins), Service.login.is_not(None)).values(values)
    )
    await unit.session.execute(statement, execution_options={"synchronize_session": False})
