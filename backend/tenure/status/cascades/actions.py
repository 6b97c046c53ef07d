"""Applies a change of holds with its cascade, in the caller's unit of work (rules 2.8).

Each kind of entity takes two statements: INSERT … SELECT writes the events of all entities that
change, then an UPDATE sets the entities to what those events say. Charges are corrected afterwards
(rules 6.3). The statements do not depend on the change, so they are built once and cached.
"""

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    Dialect,
    Executable,
    FromClause,
    SmallInteger,
    String,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import ColumnElement

from tenure.activity.actions import recalculate
from tenure.activity.queries import offers_below, paid_since
from tenure.billing.charges.actions import correct_charges
from tenure.billing.rating.actions import refund_usage
from tenure.events.models import Event, EventKind
from tenure.events.queries import has_events, new_change
from tenure.holds.models import Cause, Status
from tenure.kernel.db import Instant
from tenure.kernel.dialects import in_ids
from tenure.kernel.json_values import json_object
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit
from tenure.settings.queries import settings_of
from tenure.status.cascades.queries import changed_offers, changed_services, status_events
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tenure.status.entity_updates.actions import update_accounts, update_offers, update_services
from tenure.status.parent_holds.queries import changed_accounts, lock_affected_accounts
from tenure.status.rows.queries import CHANGE

# Parameters: `EventContext.parameters`, and those of the unit of work.
CAUSE = bindparam("param_cause", type_=SmallInteger)
EFFECTIVE_AT = bindparam("param_effective_at", type_=Instant())
REASON = bindparam("param_reason", type_=Text)
FOLLOWED = bindparam("param_followed_id", type_=BigInteger)
DETAILS = bindparam(
    "param_details",
    type_=JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
)
# The column of the changed rows that has the id of an entity of each kind.
TARGET_COLUMNS = {Kind.ACCOUNT: "account_id", Kind.SERVICE: "service_id", Kind.OFFER: "offer_id"}
NOW = bindparam("param_now", type_=Instant())
ACTOR = bindparam("param_actor", type_=Text)
REASONS = bindparam("param_reasons", type_=String)
NOTES = bindparam("param_notes", type_=String)


async def apply(unit: Unit, change: HoldChange, context: EventContext) -> int:
    """Applies the change and its cascade. Returns the change's id, which its events carry.

    Rows that the session has loaded before are not refreshed; read them again with
    `populate_existing`.
    """
    settings, dialect = settings_of(unit), unit.connection.dialect
    prefix = settings.closed_login_prefix
    statements = cascade_statements(
        change.kind,
        dialect,
        has_reasons=bool(context.why),
        has_notes=bool(context.notes),
        allow_active=settings.allow_active_service_with_inactive_account,
        rewrites_logins=prefix is not None,
        restarts=settings.change_start_time_on_activation,
    )
    change_id = await new_change(unit)
    parameters = (
        change.parameters
        | context.parameters
        | {
            "param_change": change_id,
            "param_now": unit.now,
            "param_actor": unit.actor.name,
            # The random part rules out a collision with a login that a customer has chosen.
            "param_login_mark": f"{prefix}{secrets.token_hex(4)}-",
            REASONS.key: rows_parameter(dialect, _reason_rows(context)),
            NOTES.key: rows_parameter(dialect, _note_rows(context)),
        }
    )
    for statement in statements:
        await execute(unit.connection, statement, parameters)
    if context.effective_at < unit.now:
        await _correct_backdated(unit, change, change_id, context.effective_at)
    else:
        await correct_charges(unit, change_id, context.effective_at)
    return change_id


async def _correct_backdated(unit: Unit, change: HoldChange, change_id: int, at: datetime) -> None:
    """Corrects the fees and the usage of all that a backdated change affects (rules 2.11).

    Includes what was inactive or closed already: it is inactive since an earlier date now.
    """
    if not await has_events(unit, change_id):
        return
    if change.kind is Kind.OFFER:
        offer_ids = set(change.ids)
        used = in_ids(Event.offer_id, change.ids)
    else:
        is_account = change.kind is Kind.ACCOUNT
        accounts = await paid_since(unit, change.ids, at) if is_account else ()
        below = offers_below(accounts, () if is_account else change.ids)
        offer_ids = set((await unit.session.execute(below)).scalars())
        affected = (Event.account_id, accounts) if is_account else (Event.service_id, change.ids)
        used = in_ids(*affected)
    await recalculate(unit, offer_ids, change_id)
    await correct_charges(unit, change_id, at, affected_offers=offer_ids)
    await refund_usage(unit, used, at)


# One dialect object for each database that the process has open.
@lru_cache(maxsize=64)
def cascade_statements(
    kind: Kind,
    dialect: Dialect,
    *,
    has_reasons: bool,
    has_notes: bool,
    allow_active: bool,
    rewrites_logins: bool,
    restarts: bool,
) -> list[Executable]:
    """The statements of a change of entities of one kind, in order.

    `has_reasons`: accounts of the set have reasons of their own. `has_notes`: each target has a
    note of its own.
    """
    reasons = _own_reasons(dialect) if has_reasons else None
    notes = _own_notes(dialect) if has_notes else None

    def insert_events(changed: CTE, of_kind: Kind) -> Executable:
        return _insert_events(changed, of_kind, reasons, notes if of_kind is kind else None)

    statements: list[Executable] = []
    accounts = None
    services = None
    if kind is Kind.ACCOUNT:
        accounts = status_events(Kind.ACCOUNT)
        statements += [
            lock_affected_accounts(),
            insert_events(changed_accounts(), Kind.ACCOUNT),
            update_accounts(status_events(Kind.ACCOUNT)),
        ]
    if kind is not Kind.OFFER:
        changed = changed_services(accounts, allow_active=allow_active)
        services = status_events(Kind.SERVICE)
        statements += [
            insert_events(changed, Kind.SERVICE),
            update_services(status_events(Kind.SERVICE), rewrites_logins=rewrites_logins),
        ]
    offers = changed_offers(accounts, services)
    return [
        *statements,
        insert_events(offers, Kind.OFFER),
        update_offers(status_events(Kind.OFFER), restarts=restarts),
    ]


def _insert_events(
    changed: CTE, kind: Kind, reasons: FromClause | None, notes: FromClause | None
) -> Executable:
    """INSERT … SELECT: one event for each entity that changes."""
    target = changed.c.is_target
    rows, reason, followed_id = _with_reasons(changed, reasons)
    details: ColumnElement[Any] = DETAILS
    if notes is not None:
        rows = rows.outerjoin(notes, notes.c.target_id == changed.c[TARGET_COLUMNS[kind]])
        details = case((notes.c.note.is_not(None), json_object("note", notes.c.note)))
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
        "cause": case((target, CAUSE), else_=_follower_cause(changed, kind)),
        "reason": reason,
        "actor": ACTOR,
        "details": case((target, details)),
    }
    selected = select(*(value.label(name) for name, value in values.items())).select_from(rows)
    return insert(Event).from_select(list(values), selected, include_defaults=False)


def _with_reasons(
    changed: CTE, reasons: FromClause | None
) -> tuple[FromClause, ColumnElement[str], ColumnElement[int]]:
    """The changed rows with reason and followed event: the account's own, else the change's."""
    if reasons is None:
        return changed, REASON, FOLLOWED
    rows = changed.outerjoin(reasons, reasons.c.account_id == changed.c.account_id)
    reason = func.coalesce(reasons.c.reason, REASON)
    return rows, reason, func.coalesce(reasons.c.followed_id, FOLLOWED)


def _own_reasons(dialect: Dialect) -> FromClause:
    columns = {
        "account_id": Event.id.type,
        "reason": Event.reason.type,
        "followed_id": Event.id.type,
    }
    return parameter_as_table(dialect, "own", columns, REASONS)


def _reason_rows(context: EventContext) -> list[dict[str, object]]:
    return [
        {"account_id": account_id, "reason": why.reason, "followed_id": why.followed_id}
        for account_id, why in context.why.items()
    ]


def _own_notes(dialect: Dialect) -> FromClause:
    columns = {"target_id": Event.id.type, "note": Event.reason.type}
    return parameter_as_table(dialect, "notes", columns, NOTES)


def _note_rows(context: EventContext) -> list[dict[str, object]]:
    return [{"target_id": target_id, "note": note} for target_id, note in context.notes.items()]


def _occurred_at(changed: FromClause) -> ColumnElement[datetime]:
    """When the change of an entity takes effect (rules 2.11).

    No earlier than its creation, than the change that it follows, and, unless it was inactive
    already, than its own last status change.
    """
    not_before = changed.c.not_before
    changed_before = changed.c.changed_before
    at = case((not_before > EFFECTIVE_AT, not_before), else_=EFFECTIVE_AT)
    was_active = or_(changed.c.from_status == Status.ACTIVE, changed.c.to_status == Status.ACTIVE)
    return case((and_(was_active, changed_before > at), changed_before), else_=at)


def _description(changed: FromClause, kind: Kind) -> ColumnElement[str]:
    """`Account A-1007 is now CLOSED`, or `… is still INACTIVE` where only the holds changed."""
    predicate = case((changed.c.from_status == changed.c.to_status, " is still "), else_=" is now ")
    name = literal(f"{kind.capitalize()} ").concat(changed.c.label)
    sentence = name.concat(predicate).concat(changed.c.to_status)
    if kind is not Kind.SERVICE:
        return sentence
    # In a cascade only a lost login turns a closing ACCOUNT hold into a MANUAL one (rules 3.3).
    login_is_lost = and_(
        changed.c.closed_before == int(Cause.ACCOUNT), changed.c.closed_holds == int(Cause.MANUAL)
    )
    stays = name.concat(" stays CLOSED: its login has been taken since. Reopen it with a new one")
    return case((login_is_lost, stays), else_=sentence)


def _follower_cause(changed: FromClause, kind: Kind) -> Any:
    """The cause for entities that are not targets."""
    if kind is Kind.ACCOUNT:
        return Cause.PARENT
    if kind is Kind.SERVICE:
        return Cause.ACCOUNT
    of_account = changed.c.service_id.is_(None)
    return case((of_account, int(Cause.ACCOUNT)), else_=int(Cause.SERVICE))
