"""What callers are told as it happens, over WebSocket. Every message is read anew from the database."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import strawberry

from tenure.accounts import models as accounts
from tenure.events import models as happened
from tenure.graphql.http.context import Context, Info
from tenure.graphql.http.feed import EventFeed
from tenure.graphql.types.events import Event
from tenure.graphql.types.ids import expected_key
from tenure.graphql.types.jobs import JobRun
from tenure.jobs import models as jobs
from tenure.jobs.queries import LIVE, live_watched_or_new, newest_run
from tenure.kernel.errors import NotFoundError
from tenure.kernel.faults import is_transient

# Two looks fit into the second within which a run that works is told of.
LOOK = 0.45

State: TypeAlias = tuple[object, ...]


@dataclass(slots=True)
class WatchedRuns:
    """The runs that have not ended, with what was told of each, and the newest run that was seen."""

    context: Context
    told: dict[int, State] = field(default_factory=dict)
    newest: int | None = None

    async def changed(self) -> Sequence[jobs.JobRun]:
        """The runs that are to be told of, oldest first; none where they could not be read this time."""
        try:
            async with self.context.runtime.database.reading() as session:
                if self.newest is None:
                    self.newest = await newest_run(session)
                runs = await live_watched_or_new(session, self.told, self.newest)
        except Exception as fault:
            if not is_transient(fault):
                raise
            return []
        changed = [run for run in runs if self.told.get(run.id) != _state(run)]
        self.newest = max([self.newest, *(run.id for run in runs)])
        self.told = {run.id: _state(run) for run in runs if run.status in LIVE}
        return changed


@strawberry.type
class Subscription:
    """Every reader may listen."""

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description=(
            "The job run as it is, then every change of it, at least once a second while it runs; "
            "ends when it has ended."
        )
    )
    async def job_run(self, info: Info, id: strawberry.ID) -> AsyncGenerator[JobRun, None]:
        """A run that nobody has begun yet is told once, and again when it changes."""
        context, key = info.context, expected_key(id, "id", "JobRun")
        told: State | None = None
        is_told = True
        while True:
            run = await _run(context, key)
            if run is not None:
                state = _state(run)
                # What runs is told of every other look, changed or not: whoever listens knows that it lives.
                is_told = state != told or (run.status is jobs.JobRunStatus.RUNNING and not is_told)
                if is_told:
                    told = state
                    context.forget()
                    yield run  # type: ignore[misc]
                if run.status not in LIVE:
                    return
            await asyncio.sleep(LOOK)

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description="Every job run that has not ended as it is, then every change of any, and those that start later."
    )
    async def job_runs(self, info: Info) -> AsyncGenerator[JobRun, None]:
        """One that began and ended between two looks is told of once."""
        context, watched = info.context, WatchedRuns(info.context)
        while True:
            for run in await watched.changed():
                context.forget()
                yield run  # type: ignore[misc]
            await asyncio.sleep(LOOK)

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        description="Everything that happens from now on, to one account where given."
    )
    async def events(
        self, info: Info, account_id: strawberry.ID | None = strawberry.UNSET
    ) -> AsyncGenerator[Event, None]:
        """In the order in which it comes to light: what is committed later may bear an earlier id."""
        context, key = info.context, _account_key(account_id)
        if key is not None and await context.loaders.row(accounts.Account, key) is None:
            raise NotFoundError("account", ("account_id",))
        feed = context.feed or EventFeed(context.runtime.database)
        async with feed.listening(key) as listener:
            while True:
                ids = await listener.following()
                context.forget()
                for event in await context.loaders.rows(happened.Event, ids):
                    context.forget()
                    yield event


def _account_key(account_id: str | None) -> int | None:
    return expected_key(account_id, "account_id", "Account") if account_id else None


def _state(run: jobs.JobRun) -> State:
    """What has changed where a run is told of again."""
    return run.status, run.step, run.total, run.done, run.failed, run.started_at, run.finished_at


async def _run(context: Context, key: int) -> jobs.JobRun | None:
    """The run as it is now; None where it could not be read this time. Raises NOT_FOUND."""
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
