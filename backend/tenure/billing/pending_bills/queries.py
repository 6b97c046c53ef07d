"""The amounts of a pending bill, as if its bill day were now, and what its bill day carries over.

A finalized bill stores its amounts in columns (decision 6). The constants are correlated to Bill.
They are the amounts of the statement when it is made: credit that pays the new bill afterwards is
not in them.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, Subquery, case, func, literal_column, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from tenure.accounts.models import BillUnit
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.credits.queries import billed_credit
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


def _smaller(one: ColumnElement[Decimal], other: ColumnElement[Decimal]) -> ColumnElement[Decimal]:
    return case((one < other, one), else_=other)


def _over_bills(
    function: FunctionElement[Decimal], rows: Subquery, owner: str
) -> ColumnElement[Decimal]:
    """A window function over the pending bills of each owner, in the order of their periods."""
    return function.over(partition_by=rows.c[owner], order_by=rows.c.period_end)


def _amounts_of_paid_units() -> Subquery:
    """What is to be transferred from nonpaying bill units, by pending bill of the payer."""
    amount = BillItem.total + BillItem.adjusted - BillItem.transferred
    adjustment = case((BillItem.kind == BillItemKind.ADJUSTMENT, amount), else_=_ZERO)
    columns = (BillItem.account_id, BillItem.bill_unit_id, _PENDING.period_end)
    sums = (func.sum(amount).label("charged"), func.sum(adjustment).label("adjusted"))
    rows = select(*columns, *sums).join(_PENDING, _PENDING.id == BillItem.bill_id)
    of_payer = rows.where(
        _PENDING.bill_unit_id == Bill.bill_unit_id,
        _PENDING.billed_on.is_(None),
        BillItem.bill_unit_id != _PENDING.bill_unit_id,
    )
    return of_payer.group_by(*columns).correlate(Bill).subquery("paid_unit")


def _kept_credits() -> Subquery:
    """The adjustments that each nonpaying bill unit keeps for its next bill, and receives from its
    previous one: `transfers.rules.retained_credits` for any number of pending bills.

    With R the credit received and M the larger of charges and adjustments, R - M is kept if it is
    positive. Over several bills this is the running sum of -M above its minimum so far.
    """
    amounts = _amounts_of_paid_units()
    excess = func.sum(_smaller(-amounts.c.charged, -amounts.c.adjusted))
    unit = select(amounts, _over_bills(excess, amounts, "bill_unit_id").label("excess")).subquery(
        "excess"
    )
    minimum = func.min(_smaller(unit.c.excess, literal_column("0")))
    kept = select(
        unit, (unit.c.excess - _over_bills(minimum, unit, "bill_unit_id")).label("kept")
    ).subquery("kept")
    received = _over_bills(func.lag(kept.c.kept), kept, "bill_unit_id")
    received_or_none = func.coalesce(received, literal_column("0")).label("received")
    return select(kept, received_or_none).subquery("kept_credit")


def _effects_of_transfers() -> Subquery:
    """What the bill day will change before it makes a pending bill (rules 5.3), by account.

    `kept` is added to adjustments; `used` is the credit of the account that pays its own charges
    first: `transfers.rules.credit_for_items`. An account whose bill units have different payers
    may use its credit for the charges on another bill instead.
    """
    unit = _kept_credits()
    charged = unit.c.charged - unit.c.received
    positive = func.sum(case((charged > 0, charged), else_=literal_column("0")))
    up_to_bill = _over_bills(func.sum(positive), unit, "account_id")
    by_account = select(
        unit.c.account_id,
        unit.c.period_end,
        func.sum(unit.c.kept - unit.c.received).label("kept"),
        positive.label("charged"),
        up_to_bill.label("up_to_bill"),
    ).group_by(unit.c.account_id, unit.c.period_end)
    account = by_account.subquery("paid_account")
    with_credit = select(account, billed_credit(account.c.account_id).label("credit"))
    known = with_credit.subquery("with_credit")
    used = _smaller(known.c.credit, known.c.up_to_bill) - _smaller(
        known.c.credit, known.c.up_to_bill - known.c.charged
    )
    return select(known.c.period_end, known.c.kept, used.label("used")).subquery("effect")


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
_EFFECT = _effects_of_transfers()
_IS_EARLIER = _EFFECT.c.period_end < Bill.period_end
_IS_OF_BILL = _EFFECT.c.period_end == Bill.period_end


def _effect(amount: ColumnElement[Decimal], *where: ColumnElement[bool]) -> ColumnElement[Decimal]:
    found = select(func.coalesce(func.sum(amount), _ZERO)).where(*where)
    return found.correlate(Bill).scalar_subquery()


PREVIOUS_BALANCE: ColumnElement[Decimal] = type_coerce(
    _BALANCE + _EARLIER_PENDING + _effect(_EFFECT.c.kept - _EFFECT.c.used, _IS_EARLIER),
    Millionths(),
)
PAYMENTS: ColumnElement[Decimal] = type_coerce(
    Bill.paid - _effect(_EFFECT.c.used, _IS_OF_BILL), Millionths()
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
TOTAL_DUE: ColumnElement[Decimal] = type_coerce(
    Bill.current_charges
    + Bill.subordinate_charges
    + PREVIOUS_BALANCE
    + PAYMENTS
    + ADJUSTMENTS
    - DISPUTED,
    Millionths(),
)
