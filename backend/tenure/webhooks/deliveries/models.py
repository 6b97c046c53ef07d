"""Tables of webhooks and of the deliveries of events to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Dialect, Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from tenure.events.models import EventKind
from tenure.kernel.db import UPDATED_IN_PLACE, Base

LONGEST_URL = 2000
LONGEST_DESCRIPTION = 255
LONGEST_ERROR = 500

IS_PENDING = text("status = 'PENDING'")
IS_SCHEDULED = text("next_attempt_at IS NOT NULL")
IS_CLAIMED = text("claimed_until IS NOT NULL")


class WebhookStatus(StrEnum):
    """Only an ACTIVE webhook is sent to."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    FAILING = "FAILING"


class WebhookDeliveryStatus(StrEnum):
    """PENDING until the endpoint has accepted the event, or the last attempt has failed."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class EventKinds(TypeDecorator[list[EventKind]]):
    """A list of kinds of event, as a JSON array of their names."""

    impl = JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    def process_bind_param(
        self, value: list[EventKind] | None, dialect: Dialect
    ) -> list[str] | None:
        """The names."""
        return None if value is None else [kind.value for kind in value]

    def process_result_value(
        self, value: list[str] | None, dialect: Dialect
    ) -> list[EventKind] | None:
        """The kinds."""
        return None if value is None else [EventKind(name) for name in value]


class Webhook(Base):
    """An endpoint that is sent the events of some kinds; of all kinds if the list is empty.

    Events up to (`position`, `event_id`), in the order of their commits, have their deliveries. The
    row is locked while deliveries are recorded, claimed or settled. `failing_since` is the first
    failed attempt after the last successful one. Before `retry_at`, which the endpoint has asked
    for, nothing is sent. Secrets are encrypted (`kernel.encryption`); the
    previous one signs too until `previous_secret_ends_at`. A deleted webhook is in no list.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    event_kinds: Mapped[list[EventKind]] = mapped_column(EventKinds)
    description: Mapped[str | None] = mapped_column(String(LONGEST_DESCRIPTION))
    status: Mapped[WebhookStatus] = mapped_column(default=WebhookStatus.ACTIVE)
    secret: Mapped[str] = mapped_column(String(512))
    previous_secret: Mapped[str | None] = mapped_column(String(512))
    previous_secret_ends_at: Mapped[datetime | None]
    position: Mapped[int]
    event_id: Mapped[int]
    failing_since: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    # Attempts by result since the creation, for the metrics.
    succeeded_attempts: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = UPDATED_IN_PLACE


class WebhookDelivery(Base):
    """The delivery of one event to one webhook.

    Deliveries of one account follow each other: only the earliest pending one has a
    `next_attempt_at`. An attempt has claimed it until `claimed_until`; `attempts` identifies the
    attempt. `failures` is the number of failed attempts since the schedule of retries began.
    There are no foreign keys: each would cost a lookup per row.
    """

    __tablename__ = "webhook_delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int]
    event_id: Mapped[int]
    account_id: Mapped[int]
    status: Mapped[WebhookDeliveryStatus] = mapped_column(default=WebhookDeliveryStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime]
    last_attempt_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    response_status: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(String(LONGEST_ERROR))

    __table_args__ = (
        Index("uq_webhook_delivery_webhook_id_event_id", "webhook_id", "event_id", unique=True),
        # Lists of the API, by status too.
        Index("ix_webhook_delivery_webhook_id_id", "webhook_id", "id"),
        Index("ix_webhook_delivery_webhook_id_status_id", "webhook_id", "status", "id"),
        Index("ix_webhook_delivery_created_at", "created_at"),
        Index(
            "ix_webhook_delivery_pending",
            "webhook_id",
            "account_id",
            "id",
            postgresql_where=IS_PENDING,
            sqlite_where=IS_PENDING,
        ),
        Index(
            "ix_webhook_delivery_scheduled",
            "webhook_id",
            "next_attempt_at",
            postgresql_where=IS_SCHEDULED,
            sqlite_where=IS_SCHEDULED,
        ),
        Index(
            "ix_webhook_delivery_claimed",
            "webhook_id",
            postgresql_where=IS_CLAIMED,
            sqlite_where=IS_CLAIMED,
        ),
        UPDATED_IN_PLACE,
    )
