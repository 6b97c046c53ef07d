"""The catalog: offers that can be bought."""

from decimal import Decimal

from tenure.catalog import models
from tenure.catalog.models import OfferKind
from tenure.graphql.reads.declarations import column
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of, with_words
from tenure.graphql.reads.mapping import Filters
from tenure.graphql.types.nodes import Node
from tenure.kernel.pages import Order

OFFER_ORDER = Order((models.Offer.id,), descending=True)


def offer_filters() -> Filters:
    """What the arguments of a list of offers mean."""
    return {
        "kind": one_of(models.Offer.kind),
        "search": with_words(models.Offer.code, models.Offer.name),
    }


@mapped(models.Offer, "An offer in the catalog.")
class Offer(Node):
    """A fee that is null is not charged."""

    code: str = column(models.Offer.code, "Unique.")
    name: str = column(models.Offer.name)
    kind: OfferKind = column(models.Offer.kind)
    service_kind: str | None = column(
        models.Offer.service_kind,
        "The kind of service that it is for; null for offers to the account.",
    )
    currency: str = column(models.Offer.currency, "ISO 4217.")
    purchase_fee: Decimal | None = column(
        models.Offer.purchase_fee, "Charge offers: once. Null where there is no such charge."
    )
    monthly_fee: Decimal | None = column(models.Offer.monthly_fee, "Charge offers: in advance.")
    cancel_fee: Decimal | None = column(
        models.Offer.cancel_fee, "Charge offers: when it is closed."
    )
    usage_rate: Decimal | None = column(
        models.Offer.usage_rate, "Per unit of usage, with the unit: MB, SMS, minute."
    )
    usage_unit: str | None = column(models.Offer.usage_unit)
    monthly_percent_off: Decimal | None = column(
        models.Offer.monthly_percent_off,
        "Discount offers: per cent off the monthly fee, and off usage.",
    )
    usage_percent_off: Decimal | None = column(models.Offer.usage_percent_off)
