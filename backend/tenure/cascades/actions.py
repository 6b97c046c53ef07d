"""Carrying out a change of holds with everything that follows from it, in the caller's unit (rules 2.8).

For each kind of entity two statements: the events are written by INSERT … SELECT of what changes, then the entities
take over what those events say. Then what that costs, or gives back, is charged (rules 6.3).
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, FromClause, and_, case, func, insert, literal, null, select, update
from sqlalchemy.sql.elements import ColumnElement

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.cascades.queries import changed_accounts, changed_offers, changed_services, locked_region, written
from tenure.cascades.rules import HoldChange, Kind, Telling
from tenure.charges.actions import correct
from tenure.events.models import Event, EventKind
from tenure.events.queries import new_change
from tenure.holds.models import Cause, Status
from tenure.kernel.db import Instant
from tenure.kernel.dialects import table_of
from tenure.kernel.unit import Unit

COLUMNS = [
    "id",
    "change_id",
    "kind",
    "account_id",
    "service_id",
    "offer_id",
    "occurred_at",
    "recorded_at",
    "description",
    "followed_id",
    "from_status",
    "to_status",
    "inactive_holds",
    "closed_holds",
    "cause",
    "reason",
    "actor",
    "details",
]


async def apply(unit: Unit, change: HoldChange, telling: Telling) -> int:
    """Make the change and all that follows. Answers with the change's id, by which its events are found.

    Rows that the unit's session has loaded before do not show it: whoever needs them afterwards reads them anew.
    """
    session, allow = unit.session, unit.business.allow_active_service_with_inactive_account
    change_id = await new_change(unit)
    accounts = services = None
    if change.kind is Kind.ACCOUNT:
        await session.execute(locked_region(change))
        await _write(unit, change_id, changed_accounts(change), telling, Kind.ACCOUNT)
        await _update_accounts(unit, change_id)
        accounts = written(change_id, Kind.ACCOUNT)
    if change.kind is not Kind.OFFER:
        await _write(unit, change_id, changed_services(change, accounts, allow_active=allow), telling, Kind.SERVICE)
        await _update_services(unit, change_id)
        services = written(change_id, Kind.SERVICE)
    await _write(unit, change_id, changed_offers(change, accounts, services), telling, Kind.OFFER)
    await _update_offers(unit, change_id)
    await correct(unit, change_id, telling.effective_at)
    return change_id


async def _write(unit: Unit, change_id: int, changed: CTE, telling: Telling, kind: Kind) -> None:
    """INSERT … SELECT: one event for each entity that changes."""
    followers_cause = (
        Cause.PARENT if kind is Kind.ACCOUNT else Cause.ACCOUNT if kind is Kind.SERVICE else _offer_cause(changed)
    )
    target = changed.c.is_target
    told, reason, followed_id = _told(unit, changed, telling)
    values: dict[str, Any] = {
        "id": changed.c.event_id,
        "change_id": literal(change_id),
        "kind": literal(EventKind.STATUS_CHANGE, Event.kind.type),
        "account_id": changed.c.account_id,
        "service_id": changed.c.service_id,
        "offer_id": changed.c.offer_id,
        "occurred_at": _occurred_at(changed, telling),
        "recorded_at": literal(unit.now, Instant()),
        "description": _description(changed, kind),
        "followed_id": case((target, followed_id), else_=changed.c.followed_id),
        "from_status": changed.c.from_status,
        "to_status": changed.c.to_status,
        "inactive_holds": changed.c.inactive_holds,
        "closed_holds": changed.c.closed_holds,
        "cause": case((target, int(telling.cause)), else_=followers_cause),
        "reason": reason,
        "actor": literal(unit.actor.name, Event.actor.type),
        "details": null() if telling.details is None else case((target, literal(telling.details, Event.details.type))),
    }
    rows = select(*(values[name].label(name) if hasattr(values[name], "label") else values[name] for name in COLUMNS))
    await unit.session.execute(insert(Event).from_select(COLUMNS, rows.select_from(told), include_defaults=False))


def _told(
    unit: Unit, changed: CTE, telling: Telling
) -> tuple[FromClause, ColumnElement[str | None], ColumnElement[int | None]]:
    """What changes, with the reason and the event that it followed; those of its account where they differ in the set."""
    reason = literal(telling.reason, Event.reason.type)
    followed_id = literal(telling.followed_id, Event.id.type)
    if not telling.why:
        return changed, reason, followed_id
    columns = {"account_id": Event.id.type, "reason": Event.reason.type, "followed_id": Event.id.type}
    rows = [
        {"account_id": account_id, "reason": why.reason, "followed_id": why.followed_id}
        for account_id, why in telling.why.items()
    ]
    own = table_of(unit.session, "own", columns, rows)
    told = changed.outerjoin(own, own.c.account_id == changed.c.account_id)
    return told, func.coalesce(own.c.reason, reason), func.coalesce(own.c.followed_id, followed_id)


def _occurred_at(changed: FromClause, telling: Telling) -> ColumnElement[datetime]:
    """When it took effect: a backdated change reaches what follows no earlier than its own last change (rules 2.11)."""
    at = literal(telling.effective_at, Instant())
    return case((changed.c.changed_before > at, changed.c.changed_before), else_=at)


def _description(changed: FromClause, kind: Kind) -> ColumnElement[str]:
    """A sentence: Account A-1007 is now CLOSED. Where only the holds changed: … is still INACTIVE."""
    verb = case((changed.c.from_status == changed.c.to_status, " is still "), else_=" is now ")
    name = literal(f"{kind.capitalize()} ").concat(changed.c.label)
    sentence = name.concat(verb).concat(changed.c.to_status)
    if kind is not Kind.SERVICE:
        return sentence
    # By what follows from an account only a lost login turns its closing hold into one by hand.
    lost = and_(changed.c.closed_before == int(Cause.ACCOUNT), changed.c.closed_holds == int(Cause.MANUAL))
    why = name.concat(" stays CLOSED: its login has been taken since. Reopen it with a new one")
    return case((lost, why), else_=sentence)


def _offer_cause(changed: FromClause) -> ColumnElement[int]:
    return case((changed.c.service_id.is_(None), int(Cause.ACCOUNT)), else_=int(Cause.SERVICE))


def _standing(table: Any, event: FromClause) -> dict[str, Any]:
    """What every changed entity takes over from its event."""
    at = event.c.occurred_at
    moved = event.c.from_status != event.c.to_status
    return {
        "inactive_holds": event.c.inactive_holds,
        "closed_holds": event.c.closed_holds,
        "status_changed_at": case((moved, at), else_=table.status_changed_at),
        "closed_at": case((event.c.to_status != Status.CLOSED, null()), (moved, at), else_=table.closed_at),
        "version": table.version + 1,
    }


async def _update_accounts(unit: Unit, change_id: int) -> None:
    event = written(change_id, Kind.ACCOUNT)
    statement = update(Account).where(Account.id == event.c.account_id).values(_standing(Account, event))
    await unit.session.execute(statement, execution_options={"synchronize_session": False})


async def _update_services(unit: Unit, change_id: int) -> None:
    """Besides the holds: a login is given up by closing where a prefix is set, and had back by reopening (rules 3)."""
    event = written(change_id, Kind.SERVICE)
    reopened = and_(
        event.c.from_status == Status.CLOSED, event.c.to_status != Status.CLOSED, Service.former_login.is_not(None)
    )
    login: list[Any] = [(reopened, Service.former_login)]
    key: list[Any] = [(reopened, Service.former_login_key)]
    former: list[Any] = [(reopened, null())]
    former_key: list[Any] = [(reopened, null())]
    prefix = unit.business.closed_login_prefix
    if prefix is not None:
        closed = and_(
            event.c.from_status != Status.CLOSED, event.c.to_status == Status.CLOSED, Service.login.is_not(None)
        )
        # The random part keeps it from ever meeting a login that somebody has thought of.
        mark = literal(f"{prefix}{secrets.token_hex(4)}-").concat(func.cast(Service.id, Service.login.type)).concat("#")
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
    await unit.session.execute(
        statement.values(_standing(Service, event) | values), execution_options={"synchronize_session": False}
    )


async def _update_offers(unit: Unit, change_id: int) -> None:
    """Besides the holds: an offer that comes back starts anew, unless it has not started yet (rules 2.13)."""
    event = written(change_id, Kind.OFFER)
    values = _standing(PurchasedOffer, event)
    if unit.business.change_start_time_on_activation:
        at = event.c.occurred_at
        comes_back = and_(
            event.c.from_status == Status.INACTIVE,
            event.c.to_status == Status.ACTIVE,
            PurchasedOffer.purchase_start <= at,
        )
        for name in ("purchase_start", "usage_start", "cycle_start"):
            values[name] = case((comes_back, at), else_=getattr(PurchasedOffer, name))
    statement = update(PurchasedOffer).where(PurchasedOffer.id == event.c.offer_id).values(values)
    await unit.session.execute(statement, execution_options={"synchronize_session": False})
