"""Two changes at the same time (rules 2.7, 4.10, 5.1, 5.2): the second waits for the first.

On SQLite the second unit does not begin before the first has ended; on PostgreSQL it waits for a
lock.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import text

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import change_payer
from tenure.holds.models import Status
from tenure.jobs.actions import start
from tenure.jobs.models import JobKind
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tests.builders import account, default_bill_unit_id, paid_unit, service, set_account
from tests.checks import account_state, default_bill_unit, row, rows
from tests.conftest import ANA

Operation = Callable[[Unit], Awaitable[Any]]
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@asynccontextmanager
async def meanwhile(
    runtime: Runtime, first: Operation, second: Operation
) -> AsyncIterator[asyncio.Task[Any]]:
    """Begins `second` when `first` is done but not committed, and commits when `second` waits for
    it or has ended.
    """
    async with runtime.unit(ANA) as unit:
        await first(unit)
        task = asyncio.create_task(runtime.run_in_unit(ANA, second))
        await asyncio.sleep(0)
        while not runtime.database.is_sqlite and not task.done():
            async with runtime.database.engine.connect() as connection:
                if (await connection.execute(WAITING)).scalar_one():
                    break
    await asyncio.wait([task])
    yield task


async def three(runtime: Runtime) -> tuple[list[int], list[int]]:
    """Three accounts, and their default bill units."""
    async with runtime.unit(ANA) as unit:
        ids = [await account(unit, name) for name in ("Ann", "Bob", "Cid")]
        return ids, [await default_bill_unit_id(unit, it) for it in ids]


async def test_payer_becomes_nonpaying_while_it_is_named(runtime: Runtime) -> None:
    """Rules 5.2: a paying parent is always paying itself, so whoever pays for it by then pays."""
    (ann, _, _), (ann_unit, bob_unit, cid_unit) = await three(runtime)
    async with meanwhile(
        runtime,
        lambda unit: change_payer(unit, bob_unit, paying_parent_id=cid_unit),
        lambda unit: change_payer(unit, ann_unit, paying_parent_id=bob_unit),
    ) as second:
        await second
    assert (await default_bill_unit(runtime, ann)).paying_parent_id == cid_unit


async def test_parent_becomes_nonpaying_while_somebody_moves_below_it(runtime: Runtime) -> None:
    """Rules 5.2: the same by a move with `parentPays`."""
    (ann, bob, _), (_, bob_unit, cid_unit) = await three(runtime)
    async with meanwhile(
        runtime,
        lambda unit: change_payer(unit, bob_unit, paying_parent_id=cid_unit),
        lambda unit: change_parent(unit, ann, parent_id=bob, parent_pays=True),
    ) as second:
        await second
    assert (await default_bill_unit(runtime, ann)).paying_parent_id == cid_unit


async def test_named_payer_becomes_nonpaying_afterwards(runtime: Runtime) -> None:
    """Rules 5.2: the other way round, what it has just begun to pay for passes on."""
    (ann, _, _), (ann_unit, bob_unit, cid_unit) = await three(runtime)
    async with meanwhile(
        runtime,
        lambda unit: change_payer(unit, ann_unit, paying_parent_id=bob_unit),
        lambda unit: change_payer(unit, bob_unit, paying_parent_id=cid_unit),
    ) as second:
        await second
    assert (await default_bill_unit(runtime, ann)).paying_parent_id == cid_unit


async def test_payer_is_suspended_while_it_is_named(runtime: Runtime) -> None:
    """Rules 2.7: held, whoever came first; and what is paid further down too."""
    for suspended_first in (True, False):
        (ann, bob, cid), (ann_unit, bob_unit, _) = await three(runtime)
        async with runtime.unit(ANA) as unit:
            await paid_unit(unit, cid, ann)
        operations: list[Operation] = [
            lambda unit, it=bob: set_account(unit, it, Status.INACTIVE),
            lambda unit, it=ann_unit, by=bob_unit: change_payer(unit, it, paying_parent_id=by),
        ]
        async with meanwhile(
            runtime, *(operations if suspended_first else reversed(operations))
        ) as second:
            await second
        assert await account_state(runtime, ann) == "INACTIVE (INACTIVE PARENT)"
        assert await account_state(runtime, cid) == "INACTIVE (INACTIVE PARENT)"


async def test_two_moves_do_not_make_a_circle(runtime: Runtime) -> None:
    """Rules 5.1: each could be made alone; the second is refused."""
    (ann, bob, _), _ = await three(runtime)
    async with meanwhile(
        runtime,
        lambda unit: change_parent(unit, ann, parent_id=bob),
        lambda unit: change_parent(unit, bob, parent_id=ann),
    ) as second:
        refusal = second.exception()
    assert isinstance(refusal, TenureError)
    assert (refusal.code, refusal.path) == (ErrorCode.CYCLE, ("parent_id",))
    assert (await row(runtime, Account, bob)).parent_id is None


async def test_two_take_the_same_login(runtime: Runtime) -> None:
    """Rules 3.1: TAKEN for the second, as if it had come later."""
    (ann, bob, _), _ = await three(runtime)
    async with meanwhile(
        runtime, lambda unit: service(unit, ann, "login"), lambda unit: service(unit, bob, "LOGIN")
    ) as second:
        refusal = second.exception()
    assert isinstance(refusal, TenureError)
    assert (refusal.code, refusal.path) == (ErrorCode.TAKEN, ("login",))
    assert [found.account_id for found in await rows(runtime, Service)] == [ann]


async def test_two_ask_for_a_run(runtime: Runtime) -> None:
    """Rules 4.10: both are answered with the same one."""
    runs: list[int] = []

    async def ask(unit: Unit) -> None:
        runs.append((await start(unit, kind=JobKind.DEFERRED_ACTIONS)).id)

    async with meanwhile(runtime, ask, ask) as second:
        await second
    assert len(runs) == 2
    assert len(set(runs)) == 1
