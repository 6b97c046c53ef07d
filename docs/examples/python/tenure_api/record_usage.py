from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import Problem


class RecordUsage(BaseModel):
    record_usage: Optional["RecordUsageRecordUsage"] = Field(alias="recordUsage")


class RecordUsageRecordUsage(BaseModel):
    events: list[Optional["RecordUsageRecordUsageEvents"]]
    errors: list["RecordUsageRecordUsageErrors"]


class RecordUsageRecordUsageEvents(BaseModel):
    id: str


RecordUsageRecordUsageErrors = Problem
RecordUsage.model_rebuild()
RecordUsageRecordUsage.model_rebuild()
