"""The GraphQL types of status change jobs: the change, and the result of each account."""

from datetime import date, datetime

from tenure.accounts.models import Account
from tenure.graphql.reads.declarations import column, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import AccountRef, JobRunRef
from tenure.holds.models import Status
from tenure.jobs import models
from tenure.jobs.models import StatusChangeResultStatus
from tenure.kernel.errors import ErrorCode
from tenure.kernel.pages import Order

RESULT_ORDER = Order((models.StatusChangeResult.id,))


@mapped(models.StatusChangeJob, "The change that a job makes to each of its accounts.")
class StatusChangeJobType:
    """Identified by its run; it has no id."""

    status: Status = column(models.StatusChangeJob.to_status, "The new status of the accounts.")
    reason: str | None = column(
        models.StatusChangeJob.reason, "Why, as shown in the events of the changes."
    )
    note: str | None = column(models.StatusChangeJob.note, "An internal note.")
    defer_until: datetime | None = column(
        models.StatusChangeJob.defer_until,
        "The time for which the job schedules the changes. Null: it makes them at once.",
    )
    reactivate_on: datetime | None = column(
        models.StatusChangeJob.reactivate_on,
        "The time for which the job also schedules the reactivations, if any.",
    )
    backdate_to: date | None = column(
        models.StatusChangeJob.backdate_to,
        "The past date on which the changes take effect. Null: when they are made.",
    )
    cancels_conflicts: bool = column(
        models.StatusChangeJob.cancels_conflicts,
        "Whether deferred actions that no longer apply are cancelled with the changes.",
    )
    cancelled_deferred_action_count: int = column(
        models.StatusChangeJob.cancelled_actions,
        "The number of deferred actions that were cancelled so far.",
    )


@mapped(models.StatusChangeResult, "An account of a status change job, with its result.")
class StatusChangeResultType(NodeType):
    """The accounts of a job are fixed when it starts."""

    job_run: JobRunRef = to_one(
        models.JobRun, "The run of the job.", by=models.StatusChangeResult.job_run_id
    )
    account: AccountRef = to_one(
        Account, "The account to change.", by=models.StatusChangeResult.account_id
    )
    status: StatusChangeResultStatus = column(
        models.StatusChangeResult.status, "PENDING, or the result."
    )
    error_code: ErrorCode | None = column(
        models.StatusChangeResult.error_code,
        "The kind of error of a FAILED account. Null for an unexpected fault.",
    )
    message: str | None = column(
        models.StatusChangeResult.message, "Display text: why the account was not changed."
    )
    at: datetime | None = column(
        models.StatusChangeResult.at, "When the account was tried. Null while it is PENDING."
    )
