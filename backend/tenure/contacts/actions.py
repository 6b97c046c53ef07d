"""Adds, changes and removes contacts. The events of the account do not contain what they say."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TypedDict, Unpack

from sqlalchemy import update

from tenure.accounts.actions import add_search_terms
from tenure.accounts.queries import lock_account
from tenure.accounts.rules import person_terms
from tenure.contacts.models import Contact, ContactKind
from tenure.contacts.queries import contact_count, locked_contact
from tenure.contacts.rules import (
    MAX_CONTACTS,
    ContactFields,
    NewContact,
    checked_contact,
    fields_of,
)
from tenure.events.actions import record
from tenure.events.models import EventKind, EventOperation
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit

VERBS = {
    EventOperation.CONTACT_ADDED: "Added",
    EventOperation.CONTACT_CHANGED: "Changed",
    EventOperation.CONTACT_REMOVED: "Removed",
}


class ContactChanges(TypedDict, total=False):
    """The fields of a contact that can be changed; omitted ones stay."""

    kind: ContactKind
    name: str | None
    email: str | None
    phone: str | None
    address_lines: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    is_primary: bool


async def add_contact(unit: Unit, new: NewContact) -> Contact:
    """Adds a contact to an account. Raises NOT_FOUND, NOT_ALLOWED, REQUIRED, INVALID and
    OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    account = await lock_account(unit, new.account_id)
    given = checked_contact(new.fields)
    if await contact_count(unit, account.id) >= MAX_CONTACTS:
        message = f"An account can have at most {MAX_CONTACTS} contacts."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("account_id",))
    if given.is_primary:
        await _end_primary(unit, account.id)
    contact = Contact(**_row(unit, NewContact(account.id, given)))
    unit.session.add(contact)
    await unit.session.flush()
    await add_search_terms(unit, {account.id: _terms(given)})
    await _record(unit, account.id, EventOperation.CONTACT_ADDED, given.kind, contact.id)
    return contact


async def insert_contacts(unit: Unit, contacts: Sequence[NewContact]) -> None:
    """Writes checked contacts without events: the account's event stands for what it came with."""
    if not contacts:
        return
    rows = [_row(unit, new) for new in contacts]
    await unit.session.execute(insert_rows(Contact), rows)
    terms: dict[int, set[str]] = {}
    for new in contacts:
        terms.setdefault(new.account_id, set()).update(_terms(new.fields))
    await add_search_terms(unit, terms)


async def update_contact(
    unit: Unit,
    contact_id: int,
    *,
    expected_version: int | None = None,
    **changes: Unpack[ContactChanges],
) -> Contact:
    """Changes the given fields of a contact. A contact of another kind is not the primary one.

    Raises NOT_FOUND, CONFLICT, REQUIRED, INVALID and OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    contact = await locked_contact(unit, contact_id, expected_version)
    before = fields_of(contact)
    wanted = replace(before, **changes)
    if "is_primary" not in changes and wanted.kind is not ContactKind.BILLING:
        wanted = replace(wanted, is_primary=False)
    after = checked_contact(wanted)
    if after == before:
        return contact
    if after.is_primary and not before.is_primary:
        await _end_primary(unit, contact.account_id)
    for name, value in asdict(after).items():
        setattr(contact, name, value)
    contact.version += 1
    await unit.session.flush()
    await add_search_terms(unit, {contact.account_id: _terms(after) - _terms(before)})
    operation = EventOperation.CONTACT_CHANGED
    await _record(unit, contact.account_id, operation, contact.kind, contact.id)
    return contact


async def remove_contact(
    unit: Unit, contact_id: int, *, expected_version: int | None = None
) -> int:
    """Removes a contact, and returns its account. Raises NOT_FOUND and CONFLICT."""
    unit.require(Role.AGENT)
    contact = await locked_contact(unit, contact_id, expected_version)
    account_id = contact.account_id
    kind = contact.kind
    await unit.session.delete(contact)
    await unit.session.flush()
    await _record(unit, account_id, EventOperation.CONTACT_REMOVED, kind, contact_id)
    return account_id


async def _end_primary(unit: Unit, account_id: int) -> None:
    """The primary contact of an account becomes an ordinary one."""
    primary = update(Contact).where(Contact.account_id == account_id, Contact.is_primary)
    await unit.session.execute(primary.values(is_primary=False, version=Contact.version + 1))


def _row(unit: Unit, new: NewContact) -> dict[str, object]:
    row: dict[str, object] = asdict(new.fields)
    return row | {"account_id": new.account_id, "created_at": unit.now, "version": 1}


def _terms(given: ContactFields) -> set[str]:
    return person_terms(name=given.name or "", email=given.email, phone=given.phone)


async def _record(
    unit: Unit, account_id: int, operation: EventOperation, kind: ContactKind, key: int
) -> None:
    name = "contact" if kind is ContactKind.OTHER else f"{kind.lower()} contact"
    description = f"{VERBS[operation]} a {name}"
    details = {"operation": operation, "contact": key, "kind": kind}
    await record(unit, EventKind.ACCOUNT_CHANGE, account_id, description, details=details)
