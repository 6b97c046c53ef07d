"""Accounts: the customer, and everything that hangs on one."""

from datetime import date, datetime

from tenure.accounts import models
from tenure.accounts.models import Rank
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill
from tenure.deferred.models import DeferredAction
from tenure.disputes.models import Dispute
from tenure.events.models import Event
from tenure.graphql.reads.declarations import (
    ancestors,
    column,
    computed,
    connection,
    descendant_count,
    holds,
    money,
    to_many,
    to_one,
)
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of
from tenure.graphql.types import account_balance as standing
from tenure.graphql.types.bills import BILL_ORDER, IS_SHOWN
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.deferred_actions import (
    DEFERRED_ORDER,
    DeferredActionFilter,
    deferred_filters,
)
from tenure.graphql.types.disputes import DISPUTE_ORDER
from tenure.graphql.types.events import EVENT_ORDER, EventFilter, event_filters
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.payments import PAYMENT_ORDER
from tenure.graphql.types.references import (
    AccountRef,
    BillRef,
    BillUnitRef,
    DeferredActionRef,
    DisputeRef,
    EventRef,
    PaymentMethodRef,
    PaymentRef,
    PurchasedOfferRef,
    ServiceRef,
)
from tenure.graphql.types.values import Hold, Money
from tenure.holds.models import Status
from tenure.kernel.pages import Order
from tenure.payments.models import Payment, PaymentMethod

NEWEST = Order((models.Account.created_at, models.Account.id), descending=True)


@mapped(models.Account, "A customer. Never deleted.")
class Account(Node):
    """The type that most operations start from."""

    number: str = column(models.Account.number, "Unique, given at creation, never reused.")
    name: str = column(models.Account.name)
    status: Status = column(models.Account.status, "Follows from the holds.")
    holds: list[Hold] = holds(models.Account, "Why it is not active; empty where it is.")
    rank: Rank | None = column(models.Account.rank, "How much the customer counts.")
    email: str | None = column(models.Account.email)
    phone: str | None = column(models.Account.phone)
    currency: str = column(models.Account.currency, "ISO 4217.")
    created_at: datetime = column(models.Account.created_at)
    closed_at: datetime | None = column(models.Account.closed_at, "Since when it is closed.")
    version: int = column(
        models.Account.version, "Counts its changes: give it as `expectedVersion`."
    )
    credit_limit: Money | None = money(
        models.Account.credit_limit, models.Account.currency, "Null: no limit."
    )
    balance: Money = computed(
        standing.BALANCE,
        "The sum of its events' money; negative for a credit.",
        currency=models.Account.currency,
    )
    overdue: Money = computed(
        standing.OVERDUE,
        "What it owes that is past due, and since when.",
        currency=models.Account.currency,
        of_today=True,
    )
    overdue_since: date | None = computed(
        standing.OVERDUE_SINCE,
        "The first day on which it was overdue; null where it owes nothing.",
        of_today=True,
    )

    parent: AccountRef | None = to_one(
        models.Account,
        "The hierarchy that it stands in: its parent, the way up to the root, and what is right below it.",
        by=models.Account.parent_id,
    )
    ancestors: list[AccountRef] = ancestors(
        models.Account.parent_id, "From its parent up to the root."
    )
    children: Connection[AccountRef] = connection(
        models.Account,
        "The accounts right below it, newest first.",
        by=models.Account.parent_id,
        order=NEWEST,
    )
    descendant_count: int = descendant_count(
        models.Account.parent_id, "Members of the subtree below it, itself not counted."
    )

    bill_units: list[BillUnitRef] = to_many(
        models.BillUnit,
        "Its default bill unit first.",
        by=models.BillUnit.account_id,
        order=(models.BillUnit.is_default.desc(), models.BillUnit.id.asc()),
    )
    services: Connection[ServiceRef] = connection(
        Service,
        "Newest first.",
        by=Service.account_id,
        order=Order((Service.id,), descending=True),
        filters={"status": one_of(Service.status)},
    )
    offers: list[PurchasedOfferRef] = to_many(
        PurchasedOffer,
        "The offers bought for the account itself; those of a service are the service's.",
        by=PurchasedOffer.account_id,
        order=(PurchasedOffer.id.desc(),),
        where=(PurchasedOffer.service_id.is_(None),),
        filters={"status": one_of(PurchasedOffer.status)},
    )
    bills: Connection[BillRef] = connection(
        Bill,
        "The bills that it pays, newest first; those that are still pending show once they have a charge.",
        by=Bill.account_id,
        order=BILL_ORDER,
        where=(IS_SHOWN,),
    )
    payments: Connection[PaymentRef] = connection(
        Payment, "Newest first, also those that failed.", by=Payment.account_id, order=PAYMENT_ORDER
    )
    disputes: Connection[DisputeRef] = connection(
        Dispute,
        "Of its bills, newest first.",
        by=Dispute.account_id,
        order=DISPUTE_ORDER,
        filters={"status": one_of(Dispute.status)},
    )
    events: Connection[EventRef] = connection(
        Event,
        "What happened to it and to its assets, newest first.",
        by=Event.account_id,
        order=EVENT_ORDER,
        filters=event_filters(),
        filter_input=EventFilter,
    )
    deferred_actions: Connection[DeferredActionRef] = connection(
        DeferredAction,
        "What was put off, latest first.",
        by=DeferredAction.account_id,
        order=DEFERRED_ORDER,
        filters=deferred_filters(),
        filter_input=DeferredActionFilter,
    )
    payment_methods: list[PaymentMethodRef] = to_many(
        PaymentMethod,
        "The default one first, then the newest.",
        by=PaymentMethod.account_id,
        order=(PaymentMethod.is_default.desc(), PaymentMethod.id.desc()),
    )
