"""The table of the business settings."""

from datetime import datetime

from sqlalchemy import String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class BusinessRow(Base):
    """The only row, inserted by the first migration. Every unit reads it at its start.

    `clock_set_to` is null while the business clock shows real time. `version` counts the changes
    of the settings, not those of the clock.
    """

    __tablename__ = "business"

    id: Mapped[int] = mapped_column(primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    allow_active_service_with_inactive_account: Mapped[bool] = mapped_column(default=False)
    change_start_time_on_activation: Mapped[bool] = mapped_column(default=True)
    closed_login_prefix: Mapped[str | None] = mapped_column(String(64))
    inactivate_after_days_past_due: Mapped[int] = mapped_column(default=30)
    payment_term_days: Mapped[int] = mapped_column(default=30)
    clock_set_to: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
