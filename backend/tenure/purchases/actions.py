"""Adds services and purchases offers, and charges them at once (rules 6.1, 6.2).

The account must be active (rules 6.8).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tenure.accounts.actions import add_search_terms
from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import default_bill_unit, locked_active_account
from tenure.assets.models import PurchasedOffer, Service
from tenure.assets.queries import locked_service, login_is_taken
from tenure.assets.rules import checked_login
from tenure.billing.charges.actions import charge_purchases
from tenure.billing.proration.rules import total_price
from tenure.catalog.models import Offer
from tenure.catalog.queries import offers_by_code
from tenure.catalog.rules import checked_kind
from tenure.events.actions import record
from tenure.events.models import EventKind
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import excerpt, login_key, optional_text, search_key
from tenure.kernel.unit import Unit

SMALLEST_QUANTITY = Decimal("0.000001")
# The most offers that can be purchased together with a new service.
MAX_OFFERS = 100


async def add_service(
    unit: Unit,
    account_id: int,
    *,
    kind: str,
    name: str | None = None,
    login: str | None = None,
    bill_unit_id: int | None = None,
    offer_codes: Sequence[str] = (),
) -> Service:
    """Adds a service and purchases offers for it.

    Raises REQUIRED, INVALID, NOT_FOUND, NOT_ALLOWED, OUT_OF_RANGE or TAKEN.
    """
    unit.require(Role.AGENT)
    if len(offer_codes) > MAX_OFFERS:
        message = f"Use at most {MAX_OFFERS} offers at once."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("offer_codes",))
    account = await locked_active_account(unit, account_id)
    service_kind = checked_kind(kind)
    service_login = checked_login(login)
    if service_login is not None and await login_is_taken(unit, service_kind, service_login):
        raise TenureError(
            ErrorCode.TAKEN,
            f"The {service_kind} login {excerpt(service_login)} is taken.",
            ("login",),
        )
    service = Service(
        account_id=account.id,
        bill_unit_id=await _bill_unit_of(unit, account, bill_unit_id),
        kind=service_kind,
        name=optional_text(name, path="name") or service_kind.capitalize(),
        login=service_login,
        login_key=service_login and login_key(service_login),
        created_at=unit.now,
        status_changed_at=unit.now,
    )
    unit.session.add(service)
    await unit.session.flush()
    if service_login:
        await add_search_terms(unit, account.id, {search_key(service_login)})
    description = f"Added {service.kind} service {service.name}"
    await record(unit, EventKind.ACCOUNT_CHANGE, account.id, description, service_id=service.id)
    offers = await offers_by_code(unit, offer_codes, path="offer_codes")
    bought = [
        await _buy(
            unit, account, it, service, quantity=Decimal(1), start=unit.now, path="offer_codes"
        )
        for it in offers
    ]
    await charge_purchases(unit, [purchased.id for purchased in bought])
    return service


async def purchase(
    unit: Unit,
    account_id: int,
    *,
    offer_code: str,
    service_id: int | None = None,
    quantity: Decimal = Decimal(1),
    start_at: datetime | None = None,
) -> PurchasedOffer:
    """Purchases an offer for a service or for the account itself.

    Raises INVALID, NOT_FOUND, NOT_ALLOWED or OUT_OF_RANGE.
    """
    unit.require(Role.AGENT)
    account = await locked_active_account(unit, account_id)
    [offer] = await offers_by_code(unit, [offer_code], path="offer_code")
    service = None if service_id is None else await _active_service(unit, account, service_id)
    if start_at is not None and start_at < unit.now:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "A purchase can't start in the past.", ("start_at",)
        )
    count = checked(quantity, path=("quantity",), least=SMALLEST_QUANTITY)
    for fee in (offer.purchase_fee, offer.monthly_fee, offer.cancel_fee):
        total_price(fee or Decimal(0), count, offer.currency)
    purchased = await _buy(
        unit,
        account,
        offer,
        service,
        quantity=count,
        start=start_at or unit.now,
        path="offer_code",
    )
    await charge_purchases(unit, [purchased.id])
    return purchased


async def _buy(
    unit: Unit,
    account: Account,
    offer: Offer,
    service: Service | None,
    *,
    quantity: Decimal,
    start: datetime,
    path: str,
) -> PurchasedOffer:
    _check_fit(offer, account, service, path)
    purchased = PurchasedOffer(
        account_id=account.id,
        service_id=service and service.id,
        bill_unit_id=service.bill_unit_id
        if service
        else (await default_bill_unit(unit, account.id)).id,
        offer_id=offer.id,
        name=offer.name,
        kind=offer.kind,
        quantity=quantity,
        purchase_start=start,
        usage_start=start,
        cycle_start=start,
        first_start=start,
        created_at=unit.now,
        status_changed_at=unit.now,
    )
    unit.session.add(purchased)
    await unit.session.flush()
    await record(
        unit,
        EventKind.ACCOUNT_CHANGE,
        account.id,
        f"Bought {offer.name}",
        service_id=purchased.service_id,
        offer_id=purchased.id,
    )
    return purchased


def _check_fit(offer: Offer, account: Account, service: Service | None, path: str) -> None:
    """Raises INVALID where the offer is for another kind of service, or in another currency."""
    if offer.service_kind is not None and (service is None or service.kind != offer.service_kind):
        message = (
            f"{excerpt(offer.code)} is for {offer.service_kind} services. "
            "Choose a service of this kind."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))
    if offer.currency != account.currency:
        message = (
            f"{excerpt(offer.code)} is sold in {offer.currency}; "
            f"the account is billed in {account.currency}."
        )
        raise TenureError(ErrorCode.INVALID, message, (path,))


async def _active_service(unit: Unit, account: Account, service_id: int) -> Service:
    service = await locked_service(unit, service_id, path="service_id")
    if service.account_id != account.id:
        raise TenureError(
            ErrorCode.INVALID, "The service belongs to another account.", ("service_id",)
        )
    if service.status is not Status.ACTIVE:
        message = f"{excerpt(service.name)} is {service.status}. Offers need an active service."
        raise TenureError(ErrorCode.NOT_ALLOWED, message, ("service_id",))
    return service


async def _bill_unit_of(unit: Unit, account: Account, bill_unit_id: int | None) -> int:
    if bill_unit_id is None:
        return (await default_bill_unit(unit, account.id)).id
    bill_unit = await unit.session.get(BillUnit, bill_unit_id, populate_existing=True)
    if bill_unit is None:
        raise NotFoundError("bill unit", ("bill_unit_id",))
    if bill_unit.account_id != account.id:
        raise TenureError(
            ErrorCode.INVALID, "The bill unit belongs to another account.", ("bill_unit_id",)
        )
    return bill_unit.id
