"""Reads what needs somebody today, and the figures of the last twelve months."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill
from tenure.billing.credits.queries import is_past_due
from tenure.deferred.models import DeferredAction, DeferredStatus
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event
from tenure.holds.models import Status
from tenure.jobs.models import JobKind, JobRun
from tenure.jobs.queries import AWAITS_RETRY
from tenure.kernel.clock import start_of
from tenure.kernel.sums import exact_parts, exact_sum
from tenure.overview.models import DailyRevenue, MonthlyAccounts
from tenure.overview.rules import (
    FAILED_PAYMENT_DAYS,
    MONTHS,
    WEEK,
    AccountCounts,
    Amounts,
    BillDay,
    OverdueBills,
    RevenueDay,
    RevenueMonth,
    Work,
    first_of_month,
    months_before,
    next_month,
    revenue_by_month,
)
from tenure.payments.models import Payment, PaymentStatus
from tenure.settings.rules import Business

# The status changes of accounts themselves, not of their services and offers.
OF_ACCOUNTS = and_(
    Event.from_status.is_not(None), Event.service_id.is_(None), Event.offer_id.is_(None)
)


async def work_of(session: AsyncSession, business: Business) -> Work:
    """What needs somebody today. Each statement reads one index, or few rows."""
    today = business.today
    newest = select(JobRun.id).where(JobRun.kind == JobKind.BILL_DAY)
    last_run = (await session.execute(newest.order_by(JobRun.id.desc()).limit(1))).scalar()
    failed_from = today - timedelta(days=FAILED_PAYMENT_DAYS)
    return Work(
        failed_actions=await _count(session, DeferredAction.status == DeferredStatus.FAILED),
        quarantined_accounts=await _count(session, AWAITS_RETRY),
        overdue=await _overdue(session, today),
        open_disputes=await _amounts(
            session, Dispute.amount, Dispute.currency, Dispute.status == DisputeStatus.OPEN
        ),
        failed_payments=await _amounts(
            session,
            Payment.amount,
            Payment.currency,
            and_(Payment.status == PaymentStatus.FAILED, Payment.business_date >= failed_from),
        ),
        failed_payments_from=failed_from,
        due_today=await _due_before(session, business, today + timedelta(days=1)),
        due_this_week=await _due_before(session, business, today + WEEK),
        last_bill_day=last_run,
    )


async def bill_days(session: AsyncSession, first: date, end: date) -> list[BillDay]:
    """The bill days from `first` until before `end`, in order. Dates without any are left out.

    The counts are read from indexes alone. They take time in proportion to the bill units of these
    days: 0.1 seconds for a million.
    """
    units = await _counted_by_day(session, BillUnit.next_bill_on, first, end)
    bills = await _counted_by_day(session, Bill.billed_on, first, end)
    runs = select(JobRun.business_date, func.max(JobRun.id)).where(
        JobRun.kind == JobKind.BILL_DAY, JobRun.business_date >= first, JobRun.business_date < end
    )
    newest = await session.execute(runs.group_by(JobRun.business_date))
    last_runs = dict(newest.all())
    return [
        BillDay(on, units.get(on, 0), bills.get(on, 0), last_runs.get(on))
        for on in sorted({*units, *bills, *last_runs})
    ]


async def _counted_by_day(
    session: AsyncSession, day: InstrumentedAttribute[Any], first: date, end: date
) -> dict[date, int]:
    counts = select(day, func.count()).where(day >= first, day < end).group_by(day)
    return dict((await session.execute(counts)).all())


async def account_trend(session: AsyncSession, today: date) -> list[AccountCounts]:
    """The number of accounts by status at the end of past months, and now. Oldest first.

    A month that is not counted yet is left out.
    """
    running = first_of_month(today)
    past = select(MonthlyAccounts).where(
        MonthlyAccounts.month >= months_before(running, MONTHS - 1), MonthlyAccounts.month < running
    )
    found: dict[date, dict[Status, int]] = defaultdict(lambda: dict.fromkeys(Status, 0))
    for row in await session.scalars(past):
        found[row.month][row.status] = row.count
    now = select(Account.status, func.count()).group_by(Account.status)
    for status, count in await session.execute(now):
        found[running][status] = count
    found.setdefault(running, dict.fromkeys(Status, 0))
    return [AccountCounts(month, found[month]) for month in sorted(found)]


async def revenue_trend(session: AsyncSession, today: date) -> list[RevenueMonth]:
    """What was billed and collected in the last twelve months, oldest first.

    Stored days are read; the days after the last stored one are added up.
    """
    first = months_before(first_of_month(today), MONTHS - 1)
    billed = exact_parts(DailyRevenue.billed_millions, DailyRevenue.billed)
    collected = exact_parts(DailyRevenue.collected_millions, DailyRevenue.collected)
    statement = select(DailyRevenue.day, DailyRevenue.currency, billed, collected)
    within = DailyRevenue.day.between(first, today - timedelta(days=1))
    stored = [RevenueDay(*row) for row in await session.execute(statement.where(within))]
    last = max((it.day for it in stored), default=first - timedelta(days=1))
    added = await daily_revenue(session, last + timedelta(days=1), today + timedelta(days=1))
    return revenue_by_month([*stored, *added])


async def daily_revenue(session: AsyncSession, first: date, end: date) -> list[RevenueDay]:
    """What was billed and collected on each day from `first` until before `end`."""
    charges = Bill.current_charges + Bill.subordinate_charges
    billed = select(Bill.billed_on, Bill.currency, exact_sum(charges)).where(
        Bill.billed_on >= first, Bill.billed_on < end
    )
    collected = select(Payment.business_date, Payment.currency, exact_sum(Payment.amount)).where(
        Payment.status == PaymentStatus.SUCCEEDED,
        Payment.business_date >= first,
        Payment.business_date < end,
    )
    days = [
        RevenueDay(day, currency, billed=amount)
        for day, currency, amount in await session.execute(
            billed.group_by(Bill.billed_on, Bill.currency)
        )
        if day is not None
    ]
    return days + [
        RevenueDay(day, currency, collected=amount)
        for day, currency, amount in await session.execute(
            collected.group_by(Payment.business_date, Payment.currency)
        )
    ]


async def counted_months(session: AsyncSession) -> set[date]:
    """The months whose accounts have been counted."""
    return set(await session.scalars(select(MonthlyAccounts.month).distinct()))


async def accounts_at_end_of(
    session: AsyncSession, month: date, time_zone: str
) -> dict[Status, int]:
    """The number of accounts by status at the end of a month.

    These are the present ones that existed then, without the status changes since.
    """
    end = start_of(next_month(month), time_zone)
    now = select(Account.status.label("status"), func.count().label("count"))
    now = now.where(Account.created_at < end).group_by(Account.status)
    since = and_(OF_ACCOUNTS, Event.occurred_at >= end, Account.created_at < end)
    changes = [
        select(status.label("status"), (literal(sign) * func.count()).label("count"))
        .join(Account, Account.id == Event.account_id)
        .where(since)
        .group_by(status)
        for status, sign in ((Event.to_status, -1), (Event.from_status, 1))
    ]
    found = union_all(now, *changes).subquery()
    statement = select(found.c.status, func.sum(found.c.count)).group_by(found.c.status)
    counts = {status: int(count) for status, count in await session.execute(statement)}
    return {status: counts.get(status, 0) for status in Status}


async def _overdue(session: AsyncSession, today: date) -> OverdueBills:
    overdue = is_past_due(today)
    columns = (Bill.currency, func.count(), exact_sum(Bill.open_amount), func.min(Bill.due_on))
    rows = (await session.execute(select(*columns).where(overdue).group_by(Bill.currency))).all()
    accounts = select(func.count(Bill.account_id.distinct())).where(overdue)
    return OverdueBills(
        accounts=(await session.execute(accounts)).scalar_one(),
        bills=_summed(rows),
        oldest_due_on=min((row[3] for row in rows if row[3] is not None), default=None),
    )


async def _amounts(
    session: AsyncSession,
    amount: SQLColumnExpression[Decimal],
    currency: SQLColumnExpression[str],
    condition: ColumnElement[bool],
) -> Amounts:
    statement = select(currency, func.count(), exact_sum(amount)).where(condition)
    return _summed((await session.execute(statement.group_by(currency))).all())


def _summed(rows: Sequence[Any]) -> Amounts:
    """The count and the sums of rows of currency, count and sum."""
    sums = {row[0]: row[2] for row in sorted(rows, key=lambda row: str(row[0]))}
    return Amounts(sum(row[1] for row in rows), sums)


async def _count(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    return (await session.execute(select(func.count()).where(condition))).scalar_one()


async def _due_before(session: AsyncSession, business: Business, end: date) -> int:
    pending = and_(
        DeferredAction.status == DeferredStatus.PENDING,
        DeferredAction.scheduled_for < start_of(end, business.time_zone),
    )
    return await _count(session, pending)
