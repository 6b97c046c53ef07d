"""Deferred actions that a status change leaves with nothing to do (rules 4.8 and 4.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, and_, func, or_, select

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.events.queries import LAST_ID
from tenure.holds.models import Status
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit
from tenure.settings.queries import settings_of
from tenure.status.cascades.queries import changed_offers, changed_services, status_events
from tenure.status.cascades.rules import Kind, manual_hold_change
from tenure.status.parent_holds.queries import changed_accounts

# A preview reads the events of a change id that no change has. PostgreSQL expects no events from
# this id on; from a lower one it would expect all events, and scan the table.
NO_CHANGE = {"param_change": LAST_ID}


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """The accounts, services and offers that a change affects, with their status after it."""

    accounts: FromClause
    services: FromClause
    offers: FromClause


def written_rows(*, are_many: bool = False) -> ChangedRows:
    """What a change of this transaction, or all since it, has affected, read from the events."""
    return ChangedRows(*(status_events(kind, are_many=are_many) for kind in Kind))


def previewed_rows(kind: Kind, *, allow_active: bool) -> ChangedRows:
    """What `cascades.actions.cascade_statements` would affect, without writing."""
    nothing = status_events(Kind.ACCOUNT)
    accounts = changed_accounts() if kind is Kind.ACCOUNT else None
    services = None if kind is Kind.OFFER else changed_services(accounts, allow_active=allow_active)
    offers = changed_offers(accounts, services)
    return ChangedRows(
        nothing if accounts is None else accounts,
        nothing if services is None else services,
        offers,
    )


async def conflicts_of_request(
    unit: Unit, kind: Kind, ids: Sequence[int], to: Status, *, after: datetime | None
) -> Sequence[int]:
    """All pending actions that would have nothing to do if the change was made now.

    For a change that is scheduled for `after`, only those that are scheduled later than that.
    """
    allow = settings_of(unit).allow_active_service_with_inactive_account
    change = manual_hold_change(kind, list(ids), to, allow_active=allow)
    statement = _previewed_conflicts(kind, allow_active=allow)
    rows = await execute(unit.connection, statement, change.parameters | NO_CHANGE)
    return [row.id for row in rows if after is None or row.scheduled_for > after]


async def conflicts_of_changes(unit: Unit, change_ids: Sequence[int]) -> set[int]:
    """All pending actions that have nothing to do after changes that this unit has made."""
    found: set[int] = set()
    for change_id in change_ids:
        rows = await execute(unit.connection, _written_conflicts(), {"param_change": change_id})
        found.update(row.id for row in rows)
    return found


@cache
def _written_conflicts() -> Select[int]:
    return conflicting_actions(written_rows())


@cache
def _previewed_conflicts(kind: Kind, *, allow_active: bool) -> Select[Any]:
    found = conflicting_actions(previewed_rows(kind, allow_active=allow_active))
    return found.add_columns(DeferredAction.scheduled_for).order_by(DeferredAction.id)


def conflicting_actions(changed: ChangedRows) -> Select[int]:
    """Pending actions that the change leaves with nothing to do (rules 4.8 and 4.11).

    Actions on entities that close, other than closings; moves under a closing payer; returns of
    entities that are made active, whose MANUAL hold is lifted by that.
    """
    accounts, services, offers = changed.accounts, changed.services, changed.offers
    closed_accounts = select(accounts.c.account_id).where(accounts.c.to_status == Status.CLOSED)
    closed_services = select(services.c.service_id).where(services.c.to_status == Status.CLOSED)
    closed_offers = select(offers.c.offer_id).where(offers.c.to_status == Status.CLOSED)
    closes = func.coalesce(DeferredAction.to_status, "") == Status.CLOSED
    on_closed = or_(
        DeferredAction.account_id.in_(closed_accounts),
        DeferredAction.service_id.in_(closed_services),
        DeferredAction.offer_id.in_(closed_offers),
    )
    under_closed = and_(
        DeferredAction.parent_pays, DeferredAction.new_parent_id.in_(closed_accounts)
    )
    active_accounts, active_services, active_offers = (
        select(rows.c[key]).where(rows.c.followed_id.is_(None), rows.c.to_status == Status.ACTIVE)
        for rows, key in ((accounts, "account_id"), (services, "service_id"), (offers, "offer_id"))
    )
    of_account = and_(
        DeferredAction.kind == DeferredKind.CHANGE_ACCOUNT_STATUS,
        DeferredAction.account_id.in_(active_accounts),
    )
    of_service = and_(
        DeferredAction.offer_id.is_(None), DeferredAction.service_id.in_(active_services)
    )
    ended_return = and_(
        DeferredAction.to_status == Status.ACTIVE,
        DeferredAction.hold_change_id.is_not(None),
        or_(of_account, of_service, DeferredAction.offer_id.in_(active_offers)),
    )
    conflicting = or_(and_(on_closed, ~closes), under_closed, ended_return)
    pending = DeferredAction.status == DeferredStatus.PENDING
    return select(DeferredAction.id).where(pending, conflicting)
