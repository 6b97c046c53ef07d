"""Tables of figures of the past, so that a year of them costs a few rows to read."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import Status
from tenure.kernel.db import Base
from tenure.kernel.money import Millionths


class DailyRevenue(Base):
    """What was billed and collected on a business date that is over, in one currency.

    An amount is stored in two columns: millions of the currency, and the rest in millionths.
    """

    __tablename__ = "daily_revenue"

    day: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    billed_millions: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    billed: Mapped[Decimal] = mapped_column(Millionths, default=0, server_default=text("0"))
    collected_millions: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    collected: Mapped[Decimal] = mapped_column(Millionths, default=0, server_default=text("0"))


class MonthlyAccounts(Base):
    """The number of accounts with a status at the end of a month; `month` is its first day."""

    __tablename__ = "monthly_accounts"

    month: Mapped[date] = mapped_column(primary_key=True)
    status: Mapped[Status] = mapped_column(primary_key=True)
    count: Mapped[int]
