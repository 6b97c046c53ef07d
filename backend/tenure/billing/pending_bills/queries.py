"""The amounts of a pending bill, as if it were finalized now.

A finalized bill stores its amounts in columns (decision 6). The expressions are correlated to Bill.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, literal_column, select, type_coerce
from sqlalchemy.orm import aliased

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem
from tenure.kernel.money import Millionths

_OTHER = aliased(Bill, name="other")
_ZERO = Decimal(0)
_ITEM_AMOUNT = BillItem.total + BillItem.adjusted

_BALANCE = (
    select(BillUnit.balance)
    .where(BillUnit.id == Bill.bill_unit_id)
    .correlate(Bill)
    .scalar_subquery()
)
# The part of pending bills that the balance includes already: the charges of the bill unit itself,
# and the transferred charges of the bill units that it pays for.
_IN_BALANCE = (
    select(
        func.coalesce(
            func.sum(
                case(
                    (_OTHER.bill_unit_id == BillItem.bill_unit_id, _ITEM_AMOUNT),
                    else_=BillItem.transferred,
                )
            ),
            _ZERO,
        )
    )
    .join(_OTHER, _OTHER.id == BillItem.bill_id)
    .where(_OTHER.bill_unit_id == Bill.bill_unit_id, _OTHER.billed_on.is_(None))
    .correlate(Bill)
    .scalar_subquery()
)
# If a bill day is late there are two pending bills; the earlier one counts as finalized.
_EARLIER_PENDING = (
    select(
        func.coalesce(
            func.sum(_OTHER.current_charges + _OTHER.subordinate_charges + _OTHER.adjusted),
            _ZERO,
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
    _BALANCE - _IN_BALANCE + _EARLIER_PENDING, Millionths()
)
ADJUSTMENTS: ColumnElement[Decimal] = Bill.adjusted.expression
DISPUTED: ColumnElement[Decimal] = (
    select(func.coalesce(func.sum(_OTHER.held), _ZERO))
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
