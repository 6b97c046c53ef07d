"""The services, offers and earlier usage that rating needs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tenure.accounts.models import Account, BillUnit
from tenure.activity.queries import InactiveTime, inactive_time
from tenure.assets.models import PurchasedOffer, Service
from tenure.catalog.models import Offer
from tenure.events.models import Event
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, TextList, in_ids, in_texts
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.sums import exact_sum
from tenure.kernel.unit import Unit
from tenure.usage.authorization.queries import account_facts
from tenure.usage.recording.models import RatedUsage
from tenure.usage.recording.rules import (
    EarlierUsage,
    LoginKey,
    StatusHistory,
    UsageLine,
    UsageOffer,
    UsedService,
)

KINDS: BindParameter[Collection[str]] = bindparam("param_kinds", expanding=True)
LOGINS = bindparam("param_logins", type_=TextList())
REFERENCES = bindparam("param_references", type_=TextList())
SERVICES = bindparam("param_services", type_=IdList())
ACCOUNTS = bindparam("param_accounts", type_=IdList())


@dataclass(frozen=True, slots=True)
class UsageContext:
    """What the database knows about a list of usage: services by login, and offers of services and
    accounts.

    A login rewritten by closing (rules 3.2) finds both its former service and its current one.
    """

    services: Mapping[LoginKey, Sequence[UsedService]]
    offers_of_services: Mapping[int, Sequence[UsageOffer]]
    offers_of_accounts: Mapping[int, Sequence[UsageOffer]]

    @property
    def offer_ids(self) -> set[int]:
        """The ids of all offers."""
        every = (*self.offers_of_services.values(), *self.offers_of_accounts.values())
        return {offer.id for offers in every for offer in offers}

    def services_of(self, line: UsageLine) -> Sequence[UsedService]:
        """The services that have, or had, the login of the line."""
        return self.services.get(line.exact_key) or self.services.get(line.login_key, ())

    def offers(self, service: UsedService) -> Iterable[UsageOffer]:
        """The offers of the service and of its account."""
        return (
            *self.offers_of_services.get(service.id, ()),
            *self.offers_of_accounts.get(service.account_id, ()),
        )


async def earlier_usage(
    unit: Unit, references: Collection[str]
) -> dict[tuple[int, str], EarlierUsage]:
    """Usage rated before with these references, by service and reference."""
    found = await unit.session.execute(_earlier_usage(), {"param_references": references})
    return {
        (service_id, reference): EarlierUsage(*columns) for service_id, reference, *columns in found
    }


@cache
def _earlier_usage() -> AnySelect:
    columns = (
        RatedUsage.service_id,
        RatedUsage.reference,
        Event.id,
        Event.quantity,
        Event.unit,
        Event.rate,
    )
    wanted: AnySelect = select(*columns, Event.currency, Event.occurred_at, Event.description)
    found = wanted.join(Event, Event.id == RatedUsage.event_id)
    return found.where(in_texts(RatedUsage.reference, REFERENCES))


async def load_usage_context(unit: Unit, lines: Collection[UsageLine]) -> UsageContext:
    """The context of these lines: two statements, and five more if a status changed since some
    usage.

    A further statement finds the former owner of a login that is unknown, or younger than the
    usage.
    """
    keys = {key for line in lines for key in (line.login_key, line.exact_key)}
    by_login = await _services(unit, keys, Service.login_key)
    others = {
        line.login_key
        for line in lines
        if not _existed(by_login.get(line.login_key, ()), line.occurred_at)
    }
    if others:
        for key, rows in (await _services(unit, others, Service.former_login_key)).items():
            by_login.setdefault(key, []).extend(rows)
    earliest: dict[int, datetime] = {}
    for line in lines:
        for row in (*by_login.get(line.login_key, ()), *by_login.get(line.exact_key, ())):
            earliest[row.account_id] = min(
                earliest.get(row.account_id, line.occurred_at), line.occurred_at
            )
    services = {row.id: row for rows in by_login.values() for row in rows}
    offers = await _offers(unit, services, earliest)
    inactive = await _inactive(unit, services.values(), offers, earliest)
    of_services: dict[int, list[UsageOffer]] = defaultdict(list)
    of_accounts: dict[int, list[UsageOffer]] = defaultdict(list)
    for row in offers:
        group, owner = (
            (of_accounts, row.account_id)
            if row.service_id is None
            else (of_services, row.service_id)
        )
        group[owner].append(_offer(row, inactive))
    used = {row.id: _service(row, inactive) for row in services.values()}
    return UsageContext(
        {key: [used[row.id] for row in rows] for key, rows in by_login.items()},
        of_services,
        of_accounts,
    )


async def locked_balances(unit: Unit, account_ids: Collection[int]) -> dict[int, Decimal]:
    """What these accounts owe.

    Locks them until the unit ends, so that no concurrent usage reaches a limit.
    """
    owners = select(Account.id).where(in_ids(Account.id, account_ids)).order_by(Account.id)
    await unit.session.execute(for_no_key_update(owners))
    sums = select(BillUnit.account_id, exact_sum(BillUnit.balance).label("owed")).group_by(
        BillUnit.account_id
    )
    found = await unit.session.execute(sums.where(in_ids(BillUnit.account_id, account_ids)))
    return {row.account_id: row.owed for row in found}


async def _services(
    unit: Unit, keys: set[LoginKey], by: InstrumentedAttribute[str | None]
) -> dict[LoginKey, list[Row[Any]]]:
    # All kinds with all logins: more pairs than requested, but one index scan.
    parameters = {
        "param_kinds": {kind for kind, _ in keys},
        "param_logins": {login for _, login in keys},
    }
    found: dict[LoginKey, list[Row[Any]]] = {}
    for row in await unit.session.execute(_services_by(by), parameters):
        if (key := (row.kind, row.login_key)) in keys:
            found.setdefault(key, []).append(row)
    return found


@cache
def _services_by(by: InstrumentedAttribute[str | None]) -> AnySelect:
    """The services of the kinds in KINDS with the logins in LOGINS."""
    owner = (Account.number, Account.rank, Account.currency, Account.credit_limit)
    statement: AnySelect = select(
        Service.id,
        Service.kind,
        by.label("login_key"),
        Service.account_id,
        Service.bill_unit_id,
        Service.created_at.label("since"),
        Service.status,
        Service.status_changed_at,
        *owner,
        Account.name.label("account_name"),
        Account.status.label("account_status"),
    ).join(Account, Account.id == Service.account_id)
    return statement.where(Service.kind.in_(KINDS), in_texts(by, LOGINS))


def _existed(services: Iterable[Row[Any]], at: datetime) -> bool:
    return any(row.since <= at for row in services)


async def _offers(
    unit: Unit, services: Collection[int], accounts: Collection[int]
) -> Sequence[Row[Any]]:
    parameters = {"param_services": services, "param_accounts": accounts}
    return (await unit.session.execute(_usage_offers(), parameters)).all()


@cache
def _usage_offers() -> AnySelect:
    """The offers with a rate or a discount of the services in SERVICES and of the ACCOUNTS."""
    statement: AnySelect = select(
        PurchasedOffer.id,
        PurchasedOffer.name,
        PurchasedOffer.account_id,
        PurchasedOffer.service_id,
        Offer.usage_rate,
        Offer.usage_unit,
        Offer.usage_percent_off,
        PurchasedOffer.first_start.label("since"),
        PurchasedOffer.status,
        PurchasedOffer.status_changed_at,
    ).join(Offer, Offer.id == PurchasedOffer.offer_id)
    of_account = and_(
        in_ids(PurchasedOffer.account_id, ACCOUNTS), PurchasedOffer.service_id.is_(None)
    )
    about_usage = or_(Offer.usage_rate.is_not(None), Offer.usage_percent_off.is_not(None))
    return statement.where(
        or_(in_ids(PurchasedOffer.service_id, SERVICES), of_account), about_usage
    )


async def _inactive(
    unit: Unit,
    services: Iterable[Row[Any]],
    offers: Iterable[Row[Any]],
    earliest: Mapping[int, datetime],
) -> InactiveTime:
    """The inactive time of accounts with a change after their earliest usage; others are not
    read.
    """
    changed = {
        row.account_id
        for row in (*services, *offers)
        if row.account_id in earliest
        and earliest[row.account_id] < row.status_changed_at > row.since
    }
    if not changed:
        return InactiveTime({}, {})
    offer_ids, service_ids = (
        {row.id for row in rows if row.account_id in changed} for rows in (offers, services)
    )
    return await inactive_time(unit, offer_ids, service_ids)


def _service(row: Row[Any], inactive: InactiveTime) -> UsedService:
    return UsedService(
        row.id,
        row.account_id,
        row.bill_unit_id,
        StatusHistory(row.since, row.status, inactive.services.get(row.id)),
        account_facts(row),
    )


def _offer(row: Row[Any], inactive: InactiveTime) -> UsageOffer:
    return UsageOffer(
        id=row.id,
        name=row.name,
        account_id=row.account_id,
        service_id=row.service_id,
        rate=row.usage_rate,
        unit=row.usage_unit,
        percent_off=row.usage_percent_off,
        history=StatusHistory(row.since, row.status, inactive.offers.get(row.id)),
    )
