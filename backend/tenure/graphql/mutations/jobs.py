"""Mutations that start and cancel jobs."""

from datetime import date

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.jobs import JobRunType
from tenure.jobs import actions
from tenure.jobs.models import JobKind
from tenure.kernel.unit import Unit


@strawberry.input
class StartJobInput:
    """The kind and business date of a job."""

    kind: JobKind
    business_date: date | None = strawberry.field(
        default=strawberry.UNSET, description="Default: the current business date."
    )


@strawberry.type
class JobRunPayload:
    """The started or cancelled run, or the run that was already active."""

    job_run: JobRunType | None = None
    errors: list[UserErrorType]


@strawberry.type
class JobMutations:
    """Mutations that require role MANAGER."""

    @resolved_field
    async def start_job(self, info: Info, input: StartJobInput) -> JobRunPayload | None:
        """Start a job. Returns the active run if one exists for that kind and date."""

        async def operation(unit: Unit) -> PayloadFields:
            run = await actions.start(unit, **provided_fields(input))
            return {"job_run": reference_to(run)}

        return await run_mutation(info, JobRunPayload, operation, input)

    @resolved_field
    async def cancel_job(self, info: Info, job_run_id: strawberry.ID) -> JobRunPayload | None:
        """Cancel a run. Completed work is kept, pending work stays pending.

        Fails with NOT_ALLOWED if the run has ended.
        """

        async def operation(unit: Unit) -> PayloadFields:
            return {
                "job_run": reference_to(await actions.cancel(unit, key_of(job_run_id, "JobRun")))
            }

        return await run_mutation(
            info, JobRunPayload, operation, {"job_run_id": job_run_id}, path_prefix=()
        )
