"""Mutations of payment methods, and of received payments."""

from decimal import Decimal

import strawberry

from tenure.accounts import models
from tenure.events import models as event_models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.execution import (
    PayloadFields,
    RowReference,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.graphql.types.payments import PaymentMethodType
from tenure.kernel.unit import Unit
from tenure.payments import actions
from tenure.payments import models as payment_models
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.receivables.receipts.actions import record_payment


@strawberry.input
class AddPaymentMethodInput:
    """Cards and direct debits need a token; cards also need last four digits and expiration."""

    account_id: strawberry.ID
    kind: PaymentMethodKind
    token: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The token of the payment gateway. Card numbers are rejected.",
    )
    brand: str | None = strawberry.UNSET
    last_four: str | None = strawberry.UNSET
    expiration_month: int | None = strawberry.UNSET
    expiration_year: int | None = strawberry.UNSET
    make_default: bool = strawberry.field(
        default=True, description="Whether bills are paid with it from now on."
    )


@strawberry.input(
    description=(
        "Only the expiration date of a card can be edited. For a different card, add a new "
        "payment method."
    )
)
class UpdateCardExpirationInput:
    """The new expiration date of a card."""

    payment_method_id: strawberry.ID
    expiration_month: int
    expiration_year: int


@strawberry.type
class PaymentMethodPayload:
    """The payment method after the change, or errors."""

    payment_method: PaymentMethodType | None = None
    errors: list[UserErrorType]


@strawberry.input
class RecordPaymentInput:
    """A payment received outside of the gateway."""

    account_id: strawberry.ID
    amount: Decimal = strawberry.field(description="In the currency of the account.")
    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill to pay first. Default: the oldest open bills.",
    )
    reference: str = strawberry.field(
        description=(
            "Unique per account, for example the bank reference. A repeated payment is recorded "
            "once; another payment with the same reference fails with TAKEN."
        )
    )


@strawberry.type
class RecordPaymentPayload:
    """The payment event, and the account with its new balance."""

    event: EventType | None = None
    account: AccountType | None = None
    errors: list[UserErrorType]


@strawberry.type
class PaymentMutations:
    """Payment methods require role AGENT; recording payments requires role MANAGER."""

    @resolved_field
    async def add_payment_method(
        self, info: Info, input: AddPaymentMethodInput
    ) -> PaymentMethodPayload | None:
        """Add a payment method. The first one of an account becomes its default."""

        async def operation(unit: Unit) -> PayloadFields:
            new = NewPaymentMethod(
                key_of(input.account_id, "Account"), **provided_fields(input, "account_id")
            )
            method = await actions.add_payment_method(unit, new)
            return {"payment_method": RowReference(payment_models.PaymentMethod, method.id)}

        return await run_mutation(info, PaymentMethodPayload, operation, input)

    @resolved_field
    async def update_card_expiration(
        self, info: Info, input: UpdateCardExpirationInput
    ) -> PaymentMethodPayload | None:
        """Update the expiration date of a card."""

        async def operation(unit: Unit) -> PayloadFields:
            method_id = key_of(input.payment_method_id, "PaymentMethod")
            method = await actions.update_card_expiration(
                unit, method_id, **provided_fields(input, "payment_method_id")
            )
            return {"payment_method": reference_to(method)}

        return await run_mutation(info, PaymentMethodPayload, operation, input)

    @resolved_field
    async def set_default_payment_method(
        self, info: Info, payment_method_id: strawberry.ID
    ) -> PaymentMethodPayload | None:
        """Make a payment method the default of its account."""

        async def operation(unit: Unit) -> PayloadFields:
            method = await actions.set_default(unit, key_of(payment_method_id, "PaymentMethod"))
            return {"payment_method": reference_to(method)}

        return await run_mutation(
            info,
            PaymentMethodPayload,
            operation,
            {"payment_method_id": payment_method_id},
            path_prefix=(),
        )

    @resolved_field
    async def record_payment(
        self, info: Info, input: RecordPaymentInput
    ) -> RecordPaymentPayload | None:
        """Record a received payment.

        It pays the given bill first, then the oldest open bills. The rest becomes a credit.
        """
        account_id = key_of(input.account_id, "Account")

        async def operation(unit: Unit) -> PayloadFields:
            bill_id = optional_key(input.bill_id, "Bill")
            event_id = await record_payment(
                unit, account_id, bill_id=bill_id, **provided_fields(input, "account_id", "bill_id")
            )
            return {
                "event": RowReference(event_models.Event, event_id),
                "account": RowReference(models.Account, account_id),
            }

        return await run_mutation(info, RecordPaymentPayload, operation, input)
