"""Overdue accounts whose last payment failed."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.billing.credits.queries import is_past_due
from tenure.holds.models import Cause
from tenure.holds.queries import has_hold
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus
from tenure.receivables.collection.queries import FRESH_ROWS


class FailedDebtor(NamedTuple):
    """An overdue account, its last payment, which failed, and its oldest due date."""

    account_id: int
    payment: Payment
    due_on: date


async def failed_debtors(unit: Unit, on: date, *, after: int, limit: int) -> Sequence[FailedDebtor]:
    """The next overdue accounts after `after` whose last collection failed; locked.

    Accounts that this payment has put on hold before are left out: lifting that hold was a
    decision.
    """
    oldest = select(Bill.account_id, func.min(Bill.due_on).label("due_on")).where(is_past_due(on))
    overdue = oldest.where(Bill.account_id > after).group_by(Bill.account_id).subquery("overdue")
    tried = aliased(Payment)
    last = select(func.max(tried.id)).where(
        tried.account_id == Account.id,
        tried.payment_method_id.is_not(None),
        or_(tried.status == PaymentStatus.PENDING, tried.event_id.is_not(None)),
    )
    wanted = select(Account.id, Payment, overdue.c.due_on).join(
        overdue, overdue.c.account_id == Account.id
    )
    wanted = wanted.join(Payment, Payment.id == last.correlate(Account).scalar_subquery())
    wanted = wanted.where(
        Payment.status == PaymentStatus.FAILED,
        Payment.held.is_(False),
        ~has_hold(Account, Cause.DEBT),
    )
    locked = for_no_key_update(
        wanted.order_by(Account.id).limit(limit), of=Account
    ).execution_options(**FRESH_ROWS)
    return [FailedDebtor(*row) for row in await unit.session.execute(locked)]
