"""When an event is sent again, what is sent, and how it is signed (Standard Webhooks)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import orjson
from standardwebhooks import Webhook as Signer

from tenure.events.models import Event
from tenure.holds.models import Cause
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import decimal_text
from tenure.webhooks.deliveries.models import Webhook, WebhookDelivery, WebhookStatus

# The pauses before the second and each further attempt.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# A webhook whose attempts have all failed for so long is FAILING.
FAILING_AFTER = timedelta(days=3)
# The longest pause that an endpoint can ask for by `Retry-After`.
LONGEST_RETRY_AFTER = timedelta(hours=1)
# An attempt takes at most 15 seconds. Afterwards its worker is taken for dead.
LEASE = timedelta(seconds=60)
# The attempts to one endpoint at the same time, in all workers.
MAX_IN_FLIGHT = 10
# Deliveries are deleted after this time, whatever their status.
RETENTION = timedelta(days=30)
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The encrypted secrets of a webhook that sign now: the current one, and one in rotation."""

    current: str
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery to attempt. `attempt` identifies the attempt among those of the delivery."""

    delivery_id: int
    attempt: int
    url: str
    secrets: Secrets
    message_id: str
    body: str


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """The result of an attempt: accepted unless there is an error.

    `response_status` is None if there was no answer. `retry_at` is the time before which the
    endpoint wants no further message. `was_stopped`: the worker stopped before the answer, so that
    it does not count as a failure.
    """

    delivery_id: int
    attempt: int
    response_status: int | None = None
    error: str | None = None
    retry_at: datetime | None = None
    was_stopped: bool = False

    @property
    def is_gone(self) -> bool:
        """True if the endpoint wants no messages any more."""
        return self.response_status == HTTPStatus.GONE


def next_attempt_at(failures: int, now: datetime) -> datetime | None:
    """When to try again after this number of failed attempts; None after the last one."""
    return now + PAUSES[failures - 1] if failures <= len(PAUSES) else None


def retry_at_of(header: str | None, now: datetime) -> datetime | None:
    """The time of a `Retry-After` header: seconds or a date (RFC 9110, 10.2.3).

    At most an hour from now. None if the header is missing, malformed, or names a past time.
    """
    text = (header or "").strip()
    try:
        if text.isascii() and text.isdecimal():
            pause = timedelta(seconds=min(int(text[:10]), LONGEST_RETRY_AFTER.total_seconds()))
        else:
            at = parsedate_to_datetime(text)
            pause = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return now + min(pause, LONGEST_RETRY_AFTER) if pause > timedelta() else None


def has_failed_for_long(failing_since: datetime, now: datetime) -> bool:
    """True if the webhook becomes FAILING."""
    return now - failing_since >= FAILING_AFTER


def secrets_at(webhook: Webhook, now: datetime) -> Secrets:
    """The secrets that sign at this time."""
    ends_at = webhook.previous_secret_ends_at
    is_rotating = ends_at is not None and now < ends_at
    return Secrets(webhook.secret, webhook.previous_secret if is_rotating else None)


def check_may_redeliver(webhook: Webhook) -> None:
    """Raises NOT_ALLOWED unless the webhook is ACTIVE."""
    if webhook.status is not WebhookStatus.ACTIVE:
        raise TenureError(
            ErrorCode.NOT_ALLOWED,
            f"The webhook is {webhook.status}: set its status to ACTIVE first.",
            ("delivery_id",),
        )


def message_id_of(delivery: WebhookDelivery) -> str:
    """The id of the message, which is the same for each attempt."""
    return f"msg_{delivery.webhook_id}_{delivery.event_id}"


def signed_headers(
    secrets: Sequence[str], message_id: str, body: str, now: datetime
) -> dict[str, str]:
    """The headers of a message: one signature by each of these decrypted secrets."""
    signatures = [Signer(secret).sign(message_id, now, body) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def message_of(kind: str, at: datetime, data: dict[str, object]) -> str:
    """The body of a message."""
    return orjson.dumps({"type": kind, "timestamp": _instant(at), "data": data}).decode()


@dataclass(frozen=True, slots=True)
class EventSubject:
    """The account of an event, and its service and offer by name, as they are now."""

    account_number: str
    account_name: str
    service_kind: str | None = None
    service_login: str | None = None
    offer_name: str | None = None


def event_message(event: Event, subject: EventSubject) -> str:
    """The body for an event. Names and forms of the fields are those of the GraphQL type Event."""
    cause = None if event.cause is None else Cause(event.cause).name
    data: dict[str, object] = {
        "id": _global_id("Event", event.id),
        "kind": event.kind.value,
        "account": {
            "id": _global_id("Account", event.account_id),
            "number": subject.account_number,
            "name": subject.account_name,
        },
        "service": event.service_id
        and {
            "id": _global_id("Service", event.service_id),
            "kind": subject.service_kind,
            "login": subject.service_login,
        },
        "offer": event.offer_id
        and {"id": _global_id("PurchasedOffer", event.offer_id), "name": subject.offer_name},
        "item": event.item_id and {"id": _global_id("BillItem", event.item_id)},
        "occurredAt": _instant(event.occurred_at),
        "recordedAt": _instant(event.recorded_at),
        "description": event.description,
        "quantity": None if event.quantity is None else decimal_text(event.quantity),
        "unit": event.unit,
        "rate": None if event.rate is None else decimal_text(event.rate),
        "amount": None
        if event.amount is None
        else {"amount": decimal_text(event.amount), "currency": event.currency},
        "followed": event.followed_id and {"id": _global_id("Event", event.followed_id)},
        "fromStatus": event.from_status,
        "toStatus": event.to_status,
        "cause": cause,
        "reason": event.reason,
        "actor": event.actor,
        "details": event.details,
    }
    return message_of(event.kind.value.lower(), event.occurred_at, data)


def _global_id(kind: str, key: int) -> str:
    """The global id of the API, which a test compares."""
    return b64encode(f"{kind}:{key}".encode()).decode()


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
