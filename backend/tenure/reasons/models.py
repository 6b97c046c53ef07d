"""The table of reasons for status changes."""

from datetime import datetime

from sqlalchemy import JSON, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from tenure.holds.models import Status
from tenure.kernel.db import Base

LONGEST_CODE = 64


class Statuses(TypeDecorator[list[Status]]):
    """A list of statuses, as a JSON array of their names."""

    impl = JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: list[Status] | None, dialect: Dialect) -> list[str] | None:
        """The names."""
        return None if value is None else [status.value for status in value]

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> list[Status] | None:
        """The statuses."""
        return None if value is None else [Status(name) for name in value]


class StatusReason(Base):
    """A reason that users choose for changes to some statuses. A retired one is not offered.

    Changes store the text of a reason, so that a reason can be changed without changing the past.
    """

    __tablename__ = "status_reason"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    label: Mapped[str] = mapped_column(String(255))
    applies_to: Mapped[list[Status]] = mapped_column(Statuses)
    is_retired: Mapped[bool]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
