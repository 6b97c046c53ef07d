"""The GraphQL types of bills and bill items."""

from datetime import date

import strawberry

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import Service
from tenure.billing.bills import models
from tenure.billing.bills.models import BillItemKind, BillStatus
from tenure.billing.credits.queries import is_past_due, overdue_bills
from tenure.billing.pending_bills import queries as pending_bills
from tenure.disputes.models import Dispute
from tenure.disputes.queries import DISPUTABLE_OF_BILL, DISPUTABLE_OF_ITEM
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, computed, connection, money, to_many, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import at_or_after, before, one_of, references
from tenure.graphql.reads.mapping import TODAY, VALUE_LIMIT, Condition, Filter, Filters
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.enums import BillSort
from tenure.graphql.types.events import DISPUTABLE, EVENT_ORDER, EventFilter, event_filters
from tenure.graphql.types.nodes import NodeType
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
from tenure.graphql.types.values import MoneyType
from tenure.kernel.pages import Order

BILL_ORDER = Order((models.Bill.period_end, models.Bill.id), descending=True)
BILL_SORTS = {
    BillSort.PERIOD_DESC: BILL_ORDER,
    BillSort.PERIOD_ASC: Order(BILL_ORDER.columns),
}
ITEM_ORDER = Order((models.BillItem.id,), descending=True)


@strawberry.input(description="An omitted field or an empty list does not filter.")
class BillFilter:
    """Filters a list of bills."""

    account: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Bills that this account pays."
    )
    status: list[BillStatus] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    billed_from: date | None = strawberry.field(
        default=strawberry.UNSET, description="Finalized on or after this business date."
    )
    billed_to: date | None = strawberry.field(
        default=strawberry.UNSET, description="Finalized before this business date."
    )
    is_overdue: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether something is due since before the current business date.",
    )


def bill_filters() -> Filters:
    """The filters behind the fields of BillFilter."""
    return {
        "account": references(models.Bill.account_id, "Account"),
        "status": one_of(models.Bill.status),
        "billed_from": at_or_after(models.Bill.billed_on),
        "billed_to": before(models.Bill.billed_on),
        "is_overdue": Filter(
            is_overdue,
            uses_today=True,
            candidates=lambda expected: overdue_bills(TODAY) if expected else None,
        ),
    }


def is_overdue(expected: bool) -> Condition:
    """Bills with an overdue amount, or those without one if `expected` is false."""
    overdue = is_past_due(TODAY)
    return overdue if expected else ~overdue


@mapped(
    models.Bill,
    "The bill of a paying bill unit for one billing period, including the charges of the bill "
    "units that it pays for.",
)
class BillType(NodeType):
    """A finalized bill stores its amounts. Those of a pending bill are computed as of now."""

    number: str = column(models.Bill.number, "Unique bill number.")
    account: AccountRef = to_one(
        Account, "The account that pays the bill.", by=models.Bill.account_id
    )
    bill_unit: BillUnitRef = to_one(
        BillUnit, "The paying bill unit whose cycle the bill covers.", by=models.Bill.bill_unit_id
    )
    status: BillStatus = column(
        models.Bill.status, "PENDING while the cycle runs, then OPEN, then PAID."
    )
    period_start: date = column(models.Bill.period_start, "The first day of the period.")
    period_end: date = column(
        models.Bill.period_end, "The first day after the period, on which the bill is finalized."
    )
    billed_on: date | None = column(
        models.Bill.billed_on,
        "The business date on which the bill was finalized. Null while it is pending.",
    )
    due_on: date | None = column(
        models.Bill.due_on, "The due date. An unpaid bill is overdue from the day after."
    )
    current_charges: MoneyType = money(
        models.Bill.current_charges,
        models.Bill.currency,
        "The charges of its own bill unit in this period.",
    )
    subordinate_charges: MoneyType = money(
        models.Bill.subordinate_charges,
        models.Bill.currency,
        "The charges of the nonpaying bill units that it pays for.",
    )
    previous_balance: MoneyType = computed(
        pending_bills.PREVIOUS_BALANCE,
        "The balance before this bill. Negative for a credit.",
        currency=models.Bill.currency,
        stored=models.Bill.previous_balance,
        stored_if=models.Bill.billed_on,
    )
    payments: MoneyType = computed(
        pending_bills.PAYMENTS,
        "The payments in this period. A payment of 10 is -10.",
        currency=models.Bill.currency,
        stored=models.Bill.payments,
        stored_if=models.Bill.billed_on,
    )
    adjustments: MoneyType = computed(
        pending_bills.ADJUSTMENTS,
        "The adjustments in this period. A credit is negative.",
        currency=models.Bill.currency,
        stored=models.Bill.adjustments,
        stored_if=models.Bill.billed_on,
    )
    disputed: MoneyType = computed(
        pending_bills.DISPUTED,
        "The amount under open disputes. Never negative.",
        currency=models.Bill.currency,
        stored=models.Bill.disputed,
        stored_if=models.Bill.billed_on,
    )
    total_due: MoneyType = computed(
        pending_bills.TOTAL_DUE,
        "currentCharges + subordinateCharges + previousBalance + payments + adjustments - "
        "disputed.",
        currency=models.Bill.currency,
        stored=models.Bill.total_due,
        stored_if=models.Bill.billed_on,
    )
    open_amount: MoneyType = money(
        models.Bill.open_amount,
        models.Bill.currency,
        "The unpaid amount of this bill's own charges, excluding disputed amounts and earlier "
        "bills.",
    )
    carried_over: list[CarriedOverRef] = to_many(
        models.CarriedOver,
        "Unpaid earlier bills of the same bill unit, oldest first. They are included in "
        "`totalDue`, even if this bill is PAID.",
        by=models.CarriedOver.bill_id,
        order=(models.CarriedOver.period_end.asc(), models.CarriedOver.id.asc()),
    )
    disputable: MoneyType = computed(DISPUTABLE_OF_BILL, DISPUTABLE, currency=models.Bill.currency)
    items: ConnectionType[BillItemRef] = connection(
        models.BillItem, "Its items, newest first.", by=models.BillItem.bill_id, order=ITEM_ORDER
    )
    disputes: list[DisputeRef] = to_many(
        Dispute, "Its disputes, newest first.", by=Dispute.bill_id, order=(Dispute.id.desc(),)
    )


@mapped(
    models.CarriedOver,
    "An unpaid earlier bill that is listed on a later bill of the same bill unit.",
)
class CarriedOverType:
    """Identified by its two bills; it has no id."""

    bill: BillRef = to_one(models.Bill, "The unpaid earlier bill.", by=models.CarriedOver.id)
    amount: MoneyType = money(
        models.CarriedOver.amount,
        models.CarriedOver.currency,
        "The unpaid amount of the earlier bill.",
    )


@mapped(
    models.BillItem,
    "Charges of one kind for one service or for the account, with their discounts.",
)
class BillItemType(NodeType):
    """Refers to the account that caused the charges, not to the payer."""

    bill: BillRef = to_one(models.Bill, "The bill that the item is on.", by=models.BillItem.bill_id)
    kind: BillItemKind = column(models.BillItem.kind, "What the charges of the item are for.")
    name: str = column(models.BillItem.name, "Display name, for example `Monthly fees · DSL line`.")
    account: AccountRef = to_one(
        Account,
        "The account that caused the charges: the account of the bill, or that of a nonpaying "
        "bill unit.",
        by=models.BillItem.account_id,
    )
    service: ServiceRef | None = to_one(
        Service,
        "The service that caused the charges. Null for charges of the account itself.",
        by=models.BillItem.service_id,
    )
    total: MoneyType = money(
        models.BillItem.total, models.BillItem.currency, "The sum of charges and discounts."
    )
    adjusted: MoneyType = money(
        models.BillItem.adjusted,
        models.BillItem.currency,
        "The sum of adjustments. A credit is negative.",
    )
    disputed: MoneyType = money(
        models.BillItem.held, models.BillItem.currency, "The amount under open disputes."
    )
    due: MoneyType = money(
        models.BillItem.due, models.BillItem.currency, "total + adjusted - disputed."
    )
    disputable: MoneyType = computed(
        DISPUTABLE_OF_ITEM, DISPUTABLE, currency=models.BillItem.currency
    )
    events: ConnectionType[EventRef] = connection(
        Event,
        "Its charges, discounts and adjustments, newest first.",
        by=Event.item_id,
        order=EVENT_ORDER,
        filters=event_filters(),
        filter_input=EventFilter,
    )
