"""The GraphQL types of job runs: progress, totals and failures."""

from datetime import date, datetime

from tenure.accounts.models import Account
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.graphql.reads.declarations import column, computed, connection, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import contains_words, one_of
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.deferred_actions import DEFERRED_ORDER
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import (
    AccountRef,
    DeferredActionRef,
    ImportRunRef,
    JobRunRef,
    JobStepRef,
    JobTotalRef,
    QuarantinedAccountRef,
    StatusChangeJobRef,
    StatusChangeResultRef,
)
from tenure.graphql.types.status_change_jobs import RESULT_ORDER
from tenure.graphql.types.values import MoneyType
from tenure.importing.models import ImportRun
from tenure.jobs import models
from tenure.jobs.models import JobKind, JobRunStatus, JobTotalKind
from tenure.jobs.queries import AWAITS_RETRY, STEP_FINISHED_AT, TOTAL_AMOUNT
from tenure.kernel.pages import Order

QUARANTINED_ORDER = Order((models.QuarantinedAccount.id,), descending=True)
JOB_RUN_ORDER = Order((models.JobRun.created_at, models.JobRun.id), descending=True)


@mapped(models.JobRun, "One run of a job for one business date.")
class JobRunType(NodeType):
    """At most one run that `startJob` starts is QUEUED or RUNNING per kind and business date."""

    kind: JobKind = column(models.JobRun.kind, "Which job ran.")
    status: JobRunStatus = column(models.JobRun.status, "The progress or outcome of the run.")
    business_date: date = column(
        models.JobRun.business_date, "The date for which the job runs, in the business time zone."
    )
    step: str | None = column(models.JobRun.step, "The current step, for example `bills`.")
    total: int = column(models.JobRun.total, "The number of work items, as far as known.")
    done: int = column(models.JobRun.done, "The number of completed work items.")
    failed: int = column(models.JobRun.failed, "The number of failed work items.")
    requested_by: str = column(
        models.JobRun.requested_by, "The name of the user, API client or scheduler that started it."
    )
    created_at: datetime = column(models.JobRun.created_at, "When the run was requested.")
    started_at: datetime | None = column(
        models.JobRun.started_at, "When a worker started it. Null while it is QUEUED."
    )
    finished_at: datetime | None = column(
        models.JobRun.finished_at, "When it ended, whatever the outcome. Null while it is live."
    )
    failure: str | None = column(
        models.JobRun.failure, "Display text: why the run ended early. Null otherwise."
    )
    steps: list[JobStepRef] = to_many(
        models.JobStep,
        "The steps started so far, in the order of their last start.",
        by=models.JobStep.job_run_id,
        order=(models.JobStep.place.asc(),),
    )
    totals: list[JobTotalRef] = to_many(
        models.JobTotal,
        "The records created by this run, by kind and currency.",
        by=models.JobTotal.job_run_id,
        order=(models.JobTotal.kind.asc(), models.JobTotal.currency.asc()),
    )
    failures: ConnectionType[DeferredActionRef] = connection(
        DeferredAction,
        "The deferred actions that failed in this run.",
        by=DeferredAction.job_run_id,
        order=DEFERRED_ORDER,
        where=(DeferredAction.status == DeferredStatus.FAILED,),
        filters={
            "kind": one_of(DeferredAction.kind),
            "search": contains_words(
                "Words of what failed, or of the reason, in any case. All of them must occur.",
                DeferredAction.summary,
                DeferredAction.failure,
            ),
        },
    )
    quarantined: ConnectionType[QuarantinedAccountRef] = connection(
        models.QuarantinedAccount,
        "The accounts that failed in a step, newest first. The next run retries them; see "
        "`awaitsRetry`.",
        by=models.QuarantinedAccount.job_run_id,
        order=QUARANTINED_ORDER,
    )
    status_change: StatusChangeJobRef | None = to_one(
        models.StatusChangeJob,
        "The change of a run of kind STATUS_CHANGE. Null for other kinds.",
        by=models.JobRun.id,
        to=models.StatusChangeJob.job_run_id,
    )
    results: ConnectionType[StatusChangeResultRef] = connection(
        models.StatusChangeResult,
        "The accounts of a run of kind STATUS_CHANGE, each with its result.",
        by=models.StatusChangeResult.job_run_id,
        order=RESULT_ORDER,
        filters={"status": one_of(models.StatusChangeResult.status)},
    )
    import_run: ImportRunRef | None = to_one(
        ImportRun,
        "The file that the run reads, and what it has counted. Null for other kinds than IMPORT.",
        by=models.JobRun.id,
        to=ImportRun.job_run_id,
    )


@mapped(
    models.JobStep,
    "A step of a job run. If the run catches up on missed dates, the counts include all of them.",
)
class JobStepType:
    """Identified by its run and its name; it has no id."""

    name: str = column(models.JobStep.name, "For example `bills`.")
    business_date: date = column(
        models.JobStep.business_date, "The last business date for which it was started."
    )
    started_at: datetime = column(models.JobStep.started_at, "When it was started for that date.")
    finished_at: datetime | None = computed(
        STEP_FINISHED_AT,
        "When it was completed for that date. Null while it runs, or if the run ended before.",
    )
    total: int = column(models.JobStep.total, "The number of work items, as far as known.")
    done: int = column(models.JobStep.done, "The number of completed work items.")
    failed: int = column(models.JobStep.failed, "The number of failed work items.")


@mapped(models.JobTotal, "The records of one kind and currency that a job run created.")
class JobTotalType:
    """Records that an earlier run of the same date created are not included."""

    kind: JobTotalKind = column(models.JobTotal.kind, "What was counted.")
    count: int = column(models.JobTotal.count, "The number of records.")
    sum: MoneyType = computed(
        TOTAL_AMOUNT,
        "For bills, the sum of total due; for payments, the sum of amounts.",
        currency=models.JobTotal.currency,
    )


@mapped(
    models.QuarantinedAccount,
    "An account that failed in a step of a job run. The run continued without it.",
)
class QuarantinedAccountType(NodeType):
    """A failure of one account in a bill day run."""

    job_run: JobRunRef = to_one(
        models.JobRun,
        "The run in which the account failed.",
        by=models.QuarantinedAccount.job_run_id,
    )
    account: AccountRef = to_one(
        Account, "The account that failed.", by=models.QuarantinedAccount.account_id
    )
    step: str = column(models.QuarantinedAccount.step, "For example `bills`.")
    reason: str = column(models.QuarantinedAccount.reason, "Display text: why the account failed.")
    at: datetime = column(models.QuarantinedAccount.at, "When it failed.")
    awaits_retry: bool = computed(
        AWAITS_RETRY,
        "True for the last failure of the account, until a run of that business date or a later "
        "one is completed.",
    )
