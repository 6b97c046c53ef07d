"""Contacts, locked for actions, and the one that gets the bills."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.queries import lock_account
from tenure.contacts.models import Contact, ContactKind
from tenure.kernel.errors import NotFoundError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.unit import Unit
from tenure.kernel.versions import check_version

# The primary billing contact first, then the billing contacts, then the others; oldest first.
CONTACT_ORDER = (
    Contact.is_primary.desc(),
    (Contact.kind == ContactKind.BILLING).desc(),
    Contact.id.asc(),
)


async def locked_contact(unit: Unit, contact_id: int, expected_version: int | None) -> Contact:
    """The contact, locked with its account until the unit ends. Raises NOT_FOUND and CONFLICT."""
    found = await unit.session.get(Contact, contact_id)
    if found is None:
        raise NotFoundError("contact", ("contact_id",))
    await lock_account(unit, found.account_id)
    contact = await unit.session.get(
        Contact, contact_id, with_for_update=NO_KEY_UPDATE, populate_existing=True
    )
    if contact is None:
        raise NotFoundError("contact", ("contact_id",))
    check_version(contact.version, expected_version)
    return contact


async def contact_count(unit: Unit, account_id: int) -> int:
    """The number of contacts of an account."""
    statement = select(func.count()).where(Contact.account_id == account_id)
    return (await unit.session.execute(statement)).scalar_one()


async def billing_contact(session: AsyncSession, account_id: int) -> Contact | None:
    """The contact that gets the bills: the primary one, or the oldest of kind BILLING."""
    contacts = select(Contact).where(
        Contact.account_id == account_id, Contact.kind == ContactKind.BILLING
    )
    return (await session.execute(contacts.order_by(*CONTACT_ORDER).limit(1))).scalar_one_or_none()
