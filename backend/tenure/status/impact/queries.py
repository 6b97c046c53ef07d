"""What a status change affects (`Impact`): read from its events, or previewed without writing.

The statements are built once; what differs between two changes is a bind parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.events.models import Event
from tenure.events.queries import LAST_ID, since_change
from tenure.holds.models import Status
from tenure.holds.rules import check_may_become
from tenure.kernel.db import AnySelect
from tenure.kernel.errors import NotFoundError
from tenure.kernel.statements import execute
from tenure.kernel.sums import exact_sum, exact_text
from tenure.settings.rules import Business
from tenure.status.cascades.queries import changed_offers, changed_services, status_events
from tenure.status.cascades.rules import Kind, manual_hold_change
from tenure.status.entities.queries import held_entities
from tenure.status.parent_holds.queries import changed_accounts

SAMPLE = 100
SEPARATOR = " "
LINE = ","
# A preview reads the events of a change id that no change has. PostgreSQL expects no events from
# this id on; from a lower one it would expect all events, and scan the table.
NO_CHANGE = {"param_change": LAST_ID}


@dataclass(frozen=True, slots=True)
class PostedAmounts:
    """What a change has charged in one currency, and what it has given back; both positive."""

    currency: str
    charged: Decimal
    given_back: Decimal


@dataclass(frozen=True, slots=True)
class Impact:
    """How many entities change, the first of the accounts, and the conflicting deferred actions.

    `posted` is null for a preview: only a change that is made, also in a dry run, posts charges.
    """

    accounts: int
    services: int
    offers: int
    sample: Sequence[int]
    conflicting: Sequence[int]
    conflicting_count: int
    posted: Sequence[PostedAmounts] | None = None


@dataclass(frozen=True, slots=True)
class ImpactStatements:
    """The four counts of an impact, the sample of accounts, and the conflicting actions."""

    counts: AnySelect
    sample: Select[int]
    conflicting: Select[int]


async def account_impact(
    session: AsyncSession, business: Business, account_id: int, to: Status
) -> Impact:
    """Previews setting the account's status. Raises NOT_FOUND and NOT_ALLOWED like the change."""
    return await _preview(session, business, Kind.ACCOUNT, account_id, to=to, path="account_id")


async def service_impact(
    session: AsyncSession, business: Business, service_id: int, to: Status
) -> Impact:
    """Previews setting the service's status. Raises NOT_FOUND and NOT_ALLOWED like the change."""
    return await _preview(session, business, Kind.SERVICE, service_id, to=to, path="asset_id")


async def offer_impact(
    session: AsyncSession, business: Business, offer_id: int, to: Status
) -> Impact:
    """Previews setting the offer's status. Raises NOT_FOUND and NOT_ALLOWED like the change."""
    return await _preview(session, business, Kind.OFFER, offer_id, to=to, path="asset_id")


async def change_impact(session: AsyncSession, change_id: int) -> Impact:
    """What a change affected that this transaction has made, read from its events."""
    return await _impact(session, _change_statements(), {"param_change": change_id})


async def impact_since(session: AsyncSession, change_id: int) -> Impact:
    """What all changes affected that this transaction has made since this id (`new_change`).

    An entity that several of them changed is counted once.
    """
    statements = _change_statements(are_many=True)
    return await _impact(session, statements, {"param_change": change_id})


async def _preview(
    session: AsyncSession,
    business: Business,
    kind: Kind,
    entity_id: int,
    *,
    to: Status,
    path: str,
) -> Impact:
    found = await held_entities(session, kind, [entity_id])
    if entity_id not in found:
        raise NotFoundError(str(kind), (path,))
    allow = business.allow_active_service_with_inactive_account
    check_may_become(found[entity_id], to, allow_active=allow)
    change = manual_hold_change(kind, [entity_id], to, allow_active=allow)
    statements = _preview_statements(kind, allow_active=allow)
    return await _impact(session, statements, change.parameters | NO_CHANGE)


@cache
def _change_statements(*, are_many: bool = False) -> ImpactStatements:
    """The impact of a change that was made. Its counts have a further column: the amounts."""
    written = (status_events(kind, are_many=are_many) for kind in Kind)
    statements = _impact_statements(*written)
    return replace(statements, counts=statements.counts.add_columns(_posted_amounts()))


def _posted_amounts() -> ColumnElement[str]:
    """The amounts that this transaction has posted since the change began, as text.

    For each currency: the code, the charges, and the rest, which is negative.
    """
    sums = [
        cast(exact_sum(case((condition, Event.amount), else_=0)), Text)
        for condition in (Event.amount > 0, Event.amount < 0)
    ]
    of_currency = select(
        (Event.currency + SEPARATOR + sums[0] + SEPARATOR + sums[1]).label("amounts")
    )
    change_id = bindparam("param_change", type_=Event.id.type)
    posted = of_currency.where(since_change(change_id), Event.amount.is_not(None))
    rows = posted.group_by(Event.currency).subquery("posted")
    return select(func.aggregate_strings(rows.c.amounts, LINE)).scalar_subquery()


def _amounts_in(text: str | None) -> list[PostedAmounts]:
    """The amounts in a text of `_posted_amounts`, in the order of the currencies."""
    found = []
    for line in sorted((text or "").split(LINE)):
        if line:
            currency, charged, given_back = line.split(SEPARATOR)
            found.append(PostedAmounts(currency, exact_text(charged), -exact_text(given_back)))
    return found


@cache
def _preview_statements(kind: Kind, *, allow_active: bool) -> ImpactStatements:
    """The impact of `cascades.actions.cascade_statements`, without writing."""
    nothing = status_events(Kind.ACCOUNT)
    accounts = changed_accounts() if kind is Kind.ACCOUNT else None
    services = None if kind is Kind.OFFER else changed_services(accounts, allow_active=allow_active)
    offers = changed_offers(accounts, services)
    return _impact_statements(
        nothing if accounts is None else accounts,
        nothing if services is None else services,
        offers,
    )


def _impact_statements(
    accounts: FromClause, services: FromClause, offers: FromClause
) -> ImpactStatements:
    counts = [
        select(func.count(changed.c[key].distinct())).where(_is_affected(changed)).scalar_subquery()
        for changed, key in (
            (accounts, "account_id"),
            (services, "service_id"),
            (offers, "offer_id"),
        )
    ]
    conflicts = _conflicting_actions(accounts, services, offers)
    affected = select(accounts.c.account_id).where(_is_affected(accounts))
    targets_first = affected.group_by(accounts.c.account_id).order_by(
        func.min(case((accounts.c.followed_id.is_(None), 0), else_=1)),
        func.min(accounts.c.event_id),
    )
    conflict_count = select(func.count()).select_from(conflicts.subquery()).scalar_subquery()
    ordered = conflicts.order_by(DeferredAction.scheduled_for, DeferredAction.id)
    return ImpactStatements(
        counts=select(*counts, conflict_count),
        sample=targets_first.limit(SAMPLE),
        conflicting=ordered.limit(SAMPLE),
    )


def _is_affected(changed: FromClause) -> ColumnElement[bool]:
    """Excludes what is closed and stays closed, although it gains or loses a hold."""
    return or_(changed.c.from_status != Status.CLOSED, changed.c.to_status != Status.CLOSED)


async def _impact(
    session: AsyncSession, statements: ImpactStatements, parameters: dict[str, Any]
) -> Impact:
    connection = await session.connection()
    counted = (await execute(connection, statements.counts, parameters)).one()
    sample = (await execute(connection, statements.sample, parameters)).scalars().all()
    conflicting: Sequence[int] = []
    if counted[3]:
        found = await execute(connection, statements.conflicting, parameters)
        conflicting = found.scalars().all()
    posted = _amounts_in(counted[4]) if len(counted) > 4 else None
    return Impact(counted[0], counted[1], counted[2], sample, conflicting, counted[3], posted)


def _conflicting_actions(
    accounts: FromClause, services: FromClause, offers: FromClause
) -> Select[int]:
    """Pending actions that the change leaves with nothing to do (rules 4.8 and 4.11).

    Actions on entities that close, other than closings; moves under a closing payer; returns of
    entities that are made active, whose MANUAL hold is lifted by that.
    """
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
