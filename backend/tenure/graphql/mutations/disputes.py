"""Mutations that open and settle disputes, and that credit or charge an amount."""

from decimal import Decimal

import strawberry

from tenure.disputes import actions
from tenure.events import models as event_models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    ActionArguments,
    PayloadFields,
    RowReference,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.types.disputes import DisputeType
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit

# The input fields for the disputed or adjusted object, with the types of their ids.
TARGET_TYPES = {
    "account_id": "Account",
    "bill_id": "Bill",
    "item_id": "BillItem",
    "event_id": "Event",
}


@input_type
class OpenDisputeInput:
    """The disputed object, amount and reason."""

    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Provide exactly one of `billId`, `itemId` and `eventId`.",
    )
    item_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The disputed bill item."
    )
    event_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The disputed charge."
    )
    amount: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="Default: the whole disputable amount."
    )
    reason: str = strawberry.field(
        description="Why the customer disputes it. At most 2,000 characters."
    )


@input_type
class SettleDisputeInput:
    """The settlement of a dispute."""

    dispute_id: strawberry.ID = strawberry.field(
        description="The global id of the dispute, which must be OPEN."
    )
    granted: Decimal = strawberry.field(description="The amount to credit. 0 denies the dispute.")
    note: str | None = strawberry.field(
        default=strawberry.UNSET, description="Why it was settled this way."
    )


@payload_type
class DisputePayload:
    """The dispute after the change, or errors."""

    dispute: DisputeType | None = strawberry.field(
        default=None, description="The dispute after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@input_type
class AdjustInput:
    """The adjusted object, amount and reason."""

    account_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Provide exactly one of `accountId`, `billId`, `itemId` and `eventId`.",
    )
    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The adjusted bill."
    )
    item_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The adjusted bill item."
    )
    event_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The adjusted charge."
    )
    amount: Decimal = strawberry.field(
        description="A negative amount credits the customer, a positive one charges."
    )
    reason: str = strawberry.field(
        description="Why the amount is credited or charged. At most 2,000 characters."
    )


@payload_type
class AdjustPayload:
    """The adjustment event, or errors."""

    event: EventType | None = strawberry.field(
        default=None, description="The adjustment event. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class DisputeMutations:
    """Opening a dispute requires role AGENT; settling and adjusting require role MANAGER."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def open_dispute(self, info: Info, input: OpenDisputeInput) -> DisputePayload | None:
        """Dispute all or part of a bill, item or event. The amount is not due until settled."""

        async def operation(unit: Unit) -> PayloadFields:
            dispute = await actions.open_dispute(
                unit, **_target(input), **provided_fields(input, *TARGET_TYPES)
            )
            return {"dispute": reference_to(dispute)}

        return await run_mutation(info, DisputePayload, operation, input)

    @mutation(Role.MANAGER, errors="INVALID NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def settle_dispute(self, info: Info, input: SettleDisputeInput) -> DisputePayload | None:
        """Settle a dispute. The granted amount is credited on its bill; the rest becomes due."""

        async def operation(unit: Unit) -> PayloadFields:
            dispute_id = key_of(input.dispute_id, "Dispute")
            dispute = await actions.settle_dispute(
                unit, dispute_id, **provided_fields(input, "dispute_id")
            )
            return {"dispute": reference_to(dispute)}

        return await run_mutation(info, DisputePayload, operation, input)

    @mutation(Role.MANAGER, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def adjust(self, info: Info, input: AdjustInput) -> AdjustPayload | None:
        """Credit or charge an account, bill, item or event."""

        async def operation(unit: Unit) -> PayloadFields:
            event_id = await actions.adjust(
                unit, **_target(input), **provided_fields(input, *TARGET_TYPES)
            )
            return {"event": RowReference(event_models.Event, event_id)}

        return await run_mutation(info, AdjustPayload, operation, input)


def _target(input: OpenDisputeInput | AdjustInput) -> ActionArguments:
    return {
        name: optional_key(value, TARGET_TYPES[name])
        for name, value in vars(input).items()
        if name in TARGET_TYPES
    }
