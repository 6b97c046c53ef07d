"""The lists of the root type: the rows of all accounts, in pages."""

import strawberry

from tenure.accounts import models
from tenure.assets.models import Service
from tenure.billing.bills.models import Bill
from tenure.billing.bills.queries import is_listed
from tenure.catalog.models import Offer
from tenure.deferred.models import DeferredAction
from tenure.disputes.models import Dispute
from tenure.events.models import Event
from tenure.graphql.reads.account_filter import ACCOUNT_SORTS, AccountFilter, account_filters
from tenure.graphql.reads.declarations import connection
from tenure.graphql.reads.filters import one_of, references
from tenure.graphql.types.accounts import NEWEST
from tenure.graphql.types.assets import SERVICE_ORDER, ServiceFilter, service_filters
from tenure.graphql.types.bills import BILL_ORDER, BILL_SORTS, BillFilter, bill_filters
from tenure.graphql.types.catalog import OFFER_ORDER, offer_filters
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.deferred_actions import (
    DEFERRED_ORDER,
    DEFERRED_SORTS,
    DeferredActionFilter,
    deferred_filters,
)
from tenure.graphql.types.disputes import (
    DISPUTE_ORDER,
    DISPUTE_SORTS,
    DisputeFilter,
    dispute_filters,
)
from tenure.graphql.types.events import EVENT_ORDER, EventFilter, event_filters
from tenure.graphql.types.imports import FILE_ORDER
from tenure.graphql.types.jobs import JOB_RUN_ORDER, QUARANTINED_ORDER
from tenure.graphql.types.payments import (
    PAYMENT_ORDER,
    PAYMENT_SORTS,
    PaymentFilter,
    payment_filters,
)
from tenure.graphql.types.reasons import REASON_ORDER, reason_filters
from tenure.graphql.types.references import (
    AccountRef,
    BillRef,
    DeferredActionRef,
    DisputeRef,
    EventRef,
    ImportFileRef,
    JobRunRef,
    OfferRef,
    PaymentRef,
    QuarantinedAccountRef,
    ServiceRef,
    StatusReasonRef,
)
from tenure.importing.models import ImportFile
from tenure.jobs.models import JobRun, QuarantinedAccount
from tenure.jobs.queries import AWAITS_RETRY
from tenure.payments.models import Payment
from tenure.reasons.models import StatusReason


@strawberry.type
class Lists:
    """Declared lists. `Query` inherits and registers them."""

    accounts: ConnectionType[AccountRef] = connection(
        models.Account,
        "All accounts. Default order: newest first.",
        order=NEWEST,
        filters=account_filters(),
        filter_input=AccountFilter,
        sorts=ACCOUNT_SORTS,
    )
    bills: ConnectionType[BillRef] = connection(
        Bill,
        "The bills of all accounts. A pending bill is listed once it has a charge. Default order: "
        "newest period first.",
        order=BILL_ORDER,
        where=(is_listed(),),
        filters=bill_filters(),
        filter_input=BillFilter,
        sorts=BILL_SORTS,
        bounded_count=True,
    )
    deferred_actions: ConnectionType[DeferredActionRef] = connection(
        DeferredAction,
        "All deferred actions. Default order: latest scheduled time first.",
        order=DEFERRED_ORDER,
        filters=deferred_filters(),
        filter_input=DeferredActionFilter,
        sorts=DEFERRED_SORTS,
    )
    disputes: ConnectionType[DisputeRef] = connection(
        Dispute,
        "The disputes of all accounts. Default order: newest first.",
        order=DISPUTE_ORDER,
        filters=dispute_filters(),
        filter_input=DisputeFilter,
        sorts=DISPUTE_SORTS,
    )
    events: ConnectionType[EventRef] = connection(
        Event,
        "The events of all accounts, newest first. To list rare kinds, also provide `from` and "
        "`to`, or `account`.",
        order=EVENT_ORDER,
        filters={
            **event_filters(),
            "account": references(
                Event.account_id,
                "Account",
                kind=strawberry.ID,
                description="Events of this account, by its global id.",
            ),
        },
        filter_input=EventFilter,
        bounded_count=True,
    )
    import_files: ConnectionType[ImportFileRef] = connection(
        ImportFile,
        "The files that were uploaded for import, newest first.",
        order=FILE_ORDER,
        where=(ImportFile.is_complete.is_(True),),
    )
    job_runs: ConnectionType[JobRunRef] = connection(
        JobRun,
        "All job runs, newest first.",
        order=JOB_RUN_ORDER,
        filters={"kind": one_of(JobRun.kind), "status": one_of(JobRun.status)},
    )
    offers: ConnectionType[OfferRef] = connection(
        Offer,
        "The catalog, newest first. `search` matches words in code and name.",
        order=OFFER_ORDER,
        filters=offer_filters(),
    )
    payments: ConnectionType[PaymentRef] = connection(
        Payment,
        "The payments of all accounts, including failed ones. Default order: newest first.",
        order=PAYMENT_ORDER,
        filters=payment_filters(),
        filter_input=PaymentFilter,
        sorts=PAYMENT_SORTS,
        bounded_count=True,
    )
    quarantined_accounts: ConnectionType[QuarantinedAccountRef] = connection(
        QuarantinedAccount,
        "The accounts for which the bill day failed and is to be retried, newest first. Each "
        "account is listed once, with its last failure.",
        order=QUARANTINED_ORDER,
        where=(AWAITS_RETRY,),
    )
    reasons: ConnectionType[StatusReasonRef] = connection(
        StatusReason,
        "The reasons that users choose for status changes, in the order of their codes.",
        order=REASON_ORDER,
        filters=reason_filters(),
    )
    services: ConnectionType[ServiceRef] = connection(
        Service,
        "The services of all accounts, newest first.",
        order=SERVICE_ORDER,
        filters=service_filters(),
        filter_input=ServiceFilter,
        bounded_count=True,
    )
