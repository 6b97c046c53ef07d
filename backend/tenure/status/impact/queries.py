"""What a status change affects (`Impact`): read from its events, or previewed without writing.

The statements are built once; what differs between two changes is a bind parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache, reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.billing.bills.models import Bill, BillItem
from tenure.deferred.models import DeferredAction
from tenure.events.models import Event
from tenure.events.queries import of_change, since_change
from tenure.holds.models import Status
from tenure.holds.rules import check_may_become
from tenure.kernel.db import AnySelect, Instant
from tenure.kernel.errors import NotFoundError
from tenure.kernel.statements import execute
from tenure.kernel.sums import exact_sum, exact_text
from tenure.settings.rules import Business
from tenure.status.cascades.rules import Kind, manual_hold_change
from tenure.status.conflicts.queries import (
    NO_CHANGE,
    ChangedRows,
    conflicting_actions,
    previewed_rows,
    written_rows,
)
from tenure.status.entities.queries import held_entities

SAMPLE = 100
SEPARATOR = " "
LINE = ","
# The change whose events are read.
CHANGE_ID = bindparam("param_change", type_=Event.id.type)
# The time for which the change is scheduled.
AT = bindparam("param_at", type_=Instant())


@dataclass(frozen=True, slots=True)
class PostedAmounts:
    """What a change has charged in one currency, and what it has given back; both positive."""

    currency: str
    charged: Decimal
    given_back: Decimal


@dataclass(frozen=True, slots=True)
class PayerAmounts:
    """What a change has charged and given back on the bills of one account."""

    payer_id: int
    amounts: PostedAmounts


@dataclass(frozen=True, slots=True)
class Impact:
    """How many entities change, the first of the accounts, and the conflicting deferred actions.

    `posted`, `of_payers` and `event_id`, the first event of the change, are null for a preview:
    only a change that is made, also in a dry run, writes events. `of_payers` are the first 100.
    """

    accounts: int
    services: int
    offers: int
    sample: Sequence[int]
    conflicting: Sequence[int]
    conflicting_count: int
    posted: Sequence[PostedAmounts] | None = None
    of_payers: Sequence[PayerAmounts] | None = None
    event_id: int | None = None


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


async def impact_since(
    session: AsyncSession, change_id: int, *, at: datetime | None = None
) -> Impact:
    """What all changes affected that this transaction has made since this id (`new_change`).

    An entity that several of them changed is counted once. For changes that are scheduled for `at`,
    only actions that are scheduled later than that conflict with them.
    """
    statements = _change_statements(are_many=True, is_scheduled=at is not None)
    return await _impact(session, statements, {"param_change": change_id, "param_at": at})


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
def _change_statements(*, are_many: bool = False, is_scheduled: bool = False) -> ImpactStatements:
    """The impact of a change that was made. Its counts have further columns: see `_impact`."""
    statements = _impact_statements(written_rows(are_many=are_many), is_scheduled=is_scheduled)
    first = select(func.min(Event.id)).where(of_change(CHANGE_ID), Event.followed_id.is_(None))
    further = (_posted_amounts(), _amounts_of_payers(), first.scalar_subquery())
    return replace(statements, counts=statements.counts.add_columns(*further))


def _posted_amounts() -> ColumnElement[str]:
    """The amounts that this transaction has posted since the change began, as text.

    For each currency: the code, the charges, and the rest, which is negative.
    """
    posted: Select[Any] = select(_posted_text(Event.currency).label("amounts")).where(*_is_posted())
    rows = posted.group_by(Event.currency).subquery("posted")
    return select(func.aggregate_strings(rows.c.amounts, LINE)).scalar_subquery()


def _amounts_of_payers() -> ColumnElement[str]:
    """The same amounts for each of the first accounts on whose bills they are, as text.

    The id of the account precedes the amounts. An amount without an item is on no bill.
    """
    payer = Bill.account_id
    posted: Select[Any] = (
        select(_posted_text(cast(payer, Text), Event.currency).label("amounts"))
        .join(BillItem, BillItem.id == Event.item_id)
        .join(Bill, Bill.id == BillItem.bill_id)
        .where(*_is_posted())
    )
    first = posted.group_by(payer, Event.currency).order_by(func.min(Event.id)).limit(SAMPLE)
    rows = first.subquery("of_payers")
    return select(func.aggregate_strings(rows.c.amounts, LINE)).scalar_subquery()


def _is_posted() -> list[ColumnElement[bool]]:
    return [since_change(CHANGE_ID), Event.amount.is_not(None)]


def _posted_text(*keys: SQLColumnExpression[Any]) -> SQLColumnExpression[str]:
    """The keys, the sum of the charges, and the sum of the rest."""
    sums = [
        cast(exact_sum(case((condition, Event.amount), else_=0)), Text)
        for condition in (Event.amount > 0, Event.amount < 0)
    ]
    parts: list[SQLColumnExpression[Any]] = [*keys, *sums]
    return reduce(lambda text, part: text + SEPARATOR + part, parts)


def _amounts_in(text: str | None) -> list[PostedAmounts]:
    """The amounts in a text of `_posted_amounts`, in the order of the currencies."""
    return [_posted(*line.split(SEPARATOR)) for line in sorted(_lines(text))]


def _payers_in(text: str | None) -> list[PayerAmounts]:
    """The amounts in a text of `_amounts_of_payers`, in the order of the accounts."""
    parts = (line.split(SEPARATOR) for line in _lines(text))
    found = [PayerAmounts(int(payer), _posted(*amounts)) for payer, *amounts in parts]
    return sorted(found, key=lambda it: (it.payer_id, it.amounts.currency))


def _lines(text: str | None) -> list[str]:
    return text.split(LINE) if text else []


def _posted(currency: str, charged: str, rest: str) -> PostedAmounts:
    return PostedAmounts(currency, exact_text(charged), -exact_text(rest))


@cache
def _preview_statements(kind: Kind, *, allow_active: bool) -> ImpactStatements:
    """The impact of a change that is not made."""
    return _impact_statements(previewed_rows(kind, allow_active=allow_active))


def _impact_statements(changed: ChangedRows, *, is_scheduled: bool = False) -> ImpactStatements:
    accounts = changed.accounts
    counts = [
        select(func.count(rows.c[key].distinct())).where(_is_affected(rows)).scalar_subquery()
        for rows, key in (
            (accounts, "account_id"),
            (changed.services, "service_id"),
            (changed.offers, "offer_id"),
        )
    ]
    conflicts = conflicting_actions(changed)
    if is_scheduled:
        conflicts = conflicts.where(DeferredAction.scheduled_for > AT)
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
    impact = Impact(counted[0], counted[1], counted[2], sample, conflicting, counted[3])
    if len(counted) == 4:
        return impact
    posted, of_payers, event_id = counted[4:]
    return replace(
        impact,
        posted=_amounts_in(posted),
        of_payers=_payers_in(of_payers),
        event_id=event_id,
    )
