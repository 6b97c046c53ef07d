"""Payment methods and payments: how customers pay, and what came of it."""

from datetime import date, datetime

from sqlalchemy import case, func

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, expression, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.types.nodes import Node
from tenure.graphql.types.references import AccountRef, BillRef, EventRef, PaymentMethodRef
from tenure.graphql.types.values import Money
from tenure.kernel.pages import Order
from tenure.payments import models
from tenure.payments.models import PaymentMethodKind, PaymentStatus
from tenure.payments.rules import NAMES, label

PAYMENT_ORDER = Order((models.Payment.id,), descending=True)


@mapped(models.PaymentMethod, "A way to pay. Of a card only the last four digits are known.")
class PaymentMethod(Node):
    """The gateway's token is nobody's business."""

    kind: PaymentMethodKind = column(models.PaymentMethod.kind)
    account: AccountRef = to_one(Account, by=models.PaymentMethod.account_id)
    label: str = expression(
        label,
        "For a person: Visa ···· 4242.",
        sql=case(
            (
                models.PaymentMethod.kind == PaymentMethodKind.CREDIT_CARD,
                func.coalesce(models.PaymentMethod.brand, NAMES[PaymentMethodKind.CREDIT_CARD])
                .concat(" ···· ")
                .concat(func.coalesce(models.PaymentMethod.last_four, "????")),
            ),
            else_=case(NAMES, value=models.PaymentMethod.kind),
        ),
    )
    is_default: bool = column(models.PaymentMethod.is_default)
    brand: str | None = column(models.PaymentMethod.brand, "Credit cards alone.")
    last_four: str | None = column(models.PaymentMethod.last_four)
    expiration_month: int | None = column(models.PaymentMethod.expiration_month)
    expiration_year: int | None = column(models.PaymentMethod.expiration_year)
    created_at: datetime = column(models.PaymentMethod.created_at)


@mapped(
    models.Payment,
    "An attempt to collect money through the gateway, or money that came in by itself.",
)
class Payment(Node):
    """The key by which the gateway knows it is nobody's business."""

    account: AccountRef = to_one(Account, by=models.Payment.account_id)
    bill: BillRef | None = to_one(
        Bill,
        "What it was for; null where it went to the oldest open bills.",
        by=models.Payment.bill_id,
    )
    payment_method: PaymentMethodRef | None = to_one(
        models.PaymentMethod,
        "Null where the money came in by itself.",
        by=models.Payment.payment_method_id,
    )
    amount: Money = money(models.Payment.amount, models.Payment.currency)
    status: PaymentStatus = column(models.Payment.status)
    result: str | None = column(
        models.Payment.result, "The gateway's answer, for example `insufficient_funds`."
    )
    reference: str | None = column(
        models.Payment.reference, "Whose money came in says it: a bank's reference."
    )
    business_date: date = column(models.Payment.business_date)
    event: EventRef | None = to_one(Event, "Null unless money came in.", by=models.Payment.event_id)
    created_at: datetime = column(models.Payment.created_at)
    settled_at: datetime | None = column(models.Payment.settled_at)
