"""The GraphQL types of payment methods and payments."""

from datetime import date, datetime

import strawberry

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill
from tenure.events.models import Event
from tenure.graphql.reads.declarations import column, expression, money, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import at_or_after, before, one_of, references
from tenure.graphql.reads.mapping import VALUE_LIMIT, Filters
from tenure.graphql.types.enums import PaymentSort
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import AccountRef, BillRef, EventRef, PaymentMethodRef
from tenure.graphql.types.values import MoneyType
from tenure.kernel.pages import Order
from tenure.payments import models
from tenure.payments.models import PaymentMethodKind, PaymentStatus
from tenure.payments.queries import method_label
from tenure.payments.rules import label

PAYMENT_ORDER = Order((models.Payment.id,), descending=True)
PAYMENT_SORTS = {
    PaymentSort.CREATED_DESC: PAYMENT_ORDER,
    PaymentSort.CREATED_ASC: Order(PAYMENT_ORDER.columns),
}


@strawberry.input(description="An omitted field or an empty list does not filter.")
class PaymentFilter:
    """Filters a list of payments."""

    account: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Payments of this account."
    )
    status: list[PaymentStatus] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    from_: date | None = strawberry.field(
        default=strawberry.UNSET,
        name="from",
        description="`businessDate` is on or after this date.",
    )
    to: date | None = strawberry.field(
        default=strawberry.UNSET, description="`businessDate` is before this date."
    )


def payment_filters() -> Filters:
    """The filters behind the fields of PaymentFilter."""
    return {
        "account": references(models.Payment.account_id, "Account"),
        "status": one_of(models.Payment.status),
        "from_": at_or_after(models.Payment.business_date),
        "to": before(models.Payment.business_date),
    }


@mapped(
    models.PaymentMethod,
    "A payment method of an account. Only the last four digits of a card are stored.",
)
class PaymentMethodType(NodeType):
    """The token of the gateway is not exposed."""

    kind: PaymentMethodKind = column(
        models.PaymentMethod.kind, "A card, a direct debit, or an invoice."
    )
    account: AccountRef = to_one(
        Account, "The account that owns the payment method.", by=models.PaymentMethod.account_id
    )
    label: str = expression(
        label, "Display name, for example `Visa ···· 4242`.", sql=method_label()
    )
    is_default: bool = column(
        models.PaymentMethod.is_default,
        "Whether bills of the account are paid with it. One payment method of an account is.",
    )
    brand: str | None = column(models.PaymentMethod.brand, "The card brand. Null for other kinds.")
    last_four: str | None = column(
        models.PaymentMethod.last_four, "The last four digits of the card. Null for other kinds."
    )
    expiration_month: int | None = column(
        models.PaymentMethod.expiration_month,
        "The last month in which the card is valid, 1 to 12. Null for other kinds.",
    )
    expiration_year: int | None = column(
        models.PaymentMethod.expiration_year,
        "The year of `expirationMonth`, with four digits. Null for other kinds.",
    )
    created_at: datetime = column(
        models.PaymentMethod.created_at, "When the payment method was added."
    )


@mapped(
    models.Payment,
    "An attempt to charge a payment method through the gateway, or a received payment.",
)
class PaymentType(NodeType):
    """The idempotency key sent to the gateway is not exposed."""

    account: AccountRef = to_one(Account, "The account that pays.", by=models.Payment.account_id)
    bill: BillRef | None = to_one(
        Bill,
        "The bill that it pays. Null if it was applied to the oldest open bills.",
        by=models.Payment.bill_id,
    )
    payment_method: PaymentMethodRef | None = to_one(
        models.PaymentMethod,
        "The charged payment method. Null for a received payment.",
        by=models.Payment.payment_method_id,
    )
    amount: MoneyType = money(
        models.Payment.amount, models.Payment.currency, "The amount. Always positive."
    )
    status: PaymentStatus = column(
        models.Payment.status, "The result. A received payment is SUCCEEDED at once."
    )
    result: str | None = column(
        models.Payment.result, "The result code of the gateway, for example `insufficient_funds`."
    )
    reference: str | None = column(
        models.Payment.reference, "The reference of a received payment, for example of the bank."
    )
    business_date: date = column(
        models.Payment.business_date, "The business date on which it was requested or received."
    )
    event: EventRef | None = to_one(
        Event, "The payment event. Null unless money was received.", by=models.Payment.event_id
    )
    created_at: datetime = column(models.Payment.created_at, "When it was requested or recorded.")
    settled_at: datetime | None = column(
        models.Payment.settled_at, "When the result was recorded. Null while PENDING."
    )
