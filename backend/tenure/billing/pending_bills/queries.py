"""The amounts of a pending bill, as if its bill day were now, and what its bill day carries over.

A finalized bill stores its amounts in columns (decision 6). The constants are correlated to Bill.
They are the amounts of the statement when it is made: credit that pays the new bill afterwards is
not in them.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    CTE,
    ColumnElement,
    SQLColumnExpression,
    case,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.credits.queries import billed_credit
from tenure.kernel.dialects import smaller
from tenure.kernel.money import Millionths

_OTHER = aliased(Bill, name="other")
_PENDING = aliased(Bill, name="pending")
_ZERO = Decimal(0)


def _unbilled_charges() -> ColumnElement[Decimal]:
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
    of_bill_unit = pending.where(_OTHER.bill_unit_id == BillUnit.id, _OTHER.billed_on.is_(None))
    return of_bill_unit.correlate(BillUnit).scalar_subquery()


def carried_balance() -> ColumnElement[Decimal]:
    """The previous balance on the next bill of a paying bill unit, correlated to BillUnit.

    It is the balance without the charges, own and transferred, on bills that are not made yet.
    """
    # Paid by the credit of nonpaying accounts, on bills that are not made yet (rules 5.3).
    paid_ahead = select(func.coalesce(func.sum(_OTHER.paid), _ZERO)).where(
        _OTHER.bill_unit_id == BillUnit.id, _OTHER.billed_on.is_(None)
    )
    paid = paid_ahead.correlate(BillUnit).scalar_subquery()
    return BillUnit.balance - _unbilled_charges() - paid


def _over_bills(
    function: FunctionElement[Decimal],
    owner: SQLColumnExpression[int],
    period_end: SQLColumnExpression[date],
) -> ColumnElement[Decimal]:
    """A window function over the pending bills of each owner, in the order of their periods."""
    return function.over(partition_by=owner, order_by=period_end)


def _amounts_of_paid_units() -> CTE:
    """What is to be transferred from nonpaying bill units, by pending bill of the payer.

    `excess` is the credit of adjustments in excess of the charges, `total_excess` its sum up to
    this bill; both are negative where there are more charges.
    """
    amount = BillItem.total + BillItem.adjusted - BillItem.transferred
    adjustment = case((BillItem.kind == BillItemKind.ADJUSTMENT, amount), else_=_ZERO)
    columns = (BillItem.account_id, BillItem.bill_unit_id, _PENDING.period_end)
    charged = func.sum(amount)
    excess = smaller(-charged, -func.sum(adjustment))
    total = _over_bills(func.sum(excess), BillItem.bill_unit_id, _PENDING.period_end)
    rows = select(
        *columns, charged.label("charged"), excess.label("excess"), total.label("total_excess")
    ).join(_PENDING, _PENDING.id == BillItem.bill_id)
    of_payer = rows.where(
        _PENDING.bill_unit_id == Bill.bill_unit_id,
        _PENDING.billed_on.is_(None),
        BillItem.bill_unit_id != _PENDING.bill_unit_id,
    )
    return of_payer.group_by(*columns).correlate(Bill).cte("paid_unit")


def _kept_credits(unit: CTE) -> CTE:
    """The adjustments that each nonpaying bill unit keeps for its next bill, and receives from its
    previous one: `transfers.rules.retained_credits` for any number of pending bills.

    What is received and the excess are kept if they are positive together. Over several bills this
    is the sum of the excess above its minimum so far, or above zero if that is less.
    """
    minimum = func.min(smaller(unit.c.total_excess, literal_column("0")))
    owner, order = unit.c.bill_unit_id, unit.c.period_end
    until_bill = minimum.over(partition_by=owner, order_by=order)
    until_previous = minimum.over(partition_by=owner, order_by=order, rows=(None, -1))
    before_bill = func.coalesce(until_previous, literal_column("0"))
    received = unit.c.total_excess - unit.c.excess - before_bill
    return select(
        unit.c.account_id,
        unit.c.period_end,
        unit.c.charged,
        (unit.c.total_excess - until_bill).label("kept"),
        received.label("received"),
    ).cte("kept_credit")


def _effects_of_transfers(unit: CTE) -> CTE:
    """What the bill day will change before it makes a pending bill (rules 5.3), by account.

    `kept` is added to adjustments. `charged` are the charges that the account can pay from its
    credit, `up_to_bill` their sum up to this bill.
    """
    charged = unit.c.charged - unit.c.received
    positive = func.sum(case((charged > 0, charged), else_=literal_column("0")))
    return (
        select(
            unit.c.account_id,
            unit.c.period_end,
            func.sum(unit.c.kept - unit.c.received).label("kept"),
            positive.label("charged"),
            _over_bills(func.sum(positive), unit.c.account_id, unit.c.period_end).label(
                "up_to_bill"
            ),
            billed_credit(unit.c.account_id).label("credit"),
        )
        .group_by(unit.c.account_id, unit.c.period_end)
        .cte("effect")
    )


def _used_credit(effect: CTE) -> ColumnElement[Decimal]:
    """The credit of an account that pays its own charges first (rules 5.3), on this bill:
    `transfers.rules.credit_for_items`.

    An account whose bill units have different payers may use it on another bill instead.
    """
    left = effect.c.credit - effect.c.up_to_bill + effect.c.charged
    return -smaller(literal_column("0"), -smaller(effect.c.charged, left))


_BALANCE = (
    select(carried_balance())
    .where(BillUnit.id == Bill.bill_unit_id)
    .correlate(Bill)
    .scalar_subquery()
)
# If a bill day is late there are two pending bills; the earlier one counts as finalized.
_EARLIER_PENDING = (
    select(
        func.coalesce(
            func.sum(
                _OTHER.current_charges + _OTHER.subordinate_charges + _OTHER.adjusted + _OTHER.paid
            ),
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
_PAID_UNIT = _amounts_of_paid_units()
_KEPT_CREDIT = _kept_credits(_PAID_UNIT)
_EFFECT = _effects_of_transfers(_KEPT_CREDIT)
_USED = _used_credit(_EFFECT)
_IS_EARLIER = _EFFECT.c.period_end < Bill.period_end
_IS_OF_BILL = _EFFECT.c.period_end == Bill.period_end


def _effect(amount: ColumnElement[Decimal], *where: ColumnElement[bool]) -> ColumnElement[Decimal]:
    found = select(func.coalesce(func.sum(amount), _ZERO)).where(*where)
    # Common table expressions: SQLite limits how deeply subqueries are nested.
    found = found.add_cte(_PAID_UNIT, _KEPT_CREDIT, _EFFECT, nest_here=True)
    return found.correlate(Bill).scalar_subquery()


PREVIOUS_BALANCE: ColumnElement[Decimal] = type_coerce(
    _BALANCE + _EARLIER_PENDING + _effect(_EFFECT.c.kept - _USED, _IS_EARLIER),
    Millionths(),
)
PAYMENTS: ColumnElement[Decimal] = type_coerce(
    Bill.paid - _effect(_USED, _IS_OF_BILL), Millionths()
)
ADJUSTMENTS: ColumnElement[Decimal] = type_coerce(
    Bill.adjusted + _effect(_EFFECT.c.kept, _IS_OF_BILL), Millionths()
)
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
# The charges and the other four amounts. PostgreSQL prepares all of the expression before each
# execution, also for finalized bills, so it contains the effects of transfers only once.
TOTAL_DUE: ColumnElement[Decimal] = type_coerce(
    Bill.current_charges
    + Bill.subordinate_charges
    + Bill.paid
    + Bill.adjusted
    + _BALANCE
    + _EARLIER_PENDING
    + _effect(_EFFECT.c.kept - _USED, or_(_IS_EARLIER, _IS_OF_BILL))
    - DISPUTED,
    Millionths(),
)
