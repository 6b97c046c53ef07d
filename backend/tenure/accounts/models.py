"""Tables of the customer: accounts, their bill units, and the terms that they are searched by."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import Held
from tenure.kernel.db import ROOM_TO_GROW, Base
from tenure.kernel.money import Millionths


class Rank(StrEnum):
    """How much a customer counts (rules 2.15)."""

    PLATINUM = "PLATINUM"
    GOLD = "GOLD"
    SILVER = "SILVER"
    BRONZE = "BRONZE"


class Account(Held, Base):
    """A customer. Never deleted."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(
        String(1024, collation="C").with_variant(String(1024), "sqlite")
    )
    rank: Mapped[Rank | None]
    email: Mapped[str | None] = mapped_column(String(255))
    phone: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    credit_limit: Mapped[Decimal | None] = mapped_column(Millionths)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)

    __table_args__ = (
        Index("ix_account_created_at_id", "created_at", "id"),
        Index("ix_account_name_key_id", "name_key", "id"),
        Index("ix_account_status", "status"),
    )


class BillUnit(Base):
    """Collects charges into one bill a month. Nonpaying where `paying_parent_id` names the unit that pays for it.

    `balance` is the sum of the money of its events: negative where the customer has a credit. Up to `charged_until` the
    bill day has charged its monthly fees; null before the first time.
    """

    __tablename__ = "bill_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    is_default: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3))
    billing_day_of_month: Mapped[int] = mapped_column(SmallInteger)
    next_bill_on: Mapped[date]
    charged_until: Mapped[date | None]
    balance: Mapped[Decimal] = mapped_column(Millionths, default=0)
    paying_parent_id: Mapped[int | None] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_bill_unit_next_bill_on_id", "next_bill_on", "id"), ROOM_TO_GROW)


class PaidPeriod(Base):
    """From when to when one bill unit was paid by another one; `ends_at` is null while it is (rules 2.11)."""

    __tablename__ = "paid_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    payer_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class SearchTerm(Base):
    """One word by whose beginning an account is found, casefolded: number, name and each of its words, login …"""

    __tablename__ = "search_term"

    term: Mapped[str] = mapped_column(
        String(1024, collation="C").with_variant(String(1024), "sqlite"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
