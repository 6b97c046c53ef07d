"""Payment methods: how customers pay."""

from datetime import datetime

from sqlalchemy import case, func

from tenure.accounts.models import Account
from tenure.graphql.declarations import column, expression, to_one
from tenure.graphql.fields import mapped
from tenure.graphql.nodes import Node
from tenure.graphql.references import AccountRef
from tenure.payments import models
from tenure.payments.models import PaymentMethodKind

NAMES = {PaymentMethodKind.DIRECT_DEBIT: "Direct debit", PaymentMethodKind.INVOICE: "Invoice"}


@mapped(models.PaymentMethod, "A way to pay. Of a card only the last four digits are known.")
class PaymentMethod(Node):
    """The gateway's token is nobody's business."""

    kind: PaymentMethodKind = column(models.PaymentMethod.kind)
    account: AccountRef = to_one(Account, by=models.PaymentMethod.account_id)
    label: str = expression(
        lambda row: NAMES.get(row.kind) or f"{row.brand or 'Card'} ···· {row.last_four or '????'}",
        "For a person: Visa ···· 4242.",
        sql=case(
            (
                models.PaymentMethod.kind == PaymentMethodKind.CREDIT_CARD,
                func.coalesce(models.PaymentMethod.brand, "Card")
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
