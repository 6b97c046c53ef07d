"""The root type Subscription. Each message is read from the database."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import strawberry

from tenure.accounts import models as accounts
from tenure.events import models as event_models
from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import expected_key
from tenure.graphql.types.jobs import JobRunType
from tenure.jobs import models as jobs
from tenure.jobs.queries import LIVE, live_watched_or_new, newest_run
from tenure.kernel.errors import NotFoundError
from tenure.kernel.faults import is_transient

# Two polls per second: a running job must be reported at least once a second.
POLL_SECONDS = 0.45

State: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class WatchedRuns:
    """The active job runs with their last reported state, and the newest known run."""

    context: Context
    reported: dict[int, State] = field(default_factory=dict)
    newest: int | None = None

    async def changed_runs(self) -> Sequence[jobs.JobRun]:
        """The runs to report, oldest first; empty if reading failed temporarily."""
        try:
            async with self.context.runtime.database.reading() as session:
                if self.newest is None:
                    self.newest = await newest_run(session)
                runs = await live_watched_or_new(session, self.reported, self.newest)
        except Exception as fault:
            if not is_transient(fault):
                raise
            return []
        changed = [run for run in runs if self.reported.get(run.id) != _state(run)]
        self.newest = max([self.newest, *(run.id for run in runs)])
        self.reported = {run.id: _state(run) for run in runs if run.status in LIVE}
        return changed


@strawberry.type(
    description=(
        "Streams of changes, over WebSocket (graphql-transport-ws). They require role VIEWER."
    )
)
class Subscription:
    """Each message is read from the database when it is sent."""

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=(
            "The current state of a job run, then each change, at least once a second while it "
            "runs. Completes when the run has ended."
        )
    )
    async def job_run(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the job run.")
        ],
    ) -> AsyncGenerator[JobRunType, None]:
        """A queued run is reported once, and again when it changes."""
        context = info.context
        key = expected_key(id, "id", "JobRun")
        reported: State | None = None
        was_reported = True
        while True:
            run = await _run(context, key)
            if run is not None:
                state = _state(run)
                # A running run is reported at least at every second poll, as a sign of life.
                is_due = run.status is jobs.JobRunStatus.RUNNING and not was_reported
                was_reported = state != reported or is_due
                if was_reported:
                    reported = state
                    context.reset_loaders()
                    yield run  # type: ignore[misc]
                if run.status not in LIVE:
                    return
            await asyncio.sleep(POLL_SECONDS)

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=(
            "The current state of all active job runs, then each change, including new runs."
        )
    )
    async def job_runs(self, info: Info) -> AsyncGenerator[JobRunType, None]:
        """A run that started and ended between two polls is reported once."""
        context = info.context
        watched = WatchedRuns(context)
        while True:
            for run in await watched.changed_runs():
                context.reset_loaders()
                yield run  # type: ignore[misc]
            await asyncio.sleep(POLL_SECONDS)

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description="All events recorded from now on, optionally of one account."
    )
    async def events(
        self,
        info: Info,
        account_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Only events of this account. Default: of all accounts."
            ),
        ] = strawberry.UNSET,
    ) -> AsyncGenerator[EventType, None]:
        """Events in the order of their commits: a later one may have a smaller id."""
        context = info.context
        key = await _account_key(context, account_id)
        if key is not None and await context.loaders.row(accounts.Account, key) is None:
            raise NotFoundError("account", ("account_id",))
        feed = context.feed or EventFeed(context.runtime.database)
        async with feed.subscribe(key) as listener:
            while True:
                ids = await listener.next_batch()
                context.reset_loaders()
                for event in await context.loaders.rows(event_models.Event, ids):
                    context.reset_loaders()
                    yield event


async def _account_key(context: Context, account_id: str | None) -> int | None:
    if not account_id:
        return None
    [resolved] = await resolved_ids(context.runtime.database, [account_id])
    return expected_key(resolved, "account_id", "Account")


def _state(run: jobs.JobRun) -> State:
    """The values of a run whose change is reported."""
    return run.status, run.step, run.total, run.done, run.failed, run.started_at, run.finished_at


async def _run(context: Context, key: int) -> jobs.JobRun | None:
    """The current run; None if reading failed temporarily. Raises NOT_FOUND."""
    try:
        async with context.runtime.database.reading() as session:
            run = await session.get(jobs.JobRun, key)
    except Exception as fault:
        if not is_transient(fault):
            raise
        return None
    if run is None:
        raise NotFoundError("job run", ("id",))
    return run
