"""Rules 4.5 and 4.6: any number of workers carry out one run side by side, and it ends as if one
had done it in order.
"""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.batch import execute_run, runs
from tenure.deferred.models import DeferredAction
from tenure.events.models import Event, EventKind
from tenure.hierarchy.parents.actions import change_parent
from tenure.holds.models import Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind, JobRun, JobRunStatus
from tenure.kernel.errors import TenureError
from tenure.kernel.faults import DatabaseUnreachableError
from tenure.kernel.unit import Runtime
from tenure.status.changes.actions import change_account, change_service
from tenure.status.changes.rules import StatusRequest
from tests.builders import account, child, paid_unit, service
from tests.conftest import ANA, NOON, empty, set_clock
from tests.job_workers import execute_with_workers, url_of
from tests.repetitions import repetitions

ACCOUNTS = 24
ACTIONS = 80
WORKERS = 4


async def business(runtime: Runtime, seed: int) -> None:
    """Accounts of which some pay for others, two payers for some, and actions of all kinds at few
    instants.
    """
    luck = random.Random(seed)
    async with runtime.unit(ANA) as unit:
        ids = [await account(unit, f"Account {place}") for place in range(ACCOUNTS // 2)]
        ids += [
            await child(unit, luck.choice(ids), paid=luck.random() < 0.6)
            for _ in range(ACCOUNTS // 2)
        ]
        for _ in range(ACCOUNTS // 3):
            await paid_unit(unit, *luck.sample(ids, 2), "Further")
        services = [await service(unit, it) for it in ids]
    for _ in range(ACTIONS):
        when = NOON + timedelta(days=luck.choice((1, 1, 2, 3)))
        to = luck.choice(list(Status))
        try:
            async with runtime.unit(ANA) as unit:
                match luck.choice(("account", "account", "service", "move")):
                    case "account":
                        await change_account(
                            unit, luck.choice(ids), StatusRequest(to, defer_until=when)
                        )
                    case "service":
                        await change_service(
                            unit, luck.choice(services), StatusRequest(to, defer_until=when)
                        )
                    case _:
                        moved, parent = luck.choice(ids), luck.choice([*ids, None])
                        pays = parent is not None and luck.random() < 0.5
                        await change_parent(
                            unit, moved, parent_id=parent, parent_pays=pays, defer_until=when
                        )
        except TenureError:
            continue  # What could never work is refused at once; there is enough that is not.


async def outcome(runtime: Runtime, workers: int) -> dict[str, list[Any]]:
    """Runs all due actions with this number of workers; returns the resulting rows."""
    await set_clock(runtime, NOON + timedelta(days=7))
    async with runtime.unit(ANA) as unit:
        run = (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id
    await execute_with_workers(url_of(runtime.database), run, workers)
    async with runtime.database.reading() as session:
        ended = await session.get_one(JobRun, run)
        assert ended.status in (JobRunStatus.DONE, JobRunStatus.DONE_WITH_FAILURES)
        changes = select(
            Event.account_id,
            Event.service_id,
            Event.from_status,
            Event.to_status,
            Event.closed_holds,
        )
        changes = changes.where(Event.kind == EventKind.STATUS_CHANGE).order_by(
            Event.account_id, Event.service_id
        )
        statements = {
            "accounts": select(
                Account.id, Account.inactive_holds, Account.closed_holds, Account.parent_id
            ).order_by(Account.id),
            "services": select(Service.id, Service.inactive_holds, Service.closed_holds).order_by(
                Service.id
            ),
            "actions": select(
                DeferredAction.id, DeferredAction.status, DeferredAction.failure
            ).order_by(DeferredAction.id),
            "changes": changes.order_by(Event.id),
        }
        recorded = {
            name: [tuple(row) for row in await session.execute(it)]
            for name, it in statements.items()
        }
        assert ended.done + ended.failed == len(recorded["actions"])
        return recorded


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(repetitions("TENURE_TEST_SEEDS", 2, 4)))
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_many_workers_do_what_one_does_in_order(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(runs, "CHUNK", 1)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    await business(runtime, seed)
    expected = await outcome(runtime, 1)
    await empty(runtime.database)
    await set_clock(runtime, NOON)
    monkeypatch.setattr(runs, "CHUNK", 5)
    monkeypatch.setattr(runs, "CONCURRENCY", 2)
    monkeypatch.setattr(runs, "PAUSE", 0.01)
    await business(runtime, seed)
    recorded = await outcome(runtime, WORKERS)
    assert recorded == expected
    assert all(status != "PENDING" for _, status, _ in recorded["actions"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_fault_of_one_hand_ends_the_other(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run executes two chunks at once. The error of one is raised, and no task continues after
    it.
    """
    workers: list[asyncio.Task[object] | None] = []

    async def execute(_: object) -> None:
        workers.append(asyncio.current_task())
        if len(workers) == 1:
            await asyncio.Event().wait()
        raise DatabaseUnreachableError("lost")

    monkeypatch.setattr(runs, "CHUNK", 1)
    monkeypatch.setattr(runs.Chunk, "execute", execute)
    async with runtime.unit(ANA) as unit:
        for place in range(3):
            owner = await account(unit, f"Owner {place}")
            await change_account(
                unit, owner, StatusRequest(Status.INACTIVE, defer_until=NOON + timedelta(days=1))
            )
    await set_clock(runtime, NOON + timedelta(days=2))
    async with runtime.unit(ANA) as unit:
        run = (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id
    with pytest.raises(DatabaseUnreachableError, match="lost"):
        await execute_run(runtime, run)
    assert len(set(workers)) == runs.CONCURRENCY
    assert asyncio.all_tasks().isdisjoint(
        {worker for worker in workers if worker is not asyncio.current_task()}
    )
