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


class AuditEntry(Base):
    """Who did what, in real time. `details` maps each changed field to its values before and after.

    `actor_key` is the name of the actor as it is compared.
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
