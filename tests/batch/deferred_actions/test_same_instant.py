"""Rules 4.5: of two actions of the same time the one that was created first runs first.

With one worker and with four.

The first action of every pair is created before the second one of any, and chunks are small.
Therefore the two of a pair are executed in different chunks, and with four workers by different
workers.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tenure.accounts.models import Account
from tenure.batch import runs
from tenure.deferred.models import DeferredStatus
from tenure.holds.models import Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, child, scheduled_move, service, set_account, set_service
from tests.checks import account_state, action, row, service_state
from tests.conftest import ANA, NOON, set_clock
from tests.job_workers import execute_with_workers, url_of

LATER = NOON + timedelta(days=1)
DONE, FAILED, NOT_APPLICABLE = (
    DeferredStatus.DONE,
    DeferredStatus.FAILED,
    DeferredStatus.NOT_APPLICABLE,
)
COPIES = 5

Step = Callable[[Unit], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two deferred actions, their expected outcomes in this order, and the resulting state."""

    steps: tuple[Step, Step]
    outcomes: tuple[DeferredStatus, DeferredStatus]
    stands: str
    look: Callable[[Runtime], Awaitable[str]]


def status(change: Callable[..., Awaitable[object]], target: int, to: Status) -> Step:
    """A change of status at LATER."""

    async def step(unit: Unit) -> int | None:
        scheduled = await change(unit, target, to, defer_until=LATER)
        return scheduled.deferred_action_id  # type: ignore[attr-defined,no-any-return]

    return step


def move(moved: int, parent: int | None) -> Step:
    """A move at LATER."""
    return lambda unit: scheduled_move(unit, moved, parent_id=parent, defer_until=LATER)


async def suspend_or_close(unit: Unit) -> list[Pair]:
    """A service is inactivated and closed."""
    one, other = await service(unit, await account(unit)), await service(unit, await account(unit))

    def pair(
        line: int, outcomes: tuple[DeferredStatus, DeferredStatus], stands: str, *order: Status
    ) -> Pair:
        first, second = (status(set_service, line, to) for to in order)
        return Pair((first, second), outcomes, stands, lambda place: service_state(place, line))

    return [
        pair(
            one,
            (DONE, DONE),
            "CLOSED (CLOSED MANUAL, INACTIVE MANUAL)",
            Status.INACTIVE,
            Status.CLOSED,
        ),
        pair(
            other, (DONE, NOT_APPLICABLE), "CLOSED (CLOSED MANUAL)", Status.CLOSED, Status.INACTIVE
        ),
    ]


async def leave_or_join(unit: Unit) -> list[Pair]:
    """An account leaves its hierarchy and joins another one."""
    former, new = await account(unit, "Former"), await account(unit, "New")

    async def pair(*parents: int | None) -> Pair:
        moved = await child(unit, former)
        first, second = (move(moved, parent) for parent in parents)

        async def look(runtime: Runtime) -> str:
            return f"below {(await row(runtime, Account, moved)).parent_id}"

        return Pair((first, second), (DONE, DONE), f"below {parents[1]}", look)

    return [await pair(None, new), await pair(new, None)]


async def payer_or_paid(unit: Unit) -> list[Pair]:
    """Both come back; the one that is paid can only do so behind its payer."""

    async def pair(
        outcomes: tuple[DeferredStatus, DeferredStatus],
        stands: str,
        order: Callable[[int, int], tuple[int, int]],
    ) -> Pair:
        payer = await account(unit, "Payer")
        paid = await child(unit, payer)
        await set_account(unit, paid, Status.INACTIVE)
        await set_account(unit, payer, Status.INACTIVE)
        first, second = (status(set_account, it, Status.ACTIVE) for it in order(payer, paid))
        return Pair((first, second), outcomes, stands, lambda place: account_state(place, paid))

    return [
        await pair((DONE, DONE), "ACTIVE", lambda payer, paid: (payer, paid)),
        await pair((FAILED, DONE), "INACTIVE (INACTIVE MANUAL)", lambda payer, paid: (paid, payer)),
    ]


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_order_of_creation_wins(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """The reference product runs them in reverse."""
    monkeypatch.setattr(runs, "CHUNK", 7)
    monkeypatch.setattr(runs, "CONCURRENCY", 1)
    monkeypatch.setattr(runs, "PAUSE", 0.01)
    luck = random.Random(workers)
    async with runtime.unit(ANA) as unit:
        kinds = (suspend_or_close, leave_or_join, payer_or_paid)
        pairs = [pair for _ in range(COPIES) for kind in kinds for pair in await kind(unit)]
        scheduled: dict[int, list[int | None]] = {place: [] for place in range(len(pairs))}
        for which in (0, 1):
            for place in luck.sample(range(len(pairs)), len(pairs)):
                scheduled[place].append(await pairs[place].steps[which](unit))
    await set_clock(runtime, LATER)
    async with runtime.unit(ANA) as unit:
        run = (await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id
    await execute_with_workers(url_of(runtime.database), run, workers)
    for place, pair in enumerate(pairs):
        became = tuple([(await action(runtime, it)).status for it in scheduled[place]])
        assert (became, await pair.look(runtime)) == (pair.outcomes, pair.stands)
