"""The business settings and the business clock as one unit sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from tenure.kernel.clock import business_day


@dataclass(frozen=True, slots=True)
class Business:
    """The settings and the time, which stay the same from the start of a unit to its end."""

    now: datetime
    clock_is_set: bool
    clock_settable: bool
    time_zone: str
    allow_active_service_with_inactive_account: bool
    change_start_time_on_activation: bool
    closed_login_prefix: str | None
    inactivate_after_days_past_due: int
    payment_term_days: int

    @property
    def today(self) -> date:
        """The current business day."""
        return business_day(self.now, self.time_zone)
