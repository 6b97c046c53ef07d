"""The mutation that creates catalog offers."""

from decimal import Decimal

import strawberry

from tenure.catalog import actions
from tenure.catalog.models import OfferKind
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.types.catalog import OfferType
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class CreateOfferInput:
    """A charge offer with its fees, or a discount offer with its percentages."""

    code: str = strawberry.field(
        description="Unique offer code, for example `DSL-50`. At most 64 characters."
    )
    name: str = strawberry.field(description="Display name. At most 255 characters.")
    kind: OfferKind = strawberry.field(
        description="CHARGE for fees, DISCOUNT for percentages off the fees of other offers."
    )
    service_kind: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "The kind of service that it is for, for example `internet`. Null: it is for accounts."
        ),
    )
    currency: str = strawberry.field(default="USD", description="ISO 4217 currency code.")
    purchase_fee: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "Charge offers: once per unit, in whole minor units of `currency`. Null: not charged."
        ),
    )
    monthly_fee: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="Charge offers: per unit and month, in advance. Null: not charged.",
    )
    cancel_fee: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="Charge offers: once, when the offer is closed. Null: not charged.",
    )
    usage_rate: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "Charge offers: per `usageUnit`, with up to six decimals. Null: usage is not charged."
        ),
    )
    usage_unit: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "The unit of `usageRate`, for example MB. Required with a rate. At most 32 characters."
        ),
    )
    monthly_percent_off: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="Discount offers: percentage off monthly fees, 0 to 100.",
    )
    usage_percent_off: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="Discount offers: percentage off usage charges, 0 to 100.",
    )


@payload_type
class OfferPayload:
    """The created offer, or errors."""

    offer: OfferType | None = strawberry.field(
        default=None, description="The created offer. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class CatalogMutations:
    """Mutations that require role MANAGER."""

    @mutation(Role.MANAGER, errors="INVALID REQUIRED TAKEN OUT_OF_RANGE")
    async def create_offer(self, info: Info, input: CreateOfferInput) -> OfferPayload | None:
        """Create an offer in the catalog. Offers cannot be edited afterwards."""

        async def operation(unit: Unit) -> PayloadFields:
            offer = await actions.create_offer(unit, **provided_fields(input))
            return {"offer": reference_to(offer)}

        return await run_mutation(info, OfferPayload, operation, input)
