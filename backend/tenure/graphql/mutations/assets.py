"""Mutations that add services and purchase offers."""

from datetime import datetime
from decimal import Decimal

import strawberry

from tenure.assets import models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    PayloadFields,
    RowReference,
    provided_fields,
    run_mutation,
)
from tenure.graphql.types.assets import PurchasedOfferType, ServiceType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.purchases import actions
from tenure.purchases.rules import MAX_OFFERS, NewPurchase, NewService


@input_type
class AddServiceInput:
    """A new service of an account, with offers to purchase for it."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    kind: str = strawberry.field(description="For example `telephony`, `internet` or `tv`.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Default: `kind`, capitalized."
    )
    login: str | None = strawberry.field(
        default=strawberry.UNSET, description="Unique among the services of this kind."
    )
    bill_unit_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Default: the default bill unit of the account."
    )
    offer_codes: list[str] = strawberry.field(
        default_factory=list,
        description=f"Codes of the catalog offers to purchase, at most {MAX_OFFERS}.",
    )


@payload_type
class AddServicePayload:
    """The added service, or errors."""

    service: ServiceType | None = strawberry.field(
        default=None, description="The added service. Null if there are errors."
    )
    errors: list[UserErrorType]


@input_type
class PurchaseOfferInput:
    """The purchase of an offer for a service, or for the account itself."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    service_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Null or omitted: the offer is for the account itself.",
    )
    offer_code: str = strawberry.field(
        description="The code of the catalog offer, for example `DSL-50`."
    )
    quantity: Decimal = strawberry.field(
        default=Decimal(1), description="The number of units, which multiplies fees. Positive."
    )
    start_at: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="A future time at which purchase, usage and cycle start. Default: now.",
    )
    ends_at: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "When the offer ends, after its start. A deferred action, which can be rescheduled and "
            "cancelled, closes it then. Default: no end."
        ),
    )


@payload_type
class PurchaseOfferPayload:
    """The purchased offer, or errors."""

    offer: PurchasedOfferType | None = strawberry.field(
        default=None, description="The purchased offer. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class AssetMutations:
    """Mutations that require role AGENT."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED TAKEN OUT_OF_RANGE")
    async def add_service(self, info: Info, input: AddServiceInput) -> AddServicePayload | None:
        """Add a service to an account and purchase offers for it."""

        async def operation(unit: Unit) -> PayloadFields:
            new = NewService(
                account_id=key_of(input.account_id, "Account"),
                bill_unit_id=optional_key(input.bill_unit_id, "BillUnit"),
                **provided_fields(input, "account_id", "bill_unit_id"),
            )
            service = await actions.add_service(unit, new)
            return {"service": RowReference(models.Service, service.id)}

        return await run_mutation(info, AddServicePayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def purchase_offer(
        self, info: Info, input: PurchaseOfferInput
    ) -> PurchaseOfferPayload | None:
        """Purchase an offer for a service, or for the account itself."""

        async def operation(unit: Unit) -> PayloadFields:
            new = NewPurchase(
                account_id=key_of(input.account_id, "Account"),
                service_id=optional_key(input.service_id, "Service"),
                **provided_fields(input, "account_id", "service_id"),
            )
            offer = await actions.purchase_offer(unit, new)
            return {"offer": RowReference(models.PurchasedOffer, offer.id)}

        return await run_mutation(info, PurchaseOfferPayload, operation, input)
