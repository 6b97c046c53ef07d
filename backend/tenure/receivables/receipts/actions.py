"""Receiving payments, and the DEBT hold that follows from debts (rules 6.9, 7.3, 7.4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import Date, case, exists, literal, select, update

from tenure.accounts.models import Account, BillUnit
from tenure.accounts.queries import lock_account
from tenure.billing.bills.actions import NO_SESSION_SYNC, apply_bill_changes
from tenure.billing.bills.models import Allocation, Bill
from tenure.billing.bills.rules import BillChange
from tenure.billing.credits.queries import is_open, newest_bills, open_bills
from tenure.events.actions import record_all
from tenure.events.models import EventKind, EventOperation
from tenure.holds.models import Cause, Status
from tenure.kernel.actor import Role
from tenure.kernel.db import insert_rows
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.money import Millionths, money_text
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.text import required_text
from tenure.kernel.unit import Unit
from tenure.payments.models import Payment, PaymentStatus
from tenure.receivables.receipts.queries import (
    bill_unit_to_credit,
    debt_free_accounts,
    payment_with_reference,
)
from tenure.receivables.receipts.rules import (
    PaymentSplit,
    Receipt,
    RecordedPayment,
    checked_amount,
    payment_event,
    split_payment,
)
from tenure.status.cascades.actions import apply
from tenure.status.cascades.rules import EventContext, HoldChange, HoldReason, Kind


async def record_payment(
    unit: Unit, account_id: int, *, amount: Decimal, reference: str, bill_id: int | None = None
) -> RecordedPayment:
    """Record a payment received outside the gateway, in any account status (rules 6.9).

    A repeated reference of an account returns the first event, and nothing is recorded. Raises
    NOT_FOUND, REQUIRED, INVALID, OUT_OF_RANGE, NOT_ALLOWED for a bill that is not made yet, and
    TAKEN if another payment has the reference.
    """
    unit.require(Role.MANAGER)
    account = await lock_account(unit, account_id)
    kept = required_text(reference, path="reference")
    checked_amount(amount, account.currency)
    earlier = await payment_with_reference(unit, account.id, kept)
    if earlier is not None and earlier.event_id is not None:
        if (earlier.amount, earlier.bill_id) != (amount, bill_id):
            other_amount = money_text(earlier.amount, earlier.currency)
            message = f"Another payment has this reference: {other_amount}."
            raise TenureError(ErrorCode.TAKEN, message, ("reference",))
        return RecordedPayment(earlier.event_id, is_repeated=True)
    payment = Payment(
        key=f"received/{uuid4()}",
        account_id=account.id,
        bill_unit_id=await bill_unit_to_credit(unit, account.id, bill_id),
        bill_id=bill_id,
        amount=amount,
        currency=account.currency,
        status=PaymentStatus.PENDING,
        reference=kept,
        business_date=unit.today,
        created_at=unit.now,
    )
    unit.session.add(payment)
    await unit.session.flush()
    details: dict[str, object] = {
        "operation": EventOperation.PAYMENT_RECEIVED,
        "reference": kept,
    }
    [event_id] = await book_payments(unit, [Receipt(payment, f"reference {kept}", details)])
    return RecordedPayment(event_id, is_repeated=False)


async def book_payments(unit: Unit, receipts: Sequence[Receipt]) -> Sequence[int]:
    """Book these payments: events, allocations to bills, and release from debt.

    The remainder is credit. Their accounts are locked. Returns the events, in order.
    """
    if not receipts:
        return []
    payments = [receipt.payment for receipt in receipts]
    bills = await open_bills(unit, {payment.account_id for payment in payments})
    shares: list[PaymentSplit] = []
    for payment in payments:
        share = split_payment(
            payment.amount, bills.get(payment.account_id, []), first=payment.bill_id
        )
        bills[payment.account_id] = share.left_open
        shares.append(share)
    rows = [payment_event(receipt, share) for receipt, share in zip(receipts, shares, strict=True)]
    event_ids = await record_all(unit, EventKind.PAYMENT, rows)
    for payment, event_id in zip(payments, event_ids, strict=True):
        payment.status = PaymentStatus.SUCCEEDED
        payment.event_id = event_id
        payment.settled_at = unit.now
    await unit.session.flush()
    await _allocate(unit, payments, shares)
    await release_from_debt(unit, {payment.account_id for payment in payments})
    return event_ids


async def hold_for_debt(
    unit: Unit, account_id: int, effect: Status, *, reason: str, followed_id: int | None = None
) -> None:
    """Put the DEBT hold of this effect on an account, with its cascade."""
    await hold_accounts_for_debt(unit, effect, {account_id: HoldReason(reason, followed_id)})


async def hold_accounts_for_debt(unit: Unit, effect: Status, why: Mapping[int, HoldReason]) -> None:
    """Put the DEBT hold of this effect on these accounts, with its cascade.

    Closed accounts are skipped.
    """
    wanted = select(Account.id).where(in_ids(Account.id, why), Account.status != Status.CLOSED)
    ids = (
        (await unit.session.execute(for_no_key_update(wanted.order_by(Account.id)))).scalars().all()
    )
    if not ids:
        return
    change = HoldChange(Kind.ACCOUNT, ids, add_inactive=Cause.DEBT)
    if effect is Status.CLOSED:
        change = HoldChange(Kind.ACCOUNT, ids, add_closed=Cause.DEBT)
    await apply(
        unit,
        change,
        EventContext(Cause.DEBT, unit.now, reason="Its payer has unpaid debt", why=why),
    )


async def mark_due_again(unit: Unit, bill_ids: Collection[int]) -> None:
    """Mark the open amounts of these bills as due again: the next bill day collects them, and the
    days restart.

    A bill that was tried today is tried again tomorrow: the gateway identifies a payment by bill
    and day (rules 7.3).
    """
    today = unit.today
    tried = exists().where(
        Payment.bill_id == Bill.id, Payment.business_date >= today, Payment.payment_method_id > 0
    )
    day = case((tried, literal(today + timedelta(days=1), Date())), else_=literal(today, Date()))
    again = update(Bill).where(in_ids(Bill.id, bill_ids), is_open())
    await unit.session.execute(
        again.values(collect_on=day, due_again_on=day), execution_options=NO_SESSION_SYNC
    )


async def restart_collection(unit: Unit, on: date, bill_ids: Collection[int]) -> None:
    """Restart collection of bills whose payment failed on a later day, if no day of collection
    is left.
    """
    if bill_ids:
        tomorrow = on + timedelta(days=1)
        again = update(Bill).where(in_ids(Bill.id, bill_ids), is_open(), Bill.collect_on.is_(None))
        await unit.session.execute(
            again.values(collect_on=tomorrow, due_again_on=tomorrow),
            execution_options=NO_SESSION_SYNC,
        )


async def release_from_debt(unit: Unit, account_ids: Collection[int]) -> None:
    """Lift the DEBT hold of accounts without past due amounts and open failed collections (rules
    7.4).
    """
    free = await debt_free_accounts(unit, account_ids)
    if free:
        change = HoldChange(Kind.ACCOUNT, free, lift_inactive=Cause.DEBT, lift_closed=Cause.DEBT)
        await apply(unit, change, EventContext(Cause.DEBT, unit.now, reason="Debt paid"))


async def _allocate(
    unit: Unit, payments: Sequence[Payment], shares: Sequence[PaymentSplit]
) -> None:
    """Apply payments to balances and bills."""
    by_unit: dict[int, Decimal] = defaultdict(Decimal)
    allocations: list[dict[str, object]] = []
    for payment, share in zip(payments, shares, strict=True):
        by_unit[payment.bill_unit_id] -= share.rest
        for bill, amount in share.parts:
            by_unit[bill.bill_unit_id] -= amount
            allocations.append({"event_id": payment.event_id, "bill_id": bill.id, "amount": amount})
    columns = {"id": BillUnit.id.type, "amount": Millionths()}
    rows = [{"id": unit_id, "amount": amount} for unit_id, amount in sorted(by_unit.items())]
    moved = rows_as_table(unit.session, "moved", columns, rows)
    statement = (
        update(BillUnit)
        .where(BillUnit.id == moved.c.id)
        .values(balance=BillUnit.balance + moved.c.amount)
    )
    await unit.session.execute(statement, execution_options=NO_SESSION_SYNC)
    if allocations:
        await unit.session.execute(insert_rows(Allocation), allocations)
    entries = [
        BillChange(bill.id, paid=-amount) for share in shares for bill, amount in share.parts
    ]
    over = {
        payment.bill_unit_id for payment, share in zip(payments, shares, strict=True) if share.rest
    }
    newest = await newest_bills(unit, over) if over else {}
    for payment, share in zip(payments, shares, strict=True):
        if share.rest and payment.bill_unit_id in newest:
            entries.append(BillChange(newest[payment.bill_unit_id], credit=-share.rest))
    await apply_bill_changes(unit, entries)
