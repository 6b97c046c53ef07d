"""The table of contacts of accounts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base

IS_PRIMARY = text("is_primary")
LONGEST_LINE = 255
MAX_LINES = 4


class ContactKind(StrEnum):
    """What a contact is for."""

    BILLING = "BILLING"
    SERVICE = "SERVICE"
    OTHER = "OTHER"


class Contact(Base):
    """A person or department of a customer. The primary one gets the bills.

    `address_lines` are the lines of the address before the city, separated by line breaks.
    `country` is a code of ISO 3166-1.
    """

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[ContactKind]
    is_primary: Mapped[bool]
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(64))
    address_lines: Mapped[str | None] = mapped_column(String(MAX_LINES * (LONGEST_LINE + 1)))
    city: Mapped[str | None] = mapped_column(String(255))
    region: Mapped[str | None] = mapped_column(String(255))
    postal_code: Mapped[str | None] = mapped_column(String(32))
    country: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        # At most one billing contact of an account is the primary one.
        Index(
            "uq_contact_primary",
            "account_id",
            unique=True,
            postgresql_where=IS_PRIMARY,
            sqlite_where=IS_PRIMARY,
        ),
    )
