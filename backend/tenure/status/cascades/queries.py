"""Services and offers that change in a cascade, as SQL, with the columns of `changed_rows`.

The change itself reads the changed accounts from the events that it has just written; a preview
reads them from the CTE. Both use the same statements, so they cannot differ.
"""

from typing import Any

from sqlalchemy import CTE, FromClause, and_, case, select, union_all

from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.queries import cannot_have_login_back
from tenure.events.models import Event, EventKind
from tenure.events.queries import of_change, since_change
from tenure.holds.models import Cause, Status
from tenure.holds.queries import Bits, replaced
from tenure.kernel.db import AnySelect
from tenure.status.cascades.rules import Kind
from tenure.status.rows.queries import CHANGE, changed_rows, rows_after, target_rows

INHERITED = int(Cause.ACCOUNT | Cause.SERVICE)


def changed_services(accounts: FromClause | None, *, allow_active: bool) -> CTE:
    """The services whose holds change: targets, or those of changed accounts (rules 2.3, 2.12)."""
    if accounts is None:
        return changed_rows(target_rows(Service).cte("service_after"), "service")
    holding = [] if allow_active else [Status.INACTIVE]
    inactive = replaced(Service.inactive_holds, Cause.ACCOUNT, accounts.c.to_status.in_(holding))
    closed = replaced(Service.closed_holds, Cause.ACCOUNT, accounts.c.to_status == Status.CLOSED)
    # A service whose login was taken meanwhile stays closed, with a MANUAL hold (rules 3.3).
    closed_after = case((cannot_have_login_back(accounts), int(Cause.MANUAL)), else_=closed)
    after = rows_after(
        Service, inactive, closed_after, accounts.c.event_id, not_before=accounts.c.not_before
    )
    of_changed = after.join(accounts, accounts.c.account_id == Service.account_id)
    status_differs = of_changed.where(accounts.c.from_status != accounts.c.to_status)
    return changed_rows(status_differs.cte("service_after"), "service")


def changed_offers(accounts: FromClause | None, services: FromClause | None) -> CTE:
    """The offers whose holds change. A closed offer never changes again (rules 2.5)."""
    parts: list[AnySelect] = []
    if accounts is not None:
        parts.append(_offers_of_accounts(accounts))
    if services is not None:
        parts.append(_offers_of_services(services))
    if not parts:
        parts.append(target_rows(PurchasedOffer))
    not_closed = [part.where(PurchasedOffer.status != Status.CLOSED) for part in parts]
    return changed_rows(union_all(*not_closed).cte("offer_after"), "offer")


def status_events(kind: Kind, *, are_many: bool = False) -> FromClause:
    """The events that the change has written for entities of this kind.

    With `are_many` those of all changes that this transaction has made since that id.
    """
    of_kind = {
        Kind.ACCOUNT: and_(Event.service_id.is_(None), Event.offer_id.is_(None)),
        Kind.SERVICE: and_(Event.service_id.is_not(None), Event.offer_id.is_(None)),
        Kind.OFFER: Event.offer_id.is_not(None),
    }[kind]
    rows = select(
        Event.id.label("event_id"),
        Event.account_id,
        Event.service_id,
        Event.offer_id,
        Event.from_status,
        Event.to_status,
        Event.followed_id,
        Event.inactive_holds,
        Event.closed_holds,
        Event.occurred_at,
        Event.occurred_at.label("not_before"),
    )
    of_changes = since_change(CHANGE) if are_many else of_change(CHANGE)
    written = rows.where(of_changes, Event.kind == EventKind.STATUS_CHANGE, of_kind)
    return written.subquery(f"written_{kind}")


def _offers_of_accounts(accounts: FromClause) -> AnySelect:
    """Offers that were bought for a changed account itself, not for one of its services."""
    to = accounts.c.to_status
    inactive = replaced(PurchasedOffer.inactive_holds, Cause.ACCOUNT, to == Status.INACTIVE)
    closed = replaced(PurchasedOffer.closed_holds, Cause.ACCOUNT, to == Status.CLOSED)
    after = rows_after(
        PurchasedOffer, inactive, closed, accounts.c.event_id, not_before=accounts.c.not_before
    )
    of_changed = after.join(accounts, accounts.c.account_id == PurchasedOffer.account_id)
    return of_changed.where(PurchasedOffer.service_id.is_(None), accounts.c.from_status != to)


def _offers_of_services(services: FromClause) -> AnySelect:
    """Offers of a changed service: SERVICE by its status, its ACCOUNT holds (rules 2.3, 2.4)."""

    def holds_after(holds: Any, of_service: Bits, effect: Status) -> Bits:
        account = of_service.op("&")(int(Cause.ACCOUNT))
        service = case((services.c.to_status == effect, int(Cause.SERVICE)), else_=0)
        after: Bits = holds.op("&")(~INHERITED).op("|")(account).op("|")(service)
        return after

    inactive = holds_after(
        PurchasedOffer.inactive_holds, services.c.inactive_holds, Status.INACTIVE
    )
    closed = holds_after(PurchasedOffer.closed_holds, services.c.closed_holds, Status.CLOSED)
    after = rows_after(
        PurchasedOffer, inactive, closed, services.c.event_id, not_before=services.c.not_before
    )
    return after.join(services, services.c.service_id == PurchasedOffer.service_id)
