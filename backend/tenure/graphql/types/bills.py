"""Bills and their items."""

from datetime import date

from sqlalchemy import exists, or_

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import Service
from tenure.billing.bills import models
from tenure.billing.bills.models import BillItemKind, BillStatus
from tenure.disputes.models import Dispute
from tenure.disputes.queries import LEFT_OF_BILL, LEFT_OF_ITEM
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, computed, connection, money, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types import pending_bills
from tenure.graphql.types.connections import Connection
from tenure.graphql.types.events import DISPUTABLE, EVENT_ORDER, EventFilter, event_filters
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import (
    AccountRef,
    BillItemRef,
    BillRef,
    BillUnitRef,
    CarriedOverRef,
    DisputeRef,
    EventRef,
    ServiceRef,
)
from tenure.graphql.types.values import Money
from tenure.kernel.pages import Order

BILL_ORDER = Order((models.Bill.period_end, models.Bill.id), descending=True)
ITEM_ORDER = Order((models.BillItem.id,), descending=True)
# Where all items of a bill that is not made have moved to another payer, there is none.
IS_SHOWN = or_(
    models.Bill.billed_on.is_not(None), exists().where(models.BillItem.bill_id == models.Bill.id)
)


@mapped(
    models.Bill,
    "One cycle of a paying bill unit: what it owes, for itself and for those that it pays for.",
)
class Bill(Node):
    """A made bill keeps its statement; that of a pending one is worked out as if it were made now."""

    number: str = column(models.Bill.number, "Unique.")
    account: AccountRef = to_one(Account, "Who pays it.", by=models.Bill.account_id)
    bill_unit: BillUnitRef = to_one(BillUnit, by=models.Bill.bill_unit_id)
    status: BillStatus = column(models.Bill.status)
    period_start: date = column(models.Bill.period_start)
    period_end: date = column(
        models.Bill.period_end, "The first day after the period: the day on which it is made."
    )
    billed_on: date | None = column(models.Bill.billed_on, "Null while pending.")
    due_on: date | None = column(models.Bill.due_on, "Overdue from the day after.")
    current_charges: Money = money(
        models.Bill.current_charges,
        models.Bill.currency,
        "Charges of its own bill unit, and of the nonpaying bill units that it pays for.",
    )
    subordinate_charges: Money = money(models.Bill.subordinate_charges, models.Bill.currency)
    previous_balance: Money = computed(
        pending_bills.PREVIOUS_BALANCE,
        "What was owed before it; negative for a credit.",
        currency=models.Bill.currency,
        kept=models.Bill.previous_balance,
        once=models.Bill.billed_on,
    )
    payments: Money = money(
        models.Bill.payments,
        models.Bill.currency,
        "Signed as they act: a payment of 10 is -10, a credit is negative.",
    )
    adjustments: Money = computed(
        pending_bills.ADJUSTMENTS,
        currency=models.Bill.currency,
        kept=models.Bill.adjustments,
        once=models.Bill.billed_on,
    )
    disputed: Money = computed(
        pending_bills.DISPUTED,
        "What open disputes hold back; not negative.",
        currency=models.Bill.currency,
        kept=models.Bill.disputed,
        once=models.Bill.billed_on,
    )
    total_due: Money = computed(
        pending_bills.TOTAL_DUE,
        "currentCharges + subordinateCharges + previousBalance + payments + adjustments - disputed.",
        currency=models.Bill.currency,
        kept=models.Bill.total_due,
        once=models.Bill.billed_on,
    )
    open_amount: Money = money(
        models.Bill.open_amount,
        models.Bill.currency,
        "What of this bill's own charges is still to be paid, without what is disputed: earlier bills have their own.",
    )
    carried_over: list[CarriedOverRef] = to_many(
        models.CarriedOver,
        "Earlier bills of its bill unit that are still to be paid, oldest first. totalDue has them too, also where this "
        "bill is PAID.",
        by=models.CarriedOver.bill_id,
        order=(models.CarriedOver.period_end.asc(), models.CarriedOver.id.asc()),
    )
    disputable: Money = computed(LEFT_OF_BILL, DISPUTABLE, currency=models.Bill.currency)
    items: Connection[BillItemRef] = connection(
        models.BillItem, "Newest first.", by=models.BillItem.bill_id, order=ITEM_ORDER
    )
    disputes: list[DisputeRef] = to_many(
        Dispute, "Newest first.", by=Dispute.bill_id, order=(Dispute.id.desc(),)
    )


@mapped(
    models.CarriedOver,
    "An earlier bill that is still to be paid, on a later bill of its bill unit.",
)
class CarriedOver:
    """Has no id of its own: the two bills say which it is."""

    bill: BillRef = to_one(models.Bill, "The bill that owes the amount.", by=models.CarriedOver.id)
    amount: Money = money(
        models.CarriedOver.amount,
        models.CarriedOver.currency,
        "What of that bill is still to be paid.",
    )


@mapped(
    models.BillItem, "Charges of one kind, of one service or of the account, with their discounts."
)
class BillItem(Node):
    """Keeps the account whose charges it has, whoever pays."""

    bill: BillRef = to_one(models.Bill, by=models.BillItem.bill_id)
    kind: BillItemKind = column(models.BillItem.kind)
    name: str = column(models.BillItem.name, "For a person: Monthly fees · DSL line.")
    account: AccountRef = to_one(
        Account,
        "The account whose charges these are: the bill's own, or that of a nonpaying bill unit.",
        by=models.BillItem.account_id,
    )
    service: ServiceRef | None = to_one(Service, by=models.BillItem.service_id)
    total: Money = money(
        models.BillItem.total, models.BillItem.currency, "The sum of its charges and discounts."
    )
    adjusted: Money = money(
        models.BillItem.adjusted, models.BillItem.currency, "A credit is negative."
    )
    disputed: Money = money(
        models.BillItem.held, models.BillItem.currency, "What open disputes hold back."
    )
    due: Money = money(
        models.BillItem.due, models.BillItem.currency, "total + adjusted - disputed."
    )
    disputable: Money = computed(LEFT_OF_ITEM, DISPUTABLE, currency=models.BillItem.currency)
    events: Connection[EventRef] = connection(
        Event,
        "The charges, discounts and adjustments that it adds up, newest first.",
        by=Event.item_id,
        order=EVENT_ORDER,
        filters=event_filters(),
        filter_input=EventFilter,
    )
