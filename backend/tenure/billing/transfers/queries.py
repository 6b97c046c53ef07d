"""Items of nonpaying bill units that are to be transferred."""

from sqlalchemy import (
    Select,
    select,
    type_coerce,
)

from tenure.billing.bills.models import Bill, BillItem
from tenure.billing.transfers.rules import TransferItem
from tenure.kernel.unit import Unit


async def items_to_transfer(unit: Unit, items: Select[int]) -> list[TransferItem]:
    """These items of nonpaying bill units, with the amount not yet transferred to the payer of
    their bill.
    """
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
    return [TransferItem(*row) for row in await unit.session.execute(wanted.order_by(BillItem.id))]
