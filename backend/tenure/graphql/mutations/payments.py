"""Payment methods added and changed, and payments that came in."""

from decimal import Decimal

import strawberry

from tenure.accounts import models
from tenure.events import models as happened
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserError
from tenure.graphql.mutations.running import Answer, Written, changed, given, written
from tenure.graphql.reads.resolved_field import resolved_field
from tenure.graphql.types.accounts import Account
from tenure.graphql.types.events import Event
from tenure.graphql.types.ids import key_of, key_or_none
from tenure.graphql.types.payments import PaymentMethod
from tenure.kernel.unit import Unit
from tenure.payments import actions
from tenure.payments.models import PaymentMethodKind
from tenure.receivables.receipts.actions import receive


@strawberry.input
class AddPaymentMethodInput:
    """A card and a direct debit have a token, a card its last four digits and its expiration, an invoice nothing."""

    account_id: strawberry.ID
    kind: PaymentMethodKind
    token: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="From the payment gateway; a card number is never accepted.",
    )
    brand: str | None = strawberry.UNSET
    last_four: str | None = strawberry.UNSET
    expiration_month: int | None = strawberry.UNSET
    expiration_year: int | None = strawberry.UNSET
    make_default: bool = True


@strawberry.input(
    description="The only thing that can be changed about a card. For anything else add a new payment method."
)
class UpdateCardExpirationInput:
    """The card goes on, for longer."""

    payment_method_id: strawberry.ID
    expiration_month: int
    expiration_year: int


@strawberry.type
class PaymentMethodPayload:
    """The payment method as it is now."""

    payment_method: PaymentMethod | None = None
    errors: list[UserError]


@strawberry.input
class RecordPaymentInput:
    """Money that came in by itself."""

    account_id: strawberry.ID
    amount: Decimal
    bill_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="The bill that it pays; the oldest open bills first when left out.",
    )
    reference: str = strawberry.field(
        description="The same reference of an account is recorded once."
    )


@strawberry.type
class RecordPaymentPayload:
    """The event of the payment, and the account with its balance as it is now."""

    event: Event | None = None
    account: Account | None = None
    errors: list[UserError]


@strawberry.type
class PaymentMutations:
    """Agents may; of payments, managers."""

    @resolved_field
    async def add_payment_method(
        self, info: Info, input: AddPaymentMethodInput
    ) -> PaymentMethodPayload | None:
        """A further way to pay; an account's first one is its default."""

        async def verb(unit: Unit) -> Answer:
            account_id = key_of(input.account_id, "Account")
            method = await actions.add_payment_method(
                unit, account_id, **given(input, "account_id")
            )
            return {"payment_method": written(method)}

        return await changed(info, PaymentMethodPayload, verb, input)

    @resolved_field
    async def update_card_expiration(
        self, info: Info, input: UpdateCardExpirationInput
    ) -> PaymentMethodPayload | None:
        """A card goes on with a new expiration."""

        async def verb(unit: Unit) -> Answer:
            method_id = key_of(input.payment_method_id, "PaymentMethod")
            method = await actions.update_card_expiration(
                unit, method_id, **given(input, "payment_method_id")
            )
            return {"payment_method": written(method)}

        return await changed(info, PaymentMethodPayload, verb, input)

    @resolved_field
    async def set_default_payment_method(
        self, info: Info, payment_method_id: strawberry.ID
    ) -> PaymentMethodPayload | None:
        """Let bills be paid by this one from now on."""

        async def verb(unit: Unit) -> Answer:
            method = await actions.set_default(unit, key_of(payment_method_id, "PaymentMethod"))
            return {"payment_method": written(method)}

        return await changed(
            info, PaymentMethodPayload, verb, {"payment_method_id": payment_method_id}, below=()
        )

    @resolved_field
    async def record_payment(
        self, info: Info, input: RecordPaymentInput
    ) -> RecordPaymentPayload | None:
        """Money came in. It goes to the named bill, then to the oldest open ones; the rest stays as credit."""
        account_id = key_of(input.account_id, "Account")

        async def verb(unit: Unit) -> Answer:
            bill_id = key_or_none(input.bill_id, "Bill")
            event_id = await receive(
                unit, account_id, bill_id=bill_id, **given(input, "account_id", "bill_id")
            )
            return {
                "event": Written(happened.Event, event_id),
                "account": Written(models.Account, account_id),
            }

        return await changed(info, RecordPaymentPayload, verb, input)
