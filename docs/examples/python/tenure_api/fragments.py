from .base_model import BaseModel
from .enums import Status, UserErrorCode


class AccountStatus(BaseModel):
    id: str
    number: str
    name: str
    status: Status
    version: int


class Problem(BaseModel):
    code: UserErrorCode
    message: str
    path: list[str]


AccountStatus.model_rebuild()
Problem.model_rebuild()
