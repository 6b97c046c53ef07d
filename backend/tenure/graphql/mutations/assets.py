"""Adding services and buying offers."""

from datetime import datetime
from decimal import Decimal

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.assets import PurchasedOffer, Service
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.kernel.unit import Unit
from tenure.purchases import actions
from tenure.purchases.actions import MAX_OFFERS


@strawberry.input
class AddServiceInput:
    """A new service of an account, with the offers bought for it."""

    account_id: strawberry.ID
    kind: str
    name: str | None = strawberry.UNSET
    login: str | None = strawberry.UNSET
    bill_unit_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The account's default bill unit when left out."
    )
    offer_codes: list[str] = strawberry.field(
        default_factory=list,
        description=f"Catalog codes of the offers to buy with it, at most {MAX_OFFERS}.",
    )


@strawberry.type
class AddServicePayload:
    """The new service."""

    service: Service | None = None
    errors: list[UserError]


@strawberry.input
class PurchaseOfferInput:
    """An offer for a service, or for the account itself."""

    account_id: strawberry.ID
    service_id: strawberry.ID | None = strawberry.UNSET
    offer_code: str
    quantity: Decimal = Decimal(1)
    start_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="In the future: purchase, usage and cycle start then."
    )


@strawberry.type
class PurchaseOfferPayload:
    """The offer as it was bought."""

    offer: PurchasedOffer | None = None
    errors: list[UserError]


@strawberry.type
class AssetMutations:
    """Agents may."""

    @resolved_field
    async def add_service(self, info: Info, input: AddServiceInput) -> AddServicePayload | None:
        """A new service, with the offers to buy for it."""

        async def verb(unit: Unit) -> Answer:
            service = await actions.add_service(
                unit,
                key_of(input.account_id, "Account"),
                bill_unit_id=key_or_none(input.bill_unit_id, "BillUnit"),
                **given(input, "account_id", "bill_unit_id"),
            )
            return {"service": written(service)}

        return await changed(info, AddServicePayload, verb, input)

    @resolved_field
    async def purchase_offer(
        self, info: Info, input: PurchaseOfferInput
    ) -> PurchaseOfferPayload | None:
        """Buy an offer for a service, or for the account itself."""

        async def verb(unit: Unit) -> Answer:
            offer = await actions.purchase(
                unit,
                key_of(input.account_id, "Account"),
                service_id=key_or_none(input.service_id, "Service"),
                **given(input, "account_id", "service_id"),
            )
            return {"offer": written(offer)}

        return await changed(info, PurchaseOfferPayload, verb, input)
