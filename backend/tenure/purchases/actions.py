"""Adds services and purchases offers, and charges them at once (rules 6.1, 6.2).

The account must be active (rules 6.8).
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tenure.accounts.actions import add_search_terms
from tenure.accounts.rules import login_terms
from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.queries import logins_in_use
from tenure.billing.charges.actions import charge_purchases
from tenure.deferred.models import DeferredKind
from tenure.deferred.scheduling.actions import schedule
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.holds.rules import NO_HOLDS, initial_columns
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.errors import TenureError
from tenure.kernel.outcomes import accepted, only_result, outcome_of, with_results
from tenure.kernel.text import login_key
from tenure.kernel.unit import Unit
from tenure.purchases.queries import rows_for_purchases, rows_for_services
from tenure.purchases.rules import (
    NewPurchase,
    NewService,
    Purchase,
    ScheduledClosing,
    checked_purchase,
    checked_service,
    placed_service,
)
from tenure.settings.queries import settings_of


@dataclass(frozen=True, slots=True)
class AddedService:
    """The id of an added service."""

    id: int


@dataclass(frozen=True, slots=True)
class AddedOffer:
    """The id of a purchased offer."""

    id: int


async def add_service(unit: Unit, new: NewService) -> AddedService:
    """Adds one service. Raises the errors that `add_services` returns."""
    return only_result(await add_services(unit, [new]))


async def add_services(
    unit: Unit, services: Sequence[NewService]
) -> list[AddedService | TenureError]:
    """Adds services and purchases their offers.

    Returns per service the result, or REQUIRED, INVALID, NOT_FOUND, NOT_ALLOWED, OUT_OF_RANGE or
    TAKEN.
    """
    unit.require(Role.AGENT)
    outcomes = [outcome_of(checked_service, new) for new in services]
    valid = accepted(outcomes)
    existing = await rows_for_services(unit, valid)
    in_use = await logins_in_use(
        unit, [(new.kind, new.login) for new in valid if new.login is not None]
    )
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, TenureError):
            continue
        outcomes[place] = outcome_of(placed_service, outcome, existing, in_use)
        if isinstance(outcomes[place], NewService) and outcome.login is not None:
            in_use.add((outcome.kind, login_key(outcome.login)))
    placed = accepted(outcomes)
    added = await insert_services(unit, placed)
    purchases = [
        Purchase(
            account_id=new.account_id,
            service_id=service.id,
            bill_unit_id=new.bill_unit_id or 0,
            offer=existing.offers[code],
            quantity=Decimal(1),
            start=unit.now,
        )
        for service, new in zip(added, placed, strict=True)
        for code in new.offer_codes
    ]
    await insert_purchases(unit, purchases)
    return with_results(outcomes, added)


async def purchase_offer(unit: Unit, new: NewPurchase) -> AddedOffer:
    """Purchases one offer. Raises the errors that `purchase_offers` returns."""
    return only_result(await purchase_offers(unit, [new]))


async def purchase_offers(
    unit: Unit, purchases: Sequence[NewPurchase]
) -> list[AddedOffer | TenureError]:
    """Purchases offers for services or for the accounts themselves.

    Returns per purchase the result, or INVALID, NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    existing = await rows_for_purchases(unit, purchases)
    outcomes = [outcome_of(checked_purchase, new, existing, unit.now) for new in purchases]
    return with_results(outcomes, await insert_purchases(unit, accepted(outcomes)))


async def insert_services(unit: Unit, services: Sequence[NewService]) -> list[AddedService]:
    """Writes checked services with their bill units, and the search terms of their logins.

    Imported ones have no event: the account's event stands for everything that came with it.
    """
    ids: dict[int, int] = {}
    for places in _rounds(services):
        # SQLite returns ids in no defined order, so the accounts tell whose they are.
        inserted = await unit.session.execute(
            insert_rows(Service).returning(Service.account_id, Service.id),
            [_service_row(unit, services[place]) for place in places],
        )
        id_of = dict(inserted.all())
        ids |= {place: id_of[services[place].account_id] for place in places}
    terms: dict[int, set[str]] = {}
    for new in services:
        if new.login is not None:
            terms.setdefault(new.account_id, set()).update(login_terms(new.login))
    await add_search_terms(unit, terms)
    events = [
        {
            "account_id": new.account_id,
            "service_id": ids[place],
            "description": f"Added {new.kind} service {new.name}",
        }
        for place, new in enumerate(services)
        if new.imported is None
    ]
    await record_all(unit, EventKind.ACCOUNT_CHANGE, events)
    return [AddedService(ids[place]) for place in range(len(services))]


async def insert_purchases(unit: Unit, purchases: Sequence[Purchase]) -> list[AddedOffer]:
    """Writes checked purchases, with their events and charges.

    Imported ones have neither, and are not in the result.
    """
    imported = [_purchase_row(unit, it) for it in purchases if it.imported is not None]
    if imported:
        await unit.session.execute(insert_rows(PurchasedOffer), imported)
    new = [it for it in purchases if it.imported is None]
    if not new:
        return []
    statement = insert_rows(PurchasedOffer).returning(
        PurchasedOffer.id, sort_by_parameter_order=True
    )
    rows = [_purchase_row(unit, it) for it in new]
    ids = (await unit.session.execute(statement, rows)).scalars().all()
    events: list[dict[str, object]] = [
        {
            "account_id": it.account_id,
            "service_id": it.service_id,
            "offer_id": offer_id,
            "description": f"Bought {it.offer.name}",
        }
        for offer_id, it in zip(ids, new, strict=True)
    ]
    await record_all(unit, EventKind.ACCOUNT_CHANGE, events)
    await charge_purchases(unit, ids)
    for offer_id, it in zip(ids, new, strict=True):
        if it.closing is not None:
            await _schedule_closing(unit, offer_id, it, it.closing)
    return [AddedOffer(offer_id) for offer_id in ids]


async def _schedule_closing(
    unit: Unit, offer_id: int, purchase: Purchase, closing: ScheduledClosing
) -> None:
    await schedule(
        unit,
        scheduled_for=closing.at,
        path="ends_at",
        note=None,
        kind=DeferredKind.CHANGE_OFFER_STATUS,
        account_id=purchase.account_id,
        service_id=purchase.service_id,
        offer_id=offer_id,
        to_status=Status.CLOSED,
        summary=closing.summary,
    )


def _rounds(services: Sequence[NewService]) -> Iterator[list[int]]:
    """The places of the first service of each account, then of the second one, and so on."""
    places: dict[int, list[int]] = {}
    for place, new in enumerate(services):
        places.setdefault(new.account_id, []).append(place)
    for position in range(max(map(len, places.values()), default=0)):
        yield [some[position] for some in places.values() if position < len(some)]


def _service_row(unit: Unit, new: NewService) -> dict[str, object]:
    imported = new.imported
    holds = imported.holds if imported else NO_HOLDS
    created_at = imported.created_at if imported else unit.now
    key = None if new.login is None else login_key(new.login)
    row: dict[str, object] = {
        "account_id": new.account_id,
        "bill_unit_id": new.bill_unit_id,
        "kind": new.kind,
        "name": new.name,
        "login": new.login,
        "login_key": key,
        "former_login": None,
        "former_login_key": None,
        **initial_columns(holds, created_at, unit.now),
    }
    prefix = settings_of(unit).closed_login_prefix
    if key is not None and prefix is not None and holds.status is Status.CLOSED:
        # As closing would have rewritten the login (rules 3.2).
        mark = f"{prefix}{secrets.token_hex(8)}#"
        row |= {"login": f"{mark}{new.login}", "login_key": login_key(mark) + key}
        row |= {"former_login": new.login, "former_login_key": key}
    return row


def _purchase_row(unit: Unit, it: Purchase) -> dict[str, object]:
    imported = it.imported
    created_at = it.start if imported else unit.now
    return {
        "account_id": it.account_id,
        "service_id": it.service_id,
        "bill_unit_id": it.bill_unit_id,
        "offer_id": it.offer.id,
        "name": it.offer.name,
        "kind": it.offer.kind,
        "quantity": it.quantity,
        "monthly_fee": imported and imported.monthly_fee,
        "purchase_start": it.start,
        "usage_start": it.start,
        "cycle_start": it.start,
        "first_start": it.start,
        "charged_until": imported and imported.charged_until,
        **initial_columns(imported.holds if imported else NO_HOLDS, created_at, unit.now),
    }
