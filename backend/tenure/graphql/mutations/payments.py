"""Mutations of payment methods, and of received and collected payments."""

from decimal import Decimal
from typing import Annotated, cast

import strawberry

from tenure.accounts import models
from tenure.batch.manual_collection import send_payment
from tenure.events import models as event_models
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    PayloadFields,
    RowReference,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.types.accounts import AccountType
from tenure.graphql.types.events import EventType
from tenure.graphql.types.ids import key_of, optional_key
from tenure.graphql.types.payments import PaymentMethodType, PaymentType
from tenure.kernel.actor import Role
from tenure.kernel.unit import Unit
from tenure.payments import actions
from tenure.payments import models as payment_models
from tenure.payments.gateways import gateway
from tenure.payments.gateways.requests import Attempt
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.receivables.collection.actions import claim_payment
from tenure.receivables.receipts.actions import record_payment


@input_type
class AddPaymentMethodInput:
    """Cards and direct debits need a token; cards also need last four digits and expiration."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
    kind: PaymentMethodKind = strawberry.field(description="A card, a direct debit, or an invoice.")
    token: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The token of the payment gateway. Card numbers are rejected.",
    )
    brand: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Cards only: the brand, for example `Visa`. At most 32 characters.",
    )
    last_four: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Cards only, required: the last four digits, for example `4242`.",
    )
    expiration_month: int | None = strawberry.field(
        default=strawberry.UNSET, description="Cards only, required: the last valid month, 1 to 12."
    )
    expiration_year: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="Cards only, required: the year of `expirationMonth`, with four digits.",
    )
    make_default: bool = strawberry.field(
        default=True, description="Whether bills are paid with it from now on."
    )


@input_type
class UpdateCardExpirationInput:
    """The new expiration date of a card. For a different card, add a new payment method."""

    payment_method_id: strawberry.ID = strawberry.field(description="The global id of the card.")
    expiration_month: int = strawberry.field(description="The last valid month, 1 to 12.")
    expiration_year: int = strawberry.field(
        description="The year, with four digits. The card must not have expired."
    )


@payload_type
class PaymentMethodPayload:
    """The payment method after the change, or errors."""

    payment_method: PaymentMethodType | None = strawberry.field(
        default=None, description="The payment method after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@input_type
class RecordPaymentInput:
    """A payment received outside of the gateway."""

    account_id: strawberry.ID = strawberry.field(description="The global id of the account.")
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


@input_type
class CollectPaymentInput:
    """What to collect, from which payment method."""

    account_id: strawberry.ID = strawberry.field(
        description="The global id of the account that pays. It must not be closed."
    )
    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The bill to pay. Default: the oldest open bill."
    )
    amount: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "In the currency of the account, more than 0 and at most what is open on the bill. "
            "Default: all that is open."
        ),
    )
    payment_method_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="A card or direct debit of the account. Default: its default payment method.",
    )


@payload_type
class CollectPaymentPayload:
    """The payment with the result of the gateway, or errors."""

    payment: PaymentType | None = strawberry.field(
        default=None,
        description=(
            "SUCCEEDED or FAILED with the `result` of the gateway; PENDING if the gateway gave no "
            "answer: it is asked again on the next bill day, and charges only once. A dry run asks "
            "no gateway."
        ),
    )
    errors: list[UserErrorType]


@payload_type
class RecordPaymentPayload:
    """The payment event, and the account with its new balance."""

    event: EventType | None = strawberry.field(
        default=None, description="The payment event. Null if there are errors."
    )
    account: AccountType | None = strawberry.field(
        default=None, description="The account with its new balance. Null if there are errors."
    )
    is_repeated: bool | None = strawberry.field(
        default=None,
        description=(
            "True if the account had a payment with this reference: nothing was added, and `event` "
            "is the earlier payment. Null if there are errors."
        ),
    )
    errors: list[UserErrorType]


@strawberry.type
class PaymentMutations:
    """Payment methods require role AGENT; recording payments requires role MANAGER."""

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
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

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
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

    @mutation(Role.AGENT, errors="INVALID NOT_FOUND")
    async def set_default_payment_method(
        self,
        info: Info,
        payment_method_id: Annotated[
            strawberry.ID, strawberry.argument(description="The global id of the payment method.")
        ],
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

    @mutation(Role.MANAGER, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED TAKEN OUT_OF_RANGE")
    async def record_payment(
        self, info: Info, input: RecordPaymentInput
    ) -> RecordPaymentPayload | None:
        """Record a received payment.

        It pays the given bill first, then the oldest open bills. The rest becomes a credit.
        """

        async def operation(unit: Unit) -> PayloadFields:
            account_id = key_of(input.account_id, "Account")
            bill_id = optional_key(input.bill_id, "Bill")
            recorded = await record_payment(
                unit, account_id, bill_id=bill_id, **provided_fields(input, "account_id", "bill_id")
            )
            return {
                "event": RowReference(event_models.Event, recorded.event_id),
                "account": RowReference(models.Account, account_id),
                "is_repeated": recorded.is_repeated,
            }

        return await run_mutation(info, RecordPaymentPayload, operation, input)

    @mutation(Role.AGENT, errors="INVALID REQUIRED NOT_FOUND NOT_ALLOWED OUT_OF_RANGE")
    async def collect_payment(
        self, info: Info, input: CollectPaymentInput
    ) -> CollectPaymentPayload | None:
        """Charge a payment method now, through the gateway.

        A declined payment is no error: it is FAILED, and may put the DEBT hold on the account. A
        bill is not charged again while an earlier payment of it has no result.
        """
        context = info.context

        async def operation(unit: Unit) -> PayloadFields:
            attempt = await claim_payment(
                unit,
                key_of(input.account_id, "Account"),
                bill_id=optional_key(input.bill_id, "Bill"),
                payment_method_id=optional_key(input.payment_method_id, "PaymentMethod"),
                **provided_fields(input, "account_id", "bill_id", "payment_method_id"),
            )
            return {"payment": attempt}

        async with gateway(context.runtime.gateway) as opened:

            async def send(fields: PayloadFields) -> PayloadFields:
                attempt = cast(Attempt, fields["payment"])
                await send_payment(context.runtime, context.caller, opened, attempt)
                return {"payment": RowReference(payment_models.Payment, attempt.payment_id)}

            return await run_mutation(
                info, CollectPaymentPayload, operation, input, after_commit=send
            )
