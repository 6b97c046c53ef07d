"""Lazy references to GraphQL types, for types that refer to each other.

Only this module may contain the resulting import cycles.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from tenure.graphql.types.accounts import AccountType
    from tenure.graphql.types.assets import PurchasedOfferType, ServiceType
    from tenure.graphql.types.audit import AuditEntryType
    from tenure.graphql.types.bill_units import BillUnitType
    from tenure.graphql.types.bills import BillItemType, BillType, CarriedOverType
    from tenure.graphql.types.catalog import OfferType
    from tenure.graphql.types.deferred_actions import DeferredActionType
    from tenure.graphql.types.disputes import DisputeType
    from tenure.graphql.types.events import EventType
    from tenure.graphql.types.identity import TokenType, UserType
    from tenure.graphql.types.imports import (
        ImportAccountType,
        ImportFileType,
        ImportOfferType,
        ImportRejectType,
        ImportRunType,
    )
    from tenure.graphql.types.jobs import (
        JobRunType,
        JobStepType,
        JobTotalType,
        QuarantinedAccountType,
    )
    from tenure.graphql.types.payments import PaymentMethodType, PaymentType
    from tenure.graphql.types.people import ContactType, NoteType
    from tenure.graphql.types.reasons import StatusReasonType
    from tenure.graphql.types.status_change_jobs import StatusChangeJobType, StatusChangeResultType
    from tenure.graphql.types.webhooks import WebhookDeliveryType, WebhookType

AccountRef: TypeAlias = Annotated["AccountType", strawberry.lazy("tenure.graphql.types.accounts")]
AuditEntryRef: TypeAlias = Annotated[
    "AuditEntryType", strawberry.lazy("tenure.graphql.types.audit")
]
BillItemRef: TypeAlias = Annotated["BillItemType", strawberry.lazy("tenure.graphql.types.bills")]
BillRef: TypeAlias = Annotated["BillType", strawberry.lazy("tenure.graphql.types.bills")]
BillUnitRef: TypeAlias = Annotated[
    "BillUnitType", strawberry.lazy("tenure.graphql.types.bill_units")
]
CarriedOverRef: TypeAlias = Annotated[
    "CarriedOverType", strawberry.lazy("tenure.graphql.types.bills")
]
ContactRef: TypeAlias = Annotated["ContactType", strawberry.lazy("tenure.graphql.types.people")]
DeferredActionRef: TypeAlias = Annotated[
    "DeferredActionType", strawberry.lazy("tenure.graphql.types.deferred_actions")
]
DisputeRef: TypeAlias = Annotated["DisputeType", strawberry.lazy("tenure.graphql.types.disputes")]
EventRef: TypeAlias = Annotated["EventType", strawberry.lazy("tenure.graphql.types.events")]
ImportAccountRef: TypeAlias = Annotated[
    "ImportAccountType", strawberry.lazy("tenure.graphql.types.imports")
]
ImportFileRef: TypeAlias = Annotated[
    "ImportFileType", strawberry.lazy("tenure.graphql.types.imports")
]
ImportOfferRef: TypeAlias = Annotated[
    "ImportOfferType", strawberry.lazy("tenure.graphql.types.imports")
]
ImportRejectRef: TypeAlias = Annotated[
    "ImportRejectType", strawberry.lazy("tenure.graphql.types.imports")
]
ImportRunRef: TypeAlias = Annotated[
    "ImportRunType", strawberry.lazy("tenure.graphql.types.imports")
]
JobRunRef: TypeAlias = Annotated["JobRunType", strawberry.lazy("tenure.graphql.types.jobs")]
JobStepRef: TypeAlias = Annotated["JobStepType", strawberry.lazy("tenure.graphql.types.jobs")]
JobTotalRef: TypeAlias = Annotated["JobTotalType", strawberry.lazy("tenure.graphql.types.jobs")]
NoteRef: TypeAlias = Annotated["NoteType", strawberry.lazy("tenure.graphql.types.people")]
OfferRef: TypeAlias = Annotated["OfferType", strawberry.lazy("tenure.graphql.types.catalog")]
PaymentMethodRef: TypeAlias = Annotated[
    "PaymentMethodType", strawberry.lazy("tenure.graphql.types.payments")
]
PaymentRef: TypeAlias = Annotated["PaymentType", strawberry.lazy("tenure.graphql.types.payments")]
PurchasedOfferRef: TypeAlias = Annotated[
    "PurchasedOfferType", strawberry.lazy("tenure.graphql.types.assets")
]
ServiceRef: TypeAlias = Annotated["ServiceType", strawberry.lazy("tenure.graphql.types.assets")]
StatusReasonRef: TypeAlias = Annotated[
    "StatusReasonType", strawberry.lazy("tenure.graphql.types.reasons")
]
QuarantinedAccountRef: TypeAlias = Annotated[
    "QuarantinedAccountType", strawberry.lazy("tenure.graphql.types.jobs")
]
TokenRef: TypeAlias = Annotated["TokenType", strawberry.lazy("tenure.graphql.types.identity")]
UserRef: TypeAlias = Annotated["UserType", strawberry.lazy("tenure.graphql.types.identity")]
WebhookDeliveryRef: TypeAlias = Annotated[
    "WebhookDeliveryType", strawberry.lazy("tenure.graphql.types.webhooks")
]
WebhookRef: TypeAlias = Annotated["WebhookType", strawberry.lazy("tenure.graphql.types.webhooks")]
StatusChangeJobRef: TypeAlias = Annotated[
    "StatusChangeJobType", strawberry.lazy("tenure.graphql.types.status_change_jobs")
]
StatusChangeResultRef: TypeAlias = Annotated[
    "StatusChangeResultType", strawberry.lazy("tenure.graphql.types.status_change_jobs")
]
