"""What rounding has left over of usage that is not billed yet."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import aliased

from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.rating.models import UsageRemainder
from tenure.billing.rating.rules import ItemKey, RemainderKey, Remainders, WrongUsage
from tenure.events.models import Event, EventKind
from tenure.holds.models import Status
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.unit import Unit


async def remainders_of(unit: Unit, offer_ids: Collection[int]) -> Remainders:
    """Those of these offers. The bill units that pay are locked by the caller: nobody else changes them meanwhile."""
    columns = (UsageRemainder.offer_id, UsageRemainder.off_id, UsageRemainder.remainder)
    of_item = (
        Bill.bill_unit_id.label("payer_id"),
        Bill.period_end,
        BillItem.bill_unit_id,
        BillItem.service_id,
    )
    wanted = select(*columns, *of_item).join(BillItem, BillItem.id == UsageRemainder.item_id)
    wanted = wanted.join(Bill, Bill.id == BillItem.bill_id)
    unbilled = wanted.where(in_ids(UsageRemainder.offer_id, offer_ids), Bill.billed_on.is_(None))
    found: dict[RemainderKey, Decimal] = {}
    for row in await unit.session.execute(unbilled):
        item = ItemKey(row.payer_id, row.period_end, row.bill_unit_id, row.service_id)
        found[RemainderKey(item, row.offer_id, row.off_id)] = Decimal(row.remainder)
    return Remainders(found)


async def usage_to_give_back(unit: Unit, change_id: int) -> list[WrongUsage]:
    """Usage of the time that is inactive now by this change of status, which has not been given back yet."""
    change = aliased(Event, name="change")
    of_offer = and_(change.offer_id.is_not(None), Event.offer_id == change.offer_id)
    of_service = and_(change.offer_id.is_(None), Event.service_id == change.service_id)
    in_it = and_(
        Event.account_id == change.account_id,
        Event.occurred_at >= change.occurred_at,
        or_(of_offer, of_service),
    )
    columns = (
        Event.id,
        Event.account_id,
        BillItem.bill_unit_id,
        Event.service_id,
        Event.offer_id,
        Event.occurred_at,
    )
    said = (Event.description, Event.quantity, Event.unit, Event.rate, Event.currency)
    wanted: AnySelect = select(*columns, *said).distinct().select_from(change).join(Event, in_it)
    wanted = wanted.join(BillItem, BillItem.id == Event.item_id).where(
        change.change_id == change_id,
        change.kind == EventKind.STATUS_CHANGE,
        change.to_status != Status.ACTIVE,
        Event.kind == EventKind.USAGE,
        Event.quantity > 0,
    )
    found = (await unit.session.execute(wanted.order_by(Event.id))).all()
    if not found:
        return []
    since = min(row.occurred_at for row in found)
    followers: dict[int, list[Row[Any]]] = defaultdict(list)
    following: AnySelect = select(
        Event.id, Event.kind, Event.followed_id, Event.offer_id, Event.amount, Event.description
    )
    following = following.where(
        in_ids(Event.account_id, {row.account_id for row in found}), Event.occurred_at >= since
    )
    following = following.where(
        Event.kind.in_((EventKind.USAGE, EventKind.DISCOUNT)), Event.followed_id.is_not(None)
    )
    for row in await unit.session.execute(following.order_by(Event.id)):
        followers[row.followed_id].append(row)
    return [
        WrongUsage([(it.offer_id, it.amount, it.description) for it in followers[row.id]], *row)
        for row in found
        if not any(it.kind is EventKind.USAGE for it in followers[row.id])
    ]
