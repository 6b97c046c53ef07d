"""What an admin sets while the program runs: the business settings and the business clock.

They are one row of the database, so that every process sees a change at once; every unit reads it at its start.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.clock import business_day, real_now
from tenure.kernel.db import Base


class BusinessRow(Base):
    """The one row, made by the first migration."""

    __tablename__ = "business"

    id: Mapped[int] = mapped_column(primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    allow_active_service_with_inactive_account: Mapped[bool] = mapped_column(default=False)
    change_start_time_on_activation: Mapped[bool] = mapped_column(default=True)
    closed_login_prefix: Mapped[str | None] = mapped_column(String(64))
    inactivate_after_days_past_due: Mapped[int] = mapped_column(default=30)
    payment_term_days: Mapped[int] = mapped_column(default=30)
    clock_set_to: Mapped[datetime | None]


class BusinessChange(Base):
    """Who set what, and when in real time. Append only: no admin's change is hidden by the next one."""

    __tablename__ = "business_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(255))
    values: Mapped[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Business:
    """The settings and the instant, as a unit sees them from its start to its end."""

    now: datetime
    clock_is_set: bool
    time_zone: str
    allow_active_service_with_inactive_account: bool
    change_start_time_on_activation: bool
    closed_login_prefix: str | None
    inactivate_after_days_past_due: int
    payment_term_days: int

    @property
    def today(self) -> date:
        """The business day that runs."""
        return business_day(self.now, self.time_zone)


async def read_business(session: AsyncSession, *, clock_settable: bool) -> Business:
    """The row as it is now."""
    return business_of(
        (await session.execute(select(BusinessRow))).scalar_one(), clock_settable=clock_settable
    )


def business_of(row: BusinessRow, *, clock_settable: bool) -> Business:
    """The settings that this row holds. Where the server does not allow a set clock, real time counts."""
    is_set = clock_settable and row.clock_set_to is not None
    return Business(
        now=row.clock_set_to if is_set and row.clock_set_to else real_now(),
        clock_is_set=is_set,
        time_zone=row.time_zone,
        allow_active_service_with_inactive_account=row.allow_active_service_with_inactive_account,
        change_start_time_on_activation=row.change_start_time_on_activation,
        closed_login_prefix=row.closed_login_prefix,
        inactivate_after_days_past_due=row.inactivate_after_days_past_due,
        payment_term_days=row.payment_term_days,
    )
