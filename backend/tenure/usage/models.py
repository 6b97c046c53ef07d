"""The table of usage that has been rated."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class RatedUsage(Base):
    """The same reference is rated once, and answers with the first event (rules 6.4)."""

    __tablename__ = "rated_usage"

    reference: Mapped[str] = mapped_column(String(255), primary_key=True)
    event_id: Mapped[int]
