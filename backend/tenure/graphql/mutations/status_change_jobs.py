"""The mutation that changes the status of many accounts as a job."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from tenure.batch.status_changes.actions import accounts_to_retry, preview, start_status_change
from tenure.batch.status_changes.queries import Accounts, accounts_of, unknown_accounts
from tenure.batch.status_changes.rules import MAX_ACCOUNTS
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.account_filter import (
    AccountFilter,
    has_bounded_count,
    matching_accounts,
)
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.impact import StatusChangeImpactType
from tenure.graphql.types.jobs import JobRunType
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.pages import MAX_COUNT
from tenure.kernel.unit import Unit
from tenure.status.changes.rules import StatusRequest

MAX_IDS = 1000
SELECTIONS = ("account_ids", "filter", "retry_job_run_id")


@input_type
class StartStatusChangeJobInput:
    """A status change and the accounts to change: `accountIds`, `filter` or `retryJobRunId`."""

    account_ids: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"The global ids, or keys such as `account:A-1042`, of at most {MAX_IDS:,} "
        "accounts.",
    )
    filter: AccountFilter | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"All accounts that match now, at most {MAX_ACCOUNTS:,}. Needs "
        "`expectedCount`.",
    )
    retry_job_run_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The global id of an ended run of this job: the accounts that it has not "
        "changed, because they failed or it was cancelled.",
    )
    expected_count: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="The number of accounts that you read. Another number now is a CONFLICT. "
        "With `search`, `heldBy` or `hasOverdue`, 10,000 stands for any larger number too, as "
        "in `totalCount`.",
    )
    status: Status = strawberry.field(
        description="The new status of each account, as in `changeAccountStatus`."
    )
    reason: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Why, as shown in the events of the changes. At most 2,000 characters.",
    )
    note: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An internal note. At most 2,000 characters, on several lines if needed.",
    )
    defer_until: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="A future time: the job schedules the changes for that time.",
    )
    backdate_to: date | None = strawberry.field(
        default=strawberry.UNSET,
        description="A past date on which the changes take effect. An account for which it is "
        "before its last bill or status change is FAILED.",
    )
    cancel_conflicts: bool = strawberry.field(
        default=False,
        description="Also cancels the pending deferred actions that would no longer apply, as in "
        "`changeAccountStatus`, each in the transaction of the change.",
    )
    reactivate_on: datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="Only for INACTIVE: the job also schedules the reactivations for this time.",
    )


@payload_type
class StartStatusChangeJobPayload:
    """The run of the job, and in a dry run its impact."""

    job_run: JobRunType | None = strawberry.field(
        default=None,
        description="The run. Null if there are errors. In a dry run at most 2,000 accounts are "
        "tried at once: `done`, `failed` and `results` say what would happen to them.",
    )
    impact: StatusChangeImpactType | None = strawberry.field(
        default=None,
        description="What the changes of the tried accounts affect together, as if a deferred "
        "change took place now. Null unless it is a dry run.",
    )
    errors: list[UserErrorType]


@strawberry.type
class StatusChangeJobMutations:
    """Mutations that require role AGENT."""

    @mutation(
        Role.AGENT,
        errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED CONFLICT CLOSED_IS_FINAL OUT_OF_RANGE",
    )
    async def start_status_change_job(
        self, info: Info, input: StartStatusChangeJobInput
    ) -> StartStatusChangeJobPayload | None:
        """Change the status of many accounts as a job, each as `changeAccountStatus` does.

        The accounts are fixed at the start. An account that cannot be changed does not stop the
        others: see `JobRun.results`. With the header `Tenure-Dry-Run` the answer says what would
        happen.
        """
        is_dry_run = info.context.runtime.is_dry_run

        async def operation(unit: Unit) -> PayloadFields:
            unit.require(Role.AGENT)
            accounts = await _accounts(unit, input)
            excluded = (*SELECTIONS, "expected_count", "status")
            request = StatusRequest(input.status, **provided_fields(input, *excluded))
            run = await start_status_change(unit, request, accounts)
            fields: dict[str, object] = {"job_run": reference_to(run)}
            if is_dry_run:
                fields["impact"] = StatusChangeImpactType.of(await preview(unit, run))
            return fields

        return await run_mutation(
            info,
            StartStatusChangeJobPayload,
            operation,
            input,
            renamed_arguments={"to": "status"},
        )


async def _accounts(unit: Unit, input: StartStatusChangeJobInput) -> Accounts:
    """The selected accounts. Raises INVALID unless there is exactly one selection."""
    chosen = provided_fields(input)
    expected: int | None = chosen.get("expected_count")
    match {name: chosen[name] for name in SELECTIONS if chosen.get(name) is not None}:
        case {"account_ids": ids, **others} if not others:
            return Accounts(accounts_of(await _keys(unit, ids)), "account_ids", expected)
        case {"filter": AccountFilter() as matched, **others} if not others:
            if expected is None:
                message = "Provide expectedCount with a filter, so that no other account changes."
                raise TenureError(ErrorCode.REQUIRED, message, ("expected_count",))
            ids = matching_accounts(matched, unit.today)
            counted_up_to = MAX_COUNT if has_bounded_count(matched) else None
            return Accounts(ids, "filter", expected, counted_up_to)
        case {"retry_job_run_id": run_id, **others} if not others:
            run_key = key_of(run_id, "JobRun")
            return Accounts(await accounts_to_retry(unit, run_key), "retry_job_run_id", expected)
    message = "Provide exactly one of accountIds, filter and retryJobRunId."
    raise TenureError(ErrorCode.INVALID, message)


async def _keys(unit: Unit, ids: Sequence[str]) -> list[int]:
    """The keys of accounts. Raises OUT_OF_RANGE for too many, NOT_FOUND for an unknown one."""
    if len(ids) > MAX_IDS:
        message = f"Provide at most {MAX_IDS:,} ids, or a filter."
        raise TenureError(ErrorCode.OUT_OF_RANGE, message, ("account_ids",))
    keys = [key_of(account_id, "Account") for account_id in ids]
    unknown = await unknown_accounts(unit, keys)
    for index, key in enumerate(keys):
        if key in unknown:
            raise NotFoundError("account", ("account_ids", index))
    return keys
