"""Demonstration data: believable, complete, and the same for the same number."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import PurchasedOffer, Service
from tenure.billing.bills.models import Bill, BillStatus
from tenure.billing.credits.queries import is_past_due
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.demo import company, load, timeline
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event, EventKind
from tenure.holds.models import Cause, Status
from tenure.jobs.models import JobRunStatus
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime
from tenure.overview.queries import account_trend
from tenure.overview.rules import MONTHS
from tenure.payments.models import Payment, PaymentMethod, PaymentMethodKind, PaymentStatus
from tenure.policies.rules import PaymentOutcome
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, Kind
from tests.batch.bill_day.days import bill_day
from tests.checks import nothing_written, snapshot
from tests.conftest import ANA, NOON
from tests.sums import check_sums


@pytest.mark.thorough
@pytest.mark.timeout(400)
async def test_the_company_has_something_of_everything(runtime: Runtime) -> None:
    transferred: list[int] = []
    assert await company.build_company(runtime, transferred.append) == 40
    assert sum(transferred) == company.DAYS
    await check_standing(runtime)
    await check_bills(runtime)
    await check_sums(runtime)
    await check_the_days_that_follow(runtime)


async def check_standing(runtime: Runtime) -> None:
    """Holds of every cause, promises in every state, three hierarchies, and who pays for whom."""
    async with runtime.database.reading() as session:
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
        assert (
            len(
                [
                    account
                    for account in accounts
                    if account.id in roots and account.parent_id is None
                ]
            )
            == 3
        )
        states = set(await session.scalars(select(DeferredAction.status)))
        assert states == set(DeferredStatus)
        people = {actor.name for actor in timeline.ACTORS}
        assert people < set(await session.scalars(select(Event.actor)))
        unpaid_by_family = (
            select(func.count()).select_from(BillUnit).where(BillUnit.paying_parent_id.is_not(None))
        )
        assert (await session.execute(unpaid_by_family)).scalar_one() == 10
        trend = await account_trend(session, NOON.date())
        assert len(trend) == MONTHS
        assert trend[-2].counts[Status.ACTIVE] > 0


async def check_bills(runtime: Runtime) -> None:
    """Bills in every state, overdue accounts, failed cards, disputes; no late bill."""
    async with runtime.database.reading() as session:
        a_bill = (
            select(Account.name, func.count())
            .join(Bill)
            .where(Bill.billed_on.is_not(None))
            .group_by(Account.name)
        )
        bills = dict((await session.execute(a_bill)).all())
        assert (
            bills["Ada Lindqvist"],
            bills["Harborline Hotels"],
            bills["Brightwater Logistics"],
        ) == (8, 4, 4)
        assert "Harborline Lisbon" not in bills
        assert set(await session.scalars(select(Bill.status))) == set(BillStatus)
        past_due = (
            select(Account.name, func.sum(Bill.open_amount))
            .join(Bill)
            .where(is_past_due(NOON.date()))
        )
        overdue = dict((await session.execute(past_due.group_by(Account.name))).all())
        assert overdue == {"Igor Petrov": Decimal("49.80"), "Larkspur Studio": Decimal("124.70")}
        failed = (
            select(Account.name, Payment.result)
            .join(Payment)
            .where(Payment.status == PaymentStatus.FAILED)
        )
        assert set((await session.execute(failed)).all()) == {
            ("Brightwater Logistics", PaymentOutcome.EXPIRED),
            ("Esther Mensah", PaymentOutcome.INSUFFICIENT_FUNDS),
            ("Fatima Zahra El Idrissi", PaymentOutcome.INSUFFICIENT_FUNDS),
            ("Igor Petrov", PaymentOutcome.VALIDATION_FAILED),
        }
        in_debt = select(Account.name).where(Account.inactive_holds.op("&")(int(Cause.DEBT)) != 0)
        assert set(await session.scalars(in_debt)) == {"Brightwater Logistics", "Igor Petrov"}
        methods = (await session.execute(select(PaymentMethod.kind).distinct())).scalars()
        assert set(methods) == set(PaymentMethodKind)
        disputes = set(await session.scalars(select(Dispute.status)))
        assert disputes == {DisputeStatus.OPEN, DisputeStatus.PARTLY_GRANTED, DisputeStatus.DENIED}
        kinds = set(await session.scalars(select(Event.kind)))
        assert {
            EventKind.USAGE,
            EventKind.DISCOUNT,
            EventKind.ADJUSTMENT,
            EventKind.TRANSFER,
        } < kinds
        limited = (
            select(Account.credit_limit, BillUnit.balance)
            .join(BillUnit)
            .where(Account.name == "Gabriel Moreau")
        )
        limit, balance = (await session.execute(limited)).one()
        assert limit * Decimal("0.9") < balance < limit
        late = (
            select(func.count()).select_from(BillUnit).where(BillUnit.next_bill_on <= NOON.date())
        )
        assert (await session.execute(late)).scalar_one() == 0


async def check_the_days_that_follow(runtime: Runtime) -> None:
    """Today's bill day has nothing left to do; the next month is billed without a failure."""
    before = await snapshot(runtime.database)
    for _ in range(2):
        await bill_day(runtime, NOON.date())
        after = await snapshot(runtime.database)
        assert {name for name in after if after[name] != before[name]} == {
            "job_run",
            "job_step",
            "business",
            "audit_entry",
        }
    in_a_month = await bill_day(runtime, NOON.date() + timedelta(days=31))
    assert (in_a_month.status, in_a_month.failed) == (JobRunStatus.DONE, 0)
    await check_sums(runtime)


async def test_the_company_moves_only_into_an_empty_database(runtime: Runtime) -> None:
    await load.build_accounts(runtime, 1)
    async with nothing_written(runtime):
        with pytest.raises(TenureError) as refusal:
            await company.build_company(runtime)
    assert refusal.value.code is ErrorCode.NOT_ALLOWED


async def test_load_data_is_the_same_for_the_same_number_and_can_be_put_in_again(
    runtime: Runtime,
) -> None:
    assert await load.build_accounts(runtime, 130) == 130
    async with nothing_written(runtime):
        await load.build_accounts(runtime, 130)
    names = [load._line(place).name for place in range(130)]
    async with runtime.database.reading() as session:
        assert list(await session.scalars(select(Account.name).order_by(Account.number))) == names
        counted = await session.execute(
            select(Account.status, func.count()).group_by(Account.status)
        )
        assert dict(counted.all()) == {Status.ACTIVE: 112, Status.INACTIVE: 9, Status.CLOSED: 9}


async def test_holds_of_load_data_are_those_that_follow(runtime: Runtime) -> None:
    """Rules 2.6: bringing the PARENT holds of every account up to date changes nothing."""
    await load.build_accounts(runtime, 60)
    before = await snapshot(runtime.database)
    async with runtime.unit(ANA) as unit:
        ids = list(await unit.session.scalars(select(Account.id)))
        await apply(unit, HoldChange(Kind.ACCOUNT, ids), EventContext(Cause.PARENT, unit.now))
    assert await snapshot(runtime.database) == before
