"""Disputes: what of a bill the customer says is wrong."""

from datetime import datetime

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill, BillItem
from tenure.disputes import models
from tenure.disputes.models import DisputeStatus
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import AccountRef, BillItemRef, BillRef, EventRef
from tenure.graphql.types.values import Money
from tenure.kernel.pages import Order

DISPUTE_ORDER = Order((models.Dispute.id,), descending=True)


@mapped(
    models.Dispute,
    "An amount of a bill that the customer says is wrong; while it is open it is not due.",
)
class Dispute(Node):
    """Of the bill as a whole, of one of its items, or of one of their events."""

    account: AccountRef = to_one(Account, "Whose bill it is.", by=models.Dispute.account_id)
    bill: BillRef = to_one(Bill, by=models.Dispute.bill_id)
    item: BillItemRef | None = to_one(
        BillItem, "Null where it is about the whole bill.", by=models.Dispute.item_id
    )
    event: EventRef | None = to_one(
        Event, "Null where it is about more than one event.", by=models.Dispute.event_id
    )
    amount: Money = money(models.Dispute.amount, models.Dispute.currency)
    reason: str = column(models.Dispute.reason)
    status: DisputeStatus = column(models.Dispute.status)
    opened_at: datetime = column(models.Dispute.opened_at)
    opened_by: str = column(models.Dispute.opened_by)
    settled_at: datetime | None = column(models.Dispute.settled_at)
    settled_by: str | None = column(models.Dispute.settled_by)
    granted: Money | None = money(
        models.Dispute.granted,
        models.Dispute.currency,
        "What was credited to the customer when it was settled.",
    )
    note: str | None = column(models.Dispute.note, "What was said when it was settled.")
