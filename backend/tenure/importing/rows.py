"""The rows that a draft becomes, by table."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from tenure.accounts.rules import LONGEST_TERM, search_terms
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.importing import holds
from tenure.importing.checking import Draft, KnownRows
from tenure.importing.existing import DIGEST
from tenure.importing.holds import ImportedHolds
from tenure.importing.lines import OfferPart, ServicePart
from tenure.kernel.clock import start_of
from tenure.kernel.text import key_of, login_key, search_key
from tenure.kernel.unit import Unit
from tenure.settings.queries import settings_of

Row = Mapping[str, object]


def account_row(unit: Unit, draft: Draft) -> Row:
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
        **_status_columns(unit, draft, holds.account_holds(line)),
    }


def bill_unit_row(unit: Unit, draft: Draft) -> Row:
    """Earlier charges count as paid: the first bill is that of the next billing day."""
    account = draft.account
    return {
        "account_id": account.account_id,
        "name": "Default",
        "is_default": True,
        "currency": account.currency,
        "billing_day_of_month": account.billing_day,
        "next_bill_on": account.next_bill_on,
        "paying_parent_id": account.payer and account.payer.bill_unit_id,
        "balance": Decimal(0),
        "created_at": unit.now,
        "version": 1,
    }


def service_row(
    unit: Unit, draft: Draft, service: ServicePart, closed_login_prefix: str | None
) -> Row:
    held = service_holds(unit, draft, service)
    key = login_key(service.login) if service.login else None
    row: dict[str, object] = {
        "account_id": draft.account.account_id,
        "bill_unit_id": draft.account.bill_unit_id,
        "kind": service.kind,
        "name": service.name or service.kind.capitalize(),
        "login": service.login,
        "login_key": key,
        "former_login": None,
        "former_login_key": None,
        **_status_columns(unit, draft, held),
    }
    if key and closed_login_prefix is not None and held.status is Status.CLOSED:
        # As closing would have rewritten the login (rules 3.2).
        mark = f"{closed_login_prefix}{secrets.token_hex(8)}#"
        row |= {"login": f"{mark}{service.login}", "login_key": login_key(mark) + key}
        row |= {"former_login": service.login, "former_login_key": key}
    return row


def purchase_row(
    unit: Unit,
    draft: Draft,
    part: OfferPart,
    known: KnownRows,
    *,
    service_id: int | None = None,
    service: ImportedHolds | None = None,
) -> Row:
    """Earlier time is not billed: the current cycle counts as charged."""
    offer = known.offers[part.code]
    start = _created_at(unit, draft)
    return {
        "account_id": draft.account.account_id,
        "service_id": service_id,
        "bill_unit_id": draft.account.bill_unit_id,
        "offer_id": offer.id,
        "name": offer.name,
        "kind": offer.kind,
        "quantity": Decimal(1),
        "monthly_fee": None if part.monthly_fee in (None, offer.monthly_fee) else part.monthly_fee,
        "purchase_start": start,
        "usage_start": start,
        "cycle_start": start,
        "first_start": start,
        "charged_until": draft.account.next_bill_on,
        "ends_at": None,
        **_status_columns(unit, draft, holds.offer_holds(draft.line, service)),
    }


def payment_method_rows(unit: Unit, draft: Draft) -> list[Row]:
    method = draft.line.payment_method
    if method is None:
        return []
    own = {"account_id": draft.account.account_id, "is_default": True, "created_at": unit.now}
    return [method.model_dump() | own]


def search_term_rows(draft: Draft) -> list[Row]:
    line = draft.line
    terms = search_terms(number=line.number, name=line.name, email=line.email, phone=line.phone)
    terms |= {
        search_key(service.login)[:LONGEST_TERM] for service in line.services if service.login
    }
    return [{"term": term, "account_id": draft.account.account_id} for term in sorted(terms)]


def event_row(unit: Unit, draft: Draft) -> Row:
    """The first event of the account, with the digest of the line for a repeated import."""
    return {
        "kind": EventKind.ACCOUNT_CHANGE,
        "account_id": draft.account.account_id,
        "description": f"Account {draft.line.number} was imported",
        "occurred_at": unit.now,
        "recorded_at": unit.now,
        "actor": unit.actor.name,
        "details": {DIGEST: draft.digest},
    }


def _created_at(unit: Unit, draft: Draft) -> datetime:
    day = draft.line.created_on
    return unit.now if day is None else min(unit.now, start_of(day, unit.time_zone))


def _status_columns(unit: Unit, draft: Draft, held: ImportedHolds) -> Row:
    """The columns of an entity with a status.

    The date of the change is unknown: the time of the import counts.
    """
    created = _created_at(unit, draft)
    return {
        "inactive_holds": held.inactive,
        "closed_holds": held.closed,
        "created_at": created,
        "status_changed_at": created if held.status is Status.ACTIVE else unit.now,
        "closed_at": unit.now if held.status is Status.CLOSED else None,
        "version": 1,
    }


def service_holds(unit: Unit, draft: Draft, service: ServicePart) -> ImportedHolds:
    allow_active = settings_of(unit).allow_active_service_with_inactive_account
    return holds.service_holds(draft.line, service, allow_active=allow_active)
