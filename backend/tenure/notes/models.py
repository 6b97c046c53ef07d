"""The table of notes about accounts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class Note(Base):
    """A note about an account. `pinned` is 1 for a pinned note, else 0: lists sort by it.

    `changed_by` and `changed_at` are those of the last change of the text; null without one.
    """

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    pinned: Mapped[int] = mapped_column(SmallInteger)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(String(255))
    changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        Index(
            "ix_note_account_id_pinned_created_at_id", "account_id", "pinned", "created_at", "id"
        ),
    )
