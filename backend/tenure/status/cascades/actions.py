"""Carrying out a change of holds with everything that follows from it, in the caller's unit (rules 2.8).

For each kind of entity two statements: the events are written by INSERT … SELECT of what changes, then the entities
take over what those events say. Then what that costs, or gives back, is charged (rules 6.3). They are the same for every
change of one kind, so they are put together once.
"""

import secrets
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    Executable,
    FromClause,
    SmallInteger,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import Account
from tenure.activity.actions import recalculate
from tenure.activity.queries import offers_below, paid_since
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.charges.actions import correct
from tenure.billing.rating.actions import give_back_usage
from tenure.events.models import Event, EventKind
from tenure.events.queries import has_events, new_change
from tenure.holds.models import Cause, Status
from tenure.kernel.db import Instant
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit
from tenure.status.cascades.queries import (
    CHANGE,
    changed_accounts,
    changed_offers,
    changed_services,
    locked_region,
    written,
)
from tenure.status.cascades.rules import EventContext, HoldChange, Kind

# What differs from one change to the next (`EventContext.given`, and what the unit knows).
CAUSE = bindparam("given_cause", type_=SmallInteger)
EFFECTIVE_AT = bindparam("given_effective_at", type_=Instant())
REASON = bindparam("given_reason", type_=Text)
FOLLOWED = bindparam("given_followed_id", type_=BigInteger)
DETAILS = bindparam(
    "given_details",
    type_=JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
)
NOW = bindparam("given_now", type_=Instant())
ACTOR = bindparam("given_actor", type_=Text)
LOGIN_MARK = bindparam("given_login_mark", type_=Text)


async def apply(unit: Unit, change: HoldChange, telling: EventContext) -> int:
    """Make the change and all that follows. Answers with the change's id, by which its events are found.

    Rows that the unit's session has loaded before do not show it: whoever needs them afterwards reads them anew.
    """
    prefix, own = unit.business.closed_login_prefix, _own_words(unit, telling)
    statements = (usual_cascade if own is None else cascade)(
        change.kind,
        own,
        allow_active=unit.business.allow_active_service_with_inactive_account,
        gives_up_logins=prefix is not None,
        starts_anew=unit.business.change_start_time_on_activation,
    )
    change_id = await new_change(unit)
    of_unit = {"given_change": change_id, "given_now": unit.now, "given_actor": unit.actor.name}
    # The random part keeps it from ever meeting a login that somebody has thought of.
    mark = {"given_login_mark": f"{prefix}{secrets.token_hex(4)}-"}
    given = change.given | telling.given | of_unit | mark
    connection = await unit.session.connection()
    for statement in statements:
        await connection.execute(statement, given)
    if telling.effective_at < unit.now:
        await _correct_backdated(unit, change, change_id, telling.effective_at)
        await give_back_usage(unit, change_id)
    else:
        await correct(unit, change_id, telling.effective_at)
    return change_id


async def _correct_backdated(unit: Unit, change: HoldChange, change_id: int, at: datetime) -> None:
    """Correct what a change in the past costs or gives back, of all offers that it reaches (rules 2.11).

    Also those that were inactive, or closed, already: they are now inactive since an earlier moment.
    """
    if not await has_events(unit, change_id):
        return
    if change.kind is Kind.OFFER:
        reached = set(change.ids)
    else:
        is_account = change.kind is Kind.ACCOUNT
        accounts = await paid_since(unit, change.ids, at) if is_account else ()
        below = offers_below(accounts, () if is_account else change.ids)
        reached = set((await unit.session.execute(below)).scalars())
    await recalculate(unit, reached, change_id)
    await correct(unit, change_id, at, reached=reached)


def cascade(
    kind: Kind,
    own: FromClause | None,
    *,
    allow_active: bool,
    gives_up_logins: bool,
    starts_anew: bool,
) -> list[Executable]:
    """The statements of a change of one kind, with parameters for what differs from one change to the next.

    `own` has the reasons where accounts of the set have their own.
    """
    statements: list[Executable] = []
    accounts = services = None
    if kind is Kind.ACCOUNT:
        statements += [
            locked_region(),
            _events(changed_accounts(), Kind.ACCOUNT, own),
            _updated_accounts(),
        ]
        accounts = written(Kind.ACCOUNT)
    if kind is not Kind.OFFER:
        statements += [
            _events(changed_services(accounts, allow_active=allow_active), Kind.SERVICE, own)
        ]
        statements += [_updated_services(gives_up_logins=gives_up_logins)]
        services = written(Kind.SERVICE)
    offers = changed_offers(accounts, services)
    return [*statements, _events(offers, Kind.OFFER, own), _updated_offers(starts_anew=starts_anew)]


usual_cascade = cache(cascade)


def _events(changed: CTE, kind: Kind, own: FromClause | None) -> Executable:
    """INSERT … SELECT: one event for each entity that changes."""
    followers_cause = (
        Cause.PARENT
        if kind is Kind.ACCOUNT
        else Cause.ACCOUNT
        if kind is Kind.SERVICE
        else _offer_cause(changed)
    )
    target = changed.c.is_target
    told, reason, followed_id = _told(changed, own)
    values: dict[str, Any] = {
        "id": changed.c.event_id,
        "change_id": CHANGE,
        "kind": literal(EventKind.STATUS_CHANGE, Event.kind.type),
        "account_id": changed.c.account_id,
        "service_id": changed.c.service_id,
        "offer_id": changed.c.offer_id,
        "occurred_at": _occurred_at(changed),
        "recorded_at": NOW,
        "description": _description(changed, kind),
        "followed_id": case((target, followed_id), else_=changed.c.followed_id),
        "from_status": changed.c.from_status,
        "to_status": changed.c.to_status,
        "inactive_holds": changed.c.inactive_holds,
        "closed_holds": changed.c.closed_holds,
        "cause": case((target, CAUSE), else_=followers_cause),
        "reason": reason,
        "actor": ACTOR,
        "details": case((target, DETAILS)),
    }
    rows = select(*(value.label(name) for name, value in values.items())).select_from(told)
    return insert(Event).from_select(list(values), rows, include_defaults=False)


def _told(
    changed: CTE, own: FromClause | None
) -> tuple[FromClause, ColumnElement[str], ColumnElement[int]]:
    """What changes, with the reason and the event that it followed; those of its account where they differ in the set."""
    if own is None:
        return changed, REASON, FOLLOWED
    told = changed.outerjoin(own, own.c.account_id == changed.c.account_id)
    return told, func.coalesce(own.c.reason, REASON), func.coalesce(own.c.followed_id, FOLLOWED)


def _own_words(unit: Unit, telling: EventContext) -> FromClause | None:
    if not telling.why:
        return None
    columns = {
        "account_id": Event.id.type,
        "reason": Event.reason.type,
        "followed_id": Event.id.type,
    }
    rows = [
        {"account_id": account_id, "reason": why.reason, "followed_id": why.followed_id}
        for account_id, why in telling.why.items()
    ]
    return rows_as_table(unit.session, "own", columns, rows)


def _occurred_at(changed: FromClause) -> ColumnElement[datetime]:
    """When it took effect (rules 2.11).

    A backdated change reaches what follows no earlier than its creation, the beginning of what it follows from, and,
    unless it was inactive already, its own last change.
    """
    not_before, changed_before = changed.c.not_before, changed.c.changed_before
    at = case((not_before > EFFECTIVE_AT, not_before), else_=EFFECTIVE_AT)
    was_active = or_(changed.c.from_status == Status.ACTIVE, changed.c.to_status == Status.ACTIVE)
    return case((and_(was_active, changed_before > at), changed_before), else_=at)


def _description(changed: FromClause, kind: Kind) -> ColumnElement[str]:
    """A sentence: Account A-1007 is now CLOSED. Where only the holds changed: … is still INACTIVE."""
    verb = case((changed.c.from_status == changed.c.to_status, " is still "), else_=" is now ")
    name = literal(f"{kind.capitalize()} ").concat(changed.c.label)
    sentence = name.concat(verb).concat(changed.c.to_status)
    if kind is not Kind.SERVICE:
        return sentence
    # By what follows from an account only a lost login turns its closing hold into one by hand.
    lost = and_(
        changed.c.closed_before == int(Cause.ACCOUNT), changed.c.closed_holds == int(Cause.MANUAL)
    )
    why = name.concat(" stays CLOSED: its login has been taken since. Reopen it with a new one")
    return case((lost, why), else_=sentence)


def _offer_cause(changed: FromClause) -> ColumnElement[int]:
    return case((changed.c.service_id.is_(None), int(Cause.ACCOUNT)), else_=int(Cause.SERVICE))


def _held_entity(table: Any, event: FromClause) -> dict[str, Any]:
    """What every changed entity takes over from its event."""
    at = event.c.occurred_at
    moved = event.c.from_status != event.c.to_status
    # What was inactive already and is held from an earlier moment on, is inactive since then.
    grew = or_(
        event.c.inactive_holds.op("|")(table.inactive_holds) != table.inactive_holds,
        event.c.closed_holds.op("|")(table.closed_holds) != table.closed_holds,
    )
    earlier = and_(grew, at < table.status_changed_at)
    manual = int(Cause.MANUAL)
    has_manual = event.c.inactive_holds.op("&")(manual) != 0
    had_manual = table.inactive_holds.op("&")(manual) != 0
    set_by = case(
        (~has_manual, null()),
        (had_manual, table.manual_hold_change_id),
        else_=cast(CHANGE, BigInteger),
    )
    return {
        "inactive_holds": event.c.inactive_holds,
        "closed_holds": event.c.closed_holds,
        "status_changed_at": case((or_(moved, earlier), at), else_=table.status_changed_at),
        "closed_at": case(
            (event.c.to_status != Status.CLOSED, null()), (moved, at), else_=table.closed_at
        ),
        "version": table.version + 1,
        "manual_hold_change_id": set_by,
    }


def _updated_accounts() -> Executable:
    event = written(Kind.ACCOUNT)
    return (
        update(Account).where(Account.id == event.c.account_id).values(_held_entity(Account, event))
    )


def _updated_services(*, gives_up_logins: bool) -> Executable:
    """Besides the holds: a login is given up by closing where a prefix is set, and had back by reopening (rules 3)."""
    event = written(Kind.SERVICE)
    reopened = and_(
        event.c.from_status == Status.CLOSED,
        event.c.to_status != Status.CLOSED,
        Service.former_login.is_not(None),
    )
    login: list[Any] = [(reopened, Service.former_login)]
    key: list[Any] = [(reopened, Service.former_login_key)]
    former: list[Any] = [(reopened, null())]
    former_key: list[Any] = [(reopened, null())]
    if gives_up_logins:
        closed = and_(
            event.c.from_status != Status.CLOSED,
            event.c.to_status == Status.CLOSED,
            Service.login.is_not(None),
        )
        mark = LOGIN_MARK.concat(func.cast(Service.id, Service.login.type)).concat("#")
        login.append((closed, mark.concat(Service.login)))
        key.append((closed, func.lower(mark).concat(Service.login_key)))
        former.append((closed, Service.login))
        former_key.append((closed, Service.login_key))
    values = {
        "login": case(*login, else_=Service.login),
        "login_key": case(*key, else_=Service.login_key),
        "former_login": case(*former, else_=Service.former_login),
        "former_login_key": case(*former_key, else_=Service.former_login_key),
    }
    statement = update(Service).where(Service.id == event.c.service_id)
    return statement.values(_held_entity(Service, event) | values)


def _updated_offers(*, starts_anew: bool) -> Executable:
    """Besides the holds: an offer that comes back starts anew, unless it has not started yet (rules 2.13)."""
    event = written(Kind.OFFER)
    values = _held_entity(PurchasedOffer, event)
    if starts_anew:
        at = event.c.occurred_at
        comes_back = and_(
            event.c.from_status == Status.INACTIVE,
            event.c.to_status == Status.ACTIVE,
            PurchasedOffer.purchase_start <= at,
        )
        for name in ("purchase_start", "usage_start", "cycle_start"):
            values[name] = case((comes_back, at), else_=getattr(PurchasedOffer, name))
    return update(PurchasedOffer).where(PurchasedOffer.id == event.c.offer_id).values(values)
