"""The subject of a dispute or an adjustment, and the amount available for it."""

from decimal import Decimal

from sqlalchemy import ColumnElement, case, func, null, select, type_coerce
from sqlalchemy.orm import aliased

from tenure.accounts.queries import lock_account
from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.bills.queries import lock_bill_units_of
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.disputes.rules import Subject
from tenure.events.models import Event, EventKind
from tenure.kernel.errors import ErrorCode, NotFoundError, TenureError
from tenure.kernel.locks import NO_KEY_UPDATE
from tenure.kernel.money import Millionths
from tenure.kernel.unit import Unit

# Discounts and adjustments of a charge: they follow it.
CORRECTION_KINDS = (EventKind.DISCOUNT, EventKind.ADJUSTMENT)
ZERO = Decimal(0)


def _money(amount: ColumnElement[Decimal]) -> ColumnElement[Decimal]:
    """Computed millionths as a Decimal amount."""
    return type_coerce(amount, Millionths())


def _smaller(one: ColumnElement[Decimal], other: ColumnElement[Decimal]) -> ColumnElement[Decimal]:
    return _money(case((one < other, one), else_=other))


# The disputable amount of a bill, an item or an event: its sum without open disputes. It also
# limits credits. An item or an event is limited by what it is part of. Each is correlated to its
# table, and null where there is no charge.
DISPUTABLE_OF_BILL: ColumnElement[Decimal] = _money(
    Bill.current_charges + Bill.subordinate_charges + Bill.adjusted - Bill.held
)
_OF_ITS_BILL = (
    select(DISPUTABLE_OF_BILL)
    .where(Bill.id == BillItem.bill_id)
    .correlate(BillItem)
    .scalar_subquery()
)
DISPUTABLE_OF_ITEM: ColumnElement[Decimal] = _smaller(BillItem.due.expression, _OF_ITS_BILL)
_OF_ITS_ITEM = (
    select(DISPUTABLE_OF_ITEM)
    .where(BillItem.id == Event.item_id)
    .correlate(Event)
    .scalar_subquery()
)
_FOLLOWING = aliased(Event, name="following")
_FOLLOWED = (
    select(func.coalesce(func.sum(_FOLLOWING.amount), ZERO))
    .where(
        _FOLLOWING.item_id == Event.item_id,
        _FOLLOWING.followed_id == Event.id,
        _FOLLOWING.kind.in_(CORRECTION_KINDS),
    )
    .correlate(Event)
    .scalar_subquery()
)
_DISPUTED = (
    select(func.coalesce(func.sum(Dispute.amount), ZERO))
    .join(BillItem, BillItem.bill_id == Dispute.bill_id)
    .where(
        BillItem.id == Event.item_id,
        Dispute.event_id == Event.id,
        Dispute.status == DisputeStatus.OPEN,
    )
    .correlate(Event)
    .scalar_subquery()
)
DISPUTABLE_OF_EVENT: ColumnElement[Decimal] = _money(
    case(
        (Event.amount.is_(None) | Event.item_id.is_(None), null()),
        else_=_smaller(
            type_coerce(Event.amount, Millionths()) + _FOLLOWED - _DISPUTED, _OF_ITS_ITEM
        ),
    )
)


async def locked_subject(unit: Unit, path: str, key: int) -> Subject:
    """The subject that `path` names.

    Locks its bill's account and bill unit. Raises NOT_FOUND, INVALID.
    """
    event = await _charge(unit, key) if path == "event_id" else None
    item_id = key if path == "item_id" else event.item_id if event is not None else None
    bill = await _locked_bill(unit, key if item_id is None else await _bill_of(unit, item_id))
    item = (
        None
        if item_id is None
        else await unit.session.get_one(BillItem, item_id, populate_existing=True)
    )
    return Subject(path, bill, item, event, await _disputable_amount(unit, event or item or bill))


async def locked_dispute(unit: Unit, dispute_id: int) -> tuple[Dispute, Subject]:
    """The dispute and its current subject, locked until the unit ends. Raises NOT_FOUND."""
    dispute = await unit.session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotFoundError("dispute", ("dispute_id",))
    named = {"event_id": dispute.event_id, "item_id": dispute.item_id, "bill_id": dispute.bill_id}
    path, key = next((name, key) for name, key in named.items() if key is not None)
    subject = await locked_subject(unit, path, key)
    await unit.session.refresh(dispute, with_for_update=NO_KEY_UPDATE)
    return dispute, subject


async def _charge(unit: Unit, event_id: int) -> Event:
    event = await unit.session.get(Event, event_id)
    if event is None:
        raise NotFoundError("event", ("event_id",))
    if event.item_id is None or event.amount is None:
        message = "This event is not a charge. Choose a charge, an item or a bill."
        raise TenureError(ErrorCode.INVALID, message, ("event_id",))
    return event


async def _bill_of(unit: Unit, item_id: int) -> int:
    found = select(BillItem.bill_id).where(BillItem.id == item_id)
    bill_id = (await unit.session.execute(found)).scalar_one_or_none()
    if bill_id is None:
        raise NotFoundError("item", ("item_id",))
    return bill_id


async def _locked_bill(unit: Unit, bill_id: int) -> Bill:
    """The bill, locked in the same order as payments and the bill day: the account, then the
    bill unit.
    """
    bill = await unit.session.get(Bill, bill_id)
    if bill is None:
        raise NotFoundError("bill", ("bill_id",))
    await lock_account(unit, bill.account_id)
    await lock_bill_units_of(unit, [bill.id])
    await unit.session.refresh(bill)
    return bill


async def _disputable_amount(unit: Unit, subject: Bill | BillItem | Event) -> Decimal:
    """The amount that can be disputed or credited."""
    left = {Bill: DISPUTABLE_OF_BILL, BillItem: DISPUTABLE_OF_ITEM, Event: DISPUTABLE_OF_EVENT}[
        type(subject)
    ]
    return (
        await unit.session.execute(select(left).where(type(subject).id == subject.id))
    ).scalar_one()
