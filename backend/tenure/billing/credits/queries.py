"""What is open, what is past due, and what credit an account has for it. One place says what is owed (rules 6.9)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    exists,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.billing.bills.models import Allocation, Bill, BillItem, BillItemKind, BillStatus
from tenure.billing.bills.queries import left
from tenure.billing.bills.rules import Credit
from tenure.billing.credits.rules import OpenBill, PassingItem
from tenure.holds.models import Cause
from tenure.kernel.dialects import in_ids
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus

NOTHING = Decimal(0)


def is_open() -> ColumnElement[bool]:
    """Something of the bill is due: what is disputed is not (rules 8.1)."""
    return and_(Bill.status == BillStatus.OPEN, Bill.open_amount > 0)


def is_past_due(today: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
    """Overdue counts from the day after the due date (rules 7.3)."""
    return and_(is_open(), Bill.due_on < today)


def has_debt_hold() -> ColumnElement[bool]:
    """The account is held for a debt, whatever else holds it."""
    return Account.inactive_holds.op("|")(Account.closed_holds).op("&")(int(Cause.DEBT)) != 0


async def open_bills(unit: Unit, account_ids: Collection[int]) -> dict[int, Sequence[OpenBill]]:
    """What of their own bills these accounts still have to pay, oldest first."""
    columns = (Bill.account_id, Bill.id, Bill.bill_unit_id, Bill.number, Bill.open_amount)
    wanted = select(*columns).where(is_open(), in_ids(Bill.account_id, account_ids))
    found: dict[int, list[OpenBill]] = defaultdict(list)
    for row in await unit.session.execute(wanted.order_by(Bill.period_end, Bill.id)):
        found[row.account_id].append(
            OpenBill(row.id, row.bill_unit_id, row.number, row.open_amount)
        )
    return {**found}


async def newest_bills(unit: Unit, bill_unit_ids: Collection[int]) -> dict[int, int]:
    """The bill that was made last for each of these bill units; without those that never had one."""
    made = select(Bill.bill_unit_id, Bill.id).where(Bill.billed_on.is_not(None))
    wanted = made.where(in_ids(Bill.bill_unit_id, bill_unit_ids)).order_by(Bill.period_end)
    return {row.bill_unit_id: row.id for row in await unit.session.execute(wanted)}


async def billed_credits(unit: Unit, account_ids: Collection[int]) -> dict[int, list[Credit]]:
    """What of payments went to no bill yet, then what bills have too much; by account, oldest first."""
    found: dict[int, list[Credit]] = defaultdict(list)
    gone = select(func.coalesce(func.sum(Allocation.amount), 0)).where(
        Allocation.event_id == Payment.event_id
    )
    rest = type_coerce(Payment.amount - gone.scalar_subquery(), Payment.amount.type)
    paid = select(Payment.account_id, rest, Payment.bill_unit_id, Payment.event_id)
    paid = paid.where(
        Payment.status == PaymentStatus.SUCCEEDED, Payment.event_id.is_not(None), rest > 0
    )
    of_accounts = paid.where(in_ids(Payment.account_id, account_ids)).order_by(Payment.event_id)
    for account_id, amount, bill_unit_id, event_id in await unit.session.execute(of_accounts):
        found[account_id].append(Credit(amount, bill_unit_id, event_id=event_id))
    too_much = select(Bill.account_id, -left(), Bill.bill_unit_id, Bill.id)
    too_much = too_much.where(
        Bill.billed_on.is_not(None), left() < 0, in_ids(Bill.account_id, account_ids)
    )
    for account_id, amount, bill_unit_id, bill_id in await unit.session.execute(
        too_much.order_by(Bill.period_end)
    ):
        found[account_id].append(Credit(amount, bill_unit_id, from_bill_id=bill_id))
    return found


async def unbilled_credits(unit: Unit, account_ids: Collection[int]) -> dict[int, list[Credit]]:
    """Credits of these accounts that lie on bills not made yet, by account.

    Adjustments count at once. Fees that were given back correct charges: they count at once where the account owes
    nothing any more, and else with the bill that they are on. Not where a DEBT hold gave them back: it would end itself.
    """
    net = type_coerce(BillItem.total + BillItem.adjusted - BillItem.transferred, Bill.paid.type)
    columns = (BillUnit.account_id, BillItem.bill_unit_id, BillItem.kind, net.label("net"))
    items = (
        select(*columns)
        .join(BillItem, BillItem.bill_unit_id == BillUnit.id)
        .join(Bill, Bill.id == BillItem.bill_id)
    )
    unbilled = items.where(
        in_ids(BillUnit.account_id, account_ids), Bill.billed_on.is_(None), net != 0
    )
    rows = (await unit.session.execute(unbilled.order_by(BillItem.bill_unit_id))).all()
    given_back = {
        row.account_id for row in rows if row.net < 0 and row.kind is not BillItemKind.ADJUSTMENT
    }
    debt_free = await _owing_nothing(unit, given_back) if given_back else set()
    sums: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in rows:
        # What was used before was charged as an adjustment: it counts against both.
        if row.kind is BillItemKind.ADJUSTMENT or (row.net < 0 and row.account_id in debt_free):
            sums[row.account_id, row.bill_unit_id] -= row.net
    found: dict[int, list[Credit]] = defaultdict(list)
    for (account_id, bill_unit_id), amount in sums.items():
        if amount > 0:
            found[account_id].append(Credit(amount, bill_unit_id))
    return found


async def items_to_pass(unit: Unit, items: Select[int]) -> list[PassingItem]:
    """These items of nonpaying bill units, with what of them has not passed to the payer of their bill."""
    net = type_coerce(BillItem.total + BillItem.adjusted - BillItem.transferred, Bill.paid.type)
    columns = (
        BillItem.id,
        BillItem.account_id,
        BillItem.bill_unit_id,
        BillItem.bill_id,
        BillItem.kind,
        net,
    )
    wanted = select(*columns, BillItem.currency).where(BillItem.id.in_(items))
    return [PassingItem(*row) for row in await unit.session.execute(wanted.order_by(BillItem.id))]


async def accounts_with_credit(unit: Unit, bill_ids: Collection[int]) -> Sequence[int]:
    """The accounts of these bills, just made, that may have money for what is open of them.

    Most have none: the balance carried over says so, unless there are further bill units or unbilled credits.
    """
    other, sibling, unmade = (
        aliased(Bill, name="other"),
        aliased(BillUnit),
        aliased(Bill, name="unmade"),
    )
    of_others = select(func.coalesce(func.sum(left(other)), 0)).where(
        other.account_id == Bill.account_id,
        other.bill_unit_id == Bill.bill_unit_id,
        other.status == BillStatus.OPEN,
        other.id != Bill.id,
    )
    open_before = of_others.correlate(Bill).scalar_subquery()
    has_siblings = exists().where(
        sibling.account_id == Bill.account_id, sibling.id != Bill.bill_unit_id
    )
    on_next = select(BillItem.id).join(unmade, unmade.id == BillItem.bill_id)
    on_next = on_next.where(
        unmade.bill_unit_id == Bill.bill_unit_id, unmade.period_end > Bill.period_end
    )
    has_unbilled = (
        on_next.where(BillItem.total + BillItem.adjusted < BillItem.transferred)
        .correlate(Bill)
        .exists()
    )
    has_credit = or_(
        Bill.previous_balance < open_before,
        and_(left(Bill) < 0, open_before > 0),
        has_siblings,
        has_unbilled,
    )
    found = select(Bill.account_id).where(in_ids(Bill.id, bill_ids), has_credit).distinct()
    return (await unit.session.execute(found.order_by(Bill.account_id))).scalars().all()


async def currencies_of(unit: Unit, account_ids: Collection[int]) -> dict[int, str]:
    """In which currency these accounts are billed."""
    wanted = select(Account.id, Account.currency).where(in_ids(Account.id, account_ids))
    return {row.id: row.currency for row in await unit.session.execute(wanted)}


async def _owing_nothing(unit: Unit, account_ids: Collection[int]) -> set[int]:
    """Those whose balance is zero or a credit, and that are not held for a debt."""
    balance = (
        select(func.sum(BillUnit.balance))
        .where(BillUnit.account_id == Account.id)
        .scalar_subquery()
    )
    wanted = select(Account.id).where(
        in_ids(Account.id, account_ids), ~has_debt_hold(), balance <= 0
    )
    return set((await unit.session.execute(wanted)).scalars())
