"""The table of payment methods."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class PaymentMethodKind(StrEnum):
    """How money comes in."""

    CREDIT_CARD = "CREDIT_CARD"
    DIRECT_DEBIT = "DIRECT_DEBIT"
    INVOICE = "INVOICE"


class PaymentMethod(Base):
    """A way to pay. Of a card only the gateway's token and the last four digits are known."""

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
