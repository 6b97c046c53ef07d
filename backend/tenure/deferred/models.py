"""The table of deferred actions: changes with the time at which they are due (rules 4)."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Self

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import Status
from tenure.kernel.db import Base


class DeferredKind(StrEnum):
    """The kinds of change that can be deferred (rules 4.1)."""

    CHANGE_ACCOUNT_STATUS = "CHANGE_ACCOUNT_STATUS"
    CHANGE_SERVICE_STATUS = "CHANGE_SERVICE_STATUS"
    CHANGE_OFFER_STATUS = "CHANGE_OFFER_STATUS"
    ADD_TO_HIERARCHY = "ADD_TO_HIERARCHY"
    REMOVE_FROM_HIERARCHY = "REMOVE_FROM_HIERARCHY"
    MOVE_IN_HIERARCHY = "MOVE_IN_HIERARCHY"


class DeferredStatus(StrEnum):
    """PENDING, or the outcome. Only a FAILED action can be run again (rules 4.3)."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    CANCELLED = "CANCELLED"


class DeferredAction(Base):
    """A change that was requested at `created_at` and is due at `scheduled_for`.

    An inactivation and the reactivation scheduled with it (its return) name each other in
    `paired_with_id`. A return whose inactivation has run stores in `hold_change_id` the change that
    set the MANUAL hold to lift; 0 where that was before changes were recorded (rules 4.11).
    """

    __tablename__ = "deferred_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DeferredKind]
    status: Mapped[DeferredStatus]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("purchased_offer.id"))
    summary: Mapped[str] = mapped_column(Text)
    to_status: Mapped[Status | None]
    login: Mapped[str | None] = mapped_column(String(255))
    new_parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    parent_pays: Mapped[bool] = mapped_column(default=False)
    children_stay: Mapped[bool] = mapped_column(default=False)
    scheduled_for: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    executed_at: Mapped[datetime | None]
    job_run_id: Mapped[int | None] = mapped_column(ForeignKey("job_run.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(Text)
    cancelled_by: Mapped[str | None] = mapped_column(String(255))
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    paired_with_id: Mapped[int | None]
    hold_change_id: Mapped[int | None]

    @property
    def is_return(self) -> bool:
        """True for the reactivation that was scheduled with an inactivation."""
        return is_return(self.to_status, self.paired_with_id, self.hold_change_id)

    __table_args__ = (
        Index("ix_deferred_action_due", "status", "scheduled_for", "id"),
        Index(
            "ix_deferred_action_account_id_scheduled_for_id", "account_id", "scheduled_for", "id"
        ),
        Index("ix_deferred_action_scheduled_for_id", "scheduled_for", "id"),
    )


def is_return(
    to_status: Status | None, paired_with_id: int | None, hold_change_id: int | None
) -> bool:
    """True for a reactivation that belongs to an inactivation, whether that was deferred or not."""
    belongs = paired_with_id is not None or hold_change_id is not None
    return to_status is Status.ACTIVE and belongs


class Due(NamedTuple):
    """The columns needed to run an action.

    Reading thousands of actions as ORM objects costs seven times as much.
    """

    id: int
    scheduled_for: datetime
    kind: DeferredKind
    account_id: int
    service_id: int | None
    offer_id: int | None
    to_status: Status | None
    login: str | None
    new_parent_id: int | None
    parent_pays: bool
    children_stay: bool
    reason: str | None
    note: str | None
    paired_with_id: int | None
    hold_change_id: int | None

    @classmethod
    def of(cls, action: DeferredAction) -> Self:
        """The columns of an action that has been loaded."""
        return cls(*(getattr(action, name) for name in cls._fields))

    @property
    def is_return(self) -> bool:
        """True for the reactivation that was scheduled with an inactivation."""
        return is_return(self.to_status, self.paired_with_id, self.hold_change_id)


DUE = [getattr(DeferredAction, name) for name in Due._fields]
