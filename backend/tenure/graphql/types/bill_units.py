"""The GraphQL type of bill units."""

from datetime import date

from tenure.accounts import models
from tenure.billing.bills.models import BillItem
from tenure.graphql.reads.declarations import column, connection, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.bills import ITEM_ORDER
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import AccountRef, BillItemRef, BillUnitRef, PaymentMethodRef
from tenure.graphql.types.values import MoneyType
from tenure.kernel.pages import Order
from tenure.payments.models import PaymentMethod


@mapped(
    models.BillUnit,
    "Determines who pays for charges. A paying bill unit pays for itself; the bills of a nonpaying "
    "one are paid by its `payingParent`.",
)
class BillUnitType(NodeType):
    """A bill unit, which collects charges into one bill per month."""

    name: str = column(
        models.BillUnit.name,
        "Display name, by which people tell the bill units of an account apart.",
    )
    account: AccountRef = to_one(
        models.Account, "The account whose charges it collects.", by=models.BillUnit.account_id
    )
    currency: str = column(models.BillUnit.currency, "ISO 4217 currency code.")
    billing_day_of_month: int = column(
        models.BillUnit.billing_day_of_month,
        "The day of the month on which bills are created: 1 to 31. Shorter months use their last "
        "day.",
    )
    next_bill_on: date = column(models.BillUnit.next_bill_on, "The business date of the next bill.")
    paying_parent: BillUnitRef | None = to_one(
        models.BillUnit,
        "The bill unit that pays for it. Null if it pays for itself.",
        by=models.BillUnit.paying_parent_id,
    )
    pays: ConnectionType[BillUnitRef] = connection(
        models.BillUnit,
        "The nonpaying bill units that it pays for, newest first.",
        by=models.BillUnit.paying_parent_id,
        order=Order((models.BillUnit.id,), descending=True),
    )
    payment_method: PaymentMethodRef | None = to_one(
        PaymentMethod,
        "The default payment method of its account. Null if another bill unit pays.",
        by=models.BillUnit.account_id,
        to=PaymentMethod.account_id,
        where=(PaymentMethod.is_default.is_(True),),
        while_null=models.BillUnit.paying_parent_id,
    )
    balance: MoneyType = money(
        models.BillUnit.balance,
        models.BillUnit.currency,
        "The sum of the amounts of its events. Negative for a credit. For a nonpaying bill unit, "
        "the amount that is not billed yet.",
    )
    items: ConnectionType[BillItemRef] = connection(
        BillItem,
        "The bill items with its charges, newest first. Items of a nonpaying bill unit are on the "
        "bills of its payer.",
        by=BillItem.bill_unit_id,
        order=ITEM_ORDER,
    )
    version: int = column(
        models.BillUnit.version,
        "Incremented by each change. Pass it as `expectedVersion` to detect conflicts.",
    )
