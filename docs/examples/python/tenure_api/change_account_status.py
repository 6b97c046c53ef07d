from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DeferredActionStatus
from .fragments import AccountStatus, Problem


class ChangeAccountStatus(BaseModel):
    change_account_status: Optional["ChangeAccountStatusChangeAccountStatus"] = Field(
        alias="changeAccountStatus"
    )


class ChangeAccountStatusChangeAccountStatus(BaseModel):
    account: Optional["ChangeAccountStatusChangeAccountStatusAccount"]
    deferred_action: Optional[
        "ChangeAccountStatusChangeAccountStatusDeferredAction"
    ] = Field(alias="deferredAction")
    errors: list["ChangeAccountStatusChangeAccountStatusErrors"]


ChangeAccountStatusChangeAccountStatusAccount = AccountStatus


class ChangeAccountStatusChangeAccountStatusDeferredAction(BaseModel):
    id: str
    summary: str
    scheduled_for: datetime = Field(alias="scheduledFor")
    status: DeferredActionStatus


ChangeAccountStatusChangeAccountStatusErrors = Problem
ChangeAccountStatus.model_rebuild()
ChangeAccountStatusChangeAccountStatus.model_rebuild()
