"""The GraphQL types of the home page: what needs somebody today, and figures by month."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Self

import strawberry

from tenure.graphql.http.context import Info
from tenure.graphql.reads.kept_figures import Figures, figures_of
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.references import JobRunRef
from tenure.graphql.types.values import MoneyType
from tenure.holds.models import Status
from tenure.jobs.models import JobRun
from tenure.overview.rules import AccountCounts, Amounts, OverdueBills, RevenueMonth, Work


@strawberry.type(name="AmountSummary", description="A number of objects and their amounts.")
class AmountSummaryType:
    """A count with a sum for each currency."""

    count: int = strawberry.field(description="The number of objects.")
    sums: list[MoneyType] = strawberry.field(
        description="The sum of their amounts in each currency, in the order of the codes."
    )

    @classmethod
    def of(cls, amounts: Amounts) -> Self:
        """Convert a summary."""
        return cls(count=amounts.count, sums=money_list(amounts.sums))


@strawberry.type(name="OverdueSummary", description="The overdue bills of all accounts.")
class OverdueSummaryType:
    """What `accounts(filter: {hasOverdue: true})` and `bills(filter: {isOverdue: true})` list."""

    accounts: int = strawberry.field(description="The number of accounts with an overdue bill.")
    bills: AmountSummaryType = strawberry.field(
        description="The overdue bills with their open amounts."
    )
    oldest_due_on: date | None = strawberry.field(
        description="The earliest due date among them. Null if nothing is overdue."
    )

    @classmethod
    def of(cls, overdue: OverdueBills) -> Self:
        """Convert a summary."""
        return cls(
            accounts=overdue.accounts,
            bills=AmountSummaryType.of(overdue.bills),
            oldest_due_on=overdue.oldest_due_on,
        )


@strawberry.type(name="StatusCount", description="The number of accounts with one status.")
class StatusCountType:
    """The count can be 0."""

    status: Status = strawberry.field(description="The status of the counted accounts.")
    count: int = strawberry.field(description="The number of accounts. Can be 0.")


@strawberry.type(
    name="AccountTrendPoint", description="The number of accounts by status at one time."
)
class AccountTrendPointType:
    """The end of a month that is over, or now."""

    month: date = strawberry.field(
        description="The first day of the month. The counts are those at its end, and for the "
        "running month those of now."
    )
    counts: list[StatusCountType] = strawberry.field(description="One count for each status.")

    @classmethod
    def of(cls, point: AccountCounts) -> Self:
        """Convert the counts of a month."""
        counts = [StatusCountType(status=it, count=count) for it, count in point.counts.items()]
        return cls(month=point.month, counts=counts)


@strawberry.type(
    name="MonthlyRevenue", description="What was billed and collected in a month, in one currency."
)
class MonthlyRevenueType:
    """A month without bills and payments in the currency is left out."""

    month: date = strawberry.field(description="The first day of the month.")
    billed: MoneyType = strawberry.field(
        description="The charges of the bills that were finalized in the month, without balances "
        "carried over."
    )
    collected: MoneyType = strawberry.field(
        description="The payments that succeeded with a business date in the month."
    )

    @classmethod
    def of(cls, month: RevenueMonth) -> Self:
        """Convert the revenue of a month."""
        return cls(
            month=month.month,
            billed=MoneyType(amount=month.billed, currency=month.currency),
            collected=MoneyType(amount=month.collected, currency=month.currency),
        )


@strawberry.type(
    name="HomeFigures",
    description="Figures of the last twelve months. They are kept for up to a minute.",
)
class HomeFiguresType:
    """The running month is up to date; earlier ones are added up once a day."""

    computed_at: datetime = strawberry.field(
        description="When the figures of the running month were read, by the business clock."
    )
    accounts: list[AccountTrendPointType] = strawberry.field(
        description="Accounts by status at the end of each of the last eleven months and now, "
        "oldest first. A month that is not counted yet is left out; this takes up to a minute "
        "after the server has started."
    )
    revenue: list[MonthlyRevenueType] = strawberry.field(
        description="Revenue by month and currency, oldest first."
    )

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """Convert figures."""
        return cls(
            computed_at=figures.computed_at,
            accounts=[AccountTrendPointType.of(it) for it in figures.accounts],
            revenue=[MonthlyRevenueType.of(it) for it in figures.revenue],
        )


@strawberry.type(name="Home", description="What needs somebody today.")
class HomeType:
    """Counts of now; the figures of months are read only if they are selected."""

    work: strawberry.Private[Work]
    failed_actions: int = strawberry.field(description="The deferred actions with status FAILED.")
    quarantined_accounts: int = strawberry.field(
        description="The accounts for which the bill day failed and is to be retried, as "
        "`quarantinedAccounts` lists them."
    )
    overdue: OverdueSummaryType = strawberry.field(description="The overdue bills.")
    open_disputes: AmountSummaryType = strawberry.field(
        description="The open disputes with the disputed amounts."
    )
    failed_payments: AmountSummaryType = strawberry.field(
        description="The payments that failed since `failedPaymentsFrom`."
    )
    failed_payments_from: date = strawberry.field(
        description="The business date 30 days ago, for a list of the failed payments."
    )
    due_today: int = strawberry.field(
        description="The pending deferred actions that are due before the end of today, in the "
        "business time zone. Overdue ones are included."
    )
    due_this_week: int = strawberry.field(
        description="The pending deferred actions that are due within seven days, today included."
    )

    @resolved_field
    async def last_bill_day(self, info: Info) -> JobRunRef | None:
        """The newest run of the bill day, with its result. Null if there was none."""
        run_id = self.work.last_bill_day
        return None if run_id is None else await info.context.loaders.row(JobRun, run_id)

    @resolved_field
    async def figures(self, info: Info) -> HomeFiguresType:
        """Accounts and revenue by month."""
        return HomeFiguresType.of(await figures_of(info.context.runtime))

    @classmethod
    def of(cls, work: Work) -> Self:
        """Convert what needs somebody."""
        return cls(
            work=work,
            failed_actions=work.failed_actions,
            quarantined_accounts=work.quarantined_accounts,
            overdue=OverdueSummaryType.of(work.overdue),
            open_disputes=AmountSummaryType.of(work.open_disputes),
            failed_payments=AmountSummaryType.of(work.failed_payments),
            failed_payments_from=work.failed_payments_from,
            due_today=work.due_today,
            due_this_week=work.due_this_week,
        )


def money_list(sums: Mapping[str, Decimal]) -> list[MoneyType]:
    """The sums as amounts, in the order of the currency codes."""
    return [MoneyType(amount=sums[currency], currency=currency) for currency in sorted(sums)]
