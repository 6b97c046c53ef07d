"""The GraphQL type of disputes."""

from datetime import datetime

import strawberry

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill, BillItem
from tenure.disputes import models
from tenure.disputes.models import DisputeStatus
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import at_or_after, before, one_of, references
from tenure.graphql.reads.mapping import VALUE_LIMIT, Filters
from tenure.graphql.types.enums import DisputeSort
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import AccountRef, BillItemRef, BillRef, EventRef
from tenure.graphql.types.values import MoneyType
from tenure.kernel.pages import Order

DISPUTE_ORDER = Order((models.Dispute.id,), descending=True)
DISPUTE_SORTS = {
    DisputeSort.OPENED_DESC: DISPUTE_ORDER,
    DisputeSort.OPENED_ASC: Order(DISPUTE_ORDER.columns),
}


@strawberry.input(description="An omitted field or an empty list does not filter.")
class DisputeFilter:
    """Filters a list of disputes."""

    account: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Disputes of bills that this account pays."
    )
    status: list[DisputeStatus] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    opened_from: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Opened at or after this time."
    )
    opened_to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Opened before this time."
    )


def dispute_filters() -> Filters:
    """The filters behind the fields of DisputeFilter."""
    return {
        "account": references(models.Dispute.account_id, "Account"),
        "status": one_of(models.Dispute.status),
        "opened_from": at_or_after(models.Dispute.opened_at),
        "opened_to": before(models.Dispute.opened_at),
    }


@mapped(
    models.Dispute,
    "An amount of a bill that the customer disputes. It is not due while the dispute is open.",
)
class DisputeType(NodeType):
    """A dispute of a whole bill, of one of its items, or of one event of an item."""

    account: AccountRef = to_one(
        Account, "The account that pays the bill.", by=models.Dispute.account_id
    )
    bill: BillRef = to_one(
        Bill, "The bill that the disputed amount is on.", by=models.Dispute.bill_id
    )
    item: BillItemRef | None = to_one(
        BillItem,
        "The disputed item. Null if the whole bill is disputed.",
        by=models.Dispute.item_id,
    )
    event: EventRef | None = to_one(
        Event,
        "The disputed event. Null if a whole item or bill is disputed.",
        by=models.Dispute.event_id,
    )
    amount: MoneyType = money(
        models.Dispute.amount, models.Dispute.currency, "The disputed amount. Always positive."
    )
    reason: str = column(models.Dispute.reason, "Why the customer disputes it.")
    status: DisputeStatus = column(models.Dispute.status, "OPEN, or how the dispute was settled.")
    opened_at: datetime = column(models.Dispute.opened_at, "When the dispute was opened.")
    opened_by: str = column(
        models.Dispute.opened_by, "The name of the user or API client that opened it."
    )
    settled_at: datetime | None = column(
        models.Dispute.settled_at, "When the dispute was settled. Null while it is open."
    )
    settled_by: str | None = column(
        models.Dispute.settled_by,
        "The name of the user or API client that settled it. Null while it is open.",
    )
    granted: MoneyType | None = money(
        models.Dispute.granted,
        models.Dispute.currency,
        "The amount credited to the customer on settlement. Null while the dispute is open.",
    )
    note: str | None = column(models.Dispute.note, "The note of the settlement.")
