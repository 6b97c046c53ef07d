"""Events: everything that happened, money or not."""

from datetime import datetime
from decimal import Decimal

import strawberry
from sqlalchemy import case
from strawberry.scalars import JSON

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import BillItem
from tenure.disputes.queries import LEFT_OF_EVENT
from tenure.events import models
from tenure.events.models import EventKind
from tenure.graphql.reads.declarations import (
    column,
    computed,
    expression,
    first_of,
    money,
    relation,
    to_one,
)
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of, points_at, since, until
from tenure.graphql.reads.mapping import AT_MOST, Filters
from tenure.graphql.types.nodes import Asset, Node
from tenure.graphql.types.references import (
    AccountRef,
    BillItemRef,
    EventRef,
    PurchasedOfferRef,
    ServiceRef,
)
from tenure.graphql.types.values import Money
from tenure.holds.models import Cause, Status
from tenure.kernel.pages import Order

EVENT_ORDER = Order((models.Event.occurred_at, models.Event.id), descending=True)
DISPUTABLE = "What of it can be disputed, or credited; what is disputed already cannot. Nothing where it is not above 0."
CAUSES = {int(cause): cause for cause in Cause}
CAUSE = case({bit: cause.name for bit, cause in CAUSES.items()}, value=models.Event.cause)


@strawberry.input(description="What is left out does not narrow; neither does an empty list.")
class EventFilter:
    """Narrows a list of events."""

    kind: list[EventKind] | None = strawberry.field(default=strawberry.UNSET, description=AT_MOST)
    from_: datetime | None = strawberry.field(
        default=strawberry.UNSET, name="from", description="When it took effect: at or after."
    )
    to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="When it took effect: before."
    )
    service: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="About this service, or one of its offers."
    )


def event_filters() -> Filters:
    """What the fields of EventFilter narrow to."""
    return {
        "kind": one_of(models.Event.kind),
        "from_": since(models.Event.occurred_at),
        "to": until(models.Event.occurred_at),
        "service": points_at(models.Event.service_id, "Service"),
    }


@mapped(
    models.Event,
    "Everything that happened, money or not. Events are never changed and never deleted.",
)
class Event(Node):
    """What it is about: its offer, else its service, else the account."""

    kind: EventKind = column(models.Event.kind)
    account: AccountRef = to_one(Account, by=models.Event.account_id)
    service: ServiceRef | None = to_one(Service, by=models.Event.service_id)
    offer: PurchasedOfferRef | None = to_one(PurchasedOffer, by=models.Event.offer_id)
    item: BillItemRef | None = to_one(
        BillItem,
        "Charges, discounts and adjustments: what they count for; null for the others.",
        by=models.Event.item_id,
    )
    occurred_at: datetime = column(
        models.Event.occurred_at, "When it took effect, and when it was written."
    )
    recorded_at: datetime = column(models.Event.recorded_at)
    description: str = column(models.Event.description, "A sentence for a person.")
    quantity: Decimal | None = column(
        models.Event.quantity,
        "Charges: how much of what, at which rate, and what it cost. Null for the others.",
    )
    unit: str | None = column(models.Event.unit)
    rate: Decimal | None = column(models.Event.rate)
    amount: Money | None = money(models.Event.amount, models.Event.currency)
    disputable: Money | None = computed(
        LEFT_OF_EVENT, f"{DISPUTABLE} Null for what is no charge.", currency=models.Event.currency
    )
    followed: EventRef | None = to_one(
        models.Event,
        "The event of the change that it followed from, for example that of the payer's account; "
        "null for the first of a cascade.",
        by=models.Event.followed_id,
    )
    target: Asset | None = first_of(
        relation(PurchasedOffer, by=models.Event.offer_id),
        relation(Service, by=models.Event.service_id),
        description="Status changes: what changed (null where it is the account itself), from what, to what, and why.",
    )
    from_status: Status | None = column(models.Event.from_status)
    to_status: Status | None = column(models.Event.to_status)
    cause: Cause | None = expression(lambda row: CAUSES.get(row.cause), sql=CAUSE)
    reason: str | None = column(models.Event.reason)
    actor: str = column(models.Event.actor, "Who did it: a user's or a client's name, or the job.")
    details: JSON | None = column(models.Event.details)  # type: ignore[assignment]
