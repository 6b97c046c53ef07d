"""Disputes are opened and settled, and money is credited or charged by hand (rules 8)."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select, update

from tenure.accounts.models import BillUnit
from tenure.accounts.queries import default_bill_unit, locked_account
from tenure.billing.bills.actions import AS_IT_IS, enter, post
from tenure.billing.bills.models import Bill, BillItem, BillItemKind
from tenure.billing.bills.rules import NAMES, Charge, Credit, Entry
from tenure.billing.credits.actions import spread_credit
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.disputes.queries import locked_dispute, locked_subject
from tenure.disputes.rules import (
    Subject,
    adjusting_amount,
    adjustment_words,
    check_credit,
    disputed_amount,
    granted_amount,
    settled_words,
    shown,
    status_by,
    the_one,
)
from tenure.events.actions import record_all
from tenure.events.models import EventKind
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import LARGEST_NOTE, optional_text, required_text
from tenure.kernel.unit import Unit
from tenure.receivables.receipts.actions import due_again, release


async def open_dispute(
    unit: Unit,
    *,
    bill_id: int | None = None,
    item_id: int | None = None,
    event_id: int | None = None,
    amount: Decimal | None = None,
    reason: str,
) -> Dispute:
    """Dispute a bill, an item or an event, or a part of it: while it is open that is neither due nor collected.

    Raises REQUIRED, INVALID, NOT_FOUND, and OUT_OF_RANGE for more than is there.
    """
    unit.require(Role.AGENT)
    subject = await locked_subject(
        unit, *the_one(bill_id=bill_id, item_id=item_id, event_id=event_id)
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
    await enter(unit, [Entry(subject.bill.id, held=wanted, item_id=dispute.item_id)])
    words = f"Disputed {shown(wanted, subject.currency)}: {subject.name}"
    await _tell(unit, subject, dispute, words, reason=dispute.reason)
    return dispute


async def settle_dispute(
    unit: Unit, dispute_id: int, *, granted: Decimal, note: str | None = None
) -> Dispute:
    """Settle it, once. What is granted is credited on its bill, the rest is due again; zero denies it.

    Raises NOT_FOUND, INVALID, OUT_OF_RANGE, and NOT_ALLOWED where it was settled before.
    """
    unit.require(Role.MANAGER)
    dispute, subject = await locked_dispute(unit, dispute_id)
    if dispute.status is not DisputeStatus.OPEN:
        raise TenureError(
            ErrorCode.NOT_ALLOWED,
            f"This dispute was settled before: {dispute.status}.",
            ("dispute_id",),
        )
    credited = granted_amount(granted, dispute.amount, dispute.currency)
    dispute.granted, dispute.status = credited, status_by(credited, dispute.amount)
    dispute.note = optional_text(note, path="note", longest=LARGEST_NOTE)
    dispute.settled_at, dispute.settled_by = unit.now, unit.actor.name
    await unit.session.flush()
    await _tell(unit, subject, dispute, settled_words(dispute, subject.name), reason=dispute.note)
    await enter(unit, [Entry(subject.bill.id, held=-dispute.amount, item_id=subject.item_id)])
    if credited:
        await _adjust(
            unit, subject, -credited, reason=dispute.reason, details={"dispute": dispute.id}
        )
    await _see_to_what_is_open(unit, subject.bill)
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
    """Credit (negative) or charge an account, a bill, an item or an event. Answers with the event.

    What is adjusted of an account is on its next bill. Raises REQUIRED, INVALID, NOT_FOUND, and OUT_OF_RANGE for a credit
    of more than there is.
    """
    unit.require(Role.MANAGER)
    path, key = the_one(account_id=account_id, bill_id=bill_id, item_id=item_id, event_id=event_id)
    why = required_text(reason, path="reason", longest=LARGEST_NOTE)
    if path == "account_id":
        account = await locked_account(unit, key)
        charge = _charge(unit, await default_bill_unit(unit, account.id), account.number, amount)
        [event_id] = await post(unit, [replace(charge, reason=why)])
        if amount < 0:
            given = {account.id: Credit(-amount, charge.bill_unit_id)}
            await spread_credit(unit, [account.id], given=given)
            await release(unit, [account.id])
        return event_id
    subject = await locked_subject(unit, path, key)
    check_credit(subject, adjusting_amount(amount, subject.currency))
    event_id = await _adjust(unit, subject, amount, reason=why)
    await _see_to_what_is_open(unit, subject.bill)
    return event_id


async def _adjust(
    unit: Unit,
    subject: Subject,
    amount: Decimal,
    *,
    reason: str,
    details: dict[str, object] | None = None,
) -> int:
    """Credit or charge it by an event of the bill's account, whosever the item is. Of a bill as a whole it has an item too."""
    bill = subject.bill
    item_id = subject.item_id or await _item_for_adjustments(unit, bill)
    row = {
        **_about(subject),
        "account_id": bill.account_id,
        "item_id": item_id,
        "description": adjustment_words(amount, bill.currency, subject.name),
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
    await unit.session.execute(owing, execution_options=AS_IT_IS)
    await enter(unit, [Entry(bill.id, adjusted=amount, item_id=item_id)])
    return event_id


async def _see_to_what_is_open(unit: Unit, bill: Bill) -> None:
    """Credit goes to what is open now; what is due again is collected; nothing past due releases (rules 6.9, 7.3, 7.4)."""
    open_before = bill.open_amount
    await spread_credit(unit, [bill.account_id])
    await unit.session.refresh(bill)
    if bill.open_amount > open_before:
        await due_again(unit, [bill.id])
    await release(unit, [bill.account_id])


async def _item_for_adjustments(unit: Unit, bill: Bill) -> int:
    """The item of the bill that adds up what is adjusted of it as a whole. The bill unit is locked: nobody else makes it."""
    key = {
        "bill_id": bill.id,
        "bill_unit_id": bill.bill_unit_id,
        "kind": BillItemKind.ADJUSTMENT,
        "service_id": None,
    }
    item = (await unit.session.execute(select(BillItem).filter_by(**key))).scalar_one_or_none()
    if item is None:
        name = NAMES[BillItemKind.ADJUSTMENT]
        item = BillItem(**key, account_id=bill.account_id, name=name, currency=bill.currency)
        unit.session.add(item)
        await unit.session.flush()
    return item.id


def _charge(unit: Unit, collecting: BillUnit, number: str, amount: Decimal) -> Charge:
    """What is adjusted of an account is a charge on its next bill."""
    money = adjusting_amount(amount, collecting.currency)
    return Charge(
        account_id=collecting.account_id,
        bill_unit_id=collecting.id,
        kind=EventKind.ADJUSTMENT,
        amount=money,
        currency=collecting.currency,
        description=adjustment_words(money, collecting.currency, f"account {number}"),
        occurred_at=unit.now,
        day=unit.business.today,
    )


async def _tell(
    unit: Unit, subject: Subject, dispute: Dispute, words: str, *, reason: str | None
) -> None:
    row = {
        **_about(subject),
        "account_id": dispute.account_id,
        "description": words,
        "reason": reason,
        "details": {"dispute": dispute.id, "bill": subject.bill.number},
    }
    await record_all(unit, EventKind.DISPUTE, [row])


def _about(subject: Subject) -> dict[str, object]:
    """The columns of an event that say what it is about."""
    return {
        "service_id": None if subject.item is None else subject.item.service_id,
        "offer_id": None if subject.event is None else subject.event.offer_id,
        "item_id": subject.item_id,
        "followed_id": subject.event_id,
    }
