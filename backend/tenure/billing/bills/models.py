"""Tables of what is owed: bills, their items, and the allocation of payments to bills."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Computed, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from tenure.kernel.db import UPDATED_IN_PLACE, Base
from tenure.kernel.money import Millionths

# The remaining amount of the bill itself. Payments and credits are negative.
REMAINING = "current_charges + subordinate_charges + adjusted + paid"
STATUS_OF_BILL = (
    f"CASE WHEN billed_on IS NULL THEN 'PENDING' WHEN {REMAINING} > 0 THEN 'OPEN' ELSE 'PAID' END"
)
OPEN_AMOUNT = (
    f"CASE WHEN billed_on IS NULL OR {REMAINING} <= held THEN 0 ELSE {REMAINING} - held END"
)
TOTAL_DUE = (
    "current_charges + subordinate_charges + previous_balance + payments + adjustments - disputed"
)
IS_OPEN = text("status = 'OPEN'")
IS_MADE = text("billed_on IS NOT NULL")
HAS_OPEN_DISPUTE = text("held <> 0")


class BillStatus(StrEnum):
    """PENDING while it collects charges, OPEN once it is made, PAID when nothing remains."""

    PENDING = "PENDING"
    OPEN = "OPEN"
    PAID = "PAID"


class BillItemKind(StrEnum):
    """What an item sums up. A discount belongs to the item of the charges that it reduces."""

    PURCHASE = "PURCHASE"
    CYCLE = "CYCLE"
    USAGE = "USAGE"
    CANCEL = "CANCEL"
    ADJUSTMENT = "ADJUSTMENT"


class Bill(Base):
    """A cycle of a paying bill unit, from its first charge on. `billed_on` is null until it is
    made.

    `collect_on` is the day of the next collection, where the account pays by card or direct debit.
    `due_again_on` is the day from which the days of collection count where an amount became due
    again later.

    `current_charges`, `subordinate_charges`, `adjusted`, `paid` and `held` (open disputes) belong
    to this bill alone: they give its open amount. `previous_balance`, `payments`, `adjustments` and
    `disputed` are what the statement shows. They include later changes to earlier bills, whose
    remainder is in the previous balance. Amounts carry the sign of their effect; `held` is never
    negative.
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
        # The final guard: no cycle of a bill unit is billed twice (rules 6.5).
        Index("uq_bill_bill_unit_id_period_end", "bill_unit_id", "period_end", unique=True),
        Index("ix_bill_account_id_period_end_id", "account_id", "period_end", "id"),
        Index("ix_bill_period_end_id", "period_end", "id"),
        Index("ix_bill_status_period_end_id", "status", "period_end", "id"),
        # Without pending bills: PostgreSQL would look for those of a bill unit in this index, if
        # there were few when it collected its statistics.
        Index("ix_bill_billed_on", "billed_on", postgresql_where=IS_MADE, sqlite_where=IS_MADE),
        Index("ix_bill_collect_on", "collect_on", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN),
        Index(
            "ix_bill_open", "account_id", "due_on", postgresql_where=IS_OPEN, sqlite_where=IS_OPEN
        ),
        # The overdue bills of all accounts are added up and listed from the index alone.
        Index(
            "ix_bill_due_on",
            "due_on",
            "currency",
            "open_amount",
            "account_id",
            "id",
            postgresql_where=IS_OPEN,
            sqlite_where=IS_OPEN,
        ),
        Index(
            "ix_bill_held",
            "bill_unit_id",
            postgresql_where=HAS_OPEN_DISPUTE,
            sqlite_where=HAS_OPEN_DISPUTE,
        ),
        UPDATED_IN_PLACE,
    )


class BillItem(Base):
    """Charges of one kind, of one service (or of the account), of one bill unit. `due` is total +
    adjusted - held.

    `total` is the sum of its charges and discounts, `adjusted` of its adjustments, `held` of its
    open disputes. `transferred` is the part of another bill unit's item that was transferred to the
    account of the bill (rules 6.7).
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

    __table_args__ = UPDATED_IN_PLACE


# An open dispute moves with its item to another bill: see Dispute.
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
    """The part of a payment (a PAYMENT event), or of another bill's overpayment, that went to a
    bill; positive.

    `paid` of a bill is the sum of what it gave to other bills, less the sum of what it received.
    """

    __tablename__ = "allocation"

    id: Mapped[int] = mapped_column(primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(index=True)
    from_bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"), index=True)
    amount: Mapped[Decimal] = mapped_column(Millionths)


_bill = aliased(Bill, name="carrying_bill")
_earlier = aliased(Bill, name="carried_bill")


class CarriedOver(Base):
    """The open amount of an earlier bill that a bill carries over. It maps a query, not a table.

    `id` is the earlier bill. These amounts and the open amount of the bill itself add up to its
    total due.
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
    __mapper_args__ = {"primary_key": (__table__.c.bill_id, __table__.c.id)}  # noqa: RUF012

    id: Mapped[int]
    bill_id: Mapped[int]
    number: Mapped[str]
    period_end: Mapped[date]
    due_on: Mapped[date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str]
