"""The table of disputes."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base
from tenure.kernel.money import Millionths


class DisputeStatus(StrEnum):
    """OPEN until it is settled, once."""

    OPEN = "OPEN"
    GRANTED = "GRANTED"
    PARTLY_GRANTED = "PARTLY_GRANTED"
    DENIED = "DENIED"


class Dispute(Base):
    """An amount of a bill that the customer disputes: of the whole bill, an item, or an event."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    item_id: Mapped[int | None]
    event_id: Mapped[int | None]
    amount: Mapped[Decimal] = mapped_column(Millionths)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[DisputeStatus]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(255))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(255))
    granted: Mapped[Decimal | None] = mapped_column(Millionths)
    note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_dispute_status_id", "status", "id"),
        Index("ix_dispute_opened_at", "opened_at"),
        # When unbilled charges move to another payer's bill, their disputes move with them (rules
        # 5.3).
        ForeignKeyConstraint(
            ["item_id", "bill_id"], ["bill_item.id", "bill_item.bill_id"], onupdate="CASCADE"
        ),
    )
