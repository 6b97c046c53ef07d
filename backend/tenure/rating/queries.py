"""What rounding has left over of usage that is not billed yet."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import select

from tenure.billing.models import Bill, BillItem
from tenure.kernel.dialects import among
from tenure.kernel.unit import Unit
from tenure.rating.models import UsageRemainder
from tenure.rating.rules import ItemKey, RemainderKey, Remainders


async def remainders_of(unit: Unit, offer_ids: Collection[int]) -> Remainders:
    """Those of these offers. The bill units that pay are locked by the caller: nobody else changes them meanwhile."""
    columns = (UsageRemainder.offer_id, UsageRemainder.off_id, UsageRemainder.remainder)
    of_item = (Bill.bill_unit_id.label("payer_id"), Bill.period_end, BillItem.bill_unit_id, BillItem.service_id)
    wanted = select(*columns, *of_item).join(BillItem, BillItem.id == UsageRemainder.item_id)
    wanted = wanted.join(Bill, Bill.id == BillItem.bill_id)
    unbilled = wanted.where(among(UsageRemainder.offer_id, offer_ids), Bill.billed_on.is_(None))
    found: dict[RemainderKey, Decimal] = {}
    for row in await unit.session.execute(unbilled):
        item = ItemKey(row.payer_id, row.period_end, row.bill_unit_id, row.service_id)
        found[RemainderKey(item, row.offer_id, row.off_id)] = Decimal(row.remainder)
    return Remainders(found)
