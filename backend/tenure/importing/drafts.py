"""The new account, services, purchases and payment method of a draft, for the creation actions."""

from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from tenure.accounts.rules import ImportedAccount, NewAccount
from tenure.catalog.models import Offer
from tenure.contacts.rules import NewContact
from tenure.holds.rules import Holds
from tenure.importing import holds
from tenure.importing.checking import Draft
from tenure.importing.existing import DIGEST
from tenure.importing.lines import AccountLine, OfferPart, ServicePart
from tenure.kernel.clock import start_of
from tenure.kernel.unit import Unit
from tenure.notes.rules import NewNote
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.rules import ImportedOffer, ImportedService, NewService, Purchase
from tenure.settings.queries import settings_of

# A line and a new account have these fields in common.
COMMON_FIELDS = sorted({field.name for field in fields(NewAccount)} & set(AccountLine.model_fields))


def new_account(unit: Unit, draft: Draft) -> NewAccount:
    """The account, with the digest of the line in its event for a repeated import.

    Earlier charges count as paid: the first bill is that of the next billing day.
    """
    account = draft.account
    values = {name: _empty_as_none(getattr(draft.line, name)) for name in COMMON_FIELDS}
    values["billing_day_of_month"] = account.billing_day
    return NewAccount(
        **values,
        imported=ImportedAccount(
            created_at=_created_at(unit, draft),
            holds=holds.account_holds(draft.line),
            next_bill_on=account.next_bill_on,
            parent_id=draft.parent.account_id if draft.parent else None,
            paying_parent_id=account.payer.bill_unit_id if account.payer else None,
            details={DIGEST: draft.digest},
        ),
    )


def new_services(unit: Unit, draft: Draft) -> list[NewService]:
    """The services of a draft whose account is written."""
    return [
        NewService(
            account_id=draft.account.account_id or 0,
            kind=service.kind,
            name=service.name or service.kind.capitalize(),
            login=service.login or None,
            bill_unit_id=draft.account.bill_unit_id,
            imported=ImportedService(
                _created_at(unit, draft), _service_holds(unit, draft, service)
            ),
        )
        for service in draft.line.services
    ]


def service_purchases(
    unit: Unit, draft: Draft, service: ServicePart, service_id: int, offers: dict[str, Offer]
) -> list[Purchase]:
    """The purchases for a written service."""
    held = holds.offer_holds(draft.line, _service_holds(unit, draft, service))
    return [
        _purchase(unit, draft, part, offers[part.code], held=held, service_id=service_id)
        for part in service.offers
    ]


def account_purchases(unit: Unit, draft: Draft, offers: dict[str, Offer]) -> list[Purchase]:
    """The purchases for the account itself, which is written."""
    held = holds.offer_holds(draft.line, None)
    return [
        _purchase(unit, draft, part, offers[part.code], held=held) for part in draft.line.offers
    ]


def payment_methods(draft: Draft) -> list[NewPaymentMethod]:
    """The payment method of a draft whose account is written, if it has one."""
    if draft.payment_method is None:
        return []
    return [replace(draft.payment_method, account_id=draft.account.account_id or 0)]


def new_contacts(draft: Draft) -> list[NewContact]:
    """The contacts of a draft whose account is written."""
    account_id = draft.account.account_id or 0
    return [NewContact(account_id, contact.checked()) for contact in draft.line.contacts]


def new_notes(unit: Unit, draft: Draft) -> list[NewNote]:
    """The notes of a draft whose account is written, not later than now."""
    return [
        NewNote(
            draft.account.account_id or 0,
            note.text,
            is_pinned=note.is_pinned,
            imported_by=note.created_by,
            imported_at=min(unit.now, start_of(note.created_on, unit.time_zone))
            if note.created_on
            else None,
        )
        for note in draft.line.notes
    ]


def _empty_as_none(value: Any) -> Any:
    return None if value == "" else value


def _purchase(
    unit: Unit,
    draft: Draft,
    part: OfferPart,
    offer: Offer,
    *,
    held: Holds,
    service_id: int | None = None,
) -> Purchase:
    """Earlier time is not billed: the current cycle counts as charged."""
    own_fee = None if part.monthly_fee in (None, offer.monthly_fee) else part.monthly_fee
    return Purchase(
        account_id=draft.account.account_id or 0,
        service_id=service_id,
        bill_unit_id=draft.account.bill_unit_id or 0,
        offer=offer,
        quantity=Decimal(1),
        start=_created_at(unit, draft),
        imported=ImportedOffer(held, draft.account.next_bill_on, own_fee),
    )


def _created_at(unit: Unit, draft: Draft) -> datetime:
    day = draft.line.created_on
    return unit.now if day is None else min(unit.now, start_of(day, unit.time_zone))


def _service_holds(unit: Unit, draft: Draft, service: ServicePart) -> Holds:
    allow_active = settings_of(unit).allow_active_service_with_inactive_account
    return holds.service_holds(draft.line, service, allow_active=allow_active)
