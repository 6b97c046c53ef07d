"""Starting and cancelling jobs."""

from datetime import date

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.jobs import JobRun
from tenure.jobs import actions
from tenure.jobs.models import JobKind
from tenure.kernel.unit import Unit


@strawberry.input
class StartJobInput:
    """Which job, and for which business date."""

    kind: JobKind
    business_date: date | None = strawberry.field(
        default=strawberry.UNSET, description="Today's business date when left out."
    )


@strawberry.type
class JobRunPayload:
    """The run that was started or cancelled, or the one that has not ended yet."""

    job_run: JobRun | None = None
    errors: list[UserError]


@strawberry.type
class JobMutations:
    """Managers may."""

    @resolved_field
    async def start_job(self, info: Info, input: StartJobInput) -> JobRunPayload | None:
        """Start a job. While a run of that kind and date has not ended, it is the answer."""

        async def verb(unit: Unit) -> Answer:
            run = await actions.start(unit, **given(input))
            return {"job_run": written(run)}

        return await changed(info, JobRunPayload, verb, input)

    @resolved_field
    async def cancel_job(self, info: Info, job_run_id: strawberry.ID) -> JobRunPayload | None:
        """End a run early: what it has carried out stays so, what is pending stays pending. NOT_ALLOWED once ended."""

        async def verb(unit: Unit) -> Answer:
            return {"job_run": written(await actions.cancel(unit, key_of(job_run_id, "JobRun")))}

        return await changed(info, JobRunPayload, verb, {"job_run_id": job_run_id}, below=())
