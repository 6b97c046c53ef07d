"""The table of events: append only, no row is ever changed or deleted (rules 2.14)."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import FetchedValue, Index, Sequence, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import Status
from tenure.kernel.db import Base
from tenure.kernel.money import Millionths

OF_ITEM = text("item_id IS NOT NULL")
OF_SERVICE = text("service_id IS NOT NULL")
OF_CYCLE = text("period_end IS NOT NULL")
OF_STATUS = text("offer_id IS NOT NULL AND from_status IS NOT NULL")
OF_ACCOUNT_STATUS = text("from_status IS NOT NULL AND service_id IS NULL AND offer_id IS NULL")
IS_PENDING = text("position IS NULL")


class EventKind(StrEnum):
    """The kinds of event."""

    PURCHASE_FEE = "PURCHASE_FEE"
    CYCLE_FEE = "CYCLE_FEE"
    USAGE = "USAGE"
    CANCEL_FEE = "CANCEL_FEE"
    DISCOUNT = "DISCOUNT"
    ADJUSTMENT = "ADJUSTMENT"
    PAYMENT = "PAYMENT"
    TRANSFER = "TRANSFER"
    DISPUTE = "DISPUTE"
    STATUS_CHANGE = "STATUS_CHANGE"
    HIERARCHY_CHANGE = "HIERARCHY_CHANGE"
    DEFERRED_ACTION = "DEFERRED_ACTION"
    ACCOUNT_CHANGE = "ACCOUNT_CHANGE"


class EventOperation(StrEnum):
    """What an event tells, as `operation` in its details.

    Events of other kinds, and those of services, offers and fields of an account, have none: their
    columns, or `changed`, tell it.
    """

    ACCOUNT_CREATED = "ACCOUNT_CREATED"
    ACCOUNT_IMPORTED = "ACCOUNT_IMPORTED"
    BILL_UNIT_ADDED = "BILL_UNIT_ADDED"
    PAYER_CHANGED = "PAYER_CHANGED"
    PAYMENT_METHOD_ADDED = "PAYMENT_METHOD_ADDED"
    DEFAULT_PAYMENT_METHOD_CHANGED = "DEFAULT_PAYMENT_METHOD_CHANGED"
    CARD_EXPIRATION_CHANGED = "CARD_EXPIRATION_CHANGED"
    CONTACT_ADDED = "CONTACT_ADDED"
    CONTACT_CHANGED = "CONTACT_CHANGED"
    CONTACT_REMOVED = "CONTACT_REMOVED"
    NOTE_ADDED = "NOTE_ADDED"
    NOTE_CHANGED = "NOTE_CHANGED"
    NOTE_PINNED = "NOTE_PINNED"
    NOTE_UNPINNED = "NOTE_UNPINNED"
    NOTE_DELETED = "NOTE_DELETED"
    ACCOUNT_MOVED = "ACCOUNT_MOVED"
    ACCOUNT_MOVED_UP = "ACCOUNT_MOVED_UP"
    ACTION_SCHEDULED = "ACTION_SCHEDULED"
    ACTION_RESCHEDULED = "ACTION_RESCHEDULED"
    ACTION_RUN_MANUALLY = "ACTION_RUN_MANUALLY"
    ACTION_CANCELLED = "ACTION_CANCELLED"
    ACTION_CANCELLED_WITH_INACTIVATION = "ACTION_CANCELLED_WITH_INACTIVATION"
    ACTION_DONE = "ACTION_DONE"
    ACTION_FAILED = "ACTION_FAILED"
    ACTION_NOT_APPLICABLE = "ACTION_NOT_APPLICABLE"
    PAYMENT_RECEIVED = "PAYMENT_RECEIVED"
    PAYMENT_COLLECTED = "PAYMENT_COLLECTED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    DISPUTE_OPENED = "DISPUTE_OPENED"
    DISPUTE_GRANTED = "DISPUTE_GRANTED"
    DISPUTE_PARTLY_GRANTED = "DISPUTE_PARTLY_GRANTED"
    DISPUTE_DENIED = "DISPUTE_DENIED"


class Event(Base):
    """An event of an account. Its subject is its offer, else its service, else the account.

    A status change stores the resulting holds. All events of one change have its `change_id`: the
    next event id when the change began, so they are found by the primary key. An event's amount
    counts for its account, that of a charge also for its item. `period_start` and `period_end`
    delimit the part of a cycle that a monthly fee, or a discount on it, is for.
    There are no foreign keys: nothing that an event references is ever deleted, and each would cost
    a lookup per row.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(Sequence("event_id_seq"), primary_key=True)
    change_id: Mapped[int | None]
    kind: Mapped[EventKind]
    account_id: Mapped[int]
    service_id: Mapped[int | None]
    offer_id: Mapped[int | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    description: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal | None] = mapped_column(Millionths)
    unit: Mapped[str | None] = mapped_column(String(32))
    rate: Mapped[Decimal | None] = mapped_column(Millionths)
    amount: Mapped[Decimal | None] = mapped_column(Millionths)
    currency: Mapped[str | None] = mapped_column(String(3))
    item_id: Mapped[int | None]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    followed_id: Mapped[int | None]
    from_status: Mapped[Status | None]
    to_status: Mapped[Status | None]
    inactive_holds: Mapped[int | None] = mapped_column(SmallInteger)
    closed_holds: Mapped[int | None] = mapped_column(SmallInteger)
    cause: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str | None] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(255))
    details: Mapped[dict[str, Any] | None]
    # The transaction that wrote it (PostgreSQL, see EventCommit): the database fills it in.
    transaction_id: Mapped[int | None] = mapped_column(deferred=True, server_default=FetchedValue())

    __table_args__ = (
        Index("ix_event_account_id_occurred_at_id", "account_id", "occurred_at", "id"),
        Index(
            "ix_event_item",
            "item_id",
            "occurred_at",
            "id",
            postgresql_where=OF_ITEM,
            sqlite_where=OF_ITEM,
        ),
        Index("ix_event_occurred_at_id", "occurred_at", "id"),
        Index(
            "ix_event_service_id_occurred_at_id",
            "service_id",
            "occurred_at",
            "id",
            postgresql_where=OF_SERVICE,
            sqlite_where=OF_SERVICE,
        ),
        # Charges are derived from the status history of an offer and the cycles charged so far.
        Index(
            "ix_event_status",
            "offer_id",
            "occurred_at",
            postgresql_where=OF_STATUS,
            sqlite_where=OF_STATUS,
        ),
        # The number of accounts by status at an earlier time.
        Index(
            "ix_event_account_status",
            "occurred_at",
            postgresql_where=OF_ACCOUNT_STATUS,
            sqlite_where=OF_ACCOUNT_STATUS,
        ),
        Index(
            "ix_event_period",
            "offer_id",
            "period_end",
            postgresql_where=OF_CYCLE,
            sqlite_where=OF_CYCLE,
        ),
    )


class EventCommit(Base):
    """The transactions that wrote events, in the order of their commits (PostgreSQL).

    A trigger adds a row with a transaction's first events and extends it with further ones: its
    events are those from `first_event_id` to `last_event_id` that bear its `transaction_id`.
    `position` is assigned after the commit, so that a later commit always has a greater one
    (docs/decisions/8-the-feed-follows-commits.md). `written` orders those that get theirs
    together. On SQLite the table is empty: there is one writer, and the ids of events follow
    commits.
    """

    __tablename__ = "event_commit"

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int]
    first_event_id: Mapped[int]
    last_event_id: Mapped[int]
    written: Mapped[int] = mapped_column(server_default=FetchedValue())
    position: Mapped[int | None]

    __table_args__ = (
        Index("ix_event_commit_position", "position", unique=True),
        Index("ix_event_commit_transaction_id", "transaction_id"),
        Index(
            "ix_event_commit_pending",
            "transaction_id",
            unique=True,
            postgresql_where=IS_PENDING,
            sqlite_where=IS_PENDING,
        ),
    )
