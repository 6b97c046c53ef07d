"""The GraphQL type of catalog offers."""

from decimal import Decimal

from tenure.catalog import models
from tenure.catalog.models import OfferKind
from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import contains_words, equals, is_kind, one_of
from tenure.graphql.reads.mapping import Filter, Filters
from tenure.graphql.types.nodes import NodeType
from tenure.kernel.pages import Order

OFFER_ORDER = Order((models.Offer.id,), descending=True)


def offer_filters() -> Filters:
    """The filters of lists of offers."""
    return {
        "kind": one_of(models.Offer.kind),
        "search": contains_words(
            "Words that code or name contain. Case is ignored. At most 10 words.",
            models.Offer.code,
            models.Offer.name,
        ),
        "currency": equals(models.Offer.currency, "ISO 4217 code, for example `EUR`."),
        "service_kind": is_kind(
            models.Offer.service_kind,
            "Offers to this kind of service, for example `internet`, in upper or lower case.",
        ),
        "is_for_service": Filter(
            lambda value: models.Offer.service_kind.is_not(None).is_(value),
            bool,
            description="Whether the offer is for a service or for an account. Default: both.",
        ),
    }


@mapped(models.Offer, "An offer in the catalog. Offers cannot be edited.")
class OfferType(NodeType):
    """A fee that is null is not charged."""

    code: str = column(models.Offer.code, "Unique offer code.")
    name: str = column(models.Offer.name, "Display name, for example `DSL 50`.")
    kind: OfferKind = column(models.Offer.kind, "Whether it charges fees or gives a discount.")
    service_kind: str | None = column(
        models.Offer.service_kind,
        "The kind of service that the offer is for. Null for offers to an account.",
    )
    currency: str = column(models.Offer.currency, "ISO 4217 currency code of all fees.")
    purchase_fee: Decimal | None = column(
        models.Offer.purchase_fee,
        "Charge offers: charged once per unit at purchase. Null if not charged.",
    )
    monthly_fee: Decimal | None = column(
        models.Offer.monthly_fee,
        "Charge offers: charged per unit and month, in advance. Null if not charged.",
    )
    cancel_fee: Decimal | None = column(
        models.Offer.cancel_fee,
        "Charge offers: charged once when the offer is closed. Null if not charged.",
    )
    usage_rate: Decimal | None = column(
        models.Offer.usage_rate, "Charge offers: charged per `usageUnit`. Null if not charged."
    )
    usage_unit: str | None = column(
        models.Offer.usage_unit, "The unit of `usageRate`, for example MB, SMS or minute."
    )
    monthly_percent_off: Decimal | None = column(
        models.Offer.monthly_percent_off,
        "Discount offers: percentage off monthly fees, 0 to 100.",
    )
    usage_percent_off: Decimal | None = column(
        models.Offer.usage_percent_off,
        "Discount offers: percentage off usage charges, 0 to 100.",
    )
