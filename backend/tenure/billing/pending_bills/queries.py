"""The amounts of a pending bill, as if it were finalized now, and what its finalization carries over.

A finalized bill stores its amounts in columns (decision 6). The constants are correlated to Bill.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, literal_column, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem
from tenure.kernel.money import Millionths

_OTHER = aliased(Bill, name="other")
_ZERO = Decimal(0)


def unbilled_charges(
    bill_unit_id: InstrumentedAttribute[int], correlated_to: type[Bill] | type[BillUnit]
) -> ColumnElement[Decimal]:
    """The charges on pending bills that the balance of a bill unit includes already.

    These are the charges of the bill unit itself, and the transferred charges of the bill units
    that it pays for.
    """
    counted = case(
        (_OTHER.bill_unit_id == BillItem.bill_unit_id, BillItem.total + BillItem.adjusted),
        else_=BillItem.transferred,
    )
    pending = select(func.coalesce(func.sum(counted), _ZERO)).join(
        _OTHER, _OTHER.id == BillItem.bill_id
    )
    of_bill_unit = pending.where(_OTHER.bill_unit_id == bill_unit_id, _OTHER.billed_on.is_(None))
    return of_bill_unit.correlate(correlated_to).scalar_subquery()


def carried_balance() -> ColumnElement[Decimal]:
    """The previous balance on the next bill of a paying bill unit, correlated to BillUnit.

    It is the balance without the charges, own and transferred, on bills that are not made yet.
    """
    # Paid by the credit of nonpaying accounts, on bills that are not made yet (rules 5.3).
    paid_ahead = select(func.coalesce(func.sum(_OTHER.paid), _ZERO)).where(
        _OTHER.bill_unit_id == BillUnit.id, _OTHER.billed_on.is_(None)
    )
    paid = paid_ahead.correlate(BillUnit).scalar_subquery()
    return BillUnit.balance - unbilled_charges(BillUnit.id, BillUnit) - paid


_BALANCE = (
    select(BillUnit.balance)
    .where(BillUnit.id == Bill.bill_unit_id)
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
    _BALANCE - unbilled_charges(Bill.bill_unit_id, Bill) + _EARLIER_PENDING, Millionths()
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
