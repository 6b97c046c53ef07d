"""Past due amounts, and accounts that can be released from debt."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from sqlalchemy import Date, Select, bindparam, exists, func, or_, select, type_coerce

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Bill, BillStatus
from tenure.billing.credits.queries import is_open, is_past_due
from tenure.holds.models import Cause
from tenure.holds.queries import has_hold
from tenure.kernel.dialects import IdList, in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.money import Millionths
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus

ACCOUNTS = bindparam("param_accounts", type_=IdList())
TODAY = bindparam("param_today", type_=Date)


async def past_due_since(unit: Unit, account_ids: Collection[int], on: date) -> dict[int, date]:
    """The earliest past due date of each account that has one."""
    oldest = select(Bill.account_id, func.min(Bill.due_on)).where(is_past_due(on))
    wanted = oldest.where(in_ids(Bill.account_id, account_ids)).group_by(Bill.account_id)
    return {
        account_id: due_on
        for account_id, due_on in await unit.session.execute(wanted)
        if due_on is not None
    }


class PastDue(NamedTuple):
    """The past due amount of an account, in one currency."""

    account_id: int
    number: str
    currency: str
    amount: Decimal


async def debts_past_due(unit: Unit, account_ids: Collection[int]) -> Sequence[PastDue]:
    """The past due amounts of accounts with a DEBT hold."""
    total = type_coerce(func.sum(Bill.open_amount), Millionths())
    owed = select(Account.id, Account.number, Account.currency, total)
    owed = owed.join(Bill, Bill.account_id == Account.id).where(is_past_due(unit.today))
    wanted = owed.where(in_ids(Account.id, account_ids), has_hold(Account, Cause.DEBT))
    grouped = wanted.group_by(Account.id, Account.number, Account.currency)
    return [PastDue(*row) for row in await unit.session.execute(grouped)]


async def payment_with_reference(unit: Unit, account_id: int, reference: str) -> Payment | None:
    """The payment of the account that has this reference."""
    wanted = select(Payment).where(Payment.account_id == account_id, Payment.reference == reference)
    return (await unit.session.execute(wanted)).scalar_one_or_none()


async def bill_unit_to_credit(unit: Unit, account_id: int, bill_id: int | None) -> int:
    """The bill unit that gets the remainder: that of the named bill, else the first paying one.

    Raises NOT_FOUND for a bill of another account, NOT_ALLOWED for one that is not made yet.
    """
    if bill_id is not None:
        bill = await unit.session.get(Bill, bill_id, populate_existing=True)
        if bill is None or bill.account_id != account_id:
            raise TenureError(
                ErrorCode.NOT_FOUND, "The bill doesn't belong to this account.", ("bill_id",)
            )
        if bill.status is BillStatus.PENDING:
            message = f"Bill {bill.number} is not final yet. Omit it to keep the payment as credit."
            raise TenureError(ErrorCode.NOT_ALLOWED, message, ("bill_id",))
        return bill.bill_unit_id
    best = (BillUnit.paying_parent_id.is_not(None), ~BillUnit.is_default, BillUnit.id)
    wanted = select(BillUnit.id).where(BillUnit.account_id == account_id).order_by(*best).limit(1)
    return (await unit.session.execute(wanted)).scalar_one()


async def debt_free_accounts(unit: Unit, account_ids: Collection[int]) -> Sequence[int]:
    """Accounts with a DEBT hold, but no past due amount and no open failed collection (rules
    7.4); locked.
    """
    parameters = {"param_accounts": account_ids, "param_today": unit.today}
    return (await execute(unit.connection, _debt_free_accounts(), parameters)).scalars().all()


@cache
def _debt_free_accounts() -> Select[int]:
    failed = exists().where(
        Payment.bill_id == Bill.id,
        Payment.status == PaymentStatus.FAILED,
        Payment.event_id.is_not(None),
    )
    owes = exists().where(Bill.account_id == Account.id, is_open(), or_(is_past_due(TODAY), failed))
    wanted = select(Account.id).where(
        in_ids(Account.id, ACCOUNTS), has_hold(Account, Cause.DEBT), ~owes
    )
    return for_no_key_update(wanted.order_by(Account.id))
