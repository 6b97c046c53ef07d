"""Reads accounts, services and purchased offers as entities that have a status."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import paying
from tenure.accounts.rules import previous_bill_on
from tenure.activity.queries import Key, latest_hold_starts
from tenure.activity.rules import InitialHolds
from tenure.assets.models import PurchasedOffer, Service
from tenure.holds.models import ALL_CAUSES, Cause
from tenure.holds.rules import HeldEntity
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.statements import execute
from tenure.policies.rules import AccountFacts, Entity
from tenure.status.cascades.rules import Kind
from tenure.status.entities.rules import BackdatingLimit

# A cascade does not refresh rows that the session has loaded before.
RELOAD = {"populate_existing": True}
# The flags of every mask: making a flag takes longer than reading its row.
CAUSES = [Cause(mask) for mask in range(ALL_CAUSES + 1)]
PARENT = int(Cause.PARENT)
TABLES: dict[Kind, type[Account] | type[Service] | type[PurchasedOffer]] = {
    Kind.ACCOUNT: Account,
    Kind.SERVICE: Service,
    Kind.OFFER: PurchasedOffer,
}
# An entity, or its columns.
EntityRow: TypeAlias = Row[Any] | Service | PurchasedOffer
IDS = bindparam("param_ids", type_=IdList())


async def held_entities(
    session: AsyncSession, kind: Kind, ids: Sequence[int]
) -> dict[int, HeldEntity]:
    """The entities with their holds, by id. Unknown ids are left out."""
    connection = await session.connection()
    rows = (await execute(connection, _held_rows(kind), {"param_ids": ids})).all()
    found = {row.id: _held_entity(kind, row) for row in rows}
    with_parent = [row.id for row in rows if (row.inactive_holds | row.closed_holds) & PARENT]
    if with_parent and kind is Kind.ACCOUNT:
        held = set((await session.execute(_held_by_payers(with_parent))).scalars())
        for account_id in set(with_parent) - held:
            found[account_id] = replace(found[account_id], held_from_above=False)
    return found


async def entity_facts(session: AsyncSession, kind: Kind, ids: Sequence[int]) -> dict[int, Entity]:
    """The facts of these entities that plug-ins receive, by id."""
    if kind is Kind.ACCOUNT:
        accounts = await session.execute(
            select(Account).where(in_ids(Account.id, ids)), execution_options=RELOAD
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
        for it, owner in await session.execute(assets, execution_options=RELOAD)
    }


def owner_accounts(kind: Kind, ids: Sequence[int]) -> Select[int]:
    """The accounts to lock before these entities may change."""
    if kind is Kind.ACCOUNT:
        return select(Account.id).where(in_ids(Account.id, ids))
    table = Service if kind is Kind.SERVICE else PurchasedOffer
    return select(Account.id).where(
        Account.id.in_(select(table.account_id).where(in_ids(table.id, ids)))
    )


def owner_of(kind: Kind, key: ColumnElement[int]) -> Select[int]:
    """The account of the entity with this key, found by primary key."""
    match kind:
        case Kind.ACCOUNT:
            return select(Account.id).where(Account.id == key)
        case Kind.SERVICE:
            return select(Service.account_id).where(Service.id == key)
        case Kind.OFFER:
            return select(PurchasedOffer.account_id).where(PurchasedOffer.id == key)


async def entity_rows(session: AsyncSession, kind: Kind, ids: Sequence[int]) -> Sequence[EntityRow]:
    """The entities, as `backdating_limits` takes them. Unknown ids are left out."""
    table = TABLES[kind]
    found: AnySelect = select(*table.__table__.c).where(in_ids(table.id, ids))
    return (await session.execute(found)).all()


async def backdating_limits(
    session: AsyncSession, kind: Kind, entities: Sequence[EntityRow]
) -> dict[int, BackdatingLimit]:
    """How far back a change of each entity may take effect, by the entity's id (rules 2.11)."""
    if not entities:
        return {}
    origins = {
        _key_of(kind, it): InitialHolds(it.created_at, it.inactive_holds, it.closed_holds)
        for it in entities
    }
    hold_starts = await latest_hold_starts(session, origins)
    billed = await _billed_until(session, kind, [it.id for it in entities])
    return {
        it.id: BackdatingLimit(
            it.created_at,
            max(it.status_changed_at, hold_starts[_key_of(kind, it)]),
            billed[it.id],
        )
        for it in entities
    }


async def _billed_until(
    session: AsyncSession, kind: Kind, ids: Sequence[int]
) -> Mapping[int, date]:
    """The end of the last billed period of its bill unit; for an account, the latest of all."""
    table = Service if kind is Kind.SERVICE else PurchasedOffer
    key = BillUnit.account_id if kind is Kind.ACCOUNT else table.id
    units = select(key, BillUnit.next_bill_on, BillUnit.billing_day_of_month)
    if kind is not Kind.ACCOUNT:
        units = units.join(table, table.bill_unit_id == BillUnit.id)
    billed: dict[int, date] = {}
    for entity_id, until, day in await session.execute(units.where(in_ids(key, ids))):
        since = previous_bill_on(until, day)
        billed[entity_id] = max(since, billed.get(entity_id, since))
    return billed


def _key_of(kind: Kind, entity: EntityRow) -> Key:
    """The entity as its events name it."""
    match kind:
        case Kind.ACCOUNT:
            return (entity.id, None, None)
        case Kind.SERVICE:
            return (entity.account_id, entity.id, None)
        case Kind.OFFER:
            return (entity.account_id, getattr(entity, "service_id", None), entity.id)


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


def _held_by_payers(ids: list[int]) -> AnySelect:
    """The accounts of which some payer, at any distance and not itself, has holds of its own.

    A PARENT hold is not an own hold: two accounts that pay for each other would stay held forever.
    """
    start = select(Account.id.label("start_id"), Account.id.label("id")).where(
        in_ids(Account.id, ids)
    )
    edge = paying("up_edge")
    here = start.cte("up", recursive=True)
    climb = select(here.c.start_id, edge.c.payer_id).join(edge, edge.c.payee_id == here.c.id)
    up = here.union(climb.where(edge.c.payer_id != here.c.start_id))
    own = (Account.inactive_holds.op("|")(Account.closed_holds)).op("&")(int(~Cause.PARENT))
    return (
        select(up.c.start_id)
        .join(Account, Account.id == up.c.id)
        .where(up.c.id != up.c.start_id, own != 0)
        .distinct()
    )


@cache
def _held_rows(kind: Kind) -> AnySelect:
    """The entities IDS with their holds and owners."""
    owner = (
        Account.number.label("account_number"),
        Account.name.label("account_name"),
        Account.status.label("account_status"),
    )
    if kind is Kind.ACCOUNT:
        own = (
            Account.id,
            Account.inactive_holds,
            Account.closed_holds,
            Account.number.label("name"),
            Account.manual_hold_change_id,
        )
        return select(*own, *owner).where(in_ids(Account.id, IDS))
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
        .where(in_ids(table.id, IDS))
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
        account_name=row.account_name,
        name=row.name,
        manual_hold_change_id=row.manual_hold_change_id or 0,
    )
