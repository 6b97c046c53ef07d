"""Disputes opened and settled, and money credited or charged by hand."""

from decimal import Decimal

import strawberry

from tenure.disputes import actions
from tenure.events import models as happened
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, Given, Written, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.disputes import Dispute
from tenure.graphql.types.events import Event
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.kernel.unit import Unit

# The fields that name what is disputed or adjusted, with the types of their ids.
SUBJECTS = {"account_id": "Account", "bill_id": "Bill", "item_id": "BillItem", "event_id": "Event"}


@strawberry.input
class OpenDisputeInput:
    """What the customer says is wrong, and why."""

    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="One of the three: a bill, one of its items, or one of their events.",
    )
    item_id: strawberry.ID | None = strawberry.UNSET
    event_id: strawberry.ID | None = strawberry.UNSET
    amount: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="All of it when left out."
    )
    reason: str


@strawberry.input
class SettleDisputeInput:
    """How a dispute ends."""

    dispute_id: strawberry.ID
    granted: Decimal = strawberry.field(description="Zero denies it.")
    note: str | None = strawberry.UNSET


@strawberry.type
class DisputePayload:
    """The dispute as it is now."""

    dispute: Dispute | None = None
    errors: list[UserError]


@strawberry.input
class AdjustInput:
    """What is credited or charged, how much, and why."""

    account_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="One of the four: an account, a bill, an item or an event.",
    )
    bill_id: strawberry.ID | None = strawberry.UNSET
    item_id: strawberry.ID | None = strawberry.UNSET
    event_id: strawberry.ID | None = strawberry.UNSET
    amount: Decimal = strawberry.field(description="Negative credits the customer.")
    reason: str


@strawberry.type
class AdjustPayload:
    """The event of the adjustment."""

    event: Event | None = None
    errors: list[UserError]


@strawberry.type
class DisputeMutations:
    """Agents may open them; managers may settle them, and adjust."""

    @resolved_field
    async def open_dispute(self, info: Info, input: OpenDisputeInput) -> DisputePayload | None:
        """Dispute a bill, an item or an event, or a part of it: until it is settled that is not due."""

        async def verb(unit: Unit) -> Answer:
            dispute = await actions.open_dispute(unit, **_subject(input), **given(input, *SUBJECTS))
            return {"dispute": written(dispute)}

        return await changed(info, DisputePayload, verb, input)

    @resolved_field
    async def settle_dispute(self, info: Info, input: SettleDisputeInput) -> DisputePayload | None:
        """Settle a dispute, once: what is granted is credited on its bill, the rest is due again."""

        async def verb(unit: Unit) -> Answer:
            dispute_id = key_of(input.dispute_id, "Dispute")
            dispute = await actions.settle_dispute(unit, dispute_id, **given(input, "dispute_id"))
            return {"dispute": written(dispute)}

        return await changed(info, DisputePayload, verb, input)

    @resolved_field
    async def adjust(self, info: Info, input: AdjustInput) -> AdjustPayload | None:
        """Credit or charge an account, a bill, an item or an event."""

        async def verb(unit: Unit) -> Answer:
            event_id = await actions.adjust(unit, **_subject(input), **given(input, *SUBJECTS))
            return {"event": Written(happened.Event, event_id)}

        return await changed(info, AdjustPayload, verb, input)


def _subject(input: OpenDisputeInput | AdjustInput) -> Given:
    return {
        name: key_or_none(value, SUBJECTS[name])
        for name, value in vars(input).items()
        if name in SUBJECTS
    }
