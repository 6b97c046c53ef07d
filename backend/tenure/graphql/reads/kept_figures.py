"""The figures of the home page, kept for a minute: counting a million accounts takes a while."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from weakref import WeakKeyDictionary

from tenure.kernel.db import Database
from tenure.kernel.unit import Runtime
from tenure.overview.queries import account_trend, revenue_trend
from tenure.overview.rules import AccountCounts, RevenueMonth
from tenure.settings.queries import read_business

KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of the last twelve months, and when they were read by the business clock."""

    computed_at: datetime
    accounts: list[AccountCounts]
    revenue: list[RevenueMonth]


_kept: WeakKeyDictionary[Database, tuple[float, Figures]] = WeakKeyDictionary()


async def figures_of(runtime: Runtime) -> Figures:
    """The figures of the database, at most KEPT_SECONDS old."""
    kept = _kept.get(runtime.database)
    async with runtime.database.reading() as session:
        business = await read_business(session, runtime)
        is_recent = kept is not None and monotonic() - kept[0] < KEPT_SECONDS
        if kept is not None and is_recent and kept[1].computed_at <= business.now:
            return kept[1]
        figures = Figures(
            business.now,
            await account_trend(session, business.today),
            await revenue_trend(session, business.today),
        )
    _kept[runtime.database] = monotonic(), figures
    return figures
