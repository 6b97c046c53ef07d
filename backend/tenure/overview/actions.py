"""Stores the figures of days and months that are over."""

from decimal import Decimal

from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite has the same syntax.

from tenure.kernel.money import MILLION
from tenure.kernel.unit import Unit
from tenure.overview.models import DailyRevenue, MonthlyAccounts
from tenure.overview.queries import accounts_at_end_of, counted_months, daily_revenue
from tenure.overview.rules import (
    MONTHS,
    RECALCULATED_MONTHS,
    RevenueDay,
    first_of_month,
    months_before,
)

LARGE = Decimal(MILLION)


async def store_figures(unit: Unit) -> None:
    """Adds up the days and months that are over, up to twelve months back.

    What was stored before is kept, except that of the running and the previous month: a missed bill
    day bills them later, and changes are made for past times.
    """
    running = first_of_month(unit.today)
    stored = await counted_months(unit.session)
    months = [months_before(running, count) for count in range(MONTHS - 1, 0, -1)]
    recalculated = months_before(running, RECALCULATED_MONTHS - 1)
    open_months = [month for month in months if month not in stored or month >= recalculated]
    days = await daily_revenue(unit.session, open_months[0], unit.today)
    await _store_revenue(unit, days)
    for month in open_months:
        counts = await accounts_at_end_of(unit.session, month, unit.time_zone)
        rows = [{"month": month, "status": it, "count": count} for it, count in counts.items()]
        adding = insert_or_update(MonthlyAccounts)
        await unit.connection.execute(
            adding.on_conflict_do_update(
                index_elements=["month", "status"], set_={"count": adding.excluded.count}
            ),
            rows,
        )


async def _store_revenue(unit: Unit, days: list[RevenueDay]) -> None:
    """Replaces the sums of these days, in their order, so that two processes do not deadlock."""
    sums: dict[tuple[object, ...], RevenueDay] = {}
    for it in days:
        key = (it.day, it.currency)
        before = sums.get(key, RevenueDay(it.day, it.currency))
        sums[key] = RevenueDay(
            it.day, it.currency, before.billed + it.billed, before.collected + it.collected
        )
    if not sums:
        return
    rows = [_row(sums[key]) for key in sorted(sums, key=str)]
    adding = insert_or_update(DailyRevenue)
    values = {name: adding.excluded[name] for name in rows[0] if name not in ("day", "currency")}
    await unit.connection.execute(
        adding.on_conflict_do_update(index_elements=["day", "currency"], set_=values), rows
    )


def _row(it: RevenueDay) -> dict[str, object]:
    billed_millions, billed = divmod(it.billed, LARGE)
    collected_millions, collected = divmod(it.collected, LARGE)
    return {
        "day": it.day,
        "currency": it.currency,
        "billed_millions": int(billed_millions),
        "billed": billed,
        "collected_millions": int(collected_millions),
        "collected": collected,
    }
