from typing import Any

from .base_client import BaseClient
from .change_account_status import ChangeAccountStatus
from .find_accounts import FindAccounts
from .input_types import ChangeAccountStatusInput, RecordUsageInput
from .record_usage import RecordUsage
from .viewer import Viewer


def gql(q: str) -> str:
    return q


class TenureApi(BaseClient):
    def viewer(self, **kwargs: Any) -> Viewer:
        query = gql("""
            query Viewer {
              viewer {
                name
                role
              }
            }
            """)
        variables: dict[str, object] = {}
        response = self.execute(
            query=query, operation_name="Viewer", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return Viewer.model_validate(data)

    def find_accounts(self, search: str, **kwargs: Any) -> FindAccounts:
        query = gql("""
            query FindAccounts($search: String!) {
              accounts(filter: {search: $search}, first: 10) {
                nodes {
                  ...AccountStatus
                }
              }
            }

            fragment AccountStatus on Account {
              id
              number
              name
              status
              version
            }
            """)
        variables: dict[str, object] = {"search": search}
        response = self.execute(
            query=query, operation_name="FindAccounts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return FindAccounts.model_validate(data)

    def change_account_status(
        self, input: ChangeAccountStatusInput, **kwargs: Any
    ) -> ChangeAccountStatus:
        query = gql("""
            mutation ChangeAccountStatus($input: ChangeAccountStatusInput!) {
              changeAccountStatus(input: $input) {
                account {
                  ...AccountStatus
                }
                deferredAction {
                  id
                  summary
                  scheduledFor
                  status
                }
                errors {
                  ...Problem
                }
              }
            }

            fragment AccountStatus on Account {
              id
              number
              name
              status
              version
            }

            fragment Problem on UserError {
              code
              message
              path
            }
            """)
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=query,
            operation_name="ChangeAccountStatus",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return ChangeAccountStatus.model_validate(data)

    def record_usage(
        self, records: list[RecordUsageInput], **kwargs: Any
    ) -> RecordUsage:
        query = gql("""
            mutation RecordUsage($records: [RecordUsageInput!]!) {
              recordUsage(input: $records) {
                events {
                  id
                }
                errors {
                  ...Problem
                }
              }
            }

            fragment Problem on UserError {
              code
              message
              path
            }
            """)
        variables: dict[str, object] = {"records": records}
        response = self.execute(
            query=query, operation_name="RecordUsage", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RecordUsage.model_validate(data)
