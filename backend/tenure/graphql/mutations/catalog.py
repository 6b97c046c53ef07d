"""Adding offers to the catalog."""

from decimal import Decimal

import strawberry

from tenure.catalog import actions
from tenure.catalog.models import OfferKind
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.catalog import Offer
from tenure.kernel.unit import Unit


@strawberry.input
class CreateOfferInput:
    """A charge offer with its fees, or a discount offer with its percentages."""

    code: str
    name: str
    kind: OfferKind
    service_kind: str | None = strawberry.UNSET
    currency: str = "USD"
    purchase_fee: Decimal | None = strawberry.UNSET
    monthly_fee: Decimal | None = strawberry.UNSET
    cancel_fee: Decimal | None = strawberry.UNSET
    usage_rate: Decimal | None = strawberry.UNSET
    usage_unit: str | None = strawberry.UNSET
    monthly_percent_off: Decimal | None = strawberry.UNSET
    usage_percent_off: Decimal | None = strawberry.UNSET


@strawberry.type
class OfferPayload:
    """The new offer."""

    offer: Offer | None = None
    errors: list[UserError]


@strawberry.type
class CatalogMutations:
    """Managers may."""

    @resolved_field
    async def create_offer(self, info: Info, input: CreateOfferInput) -> OfferPayload | None:
        """A new offer in the catalog."""

        async def verb(unit: Unit) -> Answer:
            offer = await actions.create_offer(unit, **given(input))
            return {"offer": written(offer)}

        return await changed(info, OfferPayload, verb, input)
