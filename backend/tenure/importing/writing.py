"""Writing the accepted lines of a chunk: one INSERT per table, whatever the chunk holds."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import insert, update
from sqlalchemy.orm import InstrumentedAttribute

from tenure.accounts.actions import record_payers
from tenure.accounts.models import Account, BillUnit, SearchTerm
from tenure.accounts.rules import LONGEST_TERM, search_terms
from tenure.assets.models import PurchasedOffer, Service
from tenure.catalog.models import Offer
from tenure.events.models import Event, EventKind
from tenure.hierarchy.payers.actions import refresh_parent_holds
from tenure.holds.models import Status
from tenure.importing import holding
from tenure.importing.checking import CatalogOffer, Draft, KnownRows
from tenure.importing.holding import ImportedHolds
from tenure.importing.known import DIGEST
from tenure.importing.lines import OfferPart, ServicePart
from tenure.kernel.clock import start_of
from tenure.kernel.db import Base
from tenure.kernel.text import key_of, login_key, search_key
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod

Row = Mapping[str, object]
Key = TypeVar("Key", int, str)


async def write(unit: Unit, drafts: Sequence[Draft], known: KnownRows) -> None:
    """Everything of the drafts, their events included."""
    await _offers_of_catalog(unit, [offer for offer in known.offers.values() if offer.id is None])
    await _accounts(unit, drafts)
    await _bill_units(unit, drafts)
    bought = [
        _purchase(unit, draft, part, None, None, known)
        for draft in drafts
        for part in draft.line.offers
    ]
    # The first services of all accounts, then the second ones: in each round an account names one service.
    for place in range(max((len(draft.line.services) for draft in drafts), default=0)):
        having = [draft for draft in drafts if place < len(draft.line.services)]
        bought += await _services(
            unit, [(draft, draft.line.services[place]) for draft in having], known
        )
    await _insert(unit, PurchasedOffer, bought)
    await _insert(
        unit, PaymentMethod, [row for draft in drafts for row in _payment_method(unit, draft)]
    )
    await _insert(unit, SearchTerm, [row for draft in drafts for row in _terms(draft)])
    await _insert(unit, Event, [_event(unit, draft) for draft in drafts])
    paid = [
        draft
        for draft in drafts
        if draft.standing.payer and draft.standing.payer.status is not Status.ACTIVE
    ]
    if paid:
        await refresh_parent_holds(unit, [draft.standing.account_id or 0 for draft in paid])


async def _offers_of_catalog(unit: Unit, offers: Sequence[CatalogOffer]) -> None:
    names = (
        "code",
        "name",
        "kind",
        "service_kind",
        "currency",
        "purchase_fee",
        "monthly_fee",
        "cancel_fee",
    )
    rows = [
        {name: getattr(offer, name) for name in names} | {"created_at": unit.now}
        for offer in offers
    ]
    ids = await _inserted(unit, Offer, Offer.code, rows)
    for offer in offers:
        offer.id = ids[offer.code]


async def _accounts(unit: Unit, drafts: Sequence[Draft]) -> None:
    """A parent of the same chunk has its id only afterwards."""
    ids = await _inserted(
        unit, Account, Account.number, [_account(unit, draft) for draft in drafts]
    )
    late = [draft for draft in drafts if draft.parent and draft.parent.account_id is None]
    for draft in drafts:
        draft.standing.account_id = ids[draft.line.number]
    await _update(
        unit,
        Account,
        "parent_id",
        [(d.standing.account_id, d.parent.account_id) for d in late if d.parent is not None],
    )


async def _bill_units(unit: Unit, drafts: Sequence[Draft]) -> None:
    ids = await _inserted(
        unit, BillUnit, BillUnit.account_id, [_bill_unit(unit, draft) for draft in drafts]
    )
    late = [
        draft.standing
        for draft in drafts
        if draft.standing.payer and draft.standing.payer.bill_unit_id is None
    ]
    for draft in drafts:
        draft.standing.bill_unit_id = ids[draft.standing.account_id]
    pairs = [(standing.bill_unit_id, standing.paying.bill_unit_id) for standing in late]
    await _update(unit, BillUnit, "paying_parent_id", pairs)
    standings = (draft.standing for draft in drafts)
    paid = [
        it.bill_unit_id for it in standings if it.payer is not None and it.bill_unit_id is not None
    ]
    if paid:
        await record_payers(unit, paid)


async def _services(
    unit: Unit, services: Sequence[tuple[Draft, ServicePart]], known: KnownRows
) -> list[Row]:
    """One service of each of some accounts; answers with what is bought for them."""
    rows = [_service(unit, draft, service, known.prefix) for draft, service in services]
    ids = await _inserted(unit, Service, Service.account_id, rows)
    return [
        _purchase(
            unit,
            draft,
            part,
            ids[draft.standing.account_id],
            _held_service(unit, draft, service),
            known,
        )
        for draft, service in services
        for part in service.offers
    ]


def _account(unit: Unit, draft: Draft) -> Row:
    line = draft.line
    return {
        "number": line.number,
        "name": line.name,
        "name_key": key_of(line.name),
        "rank": line.rank,
        "email": line.email or None,
        "phone": line.phone or None,
        "currency": line.currency,
        "credit_limit": line.credit_limit,
        "parent_id": draft.parent and draft.parent.account_id,
        **_times(unit, draft, holding.of_account(line)),
    }


def _bill_unit(unit: Unit, draft: Draft) -> Row:
    """What came before the import is paid: the first bill is the one of the next billing day."""
    standing = draft.standing
    return {
        "account_id": standing.account_id,
        "name": "Default",
        "is_default": True,
        "currency": standing.currency,
        "billing_day_of_month": standing.billing_day,
        "next_bill_on": standing.next_bill_on,
        "paying_parent_id": standing.payer and standing.payer.bill_unit_id,
        "balance": Decimal(0),
        "created_at": unit.now,
        "version": 1,
    }


def _service(unit: Unit, draft: Draft, service: ServicePart, prefix: str | None) -> Row:
    held = _held_service(unit, draft, service)
    key = login_key(service.login) if service.login else None
    row: dict[str, object] = {
        "account_id": draft.standing.account_id,
        "bill_unit_id": draft.standing.bill_unit_id,
        "kind": service.kind,
        "name": service.name or service.kind.capitalize(),
        "login": service.login,
        "login_key": key,
        "former_login": None,
        "former_login_key": None,
        **_times(unit, draft, held),
    }
    if key and prefix is not None and held.status is Status.CLOSED:
        # Closing would have put this in the login's place (rules 3.2).
        mark = f"{prefix}{secrets.token_hex(8)}#"
        row |= {"login": f"{mark}{service.login}", "login_key": login_key(mark) + key}
        row |= {"former_login": service.login, "former_login_key": key}
    return row


def _purchase(
    unit: Unit,
    draft: Draft,
    part: OfferPart,
    service_id: int | None,
    service: ImportedHolds | None,
    known: KnownRows,
) -> Row:
    """The past is not billed: the cycle that runs counts as charged."""
    offer, start = known.offers[part.code], _created(unit, draft)
    return {
        "account_id": draft.standing.account_id,
        "service_id": service_id,
        "bill_unit_id": draft.standing.bill_unit_id,
        "offer_id": offer.id,
        "name": offer.name,
        "kind": offer.kind,
        "quantity": Decimal(1),
        "monthly_fee": None if part.monthly_fee in (None, offer.monthly_fee) else part.monthly_fee,
        "purchase_start": start,
        "usage_start": start,
        "cycle_start": start,
        "first_start": start,
        "charged_until": draft.standing.next_bill_on,
        "ends_at": None,
        **_times(unit, draft, holding.of_offer(draft.line, service)),
    }


def _payment_method(unit: Unit, draft: Draft) -> list[Row]:
    method = draft.line.payment_method
    if method is None:
        return []
    own = {"account_id": draft.standing.account_id, "is_default": True, "created_at": unit.now}
    return [method.model_dump() | own]


def _terms(draft: Draft) -> list[Row]:
    line = draft.line
    terms = search_terms(number=line.number, name=line.name, email=line.email, phone=line.phone)
    terms |= {
        search_key(service.login)[:LONGEST_TERM] for service in line.services if service.login
    }
    return [{"term": term, "account_id": draft.standing.account_id} for term in sorted(terms)]


def _event(unit: Unit, draft: Draft) -> Row:
    """The first event of the account. It keeps the digest of the line, by which a second import knows it again."""
    return {
        "kind": EventKind.ACCOUNT_CHANGE,
        "account_id": draft.standing.account_id,
        "description": f"Account {draft.line.number} was imported",
        "occurred_at": unit.now,
        "recorded_at": unit.now,
        "actor": unit.actor.name,
        "details": {DIGEST: draft.digest},
    }


def _created(unit: Unit, draft: Draft) -> datetime:
    day = draft.line.created_on
    return unit.now if day is None else min(unit.now, start_of(day, unit.business.time_zone))


def _times(unit: Unit, draft: Draft, held: ImportedHolds) -> Row:
    """The columns of everything that has a status. When it changed is not told, so it counts as of the import."""
    created = _created(unit, draft)
    return {
        "inactive_holds": held.inactive,
        "closed_holds": held.closed,
        "created_at": created,
        "status_changed_at": created if held.status is Status.ACTIVE else unit.now,
        "closed_at": unit.now if held.status is Status.CLOSED else None,
        "version": 1,
    }


def _held_service(unit: Unit, draft: Draft, service: ServicePart) -> ImportedHolds:
    allow_active = unit.business.allow_active_service_with_inactive_account
    return holding.of_service(draft.line, service, allow_active=allow_active)


async def _insert(unit: Unit, table: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        await unit.session.execute(insert(table), rows)


async def _inserted(
    unit: Unit,
    table: type[Account | BillUnit | Service | Offer],
    key: InstrumentedAttribute[Key],
    rows: Sequence[Row],
) -> dict[object, int]:
    """The new ids by a key that no two of the rows share. To have them in order SQLite would insert row by row."""
    if not rows:
        return {}
    inserted = await unit.session.execute(insert(table).returning(key, table.id), rows)
    return dict(inserted.all())


async def _update(
    unit: Unit, table: type[Base], column: str, pairs: Sequence[tuple[int | None, int | None]]
) -> None:
    """One prepared statement for all the rows, by their primary keys."""
    if pairs:
        rows = [{"id": row_id, column: value} for row_id, value in pairs]
        await unit.session.execute(update(table), rows)
