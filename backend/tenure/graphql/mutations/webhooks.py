"""Mutations of webhooks and their deliveries."""

from typing import Annotated, cast

import strawberry

from tenure.events.models import EventKind
from tenure.events.queries import newest_position
from tenure.graphql.http.context import Info
from tenure.graphql.http.errors import UserErrorType
from tenure.graphql.mutations.declarations import input_type, mutation, payload_type
from tenure.graphql.mutations.execution import (
    EXPECTED_VERSION,
    PayloadFields,
    provided_fields,
    reference_to,
    run_mutation,
)
from tenure.graphql.reads.mapping import VALUE_LIMIT
from tenure.graphql.reads.statements import check_size
from tenure.graphql.types.ids import key_of
from tenure.graphql.types.webhooks import WebhookDeliveryType, WebhookType
from tenure.kernel.actor import Role
from tenure.kernel.clock import real_now
from tenure.kernel.unit import Unit
from tenure.webhooks.deliveries.actions import redeliver
from tenure.webhooks.deliveries.models import WebhookStatus
from tenure.webhooks.deliveries.queries import existing_webhook
from tenure.webhooks.endpoints import actions
from tenure.webhooks.sending.messages import send_test_message

URL = (
    "Where events are sent to, at most 2,000 characters: https, a public host, without user, "
    "password and fragment. For example `https://example.com/tenure`. Error INVALID otherwise."
)
KINDS = f"The kinds of event to send. {VALUE_LIMIT} Empty: every kind."
DESCRIPTION = "A note for admins, at most 255 characters. Default: null."
DELIVERY_ID = "The global id of the delivery."
WEBHOOK_ID = "The global id of the webhook."


@input_type
class CreateWebhookInput:
    """A new webhook. It is ACTIVE at once."""

    url: str = strawberry.field(description=URL)
    event_kinds: list[EventKind] = strawberry.field(default_factory=list, description=KINDS)
    description: str | None = strawberry.field(default=strawberry.UNSET, description=DESCRIPTION)


@input_type
class UpdateWebhookInput:
    """An omitted field stays unchanged. Only `description` can be null."""

    webhook_id: strawberry.ID = strawberry.field(description=WEBHOOK_ID)
    url: str | None = strawberry.field(default=strawberry.UNSET, description=URL)
    event_kinds: list[EventKind] | None = strawberry.field(
        default=strawberry.UNSET, description=KINDS
    )
    description: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"{DESCRIPTION} Null clears it."
    )
    status: WebhookStatus | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "PAUSED stops sending. ACTIVE sends what is pending at once, with a new schedule of "
            "retries. FAILING is INVALID."
        ),
    )
    rotate_secret: bool = strawberry.field(
        default=False,
        description=(
            "Whether to make a new secret. For one day each message has two signatures, by the "
            "new and by the former secret. Default: false."
        ),
    )
    expected_version: int | None = strawberry.field(
        default=strawberry.UNSET, description=EXPECTED_VERSION
    )


@payload_type
class WebhookPayload:
    """The webhook after the change, or errors."""

    webhook: WebhookType | None = strawberry.field(
        default=None, description="The webhook after the change. Null if there are errors."
    )
    secret: str | None = strawberry.field(
        default=None,
        description=(
            "The secret that signs, `whsec_…`, shown once, when it is made or rotated. Null "
            "otherwise."
        ),
    )
    errors: list[UserErrorType]


@payload_type
class WebhookDeliveryPayload:
    """The delivery after the change, or errors. The attempt follows within about a second."""

    delivery: WebhookDeliveryType | None = strawberry.field(
        default=None, description="The delivery after the change. Null if there are errors."
    )
    errors: list[UserErrorType]


@payload_type
class TestWebhookPayload:
    """What the endpoint answered, or errors."""

    response_status: int | None = strawberry.field(
        default=None,
        description="The HTTP status, for example 204. Null if there was no answer.",
    )
    error: str | None = strawberry.field(
        default=None,
        description=(
            "What went wrong, at most 500 characters. Null if the endpoint has accepted the "
            "message."
        ),
    )
    errors: list[UserErrorType]


@strawberry.type
class WebhookMutations:
    """Mutations that require role ADMIN."""

    @mutation(Role.ADMIN, errors="INVALID NOT_ALLOWED OUT_OF_RANGE REQUIRED")
    async def create_webhook(self, info: Info, input: CreateWebhookInput) -> WebhookPayload | None:
        """Create a webhook, at most 100. It is sent the events that are committed from now on."""
        runtime = info.context.runtime
        position = 0
        # Positions are assigned under a lock, which a dry run would hold until its end.
        if not runtime.is_dry_run:
            async with runtime.database.connection() as connection:
                position = await newest_position(connection)

        async def operation(unit: Unit) -> PayloadFields:
            check_size("event_kinds", input.event_kinds)
            webhook, secret = await actions.create_webhook(
                unit, runtime, position=position, **provided_fields(input)
            )
            return {"webhook": reference_to(webhook), "secret": secret}

        return await run_mutation(info, WebhookPayload, operation, input)

    @mutation(Role.ADMIN, errors="CONFLICT INVALID NOT_FOUND OUT_OF_RANGE REQUIRED")
    async def update_webhook(self, info: Info, input: UpdateWebhookInput) -> WebhookPayload | None:
        """Update a webhook, pause or resume it, or rotate its secret."""
        runtime = info.context.runtime

        async def operation(unit: Unit) -> PayloadFields:
            check_size("event_kinds", input.event_kinds)
            webhook, secret = await actions.update_webhook(
                unit,
                runtime,
                key_of(input.webhook_id, "Webhook"),
                **provided_fields(input, "webhook_id"),
            )
            return {"webhook": reference_to(webhook), "secret": secret}

        return await run_mutation(info, WebhookPayload, operation, input)

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND")
    async def delete_webhook(
        self,
        info: Info,
        webhook_id: Annotated[strawberry.ID, strawberry.argument(description=WEBHOOK_ID)],
    ) -> WebhookPayload | None:
        """Delete a webhook. Nothing is sent to it any more, and it is in no list."""

        async def operation(unit: Unit) -> PayloadFields:
            webhook = await actions.delete_webhook(unit, key_of(webhook_id, "Webhook"))
            return {"webhook": reference_to(webhook)}

        return await run_mutation(
            info, WebhookPayload, operation, {"webhook_id": webhook_id}, path_prefix=()
        )

    @mutation(Role.ADMIN, errors="INVALID NOT_ALLOWED NOT_FOUND")
    async def redeliver_webhook(
        self,
        info: Info,
        delivery_id: Annotated[strawberry.ID, strawberry.argument(description=DELIVERY_ID)],
    ) -> WebhookDeliveryPayload | None:
        """Send the event of a delivery again under the same message id, or a pending one at once.

        If an earlier event of the same account is pending, that one is sent first. NOT_ALLOWED: the
        webhook is not ACTIVE.
        """

        async def operation(unit: Unit) -> PayloadFields:
            key = key_of(delivery_id, "WebhookDelivery")
            return {"delivery": reference_to(await redeliver(unit, key, now=real_now()))}

        return await run_mutation(
            info, WebhookDeliveryPayload, operation, {"delivery_id": delivery_id}, path_prefix=()
        )

    @mutation(Role.ADMIN, errors="INVALID NOT_FOUND")
    async def test_webhook(
        self,
        info: Info,
        webhook_id: Annotated[strawberry.ID, strawberry.argument(description=WEBHOOK_ID)],
    ) -> TestWebhookPayload | None:
        """Send a signed message of type `test` now, and wait up to 15 seconds for the answer.

        The status of the webhook does not matter. An endpoint that refuses the message is no error
        of the request: see `error`.
        """
        context = info.context

        async def operation(unit: Unit) -> PayloadFields:
            unit.require(Role.ADMIN)
            key = key_of(webhook_id, "Webhook")
            await existing_webhook(unit.session, key)
            return {"webhook_id": key}

        async def send(fields: PayloadFields) -> PayloadFields:
            answer = await send_test_message(context.runtime, cast(int, fields["webhook_id"]))
            return {"response_status": answer.status, "error": answer.error}

        return await run_mutation(
            info,
            TestWebhookPayload,
            operation,
            {"webhook_id": webhook_id},
            path_prefix=(),
            after_commit=send,
        )
