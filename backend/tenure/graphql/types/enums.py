"""The enums of the schema: enums of the business packages with their descriptions."""

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


def publish_enum(values: Values, name: str, description: str, **value_descriptions: str) -> Values:
    """Add an enum of a business package to the schema, with descriptions of its values."""
    strawberry.enum(values, name=name, description=description)
    for value in values.__strawberry_definition__.values:  # type: ignore[attr-defined]
        value.description = value_descriptions.get(value.name)
    return values


@strawberry.enum(description="The sort order of accounts. Default: CREATED_DESC.")
class AccountSort(enum.Enum):
    """CREATED_DESC, newest first, is the default."""

    CREATED_DESC = "CREATED_DESC"
    CREATED_ASC = "CREATED_ASC"
    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"
    NUMBER_ASC = "NUMBER_ASC"


@strawberry.enum(
    description="What happens to the children of an account that moves in the hierarchy."
)
class HierarchyChildren(enum.Enum):
    """Whether the children of a moved account move with it."""

    FOLLOW = strawberry.enum_value("FOLLOW", description="All accounts below move with it.")
    STAY = strawberry.enum_value("STAY", description="Its children stay under its former parent.")


publish_enum(Status, "Status", "The status of an account or asset, derived from its holds.")
publish_enum(
    Cause,
    "HoldCause",
    "The cause of a hold.",
    MANUAL="A user or API client requested it.",
    DEBT="A payment failed or is overdue.",
    PARENT="The account that pays for one of its bill units is not active.",
    ACCOUNT="The account that owns the asset is not active.",
    SERVICE="The service of the offer is not active.",
)
publish_enum(Rank, "Rank", "The importance of a customer.")
publish_enum(
    ErrorCode,
    "UserErrorCode",
    "The kind of error. The caller can correct each of them.",
    NOT_ALLOWED="The change is not allowed in the current state.",
    CONFLICT="Another request changed the object first. Reload it and retry.",
    TAKEN="The login, number, code or reference is already in use.",
    CYCLE="The move would make an account its own ancestor, or a bill unit pay for itself.",
    CLOSED_IS_FINAL="A closed account or asset cannot be scheduled to reactivate.",
    OUT_OF_RANGE="The value or date is outside the allowed range.",
)
publish_enum(OfferKind, "OfferKind", "A charge offer adds fees, a discount offer reduces them.")
publish_enum(
    EventKind,
    "EventKind",
    "The kind of event.",
    TRANSFER=(
        "Charges of a nonpaying bill unit were transferred to its payer, or a credit was applied "
        "to a bill. Recorded as two events whose amounts sum to zero."
    ),
)
publish_enum(
    BillStatus,
    "BillStatus",
    "The status of a bill: it collects charges, is finalized, then paid.",
    PENDING="Collecting charges.",
    OPEN="Finalized and not fully paid.",
)
publish_enum(BillItemKind, "BillItemKind", "The kind of charges in a bill item.")
publish_enum(DisputeStatus, "DisputeStatus", "OPEN until the dispute is settled.")
publish_enum(PaymentMethodKind, "PaymentMethodKind", "The kind of payment method.")
publish_enum(
    PaymentStatus,
    "PaymentStatus",
    "The status of a payment.",
    PENDING=(
        "The gateway has not confirmed the result. The request is repeated without charging twice."
    ),
)
publish_enum(DeferredKind, "DeferredActionKind", "The kind of change that a deferred action makes.")
publish_enum(
    DeferredStatus,
    "DeferredActionStatus",
    "The status of a deferred action. Only PENDING and FAILED actions can be executed.",
    FAILED="Execution failed. See `failure`.",
    NOT_APPLICABLE=(
        "The change no longer applied at the scheduled time, for example because the account had "
        "been closed. See `failure`."
    ),
)
publish_enum(
    JobKind,
    "JobKind",
    "The kind of job.",
    DEFERRED_ACTIONS="Executes all deferred actions that are due.",
    BILL_DAY=(
        "Runs the steps of a business date in order: deferred actions, cycle charges, bills "
        "(nonpaying before paying), payments."
    ),
)
publish_enum(
    JobRunStatus,
    "JobRunStatus",
    "The status of a job run. All but QUEUED and RUNNING are final.",
    DONE_WITH_FAILURES="Ended with failed actions or quarantined accounts.",
)
publish_enum(JobTotalKind, "JobTotalKind", "The kind of records that a job run counts.")
publish_enum(
    Role,
    "Role",
    "The role of a user or API client. Each role includes the permissions of the previous one.",
    VIEWER="Read-only access to all data.",
    AGENT=(
        "Customer care: changes accounts, bill units, assets, statuses, hierarchies, deferred "
        "actions and payment methods, opens disputes and records usage."
    ),
    MANAGER="AGENT, plus jobs, recorded payments, dispute settlement, adjustments and the catalog.",
    ADMIN="MANAGER, plus users, API clients, business settings and the business clock.",
)
