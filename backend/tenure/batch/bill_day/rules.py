"""The date of a bill day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenure.kernel.clock import start_of


@dataclass(frozen=True, slots=True)
class BusinessDate:
    """A date in the business time zone. The effects of its bill day occur at its start."""

    on: date
    time_zone: str

    @property
    def start(self) -> datetime:
        """Its 00:00."""
        return start_of(self.on, self.time_zone)

    @property
    def end(self) -> datetime:
        """00:00 of the day after it."""
        return start_of(self.on + timedelta(days=1), self.time_zone)

    @property
    def last_instant(self) -> datetime:
        """The last instant at which something is due on this date."""
        return self.end - timedelta(microseconds=1)
