from datetime import date, datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import Status


class ChangeAccountStatusInput(BaseModel):
    """A status change of an account."""

    account_id: str = Field(alias="accountId")
    "The global id of the account."
    status: Status
    "The new status. INACTIVE suspends, CLOSED ends, ACTIVE lifts the MANUAL and DEBT holds."
    reason: Optional[str] = None
    "Why, as shown in the events of the change. At most 2,000 characters."
    note: Optional[str] = None
    "An internal note. At most 2,000 characters, on several lines if needed."
    defer_until: Optional[datetime] = Field(alias="deferUntil", default=None)
    "A future time schedules the change for that time."
    backdate_to: Optional[date] = Field(alias="backdateTo", default=None)
    "A past date, not before the last bill of the account, on which the change takes effect."
    reactivate_on: Optional[datetime] = Field(alias="reactivateOn", default=None)
    "Only for INACTIVE: also schedules the reactivation for this time."
    cancel_conflicts: bool = Field(alias="cancelConflicts", default=False)
    "Also cancels the pending deferred actions that would no longer apply: those of `impact.conflictingDeferredActions`, and of a scheduled change only those after it. All of it is one change, which is made or refused as a whole."
    expected_version: Optional[int] = Field(alias="expectedVersion", default=None)
    "The `version` that was read. Another current version causes error CONFLICT."


class RecordUsageInput(BaseModel):
    """One measured use of a service."""

    service_kind: str = Field(alias="serviceKind")
    "The kind of the service, for example `telephony`."
    login: str
    "The login of the service. Case is ignored."
    quantity: Decimal
    "The used quantity, in `unit`."
    unit: str
    "The unit of usage of an offer, for example MB, SMS or minute."
    occurred_at: Optional[datetime] = Field(alias="occurredAt", default=None)
    "Default: now."
    description: Optional[str] = None
    "Display text, for example the called number. At most 2,000 characters."
    reference: str
    "Unique per service. A repeated record is not charged again; another record with the same reference fails with TAKEN."
