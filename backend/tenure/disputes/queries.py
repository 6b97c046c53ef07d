"""Finding what is disputed or adjusted, and how much of it is there."""

from decimal import Decimal

from sqlalchemy import func, select

from tenure.accounts.queries import KEEPING_ITS_KEY, account_to_change
from tenure.billing.models import Bill, BillItem
from tenure.billing.queries import locked_units_of_bills
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.disputes.rules import Subject
from tenure.events.models import Event, EventKind
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.unit import Unit

# What is taken off a charge, and what was credited or charged for it by hand: they followed it.
OF_A_CHARGE = (EventKind.DISCOUNT, EventKind.ADJUSTMENT)


async def subject_to_change(unit: Unit, path: str, key: int) -> Subject:
    """What `path` names, its bill's account and bill unit locked until the unit ends. Raises NOT_FOUND, INVALID."""
    event = await _charge(unit, key) if path == "event_id" else None
    item_id = key if path == "item_id" else event.item_id if event is not None else None
    bill = await _bill_to_change(unit, key if item_id is None else await _bill_of(unit, item_id))
    there = bill.current_charges + bill.subordinate_charges + bill.adjusted - bill.held
    if item_id is None:
        return Subject(path, bill, None, None, there)
    item = await unit.session.get_one(BillItem, item_id, populate_existing=True)
    there = min(there, item.due)
    if event is not None:
        there = min(there, await _left_of(unit, event))
    return Subject(path, bill, item, event, there)


async def dispute_to_change(unit: Unit, dispute_id: int) -> tuple[Dispute, Subject]:
    """The dispute, and what it is about as that stands now; locked until the unit ends. Raises NOT_FOUND."""
    dispute = await unit.session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFoundError("dispute", ("dispute_id",))
    named = {"event_id": dispute.event_id, "item_id": dispute.item_id, "bill_id": dispute.bill_id}
    path, key = next((name, key) for name, key in named.items() if key is not None)
    subject = await subject_to_change(unit, path, key)
    await unit.session.refresh(dispute, with_for_update=KEEPING_ITS_KEY)
    return dispute, subject


async def _charge(unit: Unit, event_id: int) -> Event:
    event = await unit.session.get(Event, event_id)
    if event is None:
        raise NotFoundError("event", ("event_id",))
    if event.item_id is None or event.amount is None:
        words = "This event is no charge: dispute or adjust the charge, its item or its bill."
        raise TenureError(ErrorCode.INVALID, words, ("event_id",))
    return event


async def _bill_of(unit: Unit, item_id: int) -> int:
    found = select(BillItem.bill_id).where(BillItem.id == item_id)
    bill_id = (await unit.session.execute(found)).scalar_one_or_none()
    if bill_id is None:
        raise NotFoundError("item", ("item_id",))
    return bill_id


async def _bill_to_change(unit: Unit, bill_id: int) -> Bill:
    """Locked as payments and the bill day do: the account, then the bill unit."""
    bill = await unit.session.get(Bill, bill_id)
    if bill is None:
        raise NotFoundError("bill", ("bill_id",))
    await account_to_change(unit, bill.account_id)
    await unit.session.execute(locked_units_of_bills([bill.id]))
    await unit.session.refresh(bill)
    return bill


async def _left_of(unit: Unit, charge: Event) -> Decimal:
    """What a charge comes to with what followed it, without what of it is disputed."""
    followed = select(func.sum(Event.amount)).where(
        Event.item_id == charge.item_id, Event.followed_id == charge.id, Event.kind.in_(OF_A_CHARGE)
    )
    disputed = select(func.sum(Dispute.amount)).where(
        Dispute.bill_id == select(BillItem.bill_id).where(BillItem.id == charge.item_id).scalar_subquery(),
        Dispute.event_id == charge.id,
        Dispute.status == DisputeStatus.OPEN,
    )
    none, row = (
        Decimal(0),
        (await unit.session.execute(select(followed.scalar_subquery(), disputed.scalar_subquery()))).one(),
    )
    return (charge.amount or none) + (row[0] or none) - (row[1] or none)
