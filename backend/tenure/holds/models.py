"""Status follows from holds (rules 2.1): two small bit masks on the row, and a column that the database computes."""

from collections.abc import Iterator
from datetime import datetime
from enum import IntFlag, StrEnum

from sqlalchemy import Computed, SmallInteger
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class Status(StrEnum):
    """Never chosen: computed from the holds."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    CLOSED = "CLOSED"


class Cause(IntFlag):
    """Why something is held. Each cause is one bit of a mask."""

    MANUAL = 1
    DEBT = 2
    PARENT = 4
    ACCOUNT = 8
    SERVICE = 16


LIFTED_MANUALLY = Cause.MANUAL | Cause.DEBT
ALL_CAUSES = Cause.MANUAL | Cause.DEBT | Cause.PARENT | Cause.ACCOUNT | Cause.SERVICE

STATUS_OF_HOLDS = "CASE WHEN closed_holds <> 0 THEN 'CLOSED' WHEN inactive_holds <> 0 THEN 'INACTIVE' ELSE 'ACTIVE' END"


class Held:
    """The columns of everything that has a status: accounts, services, purchased offers.

    `manual_hold_change_id` is the change that set the inactivating MANUAL hold; null without one.
    """

    inactive_holds: Mapped[int] = mapped_column(SmallInteger, default=0)
    closed_holds: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    status_changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    manual_hold_change_id: Mapped[int | None]

    @declared_attr
    def status(cls) -> Mapped[Status]:  # noqa: N805 - SQLAlchemy hands the class
        """Written by the database together with the holds."""
        return mapped_column(Computed(STATUS_OF_HOLDS, persisted=True))


def status_of(inactive: int, closed: int) -> Status:
    """The status that follows from two masks."""
    return Status.CLOSED if closed else Status.INACTIVE if inactive else Status.ACTIVE


def holds_of(inactive: int, closed: int) -> Iterator[tuple[Status, Cause]]:
    """The holds in two masks, closing ones first."""
    for effect, mask in ((Status.CLOSED, closed), (Status.INACTIVE, inactive)):
        for cause in Cause:
            if mask & cause:
                yield effect, cause
