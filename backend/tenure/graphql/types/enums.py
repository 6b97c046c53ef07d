"""The enums of the schema: enums of the business packages with their descriptions."""

import enum
from typing import TypeVar

import strawberry

from tenure.accounts.models import Rank
from tenure.billing.bills.models import BillItemKind, BillStatus
from tenure.catalog.models import OfferKind
from tenure.contacts.models import ContactKind
from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.disputes.models import DisputeStatus
from tenure.events.models import EventKind
from tenure.holds.models import Cause, Status
from tenure.jobs.models import JobKind, JobRunStatus, JobTotalKind, StatusChangeResultStatus
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

    CREATED_DESC = strawberry.enum_value("CREATED_DESC", description="Newest first.")
    CREATED_ASC = strawberry.enum_value("CREATED_ASC", description="Oldest first.")
    NAME_ASC = strawberry.enum_value("NAME_ASC", description="By name, from A to Z.")
    NAME_DESC = strawberry.enum_value("NAME_DESC", description="By name, from Z to A.")
    NUMBER_ASC = strawberry.enum_value("NUMBER_ASC", description="By account number.")


@strawberry.enum(description="The sort order of bills. Default: PERIOD_DESC.")
class BillSort(enum.Enum):
    """PERIOD_DESC, newest period first, is the default."""

    PERIOD_DESC = strawberry.enum_value("PERIOD_DESC", description="Newest period first.")
    PERIOD_ASC = strawberry.enum_value("PERIOD_ASC", description="Oldest period first.")


@strawberry.enum(description="The sort order of disputes. Default: OPENED_DESC.")
class DisputeSort(enum.Enum):
    """OPENED_DESC, newest first, is the default."""

    OPENED_DESC = strawberry.enum_value("OPENED_DESC", description="Newest first.")
    OPENED_ASC = strawberry.enum_value("OPENED_ASC", description="Oldest first.")


@strawberry.enum(description="The sort order of payments. Default: CREATED_DESC.")
class PaymentSort(enum.Enum):
    """CREATED_DESC, newest first, is the default."""

    CREATED_DESC = strawberry.enum_value("CREATED_DESC", description="Newest first.")
    CREATED_ASC = strawberry.enum_value("CREATED_ASC", description="Oldest first.")


@strawberry.enum(description="The sort order of deferred actions. Default: SCHEDULED_DESC.")
class DeferredActionSort(enum.Enum):
    """SCHEDULED_DESC, latest scheduled time first, is the default."""

    SCHEDULED_ASC = strawberry.enum_value(
        "SCHEDULED_ASC", description="Earliest scheduled time first: the order of execution."
    )
    SCHEDULED_DESC = strawberry.enum_value(
        "SCHEDULED_DESC", description="Latest scheduled time first."
    )


@strawberry.enum(
    description="What happens to the children of an account that moves in the hierarchy."
)
class HierarchyChildren(enum.Enum):
    """Whether the children of a moved account move with it."""

    FOLLOW = strawberry.enum_value("FOLLOW", description="All accounts below move with it.")
    STAY = strawberry.enum_value("STAY", description="Its children stay under its former parent.")


publish_enum(
    Status,
    "Status",
    "The status of an account or asset, derived from its holds.",
    ACTIVE="In use: nothing holds it.",
    INACTIVE="Suspended: not usable and not charged. It can become ACTIVE again.",
    CLOSED="Ended. An account or service can be reopened, a purchased offer cannot.",
)
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
publish_enum(
    ContactKind,
    "ContactKind",
    "What a contact is for.",
    BILLING="Bills. The primary billing contact is the one on the bill.",
    SERVICE="The place and people of the services.",
    OTHER="Anything else.",
)
publish_enum(
    Rank,
    "Rank",
    "The importance of a customer.",
    PLATINUM="The most important customers.",
    GOLD="Below PLATINUM.",
    SILVER="Below GOLD.",
    BRONZE="The lowest rank. An account without a rank has null.",
)
publish_enum(
    ErrorCode,
    "UserErrorCode",
    "The kind of error. The caller can correct each of them.",
    INVALID="The value has a wrong form, or does not fit the other values.",
    REQUIRED="The value must not be null, omitted or empty.",
    NOT_FOUND="No object has this id, number, code or login.",
    NOT_ALLOWED="The change is not allowed in the current state.",
    CONFLICT="Another request changed the object first. Reload it and retry.",
    TAKEN="The login, number, code or reference is already in use.",
    CYCLE="The move would make an account its own ancestor, or a bill unit pay for itself.",
    CLOSED_IS_FINAL="A closed account or asset cannot be scheduled to reactivate.",
    OUT_OF_RANGE="The value or date is outside the allowed range.",
)
publish_enum(
    OfferKind,
    "OfferKind",
    "A charge offer adds fees, a discount offer reduces them.",
    CHARGE="Charges fees: once, per month, per unit of usage, at the end.",
    DISCOUNT="Takes percentages off the fees of other offers.",
)
publish_enum(
    EventKind,
    "EventKind",
    "The kind of event.",
    PURCHASE_FEE="A fee charged once at purchase.",
    CYCLE_FEE="A monthly fee, charged in advance, or its correction after a status change.",
    USAGE="A charge for usage that was recorded.",
    CANCEL_FEE="A fee charged when an offer is closed.",
    DISCOUNT="The amount that a discount offer takes off a fee.",
    ADJUSTMENT="An amount credited (negative) or charged (positive) by hand, or a granted dispute.",
    PAYMENT="Money received. The amount is negative.",
    DISPUTE="A dispute was opened or settled.",
    STATUS_CHANGE="Status or holds of an account, service or offer changed.",
    HIERARCHY_CHANGE="The account got another parent or another payer, or lost it.",
    DEFERRED_ACTION="A change was scheduled, rescheduled, cancelled or executed.",
    ACCOUNT_CHANGE="The account or something that belongs to it was created or edited.",
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
    PAID="Finalized, and nothing of its own charges is unpaid.",
)
publish_enum(
    BillItemKind,
    "BillItemKind",
    "The kind of charges in a bill item.",
    PURCHASE="Purchase fees.",
    CYCLE="Monthly fees.",
    USAGE="Usage charges.",
    CANCEL="Cancel fees.",
    ADJUSTMENT="Credits and charges made by hand that belong to no other item.",
)
publish_enum(
    DisputeStatus,
    "DisputeStatus",
    "OPEN until the dispute is settled.",
    OPEN="Not settled. The disputed amount is neither due nor collected.",
    GRANTED="The whole amount was credited.",
    PARTLY_GRANTED="A part of the amount was credited. The rest is due again.",
    DENIED="Nothing was credited. The amount is due again.",
)
publish_enum(
    PaymentMethodKind,
    "PaymentMethodKind",
    "The kind of payment method.",
    CREDIT_CARD="Charged through the gateway on the bill day.",
    DIRECT_DEBIT="Collected through the gateway on the bill day.",
    INVOICE="The customer pays by the due date. Nothing is collected.",
)
publish_enum(
    PaymentStatus,
    "PaymentStatus",
    "The status of a payment.",
    SUCCEEDED="The money was received.",
    FAILED="The gateway declined. See `result`.",
    PENDING=(
        "The gateway has not confirmed the result. The request is repeated without charging twice."
    ),
)
publish_enum(
    DeferredKind,
    "DeferredActionKind",
    "The kind of change that a deferred action makes.",
    CHANGE_ACCOUNT_STATUS="Changes the status of an account.",
    CHANGE_SERVICE_STATUS="Changes the status of a service.",
    CHANGE_OFFER_STATUS="Changes the status of a purchased offer.",
    ADD_TO_HIERARCHY="Gives an account a parent that it does not have yet.",
    REMOVE_FROM_HIERARCHY="Removes an account from its parent.",
    MOVE_IN_HIERARCHY="Moves an account to another parent.",
)
publish_enum(
    DeferredStatus,
    "DeferredActionStatus",
    "The status of a deferred action. Only PENDING and FAILED actions can be executed.",
    PENDING="Waits for its scheduled time.",
    DONE="Executed. The change was made.",
    CANCELLED="Cancelled before it was executed.",
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
    STATUS_CHANGE="Changes the status of many accounts. Started by `startStatusChangeJob`.",
    IMPORT="Checks or imports an uploaded file. Started by `startImport`, not by `startJob`.",
)
publish_enum(
    JobRunStatus,
    "JobRunStatus",
    "The status of a job run. All but QUEUED and RUNNING are final.",
    QUEUED="Requested. No worker has started it yet.",
    RUNNING="A worker executes it.",
    DONE="Ended without failures.",
    FAILED="Ended early because it could not continue. See `failure`.",
    CANCELLED="Ended early by `cancelJob`. Completed work is kept.",
    DONE_WITH_FAILURES="Ended with failed actions or quarantined accounts.",
)
publish_enum(
    StatusChangeResultStatus,
    "StatusChangeResultStatus",
    "The result of one account of a status change job.",
    PENDING="Not tried yet; after the end of the run: the run was cancelled before.",
    DONE="Changed, or scheduled if the job has `deferUntil`.",
    UNCHANGED="The account had the status already. Nothing was written.",
    FAILED="Not changed. See `errorCode` and `message`.",
)
publish_enum(
    JobTotalKind,
    "JobTotalKind",
    "The kind of records that a job run counts.",
    BILLS_MADE="Finalized bills.",
    PAYMENTS_COLLECTED="Payments that succeeded.",
    PAYMENTS_FAILED="Payments that the gateway declined.",
)
