"""Demonstration data: believable, complete, and the same for the same number."""

import pytest
from sqlalchemy import func, select

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.cascades.actions import apply
from tenure.cascades.rules import HoldChange, Kind, Telling
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.demo import company, load
from tenure.events.models import Event
from tenure.holds.models import Cause, Status
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Workplace
from tests.checks import nothing_written, snapshot
from tests.conftest import ANA


async def test_the_company_has_something_of_everything(workplace: Workplace) -> None:
    assert await company.build(workplace) == 40
    async with workplace.database.reading() as session:
        accounts = list(await session.scalars(select(Account)))
        assert len(accounts) == 40
        assert {account.status for account in accounts} == set(Status)
        assert len({account.rank for account in accounts}) == 5
        held = {account.inactive_holds | account.closed_holds for account in accounts}
        assert held == {0, Cause.MANUAL, Cause.DEBT, Cause.PARENT, Cause.PARENT | Cause.MANUAL}
        services = set(await session.scalars(select(Service.inactive_holds)))
        assert services == {0, Cause.MANUAL, Cause.ACCOUNT}
        offers = set(await session.scalars(select(PurchasedOffer.inactive_holds)))
        assert {int(Cause.SERVICE), Cause.ACCOUNT | Cause.SERVICE} < offers
        roots = {account.parent_id for account in accounts if account.parent_id}
        assert len([account for account in accounts if account.id in roots and account.parent_id is None]) == 3
        states = set(await session.scalars(select(DeferredAction.status)))
        assert states == set(DeferredStatus)
        assert len(set(await session.scalars(select(Event.actor)))) == 3
        unpaid_by_family = select(func.count()).select_from(BillUnit).where(BillUnit.paying_parent_id.is_not(None))
        assert (await session.execute(unpaid_by_family)).scalar_one() == 10
        today = (await session.execute(select(func.min(BillUnit.next_bill_on)))).scalar_one()
        assert today.isoformat() > "2026-11-10"


async def test_the_company_moves_only_into_an_empty_database(workplace: Workplace) -> None:
    await load.build(workplace, 1)
    async with nothing_written(workplace):
        with pytest.raises(TenureError) as refusal:
            await company.build(workplace)
    assert refusal.value.code is ErrorCode.NOT_ALLOWED


async def test_load_data_is_the_same_for_the_same_number_and_can_be_put_in_again(workplace: Workplace) -> None:
    assert await load.build(workplace, 130) == 130
    async with nothing_written(workplace):
        await load.build(workplace, 130)
    names = [load._line(place).name for place in range(130)]
    async with workplace.database.reading() as session:
        assert list(await session.scalars(select(Account.name).order_by(Account.number))) == names
        counted = await session.execute(select(Account.status, func.count()).group_by(Account.status))
        assert dict(counted.all()) == {Status.ACTIVE: 112, Status.INACTIVE: 9, Status.CLOSED: 9}


async def test_holds_of_load_data_are_those_that_follow(workplace: Workplace) -> None:
    """Rules 2.6: bringing the PARENT holds of every account up to date changes nothing."""
    await load.build(workplace, 60)
    before = await snapshot(workplace.database)
    async with workplace.unit(ANA) as unit:
        ids = list(await unit.session.scalars(select(Account.id)))
        await apply(unit, HoldChange(Kind.ACCOUNT, ids), Telling(Cause.PARENT, unit.now))
    assert await snapshot(workplace.database) == before
