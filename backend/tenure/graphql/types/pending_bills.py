"""What the statement of a bill says that still collects charges: as if it were made now.

A made bill has it in columns of its own (decision 6). All are expressions that are correlated to the table of bills.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, literal_column, select, type_coerce
from sqlalchemy.orm import aliased

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem
from tenure.kernel.money import Millionths

_OTHER = aliased(Bill, name="other")
_NOTHING = Decimal(0)
_OWN = BillItem.total + BillItem.adjusted

_BALANCE = (
    select(BillUnit.balance)
    .where(BillUnit.id == Bill.bill_unit_id)
    .correlate(Bill)
    .scalar_subquery()
)
# What of bills that are not made is in the balance already: its own charges, of others' what has passed to it.
_IN_BALANCE = (
    select(
        func.coalesce(
            func.sum(
                case(
                    (_OTHER.bill_unit_id == BillItem.bill_unit_id, _OWN), else_=BillItem.transferred
                )
            ),
            _NOTHING,
        )
    )
    .join(_OTHER, _OTHER.id == BillItem.bill_id)
    .where(_OTHER.bill_unit_id == Bill.bill_unit_id, _OTHER.billed_on.is_(None))
    .correlate(Bill)
    .scalar_subquery()
)
# Where a bill day is late there are two bills that are not made: the earlier one is taken as if it were.
_EARLIER = (
    select(
        func.coalesce(
            func.sum(_OTHER.current_charges + _OTHER.subordinate_charges + _OTHER.adjusted),
            _NOTHING,
        )
    )
    .where(
        _OTHER.bill_unit_id == Bill.bill_unit_id,
        _OTHER.billed_on.is_(None),
        _OTHER.period_end < Bill.period_end,
    )
    .correlate(Bill)
    .scalar_subquery()
)

PREVIOUS_BALANCE: ColumnElement[Decimal] = type_coerce(
    _BALANCE - _IN_BALANCE + _EARLIER, Millionths()
)
ADJUSTMENTS: ColumnElement[Decimal] = Bill.adjusted.expression
DISPUTED: ColumnElement[Decimal] = (
    select(func.coalesce(func.sum(_OTHER.held), _NOTHING))
    .where(
        _OTHER.bill_unit_id == Bill.bill_unit_id,
        _OTHER.held != literal_column("0"),
        _OTHER.period_end <= Bill.period_end,
    )
    .correlate(Bill)
    .scalar_subquery()
)
TOTAL_DUE: ColumnElement[Decimal] = type_coerce(
    Bill.current_charges + Bill.subordinate_charges + PREVIOUS_BALANCE + Bill.adjusted - DISPUTED,
    Millionths(),
)
