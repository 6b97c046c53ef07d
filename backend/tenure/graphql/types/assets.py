"""Assets: services, and the offers bought for them or for the account itself."""

from datetime import datetime
from decimal import Decimal

from tenure.accounts.models import Account, BillUnit
from tenure.assets import models
from tenure.catalog.models import Offer, OfferKind
from tenure.graphql.reads.declarations import column, holds, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of
from tenure.graphql.types.nodes import Asset
from tenure.graphql.types.references import (
    AccountRef,
    BillUnitRef,
    OfferRef,
    PurchasedOfferRef,
    ServiceRef,
)
from tenure.graphql.types.values import Hold
from tenure.holds.models import Status

VERSION = "Counts its changes: give it as `expectedVersion`."


@mapped(models.Service, "Telephony, internet, tv …: what a customer uses, and mostly signs in to.")
class Service(Asset):
    """Has offers of its own."""

    name: str = column(models.Service.name)
    account: AccountRef = to_one(Account, "Whose it is.", by=models.Service.account_id)
    status: Status = column(models.Service.status, "Follows from the holds.")
    holds: list[Hold] = holds(models.Service, "Why it is not active; empty where it is.")
    version: int = column(models.Service.version, VERSION)
    kind: str = column(models.Service.kind, "For example telephony, internet, tv.")
    login: str | None = column(
        models.Service.login, "What the customer signs in with; null where the service has none."
    )
    bill_unit: BillUnitRef = to_one(
        BillUnit, "Where its charges are collected.", by=models.Service.bill_unit_id
    )
    offers: list[PurchasedOfferRef] = to_many(
        models.PurchasedOffer,
        "The offers bought for it, newest first.",
        by=models.PurchasedOffer.service_id,
        order=(models.PurchasedOffer.id.desc(),),
        filters={"status": one_of(models.PurchasedOffer.status)},
    )
    created_at: datetime = column(models.Service.created_at)
    closed_at: datetime | None = column(models.Service.closed_at, "Since when it is closed.")


@mapped(models.PurchasedOffer, "An offer as a customer has bought it.")
class PurchasedOffer(Asset):
    """For a service, or for the account itself."""

    name: str = column(models.PurchasedOffer.name, "The offer's at the purchase.")
    account: AccountRef = to_one(Account, "Whose it is.", by=models.PurchasedOffer.account_id)
    status: Status = column(
        models.PurchasedOffer.status, "Follows from the holds. CLOSED is for good."
    )
    holds: list[Hold] = holds(models.PurchasedOffer, "Why it is not active; empty where it is.")
    version: int = column(models.PurchasedOffer.version, VERSION)
    offer_kind: OfferKind = column(models.PurchasedOffer.kind)
    offer: OfferRef = to_one(Offer, "What was bought.", by=models.PurchasedOffer.offer_id)
    service: ServiceRef | None = to_one(
        models.Service,
        "Null for an offer bought for the account itself.",
        by=models.PurchasedOffer.service_id,
    )
    bill_unit: BillUnitRef = to_one(
        BillUnit, "Where its charges are collected.", by=models.PurchasedOffer.bill_unit_id
    )
    quantity: Decimal = column(models.PurchasedOffer.quantity)
    monthly_fee: Decimal | None = column(
        models.PurchasedOffer.monthly_fee,
        "The customer's own price of one; null where it is the catalog's.",
    )
    purchase_start: datetime = column(
        models.PurchasedOffer.purchase_start,
        "From when purchase, usage and cycle charges apply, and until when.",
    )
    usage_start: datetime = column(models.PurchasedOffer.usage_start)
    cycle_start: datetime = column(models.PurchasedOffer.cycle_start)
    ends_at: datetime | None = column(models.PurchasedOffer.ends_at)
    closed_at: datetime | None = column(models.PurchasedOffer.closed_at, "Since when it is closed.")
