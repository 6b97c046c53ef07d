"""The GraphQL type of events."""

from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry.scalars import JSON

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import BillItem
from tenure.disputes.queries import DISPUTABLE_OF_EVENT
from tenure.events import models
from tenure.events.models import EventKind
from tenure.events.queries import change_key, is_of_account
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
from tenure.graphql.reads.filters import at_or_after, before, matches, one_of, references
from tenure.graphql.reads.mapping import VALUE_LIMIT, Filters
from tenure.graphql.types.nodes import AssetType, NodeType
from tenure.graphql.types.references import (
    AccountRef,
    BillItemRef,
    EventRef,
    PurchasedOfferRef,
    ServiceRef,
)
from tenure.graphql.types.values import MoneyType
from tenure.holds.models import Cause, Status
from tenure.holds.queries import cause_name
from tenure.kernel.pages import Order

EVENT_ORDER = Order((models.Event.occurred_at, models.Event.id), descending=True)
DISPUTABLE = (
    "The amount that can still be disputed or credited, without amounts already under dispute. "
    "0 or less: nothing can be disputed."
)
CAUSE_OF_BIT = {int(cause): cause for cause in Cause}


@strawberry.input(description="An omitted field or an empty list does not filter.")
class EventFilter:
    """Filters a list of events."""

    kind: list[EventKind] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    from_: datetime | None = strawberry.field(
        default=strawberry.UNSET, name="from", description="`occurredAt` is at or after this time."
    )
    to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="`occurredAt` is before this time."
    )
    service: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Events of this service and of its offers."
    )
    of_account: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="True: only events of the account itself. False: only events of its services "
        "and offers.",
    )


def event_filters() -> Filters:
    """The filters behind the fields of EventFilter."""
    return {
        "kind": one_of(models.Event.kind),
        "from_": at_or_after(models.Event.occurred_at),
        "to": before(models.Event.occurred_at),
        "service": references(models.Event.service_id, "Service"),
        "of_account": matches(is_of_account),
    }


@mapped(
    models.Event,
    "A business event, with or without an amount. Events are never changed or deleted.",
)
class EventType(NodeType):
    """An event of a purchased offer, of a service, or of the account itself."""

    kind: EventKind = column(
        models.Event.kind, "What happened. The fields that are set depend on it."
    )
    account: AccountRef = to_one(
        Account, "The account that the event belongs to.", by=models.Event.account_id
    )
    service: ServiceRef | None = to_one(
        Service,
        "The service that the event concerns. Null if it concerns none.",
        by=models.Event.service_id,
    )
    offer: PurchasedOfferRef | None = to_one(
        PurchasedOffer,
        "The purchased offer that the event concerns. Null if it concerns none.",
        by=models.Event.offer_id,
    )
    item: BillItemRef | None = to_one(
        BillItem,
        "The bill item of a charge, discount or adjustment. Null for other events.",
        by=models.Event.item_id,
    )
    change: str | None = expression(
        lambda row: None if row.change_id is None else str(row.change_id),
        "The same text for all events of one change, across accounts. Null for events that belong "
        "to no change, such as usage.",
        sql=change_key(),
    )
    occurred_at: datetime = column(
        models.Event.occurred_at, "When the event took effect. Earlier for a backdated change."
    )
    recorded_at: datetime = column(models.Event.recorded_at, "When the event was recorded.")
    description: str = column(models.Event.description, "Display text.")
    quantity: Decimal | None = column(
        models.Event.quantity,
        "The charged quantity, in `unit`. Null if the event is no charge.",
    )
    unit: str | None = column(models.Event.unit, "The unit of `quantity` and `rate`.")
    rate: Decimal | None = column(models.Event.rate, "The price per unit.")
    amount: MoneyType | None = money(
        models.Event.amount,
        models.Event.currency,
        "The signed amount. Null for events without an amount.",
    )
    disputable: MoneyType | None = computed(
        DISPUTABLE_OF_EVENT,
        f"{DISPUTABLE} Null if the event is no charge.",
        currency=models.Event.currency,
    )
    followed: EventRef | None = to_one(
        models.Event,
        "The event that caused this one, for example the status change of the payer. Null for the "
        "first event of a cascade.",
        by=models.Event.followed_id,
    )
    target: AssetType | None = first_of(
        relation(PurchasedOffer, by=models.Event.offer_id),
        relation(Service, by=models.Event.service_id),
        description="Status changes: the asset that changed. Null if the account itself changed.",
    )
    from_status: Status | None = column(
        models.Event.from_status, "Status changes: the status before. Null for other events."
    )
    to_status: Status | None = column(
        models.Event.to_status, "Status changes: the status after. Null for other events."
    )
    cause: Cause | None = expression(
        lambda row: CAUSE_OF_BIT.get(row.cause),
        "Status changes: the cause of the hold that was added or removed. Null for other events.",
        sql=cause_name(models.Event.cause),
    )
    reason: str | None = column(
        models.Event.reason, "The reason given with the change. Null if none was given."
    )
    actor: str = column(
        models.Event.actor, "The name of the user, API client or job that caused the event."
    )
    details: JSON | None = column(  # type: ignore[assignment]
        models.Event.details,
        "Further values by name, which depend on `kind` and on `operation` in them, for example "
        "how a fee was calculated. The partner guide lists the values of each operation. Null if "
        "there are none. Names may be added in any release.",
    )
