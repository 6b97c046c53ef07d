"""SQL expressions for the balance of an account, its overdue amount and the first overdue day."""

from decimal import Decimal

from sqlalchemy import ColumnElement, exists, func, select

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill
from tenure.billing.credits.queries import is_past_due
from tenure.graphql.reads.mapping import TODAY, Condition
from tenure.kernel.dialects import day_after
from tenure.kernel.sums import exact_sum

_IS_OVERDUE = (Bill.account_id == Account.id, is_past_due(TODAY))

BALANCE: ColumnElement[Decimal] = (
    select(exact_sum(BillUnit.balance))
    .where(BillUnit.account_id == Account.id)
    .correlate(Account)
    .scalar_subquery()
)
OVERDUE: ColumnElement[Decimal] = (
    select(exact_sum(Bill.open_amount)).where(*_IS_OVERDUE).correlate(Account).scalar_subquery()
)
OVERDUE_SINCE = (
    select(day_after(func.min(Bill.due_on)))
    .where(*_IS_OVERDUE)
    .correlate(Account)
    .scalar_subquery()
)


def has_overdue(expected: bool) -> Condition:
    """Accounts with an overdue bill, or those without one if `expected` is false."""
    overdue = exists().where(*_IS_OVERDUE).correlate(Account)
    return overdue if expected else ~overdue
