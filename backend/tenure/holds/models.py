"""Holds as two bit masks on the row; the database computes the status from them (rules 2.1)."""

from collections.abc import Iterator
from datetime import datetime
from enum import IntFlag, StrEnum

from sqlalchemy import ColumnElement, Computed, SmallInteger, case
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class Status(StrEnum):
    """Computed from the holds, never set directly."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    CLOSED = "CLOSED"


class Cause(IntFlag):
    """The cause of a hold. Each cause is one bit of a mask."""

    MANUAL = 1
    DEBT = 2
    PARENT = 4
    ACCOUNT = 8
    SERVICE = 16


LIFTED_MANUALLY = Cause.MANUAL | Cause.DEBT
ALL_CAUSES = Cause.MANUAL | Cause.DEBT | Cause.PARENT | Cause.ACCOUNT | Cause.SERVICE

STATUS_OF_HOLDS = (
    "CASE WHEN closed_holds <> 0 THEN 'CLOSED' "
    "WHEN inactive_holds <> 0 THEN 'INACTIVE' ELSE 'ACTIVE' END"
)
# The causes of all holds of a row, whatever their effect; as an index of an expression has them.
HOLDS = "(inactive_holds | closed_holds)"
HAS_HOLDS = f"{HOLDS} <> 0"


class Held:
    """The columns of entities that have a status: accounts, services, purchased offers.

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
    def status(cls) -> Mapped[Status]:  # noqa: N805 - SQLAlchemy passes the class
        """A generated column: the database computes it when the holds are written."""
        return mapped_column(Computed(STATUS_OF_HOLDS, persisted=True))


def status_of(inactive: int, closed: int) -> Status:
    """The status that two masks result in."""
    return Status.CLOSED if closed else Status.INACTIVE if inactive else Status.ACTIVE


def status_in_sql(inactive: ColumnElement[int], closed: ColumnElement[int]) -> ColumnElement[str]:
    """`status_of` in SQL, for masks that are not stored yet."""
    return case(
        (closed != 0, Status.CLOSED.value),
        (inactive != 0, Status.INACTIVE.value),
        else_=Status.ACTIVE.value,
    )


def holds_of(inactive: int, closed: int) -> Iterator[tuple[Status, Cause]]:
    """The holds in two masks, closing ones first."""
    for effect, mask in ((Status.CLOSED, closed), (Status.INACTIVE, inactive)):
        for cause in Cause:
            if mask & cause:
                yield effect, cause
