"""The types by names that can be used before they are made: accounts have bill units, and bill units accounts.

The graph's circles are closed here and nowhere else.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import strawberry

if TYPE_CHECKING:
    from tenure.graphql.accounts import Account
    from tenure.graphql.assets import PurchasedOffer, Service
    from tenure.graphql.bill_units import BillUnit
    from tenure.graphql.bills import Bill, BillItem, CarriedOver
    from tenure.graphql.catalog import Offer
    from tenure.graphql.deferred import DeferredAction
    from tenure.graphql.disputes import Dispute
    from tenure.graphql.events import Event
    from tenure.graphql.jobs import JobRun, JobStep, JobTotal, SetAside
    from tenure.graphql.payments import Payment, PaymentMethod

AccountRef: TypeAlias = Annotated["Account", strawberry.lazy("tenure.graphql.accounts")]
BillItemRef: TypeAlias = Annotated["BillItem", strawberry.lazy("tenure.graphql.bills")]
BillRef: TypeAlias = Annotated["Bill", strawberry.lazy("tenure.graphql.bills")]
BillUnitRef: TypeAlias = Annotated["BillUnit", strawberry.lazy("tenure.graphql.bill_units")]
CarriedOverRef: TypeAlias = Annotated["CarriedOver", strawberry.lazy("tenure.graphql.bills")]
DeferredActionRef: TypeAlias = Annotated["DeferredAction", strawberry.lazy("tenure.graphql.deferred")]
DisputeRef: TypeAlias = Annotated["Dispute", strawberry.lazy("tenure.graphql.disputes")]
EventRef: TypeAlias = Annotated["Event", strawberry.lazy("tenure.graphql.events")]
JobRunRef: TypeAlias = Annotated["JobRun", strawberry.lazy("tenure.graphql.jobs")]
JobStepRef: TypeAlias = Annotated["JobStep", strawberry.lazy("tenure.graphql.jobs")]
JobTotalRef: TypeAlias = Annotated["JobTotal", strawberry.lazy("tenure.graphql.jobs")]
OfferRef: TypeAlias = Annotated["Offer", strawberry.lazy("tenure.graphql.catalog")]
PaymentMethodRef: TypeAlias = Annotated["PaymentMethod", strawberry.lazy("tenure.graphql.payments")]
PaymentRef: TypeAlias = Annotated["Payment", strawberry.lazy("tenure.graphql.payments")]
PurchasedOfferRef: TypeAlias = Annotated["PurchasedOffer", strawberry.lazy("tenure.graphql.assets")]
ServiceRef: TypeAlias = Annotated["Service", strawberry.lazy("tenure.graphql.assets")]
SetAsideRef: TypeAlias = Annotated["SetAside", strawberry.lazy("tenure.graphql.jobs")]
