"""Tables of the money that is owed: bills, their items, and what of a payment went to which bill."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Computed, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from tenure.kernel.db import ROOM_TO_GROW, Base
from tenure.kernel.money import Millionths

# What of the bill's own is left: payments are negative, as are credits.
LEFT = "current_charges + subordinate_charges + adjusted + paid"
STATUS_OF_BILL = (
    f"CASE WHEN billed_on IS NULL THEN 'PENDING' WHEN {LEFT} > 0 THEN 'OPEN' ELSE 'PAID' END"
)
OPEN_AMOUNT = f"CASE WHEN billed_on IS NULL OR {LEFT} <= held THEN 0 ELSE {LEFT} - held END"
TOTAL_DUE = (
    "current_charges + subordinate_charges + previous_balance + payments + adjustments - disputed"
)
IS_OPEN = text("status = 'OPEN'")
IS_HELD = text("held <> 0")


class BillStatus(StrEnum):
    """A bill collects charges, is made, and is paid."""

    PENDING = "PENDING"
    OPEN = "OPEN"
    PAID = "PAID"


class BillItemKind(StrEnum):
    """What an item adds up. A discount is in the item of the charges that it is taken off."""

    PURCHASE = "PURCHASE"
    CYCLE = "CYCLE"
    USAGE = "USAGE"
    CANCEL = "CANCEL"
    ADJUSTMENT = "ADJUSTMENT"


class Bill(Base):
    """One cycle of a paying bill unit, from its first charge on; `billed_on` is null until it is made.

    `collect_on` is the day on which what is open is collected next, where its account pays by card or direct debit.
    `due_again_on` is the day from which on the days of collection count where something became due again later.

    `current_charges`, `subordinate_charges`, `adjusted`, `paid` and `held` (open disputes) are the bill's own: they say
    what of it is still open. `previous_balance`, `payments`, `adjustments` and `disputed` are what the statement
    shows: also what happened since to earlier bills, whose rest its previous balance carries. Signed as they act; what is held is not negative.
    """

    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"))
    currency: Mapped[str] = mapped_column(String(3))
    period_start: Mapped[date]
    period_end: Mapped[date]
    billed_on: Mapped[date | None]
    due_on: Mapped[date | None]
    collect_on: Mapped[date | None]
    due_again_on: Mapped[date | None]
    current_charges: Mapped[Decimal] = mapped_column(Millionths, default=0)
    subordinate_charges: Mapped[Decimal] = mapped_column(Millionths, default=0)
    adjusted: Mapped[Decimal] = mapped_column(Millionths, default=0)
    paid: Mapped[Decimal] = mapped_column(Millionths, default=0)
    held: Mapped[Decimal] = mapped_column(Millionths, default=0)
    previous_balance: Mapped[Decimal] = mapped_column(Millionths, default=0)
    payments: Mapped[Decimal] = mapped_column(Millionths, default=0)
    adjustments: Mapped[Decimal] = mapped_column(Millionths, default=0)
    disputed: Mapped[Decimal] = mapped_column(Millionths, default=0)
    status: Mapped[BillStatus] = mapped_column(Computed(STATUS_OF_BILL, persisted=True))
    open_amount: Mapped[Decimal] = mapped_column(Millionths, Computed(OPEN_AMOUNT, persisted=True))
    total_due: Mapped[Decimal] = mapped_column(Millionths, Computed(TOTAL_DUE, persisted=True))
    created_at: Mapped[datetime]

    __table_args__ = (
        # The last word: no cycle of a bill unit is billed twice (rules 6.5).
        Index("uq_bill_bill_unit_id_period_end", "bill_unit_id", "period_end", unique=True),
        Index("ix_bill_account_id_period_end_id", "account_id", "period_end", "id"),
        Index("ix_bill_collect_on", "collect_on", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index(
            "ix_bill_open", "account_id", "due_on", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN
        ),
        Index("ix_bill_held", "bill_unit_id", postgresql_where=IS_HELD, sqlite_where=IS_HELD),
        ROOM_TO_GROW,
    )


class BillItem(Base):
    """Charges of one kind, of one service (or of the account), of one bill unit. `due` is total + adjusted - held.

    `total` is the sum of its charges and discounts, `adjusted` that of its adjustments, `held` that of its open disputes.
    `passed` is what of another bill unit's item has passed to the account of the bill (rules 6.7).
    """

    __tablename__ = "bill_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    bill_unit_id: Mapped[int] = mapped_column(ForeignKey("bill_unit.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[BillItemKind]
    name: Mapped[str] = mapped_column(String(255))
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[Decimal] = mapped_column(Millionths, default=0)
    adjusted: Mapped[Decimal] = mapped_column(Millionths, default=0)
    held: Mapped[Decimal] = mapped_column(Millionths, default=0)
    transferred: Mapped[Decimal] = mapped_column(Millionths, default=0)
    due: Mapped[Decimal] = mapped_column(
        Millionths, Computed("total + adjusted - held", persisted=True)
    )

    __table_args__ = ROOM_TO_GROW


# An open dispute goes with its item to another bill: see Dispute.
Index("uq_bill_item_id_bill_id", BillItem.id, BillItem.bill_id, unique=True)
Index(
    "uq_bill_item_bill_id",
    BillItem.bill_id,
    BillItem.bill_unit_id,
    BillItem.kind,
    func.coalesce(BillItem.service_id, text("0")),
    unique=True,
)


class Allocation(Base):
    """What of a payment (a PAYMENT event), or of what another bill had too much, went to a bill; positive.

    `paid` of a bill is what went from it less what went to it.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    from_bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Millionths)


_bill, _earlier = aliased(Bill, name="carrying_bill"), aliased(Bill, name="carried_bill")


class CarriedOver(Base):
    """What a bill carries over of an earlier one of its bill unit that is still to be paid. Not a table: a query.

    `id` is the earlier bill. With what is open of the bill itself, these amounts add up to its total due.
    """

    __table__ = (
        select(
            _bill.id.label("bill_id"),
            _earlier.id,
            _earlier.number,
            _earlier.period_end,
            _earlier.due_on,
            _earlier.open_amount.label("amount"),
            _earlier.currency,
        )
        .join(_earlier, _earlier.bill_unit_id == _bill.bill_unit_id)
        .where(
            _earlier.period_end < _bill.period_end,
            _earlier.status == BillStatus.OPEN,
            _earlier.open_amount > 0,
        )
        .subquery("carried_over")
    )
    __mapper_args__ = {"primary_key": (__table__.c.bill_id, __table__.c.id)}  # noqa: RUF012 - SQLAlchemy reads it

    id: Mapped[int]
    bill_id: Mapped[int]
    number: Mapped[str]
    period_end: Mapped[date]
    due_on: Mapped[date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str]
