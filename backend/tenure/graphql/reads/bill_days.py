"""The root field of the bill days: for a calendar, and the result of each."""

from datetime import date
from typing import Annotated, Self

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.reads.resolved_field import resolved_field, uncompiled_field
from tenure.graphql.reads.statements import checked_days
from tenure.graphql.types.deferred_actions import MAX_CALENDAR_DAYS
from tenure.graphql.types.references import JobRunRef
from tenure.jobs.models import JobRun
from tenure.overview.queries import bill_days
from tenure.overview.rules import BillDay


@strawberry.type(
    name="BillDay",
    description="A business date on which bills are made: those to come, and the result.",
)
class BillDayType:
    """The run is read only if it is selected."""

    last_run_id: strawberry.Private[int | None]
    on: date = strawberry.field(name="date", description="The business date.")
    bill_units: int = strawberry.field(
        description="The bill units whose cycle ends on the date and is not billed yet. "
        "Nonpaying ones, whose charges their payer is billed, are included."
    )
    bills: int = strawberry.field(description="The bills that were finalized on the date.")

    @resolved_field
    async def job_run(self, info: Info) -> JobRunRef | None:
        """The newest run of the bill day for the date. Null if there was none."""
        run_id = self.last_run_id
        return None if run_id is None else await info.context.loaders.row(JobRun, run_id)

    @classmethod
    def of(cls, day: BillDay) -> Self:
        """Convert a bill day."""
        return cls(last_run_id=day.last_run, on=day.on, bill_units=day.bill_units, bills=day.bills)


@strawberry.type
class BillDays:
    """The bill days. `Query` inherits and registers it."""

    @uncompiled_field("counts by day of three tables, of all accounts")
    async def bill_days(
        self,
        info: Info,
        from_: Annotated[date, strawberry.argument(name="from", description="The first date.")],
        to: Annotated[
            date,
            strawberry.argument(description="The date after the last one, at most 62 days later."),
        ],
    ) -> list[BillDayType]:
        """The bill days per business date, from `from` until before `to`. At most 62 days.

        A date without bills, bill units to bill and runs of the bill day is omitted.
        """
        if not checked_days(from_, to, at_most=MAX_CALENDAR_DAYS):
            return []
        async with info.context.runtime.database.reading() as session:
            return [BillDayType.of(it) for it in await bill_days(session, from_, to)]
