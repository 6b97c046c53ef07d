"""The current business day in a statement, without reading the settings first.

The day is computed from the settings that were read last. The statement also returns the settings
that it sees, and is repeated if they are others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from tenure.graphql.compiled.filters import Parameters
from tenure.graphql.reads.mapping import TODAY
from tenure.graphql.types.scalars import format_instant
from tenure.kernel.clock import business_day, real_now, start_of
from tenure.kernel.json_text import chain, constant, json_instant
from tenure.kernel.unit import Runtime
from tenure.settings.models import BusinessRow
from tenure.settings.queries import read_business
from tenure.settings.rules import Business


def settings_column() -> ColumnElement[str]:
    """The settings that determine the business day, as the statement sees them."""
    row = BusinessRow.__table__
    instant = func.coalesce(json_instant(row.c.clock_set_to), constant(""))
    return select(chain([row.c.time_zone, " ", instant])).scalar_subquery()


@dataclass(slots=True)
class BusinessDay:
    """The business day of a process, from the settings that were read last."""

    business: Business | None = None

    async def parameters(self, runtime: Runtime, days: Mapping[str, date]) -> Parameters:
        """The current day, and the starts of these days, if the settings have not changed."""
        if self.business is None:
            async with runtime.database.reading() as session:
                self.business = await read_business(session, runtime)
        time_zone = self.business.time_zone
        is_set = self.business.clock_is_set
        today = self.business.today if is_set else business_day(real_now(), time_zone)
        starts = {name: start_of(day, time_zone) for name, day in days.items()}
        return {TODAY.key: today, **starts}

    def confirm(self, settings: str) -> bool:
        """True if the day was computed from these settings; otherwise they are read again."""
        business = self.business
        if business is not None:
            time_zone, _, clock = settings.partition(" ")
            is_real = not (business.clock_settable and clock)
            expected = f'"{format_instant(business.now)}"' if business.clock_is_set else ""
            if time_zone == business.time_zone and (
                expected == "" if is_real else expected == clock
            ):
                return True
        self.business = None
        return False
