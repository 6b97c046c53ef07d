"""Job runs: what runs, how far it is, and what failed."""

from datetime import date, datetime

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.graphql.reads.declarations import column, computed, connection, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.deferred_actions import DEFERRED_ORDER
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import (
    AccountRef,
    DeferredActionRef,
    JobRunRef,
    JobStepRef,
    JobTotalRef,
    QuarantinedAccountRef,
)
from tenure.graphql.types.values import Money
from tenure.jobs import models
from tenure.jobs.models import JobKind, JobRunStatus, JobTotalKind
from tenure.jobs.queries import STEP_FINISHED_AT
from tenure.kernel.pages import Order
from tenure.kernel.sums import exact_parts

JOB_RUN_ORDER = Order((models.JobRun.created_at, models.JobRun.id), descending=True)


@mapped(models.JobRun, "One run of a job for one business date.")
class JobRun(Node):
    """At most one is live for a kind and date."""

    kind: JobKind = column(models.JobRun.kind)
    status: JobRunStatus = column(models.JobRun.status)
    business_date: date = column(models.JobRun.business_date)
    step: str | None = column(models.JobRun.step, "The step that runs now, for example `bills`.")
    total: int = column(models.JobRun.total, "How much there is to do.")
    done: int = column(models.JobRun.done)
    failed: int = column(models.JobRun.failed)
    requested_by: str = column(models.JobRun.requested_by)
    created_at: datetime = column(models.JobRun.created_at)
    started_at: datetime | None = column(models.JobRun.started_at)
    finished_at: datetime | None = column(models.JobRun.finished_at)
    failure: str | None = column(
        models.JobRun.failure, "Why it ended before its work was done, for a person."
    )
    steps: list[JobStepRef] = to_many(
        models.JobStep,
        "Its steps so far, in the order in which they were begun last; those to come are not there yet.",
        by=models.JobStep.job_run_id,
        order=(models.JobStep.place.asc(),),
    )
    totals: list[JobTotalRef] = to_many(
        models.JobTotal,
        "What it has made, by kind and currency; empty where it has made nothing.",
        by=models.JobTotal.job_run_id,
        order=(models.JobTotal.kind.asc(), models.JobTotal.currency.asc()),
    )
    failures: Connection[DeferredActionRef] = connection(
        DeferredAction,
        "The deferred actions that it could not carry out.",
        by=DeferredAction.job_run_id,
        order=DEFERRED_ORDER,
        where=(DeferredAction.status == DeferredStatus.FAILED,),
    )
    quarantined: Connection[QuarantinedAccountRef] = connection(
        models.QuarantinedAccount,
        "The accounts whose part of a step failed, newest first; the next run tries them again.",
        by=models.QuarantinedAccount.job_run_id,
        order=Order((models.QuarantinedAccount.id,), descending=True),
    )


@mapped(
    models.JobStep,
    "A step of a job run. Where a run makes up missed dates, its counts are those of all of them.",
)
class JobStep:
    """Has no id of its own: its run and its name say which it is."""

    name: str = column(models.JobStep.name, "For example `bills`.")
    business_date: date = column(
        models.JobStep.business_date, "The last date that it was begun for."
    )
    started_at: datetime = column(models.JobStep.started_at, "When it was begun for that date.")
    finished_at: datetime | None = computed(
        STEP_FINISHED_AT,
        "When it was done for that date; null while it goes on, or where the run ended before.",
    )
    total: int = column(models.JobStep.total, "How much there is to do, as far as it is known.")
    done: int = column(models.JobStep.done)
    failed: int = column(models.JobStep.failed)


@mapped(models.JobTotal, "What a job run has made of one kind, in one currency.")
class JobTotal:
    """What it found made already, by another run of its date, is not in it."""

    kind: JobTotalKind = column(models.JobTotal.kind)
    count: int = column(models.JobTotal.count)
    sum: Money = computed(
        exact_parts(models.JobTotal.millions, models.JobTotal.amount),
        "Of bills the total due, of payments the amount.",
        currency=models.JobTotal.currency,
    )


@mapped(
    models.QuarantinedAccount, "An account whose part of a step failed: the run went on without it."
)
class QuarantinedAccount(Node):
    """The bill day's failures."""

    job_run: JobRunRef = to_one(models.JobRun, by=models.QuarantinedAccount.job_run_id)
    account: AccountRef = to_one(Account, by=models.QuarantinedAccount.account_id)
    step: str = column(models.QuarantinedAccount.step)
    reason: str = column(models.QuarantinedAccount.reason, "A sentence for a person.")
    at: datetime = column(models.QuarantinedAccount.at)
