"""Opening and settling disputes, and adjusting accounts and bills (rules 8)."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select, update

from tenure.accounts.models import BillUnit
from tenure.accounts.queries import default_bill_unit, lock_account
from tenure.billing.bills.actions import NO_SESSION_SYNC, apply_bill_changes, post
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.bills.rules import ITEM_NAMES, BillChange, Charge, Credit
from tenure.billing.credits.actions import allocate_credit
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.disputes.queries import locked_dispute, locked_subject
from tenure.disputes.rules import (
    Subject,
    adjustment_text,
    check_credit,
    checked_adjustment,
    disputed_amount,
    granted_amount,
    settled_status,
    settlement_text,
    single_subject,
)
from tenure.events.actions import record_all
from tenure.events.models import EventKind, EventOperation
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import money_text, rounded
from tenure.kernel.text import LARGEST_NOTE, optional_text, required_text
from tenure.kernel.unit import Unit
from tenure.receivables.receipts.actions import mark_due_again, release_from_debt

# The operation of the event of a settled dispute.
SETTLED = {
    DisputeStatus.GRANTED: EventOperation.DISPUTE_GRANTED,
    DisputeStatus.PARTLY_GRANTED: EventOperation.DISPUTE_PARTLY_GRANTED,
    DisputeStatus.DENIED: EventOperation.DISPUTE_DENIED,
}


async def open_dispute(
    unit: Unit,
    *,
    bill_id: int | None = None,
    item_id: int | None = None,
    event_id: int | None = None,
    amount: Decimal | None = None,
    reason: str,
) -> Dispute:
    """Dispute a bill, an item or an event, or a part of it. An open dispute is neither due nor
    collected.

    Raises REQUIRED, INVALID, NOT_FOUND, and OUT_OF_RANGE for more than the amount available.
    """
    unit.require(Role.AGENT)
    subject = await locked_subject(
        unit, *single_subject(bill_id=bill_id, item_id=item_id, event_id=event_id)
    )
    wanted = disputed_amount(subject, amount)
    dispute = Dispute(
        account_id=subject.bill.account_id,
        bill_id=subject.bill.id,
        item_id=subject.item_id,
        event_id=subject.event_id,
        amount=wanted,
        currency=subject.currency,
        reason=required_text(reason, path="reason", longest=LARGEST_NOTE),
        status=DisputeStatus.OPEN,
        opened_at=unit.now,
        opened_by=unit.actor.name,
    )
    unit.session.add(dispute)
    await unit.session.flush()
    await apply_bill_changes(
        unit, [BillChange(subject.bill.id, held=wanted, item_id=dispute.item_id)]
    )
    message = f"Disputed {money_text(wanted, subject.currency)}: {subject.name}"
    operation = EventOperation.DISPUTE_OPENED
    await _record_event(unit, subject, dispute, operation, message, reason=dispute.reason)
    return dispute


async def settle_dispute(
    unit: Unit, dispute_id: int, *, granted: Decimal, note: str | None = None
) -> Dispute:
    """Settle a dispute, once. The granted amount is credited on its bill, the rest is due again;
    zero denies it.

    Raises NOT_FOUND, INVALID, OUT_OF_RANGE, and NOT_ALLOWED if it is settled already.
    """
    unit.require(Role.MANAGER)
    dispute, subject = await locked_dispute(unit, dispute_id)
    if dispute.status is not DisputeStatus.OPEN:
        raise TenureError(
            ErrorCode.NOT_ALLOWED,
            f"This dispute is already settled: {dispute.status}.",
            ("dispute_id",),
        )
    credited = granted_amount(granted, dispute.amount, dispute.currency)
    dispute.granted = credited
    dispute.status = settled_status(credited, dispute.amount)
    dispute.note = optional_text(note, path="note", longest=LARGEST_NOTE)
    dispute.settled_at = unit.now
    dispute.settled_by = unit.actor.name
    await unit.session.flush()
    operation, message = SETTLED[dispute.status], settlement_text(dispute, subject.name)
    await _record_event(unit, subject, dispute, operation, message, reason=dispute.note)
    await apply_bill_changes(
        unit, [BillChange(subject.bill.id, held=-dispute.amount, item_id=subject.item_id)]
    )
    if credited:
        await _adjust(
            unit, subject, -credited, reason=dispute.reason, details={"dispute": dispute.id}
        )
    await _update_open_amount(unit, subject.bill)
    return dispute


async def adjust(
    unit: Unit,
    *,
    account_id: int | None = None,
    bill_id: int | None = None,
    item_id: int | None = None,
    event_id: int | None = None,
    amount: Decimal,
    reason: str,
) -> int:
    """Credit (negative) or charge an account, a bill, an item or an event. Returns the event.

    An adjustment of an account is on its next bill. Raises REQUIRED, INVALID, NOT_FOUND, and
    OUT_OF_RANGE for a credit above the amount available.
    """
    unit.require(Role.MANAGER)
    path, key = single_subject(
        account_id=account_id, bill_id=bill_id, item_id=item_id, event_id=event_id
    )
    why = required_text(reason, path="reason", longest=LARGEST_NOTE)
    if path == "account_id":
        account = await lock_account(unit, key)
        charge = _charge(unit, await default_bill_unit(unit, account.id), account.number, amount)
        [event_id] = await post(unit, [replace(charge, reason=why)])
        if amount < 0:
            new_credits = {account.id: Credit(-amount, charge.bill_unit_id)}
            await allocate_credit(unit, [account.id], new_credits=new_credits)
            await release_from_debt(unit, [account.id])
        return event_id
    subject = await locked_subject(unit, path, key)
    check_credit(subject, checked_adjustment(amount, subject.currency))
    event_id = await _adjust(unit, subject, amount, reason=why)
    await _update_open_amount(unit, subject.bill)
    return event_id


async def _adjust(
    unit: Unit,
    subject: Subject,
    amount: Decimal,
    *,
    reason: str,
    details: dict[str, object] | None = None,
) -> int:
    """Adjust by an event of the bill's account, also where the item is another account's.

    A whole bill has an item for adjustments.
    """
    bill = subject.bill
    item_id = subject.item_id or await _item_for_adjustments(unit, bill)
    row = {
        **_subject_columns(subject),
        "account_id": bill.account_id,
        "item_id": item_id,
        "description": adjustment_text(amount, bill.currency, subject.name),
        "amount": amount,
        "currency": bill.currency,
        "reason": reason,
        "details": details,
    }
    [event_id] = await record_all(unit, EventKind.ADJUSTMENT, [row])
    owing = (
        update(BillUnit)
        .where(BillUnit.id == bill.bill_unit_id)
        .values(balance=BillUnit.balance + amount)
    )
    await unit.session.execute(owing, execution_options=NO_SESSION_SYNC)
    await apply_bill_changes(unit, [BillChange(bill.id, adjusted=amount, item_id=item_id)])
    return event_id


async def _update_open_amount(unit: Unit, bill: Bill) -> None:
    """Allocate credit, collect what is due again, and release from debt (rules 6.9, 7.3, 7.4)."""
    open_before = bill.open_amount
    await allocate_credit(unit, [bill.account_id])
    await unit.session.refresh(bill)
    if bill.open_amount > open_before:
        await mark_due_again(unit, [bill.id])
    await release_from_debt(unit, [bill.account_id])


async def _item_for_adjustments(unit: Unit, bill: Bill) -> int:
    """The item of the bill that sums up adjustments of the whole bill.

    The bill unit is locked: it is unique.
    """
    key = {
        "bill_id": bill.id,
        "bill_unit_id": bill.bill_unit_id,
        "kind": BillItemKind.ADJUSTMENT,
        "service_id": None,
    }
    item = (await unit.session.execute(select(BillItem).filter_by(**key))).scalar_one_or_none()
    if item is None:
        name = ITEM_NAMES[BillItemKind.ADJUSTMENT]
        item = BillItem(**key, account_id=bill.account_id, name=name, currency=bill.currency)
        unit.session.add(item)
        await unit.session.flush()
    return item.id


def _charge(unit: Unit, collecting: BillUnit, number: str, amount: Decimal) -> Charge:
    """The charge of an adjusted account, on its next bill."""
    money = checked_adjustment(amount, collecting.currency)
    return Charge(
        account_id=collecting.account_id,
        bill_unit_id=collecting.id,
        kind=EventKind.ADJUSTMENT,
        amount=money,
        currency=collecting.currency,
        description=adjustment_text(money, collecting.currency, f"account {number}"),
        occurred_at=unit.now,
        day=unit.today,
    )


async def _record_event(
    unit: Unit,
    subject: Subject,
    dispute: Dispute,
    operation: EventOperation,
    message: str,
    *,
    reason: str | None,
) -> None:
    granted = dispute.granted
    row = {
        **_subject_columns(subject),
        "account_id": dispute.account_id,
        "description": message,
        "reason": reason,
        "details": {
            "operation": operation,
            "dispute": dispute.id,
            "bill": subject.bill.number,
            "item": subject.item and subject.item.name,
            "charge": subject.event and subject.event.description,
            "amount": str(rounded(dispute.amount, dispute.currency)),
            "granted": None if granted is None else str(rounded(granted, dispute.currency)),
            "currency": dispute.currency,
        },
    }
    await record_all(unit, EventKind.DISPUTE, [row])


def _subject_columns(subject: Subject) -> dict[str, object]:
    """The columns of an event that name its subject."""
    return {
        "service_id": None if subject.item is None else subject.item.service_id,
        "offer_id": None if subject.event is None else subject.event.offer_id,
        "item_id": subject.item_id,
        "followed_id": subject.event_id,
    }
