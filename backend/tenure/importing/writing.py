"""Writes the accepted lines of a chunk: one INSERT per table, for any number of lines."""

from collections.abc import Sequence

from sqlalchemy import inspect, update

from tenure.accounts.actions import insert_accounts, mark_roots, record_payers
from tenure.accounts.models import Account, BillUnit
from tenure.contacts.actions import insert_contacts
from tenure.hierarchy.payers.actions import refresh_parent_holds
from tenure.holds.models import Status
from tenure.importing.checking import Draft, KnownRows
from tenure.importing.drafts import (
    account_purchases,
    new_account,
    new_contacts,
    new_notes,
    new_services,
    payment_methods,
    service_purchases,
)
from tenure.kernel.db import Base
from tenure.kernel.unit import Unit
from tenure.notes.actions import insert_notes
from tenure.payments.actions import insert_payment_methods
from tenure.purchases.actions import insert_purchases, insert_services


async def write_drafts(unit: Unit, drafts: Sequence[Draft], known: KnownRows) -> None:
    """Write the drafts, with their events."""
    added = [offer for offer in known.offers.values() if inspect(offer).transient]
    for offer in added:
        offer.created_at = unit.now
    unit.session.add_all(added)
    await unit.session.flush()
    await _write_accounts(unit, drafts)
    await _write_assets(unit, drafts, known)
    methods = [method for draft in drafts for method in payment_methods(draft)]
    await insert_payment_methods(unit, methods)
    await insert_contacts(unit, [it for draft in drafts for it in new_contacts(draft)])
    await insert_notes(unit, [it for draft in drafts for it in new_notes(unit, draft)])
    paid = [
        draft.account.account_id or 0
        for draft in drafts
        if draft.account.payer and draft.account.payer.status is not Status.ACTIVE
    ]
    if paid:
        await refresh_parent_holds(unit, paid)


async def _write_accounts(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Insert the accounts. A parent or payer of the same chunk gets its id only afterwards."""
    late_children = [draft for draft in drafts if draft.parent and draft.parent.account_id is None]
    late_paid = [
        draft.account
        for draft in drafts
        if draft.account.payer and draft.account.payer.bill_unit_id is None
    ]
    created = await insert_accounts(unit, [new_account(unit, draft) for draft in drafts])
    for draft, account in zip(drafts, created, strict=True):
        draft.account.account_id = account.id
        draft.account.bill_unit_id = account.bill_unit_id
    parents = [(it.account.account_id, it.parent.account_id) for it in late_children if it.parent]
    await _update(unit, Account, "parent_id", parents)
    if parents:
        await mark_roots(unit, [child_id or 0 for child_id, _ in parents], is_root=False)
    payers = [(account.bill_unit_id, account.paying.bill_unit_id) for account in late_paid]
    await _update(unit, BillUnit, "paying_parent_id", payers)
    paid = [draft.account.bill_unit_id or 0 for draft in drafts if draft.account.payer]
    if paid:
        await record_payers(unit, paid)


async def _write_assets(unit: Unit, drafts: Sequence[Draft], known: KnownRows) -> None:
    services = [service for draft in drafts for service in new_services(unit, draft)]
    added = iter(await insert_services(unit, services))
    purchases = [
        purchase for draft in drafts for purchase in account_purchases(unit, draft, known.offers)
    ]
    purchases += [
        purchase
        for draft in drafts
        for service in draft.line.services
        for purchase in service_purchases(unit, draft, service, next(added).id, known.offers)
    ]
    await insert_purchases(unit, purchases)


async def _update(
    unit: Unit, table: type[Base], column: str, pairs: Sequence[tuple[int | None, int | None]]
) -> None:
    """One prepared statement for all rows, by primary key."""
    if pairs:
        rows = [{"id": row_id, column: value} for row_id, value in pairs]
        await unit.session.execute(update(table), rows)
