"""The GraphQL types of deferred actions: changes scheduled for a later time."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter

import strawberry

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred import models
from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.deferred.queries import COUNTED, counts_by_day
from tenure.graphql.reads.declarations import column, first_of, relation, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import at_or_after, before, one_of, references
from tenure.graphql.reads.mapping import VALUE_LIMIT, CountsByDay, Filters
from tenure.graphql.types.enums import DeferredActionSort
from tenure.graphql.types.nodes import AssetType, NodeType
from tenure.graphql.types.references import AccountRef, DeferredActionRef, JobRunRef
from tenure.holds.models import Status
from tenure.jobs.models import JobRun
from tenure.kernel.pages import Order

# Two months: a calendar shows one month and the days around it.
MAX_CALENDAR_DAYS = 62
DEFERRED_ORDER = Order(
    (models.DeferredAction.scheduled_for, models.DeferredAction.id), descending=True
)
DEFERRED_SORTS = {
    DeferredActionSort.SCHEDULED_ASC: Order(DEFERRED_ORDER.columns),
    DeferredActionSort.SCHEDULED_DESC: DEFERRED_ORDER,
}


@strawberry.input(description="An omitted field or an empty list does not filter.")
class DeferredActionFilter:
    """Filters a list of deferred actions."""

    status: list[DeferredStatus] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    kind: list[DeferredKind] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    account: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Actions of this account, its services and its offers.",
    )
    scheduled_from: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Scheduled at or after this time."
    )
    scheduled_to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Scheduled before this time."
    )


def deferred_filters() -> Filters:
    """The filters behind the fields of DeferredActionFilter."""
    return {
        "status": one_of(models.DeferredAction.status),
        "kind": one_of(models.DeferredAction.kind),
        "account": references(models.DeferredAction.account_id, "Account"),
        "scheduled_from": at_or_after(models.DeferredAction.scheduled_for),
        "scheduled_to": before(models.DeferredAction.scheduled_for),
    }


@mapped(models.DeferredAction, "A change that is scheduled for a later time.")
class DeferredActionType(NodeType):
    """Deferred actions are never deleted, whatever their result."""

    kind: DeferredKind = column(models.DeferredAction.kind, "What the action changes.")
    status: DeferredStatus = column(models.DeferredAction.status, "PENDING, or the outcome.")
    account: AccountRef = to_one(
        Account,
        "The account that changes, or that owns the asset that changes.",
        by=models.DeferredAction.account_id,
    )
    target: AssetType | None = first_of(
        relation(PurchasedOffer, by=models.DeferredAction.offer_id),
        relation(Service, by=models.DeferredAction.service_id),
        description="The service or purchased offer to change. Null if the account itself changes.",
    )
    summary: str = column(
        models.DeferredAction.summary,
        "Display text, for example `Close Hana Suzuki (A-1026)`.",
    )
    to_status: Status | None = column(
        models.DeferredAction.to_status, "The new status. Null if it is no status change."
    )
    new_parent: AccountRef | None = to_one(
        Account,
        "The new parent in the account hierarchy. Null if the action sets no parent.",
        by=models.DeferredAction.new_parent_id,
    )
    parent_pays: bool = column(
        models.DeferredAction.parent_pays,
        "True if the new parent also pays for the account. False if the action sets no parent.",
    )
    scheduled_for: datetime = column(
        models.DeferredAction.scheduled_for,
        "When the action is due. It is executed within a minute of this time.",
    )
    reason: str | None = column(
        models.DeferredAction.reason,
        "The reason given when it was requested. Null if none was given.",
    )
    note: str | None = column(
        models.DeferredAction.note, "The note given when it was requested. Null if none was given."
    )
    created_by: str = column(
        models.DeferredAction.created_by, "The name of the user or API client that requested it."
    )
    created_at: datetime = column(models.DeferredAction.created_at, "When it was requested.")
    executed_at: datetime | None = column(
        models.DeferredAction.executed_at,
        "When it was executed. Null if it has not been executed.",
    )
    job_run: JobRunRef | None = to_one(
        JobRun,
        "The job run that executed it. Null if `runDeferredActions` did.",
        by=models.DeferredAction.job_run_id,
    )
    attempts: int = column(models.DeferredAction.attempts, "The number of attempts to execute it.")
    failure: str | None = column(
        models.DeferredAction.failure,
        "Display text: why it failed or was not applicable. For a DONE reactivation, the holds "
        "that still apply to its target.",
    )
    cancelled_by: str | None = column(
        models.DeferredAction.cancelled_by,
        "The name of the user or API client that cancelled it. Null unless it is CANCELLED.",
    )
    cancelled_at: datetime | None = column(
        models.DeferredAction.cancelled_at, "When it was cancelled. Null unless it is CANCELLED."
    )
    version: int = column(
        models.DeferredAction.version, "Incremented by each change, for example by rescheduling."
    )
    paired_with: DeferredActionRef | None = to_one(
        models.DeferredAction,
        "For a reactivation, the inactivation that it ends; for an inactivation, the reactivation "
        "that ends it.",
        by=models.DeferredAction.paired_with_id,
    )


@strawberry.type(
    name="DeferredActionCount", description="The number of deferred actions with one status."
)
class DeferredActionCountType:
    """The count is at least 1."""

    status: DeferredStatus = strawberry.field(description="The status of the counted actions.")
    count: int = strawberry.field(description="At least 1.")


@strawberry.type(
    name="DeferredActionDay",
    description="The number of deferred actions scheduled for one business date.",
)
class DeferredActionDayType:
    """Days without actions are omitted."""

    day: date = strawberry.field(name="date", description="The business date.")
    counts: list[DeferredActionCountType] = strawberry.field(
        description="Counts by status. A status without actions is omitted."
    )


# The declaration of `deferredActionDays`.
DAYS = CountsByDay(
    counts_by_day,
    members=[it.name for it in COUNTED],
    kind=models.DeferredAction.scheduled_for.type,
    max_days=MAX_CALENDAR_DAYS,
    filters=deferred_filters(),
)


def group_by_day(
    counts: Iterable[tuple[date, DeferredStatus, int]],
) -> list[DeferredActionDayType]:
    """Group counts, sorted by day, into one DeferredActionDay per day."""
    return [
        DeferredActionDayType(
            day=day,
            counts=[
                DeferredActionCountType(status=status, count=count) for _, status, count in group
            ],
        )
        for day, group in groupby(counts, key=itemgetter(0))
    ]
