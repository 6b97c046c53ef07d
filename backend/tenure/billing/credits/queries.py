"""Open and past due bills, and the credit of accounts.

The only place that decides what is owed (rules 6.9).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Allocation, Bill, BillItem, BillItemKind, BillStatus
from tenure.billing.bills.queries import remaining_amount
from tenure.billing.bills.rules import Credit
from tenure.billing.credits.rules import OpenBill
from tenure.holds.models import Cause
from tenure.holds.queries import has_hold
from tenure.kernel.candidates import Candidates
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import IdList, days_after, in_ids
from tenure.kernel.statements import execute
from tenure.kernel.sums import exact_sum
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus

ZERO = Decimal(0)
ACCOUNTS = bindparam("param_accounts", type_=IdList())


def is_open() -> ColumnElement[bool]:
    """Something of the bill is due; a disputed amount is not (rules 8.1)."""
    return and_(Bill.status == BillStatus.OPEN, Bill.open_amount > 0)


def is_past_due(today: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
    """Overdue counts from the day after the due date (rules 7.3)."""
    return and_(is_open(), Bill.due_on < today)


def account_balance() -> ColumnElement[Decimal]:
    """The balance of an account: the sum of the balances of its bill units."""
    of_account = select(exact_sum(BillUnit.balance)).where(BillUnit.account_id == Account.id)
    return of_account.correlate(Account).scalar_subquery()


def is_overdue(today: ColumnElement[date]) -> ColumnElement[bool]:
    """The account has a bill that is past due."""
    return exists().where(*_of_account_past_due(today)).correlate(Account)


def overdue_accounts(today: ColumnElement[date]) -> Candidates:
    """The accounts with a bill that is past due, from index `ix_bill_due_on`.

    Its order keeps PostgreSQL from reading all open bills instead.
    """
    keys = select(Bill.account_id).where(is_past_due(today)).order_by(Bill.due_on)
    return Candidates(keys, is_overdue(today))


def overdue_bills(today: ColumnElement[date]) -> Candidates:
    """The bills that are past due, from index `ix_bill_due_on`, as above."""
    keys = select(Bill.id).where(is_past_due(today)).order_by(Bill.due_on)
    return Candidates(keys, is_past_due(today))


def overdue_amount(today: ColumnElement[date]) -> ColumnElement[Decimal]:
    """The open amount of the bills of an account that are past due."""
    overdue = select(exact_sum(Bill.open_amount)).where(*_of_account_past_due(today))
    return overdue.correlate(Account).scalar_subquery()


def overdue_since(today: ColumnElement[date]) -> ColumnElement[date]:
    """The first day on which the account was overdue; null if nothing is."""
    first = select(days_after(func.min(Bill.due_on), literal_column("1"))).where(
        *_of_account_past_due(today)
    )
    return first.correlate(Account).scalar_subquery()


async def open_bills(unit: Unit, account_ids: Collection[int]) -> dict[int, Sequence[OpenBill]]:
    """The open bills of these accounts, oldest first."""
    found: dict[int, list[OpenBill]] = defaultdict(list)
    for row in await execute(unit.connection, _open_bills(), {ACCOUNTS.key: account_ids}):
        found[row.account_id].append(
            OpenBill(row.id, row.bill_unit_id, row.number, row.open_amount)
        )
    return {**found}


@cache
def _open_bills() -> AnySelect:
    columns = (Bill.account_id, Bill.id, Bill.bill_unit_id, Bill.number, Bill.open_amount)
    wanted = select(*columns).where(is_open(), in_ids(Bill.account_id, ACCOUNTS))
    return wanted.order_by(Bill.period_end, Bill.id)


async def newest_bills(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, int]:
    """The bill made last of each of these bill units, without those that never had one."""
    made = select(Bill.bill_unit_id, Bill.id).where(Bill.billed_on.is_not(None))
    wanted = made.where(in_ids(Bill.bill_unit_id, bill_unit_ids)).order_by(Bill.period_end)
    return {row.bill_unit_id: row.id for row in await unit.session.execute(wanted)}


async def billed_credits(unit: Unit, account_ids: Collection[int]) -> dict[int, list[Credit]]:
    """Unallocated payments, then overpaid bills; by account, oldest first."""
    found: dict[int, list[Credit]] = defaultdict(list)
    of_payments, of_bills = _billed_credits()
    parameters = {ACCOUNTS.key: account_ids}
    for account_id, amount, bill_unit_id, event_id in await execute(
        unit.connection, of_payments, parameters
    ):
        found[account_id].append(Credit(amount, bill_unit_id, event_id=event_id))
    for account_id, amount, bill_unit_id, bill_id in await execute(
        unit.connection, of_bills, parameters
    ):
        found[account_id].append(Credit(amount, bill_unit_id, from_bill_id=bill_id))
    return found


@cache
def _billed_credits() -> tuple[AnySelect, AnySelect]:
    """The unallocated payments and the overpaid bills of ACCOUNTS."""
    of_payments = select(
        Payment.account_id, _unallocated(), Payment.bill_unit_id, Payment.event_id
    ).where(*_has_unallocated(), in_ids(Payment.account_id, ACCOUNTS))
    of_bills = select(Bill.account_id, -remaining_amount(), Bill.bill_unit_id, Bill.id).where(
        *_is_overpaid(Bill), in_ids(Bill.account_id, ACCOUNTS)
    )
    return of_payments.order_by(Payment.event_id), of_bills.order_by(Bill.period_end)


def billed_credit(account_id: ColumnElement[int]) -> ColumnElement[Decimal]:
    """The sum of the `billed_credits` of an account, correlated to the table of `account_id`."""
    bill = aliased(Bill, name="overpaid")
    of_payments = select(func.coalesce(func.sum(_unallocated()), 0)).where(
        *_has_unallocated(), Payment.account_id == account_id
    )
    of_bills = select(func.coalesce(func.sum(-remaining_amount(bill)), 0)).where(
        *_is_overpaid(bill), bill.account_id == account_id
    )
    return of_payments.scalar_subquery() + of_bills.scalar_subquery()


async def unbilled_credits(unit: Unit, account_ids: Collection[int]) -> dict[int, list[Credit]]:
    """Credits of these accounts on pending bills, by account.

    Adjustments count at once. Refunded fees correct charges: they count at once where the account
    owes nothing, and otherwise with the bill that they are on. They do not count where a DEBT hold
    caused the refund: the hold would lift itself.
    """
    rows = (await execute(unit.connection, _unbilled_items(), {ACCOUNTS.key: account_ids})).all()
    refunded = {
        row.account_id for row in rows if row.net < 0 and row.kind is not BillItemKind.ADJUSTMENT
    }
    debt_free = await _debt_free_accounts(unit, refunded) if refunded else set()
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        # A credit used before was charged as an adjustment: it reduces both.
        if row.kind is BillItemKind.ADJUSTMENT or (row.net < 0 and row.account_id in debt_free):
            sums[row.account_id, row.bill_unit_id] -= row.net
    found: dict[int, list[Credit]] = defaultdict(list)
    for (account_id, bill_unit_id), amount in sums.items():
        if amount > 0:
            found[account_id].append(Credit(amount, bill_unit_id))
    return found


@cache
def _unbilled_items() -> AnySelect:
    """The items of ACCOUNTS on pending bills, with what they add up to."""
    net = type_coerce(BillItem.total + BillItem.adjusted - BillItem.transferred, Bill.paid.type)
    columns = (BillUnit.account_id, BillItem.bill_unit_id, BillItem.kind, net.label("net"))
    items = (
        select(*columns)
        .join(BillItem, BillItem.bill_unit_id == BillUnit.id)
        .join(Bill, Bill.id == BillItem.bill_id)
    )
    unbilled = items.where(
        in_ids(BillUnit.account_id, ACCOUNTS), Bill.billed_on.is_(None), net != 0
    )
    return unbilled.order_by(BillItem.bill_unit_id)


async def accounts_with_credit(unit: Unit, bill_ids: Collection[int]) -> Sequence[int]:
    """The accounts of these new bills that may have credit for the open amount.

    Most have none. The balance carried over shows that, unless there are other bill units or
    unbilled credits.
    """
    other = aliased(Bill, name="other")
    sibling = aliased(BillUnit)
    unmade = aliased(Bill, name="unmade")
    of_others = select(func.coalesce(func.sum(remaining_amount(other)), 0)).where(
        other.account_id == Bill.account_id,
        other.bill_unit_id == Bill.bill_unit_id,
        other.status == BillStatus.OPEN,
        other.id != Bill.id,
    )
    open_before = of_others.correlate(Bill).scalar_subquery()
    has_siblings = exists().where(
        sibling.account_id == Bill.account_id, sibling.id != Bill.bill_unit_id
    )
    # An aggregate, which PostgreSQL does not turn into a join of all items where the tables have
    # grown since it collected their statistics.
    least_net = (
        select(func.min(BillItem.total + BillItem.adjusted - BillItem.transferred))
        .where(BillItem.bill_id == unmade.id)
        .correlate(unmade)
        .scalar_subquery()
    )
    has_unbilled = (
        exists()
        .where(
            unmade.bill_unit_id == Bill.bill_unit_id,
            unmade.period_end > Bill.period_end,
            least_net < 0,
        )
        .correlate(Bill)
    )
    has_credit = or_(
        Bill.previous_balance < open_before,
        and_(remaining_amount(Bill) < 0, open_before > 0),
        has_siblings,
        has_unbilled,
    )
    found = select(Bill.account_id).where(in_ids(Bill.id, bill_ids), has_credit).distinct()
    return (await unit.session.execute(found.order_by(Bill.account_id))).scalars().all()


async def account_currencies(unit: Unit, account_ids: Collection[int]) -> dict[int, str]:
    """The billing currency of each of these accounts."""
    return dict((await execute(unit.connection, _currencies(), {ACCOUNTS.key: account_ids})).all())


@cache
def _currencies() -> AnySelect:
    return select(Account.id, Account.currency).where(in_ids(Account.id, ACCOUNTS))


def _of_account_past_due(today: ColumnElement[date]) -> tuple[ColumnElement[bool], ...]:
    return Bill.account_id == Account.id, is_past_due(today)


def _unallocated() -> ColumnElement[Decimal]:
    """The part of a payment that was not allocated to a bill."""
    allocated = select(func.coalesce(func.sum(Allocation.amount), 0)).where(
        Allocation.event_id == Payment.event_id
    )
    return type_coerce(Payment.amount - allocated.scalar_subquery(), Payment.amount.type)


def _has_unallocated() -> tuple[ColumnElement[bool], ...]:
    succeeded = Payment.status == PaymentStatus.SUCCEEDED
    return succeeded, Payment.event_id.is_not(None), _unallocated() > 0


def _is_overpaid(bill: type[Bill]) -> tuple[ColumnElement[bool], ...]:
    return bill.billed_on.is_not(None), remaining_amount(bill) < 0


async def _debt_free_accounts(unit: Unit, account_ids: Collection[int]) -> set[int]:
    """The accounts with a balance of zero or less and without a DEBT hold."""
    found = await execute(unit.connection, _balances_without_debt(), {ACCOUNTS.key: account_ids})
    return {account_id for account_id, balance in found if balance <= 0}


@cache
def _balances_without_debt() -> AnySelect:
    """The balances of those of ACCOUNTS that have no DEBT hold."""
    return (
        select(Account.id, exact_sum(BillUnit.balance))
        .join(BillUnit, BillUnit.account_id == Account.id)
        .where(in_ids(Account.id, ACCOUNTS), ~has_hold(Account, Cause.DEBT))
        .group_by(Account.id)
    )
