"""The table of rounding remainders."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base


class UsageRemainder(Base):
    """The exact price of the usage of one offer on one item, less the sum of its events: at most
    half a minor unit.

    `off_id` is zero for the price itself. For a discount it is the offer that rated the usage, and
    `offer_id` is the discount: the remainder is then that of this discount and the earlier ones
    together. Decimals are stored as text, the only type that is exact on both databases.
    """

    __tablename__ = "usage_remainder"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("bill_item.id"), primary_key=True, autoincrement=False
    )
    offer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, index=True)
    off_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    remainder: Mapped[str] = mapped_column(String(64))
