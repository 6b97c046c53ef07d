"""Reads the hold history of offers, services, accounts and payers (rules 2.11)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import CTE, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit, PaidPeriod
from tenure.activity.rules import (
    HoldPeriod,
    InitialHolds,
    Interval,
    PaidSpan,
    StatusEvent,
    account_holds,
    is_within,
    merged,
    offer_intervals,
    own_holds,
    service_holds,
    with_origin,
)
from tenure.assets.models import PurchasedOffer, Service
from tenure.events.models import Event, EventKind
from tenure.holds.models import Cause
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit

# An entity as its events name it: account, service and offer id.
Key: TypeAlias = tuple[int, int | None, int | None]
SERVICE_CAUSES = Cause.MANUAL | Cause.ACCOUNT
STATUS_EVENT = (
    *(Event.change_id, Event.occurred_at, Event.from_status, Event.to_status),
    *(Event.inactive_holds, Event.closed_holds, Event.cause),
)


@dataclass(frozen=True, slots=True)
class Lineage:
    """Offers and services with their accounts, their recorded changes, and who paid for whom."""

    offers: Sequence[Row[Any]]
    services: Sequence[Row[Any]]
    accounts: Sequence[Row[Any]]
    events: Mapping[Key, Sequence[StatusEvent]]
    paid: Sequence[PaidSpan]


@dataclass(frozen=True, slots=True)
class InactiveTime:
    """When services and offers were inactive, by their ids."""

    services: Mapping[int, Sequence[Interval]]
    offers: Mapping[int, Sequence[Interval]]

    def covers(self, at: datetime, *, service_id: int | None, offer_id: int) -> bool:
        """True where the offer, or the service that was used, was inactive at that instant."""
        of_service = self.services.get(service_id, ()) if service_id is not None else ()
        return is_within(at, (*self.offers.get(offer_id, ()), *of_service))


async def inactive_time(
    unit: Unit, offer_ids: Collection[int], service_ids: Collection[int] = ()
) -> InactiveTime:
    """When these offers, their services, and these services were inactive, in any recorded order.

    Sends five statements.
    """
    lineage = await _lineage(unit, offer_ids, service_ids)
    own = {
        it.id: own_holds(_events(lineage, (it.id, None, None), _origin(it), Cause.MANUAL))
        for it in lineage.accounts
    }
    accounts = account_holds(own, lineage.paid)
    services: dict[int, set[HoldPeriod]] = {}
    for it in lineage.services:
        events = _events(lineage, (it.account_id, it.id, None), _origin(it), SERVICE_CAUSES)
        services[it.id] = service_holds(accounts.get(it.account_id, ()), events)
    found: dict[int, list[Interval]] = {}
    for it in lineage.offers:
        above: Iterable[HoldPeriod] = accounts.get(it.account_id, ())
        if it.service_id is not None:
            above = services[it.service_id]
        events = _events(lineage, (it.account_id, it.service_id, it.id), _origin(it), Cause.MANUAL)
        found[it.id] = offer_intervals(above, events)
    by_service = {
        service_id: merged((hold.start, hold.end) for hold in holds)
        for service_id, holds in services.items()
    }
    return InactiveTime(by_service, found)


async def latest_hold_starts(
    session: AsyncSession, origins: Mapping[Key, InitialHolds]
) -> dict[Key, datetime]:
    """The start of the latest open MANUAL or DEBT hold of each entity, or its creation.

    The entities are of one kind.
    """
    columns = (Event.account_id, Event.service_id, Event.offer_id)
    is_change = Event.kind == EventKind.STATUS_CHANGE
    changes: AnySelect = select(*columns, *STATUS_EVENT).where(is_change)
    for column, parts in zip(columns, zip(*origins, strict=True), strict=True):
        ids = {part for part in parts if part is not None}
        if not ids:
            changes = changes.where(column.is_(None))
        elif None not in parts:
            changes = changes.where(in_ids(column, ids))
    events: defaultdict[Key, list[StatusEvent]] = defaultdict(list)
    for account_id, service_id, offer_id, *change in await session.execute(
        changes.order_by(Event.id)
    ):
        events[account_id, service_id, offer_id].append(StatusEvent(*change))
    return {
        key: max(
            (
                hold.start
                for hold in own_holds(with_origin(origin, events[key], Cause.MANUAL))
                if hold.end is None
            ),
            default=origin.created_at,
        )
        for key, origin in origins.items()
    }


def offers_below(account_ids: Collection[int], service_ids: Collection[int]) -> AnySelect:
    """The offers of these accounts, and those of these services."""
    of_account = in_ids(PurchasedOffer.account_id, account_ids)
    return select(PurchasedOffer.id).where(
        or_(of_account, in_ids(PurchasedOffer.service_id, service_ids))
    )


async def paid_since(unit: Unit, account_ids: Collection[int], at: datetime) -> set[int]:
    """These accounts and all that they have paid for since `at`, at any level. Locks them."""
    start = select(Account.id.label("id")).where(in_ids(Account.id, account_ids))
    here = start.cte("paid_since", recursive=True)
    payer = aliased(BillUnit)
    payee = aliased(BillUnit)
    step = select(payee.account_id).join(PaidPeriod, PaidPeriod.bill_unit_id == payee.id)
    step = step.join(payer, payer.id == PaidPeriod.payer_unit_id).join(
        here, here.c.id == payer.account_id
    )
    here = here.union(step.where(or_(PaidPeriod.ends_at.is_(None), PaidPeriod.ends_at > at)))
    affected = set((await unit.session.execute(select(here.c.id))).scalars())
    locked = select(Account.id).where(in_ids(Account.id, affected)).order_by(Account.id)
    await unit.session.execute(for_no_key_update(locked))
    return affected


async def _lineage(unit: Unit, offer_ids: Collection[int], service_ids: Collection[int]) -> Lineage:
    offer: AnySelect = select(
        *(PurchasedOffer.id, PurchasedOffer.account_id, PurchasedOffer.service_id),
        *(PurchasedOffer.created_at, PurchasedOffer.inactive_holds, PurchasedOffer.closed_holds),
    )
    offers = (await unit.session.execute(offer.where(in_ids(PurchasedOffer.id, offer_ids)))).all()
    wanted_services = {it.service_id for it in offers if it.service_id is not None}
    service: AnySelect = select(
        *(Service.id, Service.account_id, Service.created_at),
        *(Service.inactive_holds, Service.closed_holds),
    )
    of_these = in_ids(Service.id, wanted_services.union(service_ids))
    services = (await unit.session.execute(service.where(of_these))).all()
    own_ids = {it.account_id for it in (*offers, *services)}
    paid = [PaidSpan(*row) for row in await unit.session.execute(_paid_spans(_payers(own_ids)))]
    ids = own_ids | {span.payer_id for span in paid}
    columns = (Account.id, Account.created_at, Account.inactive_holds, Account.closed_holds)
    owners: AnySelect = select(*columns).where(in_ids(Account.id, ids))
    accounts = (await unit.session.execute(owners)).all()
    return Lineage(offers, services, accounts, await _events_of(unit, ids, offer_ids), paid)


def _payers(account_ids: Collection[int]) -> CTE:
    """These accounts and all that have ever paid for them, at any level."""
    here = select(Account.id.label("id")).where(in_ids(Account.id, account_ids))
    climb = here.cte("payers_ever", recursive=True)
    payer = aliased(BillUnit)
    payee = aliased(BillUnit)
    step = select(payer.account_id).join(PaidPeriod, PaidPeriod.payer_unit_id == payer.id)
    step = step.join(payee, payee.id == PaidPeriod.bill_unit_id).join(
        climb, climb.c.id == payee.account_id
    )
    return climb.union(step)


def _paid_spans(accounts: CTE) -> AnySelect:
    payer = aliased(BillUnit)
    payee = aliased(BillUnit)
    columns = (payer.account_id, payee.account_id, PaidPeriod.starts_at, PaidPeriod.ends_at)
    spans = select(*columns).select_from(PaidPeriod)
    spans = spans.join(payer, payer.id == PaidPeriod.payer_unit_id)
    spans = spans.join(payee, payee.id == PaidPeriod.bill_unit_id)
    is_affected = payee.account_id.in_(select(accounts.c.id))
    return spans.where(is_affected, payer.account_id != payee.account_id)


async def _events_of(
    unit: Unit, account_ids: Collection[int], offer_ids: Collection[int]
) -> dict[Key, list[StatusEvent]]:
    """The status events of these accounts, their services and these offers, in recorded order."""
    key = (Event.account_id, Event.service_id, Event.offer_id)
    statement = select(*key, *STATUS_EVENT).where(
        in_ids(Event.account_id, account_ids),
        Event.kind == EventKind.STATUS_CHANGE,
        or_(Event.offer_id.is_(None), in_ids(Event.offer_id, offer_ids)),
    )
    found: dict[Key, list[StatusEvent]] = defaultdict(list)
    for account_id, service_id, offer_id, *columns in await unit.session.execute(
        statement.order_by(Event.id)
    ):
        found[account_id, service_id, offer_id].append(StatusEvent(*columns))
    return found


def _events(
    lineage: Lineage, key: Key, origin: InitialHolds, assumed: Cause
) -> Sequence[StatusEvent]:
    return with_origin(origin, lineage.events.get(key, ()), assumed)


def _origin(row: Row[Any]) -> InitialHolds:
    return InitialHolds(row.created_at, row.inactive_holds, row.closed_holds)
