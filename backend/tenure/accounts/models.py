"""Tables of accounts, their bill units and search terms."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text, true
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import HAS_HOLDS, HOLDS, Held
from tenure.kernel.db import UPDATED_IN_PLACE, Base
from tenure.kernel.money import Millionths

IS_ROOT = text("is_root")


class Rank(StrEnum):
    """The rank of a customer (rules 2.15)."""

    PLATINUM = "PLATINUM"
    GOLD = "GOLD"
    SILVER = "SILVER"
    BRONZE = "BRONZE"


class Account(Held, Base):
    """A customer. Accounts are never deleted (rules 2.14)."""

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
        Index(
            "ix_account_holds",
            text(HOLDS),
            postgresql_where=text(HAS_HOLDS),
            sqlite_where=text(HAS_HOLDS),
        ),
        Index("ix_account_name_key_id", "name_key", "id"),
        Index("ix_account_rank", "rank"),
        Index("ix_account_status", "status"),
    )


class BillUnit(Base):
    """Collects charges into one bill a month. It is nonpaying where `paying_parent_id` is set.

    `balance` is the sum of the amounts of its events; negative means credit. Monthly fees are
    charged up to `charged_until`, null before the first bill day.
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

    __table_args__ = (Index("ix_bill_unit_next_bill_on_id", "next_bill_on", "id"), UPDATED_IN_PLACE)


class PaidPeriod(Base):
    """A period in which one bill unit was paid by another; the current one has no `ends_at`."""

    __tablename__ = "paid_period"

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    payer_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class SearchTerm(Base):
    """A casefolded term by whose prefix an account is found: number, name, word of it, login …

    `is_root` is true if the account has no parent.
    """

    __tablename__ = "search_term"

    term: Mapped[str] = mapped_column(
        String(1024, collation="C").with_variant(String(1024), "sqlite"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    is_root: Mapped[bool] = mapped_column(server_default=true())

    # Where a prefix matches many accounts, PostgreSQL goes through the accounts in the order of the
    # list and looks up the terms of each.
    __table_args__ = (
        Index("ix_search_term_account_id_term", "account_id", "term"),
        Index(
            "ix_search_term_root",
            "term",
            "account_id",
            postgresql_where=IS_ROOT,
            sqlite_where=IS_ROOT,
        ),
    )
