"""Months, and the forms of the figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tenure.holds.models import Status

# The running month and the eleven before it.
MONTHS = 12
# Dates that are added up again each day: a missed bill day bills them later.
RECALCULATED_MONTHS = 2
FAILED_PAYMENT_DAYS = 30
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Amounts:
    """A number of rows, and the sums of their amounts by currency."""

    count: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class OverdueBills:
    """The overdue bills: their accounts, their open amounts, and the oldest due date."""

    accounts: int
    bills: Amounts
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """What needs somebody today. `last_bill_day` is the id of its newest run."""

    failed_actions: int
    quarantined_accounts: int
    overdue: OverdueBills
    open_disputes: Amounts
    failed_payments: Amounts
    failed_payments_from: date
    due_today: int
    due_this_week: int
    last_bill_day: int | None


@dataclass(frozen=True, slots=True)
class BillDay:
    """A business date with bills, with bill units to bill, or with a run of the bill day.

    `last_run` is the id of the newest run for the date.
    """

    on: date
    bill_units: int = 0
    bills: int = 0
    last_run: int | None = None


@dataclass(frozen=True, slots=True)
class RevenueDay:
    """What was billed and collected on a day, in one currency."""

    day: date
    currency: str
    billed: Decimal = Decimal(0)
    collected: Decimal = Decimal(0)


@dataclass(slots=True)
class RevenueMonth:
    """What was billed and collected in a month, in one currency. `month` is its first day."""

    month: date
    currency: str
    billed: Decimal = Decimal(0)
    collected: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """The number of accounts by status, now or at the end of a month (`month` is its first day)."""

    month: date
    counts: Mapping[Status, int] = field(default_factory=dict)


def first_of_month(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months before the one that begins on `month`."""
    year, place = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(year, place + 1, 1)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return months_before(month, -1)


def revenue_by_month(days: Iterable[RevenueDay]) -> list[RevenueMonth]:
    """The sums of each month and currency, oldest month first."""
    months: dict[tuple[date, str], RevenueMonth] = {}
    for it in days:
        key = first_of_month(it.day), it.currency
        month = months.setdefault(key, RevenueMonth(*key))
        month.billed += it.billed
        month.collected += it.collected
    return [months[key] for key in sorted(months)]
