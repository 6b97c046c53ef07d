from .base_model import BaseModel
from .fragments import AccountStatus


class FindAccounts(BaseModel):
    accounts: "FindAccountsAccounts"


class FindAccountsAccounts(BaseModel):
    nodes: list["FindAccountsAccountsNodes"]


FindAccountsAccountsNodes = AccountStatus
FindAccounts.model_rebuild()
FindAccountsAccounts.model_rebuild()
