"""Writes the accepted lines of a chunk: one INSERT per table, for any number of lines."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import insert, update
from sqlalchemy.orm import InstrumentedAttribute

from tenure.accounts.actions import record_payers
from tenure.accounts.models import Account, BillUnit, SearchTerm
from tenure.assets.models import PurchasedOffer, Service
from tenure.catalog.models import Offer
from tenure.events.models import Event
from tenure.hierarchy.payers.actions import refresh_parent_holds
from tenure.holds.models import Status
from tenure.importing.checking import CatalogOffer, Draft, KnownRows
from tenure.importing.lines import ServicePart
from tenure.importing.rows import (
    Row,
    account_row,
    bill_unit_row,
    event_row,
    payment_method_rows,
    purchase_row,
    search_term_rows,
    service_holds,
    service_row,
)
from tenure.kernel.db import Base
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod

Key = TypeVar("Key", int, str)


async def write_drafts(unit: Unit, drafts: Sequence[Draft], known: KnownRows) -> None:
    """Write the drafts, with their events."""
    await _offers_of_catalog(unit, [offer for offer in known.offers.values() if offer.id is None])
    await _accounts(unit, drafts)
    await _bill_units(unit, drafts)
    bought = [
        purchase_row(unit, draft, part, known) for draft in drafts for part in draft.line.offers
    ]
    # The first services of all accounts, then the second ones: an account then identifies one
    # service per statement.
    for position in range(max((len(draft.line.services) for draft in drafts), default=0)):
        having = [draft for draft in drafts if position < len(draft.line.services)]
        bought += await _services(
            unit, [(draft, draft.line.services[position]) for draft in having], known
        )
    await _insert(unit, PurchasedOffer, bought)
    await _insert(
        unit, PaymentMethod, [row for draft in drafts for row in payment_method_rows(unit, draft)]
    )
    await _insert(unit, SearchTerm, [row for draft in drafts for row in search_term_rows(draft)])
    await _insert(unit, Event, [event_row(unit, draft) for draft in drafts])
    paid = [
        draft
        for draft in drafts
        if draft.account.payer and draft.account.payer.status is not Status.ACTIVE
    ]
    if paid:
        await refresh_parent_holds(unit, [draft.account.account_id or 0 for draft in paid])


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
    ids = await _insert_returning_ids(unit, Offer, Offer.code, rows)
    for offer in offers:
        offer.id = ids[offer.code]


async def _accounts(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Insert the accounts. A parent of the same chunk gets its id only afterwards."""
    ids = await _insert_returning_ids(
        unit, Account, Account.number, [account_row(unit, draft) for draft in drafts]
    )
    late = [draft for draft in drafts if draft.parent and draft.parent.account_id is None]
    for draft in drafts:
        draft.account.account_id = ids[draft.line.number]
    await _update(
        unit,
        Account,
        "parent_id",
        [(d.account.account_id, d.parent.account_id) for d in late if d.parent is not None],
    )


async def _bill_units(unit: Unit, drafts: Sequence[Draft]) -> None:
    ids = await _insert_returning_ids(
        unit, BillUnit, BillUnit.account_id, [bill_unit_row(unit, draft) for draft in drafts]
    )
    late = [
        draft.account
        for draft in drafts
        if draft.account.payer and draft.account.payer.bill_unit_id is None
    ]
    for draft in drafts:
        draft.account.bill_unit_id = ids[draft.account.account_id]
    pairs = [(account.bill_unit_id, account.paying.bill_unit_id) for account in late]
    await _update(unit, BillUnit, "paying_parent_id", pairs)
    standings = (draft.account for draft in drafts)
    paid = [
        it.bill_unit_id for it in standings if it.payer is not None and it.bill_unit_id is not None
    ]
    if paid:
        await record_payers(unit, paid)


async def _services(
    unit: Unit, services: Sequence[tuple[Draft, ServicePart]], known: KnownRows
) -> list[Row]:
    """Insert one service of each account. Returns the rows of their offers."""
    rows = [
        service_row(unit, draft, service, known.closed_login_prefix) for draft, service in services
    ]
    ids = await _insert_returning_ids(unit, Service, Service.account_id, rows)
    return [
        purchase_row(
            unit,
            draft,
            part,
            known,
            service_id=ids[draft.account.account_id],
            service=service_holds(unit, draft, service),
        )
        for draft, service in services
        for part in service.offers
    ]


async def _insert(unit: Unit, table: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        await unit.session.execute(insert(table), rows)


async def _insert_returning_ids(
    unit: Unit,
    table: type[Account | BillUnit | Service | Offer],
    key: InstrumentedAttribute[Key],
    rows: Sequence[Row],
) -> dict[object, int]:
    """Insert and return the new ids by a key that is unique among the rows.

    Returning them in order would make SQLite insert row by row.
    """
    if not rows:
        return {}
    inserted = await unit.session.execute(insert(table).returning(key, table.id), rows)
    return dict(inserted.all())


async def _update(
    unit: Unit, table: type[Base], column: str, pairs: Sequence[tuple[int | None, int | None]]
) -> None:
    """One prepared statement for all rows, by primary key."""
    if pairs:
        rows = [{"id": row_id, column: value} for row_id, value in pairs]
        await unit.session.execute(update(table), rows)
