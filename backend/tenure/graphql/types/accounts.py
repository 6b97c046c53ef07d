"""The GraphQL type of accounts, with their relations."""

from datetime import date, datetime

from tenure.accounts import models
from tenure.accounts.models import Rank
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill
from tenure.billing.bills.queries import is_listed
from tenure.billing.credits.queries import account_balance, overdue_amount, overdue_since
from tenure.contacts.models import Contact
from tenure.contacts.queries import CONTACT_ORDER
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
from tenure.graphql.reads.filters import contains_words, one_of
from tenure.graphql.reads.mapping import TODAY
from tenure.graphql.types.assets import SERVICE_ORDER
from tenure.graphql.types.bills import BILL_ORDER
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.deferred_actions import (
    DEFERRED_ORDER,
    DEFERRED_SORTS,
    DeferredActionFilter,
    deferred_filters,
)
from tenure.graphql.types.disputes import DISPUTE_ORDER
from tenure.graphql.types.events import EVENT_ORDER, EventFilter, event_filters
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.payments import PAYMENT_ORDER
from tenure.graphql.types.people import NOTE_ORDER, note_filters
from tenure.graphql.types.references import (
    AccountRef,
    BillRef,
    BillUnitRef,
    ContactRef,
    DeferredActionRef,
    DisputeRef,
    EventRef,
    NoteRef,
    PaymentMethodRef,
    PaymentRef,
    PurchasedOfferRef,
    QuarantinedAccountRef,
    ServiceRef,
)
from tenure.graphql.types.values import HoldType, MoneyType
from tenure.holds.models import Status
from tenure.jobs.models import QuarantinedAccount
from tenure.jobs.queries import AWAITS_RETRY
from tenure.kernel.pages import Order
from tenure.notes.models import Note
from tenure.payments.models import Payment, PaymentMethod

NEWEST = Order((models.Account.created_at, models.Account.id), descending=True)


@mapped(models.Account, "A customer account. Accounts are never deleted.")
class AccountType(NodeType):
    """An account with its balance, hierarchy, assets, bills and events."""

    number: str = column(
        models.Account.number, "Unique account number. Set at creation and never reused."
    )
    name: str = column(
        models.Account.name,
        "The customer's name, for example `Hana Suzuki`. At most 255 characters.",
    )
    status: Status = column(models.Account.status, "Derived from `holds`.")
    holds: list[HoldType] = holds(
        models.Account, "The reasons why the account is not active. Empty if it is active."
    )
    rank: Rank | None = column(models.Account.rank, "The importance of the customer.")
    email: str | None = column(
        models.Account.email, "The customer's e-mail address. Null if none is known."
    )
    phone: str | None = column(
        models.Account.phone, "The customer's telephone number as entered. Null if none is known."
    )
    currency: str = column(models.Account.currency, "ISO 4217 currency code.")
    created_at: datetime = column(
        models.Account.created_at, "When the account was created, by the business clock."
    )
    closed_at: datetime | None = column(
        models.Account.closed_at, "When the account was closed. Null if it is not closed."
    )
    version: int = column(
        models.Account.version,
        "Incremented by each change. Pass it as `expectedVersion` to detect conflicts.",
    )
    credit_limit: MoneyType | None = money(
        models.Account.credit_limit,
        models.Account.currency,
        "Usage is denied once the balance reaches this amount. Null: no limit.",
    )
    balance: MoneyType = computed(
        account_balance(),
        "The sum of the amounts of its events. Negative for a credit.",
        currency=models.Account.currency,
    )
    overdue: MoneyType = computed(
        overdue_amount(TODAY),
        "The unpaid amount of bills that are past their due date.",
        currency=models.Account.currency,
        uses_today=True,
    )
    overdue_since: date | None = computed(
        overdue_since(TODAY),
        "The first day on which the account was overdue. Null if nothing is overdue.",
        uses_today=True,
    )

    parent: AccountRef | None = to_one(
        models.Account,
        "The parent in the account hierarchy. Null for the root.",
        by=models.Account.parent_id,
    )
    ancestors: list[AccountRef] = ancestors(
        models.Account.parent_id, "The accounts above it, from its parent to the root."
    )
    children: ConnectionType[AccountRef] = connection(
        models.Account,
        "The direct children in the account hierarchy, newest first.",
        by=models.Account.parent_id,
        order=NEWEST,
    )
    descendant_count: int = descendant_count(
        models.Account.parent_id, "The number of accounts below it at any depth."
    )

    bill_units: list[BillUnitRef] = to_many(
        models.BillUnit,
        "Its bill units, the default one first.",
        by=models.BillUnit.account_id,
        order=(models.BillUnit.is_default.desc(), models.BillUnit.id.asc()),
    )
    services: ConnectionType[ServiceRef] = connection(
        Service,
        "Its services, newest first.",
        by=Service.account_id,
        order=SERVICE_ORDER,
        filters={
            "status": one_of(Service.status),
            "search": contains_words(
                "Words that name or login contain. Case is ignored. At most 10 words.",
                Service.name,
                Service.login,
            ),
        },
    )
    offers: list[PurchasedOfferRef] = to_many(
        PurchasedOffer,
        "The offers purchased for the account itself. Offers of a service are on `Service`.",
        by=PurchasedOffer.account_id,
        order=(PurchasedOffer.id.desc(),),
        where=(PurchasedOffer.service_id.is_(None),),
        filters={"status": one_of(PurchasedOffer.status)},
    )
    bills: ConnectionType[BillRef] = connection(
        Bill,
        "The bills that the account pays, newest first. A pending bill is listed once it has a "
        "charge.",
        by=Bill.account_id,
        order=BILL_ORDER,
        where=(is_listed(),),
    )
    payments: ConnectionType[PaymentRef] = connection(
        Payment,
        "Its payments, including failed ones, newest first.",
        by=Payment.account_id,
        order=PAYMENT_ORDER,
    )
    disputes: ConnectionType[DisputeRef] = connection(
        Dispute,
        "The disputes of its bills, newest first.",
        by=Dispute.account_id,
        order=DISPUTE_ORDER,
        filters={"status": one_of(Dispute.status)},
    )
    events: ConnectionType[EventRef] = connection(
        Event,
        "The events of the account and its assets, newest first.",
        by=Event.account_id,
        order=EVENT_ORDER,
        filters=event_filters(),
        filter_input=EventFilter,
    )
    deferred_actions: ConnectionType[DeferredActionRef] = connection(
        DeferredAction,
        "Its deferred actions. Default order: latest scheduled time first.",
        by=DeferredAction.account_id,
        order=DEFERRED_ORDER,
        filters=deferred_filters(),
        filter_input=DeferredActionFilter,
        sorts=DEFERRED_SORTS,
    )
    contacts: list[ContactRef] = to_many(
        Contact,
        "Its contacts, at most 100: the one that bills are addressed to first, then other billing "
        "contacts, then the others, oldest first.",
        by=Contact.account_id,
        order=CONTACT_ORDER,
    )
    notes: ConnectionType[NoteRef] = connection(
        Note,
        "The notes about it: pinned ones first, then the newest.",
        by=Note.account_id,
        order=NOTE_ORDER,
        filters=note_filters(),
    )
    quarantined: QuarantinedAccountRef | None = to_one(
        QuarantinedAccount,
        "Why the last bill day failed for the account. Null if it did not, or was retried.",
        by=models.Account.id,
        to=QuarantinedAccount.account_id,
        where=(AWAITS_RETRY,),
    )
    payment_methods: list[PaymentMethodRef] = to_many(
        PaymentMethod,
        "Its payment methods: the default one first, then the newest.",
        by=PaymentMethod.account_id,
        order=(PaymentMethod.is_default.desc(), PaymentMethod.id.desc()),
    )
