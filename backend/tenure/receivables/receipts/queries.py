"""What is open, what is past due, and who may be released from debt."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import Select, exists, func, or_, select, type_coerce

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill, BillStatus
from tenure.billing.credits.queries import has_debt_hold, is_open, is_past_due
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import Millionths
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus


async def past_due_since(unit: Unit, account_ids: Collection[int], on: date) -> dict[int, date]:
    """The earliest due date of what is past due, for those of the accounts that have something."""
    oldest = select(Bill.account_id, func.min(Bill.due_on)).where(is_past_due(on))
    wanted = oldest.where(in_ids(Bill.account_id, account_ids)).group_by(Bill.account_id)
    return {
        account_id: due_on
        for account_id, due_on in await unit.session.execute(wanted)
        if due_on is not None
    }


class PastDue(NamedTuple):
    """What an account owes past due, in one currency."""

    account_id: int
    number: str
    currency: str
    amount: Decimal


async def held_for_debt(unit: Unit, account_ids: Collection[int]) -> Sequence[PastDue]:
    """Those of the accounts with a DEBT hold that owe something past due, and how much."""
    total = type_coerce(func.sum(Bill.open_amount), Millionths())
    owed = select(Account.id, Account.number, Account.currency, total)
    owed = owed.join(Bill, Bill.account_id == Account.id).where(is_past_due(unit.business.today))
    wanted = owed.where(in_ids(Account.id, account_ids), has_debt_hold())
    grouped = wanted.group_by(Account.id, Account.number, Account.currency)
    return [PastDue(*row) for row in await unit.session.execute(grouped)]


async def received_before(unit: Unit, account_id: int, reference: str) -> Payment | None:
    """The payment of the account that has this reference."""
    wanted = select(Payment).where(Payment.account_id == account_id, Payment.reference == reference)
    return (await unit.session.execute(wanted)).scalar_one_or_none()


async def unit_to_credit(unit: Unit, account_id: int, bill_id: int | None) -> int:
    """Whose credit it is if money is over: the named bill's unit, else the first one that pays for itself.

    Raises NOT_FOUND for a bill that is not the account's, NOT_ALLOWED for one that is not made yet.
    """
    if bill_id is not None:
        bill = await unit.session.get(Bill, bill_id, populate_existing=True)
        if bill is None or bill.account_id != account_id:
            raise TenureError(ErrorCode.NOT_FOUND, "The account has no such bill.", ("bill_id",))
        if bill.status is BillStatus.PENDING:
            words = f"Bill {bill.number} is not made yet: leave it out, and the payment is kept as credit."
            raise TenureError(ErrorCode.NOT_ALLOWED, words, ("bill_id",))
        return bill.bill_unit_id
    best = (BillUnit.paying_parent_id.is_not(None), ~BillUnit.is_default, BillUnit.id)
    wanted = select(BillUnit.id).where(BillUnit.account_id == account_id).order_by(*best).limit(1)
    return (await unit.session.execute(wanted)).scalar_one()


def out_of_debt(unit: Unit, account_ids: Collection[int]) -> Select[int]:
    """Those with a DEBT hold of whom nothing is past due and no failed collection is left open (rules 7.4); locked."""
    failed = exists().where(
        Payment.bill_id == Bill.id,
        Payment.status == PaymentStatus.FAILED,
        Payment.event_id.is_not(None),
    )
    owes = exists().where(
        Bill.account_id == Account.id, is_open(), or_(is_past_due(unit.business.today), failed)
    )
    wanted = select(Account.id).where(in_ids(Account.id, account_ids), has_debt_hold(), ~owes)
    return wanted.order_by(Account.id).with_for_update(key_share=True)
