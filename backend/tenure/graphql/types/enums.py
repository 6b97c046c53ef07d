"""The enums of the contract: those of the business, with what their values mean to a partner."""

import enum
from typing import TypeVar

import strawberry

from tenure.accounts.models import Rank
from tenure.billing.bills.models import BillItemKind, BillStatus
from tenure.catalog.models import OfferKind
from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.disputes.models import DisputeStatus
from tenure.events.models import EventKind
from tenure.holds.models import Cause, Status
from tenure.jobs.models import JobKind, JobRunStatus, JobTotalKind
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode
from tenure.payments.models import PaymentMethodKind, PaymentStatus

Values = TypeVar("Values", bound=type[enum.Enum])


def published(values: Values, name: str, description: str, **meanings: str) -> Values:
    """Make an enum of the business one of the schema; `meanings` are the descriptions of its values."""
    strawberry.enum(values, name=name, description=description)
    for value in values.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = meanings.get(value.name)
    return values


@strawberry.enum(description="In which order accounts are listed.")
class AccountSort(enum.Enum):
    """Newest first when left out."""

    CREATED_DESC = "CREATED_DESC"
    CREATED_ASC = "CREATED_ASC"
    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"
    NUMBER_ASC = "NUMBER_ASC"


@strawberry.enum(description="What becomes of what is below an account that moves.")
class HierarchyChildren(enum.Enum):
    """Values as in the contract."""

    FOLLOW = strawberry.enum_value("FOLLOW", description="What is below the account moves with it.")
    STAY = strawberry.enum_value(
        "STAY", description="Its children stay where it was, under its former parent."
    )


published(Status, "Status", "Never chosen: it follows from the holds.")
published(
    Cause,
    "HoldCause",
    "Why something is held.",
    MANUAL="Somebody asked for it.",
    DEBT="A payment failed or is overdue.",
    PARENT="An account that pays for one of its bill units is not active.",
    ACCOUNT="The account that owns it is not active.",
    SERVICE="The service that it belongs to is not active.",
)
published(Rank, "Rank", "How much a customer counts.")
published(
    ErrorCode,
    "UserErrorCode",
    "What kind of mistake the caller can mend.",
    NOT_ALLOWED="The change is not allowed from the current state.",
    CONFLICT="Somebody changed it first: read again, then retry.",
    TAKEN="A login, a number or a key is taken.",
    CYCLE="The move would make an account its own ancestor, or a bill unit pay for itself.",
    CLOSED_IS_FINAL="A closed account or asset cannot be scheduled to reactivate.",
    OUT_OF_RANGE="The date lies where this change cannot be made.",
)
published(OfferKind, "OfferKind", "A charge offer costs, a discount offer takes off.")
published(
    EventKind,
    "EventKind",
    "What happened.",
    TRANSFER="Charges of a nonpaying bill unit passed to its payer, or a credit was used for a bill: two events, together zero.",
)
published(
    BillStatus,
    "BillStatus",
    "A bill collects charges, is made, and is paid.",
    PENDING="Still collecting charges.",
    OPEN="Finalized, waiting to be paid.",
)
published(BillItemKind, "BillItemKind", "What an item adds up.")
published(DisputeStatus, "DisputeStatus", "OPEN until it is settled, once.")
published(PaymentMethodKind, "PaymentMethodKind", "How money comes in.")
published(
    PaymentStatus,
    "PaymentStatus",
    "Where an attempt to collect money stands.",
    PENDING="The gateway has not answered yet: it is asked again, and nobody is charged twice.",
)
published(DeferredKind, "DeferredActionKind", "What a deferred action will do.")
published(
    DeferredStatus,
    "DeferredActionStatus",
    "Where a deferred action stands. Only PENDING and FAILED ones can still be carried out.",
    FAILED="It was tried and did not work: see `failure`.",
    NOT_APPLICABLE="By then it made no sense any more, for example because its account had been closed: see `failure`.",
)
published(
    JobKind,
    "JobKind",
    "The jobs that there are.",
    DEFERRED_ACTIONS="Carries out every deferred action that is due.",
    BILL_DAY="The day's work in order: deferred actions, cycle charges, bills (nonpaying before paying), payments.",
)
published(
    JobRunStatus,
    "JobRunStatus",
    "QUEUED and RUNNING are live; the others have ended.",
    DONE_WITH_FAILURES="Ended, and some of its work failed.",
)
published(JobTotalKind, "JobTotalKind", "What a job run adds up.")
published(
    Role,
    "Role",
    "Each role may do all that the one before it may.",
    VIEWER="Reads everything, changes nothing.",
    AGENT=(
        "Care: accounts, bill units, assets, statuses, hierarchies, deferred actions, payment methods, "
        "disputes opened, usage recorded."
    ),
    MANAGER="Agent, and: jobs, payments recorded, settling disputes, adjustments, catalog.",
    ADMIN="Manager, and: users, clients, business settings, the business clock.",
)
