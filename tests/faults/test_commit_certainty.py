"""A commit whose answer is lost takes effect once or not at all, and the caller is told which."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from tenure.accounts.actions import create_account
from tenure.accounts.models import Account
from tenure.accounts.rules import NewAccount
from tenure.disputes.actions import adjust
from tenure.kernel import commits
from tenure.kernel.commits import TransactionIdentity
from tenure.kernel.db import Database
from tenure.kernel.faults import OutcomeUnknownError
from tenure.kernel.locks import advisory_lock
from tenure.kernel.unit import Runtime, Unit
from tenure.settings.queries import BusinessReader
from tests.builders import account
from tests.checks import default_bill_unit, rows
from tests.conftest import ANA
from tests.faults.commit_proxy import CommitProxy, Loss, commit_proxy
from tests.waiting import PATIENCE

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def proxied(
    runtime: Runtime, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[CommitProxy, Runtime]]:
    """A runtime whose connections pass through the proxy; `runtime` has direct ones."""
    monkeypatch.setattr(commits, "SECONDS_BEFORE_TERMINATION", 0.1)
    async with commit_proxy(database_url) as (proxy, url):
        database = Database(url, pool_size=2)
        yield proxy, Runtime(database, BusinessReader(clock_settable=True))
        await database.close()


def lose_once(proxy: CommitProxy, loss: Loss) -> None:
    """The next COMMIT is lost in this way."""
    losses = iter([loss])
    proxy.choose = lambda: next(losses, Loss.NONE)


async def credit(unit: Unit, account_id: int) -> None:
    """Ten dollars."""
    await adjust(unit, account_id=account_id, amount=Decimal(-10), reason="Goodwill")


@pytest.mark.parametrize("loss", [loss for loss in Loss if loss is not Loss.NONE])
async def test_a_credit_changes_the_balance_once(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime], loss: Loss
) -> None:
    """Rules 4.6, 6.9."""
    proxy, through_proxy = proxied
    async with runtime.unit(ANA) as unit:
        ada = await account(unit, "Ada")
    lose_once(proxy, loss)
    await through_proxy.run_in_unit(ANA, lambda unit: credit(unit, ada))
    assert (await default_bill_unit(runtime, ada)).balance == Decimal(-10)
    assert proxy.losses[loss] == 1
    repeated = loss in (Loss.COMMIT, Loss.STALL)
    if loss is not Loss.CUT_AT_ONCE:
        assert proxy.losses[Loss.NONE] == repeated


async def test_the_result_is_that_of_the_commit_that_took_effect(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime]
) -> None:
    """A repetition would have made a second account."""
    proxy, through_proxy = proxied
    lose_once(proxy, Loss.ANSWER)
    made = await through_proxy.run_in_unit(
        ANA, lambda unit: create_account(unit, NewAccount(name="Ada"))
    )
    [found] = await rows(runtime, Account)
    assert (found.id, found.number) == (made.id, made.number)


async def test_a_unit_outside_of_carry_out_knows_too(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime]
) -> None:
    """Jobs open units themselves. If the commit did not arrive, the block fails without effect."""
    proxy, through_proxy = proxied
    for loss in (Loss.ANSWER, Loss.COMMIT):
        lose_once(proxy, loss)
        try:
            async with through_proxy.unit(ANA) as unit:
                await create_account(unit, NewAccount(name=loss))
        except DBAPIError:
            assert loss is Loss.COMMIT
    assert [found.name for found in await rows(runtime, Account)] == [Loss.ANSWER]


async def test_what_cannot_be_known_is_not_repeated(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connection can be opened to ask by: the error says that the outcome is unknown."""
    proxy, through_proxy = proxied
    monkeypatch.setattr(commits, "SECONDS_TO_ASK", 0.2)
    lose_once(proxy, Loss.ANSWER)

    async def create_and_go_down(unit: Unit) -> None:
        await create_account(unit, NewAccount(name="Ada"))
        proxy.is_down = True

    with pytest.raises(
        OutcomeUnknownError, match="Read the data before you send the request again"
    ):
        await through_proxy.run_in_unit(ANA, create_and_go_down)
    assert [found.name for found in await rows(runtime, Account)] == ["Ada"]


async def test_another_server_is_believed_only_what_it_can_know(runtime: Runtime) -> None:
    """A crashed server may assign an id again: `committed` proves nothing, `aborted` does."""
    lost = ConnectionError("lost")
    transactions: list[TransactionIdentity] = []
    async with runtime.unit(ANA) as unit:
        await create_account(unit, NewAccount(name="Ada"))
        transactions.append(_identity(unit))

    async def fail(unit: Unit) -> None:
        transactions.append(_identity(unit))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await runtime.run_in_unit(ANA, fail)
    committed, aborted = transactions
    await commits.ensure_committed(runtime.database, committed, lost)
    restarted = TransactionIdentity(committed.xid, committed.server_started_at.replace(year=2020))
    with pytest.raises(OutcomeUnknownError):
        await commits.ensure_committed(runtime.database, restarted, lost)
    never = TransactionIdentity(str(int(aborted.xid) + 10**9), restarted.server_started_at)
    for transaction in (
        aborted,
        TransactionIdentity(aborted.xid, restarted.server_started_at),
        never,
    ):
        with pytest.raises(ConnectionError, match="lost"):
            await commits.ensure_committed(runtime.database, transaction, lost)


async def test_a_stalled_transaction_gives_its_locks_back(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime]
) -> None:
    """Its COMMIT never arrived, and the server does not know that the program is gone."""
    proxy, through_proxy = proxied
    async with runtime.unit(ANA) as unit:
        ada = await account(unit, "Ada")
    lose_once(proxy, Loss.STALL)
    await through_proxy.run_in_unit(ANA, lambda unit: credit(unit, ada))
    async with asyncio.timeout(PATIENCE), runtime.unit(ANA) as unit:
        await unit.session.execute(
            select(Account).where(Account.id == ada).with_for_update(nowait=True)
        )


async def test_a_lock_whose_release_is_lost_is_given_back(
    runtime: Runtime, proxied: tuple[CommitProxy, Runtime]
) -> None:
    """The server does not know that the program is gone, and everybody would wait for the lock."""
    proxy, through_proxy = proxied
    proxy.statement = b"ROLLBACK"
    async with advisory_lock(through_proxy.database, "lock"):
        lose_once(proxy, Loss.STALL)
    assert proxy.losses[Loss.STALL] == 1
    async with asyncio.timeout(PATIENCE), advisory_lock(runtime.database, "lock"):
        pass


def _identity(unit: Unit) -> TransactionIdentity:
    assert unit.transaction is not None
    return unit.transaction
