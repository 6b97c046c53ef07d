"""How the entities stand, and what a change of status does or would do (`Impact`)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, Row, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import paying, paying_for
from tenure.accounts.rules import previous_bill_on
from tenure.activity.queries import latest_hold_start
from tenure.activity.rules import Origin
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.holds.models import ALL_CAUSES, Cause, Status
from tenure.holds.rules import HeldEntity, check_may_become
from tenure.kernel.business import Business
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.policies.rules import AccountFacts, Entity
from tenure.status.cascades.queries import (
    changed_accounts,
    changed_offers,
    changed_services,
    written,
)
from tenure.status.cascades.rules import Kind
from tenure.status.changes.rules import hold_change

SAMPLE = 100
# Rows that were loaded before a cascade do not show it.
ANEW = {"populate_existing": True}
# What a mask means, to be looked up: a flag takes longer to be made than its row to be read.
CAUSES = [Cause(mask) for mask in range(ALL_CAUSES + 1)]
PARENT = int(Cause.PARENT)
# A preview asks for the events of a change that there has never been.
NO_CHANGE = {"given_change": -1}


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change does: how many entities change, which accounts first, and which promises it makes pointless."""

    accounts: int
    services: int
    offers: int
    sample: Sequence[int]
    conflicting: Sequence[int]
    conflicting_count: int


async def held_entities(
    session: AsyncSession, kind: Kind, ids: Sequence[int]
) -> dict[int, HeldEntity]:
    """How these entities stand, by id. Ids that do not exist are left out."""
    rows = (await (await session.connection()).execute(_standing_rows(kind, ids))).all()
    found = {row.id: _held_entity(kind, row) for row in rows}
    paid = [row.id for row in rows if (row.inactive_holds | row.closed_holds) & PARENT]
    if paid and kind is Kind.ACCOUNT:
        held = set((await session.execute(_held_from_above(paid))).scalars())
        for account_id in set(paid) - held:
            found[account_id] = replace(found[account_id], held_from_above=False)
    return found


async def facts(session: AsyncSession, kind: Kind, ids: Sequence[int]) -> dict[int, Entity]:
    """What plug-ins are told of these entities, by id."""
    if kind is Kind.ACCOUNT:
        accounts = await session.execute(
            select(Account).where(in_ids(Account.id, ids)), execution_options=ANEW
        )
        return {it.id: _entity(kind, it, it) for it in accounts.scalars()}
    table = Service if kind is Kind.SERVICE else PurchasedOffer
    assets: AnySelect = (
        select(table, Account)
        .join(Account, Account.id == table.account_id)
        .where(in_ids(table.id, ids))
    )
    return {
        it.id: _entity(kind, it, owner)
        for it, owner in await session.execute(assets, execution_options=ANEW)
    }


def owners(kind: Kind, ids: Sequence[int]) -> Select[int]:
    """The accounts to lock before these entities may change."""
    if kind is Kind.ACCOUNT:
        return select(Account.id).where(in_ids(Account.id, ids))
    table = Service if kind is Kind.SERVICE else PurchasedOffer
    return select(Account.id).where(
        Account.id.in_(select(table.account_id).where(in_ids(table.id, ids)))
    )


async def billed_until(session: AsyncSession, kind: Kind, entity_id: int) -> date:
    """Where the last billed period of its bill unit ended; of an account, the latest of all its bill units."""
    units = select(BillUnit.next_bill_on, BillUnit.billing_day_of_month)
    if kind is Kind.ACCOUNT:
        units = units.where(BillUnit.account_id == entity_id)
    else:
        table = Service if kind is Kind.SERVICE else PurchasedOffer
        units = units.join(table, table.bill_unit_id == BillUnit.id).where(table.id == entity_id)
    return max(previous_bill_on(until, day) for until, day in await session.execute(units))


async def last_change(
    session: AsyncSession, kind: Kind, entity: Account | Service | PurchasedOffer
) -> datetime:
    """When the status changed last, or the youngest hold that can be lifted by hand began, whichever is later."""
    account_id = entity.id if isinstance(entity, Account) else entity.account_id
    service_id = entity.id if kind is Kind.SERVICE else getattr(entity, "service_id", None)
    key = (account_id, service_id, entity.id if kind is Kind.OFFER else None)
    origin = Origin(entity.created_at, entity.inactive_holds, entity.closed_holds)
    return max(entity.status_changed_at, await latest_hold_start(session, key, origin))


def _entity(kind: Kind, row: Account | Service | PurchasedOffer, owner: Account) -> Entity:
    account = AccountFacts(
        owner.number,
        owner.name,
        owner.status,
        None if owner.rank is None else str(owner.rank),
        owner.currency,
        owner.credit_limit,
    )
    if isinstance(row, Service):
        return Entity(
            str(kind), row.name, row.status, account, row.kind, row.former_login or row.login
        )
    return Entity(str(kind), row.name, row.status, account)


async def account_impact(
    session: AsyncSession, business: Business, account_id: int, to: Status
) -> Impact:
    """What setting the account's status would do. Raises NOT_FOUND and NOT_ALLOWED as the change itself."""
    return await _preview(session, business, Kind.ACCOUNT, account_id, to, "account_id")


async def service_impact(
    session: AsyncSession, business: Business, service_id: int, to: Status
) -> Impact:
    """What setting the service's status would do. Raises NOT_FOUND and NOT_ALLOWED as the change itself."""
    return await _preview(session, business, Kind.SERVICE, service_id, to, "asset_id")


async def offer_impact(
    session: AsyncSession, business: Business, offer_id: int, to: Status
) -> Impact:
    """What setting the purchased offer's status would do. Raises NOT_FOUND and NOT_ALLOWED as the change itself."""
    return await _preview(session, business, Kind.OFFER, offer_id, to, "asset_id")


async def impact_of(session: AsyncSession, change_id: int) -> Impact:
    """What a change has done, read from its events."""
    return await _impact(session, {"given_change": change_id}, *(written(kind) for kind in Kind))


async def closed_by_then(
    session: AsyncSession, kind: Kind, entity_id: int, at: datetime
) -> Sequence[int]:
    """Pending actions that will have closed the entity by `at`, in their order: the first hundred (rules 2.3 to 2.6).

    They close it itself, the service of an offer, its account, or an account that pays for that one as things stand.
    What is scheduled now takes place behind what was scheduled before for the same moment (rules 4.5).
    Raises NOT_FOUND.
    """
    account_id = (await session.execute(owners(kind, [entity_id]))).scalar_one_or_none()
    if account_id is None:
        raise NotFoundError(str(kind), ("target",))
    above = paying_for(select(Account.id).where(Account.id == account_id).cte("owner"))
    closes = [DeferredAction.kind == DeferredKind.CHANGE_ACCOUNT_STATUS]
    if kind is Kind.SERVICE:
        closes.append(DeferredAction.service_id == entity_id)
    if kind is Kind.OFFER:
        service_id = select(PurchasedOffer.service_id).where(PurchasedOffer.id == entity_id)
        closes += [DeferredAction.offer_id == entity_id, DeferredAction.service_id.in_(service_id)]
    of_these = DeferredAction.account_id.in_(select(above.c.id))
    pending = and_(
        DeferredAction.status == DeferredStatus.PENDING, DeferredAction.scheduled_for <= at
    )
    rows = select(DeferredAction.id).where(
        of_these, pending, DeferredAction.to_status == Status.CLOSED, or_(*closes)
    )
    ordered = rows.order_by(DeferredAction.scheduled_for, DeferredAction.id).limit(SAMPLE)
    return (await session.execute(ordered)).scalars().all()


async def _preview(
    session: AsyncSession, business: Business, kind: Kind, entity_id: int, to: Status, path: str
) -> Impact:
    found = await held_entities(session, kind, [entity_id])
    if entity_id not in found:
        raise NotFoundError(str(kind), (path,))
    allow = business.allow_active_service_with_inactive_account
    check_may_become(found[entity_id], to, allow_active=allow)
    change = hold_change(kind, [entity_id], to, allow_active=allow)
    return await _impact(
        session, change.given | NO_CHANGE, *_would_change(kind, allow_active=allow)
    )


def _would_change(kind: Kind, *, allow_active: bool) -> tuple[FromClause, FromClause, FromClause]:
    """The same cascade as `cascades.actions.cascade`, as one statement that writes nothing."""
    nothing = written(Kind.ACCOUNT)
    accounts = changed_accounts() if kind is Kind.ACCOUNT else None
    services = None if kind is Kind.OFFER else changed_services(accounts, allow_active=allow_active)
    offers = changed_offers(accounts, services)
    return (
        nothing if accounts is None else accounts,
        nothing if services is None else services,
        offers,
    )


async def _impact(
    session: AsyncSession,
    given: dict[str, Any],
    accounts: FromClause,
    services: FromClause,
    offers: FromClause,
) -> Impact:
    counts = [
        select(func.count()).select_from(changed).scalar_subquery()
        for changed in (accounts, services, offers)
    ]
    pointless = _made_pointless(accounts, services, offers)
    first = select(accounts.c.account_id).order_by(
        case((accounts.c.followed_id.is_(None), 0), else_=1), accounts.c.event_id
    )
    how_many = select(func.count()).select_from(pointless.subquery()).scalar_subquery()
    counted = (await session.execute(select(*counts, how_many), given)).one()
    sample = (await session.execute(first.limit(SAMPLE), given)).scalars().all()
    ordered = pointless.order_by(DeferredAction.scheduled_for, DeferredAction.id).limit(SAMPLE)
    conflicting = (await session.execute(ordered, given)).scalars().all() if counted[3] else []
    return Impact(counted[0], counted[1], counted[2], sample, conflicting, counted[3])


def _made_pointless(accounts: FromClause, services: FromClause, offers: FromClause) -> Select[int]:
    """Pending actions on what gets closed, unless they are to close it; and moves under a payer that gets closed."""
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
    pending = DeferredAction.status == DeferredStatus.PENDING
    return select(DeferredAction.id).where(pending, or_(and_(on_closed, ~closes), under_closed))


def _held_from_above(ids: list[int]) -> AnySelect:
    """Those of the accounts for which some payer, at any distance and not itself, is held for a reason of its own.

    A PARENT hold alone is no such reason: two accounts that pay for each other do not hold each other for ever.
    """
    start = select(Account.id.label("start_id"), Account.id.label("id")).where(
        in_ids(Account.id, ids)
    )
    edge, here = paying("up_edge"), start.cte("up", recursive=True)
    climb = select(here.c.start_id, edge.c.payer_id).join(edge, edge.c.payee_id == here.c.id)
    up = here.union(climb.where(edge.c.payer_id != here.c.start_id))
    own = (Account.inactive_holds.op("|")(Account.closed_holds)).op("&")(int(~Cause.PARENT))
    return (
        select(up.c.start_id)
        .join(Account, Account.id == up.c.id)
        .where(up.c.id != up.c.start_id, own != 0)
        .distinct()
    )


def _standing_rows(kind: Kind, ids: Sequence[int]) -> AnySelect:
    owner = (Account.number.label("account_number"), Account.status.label("account_status"))
    if kind is Kind.ACCOUNT:
        own = (
            Account.id,
            Account.inactive_holds,
            Account.closed_holds,
            Account.number.label("name"),
            Account.manual_hold_change_id,
        )
        return select(*own, *owner).where(in_ids(Account.id, ids))
    table = Service if kind is Kind.SERVICE else PurchasedOffer
    columns = (
        table.id,
        table.inactive_holds,
        table.closed_holds,
        table.name,
        table.manual_hold_change_id,
    )
    return (
        select(*columns, *owner)
        .join(Account, Account.id == table.account_id)
        .where(in_ids(table.id, ids))
    )


def _held_entity(kind: Kind, row: Row[Any]) -> HeldEntity:
    return HeldEntity(
        id=row.id,
        label=f"{kind.capitalize()} {row.name}",
        inactive=CAUSES[row.inactive_holds],
        closed=CAUSES[row.closed_holds],
        account_status=row.account_status,
        is_offer=kind is Kind.OFFER,
        is_service=kind is Kind.SERVICE,
        account_number=row.account_number,
        manual_hold_change_id=row.manual_hold_change_id or 0,
    )
