"""Tables of payment methods and payments."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base
from tenure.kernel.money import Millionths

IS_PENDING = text("status = 'PENDING'")


class PaymentMethodKind(StrEnum):
    """How a customer pays."""

    CREDIT_CARD = "CREDIT_CARD"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    INVOICE = "INVOICE"


class PaymentMethod(Base):
    """A payment method. Of a card only the gateway's token and the last four digits are stored."""

    __tablename__ = "payment_method"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[PaymentMethodKind]
    token: Mapped[str | None] = mapped_column(String(255))
    brand: Mapped[str | None] = mapped_column(String(32))
    last_four: Mapped[str | None] = mapped_column(String(4))
    expiration_month: Mapped[int | None] = mapped_column(SmallInteger)
    expiration_year: Mapped[int | None] = mapped_column(SmallInteger)
    is_default: Mapped[bool]
    created_at: Mapped[datetime]


class PaymentStatus(StrEnum):
    """PENDING until the gateway has answered: no answer is not a failure (rules 7.3)."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class Payment(Base):
    """An attempt to collect a bill through the gateway, or money received without one (no method).

    `key` is the idempotency key at the gateway: two requests with one key charge once. `result` is
    the gateway's answer. `business_date` is the bill day of the attempt. `asked_on` is the last
    bill day that got a reply from the gateway, even an inconclusive one; null while none did.
    `held` is set once the failed payment has put its account on hold.
    """

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"))
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"), index=True)
    payment_method_id: Mapped[int | None] = mapped_column(ForeignKey("payment_method.id"))
    amount: Mapped[Decimal] = mapped_column(Millionths)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[PaymentStatus]
    result: Mapped[str | None] = mapped_column(String(32))
    reference: Mapped[str | None] = mapped_column(String(255))
    business_date: Mapped[date]
    asked_on: Mapped[date | None]
    held: Mapped[bool] = mapped_column(default=False)
    event_id: Mapped[int | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_payment_status_id", "status", "id"),
        # The payments of a day are added up from the index alone.
        Index("ix_payment_business_date", "business_date", "status", "currency", "amount"),
        Index("uq_payment_account_id_reference", "account_id", "reference", unique=True),
        Index("ix_payment_pending", "id", postgresql_where=IS_PENDING, sqlite_where=IS_PENDING),
    )
