from .base_client import BaseClient
from .base_model import BaseModel, Upload
from .change_account_status import (
    ChangeAccountStatus,
    ChangeAccountStatusChangeAccountStatus,
    ChangeAccountStatusChangeAccountStatusAccount,
    ChangeAccountStatusChangeAccountStatusDeferredAction,
    ChangeAccountStatusChangeAccountStatusErrors,
)
from .client import TenureApi
from .enums import DeferredActionStatus, Role, Status, UserErrorCode
from .exceptions import (
    GraphQLClientError,
    GraphQLClientGraphQLError,
    GraphQLClientGraphQLMultiError,
    GraphQLClientHttpError,
    GraphQLClientInvalidResponseError,
)
from .find_accounts import FindAccounts, FindAccountsAccounts, FindAccountsAccountsNodes
from .fragments import AccountStatus, Problem
from .input_types import ChangeAccountStatusInput, RecordUsageInput
from .record_usage import (
    RecordUsage,
    RecordUsageRecordUsage,
    RecordUsageRecordUsageErrors,
    RecordUsageRecordUsageEvents,
)
from .viewer import Viewer, ViewerViewer

__all__ = [
    "AccountStatus",
    "BaseClient",
    "BaseModel",
    "ChangeAccountStatus",
    "ChangeAccountStatusChangeAccountStatus",
    "ChangeAccountStatusChangeAccountStatusAccount",
    "ChangeAccountStatusChangeAccountStatusDeferredAction",
    "ChangeAccountStatusChangeAccountStatusErrors",
    "ChangeAccountStatusInput",
    "DeferredActionStatus",
    "FindAccounts",
    "FindAccountsAccounts",
    "FindAccountsAccountsNodes",
    "GraphQLClientError",
    "GraphQLClientGraphQLError",
    "GraphQLClientGraphQLMultiError",
    "GraphQLClientHttpError",
    "GraphQLClientInvalidResponseError",
    "Problem",
    "RecordUsage",
    "RecordUsageInput",
    "RecordUsageRecordUsage",
    "RecordUsageRecordUsageErrors",
    "RecordUsageRecordUsageEvents",
    "Role",
    "Status",
    "TenureApi",
    "Upload",
    "UserErrorCode",
    "Viewer",
    "ViewerViewer",
]
