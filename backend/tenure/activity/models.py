"""The table of recalculated inactive intervals (rules 2.11)."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class CorrectedActivity(Base):
    """When an offer was inactive, as of each backdated change that affected it. The latest counts.

    `inactive` holds `{"intervals": [[start, end], …]}`: ISO instants, half open; an end of null is
    still open. Changes after `change_id` are in the offer's own events.
    """

    __tablename__ = "corrected_activity"

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("purchased_offer.id"), primary_key=True, autoincrement=False
    )
    change_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    inactive: Mapped[dict[str, Any]]
