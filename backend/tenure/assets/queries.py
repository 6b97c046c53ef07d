"""Services and purchased offers, locked for actions; logins in use."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.rules import LoginKey
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.holds.models import Cause, Status
from tenure.kernel.dialects import in_ids, in_texts
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import NO_KEY_UPDATE, for_no_key_update
from tenure.kernel.text import login_key
from tenure.kernel.unit import Unit

# When the pending deferred action that closes a purchased offer is due; null without one.
SCHEDULED_END: ColumnElement[datetime] = (
    select(func.min(DeferredAction.scheduled_for))
    .where(
        DeferredAction.account_id == PurchasedOffer.account_id,
        DeferredAction.offer_id == PurchasedOffer.id,
        DeferredAction.to_status == Status.CLOSED,
        DeferredAction.status == DeferredStatus.PENDING,
    )
    .correlate(PurchasedOffer)
    .scalar_subquery()
)


async def locked_service(unit: Unit, service_id: int, *, path: str = "asset_id") -> Service:
    """The service, locked until the unit ends. Raises NOT_FOUND."""
    service = await unit.session.get(
        Service, service_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if service is None:
        raise NotFoundError("service", (path,))
    return service


async def locked_offer(unit: Unit, offer_id: int, *, path: str = "asset_id") -> PurchasedOffer:
    """The purchased offer, locked until the unit ends. Raises NOT_FOUND."""
    offer = await unit.session.get(
        PurchasedOffer, offer_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if offer is None:
        raise NotFoundError("purchased offer", (path,))
    return offer


async def locked_services(unit: Unit, service_ids: Collection[int]) -> dict[int, Service]:
    """The services that exist, by id, locked in the order of their ids until the unit ends."""
    if not service_ids:
        return {}
    statement = select(Service).where(in_ids(Service.id, service_ids)).order_by(Service.id)
    locking = for_no_key_update(statement).execution_options(populate_existing=True)
    return {service.id: service for service in await unit.session.scalars(locking)}


async def logins_in_use(unit: Unit, logins: Collection[tuple[str, str]]) -> set[LoginKey]:
    """The kind and `login_key` of the services that have one of these kinds and logins.

    All kinds are looked up with all logins: more pairs than asked for, but found by the index,
    whose first column is the kind.
    """
    if not logins:
        return set()
    kinds = {kind for kind, _ in logins}
    keys = {login_key(login) for _, login in logins}
    statement = select(Service.kind, cast(Service.login_key, String))
    found = await unit.session.execute(
        statement.where(Service.kind.in_(kinds), in_texts(Service.login_key, keys))
    )
    return set(found.all())


async def login_is_taken(
    unit: Unit, kind: str, login: str, *, except_service_id: int | None = None
) -> bool:
    """True where another service of this kind has the login (rules 3.1)."""
    taken = exists().where(
        Service.kind == kind, Service.login_key == login_key(login), Service.id != except_service_id
    )
    if except_service_id is None:
        taken = exists().where(Service.kind == kind, Service.login_key == login_key(login))
    return bool((await unit.session.execute(select(taken))).scalar())


def cannot_have_login_back(accounts: FromClause) -> ColumnElement[bool]:
    """Services to reopen whose login another service has, or gets first (rules 3.3).

    Of reopened services with the same former login, the one with the lowest id gets it.
    """
    other = aliased(Service)
    rival = aliased(Service)
    rival_account = accounts.alias("rival_account")
    reopens = and_(
        Service.former_login_key.is_not(None),
        Service.closed_holds == int(Cause.ACCOUNT),
        accounts.c.to_status != Status.CLOSED,
    )
    taken = (
        select(other.id)
        .where(other.kind == Service.kind, other.login_key == Service.former_login_key)
        .exists()
    )
    overridden = (
        select(rival.id)
        .join(rival_account, rival_account.c.account_id == rival.account_id)
        .where(
            rival.kind == Service.kind,
            rival.former_login_key == Service.former_login_key,
            rival.id < Service.id,
        )
        .where(rival.closed_holds == int(Cause.ACCOUNT), rival_account.c.to_status != Status.CLOSED)
        .exists()
    )
    return and_(reopens, or_(taken, overridden))
