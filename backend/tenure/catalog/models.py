"""The table of offers in the catalog."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base
from tenure.kernel.money import Millionths


class OfferKind(StrEnum):
    """A charge offer has fees, a discount offer reduces the fees of others."""

    CHARGE = "CHARGE"
    DISCOUNT = "DISCOUNT"


class Offer(Base):
    """An offer in the catalog. A null fee is not charged. Offers are never changed."""

    __tablename__ = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[OfferKind]
    service_kind: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    purchase_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    monthly_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    cancel_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    usage_rate: Mapped[Decimal | None] = mapped_column(Millionths)
    usage_unit: Mapped[str | None] = mapped_column(String(32))
    monthly_percent_off: Mapped[Decimal | None] = mapped_column(Millionths)
    usage_percent_off: Mapped[Decimal | None] = mapped_column(Millionths)
    created_at: Mapped[datetime]
