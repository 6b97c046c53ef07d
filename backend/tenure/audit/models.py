"""The table of the audit log. The database rejects updates and deletes of its rows (rules 10)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import Base

LONGEST_SUMMARY = 1000


class AuditAction(StrEnum):
    """What was done."""

    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    SIGNED_OUT = "SIGNED_OUT"
    USER_CREATED = "USER_CREATED"
    USER_CHANGED = "USER_CHANGED"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    TOKEN_CREATED = "TOKEN_CREATED"
    TOKEN_REVOKED = "TOKEN_REVOKED"
    SETTINGS_CHANGED = "SETTINGS_CHANGED"
    CLOCK_SET = "CLOCK_SET"
    OFFER_CREATED = "OFFER_CREATED"
    JOB_STARTED = "JOB_STARTED"
    JOB_CANCELLED = "JOB_CANCELLED"
    WEBHOOK_CHANGED = "WEBHOOK_CHANGED"
    REASON_CHANGED = "REASON_CHANGED"


class AuditOperation(StrEnum):
    """What was done, for an action that has several sentences."""

    PASSWORD_SET = "PASSWORD_SET"
    OWN_PASSWORD_CHANGED = "OWN_PASSWORD_CHANGED"
    SESSIONS_ENDED_BY_PROVIDER = "SESSIONS_ENDED_BY_PROVIDER"
    USER_LINKED = "USER_LINKED"
    USER_UNLINKED = "USER_UNLINKED"
    STATUS_CHANGE_STARTED = "STATUS_CHANGE_STARTED"
    IMPORT_CHECK_STARTED = "IMPORT_CHECK_STARTED"
    IMPORT_STARTED = "IMPORT_STARTED"
    WEBHOOK_CREATED = "WEBHOOK_CREATED"
    WEBHOOK_SECRET_ROTATED = "WEBHOOK_SECRET_ROTATED"
    WEBHOOK_CHANGED_AND_SECRET_ROTATED = "WEBHOOK_CHANGED_AND_SECRET_ROTATED"
    WEBHOOK_GONE = "WEBHOOK_GONE"
    WEBHOOK_FAILING = "WEBHOOK_FAILING"
    WEBHOOK_DELETED = "WEBHOOK_DELETED"
    DELIVERY_REQUESTED = "DELIVERY_REQUESTED"
    REASON_CREATED = "REASON_CREATED"


class AuditEntry(Base):
    """Who did what, in real time. `details` maps each changed field to its values before and after.

    `actor_key` is the name of the actor as it is compared. `summary_values` has the values of the
    summary that are not in the details, and an `AuditOperation` where the action does not tell.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at_id", "at", "id"),
        Index("ix_audit_entry_actor_key_at_id", "actor_key", "at", "id"),
        Index("ix_audit_entry_action_at_id", "action", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(255))
    # Casefolding can make a name three times as long.
    actor_key: Mapped[str] = mapped_column(String(765))
    action: Mapped[AuditAction]
    summary: Mapped[str] = mapped_column(String(LONGEST_SUMMARY))
    details: Mapped[dict[str, Any] | None]
    summary_values: Mapped[dict[str, Any] | None]
