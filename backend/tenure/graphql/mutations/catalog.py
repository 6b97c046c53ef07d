"""The mutation that creates catalog offers."""

from decimal import Decimal

import strawberry

from tenure.catalog import actions
from tenure.catalog.models import OfferKind
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.catalog import OfferType
from tenure.kernel.unit import Unit


@strawberry.input
class CreateOfferInput:
    """A charge offer with its fees, or a discount offer with its percentages."""

    code: str
    name: str
    kind: OfferKind
    service_kind: str | None = strawberry.UNSET
    currency: str = strawberry.field(default="USD", description="ISO 4217 currency code.")
    purchase_fee: Decimal | None = strawberry.UNSET
    monthly_fee: Decimal | None = strawberry.UNSET
    cancel_fee: Decimal | None = strawberry.UNSET
    usage_rate: Decimal | None = strawberry.UNSET
    usage_unit: str | None = strawberry.UNSET
    monthly_percent_off: Decimal | None = strawberry.UNSET
    usage_percent_off: Decimal | None = strawberry.UNSET


@strawberry.type
class OfferPayload:
    """The created offer, or errors."""

    offer: OfferType | None = None
    errors: list[UserErrorType]


@strawberry.type
class CatalogMutations:
    """Mutations that require role MANAGER."""

    @resolved_field
    async def create_offer(self, info: Info, input: CreateOfferInput) -> OfferPayload | None:
        """Create an offer in the catalog. Offers cannot be edited afterwards."""

        async def operation(unit: Unit) -> PayloadFields:
            offer = await actions.create_offer(unit, **provided_fields(input))
            return {"offer": reference_to(offer)}

        return await run_mutation(info, OfferPayload, operation, input)
