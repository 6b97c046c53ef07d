"""Tables of services and purchased offers."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.catalog.models import OfferKind
from tenure.holds.models import Held
from tenure.kernel.db import Base
from tenure.kernel.money import Millionths

WAS_REWRITTEN = text("former_login_key IS NOT NULL")

UNCHARGED = text("charged_until IS NULL")


class Service(Held, Base):
    """A service: telephony, internet, tv …

    `login_key` is the casefolded login, unique within the kind (rules 3.1). `former_login` is the
    customer's login where closing rewrote it (rules 3.2).
    """

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    login: Mapped[str | None] = mapped_column(String(512))
    login_key: Mapped[str | None] = mapped_column(String(2048))
    former_login: Mapped[str | None] = mapped_column(String(255))
    former_login_key: Mapped[str | None] = mapped_column(String(1024))

    __table_args__ = (
        Index("ix_service_account_id_id", "account_id", "id"),
        Index("uq_service_kind_login_key", "kind", "login_key", unique=True),
        Index("ix_service_login_key", "login_key"),
        Index(
            "ix_service_former_login",
            "kind",
            "former_login_key",
            postgresql_where=WAS_REWRITTEN,
            sqlite_where=WAS_REWRITTEN,
        ),
    )


class PurchasedOffer(Held, Base):
    """An offer purchased for a service, or for the account itself, with its name at the purchase.

    `monthly_fee` is the customer's price where it differs from the catalog's. `first_start` is the
    original start; a reactivation changes the other starts only. The monthly fee is charged up to
    `charged_until`, null before the first charge.
    """

    __tablename__ = "purchased_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    kind: Mapped[OfferKind]
    quantity: Mapped[Decimal] = mapped_column(Millionths)
    monthly_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    purchase_start: Mapped[datetime]
    usage_start: Mapped[datetime]
    cycle_start: Mapped[datetime]
    first_start: Mapped[datetime]
    charged_until: Mapped[date | None]

    __table_args__ = (
        Index("ix_purchased_offer_account_id_service_id", "account_id", "service_id"),
        Index(
            "ix_purchased_offer_uncharged",
            "first_start",
            postgresql_where=UNCHARGED,
            sqlite_where=UNCHARGED,
        ),
    )
