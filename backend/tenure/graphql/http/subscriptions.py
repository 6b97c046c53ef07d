"""The root type Subscription. Each message is read from the database."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias

import strawberry

from tenure.accounts import models as accounts
from tenure.events import models as event_models
from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.feed import BATCH_SIZE, EventFeed
from tenure.graphql.reads.mapping import VALUE_LIMIT
from tenure.graphql.reads.natural_keys import resolved_ids
from tenure.graphql.reads.statements import check_size
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import expected_key
from tenure.graphql.types.jobs import JobRunType
from tenure.jobs import models as jobs
from tenure.jobs.queries import LIVE, live_watched_or_new, newest_run
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
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
        key = await _account_key(info.context, account_id, "account_id")
        async for event in _events(info.context, key):
            yield event

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=(
            "All events recorded from now on, or after a given one. Over WebSocket and Server-Sent "
            "Events. Fails with NOT_FOUND or INVALID if an id is wrong."
        )
    )
    async def account_events(
        self,
        info: Info,
        account: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="Only events of this account. Default: of all accounts."
            ),
        ] = None,
        kinds: Annotated[
            list[event_models.EventKind] | None,
            strawberry.argument(
                description=(
                    f"Only events of these kinds. {VALUE_LIMIT} Default, and if empty: of every "
                    "kind."
                )
            ),
        ] = None,
        after: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description=(
                    "The id of the last event that was received. First come the events that were "
                    "committed since then, in the order of their commits, each once."
                )
            ),
        ] = None,
    ) -> AsyncGenerator[EventType, None]:
        """Events in the order of their commits: a later one may have a smaller id."""
        check_size("kinds", kinds)
        seen = expected_key(after, "after", "Event") if after else None
        key = await _account_key(info.context, account, "account")
        async for event in _events(info.context, key, seen):
            if not kinds or event.kind in kinds:
                yield event


async def _events(
    context: Context, key: int | None, after: int | None = None
) -> AsyncGenerator[EventType, None]:
    """The events after an event, and then new ones. Raises NOT_FOUND and INVALID (after)."""
    feed = context.feed or EventFeed(context.runtime.database)
    async with feed.subscribe(key) as listener:
        if after is not None:
            seen = await context.loaders.row(event_models.Event, after)
            if seen is not None and key not in (None, seen.account_id):
                message = "This is an event of another account."
                raise TenureError(ErrorCode.INVALID, message, ("after",))
            async for ids in feed.missed(listener, after):
                async for event in _read(context, ids):
                    yield event
        while True:
            async for event in _read(context, await listener.next_batch()):
                yield event


async def _read(context: Context, ids: Sequence[int]) -> AsyncGenerator[EventType, None]:
    for start in range(0, len(ids), BATCH_SIZE):
        context.reset_loaders()
        batch = ids[start : start + BATCH_SIZE]
        for event in await context.loaders.rows(event_models.Event, batch):
            context.reset_loaders()
            yield event


async def _account_key(context: Context, account: str | None, argument: str) -> int | None:
    """The key of an account, if one is given. Raises INVALID, and NOT_FOUND."""
    if not account:
        return None
    [resolved] = await resolved_ids(context.runtime.database, [account])
    key = expected_key(resolved, argument, "Account")
    if await context.loaders.row(accounts.Account, key) is None:
        raise NotFoundError("account", (argument,))
    return key


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
