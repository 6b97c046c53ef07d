"""Lazy references to GraphQL types, for types that refer to each other.

Only this module may contain the resulting import cycles.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from tenure.graphql.types.accounts import Account
    from tenure.graphql.types.assets import PurchasedOffer, Service
    from tenure.graphql.types.bill_units import BillUnit
    from tenure.graphql.types.bills import Bill, BillItem, CarriedOver
    from tenure.graphql.types.catalog import Offer
    from tenure.graphql.types.deferred_actions import DeferredAction
    from tenure.graphql.types.disputes import Dispute
    from tenure.graphql.types.events import Event
    from tenure.graphql.types.jobs import JobRun, JobStep, JobTotal, QuarantinedAccount
    from tenure.graphql.types.payments import Payment, PaymentMethod

AccountRef: TypeAlias = Annotated["Account", strawberry.lazy("tenure.graphql.types.accounts")]
BillItemRef: TypeAlias = Annotated["BillItem", strawberry.lazy("tenure.graphql.types.bills")]
BillRef: TypeAlias = Annotated["Bill", strawberry.lazy("tenure.graphql.types.bills")]
BillUnitRef: TypeAlias = Annotated["BillUnit", strawberry.lazy("tenure.graphql.types.bill_units")]
CarriedOverRef: TypeAlias = Annotated["CarriedOver", strawberry.lazy("tenure.graphql.types.bills")]
DeferredActionRef: TypeAlias = Annotated[
    "DeferredAction", strawberry.lazy("tenure.graphql.types.deferred_actions")
]
DisputeRef: TypeAlias = Annotated["Dispute", strawberry.lazy("tenure.graphql.types.disputes")]
EventRef: TypeAlias = Annotated["Event", strawberry.lazy("tenure.graphql.types.events")]
JobRunRef: TypeAlias = Annotated["JobRun", strawberry.lazy("tenure.graphql.types.jobs")]
JobStepRef: TypeAlias = Annotated["JobStep", strawberry.lazy("tenure.graphql.types.jobs")]
JobTotalRef: TypeAlias = Annotated["JobTotal", strawberry.lazy("tenure.graphql.types.jobs")]
OfferRef: TypeAlias = Annotated["Offer", strawberry.lazy("tenure.graphql.types.catalog")]
PaymentMethodRef: TypeAlias = Annotated[
    "PaymentMethod", strawberry.lazy("tenure.graphql.types.payments")
]
PaymentRef: TypeAlias = Annotated["Payment", strawberry.lazy("tenure.graphql.types.payments")]
PurchasedOfferRef: TypeAlias = Annotated[
    "PurchasedOffer", strawberry.lazy("tenure.graphql.types.assets")
]
ServiceRef: TypeAlias = Annotated["Service", strawberry.lazy("tenure.graphql.types.assets")]
QuarantinedAccountRef: TypeAlias = Annotated[
    "QuarantinedAccount", strawberry.lazy("tenure.graphql.types.jobs")
]
