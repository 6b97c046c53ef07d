"""Bill units: who pays."""

from datetime import date

from tenure.accounts import models
from tenure.billing.bills.models import BillItem
from tenure.graphql.reads.declarations import column, connection, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.bills import ITEM_ORDER
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import AccountRef, BillItemRef, BillUnitRef, PaymentMethodRef
from tenure.graphql.types.values import Money
from tenure.kernel.pages import Order
from tenure.payments.models import PaymentMethod


@mapped(
    models.BillUnit,
    "Says who pays. A paying bill unit pays for itself; a nonpaying one is paid by its `payingParent`.",
)
class BillUnit(Node):
    """Collects charges into one bill a month."""

    name: str = column(models.BillUnit.name)
    account: AccountRef = to_one(
        models.Account, "Whose charges it collects.", by=models.BillUnit.account_id
    )
    currency: str = column(models.BillUnit.currency, "ISO 4217.")
    billing_day_of_month: int = column(
        models.BillUnit.billing_day_of_month, "1 to 31; in a shorter month, its last day."
    )
    next_bill_on: date = column(models.BillUnit.next_bill_on)
    paying_parent: BillUnitRef | None = to_one(
        models.BillUnit,
        "Who pays for it; null where it pays for itself.",
        by=models.BillUnit.paying_parent_id,
    )
    pays: Connection[BillUnitRef] = connection(
        models.BillUnit,
        "The nonpaying bill units that it pays for.",
        by=models.BillUnit.paying_parent_id,
        order=Order((models.BillUnit.id,), descending=True),
    )
    payment_method: PaymentMethodRef | None = to_one(
        PaymentMethod,
        "What it pays with: its account's default payment method; null where another bill unit pays.",
        by=models.BillUnit.account_id,
        to=PaymentMethod.account_id,
        where=(PaymentMethod.is_default.is_(True),),
        while_null=models.BillUnit.paying_parent_id,
    )
    balance: Money = money(
        models.BillUnit.balance,
        models.BillUnit.currency,
        "The sum of its events' money; negative for a credit. Of a nonpaying one, what has not been billed yet.",
    )
    items: Connection[BillItemRef] = connection(
        BillItem,
        "The items that its charges are in, newest first; those of a nonpaying one are on the bills of who pays.",
        by=BillItem.bill_unit_id,
        order=ITEM_ORDER,
    )
    version: int = column(
        models.BillUnit.version, "Counts its changes: give it as `expectedVersion`."
    )
