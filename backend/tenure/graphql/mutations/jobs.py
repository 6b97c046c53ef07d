"""Mutations that start and cancel jobs."""

from datetime import date
from typing import Annotated

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.jobs import JobRunType
from tenure.jobs import actions
from tenure.jobs.models import JobKind
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit


@input_type
class StartJobInput:
    """The kind and business date of a job."""

    kind: JobKind = strawberry.field(description="The job to run.")
    business_date: date | None = strawberry.field(
        default=strawberry.UNSET, description="Default: the current business date."
    )


@payload_type
class JobRunPayload:
    """The started or cancelled run, or the run that was already active."""

    job_run: JobRunType | None = strawberry.field(
        default=None, description="The run. Null if there are errors."
    )
    errors: list[UserErrorType]


@strawberry.type
class JobMutations:
    """Mutations that require role MANAGER."""

    @mutation(Role.MANAGER, errors="INVALID OUT_OF_RANGE")
    async def start_job(self, info: Info, input: StartJobInput) -> JobRunPayload | None:
        """Start a job. Returns the active run if one exists for that kind and date.

        A kind that has a mutation of its own is refused with INVALID.
        """

        async def operation(unit: Unit) -> PayloadFields:
            run = await actions.start(unit, **provided_fields(input))
            return {"job_run": reference_to(run)}

        return await run_mutation(info, JobRunPayload, operation, input)

    @mutation(Role.MANAGER, errors="INVALID NOT_FOUND NOT_ALLOWED")
    async def cancel_job(
        self,
        info: Info,
        job_run_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the job run.")
        ],
    ) -> JobRunPayload | None:
        """Cancel a run. Completed work is kept, pending work stays pending.

        A run that has ended is refused with NOT_ALLOWED. A run of kind STATUS_CHANGE can also be
        cancelled by the AGENT who started it.
        """

        async def operation(unit: Unit) -> PayloadFields:
            return {
                "job_run": reference_to(await actions.cancel(unit, key_of(job_run_id, "JobRun")))
            }

        return await run_mutation(
            info, JobRunPayload, operation, {"job_run_id": job_run_id}, path_prefix=()
        )
