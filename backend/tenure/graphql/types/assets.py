"""The GraphQL types of assets: services and purchased offers."""

from datetime import datetime
from decimal import Decimal

import strawberry

from tenure.accounts.models import Account, BillUnit
from tenure.assets import models
from tenure.assets.queries import SCHEDULED_END
from tenure.catalog.models import Offer, OfferKind
from tenure.graphql.reads.declarations import column, computed, holds, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import has_login, is_one_kind, one_of, references
from tenure.graphql.reads.mapping import VALUE_LIMIT, Filters
from tenure.graphql.types.nodes import AssetType
from tenure.graphql.types.references import (
    AccountRef,
    BillUnitRef,
    OfferRef,
    PurchasedOfferRef,
    ServiceRef,
)
from tenure.graphql.types.values import HoldType
from tenure.holds.models import Status
from tenure.kernel.pages import Order

VERSION = "Incremented by each change. Pass it as `expectedVersion` to detect conflicts."
SERVICE_ORDER = Order((models.Service.id,), descending=True)


@strawberry.input(description="An omitted field or an empty list does not filter.")
class ServiceFilter:
    """Filters a list of services."""

    account: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Services of this account."
    )
    kind: list[str] | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"For example `internet`, in upper or lower case. {VALUE_LIMIT}",
    )
    login: str | None = strawberry.field(
        default=strawberry.UNSET, description="The whole login, in upper or lower case."
    )
    status: list[Status] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )


def service_filters() -> Filters:
    """The filters behind the fields of ServiceFilter."""
    return {
        "account": references(models.Service.account_id, "Account"),
        "kind": is_one_kind(models.Service.kind),
        "login": has_login(models.Service.login_key),
        "status": one_of(models.Service.status),
    }


@mapped(models.Service, "A service of an account, for example telephony, internet or tv.")
class ServiceType(AssetType):
    """A service with its purchased offers."""

    name: str = column(models.Service.name, "Display name, for example `DSL`.")
    account: AccountRef = to_one(
        Account, "The account that owns the service.", by=models.Service.account_id
    )
    status: Status = column(models.Service.status, "Derived from `holds`.")
    holds: list[HoldType] = holds(
        models.Service, "The reasons why the service is not active. Empty if it is active."
    )
    version: int = column(models.Service.version, VERSION)
    kind: str = column(models.Service.kind, "For example `telephony`, `internet` or `tv`.")
    login: str | None = column(
        models.Service.login, "The login of the customer. Null if the service has no login."
    )
    bill_unit: BillUnitRef = to_one(
        BillUnit, "The bill unit that collects its charges.", by=models.Service.bill_unit_id
    )
    offers: list[PurchasedOfferRef] = to_many(
        models.PurchasedOffer,
        "The offers purchased for the service, newest first.",
        by=models.PurchasedOffer.service_id,
        order=(models.PurchasedOffer.id.desc(),),
        filters={"status": one_of(models.PurchasedOffer.status)},
    )
    created_at: datetime = column(models.Service.created_at, "When the service was added.")
    closed_at: datetime | None = column(
        models.Service.closed_at, "When the service was closed. Null if it is not closed."
    )


@mapped(models.PurchasedOffer, "An offer that was purchased for a service or for an account.")
class PurchasedOfferType(AssetType):
    """A purchased offer with its quantity, price and start times."""

    name: str = column(models.PurchasedOffer.name, "The name of the offer when it was purchased.")
    account: AccountRef = to_one(
        Account, "The account that owns the offer.", by=models.PurchasedOffer.account_id
    )
    status: Status = column(
        models.PurchasedOffer.status, "Derived from `holds`. A CLOSED offer cannot be reopened."
    )
    holds: list[HoldType] = holds(
        models.PurchasedOffer, "The reasons why the offer is not active. Empty if it is active."
    )
    version: int = column(models.PurchasedOffer.version, VERSION)
    offer_kind: OfferKind = column(
        models.PurchasedOffer.kind, "Whether it charges fees or gives a discount."
    )
    offer: OfferRef = to_one(Offer, "The offer in the catalog.", by=models.PurchasedOffer.offer_id)
    service: ServiceRef | None = to_one(
        models.Service,
        "The service that the offer belongs to. Null for an offer of the account itself.",
        by=models.PurchasedOffer.service_id,
    )
    bill_unit: BillUnitRef = to_one(
        BillUnit, "The bill unit that collects its charges.", by=models.PurchasedOffer.bill_unit_id
    )
    quantity: Decimal = column(
        models.PurchasedOffer.quantity,
        'The number of units, which multiplies fees. Positive; for example "1" or "2.5".',
    )
    monthly_fee: Decimal | None = column(
        models.PurchasedOffer.monthly_fee,
        "The monthly fee per unit agreed with the customer. Null if the catalog price applies.",
    )
    purchase_start: datetime = column(
        models.PurchasedOffer.purchase_start,
        "When the purchase fee is charged.",
    )
    usage_start: datetime = column(
        models.PurchasedOffer.usage_start, "Usage is charged from this time."
    )
    cycle_start: datetime = column(
        models.PurchasedOffer.cycle_start, "Monthly fees are charged from this time."
    )
    ends_at: datetime | None = computed(
        SCHEDULED_END,
        "When the offer is scheduled to be closed: the time of its pending deferred action. "
        "Null if none is scheduled.",
    )
    closed_at: datetime | None = column(
        models.PurchasedOffer.closed_at, "When the offer was closed. Null if it is not closed."
    )
