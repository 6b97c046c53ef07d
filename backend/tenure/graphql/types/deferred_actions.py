"""Deferred actions: changes that were asked for and take place later."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

import strawberry

from tenure.accounts.models import Account
from tenure.assets.models import PurchasedOffer, Service
from tenure.deferred import models
from tenure.deferred.models import DeferredKind, DeferredStatus
from tenure.graphql.reads.declarations import column, first_of, relation, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of, points_at, since, until
from tenure.graphql.reads.mapping import AT_MOST, Filters
from tenure.graphql.types.nodes import Asset, Node
from tenure.graphql.types.references import AccountRef, DeferredActionRef, JobRunRef
from tenure.holds.models import Status
from tenure.jobs.models import JobRun
from tenure.kernel.pages import Order

DEFERRED_ORDER = Order(
    (models.DeferredAction.scheduled_for, models.DeferredAction.id), descending=True
)


@strawberry.input(description="What is left out does not narrow; neither does an empty list.")
class DeferredActionFilter:
    """Narrows a list of deferred actions."""

    status: list[DeferredStatus] | None = strawberry.field(
        default=strawberry.UNSET, description=AT_MOST
    )
    kind: list[DeferredKind] | None = strawberry.field(
        default=strawberry.UNSET, description=AT_MOST
    )
    account: strawberry.ID | None = strawberry.UNSET
    scheduled_from: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="At or after."
    )
    scheduled_to: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="Before."
    )


def deferred_filters() -> Filters:
    """What the fields of DeferredActionFilter narrow to."""
    return {
        "status": one_of(models.DeferredAction.status),
        "kind": one_of(models.DeferredAction.kind),
        "account": points_at(models.DeferredAction.account_id, "Account"),
        "scheduled_from": since(models.DeferredAction.scheduled_for),
        "scheduled_to": until(models.DeferredAction.scheduled_for),
    }


@mapped(models.DeferredAction, "A change that was asked for and takes place later.")
class DeferredAction(Node):
    """Stays readable whatever becomes of it."""

    kind: DeferredKind = column(models.DeferredAction.kind)
    status: DeferredStatus = column(models.DeferredAction.status)
    account: AccountRef = to_one(Account, by=models.DeferredAction.account_id)
    target: Asset | None = first_of(
        relation(PurchasedOffer, by=models.DeferredAction.offer_id),
        relation(Service, by=models.DeferredAction.service_id),
        description="The service or offer that it is about; null where it is about the account.",
    )
    summary: str = column(
        models.DeferredAction.summary,
        "What it will do, in a sentence: Set account A-1007 to CLOSED.",
    )
    to_status: Status | None = column(models.DeferredAction.to_status)
    new_parent: AccountRef | None = to_one(Account, by=models.DeferredAction.new_parent_id)
    scheduled_for: datetime = column(models.DeferredAction.scheduled_for)
    reason: str | None = column(models.DeferredAction.reason)
    note: str | None = column(models.DeferredAction.note)
    created_by: str = column(models.DeferredAction.created_by)
    created_at: datetime = column(models.DeferredAction.created_at)
    executed_at: datetime | None = column(
        models.DeferredAction.executed_at,
        "When it was carried out, and in which job; null in `jobRun` when somebody ran it by hand.",
    )
    job_run: JobRunRef | None = to_one(JobRun, by=models.DeferredAction.job_run_id)
    attempts: int = column(models.DeferredAction.attempts)
    failure: str | None = column(
        models.DeferredAction.failure,
        "Why it failed or was not applicable, for a person; of a DONE reactivation, what still holds its target.",
    )
    cancelled_by: str | None = column(models.DeferredAction.cancelled_by)
    cancelled_at: datetime | None = column(models.DeferredAction.cancelled_at)
    version: int = column(models.DeferredAction.version)
    paired_with: DeferredActionRef | None = to_one(
        models.DeferredAction,
        "The inactivation that this reactivation ends, or the reactivation that ends this inactivation.",
        by=models.DeferredAction.paired_with_id,
    )


@strawberry.type(description="How many deferred actions there are in one state.")
class DeferredActionCount:
    """Never zero."""

    status: DeferredStatus
    count: int


@strawberry.type(description="How many deferred actions take place on one business day.")
class DeferredActionDay:
    """A day with none is left out."""

    date: date
    counts: list[DeferredActionCount] = strawberry.field(
        description="By state; a state that none is in is left out."
    )


def days_of(counted: Iterable[tuple[date, DeferredStatus, int]]) -> list[DeferredActionDay]:
    """The days of counts that are sorted by day."""
    return [
        DeferredActionDay(
            date=day, counts=[DeferredActionCount(status=it[1], count=it[2]) for it in counts]
        )
        for day, counts in groupby(counted, key=lambda it: it[0])
    ]
