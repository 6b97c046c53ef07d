"""The table of rated usage."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class RatedUsage(Base):
    """A reference of a service is rated once; a repetition returns the first event (rules 6.4)."""

    __tablename__ = "rated_usage"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id"), primary_key=True, autoincrement=False
    )
    reference: Mapped[str] = mapped_column(String(255), primary_key=True)
    event_id: Mapped[int]
