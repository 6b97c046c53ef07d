"""Checks of services and offers that are added to an account (rules 3.1, 6.1, 6.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tenure.accounts.models import Account
from tenure.accounts.rules import check_active
from tenure.assets.models import Service
from tenure.assets.rules import LoginKey, check_login_free, checked_login
from tenure.billing.proration.rules import total_price
from tenure.catalog.models import Offer
from tenure.catalog.rules import checked_kind
from tenure.deferred.rules import change_summary, check_future
from tenure.holds.models import Status
from tenure.holds.rules import Holds
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import excerpt, optional_text

SMALLEST_QUANTITY = Decimal("0.000001")
# The most offers that can be purchased together with a new service.
MAX_OFFERS = 100


@dataclass(frozen=True, slots=True)
class ImportedService:
    """What a service from another system has from the start."""

    created_at: datetime
    holds: Holds


@dataclass(frozen=True, slots=True)
class NewService:
    """A service to add, with the codes of the offers to purchase for it.

    Without a bill unit it gets the default one of its account.
    """

    account_id: int
    kind: str
    name: str | None = None
    login: str | None = None
    bill_unit_id: int | None = None
    offer_codes: Sequence[str] = ()
    imported: ImportedService | None = None


@dataclass(frozen=True, slots=True)
class NewPurchase:
    """An offer to purchase for a service, or for the account itself.

    It starts now or at `start_at`, and is closed by a deferred action at `ends_at`.
    """

    account_id: int
    offer_code: str
    service_id: int | None = None
    quantity: Decimal = Decimal(1)
    start_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ImportedOffer:
    """What a purchased offer from another system has from the start.

    Its time before `charged_until` counts as charged. `monthly_fee` is the customer's own price.
    """

    holds: Holds
    charged_until: date
    monthly_fee: Decimal | None


@dataclass(frozen=True, slots=True)
class ScheduledClosing:
    """When an offer ends, and the summary of the deferred action that closes it."""

    at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """A checked purchase, as it is written."""

    account_id: int
    service_id: int | None
    bill_unit_id: int
    offer: Offer
    quantity: Decimal
    start: datetime
    closing: ScheduledClosing | None = None
    imported: ImportedOffer | None = None


@dataclass(frozen=True, slots=True)
class ExistingRows:
    """The rows that services and purchases refer to, by id, and the offers by code.

    `bill_units` has the account of each requested bill unit, `default_bill_units` the id of the
    default one of each account.
    """

    accounts: Mapping[int, Account]
    default_bill_units: Mapping[int, int]
    bill_units: Mapping[int, int]
    services: Mapping[int, Service]
    offers: Mapping[str, Offer]

    def active_account(self, account_id: int) -> Account:
        """Raises NOT_FOUND, and NOT_ALLOWED unless the account is active (rules 6.8)."""
        account = self.accounts.get(account_id)
        if account is None:
            raise NotFoundError("account", ("account_id",))
        check_active(account)
        return account

    def bill_unit_of(self, account: Account, bill_unit_id: int | None) -> int:
        """The requested bill unit, or the default one. Raises NOT_FOUND or INVALID."""
        if bill_unit_id is None:
            return self.default_bill_units[account.id]
        if bill_unit_id not in self.bill_units:
            raise NotFoundError("bill unit", ("bill_unit_id",))
        if self.bill_units[bill_unit_id] != account.id:
            message = "The bill unit belongs to another account."
            raise TenureError(ErrorCode.INVALID, message, ("bill_unit_id",))
        return bill_unit_id

    def active_service(self, account: Account, service_id: int) -> Service:
        """The service of this account. Raises NOT_FOUND, INVALID or NOT_ALLOWED."""
        service = self.services.get(service_id)
        if service is None:
            raise NotFoundError("service", ("service_id",))
        if service.account_id != account.id:
            message = "The service belongs to another account."
            raise TenureError(ErrorCode.INVALID, message, ("service_id",))
        if service.status is not Status.ACTIVE:
            message = f"{excerpt(service.name)} is {service.status}. Offers need an active service."
            raise TenureError(ErrorCode.NOT_ALLOWED, message, ("service_id",))
        return service

    def offer(self, code: str, *, path: str) -> Offer:
        """The offer of the catalog. Raises NOT_FOUND."""
        if code not in self.offers:
            message = f"The catalog has no offer {excerpt(code)!r}."
            raise TenureError(ErrorCode.NOT_FOUND, message, (path,))
        return self.offers[code]


def checked_service(new: NewService) -> NewService:
    """The service with normalized values. Raises REQUIRED, INVALID or OUT_OF_RANGE."""
    if len(new.offer_codes) > MAX_OFFERS:
        message = f"Use at most {MAX_OFFERS} offers at once."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("offer_codes",))
    kind = checked_kind(new.kind)
    name = optional_text(new.name, path="name") or kind.capitalize()
    return replace(new, kind=kind, name=name, login=checked_login(new.login))


def placed_service(
    new: NewService, existing: ExistingRows, logins_in_use: set[LoginKey]
) -> NewService:
    """The checked service with its bill unit. Raises NOT_FOUND, NOT_ALLOWED, INVALID or TAKEN."""
    account = existing.active_account(new.account_id)
    check_login_free(new.kind, new.login, logins_in_use)
    bill_unit_id = existing.bill_unit_of(account, new.bill_unit_id)
    for code in new.offer_codes:
        offer = existing.offer(code, path="offer_codes")
        check_fit(offer, account.currency, new.kind, path="offer_codes")
    return replace(new, bill_unit_id=bill_unit_id)


def checked_purchase(new: NewPurchase, existing: ExistingRows, now: datetime) -> Purchase:
    """The purchase as it is written. Raises INVALID, NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE."""
    account = existing.active_account(new.account_id)
    offer = existing.offer(new.offer_code, path="offer_code")
    service = None if new.service_id is None else existing.active_service(account, new.service_id)
    if new.start_at is not None and new.start_at < now:
        message = "A purchase can't start in the past."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("start_at",))
    if new.ends_at is not None:
        check_future(new.ends_at, now, path="ends_at")
        if new.start_at is not None and new.ends_at <= new.start_at:
            message = "The end must be after the start."
            raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("ends_at",))
    quantity = checked(new.quantity, path=("quantity",), least=SMALLEST_QUANTITY)
    for fee in (offer.purchase_fee, offer.monthly_fee, offer.cancel_fee):
        total_price(fee or Decimal(0), quantity, offer.currency)
    check_fit(offer, account.currency, service.kind if service else None, path="offer_code")
    return Purchase(
        account_id=account.id,
        service_id=service.id if service else None,
        bill_unit_id=service.bill_unit_id if service else existing.bill_unit_of(account, None),
        offer=offer,
        quantity=quantity,
        start=new.start_at or now,
        closing=None if new.ends_at is None else _closing(new.ends_at, offer, account),
    )


def _closing(at: datetime, offer: Offer, account: Account) -> ScheduledClosing:
    summary = change_summary(
        Status.CLOSED,
        account_name=account.name,
        account_number=account.number,
        asset_name=offer.name,
    )
    return ScheduledClosing(at, summary)


def check_fit(offer: Offer, currency: str, service_kind: str | None, *, path: str) -> None:
    """Raises INVALID for an offer for another kind of service, or in another currency.

    `service_kind` is None for a purchase of the account itself.
    """
    if offer.service_kind is not None and service_kind != offer.service_kind:
        message = (
            f"{excerpt(offer.code)} is for {offer.service_kind} services. "
            "Choose a service of this kind."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))
    if offer.currency != currency:
        message = (
            f"{excerpt(offer.code)} is sold in {offer.currency}; "
            f"the account is billed in {currency}."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))
