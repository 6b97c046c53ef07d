"""The GraphQL types of webhooks and their deliveries."""

from datetime import datetime

from tenure.events.models import Event, EventKind
from tenure.graphql.reads.declarations import column, connection, to_one
from tenure.graphql.reads.fields import mapped
from tenure.graphql.reads.filters import one_of
from tenure.graphql.reads.mapping import Filters
from tenure.graphql.types.connections import ConnectionType
from tenure.graphql.types.nodes import NodeType
from tenure.graphql.types.references import EventRef, WebhookDeliveryRef, WebhookRef
from tenure.kernel.actor import Role
from tenure.kernel.pages import Order
from tenure.webhooks.deliveries import models
from tenure.webhooks.deliveries.models import WebhookDeliveryStatus, WebhookStatus

WEBHOOK_ORDER = Order((models.Webhook.id,), descending=True)
DELIVERY_ORDER = Order((models.WebhookDelivery.id,), descending=True)


def webhook_filters() -> Filters:
    """The filters of the list of webhooks."""
    return {"status": one_of(models.Webhook.status)}


@mapped(
    models.Webhook,
    "An endpoint of a partner system that is sent events, signed by the Standard Webhooks "
    "specification. Only an ADMIN can read it.",
    role=Role.ADMIN,
)
class WebhookType(NodeType):
    """The secrets are not exposed."""

    url: str = column(
        models.Webhook.url, "Where events are sent to, by POST. For example `https://example.com/`."
    )
    event_kinds: list[EventKind] = column(
        models.Webhook.event_kinds, "The kinds of event that are sent. Empty: every kind."
    )
    description: str | None = column(
        models.Webhook.description, "A note for admins, for example what the endpoint is used for."
    )
    status: WebhookStatus = column(
        models.Webhook.status,
        "Whether events are sent. Those that happen while it is not ACTIVE are sent afterwards, "
        "unless they are older than 30 days by then.",
    )
    failing_since: datetime | None = column(
        models.Webhook.failing_since,
        "The first failed attempt after the last successful one, in real time. Null while the "
        "last attempt has succeeded, or none was made.",
    )
    retry_at: datetime | None = column(
        models.Webhook.retry_at,
        "The endpoint has asked by `Retry-After` for no message before this time, at most an hour "
        "later. Null if it has not.",
    )
    created_by: str = column(
        models.Webhook.created_by, "The name of the user or API client that created it."
    )
    created_at: datetime = column(models.Webhook.created_at, "When it was created, in real time.")
    deleted_at: datetime | None = column(
        models.Webhook.deleted_at,
        "When it was deleted, in real time. A deleted webhook is in no list, and is removed with "
        "its deliveries after 30 days. Null for any other one.",
    )
    version: int = column(
        models.Webhook.version,
        "Grows by 1 with each change. Pass it as `expectedVersion` to detect changes of others.",
    )
    deliveries: ConnectionType[WebhookDeliveryRef] = connection(
        models.WebhookDelivery,
        "The deliveries of the last 30 days, newest first.",
        by=models.WebhookDelivery.webhook_id,
        order=DELIVERY_ORDER,
        filters={"status": one_of(models.WebhookDelivery.status)},
    )


@mapped(
    models.WebhookDelivery,
    "The delivery of one event to one webhook. The events of one account are delivered one after "
    "another, in order. A delivery is recorded about a second after its event. Only an ADMIN can "
    "read it.",
    role=Role.ADMIN,
)
class WebhookDeliveryType(NodeType):
    """The number of failures of the current schedule is not exposed."""

    webhook: WebhookRef = to_one(
        models.Webhook,
        "The webhook that the event is sent to.",
        by=models.WebhookDelivery.webhook_id,
    )
    event: EventRef = to_one(Event, "The event that is sent.", by=models.WebhookDelivery.event_id)
    status: WebhookDeliveryStatus = column(
        models.WebhookDelivery.status, "PENDING until the event was accepted or given up."
    )
    attempts: int = column(
        models.WebhookDelivery.attempts, "The number of attempts that were begun. 0 at first."
    )
    created_at: datetime = column(
        models.WebhookDelivery.created_at, "When the delivery was recorded, in real time."
    )
    last_attempt_at: datetime | None = column(
        models.WebhookDelivery.last_attempt_at,
        "When the last attempt began, in real time. Null before the first one.",
    )
    next_attempt_at: datetime | None = column(
        models.WebhookDelivery.next_attempt_at,
        "When the next attempt may begin, in real time. Null while an earlier event of the same "
        "account is pending, and if the delivery is not PENDING.",
    )
    response_status: int | None = column(
        models.WebhookDelivery.response_status,
        "The HTTP status of the last attempt, for example 503. Null where there was no answer.",
    )
    error: str | None = column(
        models.WebhookDelivery.error,
        "What went wrong at the last attempt, at most 500 characters. Null if nothing did.",
    )
